"""E(expr, at=…) against the symbolic answer with exact values put in, and where floats fail."""

import random
from fractions import Fraction

import numpy as np
import pytest
from number_matrices import exactly, matrix
from sympy import (
    Determinant,
    DiagMatrix,
    Float,
    HadamardProduct,
    I,
    ImmutableMatrix,
    Inverse,
    MatMul,
    Matrix,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Q,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    conjugate,
    diag,
    exp,
    expand,
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
    clear_caches,
    estimate,
)
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.numeric import program

d, m = symbols("d m", integer=True, positive=True)
x = Symbol("x")
i, j = symbols("i j", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
v = MatrixSymbol("v", d, 1)


KINDS = ["general", "symmetric", "traceless", "diagonal", "complex"]


def symbolic(expr, at):
    """Return the symbolic answer at integer dimensions, with the values put in after it."""
    integers = {s: value for s, value in at.items() if S(value).is_Integer} if at else {}
    answer = E(expr.subs(integers))
    known = {s.subs(integers): q for s, q in at.items() if isinstance(s, MatrixSymbol)}
    known |= {form: ImmutableMatrix(form.as_explicit()) for form in answer.atoms(SymplecticForm)}
    answer = answer.xreplace(known)
    return expand(answer.subs({s: q for s, q in at.items() if isinstance(s, Symbol)}).doit())


def in_floats(at):
    """Return the same values, the matrices as arrays of floats."""
    made = {}
    for symbol, value in at.items():
        if isinstance(symbol, MatrixSymbol):
            array = np.array(value.tolist(), dtype=complex)
            made[symbol] = array if array.imag.any() else array.real
        else:
            made[symbol] = value
    return made


def check_floats(expr, at):
    """Floats, and 50 digits, against the value at the exact numbers that the floats are."""
    exact = {s: exactly(q) if isinstance(q, np.ndarray) else q for s, q in at.items()}
    want = E(expr, at=exact)
    got, long = E(expr, at=at), E(expr, at=at, digits=50)
    assert isinstance(got, float | complex)
    assert abs(complex(got) - complex(want)) <= 1e-12 * abs(complex(want))
    assert (long - want).evalf(60).is_zero or abs((long - want) / want).evalf(60) < 1e-49
    return want


# Random expressions ------------------------------------------------------------------------------


def ensemble(rng):
    """Return a random matrix, its adjoint, its dimension, and how often the size has it."""
    return rng.choice(
        [
            (HaarOrthogonal("X", d), HaarOrthogonal("X", d).T, d, 1),
            (HaarUnitary("X", d), HaarUnitary("X", d).H, d, 1),
            (HaarSymplectic("X", m), HaarSymplectic("X", m).H, m, 2),
            (GaussianMatrix("X", d, d, 1 / d), GaussianMatrix("X", d, d, 1 / d).T, d, 1),
            (GaussianMatrix("X", d, d, 2, True), GaussianMatrix("X", d, d, 2, True).H, d, 1),
        ]
    )


def random_case(seed):
    """Return an expression, and exact values for all that is not random in it."""
    rng = random.Random(seed)
    X, adjoint, dimension, per = ensemble(rng)
    n = rng.choice([1, 2, 2, 3] if per == 1 else [1, 2])
    size = per * n
    letters = [MatrixSymbol(name, per * dimension, per * dimension) for name in "ABC"]
    vector = MatrixSymbol("v", per * dimension, 1)
    factors, left = [], rng.choice([1, 2, 2, 3] if per == 1 and n < 3 else [1, 2])
    while left:
        pairs = rng.randint(1, left)
        left -= pairs
        middle, after = rng.choices(letters, k=pairs), rng.choices(letters, k=pairs)
        word = MatMul(*(f for a, b in zip(middle, after, strict=True) for f in (X, a, adjoint, b)))
        kind = rng.choice(["trace", "trace", "entry", "form"])
        if kind == "trace":
            factors.append(Trace(word))
        elif kind == "entry":
            factors.append(word[rng.randrange(size), rng.randrange(size)])
        else:
            factors.append((vector.T * word * vector)[0, 0])
    expr = Mul(*factors)
    if rng.random() < 0.3:
        expr = rng.choice([2, Rational(1, 3), dimension, x]) * expr + Trace(letters[0])
    kinds = rng.choices(KINDS, k=3)
    at = {dimension: n, vector: matrix(rng, size, columns=1), x: Rational(rng.randint(-4, 4), 3)}
    at |= {s: matrix(rng, size, kind) for s, kind in zip(letters, kinds, strict=True)}
    used = expr.free_symbols | {dimension}
    return expr, {s: value for s, value in at.items() if s in used}


@pytest.mark.parametrize("seed", range(16))
def test_random_expressions(seed):
    expr, at = random_case(seed)
    assert expand(E(expr, at=at) - symbolic(expr, at)) == 0
    if any(isinstance(s, MatrixSymbol) for s in at):
        check_floats(expr, in_floats(at))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize(("X", "adjoint"), [(W, W.T), (U, U.H)])
def test_class_functions_at_every_dimension(X, adjoint, k, n):
    rng = random.Random(n)
    expr = Trace(MatMul(*[X, A, adjoint, B] * k))
    at = {d: n, A: matrix(rng, n, "symmetric"), B: matrix(rng, n, "symmetric")}
    assert E(expr, at=at) == symbolic(expr, at)
    check_floats(expr, in_floats(at))


def test_two_lists_in_numbers_and_in_letters(monkeypatch):
    """The sum over all pairs of pairings in a table, and by the routes of the engine."""
    rng = random.Random(0)
    names = [MatrixSymbol(f"M{k}", d, d) for k in range(6)]
    pairs = list(zip(names[:3], names[3:], strict=True))
    for X, adjoint in ((W, W.T), (U, U.H)):
        expr = Trace(MatMul(*(f for a, b in pairs for f in (X, a, adjoint, b))))
        points = [{d: n, **{s: matrix(rng, n) for s in names}} for n in (1, 2, 3, 4)]
        found = [E(expr, at=at) for at in points]
        with monkeypatch.context() as patch:
            patch.setattr(program, "_LISTED", 0)
            clear_caches()
            assert found == [E(expr, at=at) for at in points]


# What comes out ----------------------------------------------------------------------------------


def test_exact_in_exact_out():
    expr = Trace(W * A * W.T * B)
    exact = [
        [[1, 2], [3, 4]],
        np.array([[1, 2], [3, 4]]),
        Matrix([[1, 2], [3, 4]]),
        [[Fraction(1), 2], [S(3), np.int64(4)]],
    ]
    for value in exact:
        found = E(expr, at={d: 2, A: value, B: value})
        assert found == Rational(25, 2)
        assert found.is_Rational
    for value in ([[1.0, 2], [3, 4]], np.array([[1.0, 2], [3, 4]]), [[Float(1), 2], [3, 4]]):
        found = E(expr, at={d: 2, A: value, B: exact[0]})
        assert (type(found), found) == (float, 12.5)
    found = E(expr, at={d: 2, A: [[1j, 2], [3, 4]], B: exact[0]})
    assert (type(found), found) == (complex, 10 + 2.5j)
    assert E(expr, at={d: 2, A: [[I, 2], [3, 4]], B: exact[0]}) == 10 + 5 * I / 2


def test_numbers_that_are_exact_but_not_rational():
    assert E(sqrt(2) * W[0, 0] ** 2, at={d: 4}) == sqrt(2) / 4
    found = E(Trace(W * A * W.T * B), at={d: 2, A: [[sqrt(2), 0], [0, 1]], B: [[1, 0], [0, 0]]})
    assert found == pytest.approx((2**0.5 + 1) / 2, rel=1e-15)
    found = E(x * W[0, 0] ** 2, at={d: 3, x: sqrt(5)}, digits=40)
    assert abs(found - (sqrt(5) / 3).evalf(50)) < 1e-39


def test_coefficients_may_be_anything_constant():
    a = [[0.5, 0.25], [0.0, 0.75]]
    at = {d: 2, A: a, x: 0.5}
    value = E(exp(Trace(A)) * Determinant(A) * x**3 * A[0, 1] * W[0, 0] ** 2, at=at)
    assert value == pytest.approx(np.exp(1.25) * 0.375 * 0.125 * 0.25 / 2, rel=1e-14)
    assert E(Trace(A) * x, at=at) == 0.625
    assert E(Trace(Inverse(A) * W * A * W.T), at={d: 2, A: [[2, 1], [1, 1]]}) == Rational(9, 2)


def test_matrices_in_matrices_out():
    a = [[1, 2], [3, 4]]
    found = E(W * A * W.T + B, at={d: 2, A: a, B: a})
    assert found == ImmutableMatrix([[Rational(7, 2), 2], [3, Rational(13, 2)]])
    found = E(W * A * W.T + B, at={d: 2, A: np.array(a, dtype=float), B: a})
    np.testing.assert_array_equal(found, [[3.5, 2], [3, 6.5]])
    found = E(Matrix([[Trace(W * A), (W * A * W.T)[0, 0]]]), at={d: 2, A: np.eye(2)})
    np.testing.assert_array_equal(found, [[0, 1]])
    assert E(W, at={d: 2}) == ImmutableMatrix.zeros(2, 2)
    found = E(W * A * W.T, at={d: 3, A: np.diag([0.1, 0.2, 0.3])}, digits=30)
    assert found.shape == (3, 3)
    assert found[0, 1].is_zero


def test_constants_that_are_built():
    n = 3
    a = matrix(random.Random(5), n)
    diagonal = DiagMatrix(v)
    at = {d: n, A: a, v: ImmutableMatrix([1, 2, 3])}
    for constant, value in [
        (HadamardProduct(A, A.T), a.multiply_elementwise(a.T)),
        (diagonal, diag(1, 2, 3)),
        (OneMatrix(d, d), ImmutableMatrix.ones(n, n)),
        (A**2 + A.T, a**2 + a.T),
        (A * Inverse(A + A.T), a * (a + a.T).inv()),
    ]:
        expr = Trace(W * A * W.T * constant)
        used = {s: q for s, q in at.items() if s in expr.free_symbols | {d}}
        assert E(expr, at=used) == a.trace() * value.trace() / n
        check = in_floats(used)
        assert E(expr, at=check) == pytest.approx(float(E(expr, at=used)), rel=1e-12)


def test_sums_over_indices_and_symbols_in_places():
    a = matrix(random.Random(7), 3)
    weighted = Sum(i * W[i, j] ** 2 * A[i, i], (i, 0, d - 1))
    at = {d: 3, A: a, j: 1}
    assert E(weighted, at=at) == (a[1, 1] + 2 * a[2, 2]) / 3
    assert E(W[i, j] * W[i, j], at={d: 3, i: 0, j: 2}) == Rational(1, 3)
    assert E(W[0, 0] ** i, at={d: 3, i: 4}) == Rational(1, 5)
    triangle = Sum(W[i, 0] ** 2 * A[i, j], (j, 0, i), (i, 0, d - 1))
    assert E(triangle, at={d: 3, A: a}) == sum(a[p, q] for p in range(3) for q in range(p + 1)) / 3


def test_agrees_with_samples():
    a = np.array([[1.0, 0.5, 0.0], [0.0, 2.0, 1.0], [1.0, 0.0, -1.0]])
    expr = Trace(W * A * W.T * A * W * B * W.T * B)
    at = {d: 3, A: a, B: a @ a}
    found = estimate(expr, samples=4000, at=at)
    assert abs(E(expr, at=at) - found.mean) < 4 * found.standard_error


# Precision ---------------------------------------------------------------------------------------


def test_what_cancels_is_worked_out_again():
    """The trace of A is what the rounding of its entries leaves."""
    a = np.diag([0.1, 0.2, -0.3])
    assert 0 < abs(a.trace()) < 1e-15
    want = check_floats(Trace(W * A * W.T * B), {d: 3, A: a, B: np.eye(3)})
    assert want == sum(map(Rational, a.diagonal().tolist()))


@pytest.mark.parametrize("scale", [1e-200, 1e-90, 1e90, 1e150, 5e-324])
def test_small_and_large_numbers(scale):
    a = np.array([[1.0, 2.0], [2.0, -0.5]]) * scale
    at = {d: 2, A: a, B: np.eye(2) / 3}
    if scale > 1e-300:
        check_floats(Trace(W * A * W.T * B), at)
    else:
        with pytest.raises(ValueError, match="too small for a float"):
            E(Trace(W * A * W.T * B), at=at)
    expr = Trace(W * A * W.T * B) ** 4
    exact = {d: 2, A: exactly(a), B: exactly(np.eye(2) / 3)}
    want, long = E(expr, at=exact), E(expr, at=at, digits=30)
    assert abs(long / want - 1).evalf(40) < 1e-29
    if want > 1e308:
        with pytest.raises(ValueError, match="too large for a float"):
            E(expr, at=at)
    elif want < 1e-300:
        with pytest.raises(ValueError, match="too small for a float"):
            E(expr, at=at)
    else:
        assert E(expr, at=at) == pytest.approx(float(want), rel=1e-12, abs=0)


def test_entries_of_very_different_size():
    a = np.array([[1e-170, 1.0], [0.0, 1e-170]])
    check_floats(S(10) ** 300 * Trace(W * A * W.T * A), {d: 2, A: a})
    with pytest.raises(ValueError, match="too small for a float"):
        E(Trace(W * A * W.T * A), at={d: 2, A: a})
    check_floats((A * A)[0, 0] * S(10) ** 300 * W[0, 0] ** 2, {d: 2, A: a})


def test_zero_is_zero():
    traceless = np.diag([0.5, 0.25, -0.75])
    assert E(Trace(W * A * W.T * B), at={d: 3, A: traceless, B: np.eye(3)}) == 0
    assert E(Trace(W * A), at={d: 3, A: traceless}) == 0
    assert E(Trace(W * A * W.T * B), at={d: 3, A: traceless, B: np.eye(3)}, digits=50).is_zero
    a = np.array([[0.1, 0.7], [-0.3, -0.1]])
    assert E(Trace(W * A * W.T), at={d: 2, A: a}) == 0
    # Not seen to vanish, as no part of it does: (tr A)² - tr A² - 2 det A.
    expr = Trace(A) ** 2 * W[0, 0] ** 2 - Trace(A * A) * W[0, 0] ** 2
    expr -= 2 * (A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]) * W[0, 0] ** 2
    assert E(expr, at={d: 2, A: a}) == 0


