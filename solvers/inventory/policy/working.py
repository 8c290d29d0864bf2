"""
The working behind a policy: symbols with their numbers, formulas in symbols and in numbers, and marginal arguments.

In a template `<K>` stands for the symbol K or for its number; a raised dot `·` is a product, shown as a gap between symbols
in LaTeX and as a product sign between numbers.
"""

import math
import re
from typing import Literal

from models.explanation import Formulation, Symbol
from models.inventory_policy.explanation import MarginalArgument, PolicyFormula

TOKEN = re.compile(r"<(\w+)>")
EQUAL = 1e-6
"""Relative difference up to which two sides of a marginal argument count as equal."""


def number(value: float) -> str:
    """Return a number for people, to seven significant digits."""
    return f"{value:.7g}"


def safety_words(units: float) -> str:
    """Return the end of a sentence on a level above mean demand, or below it where shortage is cheaper than stock."""
    if units >= 0:
        return f"{number(units)} units are safety stock"
    return f"the level lies {number(-units)} below the mean: shortage is cheaper here than more stock"


def latex_number(value: float) -> str:
    """Return a number in LaTeX; negative ones in parentheses, so that they can stand behind an operator."""
    mantissa, _, exponent = number(value).partition("e")
    text = mantissa if not exponent else rf"{mantissa} \times 10^{{{int(exponent)}}}"
    return text if value >= 0 else f"({text})"


def plain_number(value: float) -> str:
    """Return a number in plain text; negative ones in parentheses."""
    return number(value) if value >= 0 else f"({number(value)})"


class Working:
    """
    Collects symbols, formulas and arguments of one policy.

    Parameters
    ----------
    name
        Name of the formulation.
    objective
        LaTeX and text of what is minimised or maximised, as templates.
    unit
        Unit of the objective.
    sense
        Direction of the objective.
    """

    def __init__(
        self, name: str, *, objective: tuple[str, str], unit: str, meaning: str, sense: Literal["min", "max"] = "min"
    ) -> None:
        self.name, self.objective, self.unit, self.meaning = name, objective, unit, meaning
        self.sense: Literal["min", "max"] = sense
        self.parameters: list[Symbol] = []
        self.variables: list[Symbol] = []
        self.formulas: list[PolicyFormula] = []
        self.marginal: list[MarginalArgument] = []
        self._known: dict[str, tuple[str, float]] = {}

    def given(self, token: str, latex: str, value: float, meaning: str, *, unit: str | None, field: str | None) -> None:
        """Declare a number of the request; `field` is its path below `/parameters`."""
        self._known[token] = (latex, value)
        pointer = None if field is None else f"/parameters/{field}"
        self.parameters.append(_symbol(token, latex, meaning, unit, pointer))

    def decided(self, token: str, latex: str, value: float, meaning: str, *, unit: str | None) -> None:
        """Declare a number of the policy."""
        self._known[token] = (latex, value)
        self.variables.append(_symbol(token, latex, meaning, unit, None))

    def derived(self, token: str, latex: str, value: float) -> None:
        """Name an intermediate number."""
        self._known[token] = (latex, value)

    def formula(self, name: str, *, latex: str, text: str, value: float, unit: str | None) -> None:
        """Add a formula given by its templates, together with what comes out."""
        shown, latex = latex_number(value), latex.replace("·}", "}")
        numbers = TOKEN.sub(lambda found: latex_number(self._known[found[1]][1]), latex).replace("·", r"\cdot")
        plain = TOKEN.sub(lambda found: plain_number(self._known[found[1]][1]), text).replace("·", "*")
        self.formulas.append(
            PolicyFormula(
                name=name,
                latex=self._symbols(latex),
                text=self._plain(text),
                latex_numbers=f"{numbers} = {shown}",
                text_numbers=f"{plain} = {number(value)}",
                value=value,
                unit=unit,
            )
        )

    def balance(
        self, name: str, left: float, right: float, *, unit: str | None, sentence: str, tolerance: float = EQUAL
    ) -> None:
        """Add two sides that should be equal."""
        holds = math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)
        self.marginal.append(MarginalArgument(name=name, left=left, right=right, unit=unit, holds=holds, sentence=sentence))

    def at_most(self, name: str, left: float, right: float, *, unit: str | None, sentence: str) -> None:
        """Add a left side that should not exceed the right one."""
        holds = left <= right + EQUAL * max(1.0, abs(right))
        self.marginal.append(MarginalArgument(name=name, left=left, right=right, unit=unit, holds=holds, sentence=sentence))

    def formulation(self) -> Formulation:
        """Return the mathematics of the policy; nothing is written out as a linear model."""
        latex, text = self._symbols(self.objective[0]), self._plain(self.objective[1])
        objective = Symbol(
            symbol="cost", latex=latex, text=text, meaning=self.meaning, unit=self.unit, pointer=None, count=None
        )
        over = ", ".join(symbol.latex for symbol in self.variables)
        plain = ", ".join(symbol.text for symbol in self.variables)
        lines = [rf"\{self.sense}_{{{over}}} \quad & {latex}", *(rf"& {line.latex}" for line in self.formulas)]
        return Formulation(
            name=self.name,
            sense=self.sense,
            size=None,
            sets=[],
            parameters=self.parameters,
            variables=self.variables,
            objective=objective,
            constraints=[],
            latex="\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"]),
            text="\n".join([f"{self.sense} over {plain}: {text}", *(f"  {line.text}" for line in self.formulas)]),
            mps=None,
            lp=None,
            dual_latex=None,
            dual_text=None,
        )

    def _symbols(self, template: str) -> str:
        return TOKEN.sub(lambda found: self._known[found[1]][0], template).replace("·}", "}").replace("·", r"\,")

    def _plain(self, template: str) -> str:
        return TOKEN.sub(r"\1", template).replace("·", "*")


def _symbol(token: str, latex: str, meaning: str, unit: str | None, pointer: str | None) -> Symbol:
    return Symbol(symbol=token, latex=latex, text=token, meaning=meaning, unit=unit, pointer=pointer, count=1)
