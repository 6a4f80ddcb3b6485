"""Simulation against formulas: it agrees with true ones and rejects wrong ones and biased draws."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student
from sympy import Eq

from derivations import catalogue
from derivations.formula import HypothesisError
from derivations.notation import d, p
from derivations.numeric import montecarlo
from derivations.numeric.montecarlo import (
    FALSE_ALARM,
    Z_LIMIT,
    LayerInput,
    crosscheck,
    input_with_spectrum,
)
from derivations.point import Point
from derivations.registry import THEMES
from weingarten.simulation import sampling
from weingarten.simulation.results import Crosscheck

ALL = [catalogue[name] for name in (*THEMES["entries"], *THEMES["row_norms"], "isometry-gap-step")]
AT = input_with_spectrum(Point.of(None, [1, 2, 3, 4, 5, 6]), "a spectrum")
FORMULAS = {formula.name: formula for formula in ALL}


def test_every_formula_agrees():
    simulated = [f for f in catalogue.values() if f.simulated]
    met = [f for f in simulated if not f.failing(f.completed(AT.point))]
    assert [f.name for f in simulated if f not in met] == ["width-two-law"]
    rows = crosscheck(met, [AT], 20_000, 0, sparing=True)
    assert [row.formula for row in rows] == [f.name for f in met]
    assert all(row.standard_error >= 0 for row in rows)
    assert [row for row in rows if not row.agrees] == []


WRONG = {
    # Each is a slip that is easily made: Gaussian entries, a lost factor, a wrong sign.
    "entry-fourth-moment": 3 / d**2,
    "entry-same-row": 1 / d**2,
    "entry-disjoint": 1 / (d * (d + 2)),
    "entry-rectangle": 1 / (d * (d - 1) * (d + 2)),
    "row-norm-mean": p(1),
    "row-norm-variance": 2 * p(2) / d**2,
    "row-norm-covariance": 2 * (d * p(2) - p(1) ** 2) / (d**2 * (d - 1) * (d + 2)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_formula_is_rejected(name):
    true = FORMULAS[name]
    wrong = replace(true, statement=Eq(true.statement.lhs, WRONG[name]))
    (row,) = crosscheck([wrong], [AT], 20_000, 0)
    assert not row.agrees


def test_wrong_isometry_law_is_rejected():
    true = FORMULAS["isometry-gap-step"]
    wrong = replace(true, value=lambda formula, point: true.value(formula, point) * 1.01)
    (row,) = crosscheck([wrong], [AT], 20_000, 0)
    assert not row.agrees


def _gaussian(d, size, rng):
    return rng.standard_normal((size, d, d)) / np.sqrt(d)


def _one_reflection(d, size, rng):
    v = rng.standard_normal((size, d, 1))
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    return np.eye(d) - 2 * v @ v.swapaxes(1, 2)


@pytest.mark.parametrize("weights", [_gaussian, _one_reflection])
def test_biased_weights_are_caught_by_every_entry_formula(weights):
    entries = [formula for formula in ALL if formula.name.startswith("entry-")]
    rows = crosscheck(entries, [AT], 20_000, 0, weights=weights)
    caught = [row.formula for row in rows if not row.agrees]
    assert "entry-fourth-moment" in caught
    assert len(caught) >= 2


def test_same_seed_same_numbers_and_another_seed_others():
    first, again, other = (crosscheck(ALL, [AT], 500, seed) for seed in (3, 3, 4))
    assert first == again
    assert [row.mean for row in first] != [row.mean for row in other]


def test_result_does_not_depend_on_the_executor(monkeypatch):
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 36 * 100)
    with ThreadPoolExecutor(2) as executor:
        parallel = crosscheck(ALL, [AT], 1050, 0, executor=executor)
    assert parallel == crosscheck(ALL, [AT], 1050, 0)


def test_one_set_of_draws_serves_all_formulas_and_inputs():
    drawn = []

    def counting(d, size, rng):
        drawn.append(size)
        return montecarlo.haar_orthogonal(d, size, rng)

    other = input_with_spectrum(Point.of(None, [1, 1, 1, 1, 1, 7]), "another")
    rows = crosscheck(ALL, [AT, other], 300, 0, weights=counting)
    assert sum(drawn) == 300
    assert [row.where for row in rows].count("another") == sum(f.depends_on_input for f in ALL)
    assert len({(row.formula, row.where) for row in rows}) == len(rows)


def test_progress_counts_every_draw(monkeypatch):
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 36 * 100)
    done = []
    crosscheck(ALL[:1], [AT], 250, 0, progress=done.append)
    assert done == [100, 100, 50]


def test_isotropic_input_has_no_spread_and_agrees():
    at = LayerInput(1e3 * np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))[0], "flat")
    rows = crosscheck(ALL, [at], 200, 0)
    assert all(row.agrees for row in rows)
    by_name = {row.formula: row for row in rows}
    assert by_name["row-norm-mean"].z == 0.0
    wrong = replace(FORMULAS["row-norm-mean"], statement=Eq(p(1), 1.001 * p(1) / d))
    assert not crosscheck([wrong], [at], 200, 0)[0].agrees


def test_width_one_is_deterministic():
    (row,) = crosscheck([FORMULAS["entry-fourth-moment"]], [LayerInput(np.array([[2.0]]))], 10, 0)
    assert (row.exact, row.mean, row.z) == (1.0, 1.0, 0.0)


def test_singular_input_is_refused_for_the_gap_alone():
    at = input_with_spectrum(Point.of(None, [1, 2, 0]))
    with pytest.raises(HypothesisError, match="isometry-gap-step"):
        crosscheck(ALL, [at], 100, 0)
    names = ["row-norm-mean", "row-norm-variance", "row-norm-covariance"]
    assert all(row.agrees for row in crosscheck([FORMULAS[n] for n in names], [at], 5000, 0))


@pytest.mark.parametrize(
    ("samples", "seed", "error", "says"),
    [
        (1, 0, ValueError, "samples = 1: expected at least 2"),
        (-5, 0, ValueError, "samples = -5"),
        (100, -1, ValueError, "seed = -1"),
        (10.5, 0, TypeError, "samples = 10.5: expected"),
        (100, 1.5, TypeError, "seed = 1.5: expected a non-negative integer"),
        (100, None, TypeError, "seed = None: expected a non-negative integer"),
    ],
)
def test_counts_are_checked(samples, seed, error, says):
    with pytest.raises(error, match=says):
        FORMULAS["row-norm-mean"].crosscheck(samples=samples, seed=seed)


def test_formula_crosscheck_takes_a_width_or_a_spectrum():
    formula = FORMULAS["row-norm-mean"]
    assert formula.crosscheck(200, 0, d=3).exact == 2.0
    assert formula.crosscheck(200, 0, spectrum=[0.5, 1.5]).exact == 1.0
    assert formula.crosscheck(200, 0).exact == 4.5


def test_a_row_is_the_check_of_the_engine():
    row = FORMULAS["row-norm-mean"].crosscheck(200, 7, d=3)
    assert type(row) is Crosscheck
    assert (row.formula, row.where) == ("row-norm-mean", "")
    assert (row.exact, row.value, row.estimate.samples, row.estimate.seed) == (2.0, 2.0, 200, 7)
    assert row.threshold == pytest.approx(student.isf(FALSE_ALARM / 2, 199), rel=1e-12)
    assert row.threshold > Z_LIMIT
    assert row.false_alarm_rate == FALSE_ALARM
    assert pickle.loads(pickle.dumps(row)) == row


def test_the_error_of_a_row_is_that_of_all_draws(monkeypatch):
    # Three chunks, of which the last is short, against the draws themselves.
    monkeypatch.setattr(sampling, "NUMBERS_PER_CHUNK", 36 * 100)
    formula, seen = FORMULAS["row-norm-variance"], []

    def noted(formula):
        values = formula.observe

        def observe(layer):
            seen.append(values(layer))
            return seen[-1]

        return replace(formula, observe=observe)

    (row,) = crosscheck([noted(formula)], [AT], 250, 0)
    values = np.concatenate(seen)
    assert row.mean == pytest.approx(values.mean(), rel=1e-12)
    assert row.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(250), rel=1e-12)


def test_no_formulas_no_rows():
    assert crosscheck([], [AT], 100, 0) == []


def test_false_alarm_rate_is_that_of_four_standard_errors():
    assert pytest.approx(6.334e-5, rel=1e-3) == FALSE_ALARM


def test_formulas_about_the_same_draws_share_them():
    calls = []

    def noise(point, count, rng):
        calls.append((count, point["depth"]))
        return rng.standard_normal(count)

    known = catalogue["isometry-gap-contraction"]
    first = replace(known, name="first", draw=noise)
    second = replace(known, name="second", draw=noise)
    at = input_with_spectrum(Point.of(None, [1, 2, 3], depth=3), "a spectrum")
    deeper = input_with_spectrum(Point.of(None, [1, 2, 3], depth=4), "deeper")
    one, other = crosscheck([first, second], [at], 100, 0)
    assert calls == [(100, 3)]
    assert one.mean == other.mean
    rows = crosscheck([first, second], [at, deeper], 100, 0)
    assert sorted(calls[1:]) == [(100, 3), (100, 4)]
    assert rows[0].mean == rows[2].mean != rows[1].mean == rows[3].mean
