"""The checks of what holds at lower ranks and after mean subtraction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations as orders

import numpy as np
from flint import arb
from sympy import (
    Add,
    Eq,
    Expr,
    Matrix,
    cancel,
    diff,
    eye,
    gamma,
    gammasimp,
    lambdify,
    log,
    ones,
    simplify,
    symbols,
)
from sympy.core.relational import Relational

from derivations.formulas.following import mean_of_forms
from derivations.inequalities import excess, only
from derivations.notation import Mean, PowerSum, a, d, i, n, q, r
from derivations.numeric.quadrature import log_mean_shift

__all__ = [
    "LogByMoments",
    "at_all_ranks",
    "derivative",
    "determinants",
    "equal_rate",
    "generic_rank",
    "moments_of_projection",
    "permutations",
    "projection",
    "rank_of_product",
    "rising",
]

LARGEST = 40


def rising(x: Expr, order: Expr) -> Expr:
    """Return the rising factorial as a quotient of gamma functions, for any real order.

    Examples
    --------
    >>> rising(d / 2, q)
    gamma(d/2 + q)/gamma(d/2)
    """
    return gamma(x + order) / gamma(x)


def moments_of_projection(claim: Eq) -> bool:
    """Compare moments of (W P Wᵀ)_ii with the engine's, for a projection P of rank r."""
    for order in (1, 2, 3, 4):
        moment = mean_of_forms(*[0] * order)
        found = moment.xreplace(dict.fromkeys(moment.atoms(PowerSum), r))
        claimed = claim.rhs.subs(q, order)
        if cancel(found - gammasimp(claimed)) != 0:
            return False
    return True


@dataclass(frozen=True)
class LogByMoments:
    """The mean of a logarithm, as the derivative of the moments at order zero."""

    moments: Expr
    how = "SymPy: the derivative at $q = 0$"

    def __call__(self, claim: Eq) -> bool:
        """Say whether the claim is that derivative."""
        slope = diff(self.moments, q).subs(q, 0)
        return bool(self.moments.subs(q, 0) == 1 and simplify(slope - claim.rhs) == 0)


def permutations(claim: Eq) -> bool:
    """Average a quadratic form over all permutations of its eigenvalues."""
    for rank in (2, 3):
        w, first = symbols(f"w:{rank}"), symbols(f"v:{rank - 1}")
        values = (*first, d - Add(*first))
        forms = [Add(*(v * u for v, u in zip(order, w, strict=True))) for order in orders(values)]
        (b,) = claim.rhs.free_symbols - {d, r}
        claimed = claim.rhs.subs({b: Add(*w), r: rank})
        if cancel(Add(*forms) / len(forms) - claimed) != 0:
            return False
    return True


@only(">=")
def equal_rate(claim: Relational) -> bool:
    """Compare the bound with half the fall of the gap's law, at r equal eigenvalues of d."""
    if claim.lhs != -Mean(log(a[i])) / 2:
        return False
    for width, rank in ((2, 1), (3, 1), (4, 2), (5, 5), (10, 9), (30, 7)):
        spectrum = np.zeros(width)
        spectrum[:rank] = width / rank
        fall = -float(log_mean_shift(spectrum).value) / 2
        if abs(fall - float(claim.rhs.subs({d: width, r: rank}))) > 1e-12:
            return False
    return True


def derivative(claim: Eq) -> bool:
    """Differentiate again."""
    return bool(cancel(claim.lhs.doit() - claim.rhs) == 0)


def at_all_ranks(claim: Relational) -> bool:
    """Enclose both sides at every rank of every width up to 40."""
    lower = lambdify((d, r), excess(claim), [{"polygamma": _polygamma, "log": arb.log}])
    return all(
        # At r = d both sides are equal, and a ball holds zero on either side.
        (lower(arb(width), arb(rank)) > 0) if rank < width else True
        for width in range(1, LARGEST + 1)
        for rank in range(1, width + 1)
    )


def _polygamma(order: int, x: arb) -> arb:
    assert order == 0
    return x.digamma()


def _centring(size: int) -> Matrix:
    return eye(size) - ones(size, size) / size


def projection(claim: Eq) -> bool:
    """Compare the rank of the centring matrix with the claim, and with its trace."""
    for size in range(1, 7):
        P = _centring(size)
        ranks = {P.rank(), P.trace(), claim.rhs.subs(n, size)}
        if P * P != P or len(ranks) > 1:
            return False
    return True


def _random(count: int) -> Iterator[Matrix]:
    """Yield integer matrices of every kind of shape and rank."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        rows, columns, inner = (int(size) for size in rng.integers(1, 6, 3))
        left, right = rng.integers(-3, 4, (rows, inner)), rng.integers(-3, 4, (inner, columns))
        yield Matrix((left @ right).tolist())


@only("<=")
def rank_of_product(claim: Relational) -> bool:
    """Compare exact ranks after the mean is subtracted with the bound."""
    return all(
        (X * _centring(X.cols)).rank() <= claim.rhs.subs({d: X.rows, n: X.cols})
        for X in _random(60)
    )


def determinants(claim: Eq) -> bool:
    """Work det X Π Xᵀ out for X = (1, 0), from the definition."""
    width, samples = claim.lhs.args
    for size in range(1, 6):
        count = samples.subs(width, size)
        found = (eye(size) - ones(size, size) / count).det()
        if samples != n:
            X = Matrix.hstack(eye(size), eye(size)[:, : int(count) - size])
            X[:, size:] = 0 * X[:, size:]
            found = (X * _centring(int(count)) * X.T).det()
        if cancel(found - claim.rhs.subs(d, size)) != 0:
            return False
    return True


def generic_rank(claim: Eq) -> bool:
    """Compare the exact ranks of random integer matrices with the claim, at every small shape."""
    rng = np.random.default_rng(0)
    return all(
        (Matrix(rng.integers(-99, 100, (width, samples)).tolist()) * _centring(samples)).rank()
        == claim.rhs.subs({d: width, n: samples})
        for width in range(1, 6)
        for samples in range(1, 6)
    )
