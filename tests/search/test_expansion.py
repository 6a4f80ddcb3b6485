"""The oracle of the random sums, checked by means of its own: SymPy, closed forms, samples."""

import itertools
import random
from fractions import Fraction
from math import factorial, prod

import numpy as np
import pytest
from expansion import (
    Expansion,
    NoMeaningError,
    TooLongError,
    constant,
    expectation,
    expected_matrix,
    haar_moment,
    is_real,
    symplectic_moment,
    value_of,
    wick,
)
from oracles import (
    double_factorial,
    integrate_o1,
    integrate_o2,
    integrate_sp1,
    integrate_u2,
    projection_moment,
)
from random_sums import case
from sympy import (
    QQ_I,
    Abs,
    Add,
    Adjoint,
    Determinant,
    DiagMatrix,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Trace,
    conjugate,
    expand,
    im,
    re,
    symbols,
)

from weingarten import GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary

d, n, m = symbols("d n m", integer=True, positive=True)
i, j, x = symbols("i j x", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A = MatrixSymbol("A", d, d)
RANDOM = (HaarOrthogonal, HaarUnitary, HaarSymplectic, GaussianMatrix)


# Writing out, against SymPy ----------------------------------------------------------------------


def any_matrix(matrix, source):
    """Small numbers in the shape of a random matrix, real where it is."""
    return ImmutableMatrix(
        *matrix.shape,
        lambda a, b: source.randint(-3, 3) + (0 if is_real(matrix) else source.randint(-3, 3) * I),
    )


def without_sums(expr):
    """Each sum with numbers for its limits as its terms, the outermost first."""

    def is_open(e):
        return isinstance(e, Sum) and all(limit.is_Integer for limit in e.limits[-1][1:])

    def terms(total):
        *inner, (index, low, high) = total.limits
        rest = Sum(total.function, *inner) if inner else total.function
        return Add(*(rest.subs(index, k) for k in range(int(low), int(high) + 1)))

    while expr.has(Sum):
        expr = expr.replace(is_open, terms)
    return expr


def written_by_sympy(expr, point, matrices):
    """The value that SymPy gives when all symbols and matrices are put in."""
    # A sum's free symbols do not count those in the shapes of matrices: subs would pass them by.
    expr = expr.xreplace({symbol: Integer(value) for symbol, value in point.items()})
    constants = {
        M: ImmutableMatrix(constant(M.name, *map(int, M.shape)))
        for M in expr.atoms(MatrixSymbol)
        if not isinstance(M, RANDOM)
    }
    expr = without_sums(expr).subs({**matrices, **constants}).doit()
    expr = expr.replace(lambda e: isinstance(e, OneMatrix), lambda e: e.as_explicit()).doit()
    weights = {w: value_of(w) for w in expr.atoms(IndexedBase("c")[0].func)}
    return expand(expr.subs(weights), complex=True)


def written_here(expr, point, matrices):
    """The polynomial of the oracle with the matrices put into it."""
    by_name = {matrix.name: value for matrix, value in matrices.items()}
    total = Integer(0)
    for monomial, coefficient in Expansion(point).scalar(expr).items():
        entries = [
            conjugate(by_name[matrix.name][a, b]) if bar else by_name[matrix.name][a, b]
            for matrix, bar, a, b in monomial
        ]
        total += QQ_I.to_sympy(coefficient) * prod(entries, start=Integer(1))
    return expand(total)


@pytest.mark.parametrize("number", range(10_000, 10_040))
def test_sums_are_written_out_as_sympy_writes_them_out(number):
    found = case(number)
    source = random.Random(number)
    for point in found.points[:1]:
        concrete = {M.subs(point) for M in found.expr.atoms(*RANDOM)}
        matrices = {M: any_matrix(M, source) for M in concrete}
        assert written_here(found.expr, point, matrices) == written_by_sympy(
            found.expr, point, matrices
        )


def test_a_delta_with_a_range_is_zero_outside_of_it():
    for index, other in itertools.product(range(-1, 4), repeat=2):
        delta = KroneckerDelta(i, j, (0, 2))
        assert value_of(delta, {i: index, j: other}) == delta.subs({i: index, j: other})


@pytest.mark.parametrize(
    "expr",
    [
        Trace(A * A.T),
        Trace(A**3 + 2 * Identity(d)),
        Determinant(A),
        Trace(DiagMatrix(MatrixSymbol("v", d, 1)) * A),
        Trace(HadamardProduct(A, A.T) * OneMatrix(d, d)),
        (Adjoint(A) * A)[0, 1],
        Trace(A.I),
        re(A[0, 1]) + 2 * im(A[0, 0]) + Abs(A[1, 0]) ** 2,
        Sum(Sum(i * j, (j, 0, i)), (i, 0, d)),
        Sum(Piecewise((i**2, i < 2), (7, True)), (i, 0, 3)),
        Sum(2**i / (i + 1), (i, 0, d)),
    ],
    ids=str,
)
def test_constants_are_evaluated_as_sympy_evaluates_them(expr):
    right = written_by_sympy(expr, {d: 3}, {})
    assert expand(value_of(expr, {d: 3}) - right, complex=True) == 0


def test_what_does_not_exist_has_no_value():
    with pytest.raises(NoMeaningError, match=r"W of shape 3 x 3 has no entry \(3, 0\)"):
        expectation(Sum(W[i + 1, 0] ** 2, (i, 0, d - 1)), {d: 3})
    with pytest.raises(NoMeaningError, match="a range from 2 to 0"):
        expectation(Sum(W[i, 0] ** 2, (i, 2, d - 3)), {d: 3})
    with pytest.raises(NoMeaningError) as caught:
        expectation(Sum(KroneckerDelta(i, d) * W[i + 1, 0] ** 2, (i, 0, d - 1)), {d: 3})
    assert caught.value.sheltered
    assert expectation(Sum(W[i, 0] ** 2, (i, 1, d - 1)), {d: 1}) == 0


def test_what_is_too_long_is_said_so():
    with pytest.raises(TooLongError):
        expectation(Trace(W * A * W.T) ** 3, {d: 4}, 1000)


# Moments, against closed forms -------------------------------------------------------------------


def places(*rows):
    """The entries of a matrix of powers, each as often as its power."""
    return tuple(
        (a, b) for a, r in enumerate(rows) for b, power in enumerate(r) for _ in range(power)
    )


def powers(most, total):
    """All two by two matrices of powers whose sum is at most `total`."""
    for four in itertools.product(range(most + 1), repeat=4):
        if sum(four) <= total:
            yield four[:2], four[2:]


def test_small_orthogonal_groups():
    for k in range(7):
        assert haar_moment("orthogonal", 1, ((0, 0),) * k, ()) == integrate_o1(k)
    for both in powers(4, 6):
        assert haar_moment("orthogonal", 2, places(*both), ()) == integrate_o2(both)


@pytest.mark.parametrize(
    ("group", "integrate"), [("unitary", integrate_u2), ("symplectic", integrate_sp1)]
)
def test_two_by_two_unitary_groups(group, integrate):
    for one, other in itertools.product(powers(2, 3), repeat=2):
        if sum(map(sum, one)) + sum(map(sum, other)) <= 6:
            assert haar_moment(group, 2, places(*one), places(*other)) == integrate(one, other)


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_a_column_is_uniform_on_the_sphere(size):
    for row in itertools.product((0, 2, 4), repeat=2):
        degree = sum(row)
        rising = prod(range(size, size + degree, 2))
        value = Fraction(prod(double_factorial(k - 1) for k in row), rising)
        assert haar_moment("orthogonal", size, places(row), ()) == value
    for row in itertools.product(range(3), repeat=2):
        value = Fraction(prod(map(factorial, row)), prod(range(size, size + sum(row))))
        assert haar_moment("unitary", size, places(row), places(row)) == value
        if size == 4 and sum(row) <= 3:
            assert symplectic_moment(size, places(row), places(row)) == value


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_double_sum_is_an_entry_of_the_projection(size):
    source = random.Random(size)
    for _ in range(60):
        pairs = [[source.randrange(min(size, 3)) for _ in range(2)] for _ in range(2)]
        rows, columns = ([k for k in side for _ in range(2)] for side in pairs)
        source.shuffle(rows)
        source.shuffle(columns)
        entries = tuple(zip(rows, columns, strict=True))
        for group, cut in (("orthogonal", 4), ("unitary", 2)):
            came = haar_moment(group, size, entries[:cut], entries[cut:])
            assert came == projection_moment(group, size, rows, columns)


def test_gaussian_entries():
    assert [wick(((0, 0),) * k, (), True) for k in range(9)] == [1, 0, 1, 0, 3, 0, 15, 0, 105]
    assert [wick(((1, 0),) * k, ((1, 0),) * k, False) for k in range(5)] == [1, 1, 2, 6, 24]
    assert wick(((0, 0), (0, 0), (0, 1), (0, 1)), (), True) == 1
    assert wick(((0, 0), (0, 1)), ((0, 0), (0, 0)), False) == 0
    G = GaussianMatrix("G", 2, 3, variance=Rational(1, 2))
    assert expectation(Trace(G * G.T) ** 2) == Rational(2 * 3, 4) * (2 + 2 * 3)


# Moments, against samples ------------------------------------------------------------------------

DRAWS = 40_000
FAR = 4.42


def draws(kind, size, rng):
    """Matrices by Gram and Schmidt from Gaussian ones; the symplectic ones from quaternions."""
    real, imaginary = rng.standard_normal((2, DRAWS, size, size))
    if kind == "orthogonal":
        return _unitary_part(real)
    if kind == "unitary":
        return _unitary_part(real + 1j * imaginary)
    # A matrix of quaternions a + b j as blocks [[a, b], [-conj(b), conj(a)]]; its polar part
    # is one again, and its law is invariant.
    g = np.empty((DRAWS, size, size), dtype=complex)
    blocks = real + 1j * imaginary
    g[:, 0::2, 0::2], g[:, 0::2, 1::2] = blocks[:, 0::2, 0::2], blocks[:, 0::2, 1::2]
    g[:, 1::2, 0::2], g[:, 1::2, 1::2] = -g[:, 0::2, 1::2].conj(), g[:, 0::2, 0::2].conj()
    left, _, right = np.linalg.svd(g)
    return left @ right


def _unitary_part(matrices):
    q, triangular = np.linalg.qr(matrices)
    diagonal = np.einsum("nii->ni", triangular)
    return q * (diagonal / abs(diagonal))[:, None, :]


@pytest.mark.parametrize(
    ("kind", "size"), [("orthogonal", 3), ("unitary", 3), ("symplectic", 2), ("symplectic", 4)]
)
def test_moments_agree_with_samples(kind, size):
    source, rng = random.Random(size), np.random.default_rng(7)
    matrices = draws(kind, size, rng)
    for _ in range(25):
        pairs = source.choice((1, 2, 2, 3))
        rows, columns = ([source.randrange(size) for _ in range(pairs)] for _ in range(2))
        others = source.sample(rows, pairs), source.sample(columns, pairs)
        plain = tuple(zip(rows, columns, strict=True))
        barred = tuple(zip(*others, strict=True))
        if kind == "symplectic" and source.random() < 0.5:
            plain, barred = plain + tuple((a ^ 1, b ^ 1) for a, b in barred), ()
        values = prod(matrices[:, a, b] for a, b in plain)
        values = values * prod((matrices[:, a, b].conj() for a, b in barred), start=1.0)
        exact = float(haar_moment(kind, size, plain, barred))
        for part, right in ((values.real, exact), (values.imag, 0.0)):
            assert abs(part.mean() - right) <= FAR * part.std() / DRAWS**0.5 + 1e-12


# Values that are known ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2, 3, 4])
def test_well_known_expectations(size):
    at = {d: size}
    t = expectation(Trace(A), at)
    assert expectation(W[0, 0] ** 4, at) == Rational(3, size * (size + 2))
    assert expectation(Trace(U * A * Adjoint(U) * A), at) == expand(t**2 / size, complex=True)
    identity = expected_matrix(U * A * Adjoint(U), at)
    assert identity == [[t / size if a == b else 0 for b in range(size)] for a in range(size)]
    assert expectation(Abs(Trace(U)) ** 4, at) == 2
    assert expectation(Determinant(W) ** 2, at) == 1
    assert expectation(Abs(Determinant(U)) ** 2, at) == 1
    S = HaarSymplectic("V", 2)
    assert expectation(S[0, 0] * S[1, 1] - S[0, 1] * S[1, 0]) == Rational(1, 2)
