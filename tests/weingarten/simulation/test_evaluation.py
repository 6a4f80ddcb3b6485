"""The evaluator against explicit substitution in SymPy, and what it refuses."""

import ast
from contextlib import suppress
from functools import reduce
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from share import examples
from sympy import (
    Abs,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DiracDelta,
    Eq,
    Function,
    FunctionMatrix,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
    Indexed,
    Integer,
    Integral,
    Inverse,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixSymbol,
    Max,
    Mul,
    OneMatrix,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Trace,
    ZeroMatrix,
    acos,
    adjoint,
    binomial,
    conjugate,
    exp,
    factorial,
    floor,
    gamma,
    im,
    log,
    oo,
    pi,
    re,
    sqrt,
    symbols,
)
from sympy.matrices.expressions import HadamardPower
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import HaarOrthogonal
from weingarten.ensembles.base import IndexOutOfRangeError
from weingarten.simulation import sums
from weingarten.simulation.contraction import contracted
from weingarten.simulation.evaluation import Evaluator

i, j, k, n = symbols("i j k n", integer=True)
d = symbols("d", integer=True, positive=True)
x, y = symbols("x y")
SIZE, DRAWS = 3, 2
A, B, C = (MatrixSymbol(name, SIZE, SIZE) for name in "ABC")
v, w = MatrixSymbol("v", SIZE, 1), MatrixSymbol("w", 1, SIZE)
RNG = np.random.default_rng(5)


def _integers(*shape):
    return RNG.integers(-3, 4, size=shape)


# Draws of A, B and v; C and w are constants.
VALUES = {
    A: _integers(DRAWS, SIZE, SIZE) + 1j * _integers(DRAWS, SIZE, SIZE),
    B: _integers(DRAWS, SIZE, SIZE),
    C: _integers(SIZE, SIZE),
    v: _integers(DRAWS, SIZE, 1),
    w: _integers(1, SIZE),
}


# The oracle ---------------------------------------------------------------------------------------


class RangeError(ValueError):
    """A range that ends earlier than one before its start."""


def expanded(expr, at):
    """Write out all sums by putting in one value of an index after the other, and all traces."""
    if isinstance(expr, Sum):
        *inner, (index, *ends) = expr.limits
        low, high = (int(end.subs(at)) for end in ends)
        if high < low - 1:
            raise RangeError
        body = Sum(expr.function, *inner) if inner else expr.function
        terms = [expanded(body, {**at, index: value}) for value in range(low, high + 1)]
        return sum(terms, Integer(0))
    if isinstance(expr, Trace):
        matrix = expr.arg.subs(at).doit().as_explicit()
        return expanded(matrix.trace(), at)
    if isinstance(expr, Piecewise):
        return next(expanded(branch, at) for branch, holds in expr.args if holds.subs(at) == True)  # noqa: E712
    if not expr.has(Sum, Trace, Piecewise):
        # SymPy lets negative indices stand, and drops entries beside a zero.
        places = [index.subs(at) for entry in expr.atoms(MatrixElement) for index in entry.indices]
        if any(place < 0 or place >= SIZE for place in places):
            raise IndexError
        return expr.subs(at)
    return expr.func(*(expanded(arg, at) for arg in expr.args))


def _numbers(draw):
    def number(value):
        return Integer(int(value.real)) + I * Integer(int(value.imag))

    return {
        MatrixElement(matrix, a, b): number((array if array.ndim == 2 else array[draw])[a, b])
        for matrix, array in VALUES.items()
        for a, b in product(*map(range, array.shape[-2:]))
    }


NUMBERS = [_numbers(draw) for draw in range(DRAWS)]


def explicit(expr):
    """Return the value of an expression for each draw, from SymPy alone."""
    if getattr(expr, "is_Matrix", False):
        written = expr.as_explicit()
        return np.array([_values(entry) for entry in written]).T.reshape(DRAWS, *written.shape)
    return np.array(_values(expr))


def _values(expr):
    written = expanded(expr, {})
    return [complex(written.xreplace(draw).doit()) for draw in NUMBERS]


# Random sums --------------------------------------------------------------------------------------