def test_zero_that_is_not_seen_is_refused():
    """Square roots that cancel are no rational numbers, and a ball about 0 stays one."""
    a = [[sqrt(2), 0], [0, 1 - sqrt(2)]]
    with pytest.raises(ValueError, match=r"0 at these values, or so small"):
        E((Trace(A) - 1) * W[0, 0] ** 2, at={d: 2, A: a})


@pytest.mark.parametrize("k", [4, 6, 8])
def test_dimension_at_and_below_the_degree(k):
    """Weingarten functions near their poles cancel; the exact sum says what is right."""
    rng = np.random.default_rng(k)
    for n in (k - 2, k):
        a, b = rng.standard_normal((2, n, n))
        at = {d: n, A: a + a.T, B: b + b.T}
        check_floats(Trace(MatMul(*[W, A, W.T, B] * min(k, 5))), at)


def test_alternating_sums_of_near_multiples_of_one():
    """Power sums of a matrix close to a multiple of 1 cancel in the transform."""
    noise = np.random.default_rng(1).standard_normal((5, 5)) * 1e-7
    a = np.eye(5) + noise + noise.T
    traceless = a - np.eye(5) * a.trace() / 5
    check_floats(Trace(MatMul(*[W, A, W.T, B] * 4)), {d: 5, A: traceless, B: a})
    check_floats(Trace(MatMul(*[U, A, U.H, B] * 4)), {d: 5, A: traceless, B: traceless})


