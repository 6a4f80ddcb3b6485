"""Values at the door: each that does not fit gets one line that says what to write."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import (
    Float,
    GreaterThan,
    I,
    Integer,
    Matrix,
    MatrixSymbol,
    Rational,
    Sum,
    Trace,
    oo,
    pi,
    symbols,
)

from weingarten import GaussianMatrix, HaarOrthogonal, HaarUnitary, crosscheck, estimate

d, n = symbols("d n", integer=True, positive=True)
k = symbols("k", integer=True)
x, z = symbols("x z")
r, p, e = symbols("r", real=True), symbols("p", positive=True), symbols("e", even=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, v = MatrixSymbol("A", d, d), MatrixSymbol("v", d, 1)
EYE = np.eye(4)


def mean(expr, at):
    return estimate(expr, samples=10, at=at).mean


@pytest.mark.parametrize(
    ("expr", "at", "error", "message"),
    [
        (
            Trace(W * A),
            5,
            TypeError,
            r"at = 5: expected a mapping .*at=\{d: 5, A: <array of shape d",
        ),
        (Trace(W * A), [(d, 4)], TypeError, r"at = \[\(d, 4\)\]: expected a mapping"),
        (W[0, 0], None, ValueError, r"d has no value; .*such as at=\{d: 5\}$"),
        (W[0, 0], {}, ValueError, r"d has no value; .*such as at=\{d: 5\}$"),
        (x * W[0, 0], {d: 3}, ValueError, r"x has no value; .*such as at=\{x: 0.5\}$"),
        (Trace(W * A), {d: 4}, ValueError, "A has no value; .*<array of shape d x d>"),
        (Trace(W * A), {}, ValueError, "A, d have no value"),
        (Sum(W[k, 0], (k, 0, n)), {d: 3}, ValueError, "n has no value"),
        (W[k, 0], {d: 3}, ValueError, r"k has no value; .*such as at=\{k: 5\}$"),
        (W[0, 0], {symbols("d"): 3}, ValueError, "the d in `at` is another symbol"),
        (W[0, 0], {d: 3.0}, TypeError, r"at=\{d: 3.0\}: expected an integer for d, write 3$"),
        (W[0, 0], {d: 2.5}, TypeError, r"at=\{d: 2.5\}: expected an integer for d, such as 5$"),
        (W[0, 0], {d: Float(3)}, TypeError, "write 3$"),
        (W[0, 0], {d: np.float64(3)}, TypeError, "write 3$"),
        (W[0, 0], {d: Rational(7, 2)}, TypeError, "expected an integer for d"),
        (W[0, 0], {d: 3 + 1j}, TypeError, "expected an integer for d"),
        (W[0, 0], {d: True}, TypeError, "expected a number for d"),
        (W[0, 0], {d: "3"}, TypeError, r"at=\{d: '3'\}: expected a number for d"),
        (W[0, 0], {d: None}, TypeError, "expected a number for d"),
        (W[0, 0], {d: [3]}, TypeError, "expected a number for d"),
        (W[0, 0], {d: n}, TypeError, "expected a number for d"),
        (W[0, 0], {d: -3}, ValueError, r"at=\{d: -3\}: d is positive by its assumptions"),
        (W[0, 0], {d: 0}, ValueError, "d is positive by its assumptions"),
        (x * W[0, 0], {d: 3, x: float("nan")}, ValueError, "expected a finite number for x"),
        (x * W[0, 0], {d: 3, x: float("inf")}, ValueError, "expected a finite number for x"),
        (x * W[0, 0], {d: 3, x: oo}, ValueError, "expected a finite number for x"),
        (x * W[0, 0], {d: 3, x: np.ones(3)}, TypeError, "expected a number for x"),
        (r * W[0, 0], {d: 3, r: 1j}, ValueError, "r is real by its assumptions"),
        (r * W[0, 0], {d: 3, r: 1 + 2 * I}, ValueError, "r is real by its assumptions"),
        (p * W[0, 0], {d: 3, p: -0.5}, ValueError, "p is positive by its assumptions"),
        (e * W[0, 0], {d: 3, e: 3}, ValueError, "e is even by its assumptions"),
        (W[0, 0], {d: 3, "A": EYE}, TypeError, "the key 'A'; expected symbols"),
        (W[0, 0], {d: 3, W: EYE}, TypeError, "a value for W, which is random"),
        (W[0, 0], {d: 3, A * A: EYE}, TypeError, r"the key A\*\*2"),
        (Trace(W * A), {d: 3, A: EYE}, ValueError, r"A has the shape \(4, 4\); expected \(3, 3\)$"),
        (Trace(W * A), {d: 3, A: 5}, ValueError, r"A has the shape \(\); expected \(3, 3\)$"),
        (Trace(W * A), {d: 2, A: [[1, 2], [3]]}, TypeError, "A is no array of numbers"),
        (Trace(W * A), {d: 2, A: [["1", "2"], ["3", "4"]]}, TypeError, "A is no array of numbers"),
        (Trace(W * A), {d: 2, A: [[x, 1], [1, 1]]}, TypeError, "A is no array of numbers"),
        (Trace(W * A), {d: 2, A: [[np.nan, 1], [1, 1]]}, ValueError, "not finite"),
        ((W * v)[0, 0], {d: 4, v: np.ones(4)}, ValueError, r"write numpy.reshape\(..., \(4, 1\)\)"),
    ],
)
def test_a_value_that_does_not_fit_is_one_clear_line(expr, at, error, message):
    for function in (estimate, crosscheck):
        with pytest.raises(error, match=message) as caught:
            function(expr, samples=10, at=at)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (
            np.array([[W[0, 0]]], dtype=object),
            r"expr is a NumPy array of shape \(1, 1\).*Matrix\(expr",
        ),
        (np.eye(2), "a MatrixSymbol with the array of numbers in `at`"),
        ("W", "expr = 'W' is of type str"),
        ([W[0, 0]], "is of type list"),
        (None, "is of type NoneType"),
        (GreaterThan(W[0, 0], 0), "is of type GreaterThan"),
    ],
)
def test_what_is_no_expression_is_refused(expr, message):
    for function in (estimate, crosscheck):
        with pytest.raises(TypeError, match=message):
            function(expr, samples=10, at={d: 2})
    if expr is None:
        return
    with pytest.raises(TypeError, match=message.replace("expr", "exact")):
        crosscheck(W[0, 0], samples=10, at={d: 2}, exact=expr)


@pytest.mark.parametrize("two", [2, np.int64(2), Integer(2), np.array(2)])
def test_an_integer_may_come_in_many_types(two):
    assert mean(d + 0 * W[0, 0], {d: two}) == 2
    assert np.shape(mean(W, {d: two})) == (2, 2)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.5, 0.5),
        (Fraction(1, 2), 0.5),
        (Rational(1, 2), 0.5),
        (np.float32(0.5), 0.5),
        (pi, np.pi),
        (1 + 2j, 1 + 2j),
        (1 + 2 * I, 1 + 2j),
        (np.complex128(1j), 1j),
        (1 + 0j, 1.0),
    ],
)
def test_a_number_may_come_in_many_types(value, number):
    assert mean(z * Trace(W * W.T), {d: 2, z: value}) == pytest.approx(2 * number)


def test_an_array_may_be_a_list_or_a_matrix_of_sympy():
    for value in ([[1, 2], [3, 4]], Matrix([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]])):
        assert mean(Trace(A), {d: 2, A: value}) == 5
    assert mean(Trace(A), {d: 1, A: Matrix([[I / 2]])}) == 0.5j


def test_a_mutable_matrix_of_sympy_and_a_plain_number_are_expressions():
    assert mean(Matrix([[W[0, 0], 2]]), {d: 1})[0, 1] == 2
    assert mean(3, {}) == 3


def test_values_of_what_does_not_occur_are_let_pass():
    assert mean(x, {d: 3, A: np.ones((3, 3)), x: 2}) == 2


def test_an_index_of_a_sum_may_have_the_name_of_a_value():
    total = Sum(W[k, 0] ** 2, (k, 0, d - 1))
    assert mean(k * total, {d: 3, k: 2}) == pytest.approx(2)
    assert crosscheck(k * total, samples=100, at={d: 3, k: 2})


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        (1, ValueError, "samples = 1: expected at least 2"),
        (0, ValueError, "samples = 0"),
        (-3, ValueError, "samples = -3"),
        (10.5, TypeError, "samples = 10.5"),
        ("10", TypeError, "samples = '10'"),
    ],
)
def test_a_standard_error_needs_two_samples(samples, error, message):
    with pytest.raises(error, match=message):
        estimate(W[0, 0], samples=samples, at={d: 2})


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (1.5, TypeError), ("a", TypeError)])
def test_what_is_no_seed_is_named(seed, error):
    with pytest.raises(error, match=r"seed = .*expected a non-negative integer, a numpy"):
        estimate(W[0, 0], samples=10, seed=seed, at={d: 2})


def test_a_generator_may_be_the_seed_and_goes_on():
    rng = np.random.default_rng(3)
    one, two = (estimate(W[0, 0], samples=10, seed=rng, at={d: 2}).mean for _ in range(2))
    assert one != two
    assert one == estimate(W[0, 0], samples=10, seed=3, at={d: 2}).mean


def test_the_sizes_of_a_random_matrix_are_looked_up_too():
    G = GaussianMatrix("G", d, n, variance=x)
    with pytest.raises(ValueError, match="d, n, x have no value"):
        estimate(Trace(G * G.T), at={})
    assert np.shape(mean(G, {d: 2, n: 3, x: 1})) == (2, 3)