INDICES = (i, j, k)


@st.composite
def places(draw, indices):
    """An index of an entry: bare, shifted, reflected, strided, of two indices, or a number."""
    one, two = draw(st.sampled_from(indices)), draw(st.sampled_from(indices))
    forms = [one, one, one, one + 1, one - 1, 2 - one, 2 * one, 2 * one - one, one - two, one + two]
    forms += [S(draw(st.integers(0, 2))), floor(one / 2)]
    return draw(st.sampled_from(forms))


@st.composite
def factors(draw, indices):
    kind = draw(st.sampled_from("eeeevwdrnpc"))
    place = places(indices)
    if kind == "e":
        return draw(st.sampled_from([A, B, C]))[draw(place), draw(place)]
    if kind == "v":
        return v[draw(place), 0]
    if kind == "w":
        return conjugate(w[0, draw(place)])
    if kind == "d":
        return KroneckerDelta(draw(place), draw(place))
    if kind == "r":
        low = draw(st.integers(0, 2))
        return KroneckerDelta(draw(place), draw(place), (low, draw(st.integers(low, 2))))
    if kind == "p":
        return B[draw(place), draw(place)] ** 2
    if kind == "c":
        return conjugate(A[draw(place), draw(place)]) + draw(st.sampled_from(indices))
    return draw(st.sampled_from([S(2), Rational(-1, 3), *indices, (-1) ** indices[0]]))


@st.composite
def ranges(draw, outer):
    """Ends of a range: numbers, or such that depend on an outer index; it may be empty."""
    if outer and draw(st.booleans()):
        other = draw(st.sampled_from(outer))
        return draw(st.sampled_from([(0, other), (other, 2), (0, other - 1), (other, other + 1)]))
    low = draw(st.integers(0, 2))
    return low, draw(st.sampled_from([2, 2, 1, low - 1, low]))


@st.composite
def sum_expressions(draw):
    count = draw(st.integers(1, 3))
    indices = INDICES[:count]
    limits = [(indices[n], *draw(ranges(indices[n + 1 :]))) for n in range(count)]
    terms = draw(
        st.lists(st.lists(factors(indices), min_size=1, max_size=4), min_size=1, max_size=2)
    )
    summand = sum(Mul(*term) for term in terms)
    if draw(st.booleans()):
        # A sum inside of a product or a power inside of the sum.
        inner = symbols("l", integer=True)
        body = Mul(*draw(st.lists(factors((inner, *indices)), min_size=1, max_size=3)))
        summand = summand * Sum(body, (inner, *draw(ranges(indices)))) ** draw(st.integers(1, 2))
    total = Sum(summand, *limits)
    return draw(st.sampled_from([total, total**2, total * B[0, 1] + 1]))


def outcome(function, expr):
    try:
        return function(expr)
    except IndexError:
        return "index"
    except RangeError:
        return "range"
    except ValueError as error:
        if "expected an end from" not in str(error):
            raise
        return "range"


@settings(max_examples=examples(200))
@given(sum_expressions())
def test_a_random_sum_is_what_writing_it_out_gives(expr):
    expected, found = outcome(explicit, expr), outcome(Evaluator(VALUES), expr)
    if isinstance(expected, str) or isinstance(found, str):
        # Where two things are wrong, either may be met first.
        assert isinstance(expected, str)
        assert isinstance(found, str)
        return
    found = np.broadcast_to(found, expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + abs(expected).max()))


@settings(max_examples=examples(40))
@given(sum_expressions())
def test_a_random_sum_does_not_depend_on_the_blocks(expr):
    whole = outcome(Evaluator(VALUES), expr)
    limit = sums._ARRAY_LIMIT
    try:
        sums._ARRAY_LIMIT = 5
        parts = outcome(Evaluator(VALUES), expr)
    finally:
        sums._ARRAY_LIMIT = limit
    if isinstance(whole, str):
        assert parts == whole
    else:
        np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-9 * (1 + abs(whole).max()))


