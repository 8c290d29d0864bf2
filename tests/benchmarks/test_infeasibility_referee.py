"""Generated conflicts judged by SciPy's HiGHS: ours are irreducible and repaired, and the referee sees what is not."""

import pytest

from benchmarks.infeasibility_referee import is_feasible, judge
from benchmarks.infeasible_models import Case, cases
from tests.solvers.linear.cases import run

SAMPLE = [case for case in cases(12) if case.name.endswith(("-0", "-1"))]


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.name)
def test_conflicts_are_irreducible_and_repairs_repair(case: Case) -> None:
    """The referee rebuilds every part from the request and the pointers of the answer."""
    assert is_feasible(case.request) is False
    found = run(case.request, explain="full", time_limit_s=20)
    assert found.certificate is not None
    assert found.certificate.verified
    verdict = judge(case.request, found.explanation.infeasibility.model_dump())
    assert verdict.reasons == []


def test_the_referee_sees_a_needless_member_and_a_repair_that_is_too_small() -> None:
    """A conflict with one more member is reducible, and half of a repair repairs nothing."""
    case = SAMPLE[0]
    found = run(case.request, explain="full").explanation.infeasibility.model_dump()
    pointers = {member["pointer"] for member in found["subset"]}
    other = next(f"/constraints/{at}/upper" for at, row in enumerate(case.request["constraints"])
                 if row["lower"] is None and f"/constraints/{at}/upper" not in pointers)  # fmt: skip
    change = found["repairs"][0]["changes"][0]
    change["value"] = (change["value"] + change["current"]) / 2
    wrong = {"subset": [*found["subset"], {"pointer": other}], "repairs": found["repairs"][:1]}
    verdict = judge(case.request, wrong)
    assert (verdict.irreducible, verdict.repaired) == (False, False)
