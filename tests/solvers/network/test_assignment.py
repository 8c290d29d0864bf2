"""Assignment: cost by brute force, optimality by prices, infeasibility by Hall's theorem."""

import random

import pytest

from tests.oracles.network import cheapest_assignment
from tests.solvers.network.features import proved, solve


def random_costs(seed: int) -> list[list[float | None]]:
    """Return a small matrix of quarters with some forbidden pairs."""
    stream = random.Random(seed)
    height, width = stream.randint(1, 5), stream.randint(1, 5)
    return [[None if stream.random() < 0.3 else stream.randint(-5, 9) / 4 for _ in range(width)] for _ in range(height)]


def as_columns(costs: list[list[float | None]]) -> dict[str, object]:
    """Return a matrix as sparse columns in a shuffled order."""
    pairs = [(i, j, cost) for i, row in enumerate(costs) for j, cost in enumerate(row) if cost is not None]
    random.Random(0).shuffle(pairs)
    row, column, cost = ([pair[place] for pair in pairs] for place in range(3))
    return {"rows": len(costs), "columns": len(costs[0]), "row": row, "column": column, "cost": cost}


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_cost_equals_brute_force(seed: int, *, sparse: bool) -> None:
    """The best of all pairings is found, rectangular and with forbidden pairs, from a matrix and from columns."""
    costs = random_costs(seed)
    answer = solve("assignment", level="full", costs=as_columns(costs) if sparse else costs)
    assert proved(answer)
    assert (None if answer.objective is None else answer.objective.value) == cheapest_assignment(costs)


@pytest.mark.parametrize("seed", range(20))
def test_largest_value_is_the_negative_of_the_least_cost(seed: int) -> None:
    """Sense max on a matrix and min on its negative agree, with a certificate in the caller's sense."""
    costs = random_costs(seed)
    negative = [[None if cost is None else -cost for cost in row] for row in costs]
    answer = solve("assignment", costs=costs, sense="max")
    best = cheapest_assignment(negative)
    assert proved(answer)
    assert (None if answer.objective is None else answer.objective.value) == (None if best is None else -best)


def test_prices_are_tight_on_chosen_pairs() -> None:
    """The two prices of a chosen pair add up to its cost, those of any other pair to no more."""
    costs = [[4, 1, 3], [2, 0, 5], [3, 2, 2]]
    answer = solve("assignment", costs=costs)
    u, v = list(answer.solution.row_duals.values()), list(answer.solution.column_duals.values())
    assert all(u[i] + v[j] <= costs[i][j] for i in range(3) for j in range(3))
    assert all(u[pair.row_index] + v[pair.column_index] == pair.cost for pair in answer.solution.assignment)
    assert sum(u) + sum(v) == 5


def test_names_stand_in_the_answer() -> None:
    """Rows and columns are called by the caller's names; the longer side stays partly free."""
    answer = solve("assignment", costs=[[5, 2, 9]], row_ids=["ann"], column_ids=["van-1", "van-2", "van-3"])
    assert [(pair.row, pair.column) for pair in answer.solution.assignment] == [("ann", "van-2")]
    assert answer.solution.unassigned_columns == ["van-1", "van-3"]


def test_too_few_partners_are_named() -> None:
    """Three rows that share two columns are proved infeasible by exactly those rows."""
    costs = [[1, 1, None, None], [1, 1, None, None], [1, 1, None, None], [1, 1, 1, 1]]
    answer = solve("assignment", level="full", costs=costs)
    assert answer.status == "infeasible"
    assert proved(answer)
    assert [member.pointer for member in answer.explanation.infeasibility.subset] == ["/costs/0", "/costs/1", "/costs/2"]


def test_nothing_allowed_is_infeasible() -> None:
    """A matrix of forbidden pairs has no assignment."""
    answer = solve("assignment", level="summary", costs=[[None]])
    assert answer.status == "infeasible"
    assert proved(answer)