SUMS = [
    Sum(B[i + 1, 0], (i, 0, 1)) ** 2,
    Sum(B[i, 0] ** 2 * B[2 - i, 0] ** 2, (i, 0, 2)),
    Sum(Abs(A[2 * i, 0]) ** 2 - Abs(A[2 * i + 1, 1]) ** 2, (i, 0, 0)),
    Sum(KroneckerDelta(i, j + 1) * B[i, 0] ** 2 * B[j, 0] ** 2, (i, 0, 2), (j, 0, 2)),
    Sum(KroneckerDelta(i, j) * B[j, 0] ** 2, (i, 0, 1), (j, 0, 2)),
    Sum(KroneckerDelta(i, 5) * B[i, 0] ** 2, (i, 0, 2)),
    Sum(KroneckerDelta(i, j, (1, 2)) * B[j, 0], (i, 0, 2), (j, 0, 2)),
    Sum(B[i, j], (j, 0, i), (i, 0, 2)),
    Sum(B[i - j, 0], (j, 0, i), (i, 0, 2)),
    Sum(B[i, 0] * Sum(B[i, j], (j, 0, i - 1)) ** 3, (i, 0, 2)),
    Sum(B[0, i], (i, 3, 2)),
    Sum(v[i, 0] * Sum(v[i - 1, 0], (k, 0, i - 1)), (i, 0, j), (j, 0, 2)),
    Sum(Sum(B[i - 1, 0] ** 2, (k, 1, i)) ** 2, (i, 0, 2)),
    Sum(B[i, j], (i, 0, 2), (i, 0, 1), (j, 0, 1)),
    Sum(2, (i, 0, 2), (j, 0, 1)) + 0 * B[0, 0],
    Sum((-1) ** i * binomial(4, i) * factorial(i), (i, 0, 4)) * B[0, 1],
    Sum(Trace(B**i), (i, 0, 3)),
    Sum((A * B * adjoint(A) * C)[i, j] * (B.T * B)[j, i], (i, 0, 2), (j, 0, 2)),
    (A * B * adjoint(A) * C * A.T * B)[0, 1],
    ((v.T * B * A * v)[0, 0]) ** 2,
    (Identity(3) * A * Identity(3))[1, 2],
    Sum(log(B[i, j] ** 2 + 1) * B[k, 0], (j, i, 2), (i, 0, 2), (k, 0, 1)),
    Sum(Piecewise((B[i - 1, 0], i > 0), (7, True)), (i, 0, 2)),
    Sum(exp(i) / (i + 1), (i, 0, 3)) * B[0, 0],
]


