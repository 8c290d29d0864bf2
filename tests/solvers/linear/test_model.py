"""The builder puts families of variables and constraints together as arrays."""

import numpy as np
import pytest

from solvers.linear.model import Family, ModelBuilder


def family(symbol: str) -> Family:
    return Family(symbol=symbol, latex=symbol, text=symbol, meaning=symbol, unit=None, pointer=f"/{symbol}")


def builder() -> ModelBuilder:
    return ModelBuilder(name="test", sense="min", objective=family("z"))


def test_families_follow_one_another() -> None:
    """Each family gets the next column indices, whatever the shape of its numbers."""
    made = builder()
    first = made.add_variables(family("x"), names=["a", "b"], objective=[1, 2])
    second = made.add_variables(family("y"), names=["c", "d", "e", "f"], upper=np.ones((2, 2)), integer=True)
    model = made.build()
    assert (first.tolist(), second.tolist()) == ([0, 1], [2, 3, 4, 5])
    assert model.column_upper.tolist() == [np.inf, np.inf, 1, 1, 1, 1]
    assert model.integer.tolist() == [False, False, True, True, True, True]


def test_entries_at_one_place_add_up_and_zeros_vanish() -> None:
    """The matrix has no duplicates and no zeros."""
    made = builder()
    x = made.add_variables(family("x"), names=["a", "b"])
    made.add_constraints(family("r"), names=["r0"], rows=[0, 0, 0], columns=x[[0, 0, 1]], coefficients=[2, 3, 0], upper=4)
    model = made.build()
    assert model.matrix().toarray().tolist() == [[5.0, 0.0]]
    assert model.nonzeros == 1


def test_rows_count_within_their_family() -> None:
    """A second family of rows starts at 0 again and is placed below the first."""
    made = builder()
    x = made.add_variables(family("x"), names=["a"])
    made.add_constraints(family("r"), names=["r0"], rows=0, columns=x, coefficients=1, upper=4)
    rows = made.add_constraints(family("s"), names=["s0", "s1"], rows=[0, 1], columns=x, coefficients=[7, 8], lower=1)
    assert rows.tolist() == [1, 2]
    assert made.build().matrix().toarray().ravel().tolist() == [1, 7, 8]


def test_terms_sum_to_the_value() -> None:
    """The parts of the cost, the constant included, sum to the objective."""
    made = builder()
    made.add_variables(family("x"), names=["a", "b"], objective=[1, 2], term="buying")
    made.add_variables(family("y"), names=["c"], objective=[5], term="storing")
    made.objective_offset = 3.0
    model = made.build()
    values = np.array([1.0, 1.0, 2.0])
    terms = model.terms(values)
    assert [(name, value) for name, value, _ in terms] == [("buying", 3.0), ("storing", 10.0), ("constant", 3.0)]
    assert sum(value for _, value, _ in terms) == model.value(values)


def test_pointers_must_match_names() -> None:
    """A wrong number of pointers is a programming error and is named."""
    with pytest.raises(ValueError, match="1 pointers for 2 names"):
        builder().add_variables(family("x"), names=["a", "b"], pointers=["/x"])


def test_a_builder_may_grow_after_a_build() -> None:
    """A model that was built does not change when the builder goes on."""
    made = builder()
    made.add_variables(family("x"), names=["a"])
    before = made.build()
    made.add_variables(family("y"), names=["b"])
    assert (before.columns, len(before.column_names), made.build().columns) == (1, 1, 2)
