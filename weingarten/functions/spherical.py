r"""Class functions, and the transform that averaging over a group makes diagonal.

With ``J_lam`` the Schur functions (unitary, alpha = 1) or the zonal polynomials (orthogonal,
alpha = 2), ``h_lam`` the product of the hook lengths of ``alpha lam``, and the product over the
boxes of ``lam``, which are counted from zero, every average over a group ends in sums

.. math:: \sum_{\lambda \vdash n}
          \frac{r_\lambda}{h_\lambda \prod_{(i,j) \in \lambda} (d + \alpha j - i)}

with integers ``r``; the Weingarten function at the class ``mu`` has ``<p_mu, J_lam>`` for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import factorial, lcm, prod
from typing import Any

from flint import fmpq, fmpq_poly, fmpz_mat, fmpz_poly
from sympy import Expr

from weingarten.caches import cached
from weingarten.combinatorics.expansions import Frame, expansion, expansion_size
from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    contents,
    hook_product,
    jack_norm,
    partition_index,
    partitions,
)
from weingarten.functions.diagram_sums import diagram_sum
from weingarten.functions.groups import Group, as_group
from weingarten.functions.rational import Factored, constant
from weingarten.limits import Cost, largest, readable, times
from weingarten.progress import progress


def class_sum(
    group: Group | str, counts: Mapping[Partition, int], d: Expr | None = None
) -> Factored:
    """Return the sum of count times Weingarten function over the classes.

    This is how a moment is assembled from the numbers of pairings of each type. The sum over
    classes is done first, on the integers, so that only one rational function is built. It holds
    for generic dimension; with an integer `d`, it is the constant at that dimension, however small.
    """
    if not counts:
        return constant(0)
    group = as_group(group)
    n = sum(next(iter(counts)))
    signed = {mu: group.class_sign(mu) * count for mu, count in counts.items()}
    if len(counts) > _CLASSES_WORTH_A_TABLE and n <= _TABLE_AT_MOST:
        table, position = power_sum_table(n, group.alpha), partition_index(n)
        columns = [(count, table[:, position[mu]].tolist()) for mu, count in signed.items()]
        row = [0] * len(partitions(n))
        for count, column in columns:
            row = [total + count * value for total, value in zip(row, column, strict=True)]
        return basis_sums(group, n, [row], d)[0]
    return _expanded_sum(group, n, signed, d)


def _expanded_sum(
    group: Group, n: int, counts: Mapping[Partition, int], d: Expr | None
) -> Factored:
    """Return the sum over the lam that the power sums hold, each of them built once and let go."""
    alpha, scale = group.alpha, factorial(group.alpha * n)
    x = group.at(int(d)) if d is not None and d.is_Integer else None
    frame = _frame(group, n, x)
    terms = expansion(counts, alpha, frame)

    def scaled() -> Iterator[tuple[Partition, Any]]:
        order = sorted(terms, reverse=True)
        for bits in progress(order, len(order), "partitions"):
            lam, value = frame.partition(bits), terms.pop(bits)
            # The coefficient of J_lam is <p_mu, J_lam> over the squared norm: h_lam for both.
            yield lam, value * (scale // hook_product(lam)) if alpha == 1 else int(value * scale)

    denominator, numerator = diagram_sum(scaled(), alpha, x)
    factors = contents(denominator, alpha)
    if x is not None:
        below = scale * prod((x + c) ** count for c, count in factors.items())
        return constant(fmpq(int(numerator), below))
    value = Factored(fmpq_poly(numerator) / scale, {(1, c): k for c, k in factors.items()})
    return value if group.factor == 1 else value.composed(group.factor, group.shift)


def _frame(group: Group, n: int, x: int | None) -> Frame:
    """Return where the product of contents is not zero: d rows for x = d, m columns for x = -2m."""
    rows, columns = group.frame(x)
    return Frame(*(n if bound is None else min(n, bound) for bound in (rows, columns)))


#: Measured: what a term costs while the power sums are expanded, and when it is summed, the latter
#: for each box of its diagram too, whose numbers are long from some degree on; how many bytes it
#: holds.
_SECONDS_PER_STEP = {1: 6e-6, 2: 3e-5}
_SECONDS_PER_TERM, _SECONDS_PER_BOX, _LONG_NUMBERS = 2e-5, 1e-6, 200
_BYTES_PER_TERM = {1: 400, 2: 600}


def class_cost(group: Group, mu: Partition, d: Expr | None = None) -> Cost:
    """Return what the Weingarten function costs at one class, symbolic for no integer `d`."""

    def at(x: int | None) -> Cost:
        terms, steps = expansion_size(mu, group.alpha, _frame(group, n, x))
        each = _SECONDS_PER_TERM + n * _SECONDS_PER_BOX * (1 + n / _LONG_NUMBERS)
        return Cost(
            f"mu is a partition of n = {n}: this is a sum over about {readable(terms)} partitions, "
            f"{readable(steps)} with those on the way",
            seconds=times(steps, _SECONDS_PER_STEP[group.alpha]) + times(terms, each),
            memory=(terms + n * n // 4) * _BYTES_PER_TERM[group.alpha],
        )

    n = sum(mu)
    needed = at(group.at(int(d)) if d is not None and d.is_Integer else None)
    if needed.refusal:
        some = largest(lambda value: at(group.at(value + 1)), n)
        smaller = f"expected an n whose partitions are fewer, or {group.argument} an integer"
        needed = replace(needed, smaller=smaller + (f" up to {some + 1}" if some else ""))
    return needed


def class_table(group: Group, n: int, d: Expr) -> list[Factored]:
    """Return the Weingarten function at all classes: one exact integer matrix product."""
    parts, table = partitions(n), power_sum_table(n, group.alpha)
    values: list[Factored] = []
    # By blocks of classes: the integers of all of them at once would be copied several times.
    starts = range(0, len(parts), _BLOCK)
    for start in progress(starts, len(starts), f"blocks of {_BLOCK} classes"):
        block = slice(start, start + _BLOCK)
        rows = [
            [group.class_sign(mu) * value for value in column]
            for mu, column in zip(parts[block], table[:, block].T.tolist(), strict=True)
        ]
        values += basis_sums(group, n, rows, d)
    return values


#: How many classes of a table are summed at once.
_BLOCK = 128
# Where a whole table of characters is cheaper than its columns one by one, and still small.
_CLASSES_WORTH_A_TABLE = 4
_TABLE_AT_MOST = 24
#: From here on the cofactors take tens of megabytes: only the last ones are kept.
_LARGE_COFACTORS = 28


def basis_sums(
    group: Group | str, n: int, rows: Sequence[Sequence[int]], d: Expr | None = None
) -> list[Factored]:
    """Return, for each row, the sum over lam of ``row[lam] / (h_lam prod (d + content))``.

    Everything in this engine that is integrated over a group ends here. For an integer `d` only
    the lam whose product is not zero count.
    """
    group = as_group(group)
    if not rows:
        return []
    if d is not None and d.is_Integer:
        terms = _reciprocals(group, n, int(d))
        scale = lcm(*(int(term.q) for term in terms))
        values = fmpz_mat(rows) * fmpz_mat([[int(term * scale)] for term in terms])
        return [constant(fmpq(value, scale)) for (value,) in values.tolist()]
    numerators = fmpz_mat(rows) * _cofactors(n, group.alpha)
    denominator = {(1, c): count for c, count in _all_contents(n, group.alpha).items()}
    scale = factorial(group.alpha * n)
    found = [Factored(fmpq_poly(row) / scale, denominator) for row in numerators.tolist()]
    if group.factor == 1:
        return found
    return [value.composed(group.factor, group.shift) for value in found]


@cached(maxsize=32)
def _all_contents(n: int, alpha: int) -> Counter[int]:
    """Return the least multiset of contents that holds those of every partition of `n`."""
    # A box is in some partition of n when the rectangle that it spans with the corner has at most
    # n boxes; boxes of one content lie on a diagonal, so that the last one brings the others.
    return Counter(alpha * j - i for i in range(n) for j in range(n) if (i + 1) * (j + 1) <= n)


@cached(maxsize=8, large=lambda n, alpha: n > _LARGE_COFACTORS)
def _cofactors(n: int, alpha: int) -> Any:
    """Return ``(alpha n)! / h_lam`` times the common denominator over the product of `lam`.

    A matrix of integers: for each lam the coefficients of a polynomial.
    """
    everything = prod(
        (fmpz_poly([c, 1]) ** count for c, count in _all_contents(n, alpha).items()),
        start=fmpz_poly([1]),
    )
    scale = factorial(alpha * n)
    return fmpz_mat(
        [
            (everything // _box_product(lam, alpha) * (scale // jack_norm(lam, alpha))).coeffs()
            for lam in partitions(n)
        ]
    )


def _box_product(lam: Partition, alpha: int) -> Any:
    """Return the product of ``d + content`` over the boxes of `lam`."""
    return prod((_row_product(i, part, alpha) for i, part in enumerate(lam)), start=fmpz_poly([1]))


@cached(maxsize=4096)
def _row_product(i: int, length: int, alpha: int) -> Any:
    return prod((fmpz_poly([alpha * j - i, 1]) for j in range(length)), start=fmpz_poly([1]))


def _reciprocals(group: Group, n: int, d: int) -> list[Any]:
    """Return ``1 / (h_lam prod (d + content))`` for each lam, 0 where the product vanishes."""
    x = group.at(d)
    _, columns = group.frame(x)
    found = []
    for lam in partitions(n):
        if columns is not None and lam and lam[0] > columns:
            found.append(fmpq(0))
            continue
        product = prod((x + c) ** count for c, count in contents(lam, group.alpha).items())
        found.append(fmpq(1, product * jack_norm(lam, group.alpha)) if product else fmpq(0))
    return found


class Transform:
    """The table of a class function transform, and the sums it ends in.

    With ``J_lam`` as above, ``b_mu = <p_mu, J_lam>`` and its squared
    norm ``j_lam``, a class function ``p_mu(A)`` is ``sum_lam b_mu J_lam(A) / j_lam``, and averaging
    over the group divides ``J_lam(A) J_lam(B)`` by ``J_lam(1)``.

    Parameters
    ----------
    group : Group
        The group.
    d : Expr
        The dimension.
    n : int
        The degree: classes are partitions of n.
    """

    def __init__(self, group: Group | str, d: Expr, n: int):
        self.group, self.d, self.n = as_group(group), d, n
        self.alpha = self.group.alpha
        self._columns = power_sum_table(n, self.alpha).T.tolist()
        # A Schur function is J_lam over the product of its hooks; a zonal polynomial is J_lam.
        self._hooks = [jack_norm(lam, 1) if self.alpha == 1 else 1 for lam in partitions(n)]
        self._norms = [
            jack_norm(lam, self.alpha) * hook
            for lam, hook in zip(partitions(n), self._hooks, strict=True)
        ]

    def column(self, mu: Partition) -> list[int]:
        """Return the table at the class `mu`."""
        column: list[int] = self._columns[partition_index(self.n)[mu]]
        return column

    def total(self, counts: Mapping[Partition, int]) -> list[int]:
        """Return the sum of count times column."""
        columns = [[count * x for x in self.column(mu)] for mu, count in counts.items()]
        return [sum(values) for values in zip(*columns, strict=True)]

    def norm(self, mu: Partition) -> int:
        """Return the squared norm of ``p_mu``."""
        return int(self.alpha ** len(mu) * centralizer_order(mu))

    def scaled(self, hooks: int, *columns: Sequence[int]) -> list[int]:
        """Return the product of columns and of a power of the hooks, for each lam."""
        return [
            prod(values, start=hook**hooks)
            for *values, hook in zip(*columns, self._hooks, strict=True)
        ]

    def first(self, nu: Partition) -> list[int]:
        """Return the column of one element of the basis, ``J_(n)``, at the class `nu`."""
        value = self.column(nu)[0] * self._norms[0]
        return [value] + [0] * (len(self._columns) - 1)

    def sums(self, rows: Sequence[Sequence[int]]) -> list[Factored]:
        """Return the functions of the dimension that the rows stand for."""
        return basis_sums(self.group, self.n, rows, self.d)

    def gaussian(self, *columns: Sequence[int]) -> Any:
        """Return the sum of the products of columns, for Gaussian matrices."""
        products = self.scaled(len(columns), *columns)
        return sum(
            (fmpq(value, norm) for value, norm in zip(products, self._norms, strict=True)), fmpq(0)
        )
