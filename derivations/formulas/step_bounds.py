"""What the step law says near isometry and far from it: the rate, a ceiling, and a series."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import mpmath
from sympy import (
    Abs,
    Add,
    Eq,
    EulerGamma,
    Expr,
    Float,
    Ge,
    Integer,
    Integral,
    Limit,
    Min,
    Rational,
    Sum,
    Symbol,
    cancel,
    diff,
    digamma,
    gamma,
    integrate,
    log,
    oo,
    simplify,
    symbols,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.common import LAYER, MEAN_ONE, PAPER, REGULAR
from derivations.formulas.contraction import AFTER, POSITIVE, gap_error, h
from derivations.formulas.contraction_checks import Again, Agree, InUnit, by_integral
from derivations.formulas.entries import HAAR
from derivations.formulas.following import SPREAD, at_mean_one, mean_of_forms
from derivations.formulas.isometry import step_law
from derivations.inequalities import Coefficients, Derivatives, Squares
from derivations.notation import (
    Mean,
    Variance,
    W,
    X,
    a,
    at_least,
    at_most,
    d,
    i,
    j,
    k,
    lam,
    over_eigenvalues,
    p,
    phi,
    phi_0,
    q,
    r,
)
from derivations.numeric import depth_draws, statistics
from derivations.numeric.gap_digits import gap_to_digits
from derivations.numeric.quadrature import law_to_digits
from derivations.numeric.row_moments import central_row_moments, row_moments
from derivations.point import Point
from weingarten import E

__all__ = ["ceiling", "limiting_rate", "rate_margin", "series"]

x, y, v, s, g_low, g_high, low, high = symbols(
    "x y v s g_m g_M lambda_min lambda_max", positive=True
)
SOURCE = f"What is exact or sharp here is bounded there: {PAPER}, theorem 1"
ROWS = Hypothesis("$a_i$ is the squared norm of row $i$ of $W X$, for eigenvalues of mean 1.")


def _law_by_rows() -> Step:
    """Return the step law in the mean of log a_i, where the eigenvalues have mean one."""
    return Step(
        Eq(AFTER, phi(X) + Mean(log(a[i]))),
        r"the step law before its integral, at mean one",
        Again(AFTER, _by_the_law, "SymPy: the third step of isometry-gap-step, at mean one", "=="),
    )


def _by_the_law() -> Expr:
    claims = [step.claim for step in step_law().steps]
    (before,) = [claim for claim in claims if claim.lhs == AFTER and claim.rhs.has(Mean)]
    return before.rhs.xreplace({p(1): d})


def _g(value: Expr) -> Expr:
    """Return h(x)/(x - 1)², which falls as x grows: ∞ at 0, 1/2 at 1."""
    return h(value) / (value - 1) ** 2


def _variance() -> Expr:
    return at_mean_one(mean_of_forms(0, 0)) - at_mean_one(mean_of_forms(0)) ** 2


def _margin_steps() -> list[Step]:
    """Return the steps to bounds on the fall of the gap over the gap, from both sides."""
    fall = phi(X) - AFTER
    return [
        _law_by_rows(),
        Step(
            Eq(-log(x), h(x) - (x - 1), evaluate=False),
            r"the mean of $a_i - 1$ is 0: the fall is the mean of $h(a_i)$, and the gap is that of "
            r"$h(\lambda_k)$ over all $k$",
            Agree(),
        ),
        Step(
            Eq(h(1 + x), x**2 * _falling()),
            r"so $g(x) = h(x)/(x - 1)^2$ is an integral",
            by_integral,
            "SymPy: both sides vanish at $x = 0$ and have one derivative",
        ),
        Step(
            at_least(1 + v * (x + y - 1), 1 + v * (x - 1)),
            r"whose denominator grows: $g$ falls from $g_m = g(\lambda_{\min})$ to "
            r"$g_M = g(\lambda_{\max})$, and every $a_i$ lies between these eigenvalues",
            InUnit(v, Coefficients({v: 0, x: 0, y: 0})),
        ),
        Step(
            Eq(Variance(a[i]), 2 * SPREAD / (d * (d + 2))),
            "by the Weingarten function",
            Again(Variance(a[i]), _variance, "engine, for every $d$ and every symmetric $A$", "=="),
        ),
        Step(
            at_most(fall, 2 * phi(X) * g_low / ((d + 2) * g_high)),
            r"at most $g_m$ for the mean of $h(a_i)$, at least $g_M$ for that of $h(\lambda_k)$",
            Again(
                fall, partial(_quotient, g_low, g_high), "SymPy and the engine: the variance again"
            ),
        ),
        Step(
            at_least(fall, 2 * phi(X) * g_high / ((d + 2) * g_low)),
            "and the other way round",
            Again(
                fall,
                partial(_quotient, g_high, g_low),
                "SymPy and the engine: the variance again",
                ">=",
            ),
        ),
        Step(
            at_most(1 - 1 / x, x - 1),
            r"the lower bound is no farther from 1 than the upper one",
            Squares((x - 1) ** 2 / x),
        ),
        Step(
            at_most(Abs(AFTER / phi(X) - d / (d + 2)), 2 * (g_low / g_high - 1) / (d + 2)),
            r"solve for what is left of the gap",
            Again(
                Abs(AFTER / phi(X) - cancel(1 - _share())),
                _margin_again,
                "SymPy and the engine: the variance of $a_i$ over that of the eigenvalues",
            ),
        ),
    ]


def _falling() -> Expr:
    return Integral(v / (1 + v * x), (v, 0, 1))


def _share() -> Expr:
    """Return the variance of a row norm over the mean square of the λ_k - 1: 2/(d + 2)."""
    return cancel(d * _variance() / at_mean_one(SPREAD))


def _quotient(above: Expr, below: Expr) -> Expr:
    """Bound the fall by the gap: above times a variance, below times the mean square of λ_k - 1."""
    return phi(X) * above * _variance() / (below * SPREAD / d)


def _margin_again() -> Expr:
    return _share() * (g_low / g_high - 1)


def limiting_rate() -> Formula:
    """Derive that near isometry a layer leaves d/(d + 2) of the mean gap.

    Examples
    --------
    >>> limiting_rate().evaluate(d=100)
    50/51
    """
    left = Limit(Mean(phi(Symbol("X_1"))) / phi_0, phi_0, 0)
    statement = Eq(left, d / (d + 2))
    return Formula(
        name="isometry-gap-rate",
        title="What a layer leaves of a small isometry gap",
        statement=statement,
        kind="limit",
        hypotheses=(HAAR, LAYER, MEAN_ONE, REGULAR, POSITIVE),
        source=SOURCE,
        steps=(
            *_margin_steps(),
            Step(
                Eq(Limit(_g(x), x, 1), Rational(1, 2)),
                r"as the gap goes to 0, all eigenvalues go to 1, and $g_m/g_M$ too",
                Agree("SymPy: the limit"),
            ),
            Step(
                statement,
                r"so what is left tends to $1 - 2/(d + 2)$",
                Again(left, _left_over, "SymPy and the engine: one minus that quotient", "=="),
            ),
        ),
        singular="No singular $A$ is near isometry.",
        draw=depth_draws.near_isometry_ratio,
        arguments=("d",),
    )


def _left_over() -> Expr:
    return 1 - _share()


def rate_margin() -> Formula:
    """Derive how far the share that a layer leaves may be from d/(d + 2).

    Examples
    --------
    >>> rate_margin().evaluate(spectrum=[1.0, 1.0, 1.0])
    0.0
    >>> round(rate_margin().evaluate(spectrum=[0.9, 1.0, 1.1]), 9)
    0.057204365
    """
    steps = _margin_steps()
    last = steps[-1]
    return Formula(
        name="isometry-gap-rate-margin",
        title="What a layer leaves of a gap, from both sides",
        statement=last.claim,
        kind="bound",
        hypotheses=(
            HAAR,
            LAYER,
            MEAN_ONE,
            REGULAR,
            Hypothesis(
                r"$g(x) = (x - 1 - \log x)/(x - 1)^2$ with $g(1) = 1/2$; $g_m$ and $g_M$ are its "
                r"values at the smallest and at the largest eigenvalue."
            ),
        ),
        source=SOURCE,
        steps=tuple(steps),
        singular="There $g_m$ is infinite.",
        arguments=("d", "spectrum", "batch"),
        value=_margin,
        number=_margin_to_digits,
        mean_one=True,
    )


def _margin(formula: Formula, point: Point) -> Expr:
    if point.exact:
        least, most = Min(*point.eigenvalues()), -Min(*(-e for e in point.eigenvalues()))
        values = {g_low: _g_at(least), g_high: _g_at(most)}
        return formula.holding.rhs.xreplace({**values, d: point.width})
    return _margin_to_digits(formula, point, 20)


def _g_at(value: Expr) -> Expr:
    return Rational(1, 2) if value == 1 else _g(value)


def _margin_to_digits(_formula: Formula, point: Point, digits: int) -> Expr:
    values = point.fractions()
    mean = sum(values, Fraction(0)) / len(values)
    least, most = min(values) / mean, max(values) / mean
    lost = sum(_bits(abs(end - 1)) for end in (least, most))
    with mpmath.workdps(digits + lost + 15):
        quotient = _g_number(least) / _g_number(most) - 1
        return Float(2 * quotient / (len(values) + 2), digits)


def _bits(size: Fraction) -> int:
    """Bound the decimal digits that cancel where a number differs by so much from 1, twice over."""
    if not size:
        return 0
    return max(0, size.denominator.bit_length() - size.numerator.bit_length()) + 5


def _g_number(value: Fraction) -> mpmath.mpf:
    if value == 1:
        return mpmath.mpf(1) / 2
    x_ = mpmath.mpf(value.numerator) / value.denominator
    return (x_ - 1 - mpmath.log(x_)) / (x_ - 1) ** 2


def ceiling() -> Formula:
    """Derive that no layer takes more than a constant off the mean gap.

    Examples
    --------
    >>> ceiling().evaluate(d=2, gap=5)
    5 - log(2)
    """
    most = digamma(d / 2) - digamma(Rational(1, 2)) - log(d)
    statement = at_least(AFTER, phi(X) - most)
    row = Mean(log(W[i, j] ** 2))
    concave = at_least(log(a[i]), over_eigenvalues(Sum, lam[k] / d * log(d * W[i, k] ** 2)))
    return Formula(
        name="isometry-gap-ceiling",
        title="The most that a layer takes off the mean isometry gap",
        statement=statement,
        kind="bound",
        hypotheses=(HAAR, LAYER, REGULAR),
        source=SOURCE,
        steps=(
            _law_by_rows(),
            Step(
                at_most(log(x), x - 1),
                "the logarithm lies below its tangent at 1",
                Derivatives(x, 1, 0, oo),
            ),
            Step(
                concave,
                r"put $d W_{i k}^2/a_i$ for $x$; with weights $\lambda_k/d$ these have mean 1, as "
                r"$a_i = \sum_k \lambda_k W_{i k}^2$",
                logarithm_is_concave,
                "SymPy: the weighted sum of these logarithms and tangents, at rational numbers",
            ),
            Step(
                Eq(row, digamma(Rational(1, 2)) - digamma(d / 2)),
                r"differentiate $\mathbb{E}[W_{i j}^{2 s}] = \frac{\Gamma(1/2 + s)\,\Gamma(d/2)}"
                r"{\Gamma(1/2)\,\Gamma(d/2 + s)}$ at $s = 0$",
                mean_log_entry,
                "engine, for every $d$: this moment at $s = 1, 2, 3$; SymPy: its derivative",
            ),
            Step(
                statement,
                r"take means: the weights add up to 1, and every entry has the same law",
                Again(AFTER, _ceiling_again, "SymPy: $\\log d$ and the mean logarithm", ">="),
            ),
            Step(
                at_most(most, EulerGamma + log(2)),
                r"at any width: $\psi(d/2) + \log 2 = \mathbb{E} \log \chi^2 \le "
                r"\log \mathbb{E} \chi^2 = \log d$",
                Again(most, _any_width, "SymPy: the value of $\\psi(1/2)$"),
            ),
        ),
        singular=r"Both sides are infinite.",
        observe=statistics.gap,
        error=gap_error,
    )


def logarithm_is_concave(claim: Relational) -> bool:
    """Compare left minus right with the weighted sum of -log x_k, where Σ (λ_k/d)(x_k - 1) = 0."""
    for squares, eigenvalues in _rows_of_rationals():
        width = len(squares)
        put = {lam[n]: value for n, value in enumerate(eigenvalues)}
        norm = sum((u * w for u, w in zip(eigenvalues, squares, strict=True)), Integer(0))
        ratios = [width * w / norm for w in squares]
        weights = [value / width for value in eigenvalues]
        tangents = sum((u * (z - 1) for u, z in zip(weights, ratios, strict=True)), Integer(0))
        logs = Add(*(-u * log(z) for u, z in zip(weights, ratios, strict=True)))
        entries = {n: squares[n] for n in range(width)}
        right = _entries_put(claim.rhs, entries).xreplace(put)
        if claim.lhs != log(a[i]) or not isinstance(claim, Ge) or tangents != 0:
            return False
        if abs((log(norm) - right - logs).evalf(40)) > Rational(1, 10**30):
            return False
    return True


def _rows_of_rationals() -> Iterator[tuple[list[Rational], list[Rational]]]:
    """Yield squares of a unit row, and eigenvalues of mean one."""
    for squares, eigenvalues in (((4, 9, 2), (1, 2, 6)), ((1, 1, 7, 3), (5, 1, 2, 2))):
        total, trace = sum(squares), sum(eigenvalues)
        yield (
            [Rational(w, total) for w in squares],
            [Rational(u * len(squares), trace) for u in eigenvalues],
        )


def _entries_put(expr: Expr, squares: dict[int, Rational]) -> Expr:
    """Write a sum over eigenvalues out, with square roots of these for the entries of a row."""
    (total,) = expr.atoms(Sum)
    index = total.limits[0][0]
    outside = expr.xreplace({total: Symbol("T")})
    terms = (_one_entry(total.function, index, n, w) for n, w in squares.items())
    written = Add(*terms)
    return outside.xreplace({Symbol("T"): written}).xreplace({d: Integer(len(squares))})


def _one_entry(term: Expr, index: Expr, n: int, square: Rational) -> Expr:
    entry = square ** Rational(1, 2)
    return term.replace(lambda e: isinstance(e, MatrixElement), lambda _: entry).subs(index, n)


def mean_log_entry(claim: Eq) -> bool:
    """Compare the moment with the engine's, and its derivative at 0 with the right side."""
    half = Rational(1, 2)
    moment = gamma(half + s) * gamma(d / 2) / (gamma(half) * gamma(d / 2 + s))
    engine = all(
        simplify(moment.subs(s, n).rewrite(gamma).simplify() - E(W[0, 0] ** (2 * n))) == 0
        for n in (1, 2, 3)
    )
    return engine and bool(simplify(diff(moment, s).subs(s, 0) - claim.rhs) == 0)


def _ceiling_again() -> Expr:
    half = Rational(1, 2)
    return phi(X) + log(d) + digamma(half) - digamma(d / 2)


def _any_width() -> Expr:
    return (log(d) - log(2)) - digamma(Rational(1, 2)) - log(d)


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
            _law_by_rows(),
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