@pytest.mark.parametrize("expr", SUMS, ids=str)
def test_a_sum_is_what_writing_it_out_gives(expr):
    expected = explicit(expr)
    found = np.broadcast_to(Evaluator(VALUES)(expr), expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_branch_may_be_undefined_where_another_is_chosen():
    expr = Piecewise((Sum(B[i, 0] / B[0, 1], (i, 0, 2)), B[0, 1] > 0), (k, True))
    draws = np.ones((3, 3, 3))
    draws[0, 0, 1], draws[1, 0, 1] = 0, 2
    np.testing.assert_allclose(Evaluator({B: draws, k: 7})(expr), [7, 1.5, 3])


def test_a_product_too_large_is_not_formed():
    ones, labels = [np.ones((4, 4)), np.ones((4, 4))], [("i", "j"), ("j", "k")]
    assert contracted(ones, labels, ("i", "k"), 16).tolist() == np.full((4, 4), 4).tolist()
    # In blocks along the first axis down to one row, and no further.
    assert contracted(ones, labels, ("i", "k"), 4).tolist() == np.full((4, 4), 4).tolist()
    assert contracted(ones, labels, ("i", "k"), 3) is None


def test_the_index_of_a_sum_may_share_its_name_with_a_value():
    expr = i * Sum(B[i, 0], (i, 0, 2))
    at_once = Evaluator({**VALUES, i: 2})(expr)
    np.testing.assert_allclose(at_once, 2 * VALUES[B][:, :, 0].sum(axis=1))


def test_symbolic_sizes_take_their_values():
    M = MatrixSymbol("M", d, 2 * d)
    array = _integers(2, 4)
    value = Evaluator({d: 2, M: array})
    assert value(Sum(M[i, 2 * i + 1], (i, 0, d - 1))) == array[0, 1] + array[1, 3]
    assert value(Trace(Identity(d) + OneMatrix(d, d))) == 4
    assert value(M * M.T).shape == (2, 2)
    assert value((M * M.T)[0, 1]) == (array @ array.T)[0, 1]


def test_a_long_word_stays_small():
    # Its array over all six indices would have 20,000 * 8**6 numbers.
    R = MatrixSymbol("R", d, d)
    draws = np.random.default_rng(0).normal(size=(2000, 8, 8))
    word = R * R.T * R * R * R.T * R * R
    expected = reduce(np.matmul, [draws, draws.swapaxes(1, 2), draws, draws, draws.swapaxes(1, 2),
                                  draws, draws])  # fmt: skip
    np.testing.assert_allclose(
        Evaluator({R: draws, d: 8})(word[0, 0]), expected[:, 0, 0], rtol=1e-9
    )


# Random matrix expressions ------------------------------------------------------------------------


def matrix_expressions():
    leaves = st.sampled_from(
        [A, B, C, Identity(3), OneMatrix(3, 3), ZeroMatrix(3, 3), DiagMatrix(v), DiagMatrix(w),
         v * w, v * v.T, w.T * w, FunctionMatrix(3, 3, Lambda((i, j), i - 2 * j))]
    )  # fmt: skip

    def bigger(inner):
        return st.one_of(
            st.builds(MatAdd, inner, inner),
            st.builds(MatMul, inner, inner),
            st.builds(lambda m: MatMul(Trace(m), m), inner),
            st.builds(lambda m: 2 * m, inner),
            st.builds(lambda m: m.T, inner),
            st.builds(adjoint, inner),
            st.builds(conjugate, inner),
            st.builds(HadamardProduct, inner, inner),
            st.builds(lambda m: MatPow(m, 2), inner),
            st.builds(DiagonalMatrix, inner),
            st.builds(lambda m: HadamardPower(m, 2), inner),
        )

    return st.recursive(leaves, bigger, max_leaves=3)


@settings(max_examples=examples(30))
@given(matrix_expressions(), st.sampled_from(["matrix", "trace", "entry"]))
def test_a_random_matrix_expression_is_what_its_explicit_form_gives(matrix, part):
    if part == "trace":
        expected = explicit(matrix).trace(axis1=1, axis2=2)
        found = Evaluator(VALUES)(Trace(matrix))
    else:
        expected = explicit(matrix)
        found = Evaluator(VALUES)(matrix)
        if part == "entry":
            expected, found = expected[:, 0, 2], Evaluator(VALUES)(matrix[0, 2])
    found = np.broadcast_to(found, expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + abs(expected).max()))


MATRICES = [
    KroneckerProduct(A, B),
    KroneckerProduct(A, w, v),
    BlockMatrix([[A, v], [w, Identity(1)]]),
    MatrixSymbol("A", 3, 3)[0:2, 1:3],
    DiagMatrix(w),
    DiagMatrix(v),
    DiagonalOf(A),
    DiagonalMatrix(A * B),
    HadamardPower(B, 3),
    HadamardProduct(A, B, C),
    FunctionMatrix(3, 2, Lambda((i, j), i**2 - j * I)),
    B.applyfunc(Lambda(x, x**2 + x)),
    ImmutableMatrix([[B[0, 0], 1, x * 0], [2, A[1, 1] * B[2, 2], 3]]),
    A**3,
    A**0,
]