@pytest.mark.parametrize("scale", [1e-200, 1e-140, 1e140, 1e200])
def test_entries_beyond_what_floats_multiply(scale):
    array = np.array([[1.5, 2.25], [0.125, 3.0]])
    expr, at = Trace(W * A * W.T * B) ** 2, {A: scale * array, B: array / scale, d: 2}
    check_floats(expr, at)


@pytest.mark.parametrize("k", range(1, 12))
def test_powers_of_one_product(k):
    """Powers of a word, which are made of lower ones, against those of the matrix."""
    rng = random.Random(k)
    at = {d: 2, A: matrix(rng, 2), B: matrix(rng, 2)}
    power = Trace(MatMul(*[A, B.T] * k))
    word = np.array((at[A] * at[B].T).tolist(), dtype=object)
    exact = np.linalg.matrix_power(word, k).trace()
    assert E(power * W[0, 0] ** 2, at=at) == exact / 2
    check_floats(power * W[0, 0] ** 2, in_floats(at))


X, Y = Symbol("x"), Symbol("y")


@pytest.mark.parametrize(
    "expr",
    [
        X * W[0, 0] ** 2 - Y * W[1, 1] ** 2,
        X * W[0, 0] ** 4 - Y * W[1, 1] ** 4,
        X * W[0, 0] ** 4 - 3 * Y * W[1, 1] ** 2 * W[0, 1] ** 2,
        sin(X) * W[0, 0] ** 2 - sin(Y) * W[1, 1] ** 2,
        X * W[0, 0] ** 2 - sqrt(X) * sqrt(Y) * W[1, 1] ** 2,
        X * U[0, 0] * conjugate(U[0, 0]) - Y * U[1, 0] * conjugate(U[1, 0]),
    ],
)
@pytest.mark.parametrize("dimension", [3, 42])
def test_terms_that_cancel(expr, dimension):
    at = {d: dimension, X: 1.3889214239791037, Y: 1.3889214239603398}
    right = float(E(expr, at=at, digits=25))
    assert abs(E(expr, at=at) - right) <= 1e-12 * abs(right)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_arrays_that_cancel(n):
    rng = np.random.default_rng(n)
    for _ in range(20):
        a = rng.standard_normal((n, n))
        at = {d: n, A: a, B: a * (1 + 1e-9 * rng.standard_normal((n, n)))}
        expr = (W * A * W.T)[0, 0] ** 2 - (W * B * W.T)[0, 0] ** 2
        right = float(E(expr, at=at, digits=25))
        assert abs(E(expr, at=at) - right) <= 1e-12 * abs(right)


