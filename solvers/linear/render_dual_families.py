"""
Write the dual of a large model by families: which prices enter the condition of which family of variables.

Every family of constraints has a vector of prices, every family of variables a block of conditions; only blocks of the matrix
that hold a coefficient are written. One column of each family is written out as an example.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.linear.dual_program import OTHER_SENSE
from solvers.linear.model import Booleans, Floats, Group, Integers, LinearModel
from solvers.linear.render_latex import LATEX
from solvers.linear.render_latex import text as latex_text
from solvers.linear.render_text import TEXT

MOST_FAMILIES = 12
"""Models with more families of constraints or variables are written with the whole matrix as one block."""

MOST_TERMS = 8
"""Columns with more entries are no example."""

INDEX = re.compile(r"_(\{[^{}]*\}|[A-Za-z]{1,2})$")
"""The index at the end of a symbol, as in x_{i,t} or serve_i."""

LEGEND = "y prices constraints, z bounds; A holds coefficients; b, L, U are right-hand sides, l, u bounds, c costs"

UNNAMED = {"r": ""}
"""Symbols of families that are the only one of their kind need no index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One family: its symbol without index, which sides or bounds other than 0 it has, and their kinds."""

    symbol: str
    kinds: frozenset[str]
    priced: frozenset[str]
    example: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DualFamilies:
    """Families of constraints and of variables, and which of them meet in the matrix, shape (families, families)."""

    rows: Sequence[Block]
    columns: Sequence[Block]
    meet: Booleans


def families_of(model: LinearModel) -> DualFamilies:
    """Return which families of a model price which."""
    rows, columns = _groups(model.constraint_groups, model.rows), _groups(model.variable_groups, model.columns)
    row_at, column_at = _membership(rows, model.rows), _membership(columns, model.columns)
    pairs = row_at[model.row_index()] * len(columns) + column_at[model.indices]
    meet = np.bincount(pairs, minlength=len(rows) * len(columns)).reshape(len(rows), len(columns)) > 0
    entries = np.bincount(model.indices, minlength=model.columns)
    return DualFamilies(
        rows=[_block(group, model.row_lower, model.row_upper, None) for group in rows],
        columns=[_block(group, model.column_lower, model.column_upper, entries) for group in columns],
        meet=meet,
    )


def family_lines(families: DualFamilies, model: LinearModel, *, latex: bool) -> list[str]:
    """Return objective, conditions, signs and examples of the dual, a line each."""
    sense = OTHER_SENSE[model.sense]
    constant = f" + {(LATEX if latex else TEXT).number(model.offset)}" if model.offset else ""
    objective = (" + ".join(_objective(families, latex)) or "0") + constant
    lines = [rf"\{sense}\quad & {objective}" if latex else f"{sense} {objective}", *([] if latex else ["subject to"])]
    for at, column in enumerate(families.columns):
        terms = [
            _product(f"A{_under(row.symbol, column.symbol, latex)}", f"y{_under(row.symbol, '', latex)}", latex)
            for row, meets in zip(families.rows, families.meet[:, at].tolist(), strict=True)
            if meets
        ]
        terms += [f"z{_under(column.symbol, '', latex)}"] if column.priced else []
        relation = _relation(column.kinds, model, latex)
        lines.append(_line(f"{' + '.join(terms) or '0'} {relation} c{_under(column.symbol, '', latex)}", latex))
    for letter, blocks in (("y", families.rows), ("z", families.columns)):
        lines += [
            _line(_signs(f"{letter}{_under(block.symbol, '', latex)}", kinds, model, latex), latex)
            for block in blocks
            if (kinds := block.kinds if letter == "y" else block.priced)
        ]
    examples = [_line(_example(model, block.example, latex), latex) for block in families.columns if block.example is not None]
    legend = _line(latex_text(LEGEND), True) if latex else f"where {LEGEND}"
    head = _line(latex_text("for example"), True) if latex else "for example"
    return [*lines, legend, *([head, *examples] if examples else [])]


def _groups(groups: Sequence[Group], size: int) -> Sequence[Group]:
    """Return the groups that hold something; one for all when they are too many to read."""
    found = [group for group in groups if group.stop > group.start]
    return found if len(found) <= MOST_FAMILIES else [Group(family=found[0].family, start=0, stop=size)]


def _membership(groups: Sequence[Group], size: int) -> Integers:
    at = np.zeros(size, dtype=np.int64)
    for index, group in enumerate(groups):
        at[group.start : group.stop] = index
    return at


def _block(group: Group, lower: Floats, upper: Floats, entries: Integers | None) -> Block:
    """Return the kinds of sides in a family; `entries` counts the coefficients of each column, None for a family of rows."""
    low, high = lower[group.start : group.stop], upper[group.start : group.stop]
    below, above, equal = np.isfinite(low), np.isfinite(high), low == high
    kinds = {
        "equal": equal,
        "range": below & above & ~equal,
        "lower": below & ~above,
        "upper": above & ~below,
        "none": ~below & ~above,
    }
    present = frozenset(kind for kind, where in kinds.items() if where.any())
    if entries is None:
        paid = {"lower": below & (low != 0) & ~equal, "upper": above & (high != 0) & ~equal, "equal": equal & (low != 0)}
        priced = frozenset(kind for kind, where in paid.items() if where.any())
        return Block(symbol=_plain(group), kinds=present - {"none"}, priced=priced, example=None)
    at_zero = (low == 0) & ~equal
    under_zero = (high == 0) & ~at_zero & ~equal
    domain = {"above": at_zero, "below": under_zero, "other": ~at_zero & ~under_zero}
    bounds = {"lower": below & ~at_zero & ~equal, "upper": above & ~under_zero & ~equal, "equal": equal}
    counts = entries[group.start : group.stop]
    middle = (group.stop - group.start) // 2
    fitting = np.flatnonzero((counts > 0) & (counts <= MOST_TERMS))
    example = int(fitting[np.abs(fitting - middle).argmin()]) + group.start if fitting.size else None
    return Block(
        symbol=_plain(group),
        kinds=frozenset(kind for kind, where in domain.items() if where.any()),
        priced=frozenset(kind for kind, where in bounds.items() if where.any()),
        example=example,
    )


def _plain(group: Group) -> str:
    symbol = INDEX.sub("", group.family.symbol)
    return UNNAMED.get(symbol, symbol)


def _under(first: str, second: str, latex: bool) -> str:
    names = [name for name in (first, second) if name]
    if not names:
        return ""
    return "_{" + ",".join(latex_text(name) for name in names) + "}" if latex else f"[{', '.join(names)}]"


def _product(matrix: str, vector: str, latex: bool) -> str:
    return rf"{matrix}^{{\top}} {vector}" if latex else f"{matrix}' {vector}"


def _objective(families: DualFamilies, latex: bool) -> list[str]:
    """Return the products of sides and prices; families whose sides are all 0 add nothing."""
    terms = []
    for letter, blocks in (("y", families.rows), ("z", families.columns)):
        for block in blocks:
            under = _under(block.symbol, "", latex)
            sides = {"lower": "L", "upper": "U"} if letter == "y" else {"lower": r"\ell" if latex else "l", "upper": "u"}
            both = {"lower", "upper"} <= block.priced
            for kind, side in {"equal": "b" if letter == "y" else sides["lower"], **sides}.items():
                if kind not in block.priced:
                    continue
                raised = "" if not both or kind == "equal" else _raised(kind, latex)
                terms.append(_product(f"{side}{under}", f"{letter}{raised}{under}", latex))
    return terms


def _raised(kind: str, latex: bool) -> str:
    return {"lower": r"^{\ge}", "upper": r"^{\le}"}[kind] if latex else f"_{kind}"


def _relation(kinds: frozenset[str], model: LinearModel, latex: bool) -> str:
    """Return how the condition of a family of columns reads; mixed families have a sign for each column."""
    at_most, at_least = (r"\le", r"\ge") if latex else ("<=", ">=")
    above, below = (at_most, at_least) if model.sense == "min" else (at_least, at_most)
    known = {"above": above, "below": below, "other": "="}
    if len(kinds) == 1:
        return known[next(iter(kinds))]
    several = sorted(known[kind] for kind in kinds)
    return rf"\mathrel{{({','.join(several)})}}" if latex else f"({' or '.join(several)})"


def _signs(name: str, kinds: frozenset[str], model: LinearModel, latex: bool) -> str:
    """Return which sign the prices of a family have: for a min those of lower sides are >= 0, those of upper sides <= 0."""
    positive, negative = (r"\ge 0", r"\le 0") if latex else (">= 0", "<= 0")
    lower, upper = (positive, negative) if model.sense == "min" else (negative, positive)
    free = r"\in \mathbb{R}" if latex else "free"
    said = {"equal": (free, "of equations"), "lower": (lower, "of lower sides"), "upper": (upper, "of upper sides")}
    wanted = [kind for kind in said if kind in kinds or (kind != "equal" and "range" in kinds)]
    if len(wanted) == 1:
        return f"{name} {said[wanted[0]][0]}"
    words = (latex_text(f" {said[kind][1]}") if latex else f" {said[kind][1]}" for kind in wanted)
    return ", ".join(f"{name} {said[kind][0]}{word}" for kind, word in zip(wanted, words, strict=True))


def _example(model: LinearModel, column: int, latex: bool) -> str:
    """Return the dual constraint of one column with its numbers."""
    notation = LATEX if latex else TEXT
    entries = np.flatnonzero(model.indices == column)
    rows = np.searchsorted(model.indptr, entries, side="right") - 1
    lower, upper = float(model.column_lower[column]), float(model.column_upper[column])
    terms = [
        (_price("y", model.row_names[row], latex), value)
        for row, value in zip(rows.tolist(), model.coefficients[entries].tolist(), strict=True)
        if np.isfinite(model.row_lower[row]) or np.isfinite(model.row_upper[row])
    ]
    above_zero = lower == 0 and lower != upper
    below_zero = upper == 0 and not above_zero and lower != upper
    bounds = [bound for bound, domain in ((lower, above_zero), (upper, below_zero)) if np.isfinite(bound) and not domain]
    if bounds:
        terms.append((_price("z", model.column_names[column], latex), 1.0))
    kind = "above" if above_zero else "below" if below_zero else "other"
    relation = _relation(frozenset({kind}), model, latex)
    name = model.column_names[column]
    head = rf"{latex_text(name)}:\quad " if latex else f"{name}: "
    return f"{head}{notation.expression(terms)} {relation} {notation.number(float(model.objective[column]))}"


def _price(letter: str, name: str, latex: bool) -> str:
    return rf"{letter}_{{{latex_text(name)}}}" if latex else f"{letter}[{name}]"


def _line(body: str, latex: bool) -> str:
    return f"& {body}" if latex else f"  {body}"
