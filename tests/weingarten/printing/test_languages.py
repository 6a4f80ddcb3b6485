"""Answers as text of Mathematica, Julia and Octave: exact strings."""

import pytest
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    DiagMatrix,
    Function,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    ImmutableMatrix,
    Inverse,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Ne,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    conjugate,
    exp,
    gamma,
    oo,
    pi,
    sqrt,
    symbols,
)

from weingarten import E, HaarOrthogonal, code, weingarten_unitary
from weingarten.integration.symplectic import SymplecticForm

d, n, m = symbols("d n m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, y = symbols("x y")
A, B, v = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d), MatrixSymbol("v", d, 1)

#: Mathematica, Julia, Octave.
TEXTS = [
    (Trace(A * A.T), "Tr[A.Transpose[A]]", "tr(A*transpose(A))", "trace(A*A.')"),
    (Trace(A * Adjoint(A)), "Tr[A.ConjugateTranspose[A]]", "tr(A*A')", "trace(A*A')"),
    (Trace(A) ** 2 / d, "Tr[A]^2/d", "tr(A)^2/d", "trace(A)^2/d"),
    (KroneckerDelta(i, j), "KroneckerDelta[i, j]", "(i == j)", "(i == j)"),
    (
        KroneckerDelta(i, j, (0, d - 1)),
        "Boole[0 <= i <= d - 1]*KroneckerDelta[i, j]",
        "(i == j && 0 <= i && i <= d - 1)",
        "(i == j && 0 <= i && i <= d - 1)",
    ),
    (A[0, 1], "A[[1, 2]]", "A[1, 2]", "A(1, 2)"),
    (A[i, j - 1], "A[[i + 1, j]]", "A[i + 1, j]", "A(i + 1, j)"),
    (
        Sum(A[i, i], (i, 0, d - 1)),
        "Sum[A[[i + 1, i + 1]], {i, 0, d - 1}]",
        "sum((A[i + 1, i + 1] for i in 0:d - 1); init=0)",
        "sum(arrayfun(@(i) A(i + 1, i + 1), 0:d - 1))",
    ),
    (
        Sum(i * j, (i, 0, j), (j, 1, d)),
        "Sum[i*j, {j, 1, d}, {i, 0, j}]",
        "sum((sum((i*j for i in 0:j); init=0) for j in 1:d); init=0)",
        "sum(arrayfun(@(j) sum(arrayfun(@(i) i*j, 0:j)), 1:d))",
    ),
    (
        2 * A * B - B.T / d + Identity(d),
        "-1/d*Transpose[B] + 2*A.B + IdentityMatrix[d]",
        "-1/d*transpose(B) + 2*A*B + Matrix(I, d, d)",
        "-1/d*B.' + 2*A*B + eye(d)",
    ),
    ((A + B) * B, "(A + B).B", "(A + B)*B", "(A + B)*B"),
    (Adjoint(A**2), "ConjugateTranspose[MatrixPower[A, 2]]", "(A^2)'", "(A^2)'"),
    (A**n * B, "MatrixPower[A, n].B", "A^n*B", "A^n*B"),
    (Inverse(A) * B, "Inverse[A].B", "inv(A)*B", "inv(A)*B"),
    (Determinant(A), "Det[A]", "det(A)", "det(A)"),
    (
        HadamardProduct(A, B) * A,
        "(A*B).A",
        "(A.*B)*A",
        "(A.*B)*A",
    ),
    (HadamardPower(A, 3), "A^3", "A.^3", "A.^3"),
    (DiagMatrix(v), "DiagonalMatrix[Flatten[v]]", "diagm(vec(v))", "diag(v)"),
    (OneMatrix(d, 2), "ConstantArray[1, {d, 2}]", "ones(d, 2)", "ones(d, 2)"),
    (ZeroMatrix(d, 2), "ConstantArray[0, {d, 2}]", "zeros(d, 2)", "zeros(d, 2)"),
    (
        SymplecticForm(2 * m),
        "KroneckerProduct[IdentityMatrix[m], {{0, 1}, {-1, 0}}]",
        "kron(Matrix(I, m, m), [0 1; -1 0])",
        "kron(eye(m), [0 1; -1 0])",
    ),
    (
        ImmutableMatrix([[x, 1 - y], [-1, 2]]),
        "{{x, 1 - y}, {-1, 2}}",
        "[x (1 - y); (-1) 2]",
        "[x (1 - y); (-1) 2]",
    ),
    (
        weingarten_unitary((2, 1), d),
        "-1/((d - 2)*(d - 1)*(d + 1)*(d + 2))",
        "-1/((d - 2)*(d - 1)*(d + 1)*(d + 2))",
        "-1/((d - 2)*(d - 1)*(d + 1)*(d + 2))",
    ),
    (Rational(3, 4), "3/4", "3/4", "3/4"),
    (x**-2, "1/x^2", "1/x^2", "1/x^2"),
    (x ** (y - 1), "x^(y - 1)", "x^(y - 1)", "x^(y - 1)"),
    (sqrt(x) * pi * I, "I*Pi*Sqrt[x]", "im*pi*sqrt(x)", "1i*pi*sqrt(x)"),
    (exp(x) + exp(1), "Exp[x] + E", "exp(x) + exp(1)", "exp(x) + exp(1)"),
    (
        Abs(conjugate(x)) + gamma(x) * conjugate(x),
        "Conjugate[x]*Gamma[x] + Abs[x]",
        "conj(x)*gamma(x) + abs(x)",
        "conj(x)*gamma(x) + abs(x)",
    ),
    (Max(x, y, 2), "Max[2, x, y]", "max(2, x, y)", "max(max(2, x), y)"),
    (
        Piecewise((x, d > 2), (y, Ne(i, 1))),
        "Piecewise[{{x, d > 2}, {y, i != 1}}, Indeterminate]",
        "(d > 2 ? x : (i != 1 ? y : NaN))",
        "merge(d > 2, x, merge(i ~= 1, y, NaN))",
    ),
    (
        Piecewise((x, (d > 2) & (i < 1)), (y, True)),
        "Piecewise[{{x, (d > 2) && (i < 1)}, {y, True}}, Indeterminate]",
        "((d > 2) && (i < 1) ? x : (true ? y : NaN))",
        "merge((d > 2) && (i < 1), x, merge(true, y, NaN))",
    ),
]
LANGUAGES = ["mathematica", "julia", "octave"]


