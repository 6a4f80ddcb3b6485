"""``weingarten expect``: expressions from the shell, read and never run; tables of values."""

import csv
import io
import json

import pytest
from sympy import Eq, MatrixSymbol, Q, Rational, symbols

pytest.importorskip("click")
from derivations.cli.expressions import ENSEMBLES, Names
from derivations.cli.tables import nearest
from weingarten import E, HaarOrthogonal, HaarStiefel, HaarUnitary, __all__

d = symbols("d", integer=True, positive=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Trace(W*A*W.T*B)", "Trace(A)*Trace(B)/d"),
        ("tr(W @ A @ W.T @ B)", "Trace(A)*Trace(B)/d"),
        ("W*A*W.T", "(Trace(A)/d)*I"),
        ("abs(U[0, 0])**4", "2/(d*(d + 1))"),
        ("U[0,0]*conjugate(U[0,0])", "1/d"),
        ("Trace(U*A*U.H)", "Trace(A)"),
        ("Trace(A.H*W*B.H*W.I)", "Trace(Adjoint(A))*Trace(Adjoint(B))/d"),
        ("W[i, j]*W[k, l]", "KroneckerDelta(i, k)*KroneckerDelta(j, l)/d"),
        ("Sum(W[i, i]**2, (i, 0, d - 1))", "1"),
        ("-2*x*W[0, 0]**2 + 1_0", "2*(5*d - x)/d"),
        ("Trace(G*G.T)", "d**2"),
    ],
)
def test_what_is_written_is_averaged(call, text, value):
    assert call("expect", text)[:2] == (0, value + "\n")


def test_what_a_letter_is_taken_for_is_said(call):
    err = call("expect", "Trace(W*A*W.T*B) + U[0, 0]")[2]
    assert err.splitlines() == [
        "A, B: constant d x d matrices", "U: HaarUnitary(d)", "W: HaarOrthogonal(d)",
    ]  # fmt: skip
    assert call("expect", "Trace(V.T*V)", "--let", "V=HaarStiefel(d,k)")[1:] == ("k\n", "")


def test_names_are_said():
    names = Names()
    for said in ("k=2", "V=HaarStiefel(d, k)", "C=Matrix(d, 3)", "X=HaarUnitary(2*d)"):
        names.let(said)
    assert names.read("V") == HaarStiefel("V", d, 2)
    assert names.read("X") == HaarUnitary("X", 2 * d)
    assert names.read("C.T*W*C").shape == (3, 3)
    assert names.read("W") == HaarOrthogonal("W", d)
    assert names.fact("A*A = A") == Eq(A * A, A)
    assert names.fact("Q.symmetric(A)") == names.fact("symmetric(A)") == Q.symmetric(A)


def test_all_ensembles_are_known():
    assert {"HaarOrthogonal", "HaarSymplectic", "Wishart", "RandomState"} <= set(ENSEMBLES)
    assert set(ENSEMBLES) <= set(__all__)


def test_what_begins_with_a_minus_is_an_expression_or_a_value(call):
    assert call("expect", "-W[0,0]**2", "--dim", "3")[1] == "-1/3 ≈ -0.3333333333333333\n"
    status, out, _ = call("expect", "(W*A*A*W.T)[0,0]", "--given", "-A*A = -A")
    assert (status, out) == (0, "Trace(A)/d\n")


def test_facts_count(call):
    expr = "(W*A*W.T)[0, 0]**2"
    assert call("expect", expr, "--given", "symmetric(A)")[1] == (
        "(2*Trace(A**2) + Trace(A)**2)/(d*(d + 2))\n"
    )
    assert call("expect", expr)[1] != call("expect", expr, "--given", "symmetric(A)")[1]


