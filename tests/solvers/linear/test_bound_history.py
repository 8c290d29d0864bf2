"""What is heard of a search while it runs."""

import pytest

from solvers.base import Silent
from solvers.linear.bound_history import BoundHistory

HIGHS_LOG = (
    "        Nodes      |    B&B Tree     |            Objective Bounds              |  Dynamic Constraints |       Work      ",
    "Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |   Cuts   InLp Confl. | LpIters     Time",
    "",
    " J       0       0         0   0.00%   inf             99                 Large        0      0      0         0     0.0s",
    " R       0       0         0   0.00%   2262.699769     2094               8.06%        0      0      0        17     0.0s",
    "         0       0         0   0.00%   2259.531293     2244               0.69%        6      0      0       422     0.1s",
    "     12.3k    1216      5678  45.67%   2250            2244               0.27%      638     14    106     1793k    12.3s",
    "  2244 (objective)",
)

SCIP_LOG = (
    " time | node  | left  |LP iter|LP it/n|mem/heur|vars |cons |rows |cuts |  dualbound   | primalbound  |  gap   | compl. ",
    "p 0.0s|     1 |     0 |     0 |     - |   locks|  60 |  25 |  25 |   0 | 3.272000e+03 | 1.345000e+03 | 143.27%| unknown",
    "  0.0s|     1 |     0 |    20 |     - |  2129k |  60 |  25 |  25 |   0 | 2.262700e+03 |      -       |    Inf | unknown",
)


class Listening(Silent):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[float | None, float | None]] = []

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Keep the report."""
        self.heard.append((objective, bound))


def test_the_table_of_highs_is_read() -> None:
    """Rows give bound and value; headings, blanks and reports are passed over."""
    history = BoundHistory(sign=-1.0, progress=Silent())
    history.read_highs(HIGHS_LOG)
    assert [(point.value, point.bound) for point in history.points] == [
        (99, None),
        (2094, 2262.699769),
        (2244, 2259.531293),
        (2244, 2250),
    ]


def test_the_table_of_scip_is_read() -> None:
    """The two columns before the gap are bound and value; a dash is no number."""
    history = BoundHistory(sign=-1.0, progress=Silent())
    history.read_scip(SCIP_LOG)
    assert [(point.value, point.bound) for point in history.points] == [(1345, 3272), (1345, 2262.7)]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_value_and_bound_only_ever_improve(sign: float) -> None:
    """Two engines may report in any order; what is no improvement is not told."""
    listening = Listening()
    history = BoundHistory(sign=sign, progress=listening)
    for value, bound in ((30, 10), (40, 5), (None, 12), (25, None), (25, 12), (float("inf") * sign, -1e20 * sign)):
        history.note(value=None if value is None else sign * value, bound=None if bound is None else sign * bound)
    assert listening.heard == [(sign * 30, sign * 10), (sign * 30, sign * 12), (sign * 25, sign * 12)]
    seconds = [point.seconds for point in history.points]
    assert seconds == sorted(seconds)
