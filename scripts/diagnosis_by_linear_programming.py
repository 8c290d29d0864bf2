"""
Diagnosis by linear programming: separate malignant from benign tumours with a plane that `POST /v1/linear` finds.

The robust linear program of Bennett and Mangasarian (Robust linear programming discrimination of two linearly inseparable sets,
Optimization Methods and Software 1, 1992) asks each case to lie on its side of the plane w'x = g by a margin of 1 and minimises
the average shortfall of the malignant plus that of the benign cases. Data: Wisconsin diagnostic breast cancer (Street, Wolberg
and Mangasarian 1993), as scikit-learn ships it.

    python scripts/diagnosis_by_linear_programming.py --url http://127.0.0.1:8000 --features 3 --repeats 10

Features are scaled to mean 0 and standard deviation 1 by the training cases of each fold alone.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PAPER = ("mean texture", "worst area", "worst smoothness")
"""The three features of Mangasarian, Street and Wolberg (Operations Research 43, 1995)."""

SETS: dict[int, tuple[str, ...]] = {3: PAPER, 30: tuple(str(name) for name in load_breast_cancer().feature_names)}
CLOSE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """A plane w'x = g, and the price of each case that it was fitted to where they were asked for."""

    weights: Floats
    offset: float
    prices: Floats | None

    def calls_malignant(self, cases: Floats) -> Flags:
        """Return on which side cases of shape (n, features) lie."""
        return np.asarray(cases @ self.weights > self.offset)


def tumours(features: int) -> tuple[Floats, Flags]:
    """Return the cases, shape (569, features), and which of them are malignant."""
    data = load_breast_cancer()
    names = data.feature_names.tolist()
    chosen = [names.index(name) for name in SETS[features]]
    return np.asarray(data.data[:, chosen], dtype=np.float64), np.asarray(data.target == 0)


def request(cases: Floats, malignant: Flags) -> dict[str, Any]:
    """
    Return the robust linear program as the body of a request, in its sparse form.

    Variables: weights w (free), offset g (free), shortfalls s (at least 0). Constraint i: side_i (w'x_i - g) + s_i >= 1, where
    side is +1 for malignant and -1 for benign cases.
    """
    n, features = cases.shape
    side = np.where(malignant, 1.0, -1.0)
    dense = np.hstack((cases * side[:, None], -side[:, None]))
    rows, columns = (part.ravel() for part in np.indices(dense.shape))
    share = np.where(malignant, 1.0 / malignant.sum(), 1.0 / (~malignant).sum())
    return {
        "name": "robust linear program",
        "unit": "average shortfall",
        "columns": {
            "variables": {
                "objective": [0.0] * (features + 1) + share.tolist(),
                "name": [f"w{at}" for at in range(features)] + ["g"] + [f"shortfall{at}" for at in range(n)],
                "lower": [None] * (features + 1) + [0.0] * n,
            },
            "constraints": {"lower": [1.0] * n, "upper": [None] * n, "name": [f"case{at}" for at in range(n)]},
            "entries": {
                "row": rows.tolist() + list(range(n)),
                "column": columns.tolist() + list(range(features + 1, features + 1 + n)),
                "value": dense.ravel().tolist() + [1.0] * n,
            },
        },
        "options": {"time_limit_s": 30, "solver": "simplex"},
    }


def fitted(client: httpx.Client, cases: Floats, malignant: Flags, *, explain: str = "none") -> Plane:
    """Return the plane that the service finds for training cases; at level full with the price of each."""
    body, asked = request(cases, malignant), {"explain": explain}
    run = client.post("/v1/linear", json=body, params=asked, headers={"Prefer": "wait=60"}).json()
    if run["status"] != "succeeded" or not run["certificate"]["verified"]:
        raise SystemExit(f"no plane: {run}")
    values = run["solution"]["variables"]
    weights = np.array([values[f"w{at}"] for at in range(cases.shape[1])])
    if run["explanation"] is None:
        return Plane(weights=weights, offset=values["g"], prices=None)
    prices = {report["name"]: report["shadow_price"] for report in run["explanation"]["constraints"]}
    return Plane(weights=weights, offset=values["g"], prices=np.array([prices[f"case{at}"] for at in range(len(cases))]))


def scaled(cases: Floats, train: NDArray[np.int64]) -> Floats:
    """Return all cases on the scale of the training cases."""
    return np.asarray((cases - cases[train].mean(axis=0)) / cases[train].std(axis=0))


def folds(malignant: Flags, seed: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield training and test cases of ten folds with equal shares of malignant ones."""
    yield from StratifiedKFold(10, shuffle=True, random_state=seed).split(np.zeros(len(malignant)), malignant)


def cross_validated(client: httpx.Client, features: int, *, repeats: int, most: int) -> tuple[int, int, int]:
    """Return how many test cases were called right, how many malignant ones were missed, and how many there were in all."""
    cases, malignant = tumours(features)
    right = missed = total = 0
    for seed in range(repeats):
        for train, test in list(folds(malignant, seed))[:most]:
            points = scaled(cases, train)
            called = fitted(client, points[train], malignant[train]).calls_malignant(points[test])
            right += int((called == malignant[test]).sum())
            missed += int((~called & malignant[test]).sum())
            total += len(test)
    return right, missed, total


def support(prices: Floats, malignant: Flags) -> tuple[int, int, int]:
    """Return how many cases have no price, a price below the largest of their kind (on the margin), and the largest."""
    largest = np.where(malignant, 1.0 / malignant.sum(), 1.0 / (~malignant).sum())
    free, full = prices <= CLOSE * largest, prices >= (1.0 - CLOSE) * largest
    return int(free.sum()), int((~free & ~full).sum()), int(full.sum())


def main() -> None:
    """Print the cross-validated accuracy, and what the prices of the plane through all cases say."""
    parser = argparse.ArgumentParser(description="Diagnosis by linear programming")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--features", type=int, choices=sorted(SETS), default=3)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folds", type=int, default=10)
    chosen = parser.parse_args()
    with httpx.Client(base_url=chosen.url, timeout=120) as client:
        right, missed, total = cross_validated(client, chosen.features, repeats=chosen.repeats, most=chosen.folds)
        cases, malignant = tumours(chosen.features)
        prices = fitted(client, scaled(cases, np.arange(len(cases))), malignant, explain="full").prices
    assert prices is not None
    free, margin, full = support(prices, malignant)
    say = sys.stdout.write
    say(
        f"{chosen.features} features, {total} test cases: {right} right ({right / total:.1%}), {missed} malignant ones missed\n"
    )
    say(f"plane through all {len(cases)} cases: {free} without a price, {margin} on the margin, {full} at the full price\n")
    say(f"prices of malignant cases {prices[malignant].sum():.4f}, of benign ones {prices[~malignant].sum():.4f}\n")


if __name__ == "__main__":
    main()
