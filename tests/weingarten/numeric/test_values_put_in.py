"""Values that are put in for symbols: wherever these stand, or refused."""

import warnings

import numpy as np
import pytest
from sympy import (
    Determinant,
    I,
    Integer,
    Integral,
    Lambda,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    conjugate,
    cos,
    eye,
    sin,
    sqrt,
    symbols,
)

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    compiled,
    crosscheck,
    estimate,
)
from weingarten.expressions.facts import Facts
from weingarten.numeric.program import program_of
from weingarten.values.substitution import with_values

d, m, n, k = symbols("d m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
x = Symbol("x")
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
SYMPLECTIC = HaarSymplectic("S", m)

#: Sums whose limits do not hold the dimension.
SUMS = [
    (Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3}, Rational(2, 3)),
    (Sum(W[i, 0] ** 4, (i, 0, 1)), {d: 3}, Rational(2, 5)),
    (Sum(W[i, 0] ** 2, (i, 0, 1)) ** 2, {d: 3}, Rational(8, 15)),
    (Sum(W[i, 0] ** 2 * W[i, 1] ** 2, (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 15)),
    (Sum(W[i, i] ** 2, (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 3)),
    (Sum(U[i, 0] * conjugate(U[i, 0]), (i, 0, k - 1)), {d: 3, k: 2}, Rational(2, 3)),
    (Sum(abs(SYMPLECTIC[i, 0]) ** 2, (i, 0, 1)), {m: 2}, Rational(1, 2)),
    (Sum(W[i, 0] ** 2 * A[i, i], (i, 0, 1)), {d: 3, A: eye(3)}, Rational(2, 3)),
    (W[0, 0] ** 2 * Sum(A[i, 0], (i, 0, 1)), {d: 3, A: eye(3)}, Rational(1, 3)),
    (W[0, 0] ** 2 * Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3}, Rational(4, 15)),
    (Sum(W[i, 0] ** 2 * W[j, 1] ** 2, (i, 0, j), (j, 0, 1)), {d: 3}, Rational(4, 15)),
    (Sum(GaussianMatrix("G", n, 2, variance=1 / n)[i, 0] ** 2, (i, 0, 1)), {n: 3}, Rational(2, 3)),
    (GaussianMatrix("G", n, 2, variance=1 / n)[0, 0] ** 2, {n: 3}, Rational(1, 3)),
    (Matrix([[Sum(W[i, 0] ** 2, (i, 0, 1)), W[0, 0] ** 2]]), {d: 3}, Matrix([[2, 1]]) / 3),
    (Trace(A) * Sum(W[i, 0] ** 2, (i, 0, 1)), {d: 3, A: eye(3)}, S(2)),
]


@pytest.mark.parametrize(("expr", "at", "want"), SUMS)
def test_the_dimension_is_put_into_sums(expr, at, want):
    assert E(expr, at=at) == want
    assert compiled(expr, list(at))(*at.values()) == want
    digits = E(expr, at=at, digits=20)
    assert abs(np.array(digits - want, dtype=float)).max() < 1e-19


@pytest.mark.parametrize(("expr", "at", "want"), SUMS)
def test_a_simulation_has_the_same_sums(expr, at, want):
    check = crosscheck(expr, at=at, samples=400, seed=1)
    assert check.passed
    np.testing.assert_allclose(check.evaluated, np.array(want, dtype=float), rtol=1e-12)
    found = estimate(expr, at=at, samples=400, seed=1)
    off = np.abs(found.mean - np.array(want, dtype=float))
    assert (off <= 6 * np.array(found.standard_error) + 1e-12).all()


@pytest.mark.parametrize("function", [E, crosscheck, estimate])
def test_an_entry_that_does_not_exist_is_refused(function):
    with pytest.raises(ValueError, match="from 0 to 2"):
        function(Sum(W[i, i] ** 2, (i, 0, k - 1)), at={d: 3, k: 5})
    with pytest.raises(ValueError, match="from 0 to 2"):
        compiled(Sum(W[i, i] ** 2, (i, 0, k - 1)), [d, k])(3, 5)


def test_an_index_that_is_summed_keeps_its_name():
    # The free index has a value, the summed one of the same name runs.
    expr = W[i, 0] ** 2 * Sum(W[i, 0] ** 2, (i, 0, 1))
    assert E(expr, at={d: 3, i: 2}) == Rational(2, 15)
    assert crosscheck(expr, at={d: 3, i: 2}, samples=400, seed=1).passed
    two = Integer(2)
    assert with_values(Sum(A[i, j], (i, 0, j), (j, 0, i)), {i: two}) == Sum(
        A[i, j], (i, 0, j), (j, 0, 2)
    )
    assert with_values(Integral(x * Trace(A), (x, 0, k)), {x: two, k: two}) == Integral(
        x * Trace(A), (x, 0, 2)
    )
    assert with_values(Lambda(i, A[i, k]), {i: two, k: two}) == Lambda(i, A[i, 2])


def test_a_program_has_no_symbolic_dimension():
    for matrix in (W, U, SYMPLECTIC, GaussianMatrix("G", n, 2)):
        with pytest.raises(ValueError, match="has the symbolic shape"):
            program_of(matrix[0, 0] ** 2, Facts())


def test_a_variance_that_is_not_positive_is_refused():
    expr = GaussianMatrix("G", 2, 2, variance=x)[0, 0] ** 2
    assert E(expr, at={x: Rational(1, 2)}) == Rational(1, 2)
    assert E(expr, at={x: 0.25}) == 0.25
    for value in (-1.0, -1, Rational(-1, 2)):
        with pytest.raises(ValueError, match="expected a positive expression"):
            E(expr, at={x: value})


def test_an_explicit_matrix_beside_a_symbolic_dimension():
    assert E(W[0, 0] ** 2 * Trace(Matrix([[1, 2], [3, 4]]))) == 5 / d


def test_two_matrices_of_one_name_are_not_taken_for_one():
    V, A2 = HaarOrthogonal("V", n), MatrixSymbol("A", n, n)
    f = compiled(Trace(W * A * W.T) + 100 * Trace(V * A2 * V.T), [d, n, A, A2])
    one = np.eye(2)
    for _ in range(2):
        assert f(2, 2, one, one) == pytest.approx(202)
        assert f(2, 3, one, 2 * np.eye(3)) == pytest.approx(602)
        with pytest.raises(ValueError, match="two values for matrices called A"):
            f(2, 2, one, 2 * one)
    assert f(2, 2, one, one) == pytest.approx(202)
    for _ in range(2):
        with pytest.raises(ValueError, match="two values for matrices called A"):
            f(2, 2, one, 2 * one)


COMPLEX = Matrix([[1, I], [2, 3]])


@pytest.mark.parametrize(
    ("expr", "want"),
    [
        (Determinant(A) * W[0, 0] ** 2, (3 - 2 * I) / 2),
        (sin(Trace(A)) * W[0, 0] ** 2, sin(4) / 2),
        (sin(A[0, 1]) * W[0, 0] ** 2, sin(I) / 2),
        (abs(Trace(A)) * W[0, 0] ** 2, S(2)),
        (abs(A[0, 1] + 1) * W[0, 0] ** 2, sqrt(2) / 2),
        (Determinant(A) * Trace(A * W * B * W.T), (3 - 2 * I) * 10),
        (Determinant(A * A) * W[0, 0] ** 2, (3 - 2 * I) ** 2 / 2),
        (Determinant(A + B) * W[0, 0] ** 2, (14 - 8 * I - 2 * I - 1) / 2 + S(1) / 2),
    ],
)
def test_complex_matrices_under_functions(expr, want):
    b = Matrix([[1, 0], [2, 4]])
    number = complex(want)
    if expr.has(Determinant(A + B)):
        number = complex((COMPLEX + b).det()) / 2
    if expr.has(B):
        at, arrays = {B: b}, {B: np.array(b.tolist(), dtype=float)}
    else:
        at, arrays = {}, {}
    at |= {d: 2, A: COMPLEX}
    arrays |= {d: 2, A: np.array([[1, 1j], [2, 3]])}
    assert complex(E(expr, at=at)) == pytest.approx(number, rel=1e-12)
    assert complex(E(expr, at=arrays)) == pytest.approx(number, rel=1e-12)
    assert complex(E(expr, at=arrays, digits=25)) == pytest.approx(number, rel=1e-12)
    assert complex(crosscheck(expr, at=at, samples=100, seed=1).evaluated) == pytest.approx(number)


def test_a_determinant_of_complex_numbers_is_exact():
    assert E(Determinant(A) * W[0, 0] ** 2, at={d: 2, A: COMPLEX}) == (3 - 2 * I) / 2
    a = Matrix(4, 4, lambda r, c: (r * c + r) % 5 + I * ((r + 2 * c) % 3) / 2 + int(r == c))
    got = E(Determinant(A) * W[0, 0] ** 2, at={d: 4, A: a})
    assert (got - a.det(method="berkowitz") / 4).expand() == 0


@pytest.mark.parametrize("fact", [Q.symmetric(B), Q.symmetric(A * B), Q.symmetric(B.T * B)])
def test_a_fact_about_a_matrix_without_a_value_is_refused(fact):
    with pytest.raises(ValueError, match="B has no value"):
        E((W * A * W.T)[0, 0], given=fact, at={d: 2, A: np.eye(2)})


def test_matrices_of_other_classes_than_arrays():
    s = np.array([[1.0, 2.0], [2.0, 3.0]])
    h = compiled((W * A * W.T)[0, 0] ** 2, [d, A])
    want = (2 * 18 + 16) / 8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        matrix = np.matrix(s)
    for value in (s, matrix, s.tolist(), np.ma.array(s), s):
        assert h(2, value) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("digits", [None, 20])
@pytest.mark.parametrize("value", [1.0, 1])
def test_a_number_that_is_zero_is_seen(digits, value):
    zero = sin(x) ** 2 + cos(x) ** 2 - 1
    at = {x: value, d: 3}
    assert S(E(zero * W[0, 0] ** 2, at=at, digits=digits)).equals(0)
    assert complex(E((zero + I) * W[0, 0] ** 2, at=at, digits=digits)) == pytest.approx(1j / 3)
    small = E((zero + x * Rational(1, 10**40)) * W[0, 0] ** 2, at=at, digits=digits)
    assert float(small) == pytest.approx(1e-40 / 3, rel=1e-12)


@pytest.mark.parametrize("args", [d, A, "d", 3])
def test_what_is_no_list_of_symbols_is_refused(args):
    with pytest.raises(TypeError, match="expected a list of symbols"):
        compiled(W[0, 0] ** 2, args)


PAIR = Trace(W * A * W.T * A)
SMALL = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("scale", [1e-200, 1e-160])
def test_a_value_that_is_too_small_for_a_float_is_refused(scale):
    at = {d: 2, A: scale * SMALL}
    for function in (lambda **more: E(PAIR, at=at, **more), compiled(PAIR, [d, A])):
        arguments = (2, at[A]) if not hasattr(function, "__name__") else ()
        with pytest.raises(ValueError, match="too small for a float"):
            function(*arguments)
        want = Rational(scale) ** 2 * Rational(25, 2)
        assert abs(function(*arguments, digits=20) / want - 1) < 1e-15
    least = 2.0**-1074
    assert E(2 * x * W[0, 0] ** 2, at={d: 2, x: least}) == least
    large = {d: 2, A: SMALL / 1e-200}
    with pytest.raises(ValueError, match="too large for a float"):
        E(PAIR, at=large)


def test_long_doubles_are_not_cut():
    third = np.longdouble(1) / 3
    expr = Trace(W * A * W.T)
    for value in (np.full((2, 2), third), [[third, 1], [0, 1]], np.full((2, 2), third * 1j)):
        with pytest.raises(TypeError, match="whose last digits a float does not hold"):
            E(expr, at={d: 2, A: value})
        with pytest.raises(TypeError, match="whose last digits a float does not hold"):
            compiled(expr, [d, A])(2, value)
        with pytest.raises(TypeError, match="whose last digits a float does not hold"):
            estimate(expr, at={d: 2, A: value}, samples=10)
    with pytest.raises(TypeError, match="whose last digits a float does not hold"):
        E(x * W[0, 0] ** 2, at={d: 2, x: third})
    half = np.longdouble(1) / 2
    assert E(expr, at={d: 2, A: np.full((2, 2), half)}) == 1.0
    assert E(expr, at={d: 2, A: [[half, 0], [0, half]]}) == 1.0
    assert E(x * W[0, 0] ** 2, at={d: 2, x: half}) == 0.25


def test_a_mask_is_not_dropped():
    masked = np.ma.array(SMALL, mask=[[True, False], [False, False]])
    for value in (masked, [masked[0], masked[1]], np.ma.array(SMALL.astype(int), mask=masked.mask)):
        for function in (E, crosscheck, estimate):
            with pytest.raises(ValueError, match="entries that are masked"):
                function(PAIR, at={d: 2, A: value})
        with pytest.raises(ValueError, match="entries that are masked"):
            compiled(PAIR, [d, A])(2, value)


@pytest.mark.parametrize("power", [-400, 400, -310])
def test_exact_entries_of_any_size(power):
    size = Integer(10) ** power
    for entry in (size, size * I, 1 + size * I):
        a = Matrix([[entry, 1], [0, 1]])
        want = (entry + 1) ** 2 / 2
        assert (E(PAIR, at={d: 2, A: a}) - want).expand() == 0
        lettered = E(PAIR.subs(d, 2).subs(A.subs(d, 2), a.as_immutable()).doit())
        assert (lettered - want).expand() == 0
        with pytest.raises(ValueError, match="too large or too small for floats"):
            estimate(PAIR, at={d: 2, A: a}, samples=10)
    root = E(PAIR, at={d: 2, A: Matrix([[size * sqrt(2), 1], [0, 1]])}, digits=20)
    assert abs(root / ((size * sqrt(2) + 1) ** 2 / 2).evalf(30) - 1) < 1e-19
    # Beside a float, the other entries count.
    got = E(A[0, 0] * W[0, 0] ** 2, at={d: 2, A: Matrix([[size, 0.5], [0, 1]])}, digits=15)
    assert abs(got / size * 2 - 1) < 1e-14
    with pytest.raises(ValueError, match=r"too (small|large) for a float"):
        E(A[0, 0] * W[0, 0] ** 2, at={d: 2, A: Matrix([[size, 0.5], [0, 1]])})


def test_entries_that_are_no_finite_numbers_are_refused():
    for value in (np.inf, np.nan, S.Infinity, S.ComplexInfinity, S.NaN):
        with pytest.raises((TypeError, ValueError), match=r"not finite|no array of numbers"):
            E(PAIR, at={d: 2, A: [[value, 1], [0, 1]]})


@pytest.mark.parametrize(
    ("inner", "want"),
    [
        (Sum(A[i, 0], (i, 0, 1)), 4),
        (Sum(A[i, 0], (i, 0, d - 1)), 4),
        (Sum(A[i, j], (i, 0, j), (j, 0, 1)), 7),
        (Sum(A[i, 0] * Sum(A[i, 1], (i, 0, 1)), (i, 0, 1)), 24),
        (Sum(A[i, 0], (i, 0, k - 2)), 0),
        (Sum(x * Trace(A), (i, 0, 1)), 5),
    ],
)
def test_sums_under_a_function(inner, want):
    at = {d: 2, A: SMALL, x: 0.5, k: 1}
    at = {s: v for s, v in at.items() if s in inner.free_symbols | {d, A}}
    assert E(sin(inner) * W[0, 0] ** 2, at=at) == pytest.approx(np.sin(want) / 2, rel=1e-12)
    assert E(inner * W[0, 0] ** 2, at=at) == pytest.approx(want / 2, rel=1e-12)


def test_a_sum_under_a_function_that_leaves_the_matrix_is_refused():
    with pytest.raises(ValueError, match="expected indices from 0 that are below"):
        E(sin(Sum(A[i, 0], (i, 0, k))) * W[0, 0] ** 2, at={d: 2, A: SMALL, k: 2})
    with pytest.raises(ValueError, match="a range of at most"):
        E(sin(Sum(A[i, 0], (i, 1, -4))) * W[0, 0] ** 2, at={d: 2, A: SMALL})
    with pytest.raises(ValueError, match="expected indices from 0 that are below"):
        E(A[k, 0] * W[0, 0] ** 2, at={d: 2, A: SMALL, k: 2})
