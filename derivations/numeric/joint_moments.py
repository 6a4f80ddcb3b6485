"""Joint moments of two squared row norms, for numbers or symbols in place of power sums.

With sources S = diag(x, y) for two Gaussian rows, E exp(½ tr S G A Gᵀ) = exp(½ Σ_s p_s u_s/s),
u_s = x^s + y^s. A part of degree n of it is a sum over partitions (n - m, m) of the zonal
polynomials of S, which for two variables are Legendre polynomials; rows of a Haar matrix have the
same sum with each term divided by (d/2)_(n-m) ((d-1)/2)_m: see R. Muirhead, Aspects of
Multivariate Statistical Theory (1982), theorems 7.2.7 and 7.3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, factorial
from typing import Any

from sympy import QQ

__all__ = ["joint_moment"]


def joint_moment(q: int, r: int, power_sums: Mapping[int, Any]) -> dict[tuple[int, int], Any]:
    """Parts of E a_i^q a_j^r by partition: divide each by (d/2)_first ((d-1)/2)_second and add.

    Parameters
    ----------
    q, r : int
        Orders, not negative.
    power_sums : mapping
        p_s for s = 1, …, q + r: rational numbers, or elements of a ring that holds them.

    Returns
    -------
    dict
        From partitions of q + r of at most two parts to numbers, or elements of the ring.

    Examples
    --------
    >>> parts = joint_moment(1, 1, {1: QQ(3), 2: QQ(5)})  # of the eigenvalues 1 and 2, at d = 2
    >>> print(parts[2, 0] / 2 + parts[1, 1] / QQ(1, 2))
    17/8
    """
    n = q + r
    # Polynomials in τ = x + y and δ = x y, by the power of δ.
    u: list[dict[int, Any]] = [{0: QQ(2)}, {0: QQ(1)}]
    while len(u) <= n:
        s = len(u)
        u.append(
            {m: u[s - 1].get(m, QQ(0)) - u[s - 2].get(m - 1, QQ(0)) for m in range(s // 2 + 1)}
        )
    F: list[dict[int, Any]] = [{0: QQ(1)}]
    for degree in range(1, n + 1):
        parts: dict[int, Any] = {}
        for s in range(1, degree + 1):
            for m, x in u[s].items():
                for other, y in F[degree - s].items():
                    term = y * power_sums[s] * x / (2 * degree)
                    parts[m + other] = parts[m + other] + term if m + other in parts else term
        F.append(parts)
    return _by_partition(q, r, F[n])


def _by_partition(q: int, r: int, form: dict[int, Any]) -> dict[tuple[int, int], Any]:
    """Write the form in Legendre polynomials, and take the coefficient of x^q y^r of each."""
    n, left, found = q + r, dict(form), {}
    for m in range(n // 2 + 1):
        legendre = _legendre(n - 2 * m)
        share = left.get(m, QQ(0)) / legendre[0]
        for more, value in legendre.items():
            left[m + more] = left.get(m + more, QQ(0)) - share * value
        at = sum((value * _coefficient(q, r, m + more) for more, value in legendre.items()), QQ(0))
        found[n - m, m] = share * (at * factorial(q) * factorial(r))
    return found


def _legendre(order: int) -> dict[int, Any]:
    """δ^(l/2) P_l(τ/(2 √δ)) by the power of δ, for the Legendre polynomial P_l of this order."""
    return {
        m: QQ((-1) ** m * comb(order, m) * comb(2 * order - 2 * m, order), 2 ** (2 * order - 2 * m))
        for m in range(order // 2 + 1)
    }


def _coefficient(q: int, r: int, m: int) -> int:
    """Coefficient of x^q y^r in (x + y)^(n - 2m) (x y)^m."""
    return comb(q + r - 2 * m, q - m) if m <= min(q, r) else 0
