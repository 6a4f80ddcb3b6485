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

from collections.abc import Mapping
from typing import Any

from sympy import Expr

from weingarten.combinatorics.partitions import (
    Partition,
    as_partition,
    number_of_partitions,
    partitions,
)
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import (
    CIRCULAR_SYMPLECTIC,
    ORTHOGONAL,
    SYMPLECTIC,
    UNITARY,
    Group,
    GroupName,
    as_group,
)
from weingarten.functions.rational import Factored
from weingarten.functions.spherical import class_cost, class_sum, class_table
from weingarten.limits import check_cost, check_size, check_table_size
from weingarten.markup import html_table


def weingarten_unitary(mu: Any, d: Any) -> Expr:
    r"""Return the Weingarten function of the unitary group U(d).

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A cycle type: a partition of n, parts in any order; or a permutation that has it.
    d : int, Symbol or Expr
        The dimension; an expression such as ``d + 1`` or ``-2*d`` stands for its value.

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
    >>> weingarten_unitary((2,), d + 1)
    -1/(d*(d + 1)*(d + 2))
    >>> weingarten_unitary((2,), 1)
    1/4

    References
    ----------
    B. Collins & P. Sniady, Commun. Math. Phys. 264 (2006), proposition 2.3.
    """
    return _value(UNITARY, mu, as_dimension(d, positive=False))


def weingarten_orthogonal(mu: Any, d: Any) -> Expr:
    r"""Return the Weingarten function of the orthogonal group O(d).

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points, whose
        coset type is that of the pairings {0,1}, {2,3}, ... and their images.
    d : int, Symbol or Expr
        The dimension; an expression such as ``d + 1`` or ``-2*d`` stands for its value.

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
    return _value(ORTHOGONAL, mu, as_dimension(d, positive=False))


def weingarten_circular_orthogonal(mu: Any, d: Any) -> Expr:
    r"""Return the Weingarten function of the circular orthogonal ensemble.

    It weights the permutations that carry the indices of a product of entries of the matrix to
    those of the conjugate entries, and is that of O(d + 1).

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points.
    d : int, Symbol or Expr
        The dimension of the matrix.

    Returns
    -------
    Expr
        A factored rational function for a symbol; a `Rational` for an integer.

    Raises
    ------
    TypeError, ValueError
        As `weingarten_orthogonal` does.

    Examples
    --------
    >>> from sympy import symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> weingarten_circular_orthogonal((2,), d)
    -1/(d*(d + 1)*(d + 3))

    References
    ----------
    S. Matsumoto, Random Matrices Theory Appl. 1 (2012), 1250005, theorem 1.
    """
    return _value(ORTHOGONAL, mu, as_dimension(d) + 1)


def weingarten_symplectic(mu: Any, m: Any) -> Expr:
    r"""Return the Weingarten function of the symplectic group Sp(m) of 2m x 2m matrices.

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points. For a
        permutation the value has its sign. A partition stands for the permutation whose cycles
        on 2n points fix all odd points: its sign is ``(-1)**(n - len(mu))``.
    m : int, Symbol or Expr
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
    return _value(SYMPLECTIC, mu, as_dimension(m, "m", positive=False))


def weingarten_circular_symplectic(mu: Any, m: Any) -> Expr:
    r"""Return the Weingarten function of the circular symplectic ensemble.

    It weights the permutations that carry the indices of a product of entries of ``S J`` to those
    of the conjugate entries, and is that of Sp(m) at ``m - 1/2``.

    Parameters
    ----------
    mu : iterable of int, or sympy.combinatorics.Permutation
        A coset type: a partition of n, parts in any order; or a permutation of 2n points, with its
        sign. What a partition stands for is as for `weingarten_symplectic`.
    m : int, Symbol or Expr
        Half the size of the matrix.

    Returns
    -------
    Expr
        A factored rational function for a symbol; a `Rational` for an integer.

    Raises
    ------
    TypeError, ValueError
        As `weingarten_symplectic` does.

    Examples
    --------
    >>> from sympy import symbols
    >>> m = symbols("m", integer=True, positive=True)
    >>> weingarten_circular_symplectic((1,), m)
    1/(2*m - 1)
    >>> weingarten_circular_symplectic((2,), m)
    -1/(2*m*(2*m - 3)*(2*m - 1))

    References
    ----------
    S. Matsumoto, Random Matrices Theory Appl. 2 (2013), section 4.
    """
    return _value(CIRCULAR_SYMPLECTIC, mu, as_dimension(m, "m", positive=False))


class WeingartenTable(Mapping[Partition, Expr]):
    """All values of a Weingarten function at one n: a mapping from partition to expression.

    The numerators are computed together; an entry becomes a SymPy expression when it is read.
    """

    def __init__(self, group: Group, n: int, d: Expr):
        self.group = group.name
        self.n = n
        self.d = d
        self._values: dict[Partition, Any] = dict(
            zip(partitions(n), class_table(group, n, d), strict=True)
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
        return WeingartenTable, (as_group(self.group), self.n, self.d)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return (
            f"<Weingarten functions of the {self.group} group, n = {self.n}, "
            f"dimension {self.d}: {len(self)} classes>"
        )

    def _repr_html_(self) -> str:
        caption = f"Weingarten functions of the {self.group} group, dimension {self.d}"
        return html_table(["partition", "value"], self.items(), len(self), caption)


def weingarten_table(group: GroupName, n: int, d: Any) -> WeingartenTable:
    """Return all values of a Weingarten function at one n.

    Parameters
    ----------
    group : {"unitary", "orthogonal", "symplectic"}
        The group.
    n : int
        The number of pairs of matrix entries, a non-negative integer.
    d : int, Symbol or Expr
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
    known = as_group(group)
    dimension = as_dimension(d, known.argument, positive=False)
    check_table_size(check_size(n), number_of_partitions, *_TABLE_ENTRY[known.alpha])
    return WeingartenTable(known, n, dimension)


#: Seconds and bytes that an entry of the table behind it costs.
_TABLE_ENTRY = {1: (2e-6, 60), 2: (7e-6, 140)}


def _value(group: Group, mu: Any, d: Expr) -> Expr:
    parts = group.type_of(mu)
    check_cost(class_cost(group, parts, d))
    return class_sum(group, {parts: group.sign_of(mu)}, d).to_sympy(d)
