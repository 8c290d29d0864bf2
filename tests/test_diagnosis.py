"""Diagnosis by linear programming: the request, the prices of cases and the scaling of one fold."""

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest

from models.linear import LinearProblem
from solvers.base import Silent
from solvers.pipeline import answer
from tests.server import ROOT
from tests.solvers.linear.cases import FEATURE


@pytest.fixture(scope="module")
def diagnosis() -> ModuleType:
    """Return the script as a module."""
    path = ROOT / "scripts" / "diagnosis_by_linear_programming.py"
    spec = importlib.util.spec_from_file_location("diagnosis_by_linear_programming", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_plane_of_one_fold_separates_and_its_prices_balance(diagnosis: ModuleType) -> None:
    """At least 90 % of unseen cases; prices of both groups have the same sum and, weighted by them, the same mean."""
    cases, malignant = diagnosis.tumours(3)
    train, test = next(diagnosis.folds(malignant, 0))
    points = diagnosis.scaled(cases, train)
    body = diagnosis.request(points[train], malignant[train])
    problem = LinearProblem.model_validate({**body, "options": {**body["options"], "explain": "full"}}, strict=False)
    run = answer(FEATURE, problem, Silent(), input_sha256="0" * 64)
    assert run.certificate is not None
    assert run.certificate.verified
    values = run.solution.variables
    plane = diagnosis.Plane(weights=np.array([values[f"w{at}"] for at in range(3)]), offset=values["g"], prices=None)
    assert (plane.calls_malignant(points[test]) == malignant[test]).mean() >= 0.9
    prices = np.array([report.shadow_price for report in run.explanation.constraints])
    ill = malignant[train]
    assert prices[ill].sum() == pytest.approx(prices[~ill].sum(), abs=1e-9)
    assert prices[ill] @ points[train][ill] == pytest.approx(prices[~ill] @ points[train][~ill], abs=1e-7)
    assert run.objective is not None
    assert run.objective.value == pytest.approx(prices.sum())


def test_scaling_knows_the_training_cases_only(diagnosis: ModuleType) -> None:
    """Training cases have mean 0 and deviation 1; changing a test case changes no other one."""
    cases, malignant = diagnosis.tumours(3)
    train, test = next(diagnosis.folds(malignant, 0))
    before = diagnosis.scaled(cases, train)
    assert before[train].mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert before[train].std(axis=0) == pytest.approx(1)
    changed = cases.copy()
    changed[test] *= 1000
    assert np.array_equal(diagnosis.scaled(changed, train)[train], before[train])


def test_every_case_is_tested_once(diagnosis: ModuleType) -> None:
    """Ten folds, each with its share of malignant cases."""
    _, malignant = diagnosis.tumours(30)
    tested = [test for _, test in diagnosis.folds(malignant, 3)]
    assert sorted(np.concatenate(tested).tolist()) == list(range(569))
    assert {int(malignant[test].sum()) for test in tested} <= {21, 22}
