"""The gap after a layer as a series in the moments of row norms, and what its rest is."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import mpmath
from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Limit,
    Min,
    Rational,
    Sum,
    Symbol,
    integrate,
    log,
    oo,
    simplify,
)

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again
from derivations.formulas.common import LAYER, MEAN_ONE, REGULAR
from derivations.formulas.contraction import AFTER, gap_error
from derivations.formulas.contraction_checks import Agree
from derivations.formulas.entries import HAAR
from derivations.formulas.following import at_mean_one, mean_of_forms
from derivations.formulas.step_bounds import (
    SOURCE,
    high,
    law_by_rows,
    low,
    x,
    y,
)
from derivations.inequalities import Derivatives, Squares
from derivations.notation import (
    Mean,
    X,
    a,
    at_least,
    at_most,
    d,
    i,
    k,
    lam,
    over_eigenvalues,
    phi,
    q,
    r,
)
from derivations.numeric import statistics
from derivations.numeric.gap_digits import gap_to_digits
from derivations.numeric.row_moments import central_row_moments, row_moments
from derivations.numeric.shift_digits import law_to_digits
from derivations.point import Point

__all__ = ["series"]


def _odd(point: Point) -> str:
    order = point["q"]
    wrong = order.is_Integer and order % 2 == 0
    return f"the sum is a bound when its last term is odd, and q = {order}" if wrong else ""


ODD = Hypothesis(r"The sum stops after an odd $q$.", _odd, r"take one term more or less")


def series() -> Formula:
    """Derive bounds on the mean gap after a layer by moments of the row norms.

    Examples
    --------
    >>> series().evaluate(spectrum=[0.5, 1.5], q=1)
    0.14384103622589045
    >>> from derivations import catalogue
    >>> law = catalogue["isometry-gap-step"].evaluate(spectrum=[0.5, 1.5])
    >>> series().evaluate(spectrum=[0.5, 1.5], q=15) - law < 1e-6
    True
    """
    sum_ = Sum((-1) ** (r + 1) * Mean((a[i] - 1) ** r) / r, (r, 2, q))
    statement = at_most(AFTER, phi(X) + sum_)
    rest = Mean((a[i] - 1) ** (q + 1)) / ((q + 1) * Min(1, low))
    geometric = Sum((-x) ** (r - 1), (r, 1, q))
    middle = (high + low) / 2
    centred = Mean((1 - a[i] / middle) ** r) / r
    largest = (high / low - 1) / (high / low + 1)
    return Formula(
        name="isometry-gap-series",
        title="Mean isometry gap after one layer, by moments",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, MEAN_ONE, REGULAR, ODD),
        source=SOURCE,
        steps=(
            law_by_rows(),
            Step(
                Eq(geometric, (1 - (-x) ** q) / (1 + x)),
                r"a geometric sum",
                geometric_sum,
                "SymPy: at $q = 1$, and what the term $q + 1$ adds",
            ),
            *(
                Step(
                    at_most(log(1 + x), _taylor(order)),
                    r"for an odd $q$ the slope of $\sum_{r \le q} (-1)^{r+1} x^r/r - \log(1 + x)$ "
                    rf"is $x^q/(1 + x)$, which has the sign of $x$; for example $q = {order}$",
                    Derivatives(x, 0, -1, oo),
                )
                for order in (1, 3, 5)
            ),
            Step(
                statement,
                r"put $x = a_i - 1$, whose mean is 0, and take means: this holds for every odd "
                r"$q$ and every $A$, whether or not the series converges",
                Again(AFTER, _series_again, "SymPy: the slope's terms integrated"),
            ),
            Step(
                at_most(x**q / (1 + x), x**q),
                r"above: the rest $\int_0^x \frac{u^q}{1 + u} du$, for $x > 0$",
                Squares(x ** (q + 1) / (1 + x)),
            ),
            Step(
                at_most(1 / (x + y), 1 / x),
                r"below: the largest $1/(1 + u)$ between $a_i - 1 < 0$ and 0 is $1/a_i$",
                Squares(y / (x * (x + y))),
            ),
            Step(
                at_least(AFTER, phi(X) + sum_ - rest),
                r"so what is left out is at most this, with $1 + x = a_i \ge \lambda_{\min}$",
                Again(
                    AFTER,
                    _rest_again,
                    "SymPy: $\\int_0^x u^q du$ over the least denominator",
                    ">=",
                ),
            ),
            *_leading_moments(),
            Step(
                Eq(Limit((1 + x) ** (2 * r) / (2 * r), r, oo), oo),
                r"radius: for $\lambda_{\max} > 2$ some $a_i - 1$ exceed $1 + x > 1$ with positive "
                r"probability, and the even terms grow without end; for $\lambda_{\max} < 2$ the "
                r"rest goes to 0",
                at_infinity,
                "SymPy: the limit",
            ),
            Step(
                Eq((high - middle) / middle, largest),
                r"about the middle $c = (\lambda_{\max} + \lambda_{\min})/2$ all "
                r"$\lvert 1 - a_i/c \rvert$ are at most this, which is less than 1",
                Agree(),
            ),
            Step(
                Eq(AFTER, phi(X) + log(middle) - Sum(centred, (r, 1, oo))),
                r"so that the series about $c$ always converges, with the ratio "
                r"$(\kappa - 1)/(\kappa + 1)$ for $\kappa = \lambda_{\max}/\lambda_{\min}$",
                centred_series,
                "rational moments at two spectra, one with $\\lambda_{\\max} > 2$, against the "
                "step law to 25 digits",
            ),
        ),
        singular="Both sides are infinite.",
        observe=statistics.gap,
        arguments=("d", "spectrum", "batch", "q"),
        value=_partial_sum,
        error=gap_error,
        mean_one=True,
    )


def _taylor(order: int) -> Expr:
    return Add(*((-1) ** (n + 1) * x**n / n for n in range(1, order + 1)))


def at_infinity(claim: Eq) -> bool:
    """Find the limit on the left side."""
    return bool(claim.lhs.doit() == claim.rhs)


def geometric_sum(claim: Eq) -> bool:
    """Show a sum by induction: its value for one term, and what one more adds."""
    (term, (index, first, last)), value = claim.lhs.args, claim.rhs
    one = term.subs(index, first) - value.subs(last, 1)
    step = term.subs(index, last + 1) - (value.subs(last, last + 1) - value)
    return bool(first == 1 and simplify(one) == 0 and simplify(step) == 0)


def _integrated_term(order: Expr) -> Expr:
    """Return what ∫_0^x (-u)^(r - 1) du is over x^r."""
    n = Symbol("n", integer=True, positive=True)
    return ((-1) ** (n - 1) * integrate(y ** (n - 1), (y, 0, 1))).subs(n, order)


def _sum_again() -> Expr:
    return Sum(_integrated_term(r) * Mean((a[i] - 1) ** r), (r, 2, q))


def _series_again() -> Expr:
    return phi(X) + _sum_again()


def _rest_again() -> Expr:
    power = abs(_integrated_term(q + 1)) * Mean((a[i] - 1) ** (q + 1))
    return phi(X) + _sum_again() - power / Min(1, low)


def _leading_moments() -> list[Step]:
    """Return the first terms, from the engine."""
    s_2, s_3, s_4 = (over_eigenvalues(Sum, (lam[k] - 1) ** n) for n in (2, 3, 4))
    values = {
        2: 2 * s_2 / (d * (d + 2)),
        3: 8 * s_3 / (d * (d + 2) * (d + 4)),
        4: 12 * (4 * s_4 + s_2**2) / (d * (d + 2) * (d + 4) * (d + 6)),
    }
    how = "engine, for every $d$ and every symmetric $A$ of trace $d$"
    return [
        Step(
            Eq(Mean((a[i] - 1) ** n), value),
            r"the moments by the Weingarten function",
            Again(Mean((a[i] - 1) ** n), partial(_central_moment, n), how, "=="),
        )
        for n, value in values.items()
    ]


def _central_moment(order: int) -> Expr:
    """Return E (a - 1)^order at mean one, from the engine's moments of a."""
    moments = [Integer(1), *(at_mean_one(mean_of_forms(*[0] * n)) for n in range(1, order + 1))]
    z = Symbol("z")
    terms = ((z - 1) ** order).expand().as_coefficients_dict()
    return Add(*(c * moments[int(t.as_coeff_exponent(z)[1])] for t, c in terms.items()))


