"""The genus expansion against exact values, and free cumulants by their theorems."""

from math import comb

import pytest
from sympy import (
    Add,
    Dummy,
    Eq,
    Identity,
    MatrixSymbol,
    Mul,
    Q,
    S,
    Sum,
    Trace,
    cancel,
    degree,
    exp,
    fraction,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    CircularOrthogonal,
    E,
    GaussianMatrix,
    GaussianOrthogonal,
    GaussianUnitary,
    HaarOrthogonal,
    HaarStiefel,
    HaarUnitary,
    RandomPermutation,
    Wishart,
    free_cumulant,
    genus_expansion,
)

d, n = symbols("d n", integer=True, positive=True)
i = symbols("i", integer=True)
W, U, V = HaarOrthogonal("W", d), HaarUnitary("U", d), HaarUnitary("V", d)
A, B, C, D = (MatrixSymbol(name, d, d) for name in "ABCD")
H = GaussianUnitary("H", d, variance=1 / d)
T = GaussianOrthogonal("T", d, variance=1 / d)
G = GaussianMatrix("G", d, d, variance=1 / d)
K = GaussianMatrix("K", d, d, variance=1 / d, complex=True)

# The genus expansion ------------------------------------------------------------------------------

CASES = [
    (Trace((U * A * U.H * B) ** 3), None),
    (Trace((W * A * W.T * B) ** 2), None),
    (Trace((W * A * W.T * B) ** 3), [Q.symmetric(A), Q.symmetric(B)]),
    (Trace(U * A * U.H * A) ** 2 * Trace(U * B * U.H), None),
    (Trace(W * A * W.T * B) * Trace(W * C * W.T * D), None),
    (Trace(U * A * U.T * B) * Trace(U.H * C * U.conjugate() * D), None),
    (Trace(W * A * W * B) * Trace(W * C * W * D), None),
    (Trace(W) ** 2 * Trace(W * A) * Trace(W * B), None),
    (d**2 * W[0, 0] ** 2 * Trace(W * A * W.T * B) / (d + 1), None),
    (Trace(U * A * U.H * B * V * C * V.H * D * U * B * U.H * C), None),
    (Trace(H * A * H * B * H * C * H * D), None),
    (Trace(T * A * T * B) * Trace(T * C * T * D), None),
    (Trace((G * A * G.T * B) ** 2), None),
    (Trace(K * A * K.H * B) * Trace(K * C * K.H * D), None),
    (Trace(H * A * W * B * W.T) ** 2, None),
    (Trace(HaarOrthogonal("Z", d + 1) ** 2) ** 2, None),
]


@pytest.mark.parametrize(("expr", "given"), CASES)
def test_the_rest_is_of_a_higher_order(expr, given):
    exact, scale = E(expr, given), Dummy()
    for order in range(3):
        rest = exact - genus_expansion(expr, given, order=order)
        # Each trace grows as its size does.
        letters = {trace: scale * Dummy() for trace in rest.atoms(Trace)}
        letters |= {entry: Dummy() for entry in rest.atoms(MatrixElement)}
        over, under = fraction(cancel(rest.xreplace(letters).subs(d, scale)))
        assert over == 0 or degree(over, scale) - degree(under, scale) < -order


@pytest.mark.parametrize("power", [2, 4, 5])
def test_as_many_terms_as_there_are_noncrossing_pairs(power):
    # Pairs p <= q of noncrossing partitions: the number of Fuss and Catalan.
    X, Y = ([MatrixSymbol(f"{name}{k}", d, d) for k in range(power)] for name in "XY")
    word = Mul(*(x for k in range(power) for x in (U, X[k], U.H, Y[k])))
    value = genus_expansion(Trace(word))
    # They differ in their traces; those of one power of d are collected.
    count = sum(len(Add.make_args(term.as_independent(d)[0])) for term in Add.make_args(value))
    assert count == comb(3 * power, power) // (2 * power + 1)


