"""compiled(expr, args): the same numbers as E(expr, at=...), and what does not fit."""

import numpy as np
import pytest
from sympy import (
    Float,
    MatrixSymbol,
    Symbol,
    Trace,
    symbols,
)

from weingarten import (
    E,
    HaarOrthogonal,
    HaarUnitary,
    compiled,
)

d, m = symbols("d m", integer=True, positive=True)
x = Symbol("x")
i, j = symbols("i j", integer=True)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
v = MatrixSymbol("v", d, 1)


def test_compiled_is_the_same():
    rng = np.random.default_rng(0)
    expr = x * Trace(W * A * W.T * B * W * A * W.T * B)
    f = compiled(expr, [d, A, B, x])
    for n in (2, 3, 3, 2):
        a, b = rng.standard_normal((2, n, n))
        for one, other in ((a, b), (a + a.T, b + b.T), (a + 1j * b, b), (a, np.eye(n))):
            for scale in (2, 0.5):
                want = E(expr, at={d: n, A: one, B: other, x: scale})
                assert f(n, one, other, scale) == want
    assert f(2, [[1, 2], [3, 4]], [[1, 0], [0, 1]], 1) == E(
        expr, at={d: 2, A: [[1, 2], [3, 4]], B: [[1, 0], [0, 1]], x: 1}
    )
    assert isinstance(f(2, np.eye(2), np.eye(2), 1, digits=30), Float)
    assert "compiled E" in repr(f)


def test_compiled_sees_what_does_not_fit():
    f = compiled(Trace(W * A * W.T * A), [d, A])
    assert f(2, np.eye(2)) == 2
    with pytest.raises(ValueError, match="not finite"):
        f(2, np.full((2, 2), np.nan))
    with pytest.raises(ValueError, match=r"A has the shape \(3, 3\)"):
        f(2, np.eye(3))
    with pytest.raises(TypeError, match=r"1 values for \[d, A\]; expected 2"):
        f(2)
    with pytest.raises(ValueError, match="B has no value"):
        compiled(Trace(W * A * W.T * B), [d, A])(2, np.eye(2))
    with pytest.raises(TypeError, match="args contains W"):
        compiled(Trace(W), [W])
    with pytest.raises(TypeError, match="args contains 'd'"):
        compiled(Trace(W), ["d"])
    with pytest.raises(ValueError, match="each symbol once"):
        compiled(Trace(W), [d, d])
