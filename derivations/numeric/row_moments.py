"""Moments of a squared row norm from numbers: rational eigenvalues in, rational moments out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

__all__ = ["central_row_moments", "row_moments"]


def row_moments(values: Sequence[Fraction], most: int) -> list[Fraction]:
    """Moments E (Σ_k v_k W_ik²)^q of a row of a Haar orthogonal W, for q = 0, …, most.

    With c_q = [t^q] Π_k (1 - t v_k)^(-1/2) and power sums p_r, differentiating the product gives
    2 q c_q = Σ_(r=1)^q p_r c_(q-r); the moment is q! c_q / (d/2)_q.

    Parameters
    ----------
    values : sequence of fractions.Fraction
        As many as the width; they may be negative.
    most : int

    Returns
    -------
    list of fractions.Fraction

    Examples
    --------
    >>> row_moments([Fraction(1), Fraction(0)], 2)
    [Fraction(1, 1), Fraction(1, 2), Fraction(3, 8)]
    """
    # Integers over one denominator: fractions would be reduced after each addition.
    denominator = lcm(*(value.denominator for value in values))
    integers = [value.numerator * (denominator // value.denominator) for value in values]
    powers, sums = [1] * len(integers), [0]
    for _ in range(most):
        powers = [power * value for power, value in zip(powers, integers, strict=True)]
        sums.append(sum(powers))
    c, moments, weight = [Fraction(1)], [Fraction(1)], Fraction(1)
    for q in range(1, most + 1):
        c.append(sum((sums[r] * c[q - r] for r in range(1, q + 1)), Fraction(0)) / (2 * q))
        weight *= Fraction(2 * q, (len(integers) + 2 * q - 2) * denominator)
        moments.append(weight * c[q])
    return moments


def central_row_moments(eigenvalues: Sequence[Fraction], most: int) -> list[Fraction]:
    """Moments E (a - 1)^q for q = 0, …, most, for eigenvalues divided by their mean.

    Examples
    --------
    >>> central_row_moments([Fraction(3), Fraction(1)], 2)
    [Fraction(1, 1), Fraction(0, 1), Fraction(1, 8)]
    """
    mean = sum(eigenvalues, Fraction(0)) / len(eigenvalues)
    return row_moments([value / mean - 1 for value in eigenvalues], most)