@pytest.mark.parametrize("position", range(3), ids=LANGUAGES)
@pytest.mark.parametrize("row", TEXTS, ids=lambda row: str(row[0]))
def test_the_text_of_an_answer(row, position):
    assert code(row[0], LANGUAGES[position]) == row[1 + position]


def test_an_answer_of_e():
    W = HaarOrthogonal("W", d)
    answer = E(Trace(W * A * W.T * B))
    assert [code(answer, language) for language in LANGUAGES] == [
        "Tr[A]*Tr[B]/d",
        "tr(A)*tr(B)/d",
        "trace(A)*trace(B)/d",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_conditions_can_be_written(language):
    assert code((d >= 3), language) == "d >= 3"


@pytest.mark.parametrize(
    ("expr", "language"),
    [
        (Symbol("x_1"), "mathematica"),
        (Symbol("E"), "mathematica"),
        (Symbol("I") * x, "mathematica"),
        (Symbol("N"), "mathematica"),
        (Trace(MatrixSymbol("D", 2, 2)), "mathematica"),
        (Symbol("end"), "julia"),
        (Symbol("im"), "julia"),
        (Symbol("tr"), "julia"),
        (Symbol("a b"), "julia"),
        (Symbol("pi"), "octave"),
        (Symbol("trace"), "octave"),
        (Symbol("2x"), "octave"),
        (Symbol("x'"), "octave"),
    ],
    ids=str,
)
def test_a_name_that_means_something_else_is_refused(expr, language):
    with pytest.raises(ValueError, match=r"is not the name of a variable in .*; rename it with"):
        code(expr, language)


def test_two_symbols_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two symbols in expr are called x; rename one"):
        code(x + Symbol("x", positive=True), "julia")
    with pytest.raises(ValueError, match="two symbols in expr are called A; rename one"):
        code(Symbol("A") * Trace(A), "octave")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("expr", "error", "message"),
    [
        (Function("f")(x), NotImplementedError, "^f cannot be written in"),
        (Sum(x**k, (k, 0, oo)), NotImplementedError, "^a sum over the range .* cannot be written"),
        (x.diff(x, evaluate=False), NotImplementedError, "^Derivative cannot be written in"),
        ((x, y), TypeError, r"^expr = \(x, y\): expected a SymPy expression"),
    ],
)
def test_what_cannot_be_written_is_refused(expr, error, message, language):
    with pytest.raises(error, match=message):
        code(expr, language)


def test_another_language_is_refused():
    with pytest.raises(ValueError, match=r"^language = .c.: expected one of mathematica, julia"):
        code(x, "c")