@pytest.mark.parametrize(
    ("power", "dimension", "scale"),
    [(16, 10**42, 1e280), (16, 10**41, 1e280), (16, 10**40, 1e280), (400, 10**4, 1e300)],
)
def test_weights_too_small_for_a_float(power, dimension, scale):
    expr, at = x * W[0, 0] ** power, {d: dimension, x: scale}
    right = float(E(expr, at=at, digits=25))
    assert right > 1e-80
    assert abs(E(expr, at=at) - right) <= 1e-12 * right
    # The weight itself, by the moments of an entry: 1 3 ... (p - 1) / (d (d + 2) ...).
    want = Fraction(scale)
    for k in range(0, power, 2):
        want *= Fraction(k + 1, dimension + k)
    assert abs(Fraction(right) / want - 1) < 1e-14


def test_sum_that_is_written_out_is_announced(monkeypatch):
    a = np.random.default_rng(0).standard_normal((4, 4))
    expr = Sum(A[i, j] * W[i, 0] ** 2 * W[j, 0] ** 2, (i, 0, d - 2), (j, 0, d - 2))
    clear_caches()
    monkeypatch.setattr(program, "_SECONDS_PER_POINT", 3)
    with pytest.warns(UserWarning, match=r"written out in \d+ terms"):
        E(expr, at={d: 4, A: a})


