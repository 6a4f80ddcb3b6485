"""What the evaluator refuses, and what it shares with nothing."""

import ast
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from drawn_values import (
    DRAWS,
    VALUES,
    A,
    B,
    C,
    d,
    i,
    integers,
    j,
    k,
    n,
    v,
    x,
    y,
)
from sympy import (
    Determinant,
    DiagMatrix,
    DiracDelta,
    Function,
    Indexed,
    Integral,
    MatrixSymbol,
    Max,
    Piecewise,
    Product,
    Rational,
    Sum,
    Trace,
    exp,
    floor,
    log,
    oo,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import IndexOutOfRangeError
from weingarten.simulation.evaluation import Evaluator


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
    value = Evaluator({d: 2, n: 3, M: integers(2, 3), MatrixSymbol("N", d, n): integers(2, 3)})
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
        Evaluator({d: 2, n: 3, M: integers(3, 3)})(M)


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
