r"""The mean of a product of traces of powers of one Haar matrix: class functions of the group.

``p_mu(X) = prod_i tr(X**mu_i)`` is ``sum_lam chi^lam(mu) s_lam(X)``, and the mean of a Schur
function of X counts the invariants of a representation: of U(d), ``s_lam`` with at most d rows are
orthonormal; of O(d) one with even rows, of Sp(m) one with even columns, has the mean 1 (if it has
no more rows than the matrix), any other the mean 0 [Rains 1998; Macdonald VII.2, VII.6].

From a dimension of half the degree on all partitions are there, and the sums are moments of
independent normal variables: ``tr(X**j)`` is, to that degree, ``sqrt(j) Z_j``, complex for U(d),
and for O(d) and Sp(m) real with 1 added to or taken from the even j [Diaconis & Shahshahani 1994;
Diaconis & Evans 2001].

With a constant C beside X the mean of ``s_lam(X C)`` is a spherical function of what C makes of the
invariant form: ``s_lam(C D*) / s_lam(1)`` is left of ``s_lam(U C) conj(s_lam(U D))``, and of
``s_{2 rho}(W C)`` the zonal polynomial ``Z_rho(C C^T) / Z_rho(1)`` [James 1961; Macdonald VII.2,
VII.4]. That of Sp(m) is the one of O(-2m), with a sign for each trace, before and after.
"""

from __future__ import annotations

from collections import Counter
from math import comb, gcd, prod

from flint import fmpq, fmpq_poly
from sympy import Expr

from weingarten.combinatorics.jack import power_sum_table
from weingarten.combinatorics.partitions import (
    Partition,
    centralizer_order,
    jack_norm,
    number_of_partitions,
    partition_index,
    partitions,
    partitions_in_rows,
)
from weingarten.combinatorics.rim_hooks import (
    paired,
    schur_coefficients,
    with_even_columns,
    with_even_rows,
)
from weingarten.functions.groups import Group, as_group
from weingarten.functions.rational import Factored, constant, total
from weingarten.functions.spherical import basis_sums


