"""The model behind a run as MPS and LP."""

import pytest

from app.examples import examples
from solvers.alternatives import ALTERNATIVES
from solvers.linear_forms import LINEAR_FORMS
from tests.problems import linear
from tests.server import Server

NAMES = ["linear_tiny", "inventory-plan_tiny", "network-facility-location_tiny", "network-minimum-cost-flow_tiny"]


@pytest.mark.parametrize("name", [*NAMES, "network-maximum-flow_tiny", "network-assignment_tiny", "network-shortest-path_tiny"])
@pytest.mark.parametrize("form", ["mps", "lp"])
def test_the_file_is_the_model(server: Server, name: str, form: str) -> None:
    """Posted to the linear endpoint it has the objective of the run."""
    example = examples()[name]
    run = server.post(example["kind"], example["request"]).json()
    file = server.client.get(f"/v1/runs/{run['id']}/model.{form}")
    assert file.status_code == 200
    assert file.headers["content-type"].startswith("text/plain")
    assert file.headers["content-disposition"] == f'attachment; filename="{run["id"]}.{form}"'
    again = server.post("linear", {form: file.text}).json()
    assert again["objective"]["value"] == pytest.approx(run["objective"]["value"])


def test_odd_names_are_replaced(server: Server) -> None:
    """Names with blanks and signs do not break the format."""
    body = linear()
    body["variables"][0]["name"] = "tonnes of paint + 3 <= x"
    for row in body["constraints"]:
        if "x" in row["terms"]:
            row["terms"]["tonnes of paint + 3 <= x"] = row["terms"].pop("x")
    run = server.post("linear", body).json()
    for form in ("mps", "lp"):
        text = server.client.get(f"/v1/runs/{run['id']}/model.{form}").text
        assert server.post("linear", {form: text}).json()["objective"]["value"] == pytest.approx(21)


def test_the_explanation_links_to_the_files(server: Server) -> None:
    """The paths stand in the formulation and lead to the files."""
    run = server.client.post("/v1/linear?explain=summary", json=linear()).json()
    formulation = run["explanation"]["formulation"]
    assert formulation["mps"] == f"/v1/runs/{run['id']}/model.mps"
    assert server.client.get(formulation["lp"]).text.startswith("Maximize")


@pytest.mark.parametrize("name", ["routing_tiny", "forecasting_tiny"])
def test_kinds_without_a_linear_model_have_no_file(server: Server, name: str) -> None:
    """404 with a code that says why, and no link."""
    example = examples()[name]
    run = server.client.post(f"/v1/{example['kind']}?explain=summary", json=example["request"]).json()
    answer = server.client.get(f"/v1/runs/{run['id']}/model.mps")
    assert (answer.status_code, answer.json()["code"]) == (404, "NO_LINEAR_MODEL")
    assert run["explanation"]["formulation"]["mps"] is None


def test_a_run_that_is_not_there_has_no_file(server: Server) -> None:
    """404, as for reading it."""
    answer = server.client.get("/v1/runs/run_00000000000000000000000000/model.lp")
    assert (answer.status_code, answer.json()["code"]) == (404, "RUN_NOT_FOUND")


def test_both_sides_know_which_kinds_have_a_model() -> None:
    """The front door promises a file exactly where the solver side can write one."""
    assert {kind for kind, alternatives in ALTERNATIVES.items() if alternatives.has_model} == set(LINEAR_FORMS)
