"""The explanation holds the formulation, prices with their kind, and sentences in the caller's names."""

import time
from dataclasses import replace

import pytest

from models.explanation import Reproduce
from models.run import Termination
from solvers.base import Silent
from solvers.feature import Ask
from solvers.linear.explain import linear_explanation_parts
from solvers.linear.narrative import Facts, narrate
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run


def test_every_constraint_of_an_lp_has_a_price() -> None:
    """Prices, slacks and binding of the Reddy Mikks problem."""
    explanation = run(REDDY_MIKKS, explain="full").explanation
    rows = [(row.name, row.shadow_price, row.slack, row.binding) for row in explanation.constraints]
    assert rows == [("M1", 0.75, 0, True), ("M2", 0.5, 0, True), ("difference", 0, 2.5, False), ("demand", 0, 0.5, False)]
    assert [row.improvement_if_relaxed for row in explanation.constraints] == [0.75, 0.5, 0, 0]
    assert explanation.duals.kind == "exact"
    assert explanation.duals.degenerate is False


def test_a_sentence_names_unit_and_price() -> None:
    """The caller's unit of the constraint and of the objective appear."""
    explanation = run({**REDDY_MIKKS, "unit": "kEUR"}, explain="full").explanation
    worth = "one more unit on the right-hand side raises the objective by 0.75 kEUR"
    reach = "for up to 12 t more; then y reaches its bound."
    assert explanation.constraints[0].sentence == f"M1 binds at its upper side of 24 t; {worth}, {reach}"


def test_a_minimum_has_prices_of_the_same_meaning() -> None:
    """In a minimisation, a demand that costs has a positive price."""
    body = {
        "variables": [{"name": "x", "objective": 3}, {"name": "y", "objective": 5}],
        "constraints": [{"name": "need", "terms": {"x": 1, "y": 1}, "lower": 10}],
    }
    explanation = run(body, explain="full").explanation
    assert explanation.constraints[0].shadow_price == pytest.approx(3)
    assert [row.reduced_cost for row in explanation.variables] == pytest.approx([0, 2])
    assert [row.status for row in explanation.variables] == ["basic", "at_lower"]


def test_a_mip_has_two_named_kinds_of_prices() -> None:
    """The plain price of a MIP is null; the relaxation's and the fixed integers' stand beside it."""
    explanation = run(integer(REDDY_MIKKS), explain="full").explanation
    row = explanation.constraints[0]
    assert (row.shadow_price, row.shadow_price_relaxation) == (None, pytest.approx(0.75))
    assert row.shadow_price_fixed_integers is not None
    assert explanation.duals.kind == "fixed_integers"
    assert all(variable.reduced_cost is None for variable in explanation.variables)


def test_a_row_of_a_mip_with_room_claims_no_price() -> None:
    """Its plain price is null, and the relaxation may well price it."""
    explanation = run(integer(REDDY_MIKKS), explain="full").explanation
    loose = [row.sentence for row in explanation.constraints if not row.binding]
    assert loose
    assert not any("price" in sentence for sentence in loose)


def test_a_gap_that_the_caller_allowed_is_told() -> None:
    """Optimal within a gap is not the best there is."""
    body = integer(REDDY_MIKKS)
    result = solve_linear(model(body), BUDGET, Silent())
    assert result.value is not None
    sentence = narrate(model(body), replace(result, bound=result.value * 1.003), Facts())[0]
    assert sentence.startswith("The best answer found")
    assert "0.30% away" in sentence