@pytest.mark.parametrize("digits", [1, 16, 50, 300])
def test_digits(digits):
    at = {d: 3, A: np.array([[0.1, 0.7, 0.2], [0.3, 0.9, 0.4], [0.5, 0.6, 0.8]]), B: np.eye(3)}
    expr = Trace(W * A * W.T * A) ** 2
    at = {d: 3, A: at[A]}
    want = E(expr, at={d: 3, A: exactly(at[A])})
    found = E(expr, at=at, digits=digits)
    assert isinstance(found, Float)
    assert abs(found / want - 1).evalf(digits + 20) < Rational(10) ** (1 - digits)
    assert E(W[0, 0] ** 2, at={d: 3}, digits=digits) == Rational(1, 3).evalf(digits)


def test_precision_of_others_is_left_as_it_was():
    from flint import ctx

    before = ctx.prec
    E(Trace(W * A * W.T * B), at={d: 3, A: np.diag([0.1, 0.2, -0.3]), B: np.eye(3)}, digits=60)
    assert ctx.prec == before


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "keywords", "error", "message"),
    [
        (Trace(W * A * W.T * B), {"at": {d: 3, A: np.eye(3)}}, ValueError, "B has no value"),
        (Trace(W * A), {"at": {A: np.eye(3)}}, ValueError, "d has no value"),
        (Trace(W * A), {"at": {d: 3, A: np.eye(4)}}, ValueError, r"A has the shape \(4, 4\)"),
        (Trace(W * A), {"at": {d: 2.5, A: np.eye(3)}}, TypeError, "expected an integer for d"),
        (Trace(W * A), {"at": {d: 2, A: [[np.nan, 1], [1, 1]]}}, ValueError, "not finite"),
        (Trace(W * A), {"at": {d: 2, A: "A"}}, TypeError, "no array of numbers"),
        (x * W[0, 0], {"at": {d: 2}}, ValueError, "x has no value"),
        (x * W[0, 0], {"at": 2}, TypeError, "expected a mapping"),
        (W[0, 0], {"at": {d: 2, W: np.eye(2)}}, TypeError, "W, which is random"),
        (W[0, 0], {"at": {d: 2}, "digits": 0}, ValueError, "digits = 0"),
        (W[0, 0], {"at": {d: 2}, "digits": 1.5}, TypeError, "digits = 1.5"),
        (W[0, 0], {"at": {d: 2}, "order": 2}, ValueError, "order = 2 with numbers in `at`"),
        (W[0, 0], {"digits": 20}, ValueError, "d has no value"),
        (W[0, 0] ** x, {"at": {d: 2, x: 0.5}}, ValueError, "not a polynomial"),
        (W[3, 0], {"at": {d: 2}}, ValueError, "row index"),
        (W[i, 0], {"at": {d: 2, i: 2}}, ValueError, "row index"),
        (Trace(W * Inverse(A)), {"at": {d: 2, A: np.ones((2, 2))}}, None, ""),
        (
            Trace(W * Inverse(A) * W.T * A),
            {"at": {d: 2, A: np.ones((2, 2))}},
            ValueError,
            r"A\*\*\(-1\) is the inverse of a matrix that is singular",
        ),
        (
            W[0, 0] ** 2 / Trace(A),
            {"at": {d: 2, A: np.diag([1.0, -1])}},
            ValueError,
            r"1/Trace\(A\), which has no finite value",
        ),
        ("W", {"at": {d: 2}}, TypeError, "expr = 'W'"),
    ],
)
def test_refusals(expr, keywords, error, message):
    if error is None:
        assert E(expr, **keywords) == 0
        return
    with pytest.raises(error, match=message):
        E(expr, **keywords)


def test_facts_must_hold_of_the_arrays():
    skew = np.array([[1.0, 2.0], [0.0, 1.0]])
    expr = (W * A * W.T)[0, 0] ** 2
    with pytest.raises(ValueError, match=r"Q.symmetric\(A\) does not hold of the value of A"):
        E(expr, Q.symmetric(A), at={d: 2, A: skew})
    even = (skew + skew.T) / 2
    assert E(expr, Q.symmetric(A), at={d: 2, A: even}) == E(expr, at={d: 2, A: even})


def test_a_value_that_is_not_used_is_said():
    with pytest.warns(UserWarning, match="at: B, x does not stand in expr"):
        assert E(W[0, 0] ** 2, at={d: 2, x: 1, B: np.eye(2)}) == Rational(1, 2)


def test_over_all_or_none():
    V = HaarOrthogonal("V", d)
    expr = Trace(W * V) ** 2
    assert E(expr, at={d: 3}, over=[W, V]) == 1
    with pytest.raises(ValueError, match="V would stay random"):
        E(expr, at={d: 3}, over=W)
    assert E(W[0, 0] ** 2, at={d: 3}, conditions=True) == (Rational(1, 3), True)