@pytest.mark.parametrize("matrix", MATRICES, ids=str)
def test_a_matrix_is_what_its_explicit_form_gives(matrix):
    expected = explicit(matrix)
    found = np.broadcast_to(Evaluator(VALUES)(matrix), expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_inverses_and_determinants():
    regular = RNG.normal(size=(4, 3, 3))
    value = Evaluator({B: regular})
    np.testing.assert_allclose(value(B.I * B), np.broadcast_to(np.eye(3), (4, 3, 3)), atol=1e-9)
    np.testing.assert_allclose(value(B**-2 * B * B), [np.eye(3)] * 4, atol=1e-9)
    np.testing.assert_allclose(value((B.I)[0, 1]), np.linalg.inv(regular)[:, 0, 1])
    np.testing.assert_allclose(value(Determinant(B * B.T)), np.linalg.det(regular) ** 2)


# Powers of matrices -------------------------------------------------------------------------------

HALF, THIRD = Rational(1, 2), Rational(1, 3)


@pytest.mark.parametrize(
    "matrix",
    [
        [[4, 0], [0, 9]],
        [[2, 1], [1, 2]],
        [[1, 1], [1, 1]],
        [[5, 1], [2, 4]],
        [[-4, 0], [0, 9]],
        [[1, 2], [3, 4]],
        [[2, I], [-I, 2]],
        [[0, -1], [1, 0]],
        [[0, 0], [0, 0]],
    ],
)
@pytest.mark.parametrize("exponent", [HALF, THIRD, Rational(3, 2)])
def test_a_fractional_power_of_a_matrix_is_that_of_sympy(matrix, exponent):
    M = MatrixSymbol("M", 2, 2)
    numbers = np.array(Matrix(matrix).tolist(), dtype=complex)
    numbers = numbers if numbers.imag.any() else numbers.real
    expected = np.array((Matrix(matrix) ** exponent).evalf().tolist(), dtype=complex)
    np.testing.assert_allclose(Evaluator({M: numbers})(M**exponent), expected, atol=1e-10)
    stack = np.stack([numbers, numbers])
    np.testing.assert_allclose(Evaluator({M: stack})(M**exponent), [expected] * 2, atol=1e-10)


def test_an_exponent_may_be_a_symbol():
    M = MatrixSymbol("M", 2, 2)
    found = Evaluator({M: np.diag([4.0, 9.0]), x: 0.5})(M**x)
    np.testing.assert_allclose(found, np.diag([2, 3]))


@pytest.mark.parametrize(
    ("matrix", "exponent", "message"),
    [
        ([[1, 1], [0, 1]], HALF, "no basis of eigenvectors"),
        ([[1, 2], [2, 4]], -HALF, "not a finite number"),
        ([[4, 2, 6], [2, 1, 3], [6, 3, 9]], -HALF, "not a finite number"),
        ([[1, 2], [2, 4]], -1, "singular"),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], -1, "singular"),
        ([[1, 1], [1, 1 + 1e-13]], -3, "singular up to rounding"),
    ],
)
def test_a_power_that_does_not_exist_is_refused(matrix, exponent, message):
    M = MatrixSymbol("M", len(matrix), len(matrix))
    with pytest.raises(ValueError, match=message):
        Evaluator({M: np.array(matrix, dtype=float)})(Trace(M**exponent))


# Functions of numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        sqrt,
        log,
        exp,
        lambda z: z**THIRD,
        lambda z: z ** Rational(-5, 2),
        lambda z: z**-3,
        lambda z: 2**z,
        lambda z: z**z,
        lambda z: (I + z) ** (z / 3),
        acos,
        lambda z: conjugate(z) * re(z) + im(I * z),
        Abs,
        gamma,
        lambda z: Max(z, 1) - floor(z),
        lambda z: factorial(2 * Abs(z)),
        lambda z: Piecewise((log(z), z > 1), (z**2, z < 0), (pi, True)),
        lambda z: Piecewise((1 / (z - 3), Eq(z, -2) | (z >= 4)), (0, True)),
    ],
)
def test_a_function_is_that_of_sympy_complex_where_it_is(function):
    points = [-2.5, -2.0, -0.5, 0.5, 1.0, 3.0, 4.0]
    M = MatrixSymbol("M", 1, 1)
    if function is gamma:
        points.remove(-2.0)
    draws = np.array(points).reshape(-1, 1, 1)
    found = Evaluator({M: draws})(function(M[0, 0]))
    expected = [complex(function(S(point))) for point in points]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("function", [sqrt, log, exp, acos, gamma, Abs, lambda z: z**z])