def test_degrees_that_no_exact_value_has():
    value = genus_expansion(Trace((U * A * U.H * B) ** 7))
    # With A = B = 1 the trace is d, whatever cancels.
    assert value.xreplace(dict.fromkeys(value.atoms(Trace), d)).expand() == d
    given = [Q.symmetric(A), Q.symmetric(B)]
    real = genus_expansion(Trace((W * A * W.T * B) ** 5), given, order=0)
    assert cancel(real.xreplace(dict.fromkeys(real.atoms(Trace), d))) == d


def test_two_rotations_are_one():
    value = genus_expansion(Trace((U * A * U.H * V * B * V.H) ** 4))
    assert value == genus_expansion(Trace((U * A * U.H * B) ** 4))


def test_powers_of_traces_of_the_matrix_alone():
    assert genus_expansion(Trace(W) ** 6) == 15
    assert genus_expansion(Trace(U**4) * Trace(U.H**4), order=2) == 4


def test_equations_between_constants_are_used():
    given = [Eq(A * A, Identity(d)), Eq(Trace(A), 0)]
    value = genus_expansion(Trace((U * A * U.H * B) ** 2), given)
    assert value == Trace(B) ** 2 / d


@pytest.mark.parametrize(
    ("expr", "options", "error", "message"),
    [
        (U * A * U.H, {}, TypeError, "expr is a matrix of shape"),
        (Trace(U * A * U.H), {"order": -1}, ValueError, "order = -1"),
        (Trace(U * A * U.H), {"order": True}, TypeError, "order = True"),
        (Trace(GaussianMatrix("X", d, n) * GaussianMatrix("X", d, n).T), {}, ValueError,
         "hold d, n; expected one symbol"),
        (Trace(HaarUnitary("U", 3)), {}, ValueError, "hold no symbol"),
        (Trace(CircularOrthogonal("S", d) * RandomPermutation("P", d)), {}, NotImplementedError,
         "expr holds P at large dimension, which is not built yet"),
        (exp(d) * Trace(U * A * U.H), {}, ValueError, r"coefficient exp\(d\)"),
        (sqrt(d) * Trace(U * A * U.H), {}, ValueError, r"coefficient sqrt\(d\)"),
        (Sum(W[i, 0] ** 4, (i, 0, d - 1)), {}, NotImplementedError, "sums over indices"),
    ],
)  # fmt: skip
def test_what_has_no_genus_expansion_is_refused(expr, options, error, message):
    with pytest.raises(error, match=message):
        genus_expansion(expr, **options)


# Free cumulants -----------------------------------------------------------------------------------


def cumulants(X, count, given=None):
    return [free_cumulant(*[X] * k, given=given) for k in range(1, count + 1)]


@pytest.mark.parametrize("X", [H, T])
def test_a_semicircle_has_the_second_cumulant_alone(X):
    assert cumulants(X, 6) == [0, 1, 0, 0, 0, 0]


def test_marchenko_and_pastur_have_equal_ones():
    for is_complex in (False, True):
        assert cumulants(Wishart("S", d, n, is_complex) / d, 5) == [n / d] * 5
    assert cumulants(Wishart("S", d, n) / n, 4) == [(d / n) ** k for k in range(4)]
    assert cumulants(Wishart("S", d, 2 * d) / d, 4) == [2] * 4
    assert cumulants(Wishart("S", d, 3) / d, 3) == [0] * 3


def test_a_haar_unitary_is_r_diagonal():
    # Alternating cumulants of U and U* are signed Catalan numbers, all others zero.
    for k in (1, 2, 3, 4):
        value = free_cumulant(*[U, U.H] * k)
        assert value == (-1) ** (k - 1) * comb(2 * k - 2, k - 1) // k
    assert free_cumulant(U, U.H, U.H, U) == free_cumulant(U, U) == free_cumulant(U) == 0


