"""The checks of the formulas for Gaussian weights: the engine's averages, and closed forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mpmath
from flint import arb, fmpq
from sympy import (
    Add,
    Eq,
    Expr,
    Integral,
    Matrix,
    MatrixSymbol,
    Product,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    cancel,
    diff,
    digamma,
    expand,
    expand_func,
    factorial,
    gamma,
    lambdify,
    log,
    oo,
    prod,
    rf,
    simplify,
    sqrt,
    symbols,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.formulas.isometry_checks import over_normal
from derivations.notation import (
    Mean,
    Variance,
    X,
    a,
    d,
    i,
    j,
    lam,
    p,
    phi,
    q,
    written_out,
)
from derivations.series import Coefficient, of_spectrum
from weingarten import E, GaussianMatrix

__all__ = [
    "MomentsOfRow",
    "by_gaussian",
    "determinant",
    "gap_after_a_layer",
    "gaussian_integral",
    "limit_of_shift",
    "log_determinant",
    "log_row",
    "row_moment",
    "shift",
    "shift_alone",
    "spread_of_row",
    "sum_of_digammas",
]

s, z = Symbol("s", positive=True), Symbol("z", real=True)
ORDERS = (1, 2, 3, 4)


def by_gaussian(x: Expr) -> Expr:
    """Mean of x over independent entries N(0, 1/d) in the place of those of W, by the engine.

    Examples
    --------
    >>> from derivations.notation import W
    >>> by_gaussian(W[0, 0] ** 4)
    3/d**2
    """

    def gaussian(entry: MatrixElement) -> Expr:
        width = entry.parent.shape[0]
        return GaussianMatrix("W", width, width, variance=1 / width)[entry.i, entry.j]

    return E(x.replace(lambda e: isinstance(e, MatrixElement), gaussian))


def row_moment(order: int) -> Expr:
    """Return E a_i^order for Gaussian weights in power sums, by the engine, for every d.

    Examples
    --------
    >>> row_moment(2)
    p_1**2/d**2 + 2*p_2/d**2
    """
    A = MatrixSymbol("A", d, d)
    G = GaussianMatrix("W", d, d, variance=1 / d)
    value = E((G * A * G.T)[0, 0] ** order, Q.symmetric(A))
    traces = {Trace(A): p(1)} | {Trace(A**r): p(r) for r in range(2, order + 1)}
    return value.xreplace(traces)


def _by_independence(order: int, width: int) -> Expr:
    """Return E a_i^order at one width from E z^2n = (2n - 1)!! alone, in eigenvalues."""
    zs = symbols(f"z:{width}")
    form = expand(Add(*(lam[n] * z_**2 for n, z_ in enumerate(zs))) ** order)
    terms = form.as_poly(*zs).terms()
    moments = (c * prod(rf(Rational(1, 2), n // 2) * 2 ** (n // 2) for n in ns) for ns, c in terms)
    return expand(Add(*moments) / width**order)


def gaussian_integral(claim: Eq) -> bool:
    """Integrate e^(-s z²) over the normal density, where t = -s < 0."""
    t = next(iter(claim.rhs.free_symbols))
    body, claimed = (side.subs(t, -s) for side in (claim.lhs.args[0], claim.rhs))
    (variable,) = body.free_symbols - {s}
    return bool(simplify(over_normal(body.subs(variable, z)) - claimed) == 0)


@dataclass(frozen=True)
class MomentsOfRow:
    """A generating function of the moments of a row norm, or its coefficient."""

    how = (
        "engine, Gaussian rows, orders 1 to 4, for every $d$ and every symmetric $A$; and from "
        "$\\mathbb{E} z^{2 n} = (2 n - 1)!!$ at $d = 3$"
    )

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim gives the engine's moments."""
        for order in ORDERS:
            moment = row_moment(order)
            at_3 = written_out(moment, 3)
            if expand(at_3 - _by_independence(order, 3)) != 0:
                return False
            if expand(self._claimed(claim, order) - moment) != 0:
                return False
        return True

    def _claimed(self, claim: Eq, order: int) -> Expr:
        if isinstance(claim.rhs, Product):
            (t,) = claim.lhs.atoms(Symbol) - a[i].atoms(Symbol)
            return factorial(order) * of_spectrum(claim.rhs, t, order)
        if claim.lhs != Mean(a[i] ** q):
            return oo
        put = claim.rhs.xreplace({q: sympify(order)})
        return expand(put.replace(Coefficient, lambda f, t, r: of_spectrum(f, t, int(r))))


