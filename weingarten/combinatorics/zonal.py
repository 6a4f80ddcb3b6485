"""Zonal polynomials and zonal spherical functions of the Gelfand pair (S_2n, H_n).

``H_n`` is the hyperoctahedral group, the stabiliser of a pairing of 2n points. [Macdonald VII.2]
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

from weingarten.combinatorics.expansions import Frame, expansion
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    as_partition,
    centralizer_order,
    jack_norm,
    number_of_partitions,
    partitions,
)
from weingarten.combinatorics.tables import ClassTable
from weingarten.limits import check_size, check_table_size


def hyperoctahedral_order(n: int) -> int:
    """Return ``2**n n!``, the order of H_n.

    Examples
    --------
    >>> hyperoctahedral_order(3)
    48
    """
    return int(2**n * factorial(n))


def zonal_spherical(lam: Sequence[int], mu: Sequence[int]) -> Fraction:
    """Return the zonal spherical function of (S_2n, H_n) for `lam` at the coset type `mu`.

    Parameters
    ----------
    lam, mu : sequence of int
        Two partitions of the same n, parts in any order.

    Raises
    ------
    TypeError, ValueError
        If one is not a partition, or if they are not partitions of the same number.

    Examples
    --------
    >>> zonal_spherical((2, 1), (3,))
    Fraction(-1, 4)
    """
    lam, mu = as_partition(lam, "lam"), as_partition(mu, "mu")
    n = sum(lam)
    if sum(mu) != n:
        raise ValueError(
            f"mu = {mu} is a partition of {sum(mu)}; expected one of {n}, as lam = {lam} is"
        )
    frame = Frame(len(lam), lam[0] if lam else 0)
    value = expansion({mu: 1}, 2, frame).get(frame.bits(lam), 0) * jack_norm(lam, 2)
    return Fraction(int(value), hyperoctahedral_order(n))


#: Seconds and bytes of an entry.
_ENTRY = (3e-6, 200)


def zonal_table(n: int) -> ClassTable:
    """Return the coefficients of the zonal polynomials of degree `n` in power sums.

    The zonal spherical function is the coefficient over its value at the trivial class: divide
    by ``2**n n! / (2**len(mu) z_mu)``, which is the row of the partition ``(n,)``.

    Parameters
    ----------
    n : int
        A non-negative integer.

    Returns
    -------
    ClassTable
        ``table[lam, mu]`` is the coefficient of ``p_mu`` in the zonal polynomial ``Z_lam``,
        normalised so that ``p_1**n`` has the coefficient 1.

    Raises
    ------
    TypeError, ValueError
        If `n` is not a non-negative integer, or the table would not fit in memory.

    Examples
    --------
    >>> zonal_table(3)
             (3)  (2,1)  (1,1,1)
        (3)    8      6        1
      (2,1)   -2      1        1
    (1,1,1)    2     -3        1
    """
    n = check_table_size(check_size(n), number_of_partitions, *_ENTRY)
    parts = partitions(n)
    norms = [2 ** len(mu) * centralizer_order(mu) for mu in parts]
    return ClassTable(
        parts,
        tuple(
            tuple(value // norm for value, norm in zip(row, norms, strict=True))
            for row in power_sum_table(n, 2).tolist()
        ),
    )
