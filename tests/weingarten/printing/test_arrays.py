"""Answers as functions of arrays, against SymPy's own value with explicit matrices put in."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    DiagMatrix,
    Dummy,
    Function,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
    Integer,
    Inverse,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Min,
    N,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    conjugate,
    cos,
    exp,
    factorial,
    gamma,
    im,
    log,
    oo,
    pi,
    re,
    sqrt,
    symbols,
)
from sympy.printing.numpy import NumPyPrinter

import weingarten
from weingarten import E, HaarOrthogonal, HaarSymplectic, lambdify
from weingarten.integration.symplectic import SymplecticForm

d, n = symbols("d n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x = Symbol("x")
A, B, v = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d), MatrixSymbol("v", d, 1)

SIZE = 3
TARGETS = ["numpy", "jax", "torch"]


def entries(shape, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(-4, 5, shape) + 1j * rng.integers(-4, 5, shape) + 6 * np.eye(*shape)


def exact(array):
    return ImmutableMatrix([[Integer(int(z.real)) + I * int(z.imag) for z in row] for row in array])


VALUES = {A: entries((SIZE, SIZE), 1), B: entries((SIZE, SIZE), 2), v: entries((SIZE, 1), 3)}
NUMBERS = {d: SIZE, i: 1, j: 2, x: 0.75}

#: Each of A, B, v, d, i, j, x: evaluated by SymPy with explicit ones, by the function with arrays.
CASES = {
    "trace of a word": lambda A, B, v, d, i, j, x: Trace(A * B.T * A),
    "power of a trace": lambda A, B, v, d, i, j, x: Trace(A) ** 2 * Trace(B) / (d * (d + 2)),
    "negative powers": lambda A, B, v, d, i, j, x: (d + 1) ** -2 - Trace(A) ** -3,
    "adjoint": lambda A, B, v, d, i, j, x: Trace(A * Adjoint(B)),
    "identity": lambda A, B, v, d, i, j, x: A * Trace(B) / d - 2 * Identity(d),
    "multiple of a product": lambda A, B, v, d, i, j, x: -A * B + Rational(3, 7) * B,
    "inverse": lambda A, B, v, d, i, j, x: Trace(Inverse(A) * B),
    "matrix power": lambda A, B, v, d, i, j, x: A**3 * B**-2,
    "symbolic matrix power": lambda A, B, v, d, i, j, x: A**d,
    "determinant": lambda A, B, v, d, i, j, x: Determinant(A * B),
    "entry": lambda A, B, v, d, i, j, x: A[i, j] * conjugate(B[j, i]) - A[0, 2],
    "entry of a product": lambda A, B, v, d, i, j, x: (v.T * A * v)[0, 0] + (A * B)[i, 0],
    "vector": lambda A, B, v, d, i, j, x: A * v,
    "diagonal": lambda A, B, v, d, i, j, x: Trace(DiagMatrix(v) * A),
    "diagonal of a row": lambda A, B, v, d, i, j, x: Trace(DiagMatrix(v.T) * A),
    "entrywise": lambda A, B, v, d, i, j, x: HadamardProduct(A, B, A.T),
    "entrywise power": lambda A, B, v, d, i, j, x: HadamardPower(A, 2),
    "ones and zeros": lambda A, B, v, d, i, j, x: A * OneMatrix(d, d) + ZeroMatrix(d, d),
    "sum": lambda A, B, v, d, i, j, x: Sum(A[k, k] ** 2 * B[0, k], (k, 0, d - 1)),
    "sum over an argument": lambda A, B, v, d, i, j, x: i + Sum(A[k, i] * k, (k, i, d - 1)),
    "empty sum": lambda A, B, v, d, i, j, x: 1 + Sum(A[k, k], (k, i, i - 1)),
    "triangular sum": lambda A, B, v, d, i, j, x: Sum(
        A[k, n] * (k + 2 * n), (k, 0, n - 1), (n, 0, d - 1)
    ),
    "delta": lambda A, B, v, d, i, j, x: KroneckerDelta(i, j) + 2 * KroneckerDelta(i, j - 1) / d,
    "delta in a sum": lambda A, B, v, d, i, j, x: Sum(
        KroneckerDelta(k, i) * KroneckerDelta(n, k + 1) * A[k, n], (k, 0, d - 1), (n, 0, d - 1)
    ),
    "delta with a range": lambda A, B, v, d, i, j, x: Sum(
        KroneckerDelta(k, n, (1, d - 2)) * A[k, n], (k, 0, d - 1), (n, 0, d - 1)
    ),
    "pieces": lambda A, B, v, d, i, j, x: Piecewise(
        (Trace(A), d > 4), (x, (i < j) & (d >= 3)), (1 / (d - 3), True)
    ),
    "extremes": lambda A, B, v, d, i, j, x: Min(d, i + 1, 7) + Max(x, i, j) * 3,
    "roots": lambda A, B, v, d, i, j, x: sqrt(d + 1) + x ** Rational(3, 2) + 1 / sqrt(x),
    "root of a negative number": lambda A, B, v, d, i, j, x: sqrt(x - 5) + (x - 5) ** x,
    "powers": lambda A, B, v, d, i, j, x: 2**d + x**d + (-1) ** i + d**x,
    "functions": lambda A, B, v, d, i, j, x: exp(x) + cos(x) * log(x) + gamma(x) + factorial(d),
    "constants": lambda A, B, v, d, i, j, x: pi * x + exp(1) + I * d,
    "parts": lambda A, B, v, d, i, j, x: Abs(A[0, 1]) ** 2 + re(A[0, 1]) - im(B[0, 1]) * d,
    "large integers": lambda A, B, v, d, i, j, x: (10**12 + d) ** 5 / (10**55 + d) * x,
    "matrix of entries": lambda A, B, v, d, i, j, x: ImmutableMatrix([[x, d], [Trace(A), 1]]),
}


def summed(total):
    """A sum written out: SymPy's `doit` neither looks at the range of a delta nor stops early."""
    *inner, (index, start, end) = total.limits
    summand = Sum(total.function, *inner) if inner else total.function
    return sum(written(summand.subs(index, value)) for value in range(start, end + 1))


