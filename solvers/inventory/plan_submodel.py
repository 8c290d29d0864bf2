"""A part of a linear model: some columns free, all others fixed at given values and taken out."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from solvers.linear.model import Booleans, Floats, Integers, LinearModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialModel:
    """The rest of a model once columns are fixed, and which columns of the whole model it holds."""

    model: LinearModel
    columns: Integers

    def completed(self, values: Floats, part: Floats) -> Floats:
        """Return values of the whole model, shape (n,), with those of the part put in."""
        whole = values.copy()
        whole[self.columns] = part
        return whole


class PartialModels:
    """Cuts parts out of one model."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model
        self._matrix = sparse.csc_array(model.matrix())

    def part(self, free: Booleans, values: Floats) -> PartialModel:
        """Return the model of the columns in `free` (n,), the others fixed at `values` (n,)."""
        model = self._model
        columns = np.flatnonzero(free)
        kept = np.where(free, 0.0, values)
        matrix = sparse.csr_array(self._matrix[:, columns])
        rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
        matrix = sparse.csr_array(matrix[rows])
        matrix.sort_indices()
        taken = (self._matrix @ kept)[rows]
        names = [""]
        part = replace(
            model,
            variable_groups=(),
            constraint_groups=(),
            indptr=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int64),
            coefficients=np.asarray(matrix.data, dtype=np.float64),
            column_lower=model.column_lower[columns],
            column_upper=model.column_upper[columns],
            objective=model.objective[columns],
            integer=model.integer[columns],
            row_lower=model.row_lower[rows] - taken,
            row_upper=model.row_upper[rows] - taken,
            column_names=names * len(columns),
            row_names=names * len(rows),
            column_pointers=None,
            row_pointers=None,
            offset=model.offset + float(model.objective @ kept),
        )
        return PartialModel(model=part, columns=columns)
