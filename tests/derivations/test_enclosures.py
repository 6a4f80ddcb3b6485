"""Balls around the values of expressions: each part of one, against mpmath."""

import mpmath
import pytest
from flint import arb
from sympy import E, Integer, Rational, exp, lambdify, log, pi, sqrt, symbols

from derivations.inequalities import enclose

x, y = symbols("x y", positive=True)
AT = {x: Rational(7, 3), y: Rational(5, 2)}


@pytest.mark.parametrize(
    "f",
    [
        *(x, Integer(3), Rational(2, 7), pi, E, x + y - 2, x * y / 3),
        *(exp(-x), log(y), x**3, x**-2, sqrt(x), x ** Rational(3, 2), x ** Rational(-5, 2)),
        *(x ** Rational(1, 3), x ** Rational(-2, 5), x**y, pi**y),
    ],
    ids=str,
)
def test_a_ball_holds_the_value_and_is_small(f):
    ball = enclose(f, {s: arb(int(v.p)) / int(v.q) for s, v in AT.items()})
    with mpmath.workdps(40):
        value = lambdify([x, y], f, "mpmath")(*(mpmath.mpf(v.p) / v.q for v in AT.values()))
        middle, radius = mpmath.mpf(ball.mid().str(40, radius=False)), float(ball.rad())
        assert abs(middle - value) <= radius + mpmath.mpf(10) ** -14
    assert radius < 1e-12


def test_what_has_no_enclosure_is_refused():
    with pytest.raises(TypeError, match="cannot be enclosed; expected sums, products"):
        enclose(abs(symbols("t")), {symbols("t"): arb(1)})
