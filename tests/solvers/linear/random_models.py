"""Random small linear models with every kind of row and column, some of them infeasible or unbounded."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import sparse

from solvers.linear.model import LinearModel
from tests.solvers.linear.cases import REDDY_MIKKS, model

INF = np.inf


def random_models(count: int, *, seed: int, columns: int | None = None) -> Iterator[LinearModel]:
    """Yield models of up to five columns and rows: both senses, equations, ranges, loose rows, free and fixed columns."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        m, n = int(rng.integers(0, 6)), columns or int(rng.integers(1, 6))
        matrix = rng.integers(-4, 5, (m, n)).astype(float) * (rng.random((m, n)) > 0.3)
        at = rng.integers(-3, 4, n).astype(float)
        activity = matrix @ at + rng.integers(-2, 3, m) * (rng.random(m) < 0.3)
        kind, room = rng.integers(0, 5, m), rng.integers(0, 4, m)
        below = [activity - room, np.full(m, -INF), activity, activity - room, np.full(m, -INF)]
        above = [np.full(m, INF), activity + room, activity, activity + room, np.full(m, INF)]
        shape = rng.integers(0, 8, n)
        low = [np.zeros(n), np.full(n, -INF), np.full(n, -INF), at - 1, np.zeros(n), at - 2, at, np.full(n, -3.0)]
        high = [np.full(n, INF), np.full(n, INF), np.zeros(n), at + 1, np.full(n, 4.0), np.full(n, INF), at, np.zeros(n)]
        costs = rng.integers(-5, 6, n).astype(float)
        built = built_model(
            matrix, (np.choose(kind, below), np.choose(kind, above)), np.choose(shape, low), np.choose(shape, high)
        )
        sense = "min" if rng.random() < 0.5 else "max"
        yield replace(built, sense=sense, objective=costs, offset=float(rng.integers(-3, 4)))


def built_model(matrix: np.ndarray, sides: tuple[np.ndarray, np.ndarray], lower: np.ndarray, upper: np.ndarray) -> LinearModel:
    """Return a continuous model of a dense matrix, of rows r0, r1, ... and columns x0, x1, ..."""
    rows = sparse.csr_array(matrix)
    rows.eliminate_zeros()
    m, n = matrix.shape
    return replace(
        model(REDDY_MIKKS),
        indptr=rows.indptr.astype(np.int64),
        indices=rows.indices.astype(np.int64),
        coefficients=rows.data.astype(float),
        column_lower=lower,
        column_upper=upper,
        objective=np.ones(n),
        integer=np.zeros(n, dtype=bool),
        row_lower=sides[0],
        row_upper=sides[1],
        column_names=[f"x{column}" for column in range(n)],
        row_names=[f"r{row}" for row in range(m)],
        column_pointers=None,
        row_pointers=None,
        variable_groups=(),
        constraint_groups=(),
    )
