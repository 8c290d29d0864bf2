"""The command line: `shadowprice serve` and `shadowprice solve FILE`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="An optimisation service that shows its working.")


@app.command()
def serve() -> None:
    """Serve HTTP; settings come from SHADOWPRICE_* environment variables."""
    from app.server import run_server

    run_server()


@app.command()
def solve(
    file: Annotated[str, typer.Argument(help="JSON file with a request or an example, or - for standard input.")],
    kind: Annotated[
        str | None, typer.Option(help="Endpoint without /v1/, for example routing; needed when the fields fit several.")
    ] = None,
    explain: Annotated[str | None, typer.Option(help="none, summary or full; wins over the file.")] = None,
) -> None:
    """
    Solve one request without a server and print the answer as JSON.

    Exit code 0: succeeded; 1: infeasible, unbounded or failed; 2: the request is not valid.
    """
    from app.offline import solve_offline

    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror or error}.", param_hint="FILE") from None
    text, code = solve_offline(kind, body, explain)
    sys.stdout.write(text + "\n")
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