def written(value):
    if isinstance(value, Sum):
        return summed(value)
    return value.func(*map(written, value.args)) if getattr(value, "args", ()) else value


def explicit(value):
    """What SymPy says when explicit matrices stand in an expression."""
    value = written(value)
    value = value.doit() if hasattr(value, "doit") else value
    if getattr(value, "is_Matrix", False):
        return np.array(N(value.as_explicit(), 20).tolist(), dtype=complex)
    return complex(N(value, 20))


@pytest.fixture(params=TARGETS)
def target(request):
    pytest.importorskip(request.param)
    if request.param == "jax":
        sys.modules["jax"].config.update("jax_enable_x64", True)
    return request.param


@pytest.mark.parametrize("case", CASES)
def test_a_function_has_the_value_of_sympy(case, target):
    if target != "numpy" and case == "root of a negative number":
        pytest.skip("only NumPy's roots look at their argument")
    build = CASES[case]
    expected = explicit(
        build(*(exact(VALUES[m]) for m in (A, B, v)), Integer(SIZE), 1, 2, Rational(3, 4))
    )
    arguments = [A, B, v, d, i, j, x]
    function = lambdify(arguments, build(*arguments), target)
    found = function(*({**VALUES, **NUMBERS}[arg] for arg in arguments))
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("case", [name for name in CASES if name != "symbolic matrix power"])
def test_a_stack_of_matrices_gives_a_stack_of_values(case):
    arguments = [A, B, v, d, i, j, x]
    function = lambdify(arguments, CASES[case](*arguments))
    numbers = [NUMBERS[arg] for arg in arguments[3:]]
    draws = [[entries(value.shape, seed) for seed in range(4)] for value in VALUES.values()]
    singly = [function(*each, *numbers) for each in zip(*draws, strict=True)]
    together = function(*map(np.array, draws), *numbers)
    np.testing.assert_allclose(np.broadcast_to(together, np.shape(singly)), singly, rtol=1e-12)


def test_an_answer_with_the_symplectic_form():
    m = Symbol("m", integer=True, positive=True)
    S, C = HaarSymplectic("S", m), MatrixSymbol("C", 2 * m, 2 * m)
    answer = E(Trace(S * C * S.T * C))
    assert answer.has(SymplecticForm)
    value = entries((4, 4), 5)
    form = np.kron(np.eye(2), [[0, 1], [-1, 0]])
    put_in = {C: exact(value), SymplecticForm(2 * m): exact(form + 0j), m: Integer(2)}
    assert lambdify([C, m], answer)(value, 2) == pytest.approx(explicit(answer.xreplace(put_in)))
    assert lambdify(m, SymplecticForm(2 * m))(2).tolist() == form.tolist()


def test_an_answer_of_e():
    W = HaarOrthogonal("W", d)
    a = np.arange(9.0).reshape(3, 3)
    function = lambdify([A, d], E(Trace(W * A * W.T * A)))
    assert function(a, 3) == pytest.approx(np.trace(a) ** 2 / 3)