def test_a_degenerate_basis_is_flagged() -> None:
    """Three limits through one corner of the plane make the basis degenerate."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "objective": 1}, {"name": "y", "objective": 1}],
        "constraints": [
            {"name": "a", "terms": {"x": 1}, "upper": 1},
            {"name": "b", "terms": {"y": 1}, "upper": 1},
            {"name": "c", "terms": {"x": 1, "y": 2}, "upper": 3},
        ],
    }
    assert run(body, explain="full").explanation.duals.degenerate is True


def test_summary_keeps_what_binds_and_what_is_used() -> None:
    """A summary leaves out loose constraints and variables at 0."""
    body = {**REDDY_MIKKS, "variables": [*REDDY_MIKKS["variables"], {"name": "z", "objective": -1}]}
    explanation = run(body, explain="summary").explanation
    assert [row.name for row in explanation.constraints] == ["M1", "M2"]
    assert [row.name for row in explanation.variables] == ["x", "y"]


def test_the_formulation_is_written_out_with_meaning_and_pointer() -> None:
    """Few variables and constraints are symbols of their own."""
    formulation = run(REDDY_MIKKS, explain="full").explanation.formulation
    assert (formulation.sense, formulation.size.nonzeros) == ("max", 7)
    assert formulation.constraints[0].latex == r"6\, \text{x} + 4\, \text{y} \le 24"
    assert formulation.constraints[2].text == "difference: -x + y <= 1"
    assert [symbol.pointer for symbol in formulation.variables] == ["/variables/0", "/variables/1"]
    assert r"\max\quad & 5\, \text{x} + 4\, \text{y}" in formulation.latex
    assert formulation.text.startswith("max 5 x + 4 y\nsubject to\n")


def test_large_models_show_families() -> None:
    """Beyond 50 variables the formulation is one family of each kind."""
    body = {"variables": [{"name": f"x{index}", "objective": 1, "lower": 1} for index in range(60)]}
    formulation = run(body, explain="full").explanation.formulation
    assert [symbol.count for symbol in formulation.variables] == [60]
    assert r"\sum_{j \in J} c_j\, x_j" in formulation.latex


def test_shares_sum_to_one() -> None:
    """The parts of the objective make up the whole."""
    terms = run({**REDDY_MIKKS, "constant": 4}, explain="full").explanation.objective_terms
    assert [(term.name, term.value) for term in terms] == [("x", 15), ("y", 6), ("constant", 4)]
    assert sum(term.share for term in terms) == pytest.approx(1)


def test_an_unbounded_run_names_the_direction() -> None:
    """The narrative says which variables grow and what may be missing."""
    explanation = run({**REDDY_MIKKS, "constraints": []}, explain="full").explanation
    words = " ".join(explanation.narrative)
    assert "x rises by 1, and the objective rises by 5 each time" in words
    assert "x has no upper bound" in words
    assert explanation.constraints is None
    assert {"constraints", "variables", "objective_terms", "infeasibility"} <= explanation.unavailable.keys()


@pytest.mark.parametrize("body", [REDDY_MIKKS, integer(REDDY_MIKKS), {**REDDY_MIKKS, "constraints": []}])
def test_a_narrative_has_three_to_six_sentences(body: dict[str, object]) -> None:
    """Whatever the outcome, the narrative is short."""
    assert 3 <= len(run(body, explain="full").explanation.narrative) <= 6


def test_strange_names_become_harmless_latex() -> None:
    """Characters with a meaning in LaTeX are escaped, those no font has are replaced."""
    body = {"variables": [{"name": "a_b%{}$&#~^\\ ü ☃", "upper": 1, "objective": -1}]}
    latex = run(body, explain="full").explanation.formulation.variables[0].latex
    expected = r"0 \le \text{a\_b\%\{\}\$\&\#\textasciitilde{}\textasciicircum{}\textbackslash{} ü ?} \le 1"
    assert latex == expected


def test_a_search_that_ended_undecided_claims_nothing() -> None:
    """Without an answer and without a proof the model may be infeasible or unbounded, and neither is denied."""
    made = model(REDDY_MIKKS)
    ended = Termination(reason="no_solution_found", limit="time", detail="time ran out")
    result = replace(
        solve_linear(made, BUDGET, Silent()),
        status="failed",
        termination=ended,
        values=None,
        value=None,
        bound=None,
        duals=None,
        reduced_costs=None,
        column_status=None,
        row_status=None,
    )
    ask = Ask(level="full", reproduce=Reproduce(versions={}, seed=0, input_sha256=""), deadline=time.monotonic() + 5)
    unavailable = linear_explanation_parts(made, result, ask)["unavailable"]
    assert unavailable["infeasibility"] == "the search ended before it was known whether the problem is infeasible"
    assert unavailable["unbounded"] == "the search ended before it was known whether the problem is unbounded"