def test_a_circular_element_has_two():
    assert free_cumulant(K, K.H) == free_cumulant(K.H, K) == free_cumulant(G, G.T) == 1
    for word in ([K, K], [K, K.H, K, K.H], [G, G, G.T, G.T]):
        assert free_cumulant(*word) == 0


@pytest.mark.parametrize("X", [U * A * U.H, W * A * W.T])
def test_mixed_cumulants_of_free_matrices_vanish(X):
    for word in ([X, B], [X, B, X, B], [X, X, B], [X, B, C, X, B], [X, X, B, B, X, B]):
        assert free_cumulant(*word) == 0
    assert free_cumulant(X, X, X) == free_cumulant(A, A, A)


def test_gaussian_matrices_are_free_of_constants_and_of_each_other():
    H2 = GaussianUnitary("H2", d, variance=1 / d)
    for word in ([H, B, H, B], [H, H2, H, H2], [H, H2], [H, H, B, B]):
        assert free_cumulant(*word) == 0


def test_cumulants_of_sums_of_free_matrices_add_up():
    X = W * A * W.T
    for k in (1, 2, 3, 4):
        alone = free_cumulant(*[A] * k) + free_cumulant(*[B] * k)
        assert (free_cumulant(*[X + B] * k) - alone).expand() == 0
    with_noise = cumulants(A + 2 * H, 3)
    assert with_noise == [value + 4 * (k == 1) for k, value in enumerate(cumulants(A, 3))]


def test_cumulants_of_constants_are_those_of_their_moments():
    m1, m2, m3 = (Trace(A**k) / d for k in (1, 2, 3))
    assert cumulants(A, 3) == [m1, m2 - m1**2, (m3 - 3 * m1 * m2 + 2 * m1**3).expand()]


def test_conjugated_projectors():
    # A projector of normalised trace t: the R-transform of a Bernoulli variable.
    t = symbols("t")
    given = [Eq(A * A, A), Eq(Trace(A), t * d)]
    found = cumulants(U * A * U.H, 4, given)
    expected = [t, t * (1 - t), t * (1 - t) * (1 - 2 * t)]
    assert [value.expand() for value in found[:3]] == [value.expand() for value in expected]


def test_frames_beside_constants():
    V_ = HaarStiefel("V", d, n)
    assert free_cumulant(V_ * V_.T) == n / d
    assert (free_cumulant(*[V_ * V_.T] * 2) - n / d + n**2 / d**2).expand() == 0


def test_coefficients_that_grow_and_cancel():
    assert free_cumulant((d + 1) * U * A * U.H / d) == Trace(A) / d
    assert free_cumulant(*[GaussianMatrix("g", d, d) / sqrt(d)] * 3) == 0
    g = GaussianMatrix("g", d, d) / sqrt(d)
    assert free_cumulant(g, g.T) == 1


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ((), TypeError, "of nothing"),
        ((Trace(A),), TypeError, r"parts\[0\] = Trace\(A\) is no matrix"),
        ((A, GaussianMatrix("X", d, n)), ValueError, r"parts\[1\] has the shape d x n"),
        ((A, MatrixSymbol("M", n, n)), ValueError, "parts have the shapes d x d, n x n"),
        ((HaarUnitary("U", 3),), ValueError, "is of size 3; expected a symbol"),
        ((GaussianUnitary("X", d),) * 2, ValueError, "grows with the dimension; expected"),
        ((Wishart("S", d, n),), ValueError, "grows with the dimension"),
        ((RandomPermutation("P", d),), NotImplementedError, "holds P at large dimension"),
    ],
)
def test_what_has_no_free_cumulant_is_refused(parts, error, message):
    with pytest.raises(error, match=message):
        free_cumulant(*parts)


def test_one_matrix_of_ones_is_bounded():
    x = MatrixSymbol("x", d, 1)
    assert free_cumulant(x * x.T) == 0
    assert free_cumulant(S.One * Identity(d)) == 1
