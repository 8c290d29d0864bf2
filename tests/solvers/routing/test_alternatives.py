"""Forced alternatives of a routing request, and whether a plan does what was forced."""

from typing import Any

import pytest

from models.force import RoutingForce
from models.routing import RoutingProblem
from solvers.errors import UnforceableError
from solvers.routing.alternatives import forced_changes
from solvers.routing.unmet_alternative import unmet_alternative

PROOF = {"code": "X", "certainty": "proven", "message": "It weighs 9."}
SEARCHED = {"code": "X", "certainty": "search", "message": "No plan was found."}


def problem(**fields: Any) -> RoutingProblem:
    """Return a request with three shops and two types of vehicle."""
    clients = [{"id": name, "location": name, "delivery": {"cases": 8}} for name in ("acorn-deli", "bridge-cafe")]
    body: dict[str, Any] = {
        "locations": [{"id": name, "x": 1, "y": 2} for name in ("northgate", "acorn-deli", "bridge-cafe")],
        "depots": [{"id": "northgate", "location": "northgate"}],
        "clients": clients,
        "vehicle_types": [
            {"id": "van", "count": 1, "capacity": {"cases": 10}, "start_depot": "northgate"},
            {"id": "lorry", "count": 2, "capacity": {"cases": 20}, "start_depot": "northgate"},
        ],
    }
    return RoutingProblem.model_validate(body | fields)


def plan(**left_out: dict[str, str]) -> dict[str, Any]:
    """Return a plan of which only what it leaves out is told; underscores stand for hyphens."""
    return {"routes": [], "unassigned": [{"id": name.replace("_", "-"), "reasons": [one]} for name, one in left_out.items()]}


def test_the_first_stop_is_locked_to_a_vehicle_without_a_lock() -> None:
    """Locks that stand are kept."""
    lock = {"vehicle_type": "lorry", "vehicle": 1, "orders": ["bridge-cafe"]}
    force = RoutingForce(client="acorn-deli", vehicle_type="lorry", first=True)
    changes = dict(forced_changes(problem(locks=[lock]), force))
    assert changes["/clients/0/allowed_vehicle_types"] == ["lorry"]
    assert [(one["vehicle"], one["prefix"]) for one in changes["/locks"]] == [(1, []), (2, ["acorn-deli"])]


def test_the_others_of_a_group_give_way() -> None:
    """Of a group exactly one is served, and that is the one that is forced."""
    grouped = problem().model_dump()["clients"]
    for client in grouped:
        client["group"] = "one"
    force = RoutingForce(client="bridge-cafe", vehicle_type="van")
    assert ("/clients/0/allowed_vehicle_types", []) in forced_changes(problem(clients=grouped), force)
    with pytest.raises(UnforceableError) as refused:
        forced_changes(problem(clients=grouped), RoutingForce(together=["acorn-deli", "bridge-cafe"]))
    assert [(one.pointer, one.code) for one in refused.value.issues] == [("/force/together/1", "SAME_GROUP")]


@pytest.mark.parametrize(
    ("force", "pointer", "code"),
    [
        (RoutingForce(client="acorn-deli", first=True), "/force/vehicle_type", "MISSING_FIELD"),
        (RoutingForce(client="acorn-deli", vehicle_type="van", first=True), "/force/first", "NO_VEHICLE_LEFT"),
        (
            RoutingForce(together=["acorn-deli", "bridge-cafe"], apart=["bridge-cafe", "acorn-deli"]),
            "/force/apart",
            "TOGETHER_AND_APART",
        ),
    ],
)
def test_what_cannot_be_forced_is_refused_where_it_stands(force: RoutingForce, pointer: str, code: str) -> None:
    """A type must be named among several, and a vehicle with a lock has no other first stop."""
    lock = {"vehicle_type": "van", "vehicle": 1, "orders": ["bridge-cafe"]}
    with pytest.raises(UnforceableError) as refused:
        forced_changes(problem(locks=[lock]), force)
    assert [(one.pointer, one.code) for one in refused.value.issues] == [(pointer, code)]


def test_goods_that_are_too_much_together_prove_that_nothing_does_it() -> None:
    """The lorry would hold them; a van does not, and only vans are allowed."""
    force = RoutingForce(together=["acorn-deli", "bridge-cafe"])
    assert unmet_alternative(problem(), force, plan(), plan(bridge_cafe=SEARCHED)) == (
        "no_solution_found",
        "bridge-cafe stays out: No plan was found.",
    )
    clients = problem().model_dump()["clients"]
    clients[0]["allowed_vehicle_types"] = ["van"]
    found = unmet_alternative(problem(clients=clients), force, plan(), plan(bridge_cafe=SEARCHED))
    assert found == ("infeasible", "together they take 16 of cases, and the largest vehicle that may serve them holds 10")


def test_a_proof_that_a_client_cannot_be_served_is_passed_on() -> None:
    """What is proven for the forced request stands as it is."""
    force = RoutingForce(client="acorn-deli", vehicle_type="van")
    assert unmet_alternative(problem(), force, plan(), plan(acorn_deli=PROOF)) == ("infeasible", "It weighs 9.")


def test_plans_that_serve_different_shops_do_not_compare() -> None:
    """What another shop's absence saves is no price of the alternative."""
    force = RoutingForce(client="acorn-deli", vehicle_type="van")
    found = unmet_alternative(problem(), force, plan(), plan(bridge_cafe=SEARCHED))
    assert found == ("succeeded", "it leaves out bridge-cafe, which the parent serves")
    assert unmet_alternative(problem(), None, plan(bridge_cafe=SEARCHED), plan(bridge_cafe=SEARCHED)) is None
