"""Write the dual of a linear model, with its numbers when it is small, and what duality says about the answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from solvers.linear.certificate import dual_objective
from solvers.linear.dual_program import DualProgram, Price, dual_point, dual_program
from solvers.linear.model import LinearModel
from solvers.linear.notation import Notation
from solvers.linear.render_dual_families import families_of, family_lines
from solvers.linear.render_latex import LATEX, aligned
from solvers.linear.render_latex import text as latex_text
from solvers.linear.render_text import TEXT, is_small, is_written_out
from solvers.linear.solve import LinearResult

MOST_IN_LINE = 6
"""Most dual variables whose sign is told in one line."""

MOST_TERMS = 8
"""Longer sums of products are given by their value only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How a dual program is put on paper: numbers, dual variables, words, headed lines and blocks of lines."""

    notation: Notation
    price: Callable[[Price, str], str]
    words: Callable[[str], str]
    line: Callable[[str, str], str]
    block: Callable[[Iterable[str]], str]
    join: Callable[[str, str], str]
    product: str
    is_latex: bool


def _text_price(price: Price, name: str) -> str:
    return f"{price.letter}[{name}]" if price.alone else f"{price.letter}_{price.side}[{name}]"


def _latex_price(price: Price, name: str) -> str:
    raised = "" if price.alone else {"equal": "", "lower": r"^{\ge}", "upper": r"^{\le}"}[price.side]
    return rf"{price.letter}{raised}_{{{latex_text(name)}}}"


PLAIN = Script(
    notation=TEXT,
    price=_text_price,
    words=str,
    line=lambda head, body: f"{head} {body}" if head else f"  {body}",
    block="\n".join,
    join=lambda first, second: f"{first}\n\n{second}",
    product=" * ",
    is_latex=False,
)
TYPESET = Script(
    notation=LATEX,
    price=_latex_price,
    words=latex_text,
    line=lambda head, body: rf"{head}\quad & {body}" if head else f"& {body}",
    block=aligned,
    join=lambda first, second: "\\begin{gathered}\n" + first + " \\\\[1em]\n" + second + "\n\\end{gathered}",
    product=r" \cdot ",
    is_latex=True,
)


def dual_of(model: LinearModel, result: LinearResult) -> tuple[str, str]:
    """
    Return the dual as LaTeX and as text, followed by weak and strong duality with the numbers of this answer.

    Small models, and those whose families are single rows and columns, are written out with all numbers; others by families.
    That of a MIP is the dual of its relaxation and says so.
    """
    written_out = is_small(model) or is_written_out(model)
    dual = dual_program(model) if written_out else None
    families = None if written_out else families_of(model)
    pages = []
    for script in (TYPESET, PLAIN):
        lines = _instance(dual, script) if dual is not None else []
        if families is not None:
            lines = family_lines(families, model, latex=script.is_latex)
        said = [script.line("", script.words(line)) if script.is_latex else line for line in _about(model)]
        says = [*said, *_duality(model, result, dual, script)]
        pages.append(script.join(script.block(lines), script.block(says)))
    return pages[0], pages[1]


def _instance(dual: DualProgram, script: Script) -> list[str]:
    """Return objective, constraints and signs of a dual with all numbers, a line each."""
    model, notation = dual.model, script.notation
    names = [script.price(price, name) for price, name in zip(dual.prices, model.column_names, strict=True)]
    costed = np.flatnonzero(model.objective).tolist()
    objective = notation.expression([(names[at], float(model.objective[at])) for at in costed])
    if model.offset:
        objective += f" {'-' if model.offset < 0 else '+'} {notation.number(abs(model.offset))}"
    lines = [script.line(rf"\{model.sense}" if script.is_latex else model.sense, objective)]
    if not script.is_latex:
        lines.append("subject to")
    for row in range(model.rows):
        start, stop = int(model.indptr[row]), int(model.indptr[row + 1])
        terms = [(names[at], value) for at, value in _entries(model, start, stop)]
        condition = notation.between(notation.expression(terms), float(model.row_lower[row]), float(model.row_upper[row]))
        head = rf"{script.words(model.row_names[row])}:" if script.is_latex else ""
        lines.append(script.line(head, condition if script.is_latex else f"{model.row_names[row]}: {condition}"))
    return [*lines, *(script.line("", sign) for sign in _signs(model, names, notation))]


def _signs(model: LinearModel, names: Sequence[str], notation: Notation) -> list[str]:
    """Return the signs of the dual variables, several to a line where they follow one another with the same."""
    said = []
    domains = zip(names, model.column_lower.tolist(), model.column_upper.tolist(), strict=True)
    for (lower, upper), run in groupby(domains, key=lambda domain: domain[1:]):
        same = [name for name, _, _ in run]
        said += [
            notation.between(", ".join(same[at : at + MOST_IN_LINE]), lower, upper) for at in range(0, len(same), MOST_IN_LINE)
        ]
    return said


def _entries(model: LinearModel, start: int, stop: int) -> list[tuple[int, float]]:
    return list(zip(model.indices[start:stop].tolist(), model.coefficients[start:stop].tolist(), strict=True))


def _about(model: LinearModel) -> list[str]:
    """Return for a MIP whose dual this is."""
    return ["This is the dual of the relaxation, in which every variable may be fractional."] if model.is_mip else []


def _duality(model: LinearModel, result: LinearResult, dual: DualProgram | None, script: Script) -> list[str]:
    """Return the lines of weak and strong duality, or what is known instead when there is no optimum."""
    at_most, at_least = script.notation.at_most, script.notation.at_least
    relation = at_least if model.sense == "min" else at_most
    every = f"{script.words('primal objective')} {relation} {script.words('dual objective')}"
    weak = f"{every}{script.words(', for every feasible x and y')}"
    lines = [_headed("weak duality", weak, script)]
    lp = result.relaxation if model.is_mip else result
    if result.status == "unbounded":
        said = "the primal improves without end, so the dual has no feasible point"
        return [*lines, _headed("here", script.words(said), script)]
    if result.status == "infeasible":
        return [*lines, *_contradiction(model, result, dual, script)]
    if lp is None or lp.value is None or lp.duals is None or lp.reduced_costs is None:
        said = "the search ended without prices, so there is no dual answer to set beside the primal one"
        return [*lines, _headed("here", script.words(said), script)]
    number = script.notation.number
    value = dual_objective(model.relaxed(), lp.duals, lp.reduced_costs)
    difference = abs(lp.value - value)
    difference = 0.0 if difference <= 1e-9 * max(1.0, abs(value)) else difference
    whose = "relaxation" if model.is_mip else "primal"
    numbers = f"{script.words(f'{whose} ')}{number(lp.value)}{script.words(', dual ')}{_priced(model, lp, dual, value, script)}"
    lines.append(_headed("strong duality", f"{numbers}{script.words(', difference ')}{number(difference)}", script))
    if model.is_mip and result.value is not None:
        words = script.words("the best found ")
        said = f"{words}{number(result.value)}{script.words(', whole numbers cost ')}{number(abs(result.value - lp.value))}"
        lines.append(_headed("with whole numbers", said, script))
    return lines


def _priced(model: LinearModel, lp: LinearResult, dual: DualProgram | None, value: float, script: Script) -> str:
    """Return the dual objective as a sum of side times price with its value, or the value alone when that is long."""
    number = script.notation.number
    if dual is None or lp.duals is None or lp.reduced_costs is None:
        return number(value)
    point = dual_point(dual, duals=lp.duals, reduced_costs=lp.reduced_costs)
    paid = np.flatnonzero(np.abs(dual.model.objective * point) > 1e-12).tolist()
    if not paid or len(paid) > MOST_TERMS:
        return number(value)
    terms = [(float(dual.model.objective[at]), float(point[at])) for at in paid]
    written = " + ".join(f"{_factor(side, script)}{script.product}{_factor(price, script)}" for side, price in terms)
    if model.offset:
        written += f" + {_factor(model.offset, script)}"
    return f"{written} = {number(value)}"


def _factor(value: float, script: Script) -> str:
    written = script.notation.number(value)
    return f"({written})" if value < 0 else written


def _contradiction(model: LinearModel, result: LinearResult, dual: DualProgram | None, script: Script) -> list[str]:
    """Return what an infeasible primal means for its dual: the Farkas multipliers are a direction without end."""
    said = "the primal has no feasible point, so the dual is infeasible too or improves without end"
    if model.is_mip and result.farkas is None:
        said = "there is no feasible point in whole numbers; the relaxation, whose dual this is, may have one"
    lines = [_headed("here", script.words(said), script)]
    if dual is None or result.farkas is None or not result.farkas.any():
        return lines
    weights = model.sign * result.farkas / np.abs(result.farkas).max()
    point = dual_point(dual, duals=weights, reduced_costs=-(model.matrix().T @ weights))
    moving = np.flatnonzero(np.abs(point) > 1e-9).tolist()
    if len(moving) > MOST_TERMS:
        return lines
    gain = script.notation.number(abs(float(dual.model.objective @ point)))
    steps = ", ".join(_step(dual.prices[at], dual.model.column_names[at], float(point[at]), script) for at in moving)
    verb = "rises" if dual.model.sense == "max" else "falls"
    head, tail = script.words("along "), script.words(f" its objective {verb} by ")
    return [*lines, _headed("direction", f"{head}{steps}{tail}{gain}{script.words(' each time')}", script)]


def _step(price: Price, name: str, value: float, script: Script) -> str:
    return f"{script.price(price, name)} = {script.notation.number(value)}"


def _headed(head: str, body: str, script: Script) -> str:
    return script.line(rf"{script.words(head)}:", body) if script.is_latex else f"{head[0].upper()}{head[1:]}: {body}."
