"""Thirty bad inputs and the right answer to each: none above a second, none above 64 kB, never a 500."""

import gzip
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import orjson
import pytest
import zstandard

from tests.problems import linear, routing
from tests.server import Server

JSON = {"content-type": "application/json"}
LONGEST_SECONDS = 1.0
LARGEST_ANSWER = 64 * 1024


def send(server: Server, kind: str, body: bytes | dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    """Post a body, and hold the answer to what holds for every bad input."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    started = time.monotonic()
    answer = server.client.post(f"/v1/{kind}", content=content, headers=JSON if headers is None else headers)
    assert time.monotonic() - started < LONGEST_SECONDS
    assert len(answer.content) < LARGEST_ANSWER
    assert answer.status_code < 500
    return answer


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem details of an answer that must have this status and code."""
    details: dict[str, Any] = answer.json()
    assert (answer.status_code, details["code"]) == (status, code), details
    assert answer.headers["content-type"] == "application/problem+json"
    assert details["type"] == f"/problems/{code}"
    assert details["request_id"] == answer.headers["x-request-id"]
    return details


def only_error(answer: httpx.Response) -> dict[str, Any]:
    """Return the single issue of a 422."""
    errors = refused(answer, 422, "INVALID_REQUEST")["errors"]
    assert len(errors) == 1, errors
    found: dict[str, Any] = errors[0]
    return found


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the small routing problem after a change."""
    body = deepcopy(routing(4, time_limit=0.3))
    change(body)
    return body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"sense": NaN}', "INVALID_JSON"),
        (b'{"sense": Infinity}', "INVALID_JSON"),
        (b'{"sense": 1e400}', "NUMBER_TOO_LARGE"),
        (b'{"sense": "\\ud800"}', "INVALID_JSON"),
        (b"[" * 100_000, "TOO_DEEP"),
        (b'{"sense": ' + b"9" * 5_000 + b"}", "NUMBER_TOO_LARGE"),
        (b'{"sense": "min",}', "INVALID_JSON"),
        (b'{"sense": "min"} /* comment */', "INVALID_JSON"),
        ('{"sense": "min"}'.encode("utf-16"), "NOT_UTF8"),
        (b'\xef\xbb\xbf{"sense": "min"}', "NOT_UTF8"),
        (b'{"sense": "min", "sense": "max"}', "DUPLICATE_KEY"),
    ],
)
def test_malformed_json(server: Server, body: bytes, code: str) -> None:
    """Rows 1-5 and 7-9: text that is not strict JSON is refused with 400 and its own code."""
    refused(send(server, "linear", body), 400, code)


def test_an_integer_beyond_64_bits_meets_the_bound_of_its_field(server: Server) -> None:
    """Row 5: 2^63 is JSON, but above the bound that the field publishes."""
    error = only_error(send(server, "routing", changed(lambda body: body["vehicle_types"][0].update(fixed_cost=2**63))))
    assert error["code"] == "VALUE_OUT_OF_RANGE"
    assert error["pointer"] == "/vehicle_types/0/fixed_cost"
    assert error["limit"] == 1e12


@pytest.mark.parametrize("body", [b"", b"   ", b"null", b"[]", b"3", b'"text"'])
def test_a_body_that_is_no_object(server: Server, body: bytes) -> None:
    """Row 6: the answer says what was expected and where examples are."""
    details = refused(send(server, "routing", body), 422, "INVALID_REQUEST")
    assert "/v1/examples" in details["detail"]


def test_a_typo_in_a_field_name(server: Server) -> None:
    """Row 10: an unknown field is an error that suggests the known one."""
    body = changed(lambda body: body["vehicle_types"][0].update(capcity=3))
    error = only_error(send(server, "routing", body))
    assert error["code"] == "UNKNOWN_FIELD"
    assert "`capacity`" in error["message"]


@pytest.mark.parametrize(
    ("part", "named"), [("travel", "`profiles`"), ("options", "`time_limit_s`"), ("clients", "`delivery`")]
)
def test_an_unknown_field_without_a_likeness_names_those_of_its_object(server: Server, part: str, named: str) -> None:
    """Row 10: fields of other parts of the request are neither suggested nor listed."""
    body = changed(lambda body: (body[part][0] if isinstance(body.get(part), list) else body.setdefault(part, {})).update(zz=1))
    message = only_error(send(server, "routing", body))["message"]
    assert named in message
    assert "`start_depot`" not in message


@pytest.mark.parametrize("value", [True, "5", None, [1], {}])
def test_a_value_of_the_wrong_type(server: Server, value: object) -> None:
    """Row 11: neither booleans nor text pass for numbers."""
    error = only_error(send(server, "routing", changed(lambda body: body["clients"][0].update(service_duration=value))))
    assert error["code"] == "WRONG_TYPE"


def test_three_hundred_thousand_wrong_entries(server: Server) -> None:
    """Row 12: at most 100 errors are shown and the total is marked as a lower bound."""
    body = orjson.dumps({**routing(2), "clients": [1] * 300_000})
    details = refused(send(server, "routing", body), 422, "INVALID_REQUEST")
    assert len(details["errors"]) <= 100
    assert details["errors_total_is_lower_bound"]


@pytest.mark.parametrize("path", ["", "options"])
def test_twenty_thousand_unknown_fields(server: Server, path: str) -> None:
    """Each would be looked up among the known names; only those that are shown are."""
    unknown = {f"field{i}": 1 for i in range(20_000)}
    body = linear() | (unknown if path == "" else {path: unknown})
    details = refused(send(server, "linear", body), 422, "INVALID_REQUEST")
    assert details["errors_total"] >= 900
    assert details["errors_total_is_lower_bound"]
    assert {error["code"] for error in details["errors"]} == {"UNKNOWN_FIELD"}


def test_three_hundred_thousand_wrong_numbers(server: Server) -> None:
    """Row 12 for numbers: a row of wrong entries costs one error."""
    body = orjson.dumps({"costs": [["x"] * 300_000]})
    assert len(refused(send(server, "network/assignment", body), 422, "INVALID_REQUEST")["errors"]) <= 100


def test_a_huge_name_is_not_echoed(server: Server) -> None:
    """Row 13: a name of 10 MB meets the limit of names and does not come back."""
    body = changed(lambda body: body["clients"][0].update(id="x" * 10_000_000))
    error = only_error(send(server, "routing", body))
    assert error["code"] == "TOO_LONG"
    assert error["limit"] == 200


def test_a_body_above_the_limit(server: Server) -> None:
    """Row 13: above the limit of the server the answer is 413."""
    refused(send(server, "routing", b" " * (17 * 1024 * 1024)), 413, "BODY_TOO_LARGE")


def test_a_gzip_bomb(server: Server) -> None:
    """Row 14: a small body that inflates to 100 MB is refused at the limit."""
    bomb = gzip.compress(b" " * 100_000_000, compresslevel=1)
    refused(send(server, "routing", bomb, JSON | {"content-encoding": "gzip"}), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("damage", [lambda packed: packed[:30], lambda packed: packed[:-5], lambda packed: packed + b"junk"])
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_damaged_compression(server: Server, coding: str, damage: Callable[[bytes], bytes]) -> None:
    """A body that is cut off, or goes on after its end, is not read in part."""
    pack = {"gzip": gzip.compress, "zstd": zstandard.compress}[coding]
    answer = send(server, "linear", damage(pack(orjson.dumps(linear()))), JSON | {"content-encoding": coding})
    refused(answer, 400, "INVALID_COMPRESSION")


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {}])
def test_another_media_type(server: Server, headers: dict[str, str]) -> None:
    """Row 15: only JSON is read, and the answer says so."""
    details = refused(send(server, "routing", b"{}", headers), 415, "UNSUPPORTED_MEDIA_TYPE")
    assert "application/json" in details["detail"]


def unassigned(answer: httpx.Response) -> dict[str, str]:
    """Return the first reason of every unassigned client of a checked plan."""
    run = answer.json()
    assert run["status"] == "succeeded", run
    assert run["certificate"]["verified"]
    return {entry["id"]: entry["reasons"][0]["code"] for entry in run["solution"]["unassigned"]}


@pytest.mark.parametrize("types", ["none", "count"])
def test_no_vehicles(server: Server, types: str) -> None:
    """Row 16: without vehicles every client is listed as unassigned, and a warning says why."""

    def remove(body: dict[str, Any]) -> None:
        if types == "none":
            body["vehicle_types"] = []
        else:
            body["vehicle_types"][0]["count"] = 0

    answer = send(server, "routing", changed(remove))
    assert set(unassigned(answer).values()) == {"NO_VEHICLE"}
    assert len(unassigned(answer)) == 4
    assert answer.json()["warnings"]


def test_no_clients(server: Server) -> None:
    """Row 17: nothing to do is an empty plan with a warning."""
    answer = send(server, "routing", changed(lambda body: body.update(clients=[])))
    assert unassigned(answer) == {}
    assert answer.json()["solution"]["routes"] == []
    assert answer.json()["warnings"]


def test_an_unknown_depot(server: Server) -> None:
    """Row 18: a reference to nothing is found with its pointer."""
    body = changed(lambda body: body["vehicle_types"][0].update(start_depot="hubb"))
    error = only_error(send(server, "routing", body))
    assert error["pointer"] == "/vehicle_types/0/start_depot"
    assert '"hub"' in error["message"]


def with_matrix(rows: list[list[Any]]) -> dict[str, Any]:
    """Return the small routing problem with matrices instead of coordinates."""
    body = routing(3, time_limit=0.3)
    body["locations"] = [{"id": place["id"]} for place in body["locations"]]
    body["travel"] = {"metric": "matrix", "profiles": {"default": {"distances": rows, "durations": rows}}}
    return body


def test_a_ragged_matrix(server: Server) -> None:
    """Row 19: the answer names the row and how many values it has."""
    rows = [[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0], [1, 1, 1, 0]]
    details = refused(send(server, "routing", with_matrix(rows)), 422, "INVALID_REQUEST")
    assert any("3 of 4" in error["message"] for error in details["errors"])


def test_a_matrix_of_fractions(server: Server) -> None:
    """Row 20: fractional distances are kept, not rounded away."""
    rows = [[0 if i == j else 0.25 for j in range(4)] for i in range(4)]
    answer = send(server, "routing", with_matrix(rows))
    assert unassigned(answer) == {}
    assert answer.json()["objective"]["value"] == pytest.approx(1.0)


def test_an_absurd_cost(server: Server) -> None:
    """Row 21: 2^62 is above the largest safe value, which the answer names."""
    answer = send(server, "routing", with_matrix([[0, 2**62, 1, 1], *[[1] * 4] * 3]))
    error = refused(answer, 422, "INVALID_REQUEST")["errors"][0]
    assert (error["pointer"], error["code"]) == ("/travel/profiles/default/distances/0/1", "VALUE_OUT_OF_RANGE")
    assert error["limit"] is not None


def test_a_negative_capacity(server: Server) -> None:
    """Row 22: a negative capacity is out of range."""
    error = only_error(send(server, "routing", changed(lambda body: body["vehicle_types"][0].update(capacity={"load": -1}))))
    assert error["code"] == "VALUE_OUT_OF_RANGE"


def test_a_window_that_ends_before_it_starts(server: Server) -> None:
    """Row 23: both ends are shown."""
    error = only_error(send(server, "routing", changed(lambda body: body["clients"][1].update(time_windows=[[50, 20]]))))
    assert error["pointer"].startswith("/clients/1/time_windows/0")
    assert "50" in error["message"]
    assert "20" in error["message"]


def test_a_window_after_the_shift(server: Server) -> None:
    """Row 24: a client that opens after every shift stays unassigned with its code."""

    def late(body: dict[str, Any]) -> None:
        body["vehicle_types"][0]["shift"] = [0, 1000]
        body["clients"][0]["time_windows"] = [[5000, 6000]]

    assert unassigned(send(server, "routing", changed(late))) == {"c0": "TIME_WINDOW_UNREACHABLE"}


def test_an_order_bigger_than_every_vehicle(server: Server) -> None:
    """Row 25: the order that fits nowhere is left out and the rest is planned."""
    answer = send(server, "routing", changed(lambda body: body["clients"][0]["delivery"].update(load=500)))
    assert unassigned(answer) == {"c0": "DEMAND_EXCEEDS_VEHICLE_CAPACITY"}
    assert answer.json()["solution"]["routes"]


def test_a_shipment_to_where_it_came_from(server: Server) -> None:
    """Row 26: pickup and delivery must differ."""
    shipment = {"id": "s", "amount": {"load": 1}, "pickup": {"location": "p0"}, "delivery": {"location": "p0"}}
    error = only_error(send(server, "routing", changed(lambda body: body.update(shipments=[shipment]))))
    assert error["pointer"].startswith("/shipments/0")


def test_an_unbalanced_network(server: Server) -> None:
    """Row 27: more demand than supply is infeasible, with the shortfall in the explanation."""
    body = {
        "nodes": [{"id": "a", "demand": -1}, {"id": str(2**31 - 2), "demand": 3}],
        "arcs": [{"id": "e", "tail": "a", "head": str(2**31 - 2), "capacity": 10, "cost": 1}],
        "options": {"explain": "full"},
    }
    run = send(server, "network/minimum-cost-flow", body).json()
    assert run["status"] == "infeasible"
    assert run["explanation"]["infeasibility"] is not None


def test_an_unbounded_program(server: Server) -> None:
    """Row 28: a program without a limit is unbounded, and the answer names the variable that grows."""
    body = linear() | {"constraints": []}
    body["options"] = {"explain": "full"}
    run = send(server, "linear", body).json()
    assert run["status"] == "unbounded"
    assert "x" in " ".join(run["explanation"]["narrative"])


def series(**fields: Any) -> dict[str, Any]:
    """Return a monthly forecasting problem of one series."""
    return {"frequency": "MS", "horizon": 3, "series": [{"id": "s", "start": "2024-01-01", "values": [3, 4]} | fields]}


@pytest.mark.parametrize("values", [[5.0], [3, 4], [0] * 30, [7] * 30, [-5, 3, -8, 2, -5, 3], [1e12, 2e12] * 10])
def test_degenerate_series(server: Server, values: list[float]) -> None:
    """Row 29: short, flat, zero, negative and huge series have a finite forecast."""
    run = send(server, "forecasting", series(values=values)).json()
    assert run["status"] == "succeeded", run
    assert len(run["solution"]["series"][0]["mean"]) == 3


def test_a_horizon_of_a_million(server: Server) -> None:
    """Row 29: a horizon of a million is above its limit."""
    error = only_error(send(server, "forecasting", series() | {"horizon": 10**6}))
    assert (error["pointer"], error["code"]) == ("/horizon", "VALUE_OUT_OF_RANGE")


@pytest.mark.parametrize("limit", [-1, 0, 10**18])
def test_an_absurd_time_limit(server: Server, limit: float) -> None:
    """Row 30: a time limit outside its range is refused with the bound."""
    error = only_error(send(server, "linear", linear() | {"options": {"time_limit_s": limit}}))
    assert (error["pointer"], error["code"]) == ("/options/time_limit_s", "VALUE_OUT_OF_RANGE")


@pytest.mark.parametrize("name", ["a/b", "a~b", "\u202eabc", "ü", "a b"])
def test_odd_but_valid_names(server: Server, name: str) -> None:
    """Names may hold slashes, tildes, marks of direction and accents."""
    body = changed(lambda body: body["clients"][0].update(id=name))
    assert unassigned(send(server, "routing", body)) == {}


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 201])
def test_names_that_are_refused(server: Server, name: str) -> None:
    """Empty and overlong names and control characters are refused."""
    only_error(send(server, "routing", changed(lambda body: body["clients"][0].update(id=name))))


def test_duplicate_ids(server: Server) -> None:
    """Two clients of one name are refused with the pointer of the second."""
    error = only_error(send(server, "routing", changed(lambda body: body["clients"][1].update(id="c0"))))
    assert error["pointer"] == "/clients/1/id"


def test_a_pointer_escapes_slashes(server: Server) -> None:
    """RFC 6901: a slash in a key is written ~1."""
    error = only_error(send(server, "routing", changed(lambda body: body["clients"][0]["delivery"].update({"a/b": -1}))))
    assert error["pointer"] == "/clients/0/delivery/a~1b"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "NOT_FOUND"),
        ("GET", "/v1/runs/run_unknown", 404, "RUN_NOT_FOUND"),
        ("DELETE", "/v1/runs/run_unknown", 404, "RUN_NOT_FOUND"),
        ("GET", "/v1/runs/run_unknown/events", 404, "RUN_NOT_FOUND"),
        ("GET", "/v1/examples/unknown", 404, "EXAMPLE_NOT_FOUND"),
        ("PUT", "/v1/routing", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/runs?limit=0", 422, "INVALID_PARAMETER"),
        ("GET", "/v1/runs?status=odd", 422, "INVALID_PARAMETER"),
    ],
)
def test_errors_of_the_framework(server: Server, method: str, path: str, status: int, code: str) -> None:
    """Errors that the framework raises have the same shape as ours."""
    refused(server.client.request(method, path), status, code)


def test_one_is_no_plural(server: Server) -> None:
    """A message on a length of one is a sentence that a person would write."""
    error = only_error(send(server, "inventory/plan", {"periods": 3, "items": []}))
    assert error["message"] == "There must be at least 1 entry."
    assert error["got"] == "array of 0 entries"
    error = only_error(send(server, "routing", changed(lambda body: body["clients"][0].update(id=""))))
    assert error["message"] == "The text must have at least 1 character."
