"""What makes a network of stages invalid although every field alone is right, and what looks odd in it."""

from collections.abc import Iterator, Sequence

from models.errors import Issue, issue
from models.inventory_multi_echelon import GuaranteedStage, MultiEchelonProblem, SerialStage
from models.run import RunWarning

MOST_ISSUES = 1_000
MOST_STEPS = 20_000
"""Longest path through the network, in steps of its grid of time."""

MOST_CELLS = 5_000_000
"""Most stages times steps of time."""

LARGEST_DEMAND = 200_000.0
"""Largest mean demand of all lead times of a serial system together, when it is counted in whole units."""

GRIDS = (1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
Stage = GuaranteedStage | SerialStage


def issues(problem: MultiEchelonProblem) -> list[Issue]:
    """Return what is wrong with the network."""
    found: list[Issue] = []
    for one in _issues(problem):
        found.append(one)
        if len(found) == MOST_ISSUES:
            break
    return found


def warnings(problem: MultiEchelonProblem) -> list[RunWarning]:
    """Return stages without demand behind them, which never hold anything."""
    stages = [stage for stage in problem.stages if isinstance(stage, GuaranteedStage)]
    used = {name for stage in stages for name in stage.upstream}
    message = "Nobody uses this stage and it has no demand of its own, so that it holds no stock."
    return [
        RunWarning(code="STAGE_WITHOUT_DEMAND", pointer=f"/stages/{k}", message=message)
        for k, stage in enumerate(stages)
        if stage.demand is None and stage.id not in used
    ][:100]


def _issues(problem: MultiEchelonProblem) -> Iterator[Issue]:
    stages: Sequence[Stage] = list(problem.stages)
    broken = False
    for one in _references(stages):
        broken = True
        yield one
    if broken:
        return
    for one in _cycle(stages):
        broken = True
        yield one
    if broken:
        return
    guaranteed = [stage for stage in stages if isinstance(stage, GuaranteedStage)]
    if guaranteed:
        yield from _grid(guaranteed)
        yield from _quantities(guaranteed)
    else:
        yield from _line([stage for stage in stages if isinstance(stage, SerialStage)])


def _references(stages: Sequence[Stage]) -> Iterator[Issue]:
    """Demand different ids, and upstream stages that exist, once each."""
    seen: dict[str, int] = {}
    for k, stage in enumerate(stages):
        if seen.setdefault(stage.id, k) != k:
            message = f"Entry {seen[stage.id]} has the same id; every stage needs its own."
            yield issue(f"/stages/{k}/id", "DUPLICATE_ID", message)
    for k, stage in enumerate(stages):
        before: set[str] = set()
        for place, name in enumerate(stage.upstream):
            at = f"/stages/{k}/upstream/{place}"
            if name not in seen:
                yield issue(at, "UNKNOWN_STAGE", "No stage has this id; add the stage or correct the id.")
            elif name == stage.id:
                yield issue(at, "CYCLE", "A stage cannot supply itself.")
            elif name in before:
                message = "The stage is named twice; use `upstream_quantities` for several units."
                yield issue(at, "DUPLICATE_ID", message)
            before.add(name)


def _cycle(stages: Sequence[Stage]) -> Iterator[Issue]:
    """Name one arc of a cycle, by removing stages whose inputs are all removed."""
    waiting = {stage.id: len(stage.upstream) for stage in stages}
    customers: dict[str, list[str]] = {stage.id: [] for stage in stages}
    for stage in stages:
        for name in stage.upstream:
            customers[name].append(stage.id)
    ready = [name for name, count in waiting.items() if not count]
    for name in ready:
        for after in customers[name]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    left = {name for name, count in waiting.items() if count}
    if not left:
        return
    for k, stage in enumerate(stages):
        for place, name in enumerate(stage.upstream):
            if stage.id in left and name in left:
                message = f"The network has a cycle: {len(left)} stages wait for one another. Remove an arc of it."
                yield issue(f"/stages/{k}/upstream/{place}", "CYCLE", message, limit=0, got=len(left))
                return


def _grid(stages: Sequence[GuaranteedStage]) -> Iterator[Issue]:
    """Demand times on a common grid, and paths that are not too long on it."""
    fine = max(_finest(time) or 0 for stage in stages for time in _times(stage).values())
    for k, stage in enumerate(stages):
        for name, time in _times(stage).items():
            if _finest(time) is None:
                message = "Times must be multiples of 0.001; use a smaller unit of time."
                yield issue(f"/stages/{k}/{name}", "TIME_TOO_FINE", message, limit=0.001, got=time)
    scale = next(
        (grid for grid in GRIDS if all(_fits(time, grid) for stage in stages for time in _times(stage).values())), fine
    )
    longest: dict[str, float] = {}
    waiting = list(enumerate(stages))
    while waiting:
        later = []
        for k, stage in waiting:
            if all(name in longest for name in stage.upstream):
                inbound = max([stage.inbound_service_time, *(longest[name] for name in stage.upstream)])
                longest[stage.id] = inbound + stage.processing_time
            else:
                later.append((k, stage))
        waiting = later
    steps = max(longest.values()) * scale
    if steps > MOST_STEPS:
        message = "The longest path has too many steps of time; round the times to a coarser unit."
        yield issue("/stages", "PROBLEM_TOO_LARGE", message, limit=MOST_STEPS, got=steps)
    elif sum(longest.values()) * scale > MOST_CELLS:
        message = "Stages times steps of time are too many; round the times to a coarser unit."
        yield issue("/stages", "PROBLEM_TOO_LARGE", message, limit=MOST_CELLS, got=sum(longest.values()) * scale)


def _times(stage: GuaranteedStage) -> dict[str, float]:
    return {
        "processing_time": stage.processing_time,
        "inbound_service_time": stage.inbound_service_time,
        "max_service_time": stage.max_service_time or 0.0,
    }


def _fits(time: float, grid: int) -> bool:
    return abs(time * grid - round(time * grid)) < 1e-6


def _finest(time: float) -> int | None:
    return next((grid for grid in GRIDS if _fits(time, grid)), None)


def _quantities(stages: Sequence[GuaranteedStage]) -> Iterator[Issue]:
    for k, stage in enumerate(stages):
        for name in stage.upstream_quantities:
            if name not in stage.upstream:
                at = name.replace("~", "~0").replace("/", "~1")
                message = "The quantity is for a stage that is not upstream; add it to `upstream`."
                yield issue(f"/stages/{k}/upstream_quantities/{at}", "UNKNOWN_STAGE", message)
    if not any(stage.demand for stage in stages):
        yield issue("/stages", "NO_DEMAND", "At least one stage must have demand.")


def _line(stages: Sequence[SerialStage]) -> Iterator[Issue]:
    """Demand one line of stages with demand and stockout cost at its end, and nowhere else."""
    supplied: dict[str, int] = {}
    for k, stage in enumerate(stages):
        for name in stage.upstream:
            if supplied.setdefault(name, k) != k:
                message = (
                    "Two stages are supplied by the same one; a serial system is a line. Use guaranteed_service for networks."
                )
                yield issue(f"/stages/{k}/upstream/0", "NOT_SERIAL", message)
    last = [k for k, stage in enumerate(stages) if stage.id not in supplied]
    if len(last) > 1:
        message = "Several stages supply nobody; a serial system is one line. Use guaranteed_service for networks."
        yield issue(f"/stages/{last[1]}", "NOT_SERIAL", message, limit=1, got=len(last))
    for k, stage in enumerate(stages):
        for name, value in (("demand", stage.demand), ("stockout_cost", stage.stockout_cost)):
            if k == last[0] and value is None:
                yield issue(f"/stages/{k}/{name}", "MISSING_FIELD", f"The last stage needs the field `{name}`.")
            if k not in last and value is not None:
                message = f"Only the last stage, which supplies nobody, has the field `{name}`."
                yield issue(f"/stages/{k}/{name}", "CONFLICTING_FIELDS", message)
        if stage.holding_rate <= 0:
            message = "The holding rate must be above 0 in the serial model."
            yield issue(f"/stages/{k}/holding_rate", "VALUE_OUT_OF_RANGE", message, limit=0, got=stage.holding_rate)
    demand = stages[last[0]].demand
    if demand is not None:
        total = sum(stage.processing_time for stage in stages)
        if total <= 0:
            yield issue("/stages", "NO_LEAD_TIME", "At least one stage must have a processing time above 0.")
        if demand.distribution == "poisson" and demand.mean * total > LARGEST_DEMAND:
            message = "Demand of all processing times together is too large to be counted unit by unit; use normal demand."
            yield issue(
                f"/stages/{last[0]}/demand/mean", "PROBLEM_TOO_LARGE", message, limit=LARGEST_DEMAND, got=demand.mean * total
            )
        if demand.distribution == "normal" and demand.mean * total > 50 * demand.sd * total**0.5 * 10:
            message = "The standard deviation is too small beside the mean for a grid; demand is nearly certain."
            yield issue(
                f"/stages/{last[0]}/demand/sd",
                "VALUE_OUT_OF_RANGE",
                message,
                limit=demand.mean * total**0.5 / 500,
                got=demand.sd,
            )
