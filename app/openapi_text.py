"""The prose of the OpenAPI document."""

DESCRIPTION = r"""
**Shadowprice** is an optimisation service that shows its working. Post a logistics problem and get back a plan, the proof that
it is right, and the prices that say what would have to change.

A chain of three questions, and one endpoint for each: *how much will be asked for* (forecasting), *how much to order and hold*
(inventory), *who drives where* (routing). Networks and linear programs are the mathematics underneath, and have doors of their own.

Every answer is a **run**: `status`, `termination`, `objective`, `solution`, and a `certificate` whose checks are recomputed from
your request by code that shares nothing with the engine. Add `?explain=full` for the formulation and the shadow prices: for a
linear program $\min\{c^\top x : Ax \ge b,\ x \ge 0\}$ the price of row $i$ is $y_i = \partial z^* / \partial b_i$, the change of the
optimal cost for one more unit on the right-hand side.
""".strip()

TAGS = [
    {
        "name": "Forecasting",
        "description": (
            "*How much will be asked for?* Methods compete in a backtest on each series' own past; the winner forecasts, and its "
            "errors become prediction intervals. The answer feeds the inventory plan."
        ),
    },
    {
        "name": "Inventory",
        "description": (
            "*How much to order, and when?* A linear or mixed-integer program over items and periods. The dual of a balance row is "
            "what one more unit of demand costs; the dual of a capacity row is what one more hour is worth."
        ),
    },
    {
        "name": "Routing",
        "description": (
            "*Who drives where?* Vehicle routing with capacities, time windows, shipments, several depots and reloads. Clients that "
            "cannot be served are listed with the reason."
        ),
    },
    {
        "name": "Network",
        "description": (
            "*Flows, paths, matches and sites.* Graph problems with special algorithms, each answered with node potentials or a cut: "
            "the dual solution that proves it optimal."
        ),
    },
    {
        "name": "Linear",
        "description": (
            "*The plain door.* Any linear or mixed-integer program, with formulation, shadow prices, reduced costs, and for "
            "infeasible models the smallest conflict and the least repair."
        ),
    },
    {
        "name": "Runs",
        "description": (
            "Every solve is a run that can be read, listed, followed, stopped and deleted. Slow solves answer `202` with a `Location`."
        ),
    },
    {
        "name": "Examples",
        "description": "Ready request bodies, one story in all of them: Marlow Fresh Foods, a food distributor.",
    },
    {"name": "Operations", "description": "Liveness, readiness, limits."},
]
