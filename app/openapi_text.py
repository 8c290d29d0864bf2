"""The prose of the OpenAPI document."""

from typing import Any

API_VERSION = "0.1.0"
"""The version in pyproject.toml, written out so that the document does not depend on how the package was installed."""

DESCRIPTION = r"""
**Shadowprice** is an optimisation service that shows its working. Post a logistics problem and get back a plan, the
proof that it is right, and the prices that say what would have to change.

A chain of three questions, and one endpoint for each: *how much will be asked for* (forecasting), *how much to order
and hold* (inventory), *who drives where* (routing). Networks and linear programs are the mathematics underneath, and
have doors of their own.

**Try it.** Open a `POST` below, choose one of its examples, press *Execute*. Everything on this page comes from this
server.

**Every answer is a run**: `status`, `termination`, `objective`, `solution`, and a `certificate` whose checks are
recomputed from your request by code that shares nothing with the engine. Infeasible, unbounded, and "nobody could be
served" are answers too: `200`, with the reason. A solve that takes longer than `Prefer: wait=N` answers `202` and
goes on.

**Ask why.** With `?explain=full` the answer holds the formulation and the shadow prices. For a linear program and its
dual,

$$\min_{x \ge 0} \lbrace c^\top x : A x \ge b \rbrace \quad = \quad \max_{y \ge 0} \lbrace b^\top y : A^\top y \le c \rbrace,$$

the price of row $i$ is $y_i = \partial z^\star / \partial b_i$: how much the optimal cost $z^\star$ changes for one more unit
on the right-hand side, with the sign of your own objective, whether you minimise or maximise.

**Units.** Quantities are plain numbers, durations seconds, distances metres or the unit of your plane, money yours. A
field that is not known is an error and says which name it may have meant; NaN and infinities are refused.
[Limits](/v1/limits) are published. **Errors** have one shape, `application/problem+json`, with stable codes, each
[explained](/problems).
""".strip()

VALIDITY: dict[str, Any] = {
    "summary": "The answer to validate_only",
    "value": {"valid": True, "warnings": [], "sizes": {}, "estimate": {"time_limit_s": 10.0, "body_bytes": 412}},
}

DRAWING: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[-1.08, 53.96], [-1.093, 53.958], [-1.08, 53.96]]},
            "properties": {
                "kind": "route",
                "route": 1,
                "vehicle_type": "van",
                "vehicle": 1,
                "distance": 2240.0,
                "duration": 780.0,
                "cost": 61.2,
            },
        },
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-1.093, 53.958]},
            "properties": {"kind": "client", "id": "acorn-deli", "location": "acorn-deli", "route": 1, "place": 1},
        },
    ],
}
"""A plan drawn as GeoJSON, shortened."""

EVENTS: dict[str, Any] = {
    "solve": {
        "summary": "A run that improves once",
        "value": (
            "id: 1\nevent: queued\ndata: {}\n\n"
            "id: 2\nevent: started\ndata: {}\n\n"
            "id: 3\nevent: incumbent\n"
            'data: {"objective":112.0,"bound":104.0,"relative_gap":0.0714,"seconds":0.21}\n\n'
            "id: 4\nevent: done\n"
            'data: {"status":"succeeded"}\n\n'
        ),
    }
}

TAGS = [
    {
        "name": "Forecasting",
        "description": (
            "*How much will be asked for?* Many methods together continue each series, so that none decides alone; "
            "their errors in a backtest on its own past become prediction intervals. The answer feeds the inventory plan."
        ),
    },
    {
        "name": "Inventory",
        "description": (
            "*How much to order, and when?* A linear or mixed-integer program over items and periods. The dual of a "
            "balance row is what one more unit of demand costs; the dual of a capacity row is what one more hour is "
            "worth."
        ),
    },
    {
        "name": "Routing",
        "description": (
            "*Who drives where?* Vehicle routing with capacities, time windows, shipments, several depots and "
            "reloads. Clients that cannot be served are listed with the reason."
        ),
    },
    {
        "name": "Network",
        "description": (
            "*Flows, paths, matches and sites.* Graph problems with special algorithms, each answered with node "
            "potentials or a cut: the dual solution that proves it optimal. An arc that carries flow has reduced cost"
            " $c_{ij} + \\pi_i - \\pi_j \\le 0$, one with room left $\\ge 0$."
        ),
    },
    {
        "name": "Linear",
        "description": (
            "*The plain door.* Any linear or mixed-integer program, with formulation, shadow prices, reduced costs, "
            "and for infeasible models the smallest conflict and the least repair. A row binds or is free: "
            "$y_i (a_i^\\top x - b_i) = 0$."
        ),
    },
    {
        "name": "Runs",
        "description": (
            "Every solve is a run that can be read, listed, followed, stopped and deleted. Stopping keeps the best "
            "solution so far; deleting a finished run forgets it. A finished run can be asked *what if* some numbers were "
            "different and *why not* another answer: each is a run of its own, with the predicted beside the true change."
        ),
    },
    {
        "name": "Examples",
        "description": "Ready request bodies, one story in all of them: Marlow Fresh Foods, a food distributor.",
    },
    {"name": "Operations", "description": "Is the service alive, may it be sent work, and how much does it take."},
]