def centred_series(claim: Eq) -> bool:
    """Add up so many terms that the rest is below the digits, and compare with the step law."""
    (total,) = claim.rhs.atoms(Sum)
    (sign,) = total.function.atoms(Mean)
    middle = (high + low) / 2
    if sign.args[0] != (1 - a[i] / middle) ** r or total.limits[0] != (r, 1, oo):
        return False
    for spectrum in ((1, 2, 3), (1, 1, 8)):
        values = [Fraction(v_) for v_ in spectrum]
        mean = sum(values, Fraction(0)) / len(values)
        values = [value / mean for value in values]
        least, most = min(values), max(values)
        moments = row_moments([1 - 2 * v_ / (least + most) for v_ in values], 240)
        terms = (
            total.function.xreplace({sign: Rational(m_.numerator, m_.denominator)}).subs(r, n)
            for n, m_ in enumerate(moments)
            if n
        )
        put = {total: Add(*(term.evalf(40) for term in terms)), phi(X): Integer(0)}
        ends = {low: Rational(str(least)), high: Rational(str(most))}
        found = claim.rhs.xreplace(put).xreplace(ends).evalf(35)
        gap = gap_to_digits(values, 35)
        with mpmath.workdps(40):
            exact = law_to_digits(values, 35) - mpmath.mpf(gap.numerator) / gap.denominator
            if abs(mpmath.mpf(str(found)) - exact) > mpmath.mpf(10) ** -25:
                return False
    return bool(claim.lhs == AFTER)


def _partial_sum(formula: Formula, point: Point) -> Expr:
    """Value of the sum from rational moments, or with symbols where there is no spectrum."""
    order = point["q"]
    if point.spectrum is None or not order.is_Integer:
        return point.substitute(formula.holding.rhs)
    moments = central_row_moments(point.fractions(), int(order))
    total = sum(
        (Fraction((-1) ** (n + 1), n) * moments[n] for n in range(2, int(order) + 1)), Fraction(0)
    )
    return point.gap + Rational(total.numerator, total.denominator)
