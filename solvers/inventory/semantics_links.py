"""What pydantic cannot see in bills of material and substitutes: items that are not there, and items made of themselves."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.inventory import PlanProblem


def link_issues(problem: PlanProblem) -> Iterator[Issue]:
    """Yield unknown items, and the components that close a circle."""
    kept = {(item.id, item.site) for item in problem.items}
    for index, item in enumerate(problem.items):
        names: set[str] = set()
        for field, named in (
            ("components", [one.item for one in item.components]),
            ("substitutes", [one.item for one in item.substitutes]),
        ):
            for number, name in enumerate(named):
                pointer = f"/items/{index}/{field}/{number}/item"
                if (name, item.site) not in kept:
                    message = "No entry of `items` is this item at the same site; add one (its demand may be all 0)."
                    yield issue(pointer, "UNKNOWN_ITEM", message)
                if name == item.id and field == "substitutes":
                    yield issue(pointer, "SAME_ITEM", "An item serves its own demand anyway; name another one.")
                if name in names:
                    yield issue(pointer, "DUPLICATE_ID", "The item is named before; give one entry for it.")
                names.add(name)
    yield from _circles(problem)


def _circles(problem: PlanProblem) -> Iterator[Issue]:
    """Find components that their product is needed for; items that can step in for one another count as one."""
    group = {item.id: item.id for item in problem.items}

    def found(name: str) -> str:
        while group.get(name, name) != name:
            group[name] = group.get(group[name], group[name])
            name = group[name]
        return name

    for item in problem.items:
        for way in item.substitutes:
            group[found(way.item)] = found(item.id)
    arcs = [
        (found(part.item), found(item.id), f"/items/{index}/components/{number}/item")
        for index, item in enumerate(problem.items)
        for number, part in enumerate(item.components)
    ]
    waiting: dict[str, int] = {}
    needs: dict[str, list[str]] = {}
    for part, product, _ in arcs:
        waiting[product] = waiting.get(product, 0) + 1
        needs.setdefault(part, []).append(product)
    ready = [name for name in needs if not waiting.get(name)]
    while ready:
        for product in needs.get(ready.pop(), []):
            waiting[product] -= 1
            if not waiting[product]:
                ready.append(product)
    closed = {name for name, left in waiting.items() if left}
    for part, product, pointer in arcs:
        if part in closed and product in closed:
            message = "The component is made of its own product, directly or over others; a bill of material has no circles."
            yield issue(pointer, "CYCLIC_BILL", message)
