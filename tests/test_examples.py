"""Every example is posted to a real server and answered as it says."""

import pytest

from app.examples import examples
from tests.server import Server


@pytest.mark.parametrize("name", examples())
def test_an_example_is_answered_as_it_says(server: Server, name: str) -> None:
    """Status and certificate are what the file expects, and an explanation comes when one is asked for."""
    example = examples()[name]
    request = server.client.get(f"/v1/examples/{name}").json()
    run = server.post(example["kind"], request, prefer="wait=60").json()
    assert run["status"] == example["expect"]["status"], run.get("error") or run
    assert (run["certificate"] is not None and run["certificate"]["verified"]) == example["expect"]["verified"]
    asked = request.get("options", {}).get("explain", "none")
    assert (run["explanation"] is not None) == (asked != "none")
    if run["objective"] is not None and run["objective"]["value"] is not None:
        total = sum(term["value"] for term in run["objective"]["terms"])
        assert total == pytest.approx(run["objective"]["value"], rel=1e-9, abs=1e-6)