def test_a_random_matrix_can_be_an_argument():
    W = HaarOrthogonal("W", 3)
    draws = W.sample(5, seed=1)
    assert lambdify(W, Trace(W * W.T))(draws) == pytest.approx([3.0] * 5)


# What comes in -----------------------------------------------------------------------------------


def test_integers_of_numpy_do_not_overflow():
    function = lambdify([d, x], x / d**9)
    exact_value = float(10**90) / float(10**90)
    for big in (10**10, np.int64(10**10), np.array(10**10), Integer(10**10)):
        assert function(big, 10.0**90) == pytest.approx(exact_value)
    assert function(np.array([10**10, 10]), 1.0)[0] == pytest.approx(1e-90)
    whole = np.full((2, 2), 10**10)
    assert lambdify(A, Trace(A**3))(whole) == pytest.approx(8e30)


def test_an_array_of_numbers_gives_an_array():
    values = np.array([2, 3, 4])
    assert lambdify(d, 1 / (d * (d + 1)))(values) == pytest.approx(1 / (values * (values + 1)))
    assert lambdify([A, i], A[i, i])(np.diag([5, 6, 7]), values - 2).tolist() == [5, 6, 7]
    assert lambdify([i, j], KroneckerDelta(i, j))(values, 3).tolist() == [0, 1, 0]
    branches = lambdify(x, Piecewise((x, x > 3), (-1, x > 2)))(values)
    assert np.isnan(branches[0])
    assert branches[1:].tolist() == [-1, 4]
    assert lambdify(x, Max(x, 3))(values).tolist() == [3, 3, 4]
    square = lambdify(x, ImmutableMatrix([[x, 1], [0, x]]))(values)
    assert square.shape == (3, 2, 2)
    assert square[2].tolist() == [[4, 1], [0, 4]]


def test_the_names_of_arguments_do_not_meet_those_of_operations():
    trace, x0, underscored = Symbol("trace"), Symbol("x0"), MatrixSymbol("a b", 2, 2)
    found = lambdify([underscored, trace, x0], trace * Trace(underscored) - x0)
    assert found(np.eye(2), 5.0, 1.0) == 9.0


def test_symbols_of_one_name_are_told_apart():
    one, other, dummy = Symbol("x"), Symbol("x", positive=True), Dummy("x")
    assert lambdify([one, other, dummy], one - 10 * other + 100 * dummy)(1, 2, 3) == 281


def test_an_index_of_a_sum_may_have_the_name_of_an_argument():
    assert lambdify(i, i + Sum(i**2, (i, 0, i)) + i)(3) == 3 + 14 + 3


# Refusals ----------------------------------------------------------------------------------------


def test_a_sum_that_ends_early_is_refused_and_an_empty_one_is_zero():
    function = lambdify([i, j], Sum(k, (k, i, j)))
    assert function(2, 1) == 0
    with pytest.raises(ValueError, match="a sum runs from 2 to 0; expected an end that is not bef"):
        function(2, 0)


