"""
Linear programs of netlib: ours beside raw GLOP and raw HiGHS.

`python -m benchmarks.quality.linear --time 30 --peers glop,highs`
"""

from collections.abc import Sequence

from benchmarks import report
from benchmarks.contenders import OURS, Attempt
from benchmarks.data import require
from benchmarks.evaluate import Verdict, linear_verdict
from benchmarks.quality import exact
from benchmarks.readers import known_values, mps_text


def instances() -> list[exact.Instance]:
    """Return the netlib instances, smallest file first."""
    folder = require("network", "netlib")
    known = known_values.netlib(folder / "optimal_values.tsv")
    found = []
    for path in sorted(folder.glob("*.mps.bz2"), key=lambda path: path.stat().st_size):
        name = path.name.removeprefix("netlib-").removesuffix(".mps.bz2")
        request = mps_text.read_request(path)
        program = mps_text.parse(request["mps"])

        def judge(who: str, attempt: Attempt, program: mps_text.Program = program) -> Verdict:
            return linear_verdict(program, attempt.answer["variables" if who == OURS else "values"])

        scripts = {"glop": "linear_glop", "highs": "linear_highs"}
        found.append(
            exact.Instance(name=name, kind="linear", request=request, known=known.get(name), judge=judge, scripts=scripts)
        )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    given = report.parser("Netlib linear programs.", peers="glop,highs", seconds=30).parse_args(arguments)
    return exact.run("quality.linear", instances(), given)


if __name__ == "__main__":
    raise SystemExit(main())