def test_decimals_are_exact():
    names = Names()
    assert names.read("0.1") == Rational(1, 10)
    assert names.read("0.12345678901234567890123") == Rational("0.12345678901234567890123")
    assert names.read("1e-3") == Rational(1, 1000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os').system('true')", "no function that can be used"),
        ("W.__class__", "expected .T, .H or .I"),
        ("A.shape", "expected .T, .H or .I"),
        ("(1).__class__", "expected .T, .H or .I"),
        ("__name__", "no name that can be used"),
        ("().__class__", "no part of an expression"),
        ("lambda: 1", "no part of an expression"),
        ("[x for x in W]", "no part of an expression"),
        ("f'{W}'", "no part of an expression"),
        ("(W := 3)", "no part of an expression"),
        ("1 if 1 else 2", "no part of an expression"),
        ("W < 1", "no part of an expression"),
        ("eval('1')", "no function that can be used"),
        ("W.subs(d, 3)", "no function that can be used"),
        ("Trace('A')", "is no number"),
        ("True", "is no number"),
        ("9**9**9", "too many digits"),
        ("10**-100000", "too many digits"),
        ("1/0", "divides by zero"),
        ("0**-1", "divides by zero"),
        ("1e400", "too large or too small"),
        ("W^2", "write ** for a power"),
        ("W//2", "expected one of + - * / ** @"),
        ("~W", "expected + or - as a sign"),
        ("W[0]", "a row and a column"),
        ("d[0, 0]", "is no matrix"),
        ("Sum(d)", "expected limits"),
        ("Trace(matrix=W)", "arguments without names"),
        ("Trace", "without its arguments"),
        ("I*W", "1j for the imaginary unit"),
        ("Trace(W", "is no expression"),
        ("", "the expression is empty; expected one such as"),
        ("  ", "the expression is empty; expected one such as"),
        ("1" * 10_001, "expected at most 10000"),
        ("(" + "-" * 2000 + "1)", "cannot be read"),
        ("W + 1", "Matrix and Scalar"),
        ("W[0, 0]/W[0, 1]", "not a polynomial"),
    ],
)
def test_all_else_is_refused_in_one_line(call, text, says):
    status, out, err = call("expect", text)
    assert (status, out) == (2, "")
    assert says in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--let", "V"), "expected such as V=HaarStiefel(d,k)"),
        (("--let", "W=Foo(d)"), "'Foo' is no kind of matrix"),
        (("--let", "W=HaarOrthogonal()"), "W: expected HaarOrthogonal(d)"),
        (("--let", "W=HaarOrthogonal(0)"), "d = 0"),
        (("--let", "A=Matrix(3)"), "A: expected Matrix(rows, columns)"),
        (("--let", "W=__import__('os')"), "is no kind of matrix"),
        (("--let", "W=HaarUnitary(d)", "--let", "d=3"), "d was used before"),
        (("--let", "W=HaarUnitary(3)", "--dim", "3"), "no d that is not a number"),
        (("--dim", "0"), "'0' is not a positive integer"),
        (("--dim", "3,x"), "'x' is not a positive integer"),
        (("--given", "nice(A)"), "symmetric(A)"),
        (("--digits", "5"), "--digits: the value 1/d is no number"),
        (("--latex", "--csv"), "expected one of them"),
    ],
)
def test_options_that_make_no_sense_are_refused(call, options, says):
    status, out, err = call("expect", "W[0, 0]**2", *options)
    assert (status, out) == (2, "")
    assert says in err


def test_tables_of_dimensions(call):
    text = "W[0, 0]**4"
    assert call("expect", text, "--dim", "5")[1] == "3/35 ≈ 0.08571428571428572\n"
    assert call("expect", text, "--dim", "2 5")[1].splitlines()[1].startswith("d = 5: 3/35 ≈ 0.08")
    rows = list(csv.DictReader(io.StringIO(call("expect", text, "--dim", "2,5", "--csv")[1])))
    assert [row["exact"] for row in rows] == ["3/8", "3/35"]
    assert [float(row["value"]) for row in rows] == [3 / 8, 3 / 35]
    found = json.loads(call("expect", text, "--dim", "5", "--json", "--digits", "30")[1])
    assert found == [{
        "expression": "W[0, 0]**4", "d": 5, "exact": "3/35", "value": 3 / 35,
        "digits": "0.0857142857142857142857142857143",
    }]  # fmt: skip
    assert call("expect", "Trace(W*A*W.T*B)**2", "--conditions")[1].endswith("when d >= 2\n")
    assert call("expect", text, "--latex")[1] == "\\frac{3}{d \\left(d + 2\\right)}\n"


def test_a_value_from_the_shell_is_the_value_of_E(call):
    W = HaarOrthogonal("W", 4)
    expected = E(W[0, 0] ** 2 * W[1, 1] ** 2)
    assert call("expect", "W[0,0]**2*W[1,1]**2", "--dim", "4", "--json")[1].count(str(expected))


def test_evaluate_at_widths_as_tables(call):
    assert (
        call("evaluate", "entry-disjoint", "--width", "10")[1] == "11/1080 ≈ 0.010185185185185186\n"
    )
    rows = list(csv.DictReader(io.StringIO(
        call("evaluate", "entry-disjoint", "--width", "10,20", "--csv")[1]
    )))  # fmt: skip
    assert [(row["width"], row["exact"]) for row in rows] == [("10", "11/1080"), ("20", "21/8360")]
    (row,) = json.loads(call("evaluate", "row-norm-mean", "--json")[1])
    assert (row["width"], row["exact"], row["value"]) == ("d", "p_1/d", None)
    (row,) = json.loads(
        call("evaluate", "row-norm-variance", "--spectrum", "1,2,3", "--json", "--digits", 20)[1]
    )
    assert (row["digits"], row["value"]) == ("0.26666666666666666667", 4 / 15)
    (row,) = json.loads(call("evaluate", "isometry-gap-step", "--spectrum", "1,4", "--json")[1])
    assert row["exact"].startswith("Integral(")
    assert row["value"] == pytest.approx(0.117783035656383454, rel=1e-12)


def test_the_nearest_float():
    assert nearest(Rational(1, 3)) == 1 / 3
    assert nearest(Rational(10**400)) is None and nearest(Rational(1, 10**400)) is None
    assert nearest(d) is None and nearest(A) is None
    assert nearest(2 * symbols("I")) is None