@pytest.mark.parametrize(
    ("args", "values", "error", "message"),
    [
        ([A, d], (np.eye(3), 4), ValueError, r"^A has 3 rows; expected d = 4, as of .*\(d, d\)"),
        ([A, d], (np.ones((3, 2)), 3), ValueError, "^A has 2 columns; expected d = 3"),
        ([A], (np.ones((3, 2)),), ValueError, "^A has 2 columns; expected d = 3"),
        ([A, B], (np.eye(3), np.eye(2)), ValueError, "^B has 2 rows; expected d = 3"),
        ([A, v], (np.eye(3), np.ones((3, 2))), ValueError, "^v has 2 columns; expected 1 = 1"),
        ([A, v], (np.eye(3), np.ones(3)), ValueError, "^v has 1 axes; expected a matrix"),
        ([A, d], (np.eye(3),), TypeError, "^1 arguments; expected 2: A, d"),
        ([A], ([["a", "b"], ["c", "d"]],), TypeError, "^A = .*expected numbers"),
        ([A, x], (np.eye(3), "x"), TypeError, "^x = 'x': expected numbers"),
        ([A, x], (np.eye(3), None), TypeError, "^x = None: expected numbers"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(args, values, error, message):
    with pytest.raises(error, match=message):
        lambdify(args, Trace(A) if B not in args else Trace(A) + Trace(B))(*values)


@pytest.mark.parametrize(("row", "column"), [(-1, 0), (0, 3), (3, 0), (np.array([0, 3]), 0)])
def test_an_index_out_of_range_is_refused(row, column):
    with pytest.raises(IndexError, match=r"an index is (-1|3); expected an integer from 0 to 2"):
        lambdify([A, i, j], A[i, j])(np.eye(3), row, column)


def test_a_size_or_power_that_is_no_integer_is_refused():
    with pytest.raises(TypeError, match=r"the size of an identity matrix is 2\.5; expected an int"):
        lambdify(d, Identity(d))(2.5)
    with pytest.raises(TypeError, match=r"the power of a matrix is 0\.5; expected an integer"):
        lambdify([A, x], Trace(A**x))(np.eye(2), 0.5)
    assert lambdify(d, Identity(d))(2.0).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("args", "expr", "error", "message"),
    [
        ([A], Trace(A) / d, ValueError, "^d stands in expr; expected it in args"),
        ([d], Trace(A) / d, ValueError, "^A stands in expr; expected it in args"),
        ([A, A[0, 0]], Trace(A), TypeError, r"^args\[1\] = A\[0, 0\]: expected a symbol"),
        ([A, d, d], Trace(A), ValueError, r"^args\[2\] = d: expected each argument once"),
        ("A", Trace(A), TypeError, r"^args\[0\] = 'A': expected a symbol"),
        ([x], Function("f")(x), NotImplementedError, r"^f cannot be written in functions of arr"),
        ([x], Sum(x**k, (k, 0, oo)), NotImplementedError, "^a sum over the range"),
        ([x], x.diff(x, evaluate=False), NotImplementedError, "^Derivative cannot be written"),
        ([x], oo * x, NotImplementedError, "^Infinity cannot be written"),
        ([x], "x", TypeError, "^expr = 'x': expected a SymPy expression"),
        ([x], None, TypeError, "^expr = None: expected a SymPy expression"),
    ],
)
def test_what_cannot_be_written_is_refused(args, expr, error, message):
    with pytest.raises(error, match=message):
        lambdify(args, expr)


def test_another_target_is_refused():
    with pytest.raises(ValueError, match=r"^target = 'cupy': expected one of numpy, jax, torch"):
        lambdify(x, x, "cupy")


@pytest.mark.parametrize(("target", "package"), [("jax", "jax"), ("torch", "torch")])
def test_a_library_that_is_not_installed_is_named(monkeypatch, target, package):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"the package {package} is not installed; install it"):
        lambdify(x, x, target)


# The function as an object -----------------------------------------------------------------------


def test_a_function_can_be_pickled():
    function = lambdify([A, d], Trace(A * A.T) / d)
    again = pickle.loads(pickle.dumps(function))
    assert again.text == function.text
    assert again(np.eye(2), 2) == function(np.eye(2), 2) == 1.0
    assert "numpy function of A, d" in repr(function)


def test_the_printers_of_sympy_are_as_they_were():
    assert "weingarten" not in str(getattr(NumPyPrinter, "_print_Trace", ""))
    code = "import weingarten, sys; sys.exit('weingarten.printing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert weingarten.lambdify is lambdify


# Other libraries ---------------------------------------------------------------------------------


def test_a_function_can_be_traced_and_differentiated_by_jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    function = lambdify([A, x], Trace(A * A.T) * x**2 + A[0, 1], "jax")
    value = jax.numpy.asarray(np.arange(4.0).reshape(2, 2))
    assert jax.jit(function)(value, 3.0) == pytest.approx(14 * 9 + 1)
    gradient = jax.grad(function)(value, 3.0)
    assert np.asarray(gradient) == pytest.approx(18 * np.asarray(value) + [[0, 1], [0, 0]])
    assert jax.grad(function, 1)(value, 3.0) == pytest.approx(14 * 6)
    assert jax.jit(lambdify(x, Piecewise((x, x > 2), (0, True)), "jax"))(3.0) == 3


def test_a_function_can_be_differentiated_by_torch():
    torch = pytest.importorskip("torch")
    function = lambdify([A, x], Trace(A * A.T) * x**2 + A[0, 1], "torch")
    value = torch.arange(4.0, dtype=torch.float64).reshape(2, 2).requires_grad_()
    scale = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    function(value, scale).backward()
    assert value.grad.numpy() == pytest.approx(18 * value.detach().numpy() + [[0, 1], [0, 0]])
    assert scale.grad.item() == pytest.approx(14 * 6)


def test_real_and_complex_tensors_of_any_precision_meet():
    torch = pytest.importorskip("torch")
    real = torch.eye(3, dtype=torch.float32)
    value = torch.as_tensor(VALUES[A])
    found = lambdify([A, B, d], Trace(A * B * Identity(d)) / d, "torch")(value, real, 3)
    assert found.item() == pytest.approx(np.trace(VALUES[A]) / 3)
