"""The functions of haarpy, by the same names and arguments: a script moves by its import.

Index lists and matrices of powers are written as products of entries, for `E`. An index of the
unitary, orthogonal and permutation groups is a label, as in haarpy: different labels are different
rows, in whatever numbers they are counted. haarpy itself is not needed. The two quantum groups that
it has, and its combinatorics, are not here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from sympy import Expr, Mul, conjugate, sympify

from weingarten.ensembles import (
    CentredPermutation,
    CircularOrthogonal,
    CircularSymplectic,
    HaarOrthogonal,
    HaarSymplectic,
    HaarUnitary,
    RandomPermutation,
)
from weingarten.ensembles.base import RandomMatrix
from weingarten.expectation import E
from weingarten.functions.blocks import weingarten_permutation as _permutation
from weingarten.functions.dimension import as_dimension
from weingarten.functions.values import weingarten_circular_orthogonal as _circular_orthogonal
from weingarten.functions.values import weingarten_circular_symplectic as _circular_symplectic
from weingarten.functions.values import weingarten_orthogonal as _orthogonal
from weingarten.functions.values import weingarten_symplectic as _symplectic
from weingarten.functions.values import weingarten_unitary as _unitary
from weingarten.limits import as_integer

__all__ = [
    "haar_integral_centered_permutation",
    "haar_integral_circular_orthogonal",
    "haar_integral_circular_symplectic",
    "haar_integral_orthogonal",
    "haar_integral_permutation",
    "haar_integral_symplectic",
    "haar_integral_unitary",
    "weingarten_centered_permutation",
    "weingarten_circular_orthogonal",
    "weingarten_circular_symplectic",
    "weingarten_orthogonal",
    "weingarten_permutation",
    "weingarten_symplectic",
    "weingarten_unitary",
]

#: The row and the column of each entry of a product.
_Entries = list[tuple[Any, Any]]

_SEQUENCES = "two sequences of one length, of row and of column indices, such as ((0, 1), (0, 2))"
_MATRIX = "a matrix of powers, rows of one length of non-negative integers, as ((2, 0), (0, 1))"


# Weingarten functions -----------------------------------------------------------------------------


def weingarten_unitary(cycle: Any, unitary_dimension: Any) -> Expr:
    """Return the Weingarten function of U(d) at a permutation, or at its cycle type.

    Examples
    --------
    >>> from sympy import symbols
    >>> weingarten_unitary((2, 1), symbols("d"))
    -1/((d - 2)*(d - 1)*(d + 1)*(d + 2))
    """
    return _unitary(cycle, unitary_dimension)


def weingarten_orthogonal(permutation: Any, orthogonal_dimension: Any) -> Expr:
    """Return the Weingarten function of O(d) at a permutation, or at its coset type.

    Examples
    --------
    >>> weingarten_orthogonal((2, 1), 6)
    -1/1200
    """
    return _orthogonal(permutation, orthogonal_dimension)


def weingarten_symplectic(permutation: Any, half_dimension: Any) -> Expr:
    """Return the Weingarten function of Sp(m) at a permutation, or at its coset type.

    Examples
    --------
    >>> from sympy.combinatorics import Permutation
    >>> weingarten_symplectic(Permutation(0, 1, 2, 3, 4, 5), 7)
    -1/201600
    """
    return _symplectic(permutation, half_dimension)


def weingarten_circular_orthogonal(permutation: Any, coe_dimension: Any) -> Expr:
    """Return the Weingarten function of the circular orthogonal ensemble.

    Examples
    --------
    >>> weingarten_circular_orthogonal((1, 1), 4)
    3/70
    """
    return _circular_orthogonal(permutation, coe_dimension)


def weingarten_circular_symplectic(permutation: Any, cse_dimension: Any) -> Expr:
    """Return the Weingarten function of the circular symplectic ensemble, of half its size.

    Examples
    --------
    >>> from sympy.combinatorics import Permutation
    >>> weingarten_circular_symplectic(Permutation(3)(0, 1), 4)
    -3/140
    """
    return _circular_symplectic(permutation, cse_dimension)


def weingarten_permutation(first_partition: Any, second_partition: Any, dimension: Any) -> Expr:
    """Return the Weingarten function of permutation matrices at two set partitions.

    Examples
    --------
    >>> weingarten_permutation(((0, 1, 2), (3,)), ((0,), (1, 2, 3)), 4)
    5/24
    """
    one, other = _from_zero(first_partition, second_partition)
    return _permutation(one, other, dimension)


def weingarten_centered_permutation(
    first_partition: Any, second_partition: Any, dimension: Any
) -> Expr:
    """Return the Weingarten function of permutation matrices with their mean taken off.

    Examples
    --------
    >>> weingarten_centered_permutation(((0,), (1,), (2,)), ((0, 2), (1,)), 3)
    -1/9
    """
    one, other = _from_zero(first_partition, second_partition)
    return _permutation(one, other, dimension, centred=True)


# Integrals ----------------------------------------------------------------------------------------


def haar_integral_unitary(
    monomial: Any,
    monomial_conjugate: Any,
    unitary_dimension: Any,
    algorithm: str = "collins",
    structure: str = "sequences",
) -> Expr:
    """Return the integral over U(d) of a product of entries and of conjugate ones.

    Parameters
    ----------
    monomial, monomial_conjugate : sequences
        The entries, and those that are conjugate: with the structure ``"sequences"`` their row
        indices and their column indices, with ``"matrix"`` the powers of all entries.
    unitary_dimension : Symbol, Expr or int
        The dimension.
    algorithm : {"collins", "gorin"}
        Not needed: the engine chooses.
    structure : {"sequences", "matrix"}
        What the monomials are.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or more rows or columns are named than there are.

    Examples
    --------
    >>> from sympy import symbols
    >>> d = symbols("d")
    >>> haar_integral_unitary(((0, 1, 2), (0, 0, 1)), ((0, 1, 2), (0, 1, 0)), d)
    -1/(d*(d - 1)*(d + 1)*(d + 2))
    >>> haar_integral_unitary(((3, 0), (0, 1)), ((3, 0), (0, 1)), 4, "Gorin", "matrix")
    1/70
    """
    _check_algorithm(algorithm)
    size = as_dimension(unitary_dimension, "unitary_dimension")
    plain = _entries(monomial, "monomial", structure)
    other = _entries(monomial_conjugate, "monomial_conjugate", structure)
    made = _numbered(plain + other, size, "monomial")
    count = len(plain)
    return _mean(HaarUnitary("U", size), made[:count], made[count:])


def haar_integral_orthogonal(
    monomial: Any,
    orthogonal_dimension: Any,
    algorithm: str = "collins",
    structure: str = "sequences",
) -> Expr:
    """Return the integral over O(d) of a product of entries.

    Parameters
    ----------
    monomial, orthogonal_dimension, algorithm, structure
        As for `haar_integral_unitary`.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        As `haar_integral_unitary` does.

    Examples
    --------
    >>> haar_integral_orthogonal(((0, 0, 1, 1, 2, 2), (0, 2, 2, 1, 1, 0)), 4)
    1/576
    """
    _check_algorithm(algorithm)
    size = as_dimension(orthogonal_dimension, "orthogonal_dimension")
    entries = _entries(monomial, "monomial", structure)
    return _mean(HaarOrthogonal("W", size), _numbered(entries, size, "monomial"))


def haar_integral_symplectic(sequences: Any, half_dimension: Any) -> Expr:
    """Return the integral over Sp(m) of a product of entries.

    Parameters
    ----------
    sequences : pair of sequences
        The row indices and the column indices of the entries, from 0 to 2m - 1. The form pairs k
        and m + k; for a symbol m, write the latter as ``m + k``.
    half_dimension : Symbol, Expr or int
        Half the size of the matrices.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or an index is out of range.

    Examples
    --------
    >>> from sympy import symbols
    >>> m = symbols("m")
    >>> haar_integral_symplectic(((0, 1, 2, m, m + 1, m + 2), (0, 0, 0, m, m, m)), m)
    1/(4*m*(m + 1)*(2*m + 1))
    """
    half = as_dimension(half_dimension, "half_dimension")
    places = [_in_blocks(part, half) for part in _both(sequences, "sequences")]
    return _mean(HaarSymplectic("S", half), list(zip(*places, strict=True)))


def haar_integral_circular_orthogonal(sequences: Any, group_dimension: Any) -> Expr:
    """Return the integral over the circular orthogonal ensemble of a product of entries.

    Parameters
    ----------
    sequences : pair of sequences
        The indices of the entries, two for each, and those of the conjugate ones.
    group_dimension : Symbol, Expr or int
        The dimension.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or more rows are named than there are.

    Examples
    --------
    >>> haar_integral_circular_orthogonal(((0, 0, 1, 2), (1, 0, 0, 2)), 7)
    -1/280
    """
    size = as_dimension(group_dimension, "group_dimension")
    labels = [[_label(x, "sequences") for x in part] for part in _pairs(sequences)]
    number = _numbers([x for part in labels for x in part], size, "sequences", "index", "indices")
    plain, other = (_two_by_two([number[x] for x in part]) for part in labels)
    return _mean(CircularOrthogonal("S", size), plain, other)


def haar_integral_circular_symplectic(sequences: Any, half_dimension: Any) -> Expr:
    """Return the integral over the circular symplectic ensemble of a product of entries.

    Parameters
    ----------
    sequences : pair of sequences
        The indices of the entries, two for each, and those of the conjugate ones; what an index is
        is as for `haar_integral_symplectic`.
    half_dimension : Symbol, Expr or int
        Half the size of the matrices.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or an index is out of range.

    Examples
    --------
    >>> haar_integral_circular_symplectic(((0, 3, 2, 1), (0, 1, 2, 3)), 2)
    -1/12
    """
    half = as_dimension(half_dimension, "half_dimension")
    plain, other = (_two_by_two(_in_blocks(part, half)) for part in _pairs(sequences))
    return _mean(CircularSymplectic("S", half), plain, other)


def haar_integral_permutation(row_indices: Any, column_indices: Any, dimension: Any) -> Expr:
    """Return the mean of a product of entries of a random permutation matrix.

    Parameters
    ----------
    row_indices, column_indices : sequences
        The indices of the entries.
    dimension : Symbol, Expr or int
        The dimension.

    Returns
    -------
    Expr
        The exact value, also for an integer dimension.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or more rows or columns are named than there are.

    Examples
    --------
    >>> haar_integral_permutation((0, 1, 2, 2), (1, 0, 2, 2), 3)
    1/6
    """
    size = as_dimension(dimension, "dimension")
    return _mean(RandomPermutation("P", size), _of_permutation(row_indices, column_indices, size))


def haar_integral_centered_permutation(
    row_indices: Any, column_indices: Any, dimension: Any
) -> Expr:
    """Return the same for a random permutation matrix with its mean, 1/d, taken off.

    Examples
    --------
    >>> haar_integral_centered_permutation((0, 1, 2), (0, 1, 1), 3)
    -1/27
    """
    size = as_dimension(dimension, "dimension")
    return _mean(CentredPermutation("Y", size), _of_permutation(row_indices, column_indices, size))


# Reading ------------------------------------------------------------------------------------------


def _mean(matrix: RandomMatrix, plain: _Entries, other: Iterable[tuple[Any, Any]] = ()) -> Expr:
    """Return the expectation of a product of entries and of conjugate ones."""
    factors = [matrix[i, j] for i, j in plain] + [conjugate(matrix[i, j]) for i, j in other]
    value: Expr = E(Mul(*factors))
    return value


def _check_algorithm(algorithm: Any) -> None:
    _check_name(algorithm, "algorithm", ("collins", "gorin"))


def _check_name(name: Any, argument: str, known: tuple[str, str]) -> str:
    if not isinstance(name, str) or name.lower() not in known:
        kind = ValueError if isinstance(name, str) else TypeError
        raise kind(f"{argument} = {name!r}: expected {known[0]!r} or {known[1]!r}")
    return name.lower()


def _entries(monomial: Any, argument: str, structure: Any) -> _Entries:
    """Return the labels of the entries of a product, from index lists or a matrix of powers."""
    if _check_name(structure, "structure", ("sequences", "matrix")) == "matrix":
        return [
            (i, j)
            for i, row in enumerate(_powers(monomial, argument))
            for j, power in enumerate(row)
            for _ in range(power)
        ]
    rows, columns = ([_label(x, argument) for x in part] for part in _both(monomial, argument))
    return list(zip(rows, columns, strict=True))


def _both(sequences: Any, argument: str) -> tuple[Any, Any]:
    """Return row and column indices."""
    parts = _two(sequences, argument, _SEQUENCES)
    if len(parts[0]) != len(parts[1]):
        raise ValueError(f"{argument} = {sequences!r}: expected {_SEQUENCES}")
    return parts


def _pairs(sequences: Any) -> tuple[Any, Any]:
    """Return the indices of entries and of conjugate ones, two for each."""
    expected = "two sequences of even length, two indices for each entry: ((0, 1), (1, 0))"
    parts = _two(sequences, "sequences", expected)
    if any(len(part) % 2 for part in parts):
        raise ValueError(f"sequences = {sequences!r}: expected {expected}")
    return parts


def _two(sequences: Any, argument: str, expected: str) -> tuple[Any, Any]:
    try:
        first, second = (tuple(part) for part in sequences)
    except (TypeError, ValueError) as reason:
        kind = type(reason)
        raise kind(f"{argument} = {sequences!r}: expected {expected}") from None
    return first, second


def _powers(matrix: Any, argument: str) -> list[list[int]]:
    try:
        rows = [[as_integer(power) for power in row] for row in matrix]
    except TypeError:
        raise TypeError(f"{argument} = {matrix!r}: expected {_MATRIX}") from None
    if len(set(map(len, rows))) > 1 or any(power < 0 for row in rows for power in row):
        raise ValueError(f"{argument} = {matrix!r}: expected {_MATRIX}")
    return rows


def _label(label: Any, argument: str) -> Hashable:
    """Return a label: an integer or a string."""
    if isinstance(label, str):
        return label
    expected = "a label, an integer or a string; write E(...) of entries with symbolic indices"
    try:
        number = as_integer(label)
    except TypeError:
        raise TypeError(f"{argument} holds the index {label!r}: expected {expected}") from None
    if number < 0:
        raise ValueError(f"{argument} holds the index {label}: expected none below 0")
    return number


def _numbers(
    labels: Iterable[Hashable], size: Expr, argument: str, one: str, many: str
) -> dict[Hashable, int]:
    """Return numbers from 0 for labels, which the law of the matrix does not tell apart."""
    number = {label: k for k, label in enumerate(dict.fromkeys(labels))}
    if size.is_Integer and len(number) > size:
        raise ValueError(
            f"{argument} names {len(number)} {many}, {', '.join(map(str, number))}, of a matrix of "
            f"size {size}; expected no more than {size} different {many if size > 1 else one}"
        )
    return number


def _numbered(entries: _Entries, size: Expr, *arguments: str) -> _Entries:
    """Return entries with numbers for labels, those of rows and of columns each from 0."""
    rows = _numbers((i for i, _ in entries), size, arguments[0], "row", "rows")
    columns = _numbers((j for _, j in entries), size, arguments[-1], "column", "columns")
    return [(rows[i], columns[j]) for i, j in entries]


def _of_permutation(rows: Any, columns: Any, size: Expr) -> _Entries:
    """Return the entries of a permutation matrix, with numbers for labels."""
    given = {"row_indices": rows, "column_indices": columns}
    labels = {}
    for argument, part in given.items():
        if not isinstance(part, Iterable):
            raise TypeError(f"{argument} = {part!r}: expected a sequence of indices, as (0, 1)")
        labels[argument] = [_label(x, argument) for x in part]
    read = list(labels.values())
    if len(read[0]) != len(read[1]):
        raise ValueError(
            f"row_indices has {len(read[0])} indices, column_indices {len(read[1])}: expected as "
            "many"
        )
    return _numbered(list(zip(*read, strict=True)), size, *given)


def _two_by_two(indices: Sequence[Any]) -> _Entries:
    return list(zip(indices[::2], indices[1::2], strict=True))


def _in_blocks(indices: Iterable[Any], half: Expr) -> list[int]:
    """Return indices of the basis whose form pairs 2k and 2k + 1, from one that pairs k, m + k."""
    return [_in_block(index, half) for index in indices]


def _in_block(index: Any, half: Expr) -> int:
    expected = f"an integer from 0 to {2 * half - 1}"
    if not half.is_Integer:
        expected = f"k or {half} + k with an integer k from 0"
    place = index if isinstance(index, Expr) else _label(index, "sequences")
    if isinstance(place, str):
        raise TypeError(f"sequences holds the index {index!r}: expected {expected}")
    place = sympify(place)
    is_second = place >= half if half.is_Integer and place.is_Integer else place.free_symbols
    k = place - half if is_second else place
    if not (k.is_Integer and k >= 0) or (half.is_Integer and k >= half):
        raise ValueError(f"sequences holds the index {index}: expected {expected}")
    return 2 * int(k) + bool(is_second)


def _from_zero(one: Any, other: Any) -> tuple[Any, Any]:
    """Return partitions of the points 0, 1, ... in place of those of any integers."""
    try:
        found = {as_integer(x) for blocks in (one, other) for block in blocks for x in block}
    except TypeError:
        return one, other
    number = {point: k for k, point in enumerate(sorted(found))}
    made = [[[number[as_integer(x)] for x in block] for block in blocks] for blocks in (one, other)]
    return made[0], made[1]