def test_a_function_of_a_complex_number_is_that_of_sympy(function):
    points = [1 + 2j, -1 + 1j, -1 - 1j, 2 - 0.5j, 3.0, -3.0]
    M = MatrixSymbol("M", 1, 1)
    if function is gamma:
        points.remove(-3.0)
    found = Evaluator({M: np.array(points).reshape(-1, 1, 1)})(function(M[0, 0]))
    expected = [complex(function(S(point.real) + I * S(point.imag)).evalf()) for point in points]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_a_complex_number_without_imaginary_part_is_real(zero):
    M = MatrixSymbol("M", 1, 1)
    value = Evaluator({M: np.array([[[complex(-1, zero)]], [[complex(-4, zero)]]])})
    np.testing.assert_allclose(value(log(M[0, 0])), [np.pi * 1j, np.log(4) + np.pi * 1j])
    np.testing.assert_allclose(value(sqrt(M[0, 0])), [1j, 2j])
    np.testing.assert_allclose(value(Max(M[0, 0], -2)), [-1, -2])
    np.testing.assert_allclose(value(acos(2 * M[0, 0] / M[0, 0])), [1.3169578969248166j] * 2)


@pytest.mark.parametrize("function", [sqrt, log, lambda z: z**x])
def test_where_a_principal_value_jumps_rounding_does_not_decide(function):
    M = MatrixSymbol("M", 1, 1)
    with pytest.raises(ValueError, match="negative number up to rounding"):
        Evaluator({M: np.array([[[-1 + 1e-16j]], [[-1 - 1e-16j]]]), x: 0.3})(function(M[0, 0]))


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expr",
    [
        Sum(B[i, 0], (i, 0, 3)),
        Sum(B[i - 1, 0], (i, 0, 2)),
        Sum(B[0, i + 1] * B[0, j], (i, 0, 2), (j, 0, 1)),
        Sum(B[i - j, 0], (j, 0, 2), (i, 0, 2)),
        Sum(B[2 * i, 0], (i, 0, 2)),
        Sum(v[i, i], (i, 0, 2)),
    ],
)
def test_an_index_out_of_range_is_refused(expr):
    with pytest.raises(IndexOutOfRangeError, match=r"expected an integer from 0 to [02]"):
        Evaluator(VALUES)(expr)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Sum(B[i, 0], (i, 2, 0)), "the range of i ends at 0, before its start 2"),
        (Sum(B[0, j], (j, i, 0), (i, 0, 2)), "the range of j ends at 0, before its start 2"),
        (Sum(B[i, 0], (i, 0, oo)), "infinite"),
        (Sum(B[i, 0], (i, 0, Rational(1, 2))), "1/2 = 0.5: expected an integer"),
        (Sum(MatrixElement(B, i / 2, 0), (i, 0, 2)), "i/2 = 0.5: expected an integer"),
        (Sum(B[i, j], (i, 0, 2), (j, i, 2)), "i has no value"),
        (Sum(B[floor(A[0, 0]), 0], (i, 0, 2)), "differs between draws"),
        (x + B[0, 0], r"x has no value.*at=\{x: 5\}"),
        (Trace(MatrixSymbol("D", 3, 3) * B), "D has no value"),
        (B[n, 0], "n has no value"),
        (MatrixSymbol("B", d, d)[0, 0], "B has no value"),
        (1 / (B[0, 0] - y), "y has no value"),
        (Function("f")(B[0, 0]), "f has no finite value at"),
        (DiracDelta(B[0, 0] - 7), "a distribution has no value"),
        (Integral(B[0, 0] * x, (x, 0, 1)), "no rule to evaluate a Integral"),
        (Product(B[0, i], (i, 0, 2)), "no rule to evaluate a Product"),
        (Indexed("q", 0) * B[0, 0], "no rule to evaluate a Indexed"),
        (Sum(B**i, (i, 0, 2)), "a sum of matrices"),
        (Max(A[0, 0], 1), "is not real"),
        (Piecewise((1, A[0, 0] > 0), (2, True)), "is not real"),
        (Piecewise((1, B[0, 0] > 50)), "none of its conditions holds"),
        (B.applyfunc(Function("f")), "f has no finite value at"),
    ],
    ids=str,
)
def test_what_cannot_be_evaluated_is_named(expr, message):
    with pytest.raises(ValueError, match=message):
        Evaluator(VALUES)(expr)


