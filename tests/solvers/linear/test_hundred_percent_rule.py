"""The 100 % rule: shares of allowable ranges, and what their sum guarantees."""

from models.explanation import Range
from solvers.linear.hundred_percent_rule import Change, hundred_percent_rule


def allowed(lower: float | None, upper: float | None) -> Range:
    """Return a range with the given ends."""
    return Range(
        lower=lower,
        upper=upper,
        objective_at_lower=None,
        objective_at_upper=None,
        limiting_at_lower=None,
        limiting_at_upper=None,
    )


def rhs(name: str, before: float, after: float, holds: Range | None) -> Change:
    """Return a change of a right-hand side."""
    return Change(name=name, kind="rhs", before=before, after=after, allowed=holds)


def test_shares_sum_to_at_most_all() -> None:
    """Reddy Mikks: 24 to 30 uses half of the way to 36, 6 to 5 half of the way to 4."""
    found = hundred_percent_rule([rhs("M1", 24, 30, allowed(20, 36)), rhs("M2", 6, 5, allowed(4, 20 / 3))])
    assert [share.share for share in found.shares] == [0.5, 0.5]
    assert found.prices_hold
    assert "100%" in found.sentence


def test_more_than_all_guarantees_nothing() -> None:
    """A sum above 100 % is no guarantee, for right-hand sides alone."""
    found = hundred_percent_rule([rhs("M1", 24, 33, allowed(20, 36)), rhs("M2", 6, 5, allowed(4, 7))])
    assert (found.prices_hold, found.answer_holds) == (False, True)
    assert "nothing is guaranteed" in found.sentence


def test_a_range_without_end_uses_nothing() -> None:
    """Any rise of a loose side is free."""
    assert hundred_percent_rule([rhs("demand", 2, 1_000, allowed(1.5, None))]).rhs_total == 0


def test_costs_are_summed_apart() -> None:
    """A cost and a right-hand side of 60 % each hold together."""
    cost = Change(name="x", kind="cost", before=5, after=5.6, allowed=allowed(2, 6))
    found = hundred_percent_rule([rhs("M1", 24, 31.2, allowed(20, 36)), cost])
    assert (found.prices_hold, found.answer_holds) == (True, True)


def test_an_unknown_range_is_no_guarantee() -> None:
    """The reason is given."""
    found = hundred_percent_rule([rhs("M1", 24, 25, None)])
    assert (found.rhs_total, found.prices_hold) == (None, False)
    assert "not known" in found.sentence


def test_no_room_is_no_guarantee() -> None:
    """A degenerate side has no room."""
    found = hundred_percent_rule([rhs("M1", 24, 25, allowed(20, 24))])
    assert found.shares[0].reason == "it has no room to rise: the basis is degenerate there"


def test_nothing_changes() -> None:
    """No change, or a change by 0, holds everything."""
    assert hundred_percent_rule([]).sentence == "Nothing changes."
    assert hundred_percent_rule([rhs("M1", 24, 24, None)]).prices_hold
