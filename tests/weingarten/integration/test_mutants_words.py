"""Signs, weights and phases that a fault in the reading of words would lose, by definition."""

from itertools import product

import oracles
import pytest
from entrywise import Factor, integrate, square_constants, with_explicit_form, word_as_sympy
from hypothesis import Phase, given, settings
from share import examples
from strategies import products
from sympy import (
    Add,
    Determinant,
    FunctionMatrix,
    IndexedBase,
    Matrix,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Sum,
    Trace,
    conjugate,
    expand,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, HaarOrthogonal, HaarSymplectic, HaarUnitary

d, m = symbols("d m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x = symbols("x")
some = settings(max_examples=examples(25), phases=[Phase.generate])

# Symplectic words --------------------------------------------------------------------------------

CONSTANTS = ["A", "B", "S", "K", "1", "A+2B"]


def three_sphere(entries, others):
    """Moments of the entries of SU(2), by integration over the sphere of its first row."""
    powers = [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]
    for conjugated, places in enumerate((entries, others)):
        for a, b in places:
            powers[conjugated][a][b] += 1
    return oracles.integrate_sp1(*powers)


def as_word(factor, matrices):
    """A trace, or an entry that SymPy has not multiplied out."""
    matrix = word_as_sympy(factor.word, matrices)
    return Trace(matrix) if factor.ends is None else MatrixElement(matrix, *factor.ends)


def symplectic_products(max_pairs):
    return products("X", "real", CONSTANTS, max_pairs, size=2, inverse=False)


def setting():
    constants = square_constants(2, complex=True)
    return constants, {"X": HaarSymplectic("X", 1), **constants.written}


@given(symplectic_products(2))
@some
def test_symplectic_words_agree_with_integration_over_the_three_sphere(factors):
    constants, matrices = setting()
    value = E(Mul(*(as_word(factor, matrices) ** factor.power for factor in factors)))
    exact = integrate(factors, "X", (2, 2), constants, three_sphere, complex=True)
    assert with_explicit_form(value.subs(constants.put_in)) == exact


@given(symplectic_products(2))
@some
def test_entries_of_an_averaged_symplectic_word_are_averages_of_entries(factors):
    constants, matrices = setting()
    word = factors[0].word
    value = E(word_as_sympy(word, matrices))
    explicit = with_explicit_form(value.subs(constants.put_in))
    for a in range(2):
        for b in range(2):
            entry = [Factor(word, (a, b))]
            exact = integrate(entry, "X", (2, 2), constants, three_sphere, complex=True)
            assert expand(explicit[a, b]) == exact


@given(symplectic_products(1))
@some
def test_entries_at_indices_put_in_afterwards_have_the_sign_of_the_concrete_ones(factors):
    # The order of the ends decides which way a word is read, and symbols are ordered by name.
    constants, matrices = setting()
    ends = [(i, j), (k, 0), (1, i)]
    at = {i: 1, j: 0, k: 1}
    free = [f._replace(ends=e, power=1) for f, e in zip(factors, ends, strict=False)]
    if any(len(factor.word) == 1 for factor in free):
        return
    value = E(Mul(*(as_word(factor, matrices) for factor in free)))
    concrete = [f._replace(ends=tuple(at.get(e, e) for e in f.ends)) for f in free]
    exact = integrate(concrete, "X", (2, 2), constants, three_sphere, complex=True)
    assert with_explicit_form(value.subs(at).subs(constants.put_in)) == exact


def test_the_trace_of_a_symmetric_matrix_with_the_form_is_zero():
    S = HaarSymplectic("S", m)
    A, B = MatrixSymbol("A", 2 * m, 2 * m), MatrixSymbol("B", 2 * m, 2 * m)
    assert E(Trace(S * A * S.T * B)) != 0
    assert E(Trace(S * A * S.T * B), Q.symmetric(A)) == 0
    assert E(Trace(S * A * S.H * B), Q.symmetric(A)) != 0


# Weights at repeated indices ---------------------------------------------------------------------

c = IndexedBase("c")


#: The summand, of the random matrix, two constant ones and indices; and how many are summed.
WEIGHTED = {
    "number": (lambda W, A, B, i: 3 * (W * A * W.T)[i, i], 1),
    "symbol": (lambda W, A, B, i: x * (W * A * W.T)[i, i], 1),
    "function of the index": (lambda W, A, B, i: c[i] * (W * A * W.T)[i, i], 1),
    "all of these": (lambda W, A, B, i: 3 * x * c[i] * (W * A * W.T)[i, i], 1),
    "square": (lambda W, A, B, i: (2 * c[i]) ** 2 * (W * A * W.T)[i, i], 1),
    "index": (lambda W, A, B, i: 5 * (i + 1) * (W * A * W.T)[i, i], 1),
    "between two words": (lambda W, A, B, i, j: 2 * c[i] * (W * A)[j, i] * (B * W.T)[i, j], 2),
    "around one letter": (lambda W, A, B, i, j: x * c[i] * W[i, i] * (W * A)[j, j], 2),
    "diagonal entry": (lambda W, A, B, i: 2 * A[i, i] * (W * B * W.T)[i, i], 1),
    "beside single entries": (lambda W, A, B, i, j: 7 * c[j] * W[i, j] ** 2 * A[i, i], 2),
    "beside three indices": (lambda W, A, B, i, j, k: x * W[i, j] * A[j, k] * W[i, k] * c[i], 3),
    "over an index of nothing": (lambda W, A, B, i, j: x * W[j, 0] ** 4 * A[0, 0], 2),
    "beside no random index": (lambda W, A, B, i: x * (W * A * W.T)[0, 0] * c[i], 1),
}


@pytest.mark.parametrize("written", [d, 3], ids=["symbolic", "concrete"])
@pytest.mark.parametrize("name", list(WEIGHTED))
def test_no_weight_of_a_sum_is_lost(name, written):
    size = 3
    build, count = WEIGHTED[name]
    letters = [MatrixSymbol(letter, written, written) for letter in "AB"]
    indices = [i, j, k][:count]
    summand = build(HaarOrthogonal("W", written), *letters, *indices)
    value = E(Sum(summand, *((index, 0, written - 1) for index in indices)))
    numbers = [Matrix(size, size, lambda r, s, n=n: (2 * r + s * n + 1) % 7) for n in (1, 3)]
    put_in = {
        MatrixSymbol(letter, size, size): matrix.as_immutable()
        for letter, matrix in zip("AB", numbers, strict=True)
    }
    found = value.subs(d, size).subs(put_in)
    found = found.replace(lambda e: isinstance(e, FunctionMatrix), lambda e: e.as_explicit())
    found = expand(found.doit())
    w = HaarOrthogonal("W", size)
    explicit = Matrix(size, size, lambda r, s: w[r, s])
    terms = (build(explicit, *numbers, *at) for at in product(range(size), repeat=count))
    assert expand(found - E(expand(Add(*terms)))) == 0
    assert found != 0


# Determinants ------------------------------------------------------------------------------------

U, V, W = HaarUnitary("U", d), HaarUnitary("V", d), HaarOrthogonal("W", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        (Determinant(U) * conjugate(Determinant(U)), 1),
        (x * Determinant(U) * conjugate(Determinant(U)), x),
        (abs(Determinant(U)), 1),
        (abs(Determinant(U)) ** 3, 1),
        (Determinant(U) * conjugate(Determinant(U)) * abs(U[0, 0]) ** 2, 1 / d),
        (Determinant(U) * conjugate(Determinant(U)) * Trace(U * A * U.H * B), None),
        (
            Determinant(U) * Determinant(V) * conjugate(Determinant(U)) * conjugate(Determinant(V)),
            1,
        ),
        (Determinant(W) ** 2, 1),
        (Determinant(W) * conjugate(Determinant(W)) * W[0, 0] ** 2, 1 / d),
        (Determinant(HaarSymplectic("S", m)), 1),
    ],
    ids=str,
)
def test_determinants_cancel_against_their_conjugates(phases, expected):
    assert E(phases) == (Trace(A) * Trace(B) / d if expected is None else expected)


def determinants(size):
    u, v = HaarUnitary("U", size), HaarUnitary("V", size)
    det, other = Determinant(u), Determinant(v)
    yield det
    yield det**2
    yield det * conjugate(other)
    yield det * other
    yield det * conjugate(det) * det
    yield det * conjugate(det) * conjugate(other)


@pytest.mark.parametrize("number", range(6))
def test_determinants_of_other_phases_do_not_cancel(number):
    # A phase exp(i t) on U leaves the measure and turns the product, so that its mean is zero.
    assert E(list(determinants(2))[number]) == 0
    with pytest.raises(ValueError, match="Determinant"):
        E(list(determinants(d))[number])


def test_the_sign_of_an_orthogonal_matrix_is_not_one():
    w = HaarOrthogonal("W", 2)
    # Rotations and reflections of the plane, one half each, with entries cos t: cos^2 t is 1/2.
    assert E(Determinant(w)) == 0
    assert E(Determinant(w) * w[0, 0] * w[1, 1]) == Rational(1, 2)
    assert E(Determinant(w) ** 3 * w[0, 1] * w[1, 0]) == -Rational(1, 2)