def test_what_is_not_finite_says_which_part_and_in_how_many_draws():
    M = MatrixSymbol("M", 1, 1)
    draws = np.array([0.0, 1.0, 0.0, 2.0]).reshape(-1, 1, 1)
    for expr in (log(M[0, 0]), 1 / M[0, 0], exp(1 / M[0, 0]) + 1):
        with pytest.raises(ValueError, match="is not a finite number in 2 of 4 draws"):
            Evaluator({M: draws})(expr)
    with pytest.raises(
        ValueError, match=r"exp\(1000\*M\[0, 0\]\) is not a finite number in 2 of 4"
    ):
        Evaluator({M: draws})(exp(1000 * M[0, 0]))


def test_shapes_that_do_not_fit_are_named():
    # SymPy compares concrete shapes only.
    M = MatrixSymbol("M", d, n)
    value = Evaluator({d: 2, n: 3, M: _integers(2, 3), MatrixSymbol("N", d, n): _integers(2, 3)})
    with pytest.raises(ValueError, match="2 x 3 and 2 x 3 do not fit a product"):
        value(M * MatrixSymbol("N", d, n))
    for expr in (M**2, M.I, Trace(M), Determinant(M), M**x):
        with pytest.raises(ValueError, match="it is 2 x 3; expected it square"):
            value(expr)
    with pytest.raises(ValueError, match="expected a row or a column"):
        value(DiagMatrix(M))
    with pytest.raises(ValueError, match="2 x 3 and 3 x 2 differ"):
        value(M + M.T)
    with pytest.raises(ValueError, match=r"M has the shape \(3, 3\); expected \(2, 3\)"):
        Evaluator({d: 2, n: 3, M: _integers(3, 3)})(M)


def test_a_sum_that_takes_hours_is_refused():
    expr = Sum(log(i + j + k + n + B[0, 0] ** 2 + 1),
               *((index, 0, 9_999) for index in (i, j, k)), (n, 0, 99_999_999_999))  # fmt: skip
    with pytest.raises(ValueError, match="100,000,000,000 terms"):
        Evaluator(VALUES)(expr)


def test_arrays_hold_one_number_of_draws():
    with pytest.raises(ValueError, match=r"\[2, 4\] draws"):
        Evaluator({A: np.zeros((2, 3, 3)), B: np.zeros((4, 3, 3))})


def test_the_first_axis_is_the_draw_even_where_nothing_is_random():
    assert Evaluator(VALUES)(Trace(C)).shape == (DRAWS,)
    assert Evaluator({C: VALUES[C]})(Trace(C)).shape == ()
    assert Evaluator({C: VALUES[C]})(C).shape == (3, 3)


def _imported(module, seen):
    """Collect the modules of the package that a module imports, and those that they import."""
    spec = find_spec(module)
    if module in seen or spec is None or module.count(".") == 0:
        return
    seen.add(module)
    for node in ast.walk(ast.parse(Path(spec.origin).read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weingarten"):
            _imported(node.module, seen)
            for name in node.names:
                with suppress(ModuleNotFoundError):
                    _imported(f"{node.module}.{name.name}", seen)


def test_nothing_is_shared_with_the_code_that_integrates():
    seen = set()
    _imported("weingarten.simulation.evaluation", seen)
    assert "weingarten.simulation.sums" in seen
    assert "weingarten.ensembles.base" in seen
    shared = [m for m in seen if m.startswith(("weingarten.expressions", "weingarten.integration"))]
    assert shared == []


def test_the_inverse_of_a_random_matrix_is_evaluated_as_an_inverse():
    W = HaarOrthogonal("W", 3)
    draws = W.sample(5, 0)
    np.testing.assert_allclose(Evaluator({W: draws})(Inverse(W)), draws.swapaxes(1, 2), atol=1e-12)
