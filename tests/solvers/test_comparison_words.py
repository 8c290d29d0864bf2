"""The sentence that sets the foretold change beside the true one."""

from models.comparison import Actual
from solvers.comparison_words import sentence_of
from solvers.linear.what_if import Prediction

FORETOLD = Prediction(value=12.0, method="duals", exact=False, at_least=12.0, at_most=None, reason="prices stay valid")


def test_forced_variables_are_told_by_value_and_bounds() -> None:
    """A number is the value, an object the bounds."""
    force = {"variables": {"oats": 80, "nuts": {"lower": 3.0, "upper": None}}}
    came = Actual(objective=13.0, change=3.0, status="succeeded")
    sentence = sentence_of("why-not", [], force, FORETOLD, came, 10.0)
    assert sentence.startswith("Forcing oats to 80, nuts to at least 3 raises the objective by 3, from 10 to 13;")


def test_an_impossible_alternative_has_no_foretold_objective_beside_it() -> None:
    """Prices say nothing about whether there is an answer at all."""
    nothing = Actual(objective=None, change=None, status="infeasible")
    sentence = sentence_of("why-not", [], {"variables": {"oats": 80}}, FORETOLD, nothing, 10.0)
    assert sentence == "Forcing oats to 80 leaves no feasible answer."


def test_a_forced_switch_is_told_by_its_name() -> None:
    """What is true needs no value, what is false or null no word."""
    force = {"client": "dale-grocer", "vehicle_type": "van", "first": True, "together": None}
    came = Actual(objective=13.0, change=3.0, status="succeeded")
    sentence = sentence_of("why-not", [], force, FORETOLD, came, 10.0)
    assert sentence.startswith("Forcing client dale-grocer, vehicle type van, first raises the objective by 3")