def spread_of_row(claim: Eq) -> bool:
    """Compare a variance with the engine's second moment."""
    if claim.lhs != Variance(a[i]):
        return False
    return bool(cancel(row_moment(2) - row_moment(1) ** 2 - claim.rhs) == 0)


def gap_after_a_layer(claim: Eq) -> bool:
    """Compare φ after a layer of weights that are not orthogonal with what is claimed."""
    X_ = Matrix([[2, 1, 0], [-1, 3, 1], [0, 1, 1]])
    W_ = Matrix([[1, 2, 0], [3, -1, 1], [1, 1, 5]])
    A, H = X_ * X_.T, W_ * X_
    norms = [(H * H.T)[n, n] for n in range(3)]
    cosines = Matrix(3, 3, lambda u, v: (H * H.T)[u, v] / sqrt(norms[u] * norms[v]))
    (determinant_,) = claim.rhs.free_symbols & {Symbol("Delta", positive=True)}
    put = {
        phi(X): log(A.trace() / 3) - log(A.det()) / 3,
        p(1): A.trace(),
        determinant_: (W_ * W_.T).det(),
    } | {a[n]: value for n, value in enumerate(norms)}
    claimed = written_out(claim.rhs.xreplace({p(1): A.trace()}), 3).xreplace(put)
    found = log(cosines.trace() / 3) - log(cosines.det()) / 3
    return bool(abs((found - claimed).evalf(30)) < Rational(1, 10**25))


def determinant(claim: Eq) -> bool:
    """Compare powers of the determinant of W Wᵀ with products of powers of chi squares."""
    for width, order in ((2, 1), (2, 2), (3, 1)):
        G = GaussianMatrix("W", width, width, variance=Rational(1, width))
        square = Matrix(width, width, lambda u, v, G=G: G[u, v]).det() ** 2
        (t,) = claim.rhs.free_symbols - {d}
        claimed = claim.rhs.subs({d: width, t: order}).doit()
        if simplify(E(expand(square**order)) - claimed) != 0:
            return False
    return True


def log_determinant(claim: Eq) -> bool:
    """Differentiate the moments of each chi square at zero."""
    for width in (1, 2, 3, 5):
        slopes = (
            diff((2 / sympify(width)) ** s * gamma(Rational(n, 2) + s) / gamma(Rational(n, 2)), s)
            for n in range(1, width + 1)
        )
        found = Add(*(slope.subs(s, 0) for slope in slopes))
        if abs((found - claim.rhs.subs(d, width).doit()).evalf(30)) > Rational(1, 10**25):
            return False
    return True


def _closed_forms() -> Iterator[tuple[Sequence[int], mpmath.mpf]]:
    """Yield spectra for which E log Σ λ_k z_k² is elementary, and its value."""
    for u, v in ((1, 4), (2, 7)):
        circle = 2 * mpmath.log((mpmath.sqrt(u) + mpmath.sqrt(v)) / 2)
        yield (u, v), circle + mpmath.log(2) - mpmath.euler
        # In pairs the squares add up to exponential variables of mean 2.
        pairs = (u * mpmath.log(u) - v * mpmath.log(v)) / (u - v)
        yield (u, u, v, v), pairs + mpmath.log(2) - mpmath.euler


def _value(expr: Expr, spectrum: Sequence[int]) -> mpmath.mpf:
    put = {lam[n]: sympify(value) for n, value in enumerate(spectrum)}
    written = written_out(expr, len(spectrum)).xreplace(put)
    return mpmath.mpf(written.replace(Integral, _integrated).evalf(25))


