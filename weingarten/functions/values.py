r"""Weingarten functions of the unitary, orthogonal and symplectic groups.

With ``J_lam`` the Schur functions (unitary, alpha = 1) or the zonal polynomials (orthogonal,
alpha = 2), ``h_lam`` the product of the hook lengths of ``alpha lam``, and the product over the
boxes of ``lam``, which are counted from zero,

.. math:: Wg(\mu; d) = \sum_{\lambda \vdash n}
          \frac{\langle p_\mu, J_\lambda\rangle}
               {h_\lambda \prod_{(i,j) \in \lambda} (d + \alpha j - i)}

[Collins & Sniady 2006, proposition 2.3; Collins & Matsumoto 2009, theorem 1]. For an integer
``d`` below the degree the sum runs over the ``lam`` whose product is not zero. The symplectic
function is the orthogonal one at ``-2m`` up to a sign [Matsumoto 2013, section 2.3].
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import factorial, lcm, prod
from typing import Any, get_args

from flint import fmpq, fmpq_poly, fmpz_mat, fmpz_poly
from sympy import Expr

from weingarten.combinatorics.jack import power_sum_column, power_sum_table
from weingarten.combinatorics.pairings import coset_type, moved, standard_pairing
from weingarten.combinatorics.partitions import (
    Partition,
    as_partition,
    contents,
    jack_norm,
    number_of_partitions,
    partition_index,
    partitions,
)
from weingarten.combinatorics.permutations import cycle_type
from weingarten.functions.dimension import Group, as_dimension
from weingarten.functions.rational import Factored, constant
from weingarten.limits import check_column_size, check_size, check_table_size

ALPHA: dict[str, int] = {"unitary": 1, "orthogonal": 2, "symplectic": 2}


def weingarten_unitary(mu: Any, d: Any) -> Expr:
    r"""Return the Weingarten function of the unitary group U(d).

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A cycle type: a partition of n, parts in any order; or a permutation that has it.
    d : Symbol or int
        The dimension.

    Returns
    -------
    Expr
        A factored rational function for a symbol, valid for ``d >= n``; a `Rational` for an
        integer, exact for every ``d >= 1``, also below ``n``.

    Raises
    ------
    TypeError, ValueError
        If `mu` is not a partition or `d` not a dimension, or if the answer would not fit.

    Examples
    --------
    >>> from sympy import symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> weingarten_unitary((2, 1), d)
    -1/((d - 2)*(d - 1)*(d + 1)*(d + 2))
    >>> weingarten_unitary((2,), 1)
    1/4

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006), proposition 2.3.
    """
    return _value("unitary", class_of(mu, "unitary"), as_dimension(d))


def weingarten_orthogonal(mu: Any, d: Any) -> Expr:
    r"""Return the Weingarten function of the orthogonal group O(d).

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points, whose
        coset type is that of the pairings {0,1}, {2,3}, ... and their images.
    d : Symbol or int
        The dimension.

    Returns
    -------
    Expr
        A factored rational function for a symbol, valid for ``d >= n``; a `Rational` for an
        integer, exact for every ``d >= 1``, also below ``n``.

    Raises
    ------
    TypeError, ValueError
        If `mu` is not a partition, or permutes an odd number of points, or `d` is not a
        dimension, or if the answer would not fit.

    Examples
    --------
    >>> from sympy import symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> weingarten_orthogonal((2, 1), d)
    -1/(d*(d - 2)*(d - 1)*(d + 4))
    >>> weingarten_orthogonal((1, 1), 1)
    1/9

    References
    ----------
    B. Collins & S. Matsumoto, J. Math. Phys. 50 (2009), theorem 1.
    """
    return _value("orthogonal", class_of(mu, "orthogonal"), as_dimension(d))


def weingarten_symplectic(mu: Any, m: Any) -> Expr:
    r"""Return the Weingarten function of the symplectic group Sp(m) of 2m x 2m matrices.

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points. For a
        permutation the value has its sign. A partition stands for the permutation whose cycles
        on 2n points fix all odd points: its sign is ``(-1)**(n - len(mu))``.
    m : Symbol or int
        Half the size of the matrices.

    Returns
    -------
    Expr
        A factored rational function for a symbol, valid for ``m >= n``; a `Rational` for an
        integer, exact for every ``m >= 1``, also below ``n``.

    Raises
    ------
    TypeError, ValueError
        As for `weingarten_orthogonal`.

    Notes
    -----
    ``Wg^Sp(sigma; m) = (-1)**n sign(sigma) Wg^O(sigma; -2m)``.

    Examples
    --------
    >>> from sympy import symbols
    >>> m = symbols("m", integer=True, positive=True)
    >>> weingarten_symplectic((1,), m)
    1/(2*m)
    >>> weingarten_symplectic((2,), m)
    -1/(4*m*(m - 1)*(2*m + 1))

    References
    ----------
    S. Matsumoto, Random Matrices Theory Appl. 2 (2013), section 2.3.
    """
    value = _value("symplectic", class_of(mu, "symplectic"), as_dimension(m, "m"))
    return relative_sign(mu, "symplectic") * value


class WeingartenTable(Mapping[Partition, Expr]):
    """All values of a Weingarten function at one n: a mapping from partition to expression.

    The numerators are computed together; an entry becomes a SymPy expression when it is read.
    """

    def __init__(self, group: Group, n: int, d: Expr):
        self.group = group
        self.n = n
        self.d = d
        self._values: dict[Partition, Any] = dict(
            zip(partitions(n), _table(group, n, d), strict=True)
        )

    def __getitem__(self, mu: Any) -> Expr:
        try:
            key = as_partition(mu)
        except (TypeError, ValueError):
            key = None
        if key not in self._values:
            raise KeyError(f"{mu!r}: expected a partition of {self.n}")
        value = self._values[key]
        if isinstance(value, Factored):
            value = self._values[key] = value.to_sympy(self.d)
        return value

    def __iter__(self) -> Any:
        return iter(self._values)

    def __reduce__(self) -> Any:
        # FLINT's polynomials cannot be pickled; a table is quickly made again.
        return WeingartenTable, (self.group, self.n, self.d)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return (
            f"<Weingarten functions of the {self.group} group, n = {self.n}, "
            f"dimension {self.d}: {len(self)} classes>"
        )


def weingarten_table(group: Group, n: int, d: Any) -> WeingartenTable:
    """Return all values of a Weingarten function at one n.

    Parameters
    ----------
    group : {"unitary", "orthogonal", "symplectic"}
        The group.
    n : int
        The number of pairs of matrix entries, a non-negative integer.
    d : Symbol or int
        The dimension; for the symplectic group half the size of the matrices.

    Returns
    -------
    WeingartenTable
        A mapping from each partition of `n` to the value that `weingarten_unitary`,
        `weingarten_orthogonal` or `weingarten_symplectic` has there.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or the table would not fit in memory.

    Examples
    --------
    >>> from sympy import symbols
    >>> table = weingarten_table("unitary", 2, symbols("d"))
    >>> dict(table)
    {(2,): -1/(d*(d - 1)*(d + 1)), (1, 1): 1/((d - 1)*(d + 1))}
    """
    check_group(group)
    dimension = as_dimension(d, "m" if group == "symplectic" else "d")
    return WeingartenTable(group, check_table_size(check_size(n), number_of_partitions), dimension)


# From a class to its value -----------------------------------------------------------------------


def check_group(group: Any) -> Group:
    """Return `group` if it is one.

    Raises
    ------
    ValueError
        If it is not.
    """
    if group not in get_args(Group):
        raise ValueError(f"group = {group!r}: expected one of {', '.join(get_args(Group))}")
    checked: Group = group
    return checked


def class_of(mu: Any, group: Group) -> Partition:
    """Return the partition that `mu` is, or the cycle or coset type of the permutation it is."""
    if not _is_permutation(mu):
        mu = as_partition(mu)
    elif group == "unitary":
        mu = cycle_type(mu.array_form)
    elif mu.size % 2:
        raise ValueError(
            f"mu = {mu!r} permutes {mu.size} points; expected an even number, two for each pair"
        )
    else:
        pairing = standard_pairing(mu.size // 2)
        mu = coset_type(pairing, moved(pairing, mu.array_form))
    return tuple(mu)


def _is_permutation(mu: Any) -> bool:
    # Loading SymPy's permutations takes longer than this package: whoever has one has done so.
    module = sys.modules.get("sympy.combinatorics.permutations")
    return module is not None and isinstance(mu, module.Permutation)


def relative_sign(mu: Any, group: Group) -> int:
    """Return the sign of a permutation relative to the one that stands for its coset type in Sp."""
    if group != "symplectic" or not _is_permutation(mu):
        return 1
    coset = class_of(mu, "symplectic")
    sign: int = mu.signature() * (-1) ** (sum(coset) - len(coset))
    return sign


def _value(group: Group, mu: Partition, d: Expr) -> Expr:
    check_column_size(sum(mu), number_of_partitions)
    return class_sum(group, {mu: 1}, d).to_sympy(d)


def class_sum(group: Group, counts: Mapping[Partition, int], d: Expr | None = None) -> Factored:
    """Return the sum of count times Weingarten function over the classes.

    This is how a moment is assembled from the numbers of pairings of each type. The sum over
    classes is done first, on the integers, so that only one rational function is built. It holds
    for generic dimension; with an integer `d`, it is the constant at that dimension, however small.
    """
    if not counts:
        return constant(0)
    n = sum(next(iter(counts)))
    return basis_sums(group, n, [_pairings_with_basis(group, counts, n)], d)[0]


def _pairings_with_basis(group: Group, counts: Mapping[Partition, int], n: int) -> list[int]:
    """Return the sum of count times ``<p_mu, J_lam>`` over the classes, for each lam."""
    alpha = ALPHA[group]
    if len(counts) > _COLUMNS_WORTH_A_TABLE and n <= _TABLE_AT_MOST:
        position = partition_index(n)
        table = power_sum_table(n, alpha)
        columns = [table[:, position[mu]].tolist() for mu in counts]
    else:
        columns = [power_sum_column(mu, alpha) for mu in counts]
    scales = [class_sign(group, mu) * count for mu, count in counts.items()]
    return [
        sum(scale * value for scale, value in zip(scales, row, strict=True))
        for row in zip(*columns, strict=True)
    ]


def class_sign(group: Group, mu: Partition) -> int:
    """Return the sign between Wg^O(-2m) and Wg^Sp(m) at what stands for a class, 1 for others."""
    return (-1) ** len(mu) if group == "symplectic" else 1


# Where a whole table of characters is cheaper than its columns one by one, and still small.
_COLUMNS_WORTH_A_TABLE = 4
_TABLE_AT_MOST = 24


def _table(group: Group, n: int, d: Expr) -> list[Factored]:
    """Return the values at all classes: one exact integer matrix product."""
    columns = power_sum_table(n, ALPHA[group]).T.tolist()
    rows = [
        [class_sign(group, mu) * value for value in column]
        for mu, column in zip(partitions(n), columns, strict=True)
    ]
    return basis_sums(group, n, rows, d)


def basis_sums(
    group: Group, n: int, rows: Sequence[Sequence[int]], d: Expr | None = None
) -> list[Factored]:
    """Return, for each row, the sum over lam of ``row[lam] / (h_lam prod (d + content))``.

    Everything in this engine that is integrated over a group ends here. For an integer `d` only
    the lam whose product is not zero count.
    """
    if not rows:
        return []
    if d is not None and d.is_Integer:
        terms = _reciprocals(group, n, int(d))
        scale = lcm(*(int(term.q) for term in terms))
        values = fmpz_mat(rows) * fmpz_mat([[int(term * scale)] for term in terms])
        return [constant(fmpq(value, scale)) for (value,) in values.tolist()]
    cofactors = _cofactors(n, ALPHA[group])
    width = max(map(len, cofactors))
    numerators = fmpz_mat(rows) * fmpz_mat([_padded(poly, width) for poly in cofactors])
    return [_over_common(group, n, fmpz_poly(row)) for row in numerators.tolist()]


def _padded(poly: Any, width: int) -> list[Any]:
    coefficients: list[Any] = poly.coeffs()
    return coefficients + [0] * (width - len(coefficients))


def _over_common(group: Group, n: int, numerator: Any) -> Factored:
    """Return the numerator over the common denominator and the scale of the cofactors."""
    alpha = ALPHA[group]
    denominator = {(1, c): count for c, count in _all_contents(n, alpha).items()}
    value = Factored(fmpq_poly(numerator) / factorial(alpha * n), denominator)
    return value.composed(-2) if group == "symplectic" else value


@lru_cache(maxsize=32)
def _all_contents(n: int, alpha: int) -> Counter[int]:
    """Return the least multiset of contents that holds those of every partition of `n`."""
    # A box is in some partition of n when the rectangle that it spans with the corner has at most
    # n boxes; boxes of one content lie on a diagonal, so that the last one brings the others.
    return Counter(alpha * j - i for i in range(n) for j in range(n) if (i + 1) * (j + 1) <= n)


@lru_cache(maxsize=8)
def _cofactors(n: int, alpha: int) -> tuple[Any, ...]:
    """Return ``(alpha n)! / h_lam`` times the common denominator over the product of `lam`."""
    everything = prod(
        (fmpz_poly([c, 1]) ** count for c, count in _all_contents(n, alpha).items()),
        start=fmpz_poly([1]),
    )
    scale = factorial(alpha * n)
    return tuple(
        everything // _box_product(lam, alpha) * (scale // jack_norm(lam, alpha))
        for lam in partitions(n)
    )


def _box_product(lam: Partition, alpha: int) -> Any:
    """Return the product of ``d + content`` over the boxes of `lam`."""
    return prod((_row_product(i, part, alpha) for i, part in enumerate(lam)), start=fmpz_poly([1]))


@lru_cache(maxsize=4096)
def _row_product(i: int, length: int, alpha: int) -> Any:
    return prod((fmpz_poly([alpha * j - i, 1]) for j in range(length)), start=fmpz_poly([1]))


def _reciprocals(group: Group, n: int, d: int) -> list[Any]:
    """Return ``1 / (h_lam prod (d + content))`` for each lam, 0 where the product vanishes."""
    alpha = ALPHA[group]
    x = -2 * d if group == "symplectic" else d
    found = []
    for lam in partitions(n):
        product = prod((x + c) ** count for c, count in contents(lam, alpha).items())
        found.append(fmpq(1, product * jack_norm(lam, alpha)) if product else fmpq(0))
    return found
