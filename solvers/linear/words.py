"""Members of a conflict and changes that repair it, in words; features with words of their own derive from `Words`."""

from collections.abc import Sequence

from models.explanation import Conflict, Repair, RepairChange
from models.linear import LinearProblem
from solvers.linear.member import Member
from solvers.linear.model import Group, LinearModel
from solvers.linear.relaxation import side_of
from solvers.linear.render_text import between, number, row_expression
from solvers.linear.repair import Way
from solvers.linear.softness import Softness

MOST_TERMS = 8
"""Rows with more terms are named but not written out."""

MOST_IN_SENTENCE = 5
"""Changes that the sentence of a repair spells out."""

SIDE_NAMES = {"row_lower": "lower side", "row_upper": "upper side", "lower": "lower bound", "upper": "upper bound"}


class Words:
    """Names, pointers, units and sentences of rows and columns, from the side tables of a model."""

    def __init__(self, model: LinearModel) -> None:
        self.model = model

    def name(self, member: Member) -> str:
        """Return the name of a member; a bound is written out."""
        if member.is_of_row:
            return self.model.row_names[member.index]
        column = self.model.column_names[member.index]
        if member.kind == "whole":
            return f"{column} is whole"
        return f"{column} {'>=' if member.kind == 'lower' else '<='} {number(side_of(self.model, member))}"

    def pointer(self, member: Member) -> str | None:
        """Return where in the request a member comes from."""
        return self.model.row_pointer(member.index) if member.is_of_row else self.model.column_pointer(member.index)

    def cost_pointer(self, column: int) -> str | None:
        """Return where in the request the objective coefficient of a column stands."""
        return self.model.column_pointer(column)

    def unit(self, member: Member) -> str | None:
        """Return the unit of the side or bound."""
        groups = self.model.constraint_groups if member.is_of_row else self.model.variable_groups
        return _family_unit(groups, member.index)

    def meaning(self, member: Member) -> str | None:
        """Return what the caller says the row or column stands for."""
        return None

    def demand(self, member: Member) -> str:
        """Return what a member demands, as one sentence."""
        model, at, unit = self.model, member.index, _spaced(self.unit(member))
        if not member.is_of_row:
            name = self._subject(member)
            if member.kind == "whole":
                return f"{name} must be a whole number."
            return f"{name} must be at {'least' if member.kind == 'lower' else 'most'} {number(side_of(model, member))}{unit}."
        few = 0 < model.indptr[at + 1] - model.indptr[at] <= MOST_TERMS
        lower = float("-inf") if member.kind == "row_upper" else float(model.row_lower[at])
        upper = float("inf") if member.kind == "row_lower" else float(model.row_upper[at])
        middle = row_expression(model, at) if few else "its sum" if model.indptr[at + 1] > model.indptr[at] else "0"
        return f"{self._subject(member)} demands {between(middle, lower, upper)}{unit}."

    def change(self, member: Member, *, current: float, value: float) -> str:
        """Return what moving a side or bound from `current` to `value` means, as one sentence."""
        unit, size = _spaced(self.unit(member)), number(abs(value - current))
        subject, side = self._subject(member), SIDE_NAMES[member.kind]
        start, end = f"{number(current)}{unit}", f"{number(value)}{unit}"
        if member.is_of_row and self.model.row_lower[member.index] == self.model.row_upper[member.index]:
            if value < current:
                return f"{subject} asks for {size}{unit} too much: let it fall from exactly {start} to {end}."
            return f"{subject} needs {size}{unit} more: let it rise from exactly {start} to {end}."
        if member.kind in ("row_upper", "upper"):
            return f"{subject} needs {size}{unit} more: raise its {side} from {start} to {end}."
        return f"{subject} asks for {size}{unit} too much: reduce its {side} from {start} to {end}."

    def numbers(self, member: Member, *, current: float, value: float) -> tuple[float | None, float | None]:
        """Return a side or bound before and after a change as the request has it; None where it has no such number."""
        return current, value

    def _subject(self, member: Member) -> str:
        names = self.model.row_names if member.is_of_row else self.model.column_names
        meaning = self.meaning(member)
        return f"{names[member.index]} ({meaning})" if meaning else names[member.index]


class RequestWords(Words):
    """Words of a posted linear problem: the meanings, units and fields of the request, at any size."""

    def __init__(self, model: LinearModel, problem: LinearProblem) -> None:
        super().__init__(model)
        self.problem = problem

    def pointer(self, member: Member) -> str | None:
        """Return the field that holds the side, the bound or the integrality; for a text the text."""
        at, problem = member.index, self.problem
        field = {"row": "", "row_lower": "lower", "row_upper": "upper", "whole": "integer"}.get(member.kind, member.kind)
        if member.kind in ("lower", "upper") and problem.bounds:
            name = self.model.column_names[at]
            beside = problem.bounds.get(name)
            if beside is not None and getattr(beside, member.kind) == side_of(self.model, member):
                return f"/bounds/{name.replace('~', '~0').replace('/', '~1')}/{member.kind}"
        if problem.variables is not None:
            place = f"/constraints/{at}" if member.is_of_row else f"/variables/{at}"
            return f"{place}/{field}" if field else place
        if problem.columns is not None:
            return f"/columns/{'constraints' if member.is_of_row else 'variables'}/{field or 'lower'}/{at}"
        return super().pointer(member)

    def cost_pointer(self, column: int) -> str | None:
        """Return the field that holds the objective coefficient; for a text the text."""
        return f"/variables/{column}/objective" if self.problem.variables is not None else super().cost_pointer(column)

    def unit(self, member: Member) -> str | None:
        """Return the unit that the request gives."""
        if self.problem.variables is None:
            return None
        source = self.problem.constraints if member.is_of_row else self.problem.variables
        return source[member.index].unit

    def meaning(self, member: Member) -> str | None:
        """Return the meaning that the request gives."""
        if self.problem.variables is None:
            return None
        source = self.problem.constraints if member.is_of_row else self.problem.variables
        return source[member.index].meaning


def conflict_of(words: Words, member: Member) -> Conflict:
    """Return a member of a conflict for the answer."""
    return Conflict(name=words.name(member), pointer=words.pointer(member), sentence=words.demand(member))


def repair_of(words: Words, soft: Softness, way: Way) -> Repair:
    """Return a repair for the answer, its dearest change first."""
    changes = []
    for member, value in way.sides.items():
        side = side_of(words.model, member)
        current, after = words.numbers(member, current=side, value=value)
        change = RepairChange(
            name=words.name(member).rsplit(" ", 2)[0] if not member.is_of_row else words.name(member),
            pointer=words.pointer(member),
            amount=abs(value - side),
            current=current,
            value=after,
            unit=words.unit(member),
            sentence=words.change(member, current=side, value=value),
        )
        changes.append((soft.cost_of(member) * change.amount, change))
    changes.sort(key=lambda entry: -entry[0])
    sentence = " ".join(change.sentence for _, change in changes[:MOST_IN_SENTENCE])
    if len(changes) > MOST_IN_SENTENCE:
        sentence += f" And {len(changes) - MOST_IN_SENTENCE} more changes."
    return Repair(kind=way.kind, cost=way.cost, changes=[change for _, change in changes], sentence=sentence, verified=True)


def _family_unit(groups: Sequence[Group], index: int) -> str | None:
    return next((group.family.unit for group in groups if group.start <= index < group.stop), None)


def _spaced(unit: str | None) -> str:
    return f" {unit}" if unit else ""