def _integrated(integrand: Expr, limits: Expr) -> Expr:
    variable, low, _high = limits
    function = lambdify(variable, integrand, "mpmath")
    return sympify(mpmath.quad(function, [mpmath.mpf(low), 0.1, 1, 10, mpmath.inf]))


def log_row(claim: Eq) -> bool:
    """Compare E log a_i with closed forms, a_i = Σ λ_k z_k²/d."""
    with mpmath.workdps(25):
        return all(
            abs(_value(claim.rhs, spectrum) - (mean - mpmath.log(len(spectrum)))) < 1e-12
            for spectrum, mean in _closed_forms()
        )


def shift(claim: Eq) -> bool:
    """Compare what is added to φ(X) with closed forms: E log a, less mean logs of chi squares."""
    with mpmath.workdps(25):
        for spectrum, mean in _closed_forms():
            width, total = len(spectrum), mpmath.mpf(sum(spectrum))
            logs = (mpmath.digamma(mpmath.mpf(n) / 2) for n in range(1, width + 1))
            chi = mpmath.fsum(logs) / width + mpmath.log(2) - mpmath.log(width)
            found = mean - mpmath.log(width) - mpmath.log(total / width) - chi
            (added,) = claim.rhs.free_symbols & {Symbol("c_d", nonnegative=True)}
            rest = _value((claim.rhs - phi(X)).subs(added, 0), spectrum)
            per_shift = claim.rhs.diff(added)
            if abs(rest + per_shift * _shift(width) - found) > 1e-12:
                return False
    return True


def _shift(width: int) -> mpmath.mpf:
    """Return E log χ_d² less the mean of the E log χ_j², j ≤ d."""
    logs = [mpmath.digamma(mpmath.mpf(n) / 2) + mpmath.log(2) for n in range(1, width + 1)]
    return logs[-1] - mpmath.fsum(logs) / width


def shift_alone(claim: Eq) -> bool:
    """Compare c_d with mean logarithms of chi squares."""
    return all(
        abs((claim.rhs.subs(d, width).doit() - _shift(width)).evalf(25)) < 1e-12
        for width in (1, 2, 5, 30)
    )


def sum_of_digammas(claim: Eq) -> bool:
    """Prove the closed form by induction: at d = 1, and its growth from d to d + 1."""
    first = (claim.lhs.subs(d, 1).doit() - claim.rhs.subs(d, 1)).expand(func=True)
    # d (ψ(d/2) - claimed) is the sum of the ψ(j/2), if the claim holds.
    total = d * (digamma(d / 2) - claim.rhs)
    shape = d * (digamma(d / 2) - claim.lhs)
    step = expand_func(total.subs(d, d + 1)) - expand_func(total) - digamma((d + 1) / 2)
    # ψ((d + 2)/2) = ψ(d/2) + 2/d.
    step = step.replace(digamma, _lowered)
    (sum_,) = shape.expand().atoms(Sum)
    summed = simplify(shape - sum_) == 0 and sum_.args == (digamma(j / 2), (j, 1, d))
    return bool(simplify(first) == 0 and simplify(expand(step)) == 0 and summed)


def _lowered(y: Expr) -> Expr:
    """Write ψ(d/2 + m/2) with m = 0 or 1."""
    total = Rational(0)
    while (y - d / 2).is_number and y - d / 2 >= 1:
        y -= 1
        total += 1 / y
    return total + digamma(y)


def limit_of_shift(claim: Eq) -> bool:
    """Compare the limit with the shift at widths up to 10¹², which the closed form reaches."""
    if claim.lhs.args[1:3] != (d, oo):
        return False
    for power in range(1, 13):
        width = arb(10) ** power
        half = (arb(1) / 2).digamma()
        rest = (width - 1) * ((width + 1) / 2).digamma() + half
        value = 1 - 1 / width + (width / 2).digamma() / 2 - rest / (2 * width)
        off = abs(value - arb(fmpq(int(claim.rhs.p), int(claim.rhs.q))))
        if not off <= (width.log() + 3) / width:
            return False
    return True
