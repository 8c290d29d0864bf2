"""
The seam of data: a model's arrays become MathOpt's protocol buffer, and its sparse vectors become arrays again.

Lists of numbers go over as buffers: a detour over Python objects for every variable costs more than the solve of a typical
inventory plan. Names stay in the side tables.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2

from models.explanation import BasisStatus
from solvers.linear.model import Floats, LinearModel

BASIS_STATUSES: dict[int, BasisStatus] = {1: "free", 2: "at_lower", 3: "at_upper", 4: "fixed", 5: "basic"}


def model_proto(model: LinearModel) -> model_pb2.ModelProto:
    """Return the model as MathOpt's protocol buffer, without names."""
    proto: Any = model_pb2.ModelProto()
    variables, rows, matrix = proto.variables, proto.linear_constraints, proto.linear_constraint_matrix
    variables.ids.extend(range(model.columns))
    variables.lower_bounds.extend(_buffer(model.column_lower))
    variables.upper_bounds.extend(_buffer(model.column_upper))
    variables.integers.extend(_buffer(model.integer))
    costed = np.flatnonzero(model.objective)
    proto.objective.maximize = model.sense == "max"
    proto.objective.offset = model.offset
    proto.objective.linear_coefficients.ids.extend(_buffer(costed))
    proto.objective.linear_coefficients.values.extend(_buffer(model.objective[costed]))
    rows.ids.extend(range(model.rows))
    rows.lower_bounds.extend(_buffer(model.row_lower))
    rows.upper_bounds.extend(_buffer(model.row_upper))
    matrix.row_ids.extend(_buffer(model.row_index()))
    matrix.column_ids.extend(_buffer(model.indices))
    matrix.coefficients.extend(_buffer(model.coefficients))
    return proto


def _buffer(numbers: NDArray[Any]) -> memoryview:
    """Return an array as a buffer, from which protocol buffers take numbers twice as fast as from a list."""
    return np.ascontiguousarray(numbers).data


def dense(vector: Any, size: int) -> Floats:
    """Return a sparse vector of MathOpt as an array of shape (size,), zero where it says nothing."""
    count = len(vector.ids)
    values = np.fromiter(vector.values, dtype=np.float64, count=count)
    if count == size:  # ids ascend without repeats, so all of them are there in order
        return values
    filled = np.zeros(size)
    filled[np.fromiter(vector.ids, dtype=np.int64, count=count)] = values
    return filled


def statuses(vector: Any, size: int) -> Sequence[BasisStatus]:
    """Return a sparse vector of basis statuses as a list of `size` names."""
    if len(vector.ids) == size:
        return [BASIS_STATUSES[status] for status in vector.values]
    found: list[BasisStatus] = ["free"] * size
    for index, status in zip(vector.ids, vector.values, strict=True):
        found[index] = BASIS_STATUSES[status]
    return found
