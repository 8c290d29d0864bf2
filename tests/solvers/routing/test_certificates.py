"""Every plan passes the independent check, whatever the request mixes."""

import pytest

from tests.solvers.routing.instances import mixed, solved


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_for_a_mixed_request_is_verified(seed: int) -> None:
    """Feasibility and cost recomputed from the request agree with the answer."""
    result = solved(mixed(seed), explain="full" if seed % 4 == 0 else "none")
    assert result.status == "succeeded", result.error
    assert result.certificate is not None
    assert result.certificate.verified


def test_the_same_seed_gives_the_same_answer() -> None:
    """With an iteration limit and one thread a run can be repeated."""
    request = mixed(5)
    first, second = solved(request, seed=7), solved(request, seed=7)
    assert first.solution == second.solution
    assert first.objective == second.objective
