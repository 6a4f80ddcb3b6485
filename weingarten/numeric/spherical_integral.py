r"""The integral of ``exp(t tr(A U B U*))`` over a group, for matrices of given eigenvalues.

Over U(d) it is a determinant [Harish-Chandra 1957; Itzykson & Zuber 1980]:

.. math:: \prod_{k<d} k! \; \frac{\det(e^{t a_i b_j})}{t^{d(d-1)/2} V(a) V(b)}

with V the product of all differences. Where eigenvalues repeat, rows and columns are replaced by
derivatives, divided by factorials, and V is the product over those that differ.

Over O(d) it is a series of zonal polynomials [James 1964],

.. math:: \sum_\lambda (2t)^{|\lambda|} \frac{Z_\lambda(A) Z_\lambda(B)}
          {h_{2\lambda} \prod_{(i,j)\in\lambda} (d + 2j - i)}

summed up to a degree N. With r the largest value of ``|t tr(A U B U*)|`` what is left out is at
most ``2 r^(N+1)/(N+1)!`` once ``N + 2 >= 2 r``. Multiples of the identity are split off first, so
that r is small; by Jensen's inequality what is left is at least ``exp(t tr(A) tr(B)/d)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from itertools import product as cartesian
from math import factorial, lgamma, log, prod
from typing import Any, Literal

from flint import arb, arb_mat, ctx, fmpq
from sympy import Float, Rational, sympify

from weingarten.caches import cached
from weingarten.combinatorics.partitions import (
    Partition,
    boxes,
    conjugate,
    content,
    jack_norm,
    partitions_in_rows,
)
from weingarten.limits import Cost, check_cost, check_size, readable
from weingarten.numeric.exact import precision
from weingarten.numeric.precision import DIGITS, is_small, to_digits

#: How often the precision is doubled before the digits are refused.
_DOUBLINGS = 6
#: So many digits more than a float has make it the next one to the value.
_SPARE = 4


def hciz(
    a: Iterable[Any],
    b: Iterable[Any],
    t: Any = 1,
    group: Literal["unitary", "orthogonal"] = "unitary",
    *,
    digits: int | None = None,
) -> Any:
    """Return the mean of ``exp(t*tr(diag(a) U diag(b) U*))`` over a Haar matrix U.

    This is the integral of Harish-Chandra, Itzykson and Zuber, and its orthogonal counterpart.

    Parameters
    ----------
    a, b : sequence of numbers
        The eigenvalues, real; they may repeat. Floats are the rational numbers that they are.
    t : number
        The factor in the exponent, real.
    group : {"unitary", "orthogonal"}
        The group that U is of; for the orthogonal one the time grows fast with the exponent.
    digits : int, optional
        How many digits are to be right; by default those of a float.

    Returns
    -------
    float or Float
        The value, right to 1e-12 relative, or to the digits that were asked for.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not of their kind, the sum is too long, or the digits cannot be had.

    Examples
    --------
    >>> hciz([0, 1], [0, 1])
    1.7182818284590453
    >>> hciz([0, 0, 1], [1, 2, 2], t=3, digits=20)
    183.76513864636842510
    >>> hciz([0, 1], [0, 1], group="orthogonal", digits=20)
    1.7533876543770903957

    References
    ----------
    C. Itzykson & J.-B. Zuber, J. Math. Phys. 21 (1980); A. T. James, Ann. Math. Stat. 35 (1964).
    """
    if group not in ("unitary", "orthogonal"):
        raise ValueError(f"group = {group!r}: expected 'unitary' or 'orthogonal'")
    if digits is not None and check_size(digits, "digits") < 1:
        raise ValueError(f"digits = {digits}: expected a positive integer")
    first, second = _eigenvalues(a, "a"), _eigenvalues(b, "b")
    if len(first) != len(second):
        raise ValueError(
            f"a has {len(first)} eigenvalues and b {len(second)}; expected as many in both"
        )
    enough = digits or DIGITS + _SPARE
    number = to_digits(_to_so_many(first, second, _number(t, "t"), group, enough), enough)
    return _as_float(number) if digits is None else number


def _to_so_many(a: list[Any], b: list[Any], t: Any, group: str, digits: int) -> Any:
    """Return a ball that is known to so many digits."""
    bits = 64 + digits * 10 // 3
    if not t or len(set(a)) == 1 or len(set(b)) == 1:
        value = _where_it_is_constant
    elif group == "unitary":
        bits += _lost(a, b, t)
        check_cost(_cost_of_determinant(len(a), bits))
        value = _determinant
    else:
        value = _ZonalSeries(a, b, t, digits).value
    for doubled in range(_DOUBLINGS):
        with precision, ctx.workprec(bits << doubled):
            found = value(a, b, t)
            if is_small(found, digits):
                return found
    raise ValueError(
        f"{digits} digits of the integral are not seen with {bits << (_DOUBLINGS - 1):,} bits; "
        "expected eigenvalues that are equal, or further apart"
    )


def _where_it_is_constant(a: list[Any], b: list[Any], t: Any) -> Any:
    """Return the integral where the exponent is the same everywhere."""
    return arb(t * sum(a, fmpq(0)) * sum(b, fmpq(0)) / len(a)).exp()


# The unitary group -------------------------------------------------------------------------------


def _determinant(a: list[Any], b: list[Any], t: Any) -> Any:
    d = len(a)
    rows, columns = _with_order(a), _with_order(b)
    matrix = arb_mat([[_derivative(t, x, m, y, k) for y, k in columns] for x, m in rows])
    below = t ** (d * (d - 1) // 2) * _differences(rows) * _differences(columns)
    return matrix.det() * prod(map(factorial, range(d))) / arb(below)


def _with_order(values: list[Any]) -> list[tuple[Any, int]]:
    """Return the values in their order, each with how often it came before."""
    ordered = sorted(values)
    return [(x, k - ordered.index(x)) for k, x in enumerate(ordered)]


def _differences(values: Sequence[tuple[Any, int]]) -> Any:
    pairs = combinations((x for x, _ in values), 2)
    return prod((y - x for x, y in pairs if x != y), start=fmpq(1))


def _derivative(t: Any, x: Any, m: int, y: Any, k: int) -> Any:
    """Return ``exp(t x y)``, differentiated m times in x and k times in y, over ``m! k!``."""
    total = sum(
        (
            t ** (k + m - j) * x ** (k - j) * y ** (m - j)
            / (factorial(j) * factorial(k - j) * factorial(m - j))
            for j in range(min(m, k) + 1)
        ),
        fmpq(0),
    )  # fmt: skip
    return arb(t * x * y).exp() * arb(total)


def _lost(a: list[Any], b: list[Any], t: Any) -> int:
    """Return about how many bits the determinant loses by cancellation."""
    d = len(a)
    gained = d * (d - 1) / 2 * _log2(t) + sum(
        _log2(_differences(_with_order(values))) for values in (a, b)
    )
    return max(0, int(sum(lgamma(k + 1) for k in range(d)) / log(2) - gained)) + 8 * d


def _log2(number: Any) -> float:
    return int(abs(number.p)).bit_length() - int(number.q).bit_length()


def _cost_of_determinant(d: int, bits: int) -> Cost:
    return Cost(
        f"a has {d} eigenvalues: a determinant in numbers of {readable(bits)} bits",
        seconds=d**3 * (2e-7 + 2e-10 * bits),
        memory=2 * d * d * (64 + bits // 8),
        smaller="fewer eigenvalues, or ones that are further apart or equal, cost less",
    )


# The orthogonal group ----------------------------------------------------------------------------


class _ZonalSeries:
    """The series in zonal polynomials, up to the degree that the digits ask for."""

    def __init__(self, a: list[Any], b: list[Any], t: Any, digits: int) -> None:
        self._d = d = len(a)
        centred = [[x - (min(side) + max(side)) / 2 for x in side] for side in (a, b)]
        largest = [sorted(map(abs, side)) for side in centred]
        r = abs(t) * sum(x * y for x, y in zip(*largest, strict=True))
        mean = t * sum(centred[0], fmpq(0)) * sum(centred[1], fmpq(0)) / d
        # The logarithm of the least value that the tail has to be small beside.
        least = _as_double(mean) - (digits + 2) * log(10)
        self._degree, self._log_tail = _degree(_as_double(r), least)
        check_cost(self._cost())
        self._terms = [
            (lam, [(mu, _branching(lam, mu)) for mu in _without_strip(lam)])
            for n in range(self._degree + 1)
            for lam in partitions_in_rows(n, d)
        ]

    def _cost(self) -> Cost:
        pairs = sum(_pairs(self._degree, self._d))
        return Cost(
            f"a sum over zonal polynomials of degree {self._degree} in {self._d} variables: "
            f"{readable(pairs)} ways to take one variable away",
            seconds=pairs * (1e-5 + 2e-6 * self._d),
            memory=400 * pairs,
            smaller="a smaller t, or eigenvalues closer together, cost less",
        )

    def value(self, a: list[Any], b: list[Any], t: Any) -> Any:
        """Return the integral at the precision that is set."""
        d = self._d
        (x, y), (one, other) = zip(*map(_centred, (a, b)), strict=True)
        zonal = self._zonal(one), self._zonal(other)
        total = arb(0)
        for lam, _ in self._terms:
            below = jack_norm(lam, 2) * prod(d + content(i, j, 2) for i, j in boxes(lam))
            total += zonal[0][lam] * zonal[1][lam] * arb((2 * t) ** sum(lam) / fmpq(below))
        total += arb(0, arb(self._log_tail).exp())
        # tr((A + x) U (B + y) U*) = tr(A U B U*) + x tr B + y tr A + d x y
        moved = t * (x * sum(other, fmpq(0)) + y * sum(one, fmpq(0)) + d * x * y)
        return total * arb(moved).exp()

    def _zonal(self, values: list[Any]) -> dict[Partition, Any]:
        """Return the zonal polynomials at some numbers, one variable after the other."""
        found: dict[Partition, Any] = {(): arb(1)}
        for k, value in enumerate(values, start=1):
            powers = [arb(value**n) for n in range(self._degree + 1)]
            found = {
                lam: sum(
                    (
                        found[mu] * powers[sum(lam) - sum(mu)] * weight
                        for mu, weight in smaller
                        if mu in found
                    ),
                    arb(0),
                )
                for lam, smaller in self._terms
                if len(lam) <= k
            }
        return found


def _centred(values: list[Any]) -> tuple[Any, list[Any]]:
    middle = (min(values) + max(values)) / 2
    return middle, [x - middle for x in values]


def _degree(r: float, least: float) -> tuple[int, float]:
    """Return where the series may end, and the logarithm of a bound on what is left out."""
    n = int(2 * r)
    while (tail := log(2) + (n + 1) * log(r) - lgamma(n + 2) + 1e-6) > least:
        n += 1
    return n, tail


def _pairs(n: int, d: int) -> list[int]:
    """Return how many pairs of partitions of 0, ..., n in d rows differ by a horizontal strip.

    The generating function is ``prod_{j <= d} (1 - q^j)^(-2)``.

    Examples
    --------
    >>> _pairs(3, 2)
    [1, 2, 5, 8]
    """
    counts = [1] + [0] * n
    for j in (*range(1, d + 1), *range(1, d + 1)):
        for total in range(j, n + 1):
            counts[total] += counts[total - j]
    return counts


def _without_strip(lam: Partition) -> Iterator[Partition]:
    """Yield the partitions that are left without a horizontal strip: no two boxes in a column.

    Examples
    --------
    >>> list(_without_strip((2, 1)))
    [(1,), (1, 1), (2,), (2, 1)]
    """
    ranges = [range(low, high + 1) for high, low in pairwise((*lam, 0))]
    for rows in cartesian(*ranges):
        yield tuple(part for part in rows if part)


def _branching(lam: Partition, mu: Partition) -> Any:
    """Return the coefficient of ``Z_mu(x) y^(n - m)`` in ``Z_lam(x, y)``.

    A product over the boxes of hooks, upper ones in the columns that stay as they are and lower
    ones in the others [Stanley 1989, proposition 4.2].
    """
    columns, others = _columns(lam), _columns(mu)
    same = [one[0] == other[0] for one, other in zip(columns, others, strict=False)]
    same += [False] * (len(columns) - len(same))
    above = prod(column[1 if stays else 2] for column, stays in zip(columns, same, strict=True))
    below = prod(column[1 if stays else 2] for column, stays in zip(others, same, strict=False))
    return fmpq(above, below)


@cached(maxsize=1 << 12)
def _columns(lam: Partition) -> tuple[tuple[int, int, int], ...]:
    """Return the length of each column, and the products of its upper and its lower hooks."""
    found = []
    for j, length in enumerate(conjugate(lam)):
        lower = [2 * (lam[i] - j - 1) + length - i for i in range(length)]
        found.append((length, prod(hook + 1 for hook in lower), prod(lower)))
    return tuple(found)


# Reading and writing -----------------------------------------------------------------------------


def _eigenvalues(values: Any, argument: str) -> list[Any]:
    expected = "expected a sequence of real numbers such as [0, 1, 2]"
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} = {values!r}: {expected}")
    found = [_number(value, argument) for value in values]
    if not found:
        raise ValueError(f"{argument} is empty; {expected}")
    return found


def _number(value: Any, argument: str) -> Any:
    """Return a real number as a rational one: a float as the one that it is."""
    try:
        number = sympify(value.item() if hasattr(value, "item") else value, strict=True)
    except (TypeError, ValueError):
        number = None
    if not (number is not None and (number.is_Rational or number.is_Float) and number.is_finite):
        raise TypeError(
            f"{argument} holds {value!r}; expected real numbers: integers, fractions or floats"
        )
    exact = Rational(number)
    return fmpq(int(exact.p), int(exact.q))


def _as_double(number: Any) -> float:
    return float(Rational(int(number.p), int(number.q)))


def _as_float(number: Float) -> float:
    value = float(number)
    if not 1e-307 < value < float("inf"):
        raise ValueError(
            f"the integral is about {number.n(3)}: no float; expected digits=16, say, for a number "
            "of any size"
        )
    return value
