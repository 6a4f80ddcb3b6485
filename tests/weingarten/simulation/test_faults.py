"""Planted faults: one in the exact route, in the evaluator or in a sampler is seen."""

import sys

import numpy as np
import pytest
from sympy import (
    Adjoint,
    KroneckerDelta,
    MatMul,
    MatrixSymbol,
    Pow,
    Rational,
    Sum,
    Trace,
    Transpose,
    symbols,
)

from weingarten import HaarOrthogonal, HaarUnitary, crosscheck
from weingarten.expressions.reader import Reader
from weingarten.functions.rational import constant
from weingarten.integration import entries
from weingarten.simulation.frame import matrix_value, scalar_value

d = symbols("d", integer=True, positive=True)
i, k = symbols("i k", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A = MatrixSymbol("A", d, d)
AT = {d: 3, A: np.random.default_rng(2).normal(size=(3, 3)) + np.eye(3)}


def checked(expr):
    return crosscheck(expr, samples=20_000, seed=5, at=AT)


def _clear_caches():
    for name, module in list(sys.modules.items()):
        if name.startswith("weingarten"):
            for value in vars(module).values():
                getattr(value, "cache_clear", lambda: None)()


@pytest.fixture(autouse=True)
def no_memory_of_faults():
    """Let no value that a fault made stay in a cache."""
    _clear_caches()
    yield
    _clear_caches()


@pytest.fixture
def plant():
    """Put another rule of the evaluator in the place of one, until the test is over."""
    true = []

    def planted(rules, kind, make):
        rule = rules.dispatch(kind)
        true.append((rules, kind, rule))
        rules.register(kind, lambda expr, frame: make(rule, expr, frame))

    yield planted
    for rules, kind, rule in true:
        rules.register(kind, rule)


# In the exact route -------------------------------------------------------------------------------


def test_a_wrong_weingarten_sum_is_seen(monkeypatch):
    expr = W[0, 0] ** 2 * W[1, 1] ** 2 * W[2, 2] ** 2
    assert checked(expr)
    _clear_caches()
    true = entries.class_sum
    monkeypatch.setattr(entries, "class_sum", lambda *args: true(*args) * constant(2))
    check = checked(expr)
    assert not check, check


def test_a_reader_that_drops_a_transpose_is_seen(monkeypatch):
    expr = Trace(W * A * A.T * W.T * A)
    assert checked(expr)
    true = Reader.matrix

    def forgetful(self, expr):
        constant = isinstance(expr, Transpose) and not isinstance(expr.arg, HaarOrthogonal)
        return true(self, expr.arg if constant else expr)

    monkeypatch.setattr(Reader, "matrix", forgetful)
    assert not checked(expr)


def test_a_reader_that_forgets_a_factor_is_seen(monkeypatch):
    expr = W * A * A * W.T
    assert checked(expr)
    true = Reader.matrix

    def forgetful(self, expr):
        short = isinstance(expr, MatMul) and len(expr.args) > 2
        return true(self, MatMul(expr.args[0], *expr.args[2:]) if short else expr)

    monkeypatch.setattr(Reader, "matrix", forgetful)
    assert not checked(expr)


# In the evaluator ---------------------------------------------------------------------------------


EVALUATOR_FAULTS = {
    "no transpose": (
        (matrix_value, Transpose, lambda rule, expr, frame: frame.matrix(expr.arg)),
        Trace(W * A * W.T * A),
    ),
    "no conjugate": (
        (matrix_value, Adjoint, lambda rule, expr, frame: np.swapaxes(
            frame.matrix(expr.arg), -2, -1)),
        Trace(U * A * U.H * A),
    ),
    "a delta that is always one": (
        (scalar_value, KroneckerDelta, lambda rule, expr, frame: np.ones((1, 1))),
        Sum(KroneckerDelta(k, i) * W[k, 0] * W[i, 0] * W[k, 1] * W[i, 1],
            (k, 0, d - 1), (i, 0, d - 1)),
    ),
    "a sum that stops early": (
        (scalar_value, Sum, lambda rule, expr, frame: rule(
            Sum(expr.function, *((n, low, high - 1) for n, low, high in expr.limits)), frame)),
        (W * A * W.T)[0, 0] ** 2,
    ),
    "a power that is a square": (
        (scalar_value, Pow, lambda rule, expr, frame: frame.scalar(expr.base) ** 2),
        W[0, 0] ** 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", EVALUATOR_FAULTS)
def test_a_fault_of_the_evaluator_is_seen(plant, fault):
    planted, expr = EVALUATOR_FAULTS[fault]
    if fault != "a delta that is always one":  # what E makes of this sum is another room's
        assert checked(expr)
    plant(*planted)
    assert not checked(expr)


# In a sampler -------------------------------------------------------------------------------------


def _gaussian(self, size, seed=None):
    n = int(self.shape[0])
    return np.random.default_rng(seed).standard_normal((size, n, n)) / np.sqrt(n)


def _signs_of_the_library(self, size, seed=None):
    n = int(self.shape[0])
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, n, n)))[0]


def _the_same_again(self, size, seed=None):
    n = int(self.shape[0])
    reflected = np.linalg.qr(np.random.default_rng(0).standard_normal((n, n)))[0]
    return np.repeat(reflected[None], size, axis=0)


@pytest.mark.parametrize(
    ("sample", "expr"),
    [
        (_gaussian, W[0, 0] ** 4),
        (_signs_of_the_library, W[0, 0]),
        (_the_same_again, W[0, 0] ** 2),
    ],
)
def test_a_biased_sampler_is_caught(monkeypatch, sample, expr):
    assert checked(expr)
    monkeypatch.setattr(HaarOrthogonal, "sample", sample)
    assert not checked(expr)


def test_a_value_off_by_a_tenth_is_caught():
    right = 3 / (d * (d + 2))
    for factor, agrees in ((1, True), (Rational(11, 10), False), (Rational(9, 10), False)):
        check = crosscheck(W[0, 0] ** 4, samples=20_000, at=AT, exact=right * factor)
        assert check.passed is agrees
