"""
Minimum-cost flow (DIMACS) and facility location (OR-Library): ours beside NetworkX, OR-Tools and a plain formulation in HiGHS.

`python -m benchmarks.quality.network --time 30 --peers networkx,ortools,highs`
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks import report
from benchmarks.contenders import Attempt
from benchmarks.data import require
from benchmarks.evaluate import Verdict, facility_verdict, flow_verdict
from benchmarks.quality import exact
from benchmarks.readers import known_values, network_text


def instances() -> list[exact.Instance]:
    """Return the flow instances, then the facility instances, smallest file first."""
    flows = sorted(require("network", "mincostflow").glob("*.min"), key=lambda path: path.stat().st_size)
    values = known_values.or_library(require("network", "orlib_values.tsv"))
    facilities = sorted(require("network", "facility").glob("cap*.txt"), key=lambda path: (path.stat().st_size, path.name))
    return [
        *(
            _flow(path.stem, network_text.read_minimum_cost_flow(path), known_values.MINIMUM_COST_FLOW.get(path.stem))
            for path in flows
        ),
        *(_facility(path.stem, network_text.read_facility_location(path), values.get(path.stem)) for path in facilities),
    ]


def _flow(name: str, request: dict[str, Any], known: float | None) -> exact.Instance:
    scripts = {"networkx": "network_networkx", "ortools": "network_ortools"}
    judge = partial(_judge_flow, request)
    return exact.Instance(
        name=name, kind="network/minimum-cost-flow", request=request, known=known, judge=judge, scripts=scripts
    )


def _judge_flow(request: dict[str, Any], _: str, attempt: Attempt) -> Verdict:
    return flow_verdict(request, attempt.answer["flows"])


def _facility(name: str, request: dict[str, Any], known: float | None) -> exact.Instance:
    judge = partial(_judge_facility, request)
    scripts = {"highs": "facility_highs"}
    return exact.Instance(
        name=name, kind="network/facility-location", request=request, known=known, judge=judge, scripts=scripts
    )


def _judge_facility(request: dict[str, Any], _: str, attempt: Attempt) -> Verdict:
    return facility_verdict(request, attempt.answer["services"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    line = report.parser("Minimum-cost flow and facility location.", peers="networkx,ortools,highs", seconds=30)
    return exact.run("quality.network", instances(), line.parse_args(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