def mean_of_traces(
    group: Group | str, mu: Partition, nu: Partition = (), d: int | None = None
) -> int:
    """Return the mean of ``p_mu(X) conj(p_nu(X))`` over a group, with its Haar measure.

    Parameters
    ----------
    group : Group or str
        The group.
    mu, nu : tuple of int
        The powers whose traces are multiplied, and those that are conjugated.
    d : int, optional
        The dimension; without one, the value from `generic_from` on, half the degree at most.

    Examples
    --------
    >>> mean_of_traces("orthogonal", (1,) * 10), mean_of_traces("orthogonal", (1,) * 10, d=2)
    (945, 126)
    >>> mean_of_traces("unitary", (1, 1), (1, 1)), mean_of_traces("unitary", (2,), (1, 1), 1)
    (2, 1)
    >>> mean_of_traces("symplectic", (2,)), mean_of_traces("symplectic", (1, 1, 1, 1), d=1)
    (-1, 2)
    """
    group = as_group(group)
    if not group.bipartite:
        mu, nu = tuple(sorted(mu + nu, reverse=True)), ()
    mu, nu = (tuple(sorted(parts, reverse=True)) for parts in (mu, nu))
    if (group.bipartite and sum(mu) != sum(nu)) or sum(mu + nu) % 2:
        return 0
    generic = d is None or d >= sum(mu + nu) // 2
    if group.bipartite:
        if generic:
            return centralizer_order(mu) if mu == nu else 0
        return paired(schur_coefficients(mu, d or 0), nu)
    shift = -1 if group.signed else 1
    if generic:
        return prod(_real_moment(j, count, shift) for j, count in Counter(mu).items())
    invariant = with_even_columns if group.signed else with_even_rows
    return paired(dict.fromkeys(invariant(sum(mu) // 2, group.rows(d)), 1), mu)


def generic_from(group: Group | str, mu: Partition, nu: Partition = ()) -> int:
    """Return the least dimension from which on the mean of a product of traces is always the same.

    From half the degree on no representation is missing. With one dimension less, U(d) and Sp(m)
    lose the sign representation, which is not zero at any class. O(d) loses the even partitions
    with as many rows: those whose characters cancel are not missed.

    Examples
    --------
    >>> generic_from("unitary", (2,), (1, 1)), generic_from("symplectic", (4,))
    (2, 2)
    >>> generic_from("orthogonal", (1, 1, 1, 1)), generic_from("orthogonal", (4,))
    (2, 1)
    """
    group, mu = as_group(group), tuple(sorted(mu + nu, reverse=True))
    n = sum(mu) // 2
    if group.bipartite or group.signed:
        return max(1, n)
    for rows in range(n, 1, -1):
        others = partitions_in_rows(n - rows, rows)
        with_two = (tuple(2 * part + 2 for part in rho) for rho in others)
        weights = {(*lam, *[2] * (rows - len(lam))): 1 for lam in with_two}
        if paired(weights, mu):
            return rows
    return 1


def number_of_terms(group: Group, mu: Partition, nu: Partition, d: int) -> int:
    """Return an upper bound for the partitions that `mean_of_traces` goes through."""
    n = sum(mu + nu) // 2
    longer = sum(part > 1 for part in mu + nu)
    rows = group.rows(d)
    if group.bipartite:
        return number_of_partitions(n, rows) * (1 + longer)
    ends = number_of_partitions(n, d)
    return ends + (number_of_partitions(2 * n - max(mu + nu), rows) * longer if longer else 0)


def _real_moment(j: int, power: int, shift: int) -> int:
    """Return the mean of a power of ``sqrt(j) Z``, moved by the shift where j is even."""
    mean = shift if j % 2 == 0 else 0
    return sum(
        comb(power, k) * j ** (k // 2) * prod(range(1, k, 2)) * mean ** (power - k)
        for k in range(0, power + 1, 2)
    )


def mean_of_circular_symplectic_traces(
    mu: Partition, nu: Partition, m: int | None = None
) -> Factored:
    r"""Return the mean of ``p_mu(S) conj(p_nu(S))`` over the circular symplectic ensemble.

    Over the circular orthogonal one Jack polynomials of parameter 2 are orthogonal, with the norm

    .. math:: \langle J_\lambda, J_\lambda \rangle
              \prod_{(i, j) \in \lambda} \frac{d + 2j - i - 1}{d + 2j - i}

    [Macdonald VI (10.37)]; this is the same at ``d = -2m``, with a sign for each trace.

    Parameters
    ----------
    mu, nu : tuple of int
        The powers whose traces are multiplied, and those that are conjugated.
    m : int, optional
        Half the size of S; without one, the function of it that holds from half the degree on,
        rounded down.

    Examples
    --------
    >>> from sympy import Symbol
    >>> mean_of_circular_symplectic_traces((1,), (1,)).to_sympy(Symbol("m"))
    4*m/(2*m - 1)
    >>> mean_of_circular_symplectic_traces((1,) * 4, (1,) * 4, 1).to_sympy(Symbol("m"))
    256
    """
    n = sum(mu)
    if n != sum(nu):
        return constant(0)
    table, position = power_sum_table(n, 2), partition_index(n)
    sign = (-1) ** (len(mu) + len(nu))
    one, other = (table[:, position[parts]].tolist() for parts in (mu, nu))
    terms = []
    for lam, x, y in zip(partitions(n), one, other, strict=True):
        if x and y and (m is None or lam[0] <= m):
            boxes = [2 * j - i for i, part in enumerate(lam) for j in range(part)]
            weight = fmpq(sign * x * y, jack_norm(lam, 2))
            if m is None:
                above = prod((fmpq_poly([c, 1]) for c in boxes), start=fmpq_poly([weight]))
                terms.append(Factored(above, Counter((1, c + 1) for c in boxes)))
            else:
                ratio = prod((fmpq(c - 2 * m, c - 2 * m + 1) for c in boxes), start=weight)
                terms.append(constant(ratio))
    value = total(terms)
    return value if m is not None else value.composed(-2)


def mean_beside_constant(
    group: Group, mu: Partition, nu: Partition, d: Expr | None
) -> list[tuple[Partition, Factored]]:
    """Return the mean of ``p_mu(X C) conj(p_nu(X D))`` as a sum of power sums of one matrix.

    That matrix is ``C D*`` for U(d), ``C C^T`` for O(d), and ``C J C^T J^T`` for Sp(m), with C the
    only constant; the list has each power sum with its coefficient.

    Parameters
    ----------
    group : Group
        The group.
    mu, nu : tuple of int
        The powers whose traces are multiplied, and those that are conjugated: of the same sum for
        U(d), the latter none for the other groups.
    d : Expr, optional
        The dimension; without one, X is a matrix of independent Gaussian entries of variance 1.
    """
    n = sum(mu + nu) // 2
    alpha = group.alpha
    norms = [jack_norm(lam, alpha) for lam in partitions(n)]
    weights = [
        character * norm ** (3 - alpha)
        for character, norm in zip(_characters(group, mu, nu), norms, strict=True)
    ]
    # All weights are alike where only the traces of X C itself are multiplied.
    shared = gcd(*weights) or 1
    weights = [weight // shared for weight in weights]
    table = power_sum_table(n, alpha).T.tolist()
    rows = table
    if set(weights) != {1}:
        rows = [[w * x for w, x in zip(weights, column, strict=True)] for column in table]
    if d is None:
        pairs = (zip(row, norms, strict=True) for row in rows)
        values = [constant(sum((fmpq(x, norm) for x, norm in pair), fmpq(0))) for pair in pairs]
    else:
        values = basis_sums(group, n, rows, d)
    found = []
    for kind, value in zip(partitions(n), values, strict=True):
        sign = group.class_sign(mu) * group.class_sign(kind)
        norm = alpha ** len(kind) * centralizer_order(kind)
        found.append((kind, value.scaled(fmpq(sign * shared, norm))))
    return found


def _characters(group: Group, mu: Partition, nu: Partition) -> list[int]:
    """Return the character at `mu` of what each partition stands for; for U(d), at both."""
    n = sum(mu + nu) // 2
    if not group.bipartite:
        return [paired({tuple(2 * part for part in rho): 1}, mu) for rho in partitions(n)]
    one, other = schur_coefficients(mu, n), schur_coefficients(nu, n)
    return [one.get(lam, 0) * other.get(lam, 0) for lam in partitions(n)]
