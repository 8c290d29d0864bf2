"""Write a linear model as LaTeX that KaTeX accepts in strict mode, without dollar signs."""

import unicodedata
from collections.abc import Iterable

import numpy as np

from solvers.linear.model import LinearModel
from solvers.linear.notation import Notation
from solvers.linear.render_text import is_small, is_written_out, objective_terms, row_terms

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\u00d7": r"$\times$",
    "\u00f7": r"$\div$",
    "\u00b1": r"$\pm$",
    "\u2264": r"$\le$",
    "\u2265": r"$\ge$",
    "\u2192": r"$\to$",
    "\u20ac": "EUR",
    "\u2010": "-",
    "\u2011": "-",
    "\u2044": "/",
    "\u2212": "-",
    "\u00ab": '"',
    "\u00bb": '"',
}
"""What stands for a character that has a meaning in LaTeX, or that KaTeX writes in mathematics only."""

WRITTEN = (
    ("\u0020", "\u007e"),
    ("\u00a3", "\u00a3"),
    ("\u00a5", "\u00a5"),
    ("\u00a9", "\u00a9"),
    ("\u00ae", "\u00ae"),
    ("\u00b0", "\u00b0"),
    ("\u00b7", "\u00b7"),
    ("\u00c0", "\u024f"),
    ("\u0400", "\u04ff"),
    ("\u0531", "\u0586"),
    ("\u0900", "\u10ff"),
    ("\u2013", "\u2014"),
    ("\u2018", "\u2019"),
    ("\u201c", "\u201d"),
    ("\u2026", "\u2026"),
    ("\u3000", "\u30ff"),
    ("\u4e00", "\u9faf"),
    ("\uac00", "\ud7a3"),
    ("\uff01", "\uff60"),
)
"""First and last character of the blocks that KaTeX writes as text without a complaint in its strict mode."""


def text(words: str) -> str:
    """Return words as LaTeX text; letters that KaTeX cannot write become question marks, control characters blanks."""
    return r"\text{" + "".join(_letter(letter) for letter in unicodedata.normalize("NFC", words)) + "}"


def _letter(letter: str) -> str:
    """Return one character as LaTeX text, if need be by its plain equivalent: a raised 2 is written 2."""
    if letter in ESCAPES:
        return ESCAPES[letter]
    if not letter.isprintable():
        return " "
    if any(first <= letter <= last for first, last in WRITTEN):
        return letter
    if "\u0391" <= letter <= "\u03c9" and unicodedata.normalize("NFD", letter) == letter:
        return f"${letter}$"
    plain = unicodedata.normalize("NFKD", letter)
    return "?" if plain == letter else "".join(_letter(part) for part in plain if not unicodedata.combining(part))


def number(value: float) -> str:
    """Return a number, with a power of ten where Python would write an exponent."""
    mantissa, _, exponent = f"{value + 0.0:.10g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


LATEX = Notation(number=number, times=r"\, ", at_most=r"\le", at_least=r"\ge", free=r"\in \mathbb{R}")
expression = LATEX.expression
between = LATEX.between


def domain_latex(name: str, lower: float, upper: float, integer: bool) -> str:
    """Return the domain of one variable."""
    if integer and (lower, upper) == (0.0, 1.0):
        return rf"{name} \in \{{0, 1\}}"
    written = between(name, lower, upper)
    if not integer:
        return written
    free = not np.isfinite(lower) and not np.isfinite(upper)
    return rf"{name} \in \mathbb{{Z}}" if free else rf"{written},\ {name} \in \mathbb{{Z}}"


def row_latex(model: LinearModel, row: int) -> str:
    """Return one constraint written out."""
    terms = [(text(name), value) for name, value in row_terms(model, row, model.column_names)]
    return between(expression(terms), float(model.row_lower[row]), float(model.row_upper[row]))


def objective_latex(model: LinearModel) -> str:
    """Return the objective written out, without its direction."""
    constant = f" {'-' if model.offset < 0 else '+'} {number(abs(model.offset))}" if model.offset else ""
    return expression([(text(name), value) for name, value in objective_terms(model, model.column_names)]) + constant


def instance_latex(model: LinearModel) -> str:
    """Return the whole instance with its numbers as one aligned block."""
    lines = [rf"\{model.sense}\quad & {objective_latex(model)}"]
    lines += [rf"{text(model.row_names[row])}:\quad & {row_latex(model, row)}" for row in range(model.rows)]
    for column, name in enumerate(model.column_names):
        lower, upper = float(model.column_lower[column]), float(model.column_upper[column])
        lines.append("& " + domain_latex(text(name), lower, upper, bool(model.integer[column])))
    return aligned(lines)


def formulation_latex(model: LinearModel) -> str:
    """Return the families as one block, followed by the instance when it is small and says more than they do."""
    objective = model.objective_family.latex
    headed = objective.lstrip().startswith((r"\min", r"\max"))
    lines = [rf"& {objective}" if headed else rf"\{model.sense}\quad & {objective}"]
    groups = [*model.constraint_groups, *model.variable_groups]
    heads = [r"\text{s.t.}\quad & "] + ["& "] * len(groups)
    lines += [head + group.family.latex for head, group in zip(heads, groups, strict=False)]
    if is_small(model) and not is_written_out(model):
        return "\\begin{gathered}\n" + aligned(lines) + " \\\\[1em]\n" + instance_latex(model) + "\n\\end{gathered}"
    return aligned(lines)


def aligned(lines: Iterable[str]) -> str:
    """Return lines, each with one `&`, as an aligned block."""
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"
