"""What makes a network request invalid, and where the issue points."""

from typing import Any

import pytest
from pydantic import ValidationError

from solvers.network.semantics import issues, warnings
from tests.solvers.network.features import KINDS

AB = [{"id": "northgate"}, {"id": "southmoor"}]


def found(kind: str, **body: Any) -> list[tuple[str, str]]:
    """Return pointer and code of every issue."""
    return [(issue.pointer, issue.code) for issue in issues(KINDS[kind][0].model_validate(body))]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("minimum-cost-flow", {"nodes": AB}, [("/arcs", "MISSING_FIELD")]),
        ("minimum-cost-flow", {"arcs": [], "links": []}, [("/links", "TWO_FORMS")]),
        (
            "minimum-cost-flow",
            {"nodes": {"id": ["a", "b"], "demand": [1]}, "arcs": {"tail": ["a"], "head": ["b", "a"]}},
            [("/nodes/demand", "WRONG_LENGTH"), ("/arcs/head", "WRONG_LENGTH")],
        ),
        (
            "minimum-cost-flow",
            {"nodes": AB, "arcs": [{"tail": "northgate", "head": "southmor", "lower": 3, "capacity": 1}]},
            [("/arcs/0/head", "UNKNOWN_NODE"), ("/arcs/0/lower", "LOWER_ABOVE_CAPACITY")],
        ),
        (
            "minimum-cost-flow",
            {"nodes": {"id": ["a"]}, "arcs": {"tail": ["a", "a"], "head": ["a", "x"]}},
            [("/arcs/head/1", "UNKNOWN_NODE")],
        ),
        (
            "maximum-flow",
            {
                "source": "a",
                "sink": "a",
                "arcs": [{"id": "e", "tail": "a", "head": "b"}, {"id": "e", "tail": "b", "head": "a"}],
            },
            [("/arcs/1/id", "DUPLICATE_ID"), ("/sink", "SOURCE_IS_SINK")],
        ),
        ("maximum-flow", {"source": "a", "sink": "z", "arcs": [{"tail": "a", "head": "b"}]}, [("/sink", "UNKNOWN_NODE")]),
        (
            "maximum-flow",
            {"source": "a", "sink": "b", "directed": False, "links": [{"source": "a", "target": "b", "lower": 1}]},
            [("/links/0/lower", "UNDIRECTED_LOWER")],
        ),
        (
            "shortest-path",
            {"source": 0, "targets": [1, "1"], "directed": False, "links": [{"source": 0, "target": 1, "weight": -1}]},
            [("/targets/1", "DUPLICATE_ID"), ("/links/0/weight", "UNDIRECTED_NEGATIVE_COST")],
        ),
        (
            "shortest-path",
            {"source": "a", "targets": ["b"], "multigraph": False, "arcs": [{"tail": "a", "head": "b"}] * 2},
            [("/arcs/1", "PARALLEL_ARCS")],
        ),
        ("assignment", {"costs": [[1, 2, 3, 4]] * 3 + [[1, 2]]}, [("/costs/3", "RAGGED_MATRIX")]),
        ("assignment", {"costs": []}, [("/costs", "TOO_SHORT")]),
        ("assignment", {"costs": [[1]], "row_ids": ["a", "b"]}, [("/row_ids", "WRONG_LENGTH")]),
        (
            "assignment",
            {"costs": {"rows": 2, "columns": 1, "row": [0, 2, 0], "column": [0, 0, 0], "cost": [1, 2, 3]}},
            [("/costs/row/1", "INDEX_OUT_OF_RANGE"), ("/costs/row/2", "DUPLICATE_PAIR")],
        ),
        (
            "facility-location",
            {"facilities": [{"id": "f"}, {"id": "f"}], "clients": [{"id": "c"}], "costs": [[1, 1], [1]]},
            [("/facilities/1/id", "DUPLICATE_ID"), ("/costs", "WRONG_LENGTH"), ("/costs/1", "RAGGED_MATRIX")],
        ),
    ],
)
def test_issue_points_at_its_cause(kind: str, body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Every issue has the pointer and code of what is wrong, and a sentence."""
    assert found(kind, **body) == expected
    assert all(issue.message[0].isupper() for issue in issues(KINDS[kind][0].model_validate(body)))


def test_an_unknown_node_gets_a_suggestion() -> None:
    """A misspelt node is answered with the similar one."""
    body = {"nodes": AB, "arcs": [{"tail": "northgate", "head": "southmor"}]}
    assert 'Did you mean "southmoor"?' in issues(KINDS["minimum-cost-flow"][0].model_validate(body))[0].message


def test_a_ragged_row_is_counted() -> None:
    """The message says which row has how many of how many values."""
    body = {"costs": [[1, 2, 3, 4]] * 3 + [[1, 2]]}
    issue = issues(KINDS["assignment"][0].model_validate(body))[0]
    assert issue.message.startswith("Row 3 has 2 of 4 values")
    assert (issue.limit, issue.got) == (4, 2)


def test_issues_stop_at_a_thousand() -> None:
    """A request with more wrong arcs than that is not searched to its end."""
    body = {"nodes": AB, "arcs": {"tail": ["x"] * 3000, "head": ["y"] * 3000}}
    assert len(issues(KINDS["maximum-flow"][0].model_validate(body | {"source": "northgate", "sink": "southmoor"}))) == 1000


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("shortest-path", {"source": "a", "targets": ["b"], "arcs": [{"tail": "a", "head": "b"}]}, "ALL_COSTS_ZERO"),
        ("minimum-cost-flow", {"arcs": [{"tail": "a", "head": "b", "cost": 1}]}, "NO_DEMAND"),
    ],
)
def test_odd_requests_are_warned_about(kind: str, body: dict[str, Any], code: str) -> None:
    """Requests that are valid but hardly meant are solved with a warning."""
    assert [warning.code for warning in warnings(KINDS[kind][0].model_validate(body))] == [code]


@pytest.mark.parametrize(
    ("arcs", "place"),
    [
        ([{"tail": "a"}], ("arcs", 0, "head")),
        ({"tail": ["a", 3], "head": ["b", "c"]}, ("arcs", "tail", 1)),
        ([{"tail": "a", "head": "b", "capacity": "ten"}], ("arcs", 0, "capacity")),
        ([{"tail": "a", "head": "b", "capcity": 1}], ("arcs", 0, "capcity")),
        (7, ("arcs",)),
    ],
)
def test_type_errors_point_into_the_form_used(arcs: Any, place: tuple[str | int, ...]) -> None:
    """The location of a type error has no trace of the alternatives that the schema allows."""
    with pytest.raises(ValidationError) as caught:
        KINDS["minimum-cost-flow"][0].model_validate({"arcs": arcs})
    assert [error["loc"] for error in caught.value.errors()] == [place]
