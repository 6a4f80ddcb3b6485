"""Slow and obvious counterparts of the engine, each written from a definition.

Nothing here imports the engine. Permutations are tuples of images of 0..n-1, pairings are
frozensets of two-element frozensets, partitions decreasing tuples.
"""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction
from functools import cache
from math import factorial, prod

import networkx as nx
from flint import fmpq_mat, fmpz_mat
from sympy import QQ, Symbol, sympify
from sympy.polys.matrices import DomainMatrix

D = Symbol("D")
#: Rational functions of D with rational coefficients.
FIELD = QQ.frac_field(D)


def as_function(expression):
    """A SymPy expression as an element of FIELD in lowest terms, where equality is equality."""
    value = FIELD.from_sympy(sympify(expression))
    return FIELD(value.numer) / FIELD(value.denom)


# Partitions --------------------------------------------------------------------------------------


@cache
def partitions(n):
    """All decreasing tuples of positive integers with sum n, found by trying all tuples."""
    tuples = itertools.chain.from_iterable(
        itertools.combinations_with_replacement(range(n, 0, -1), length) for length in range(n + 1)
    )
    return sorted(mu for mu in tuples if sum(mu) == n)


def diagram(lam):
    return {(i, j) for i, part in enumerate(lam) for j in range(part)}


def hook_lengths(lam):
    """For each box, the boxes to its right, those below it, and itself."""
    inside = diagram(lam)
    return {
        (i, j): sum((i, k) in inside for k in range(j, lam[i]))
        + sum((k, j) in inside for k in range(i + 1, len(lam)))
        for i, j in inside
    }


# Permutations and pairings -----------------------------------------------------------------------


def permutations(n):
    return list(itertools.permutations(range(n)))


def loop_lengths(graph):
    return tuple(sorted(map(len, nx.connected_components(graph)), reverse=True))


def cycle_type(permutation):
    """The sizes of the connected components of the graph that joins each point to its image."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(permutation)))
    graph.add_edges_from(enumerate(permutation))
    return loop_lengths(graph)


def quotient(first, second):
    """The permutation ``first second^-1``."""
    back = {image: point for point, image in enumerate(second)}
    return tuple(first[back[point]] for point in range(len(first)))


def sign(permutation):
    pairs = itertools.combinations(range(len(permutation)), 2)
    return (-1) ** sum(permutation[a] > permutation[b] for a, b in pairs)


@cache
def pairings(points):
    """All perfect matchings of 0..points-1: what permutations make of {0,1}, {2,3}, ..."""
    found = set()
    for first in itertools.permutations(range(points)):
        if list(first[::2]) == sorted(first[::2]) and all(
            a < b for a, b in zip(first[::2], first[1::2], strict=True)
        ):
            found.add(frozenset(map(frozenset, zip(first[::2], first[1::2], strict=True))))
    return sorted(found, key=lambda pairing: sorted(map(sorted, pairing)))


@cache
def coset_type(first, second):
    """Half the sizes of the connected components of the graph that two pairings make."""
    graph = nx.Graph([*map(tuple, first), *map(tuple, second)])
    return tuple(length // 2 for length in loop_lengths(graph))


def hyperoctahedral_group(n):
    """The permutations of 2n points that carry {0,1}, {2,3}, ... to itself."""
    for order in itertools.permutations(range(n)):
        for flips in itertools.product((0, 1), repeat=n):
            yield tuple(
                2 * block + (side ^ flip)
                for block, flip in zip(order, flips, strict=True)
                for side in (0, 1)
            )


# Characters and zonal spherical functions --------------------------------------------------------


@cache
def character(lam, mu):
    """The Murnaghan-Nakayama rule: take border strips of sizes mu off lam in every way."""
    if not mu:
        return 1
    strips = (
        (diagram(lam) - diagram(rest), rest)
        for rest in partitions(sum(lam) - mu[0])
        if diagram(rest) < diagram(lam)
    )
    return sum(
        (-1) ** (len({i for i, _ in strip}) - 1) * character(rest, mu[1:])
        for strip, rest in strips
        if is_border_strip(strip)
    )


def is_border_strip(boxes):
    """Whether the boxes hang together by their sides and hold no two-by-two square."""
    graph = nx.Graph()
    graph.add_nodes_from(boxes)
    graph.add_edges_from(
        (box, next_box)
        for box in boxes
        for next_box in [(box[0] + 1, box[1]), (box[0], box[1] + 1)]
        if next_box in boxes
    )
    has_square = any({(i + 1, j), (i, j + 1), (i + 1, j + 1)} <= boxes for i, j in boxes)
    return nx.is_connected(graph) and not has_square


@cache
def zonal_spherical(lam, mu):
    """The average of the character of 2 lam over a coset of H_n, Macdonald VII (2.8)."""
    doubled = tuple(2 * part for part in lam)
    # A cyclic shift of 2k points carries the pairs {0,1}, {2,3}, ... to {1,2}, ..., {2k-1,0}.
    shifted = []
    for part in mu:
        start = len(shifted)
        shifted += [start + (point + 1) % (2 * part) for point in range(2 * part)]
    values = [
        character(doubled, cycle_type(tuple(shifted[k] for k in element)))
        for element in hyperoctahedral_group(sum(lam))
    ]
    return Fraction(sum(values), len(values))


def power_sum_in_monomials(mu):
    """The coefficients of p_mu in monomial symmetric functions, by multiplying it out."""
    n = sum(mu)
    polynomial = Counter({(0,) * n: 1})
    for part in mu:
        before, polynomial = polynomial, Counter()
        for exponents, count in before.items():
            for k in range(n):
                polynomial[(*exponents[:k], exponents[k] + part, *exponents[k + 1 :])] += count
    return {lam: polynomial[lam + (0,) * (n - len(lam))] for lam in partitions(n)}


@cache
def zonal_in_monomials(lam):
    """The coefficients of the zonal polynomial by James' recursion, Muirhead 7.2 (15).

    It is scaled so that the coefficient of p_1^n is 1, that of x_1 x_2 ... x_n then being n!.
    """
    n = sum(lam)

    def rho(mu):
        return sum(part * (part - i) for i, part in enumerate(mu, start=1))

    coefficients = {lam: Fraction(1)}
    for mu in sorted((mu for mu in partitions(n) if mu < lam), reverse=True):
        above = Fraction(0)
        parts = list(mu)
        for r, s in itertools.combinations(range(len(parts)), 2):
            for t in range(1, parts[s] + 1):
                raised = parts.copy()
                raised[r] += t
                raised[s] -= t
                target = tuple(sorted((part for part in raised if part), reverse=True))
                above += (raised[r] - raised[s]) * coefficients.get(target, 0)
        coefficients[mu] = above / (rho(lam) - rho(mu)) if above else Fraction(0)
    scale = factorial(n) / coefficients[(1,) * n]
    return {mu: scale * coefficients.get(mu, 0) for mu in partitions(n)}


# Gram matrices and Weingarten functions ----------------------------------------------------------


def elements(group, n):
    """What the Gram matrix is indexed by: permutations of n, or pairings of 2n points."""
    return permutations(n) if group == "unitary" else pairings(2 * n)


def relation(group, one, other):
    """The type of a pair of elements: its parts are the loops they form together."""
    if group == "unitary":
        return cycle_type(quotient(one, other))
    return coset_type(one, other)


@cache
def relations(group, n):
    """The matrix of types of all pairs of elements."""
    return [
        [relation(group, one, other) for other in elements(group, n)] for one in elements(group, n)
    ]


def gram_matrix(group, n, d):
    return fmpz_mat([[d ** len(mu) for mu in row] for row in relations(group, n)])


def weingarten_matrix(group, n, values):
    """The matrix of the values of a class function at all pairs of elements."""
    return fmpq_mat([[values[mu] for mu in row] for row in relations(group, n)])


@cache
def weingarten_values(group, n):
    """The first row of the inverse of the Gram matrix, as functions of D, by type.

    The inverse depends on types only, for conjugation by permutations leaves the Gram matrix as
    it is. So the equations for one element of each type are enough.
    """
    rows = dict(zip(relations(group, n)[0], relations(group, n), strict=True))
    types = list(rows)
    matrix = [[FIELD(0)] * len(types) for _ in types]
    for i, mu in enumerate(types):
        for to_first, to_this in zip(relations(group, n)[0], rows[mu], strict=True):
            matrix[i][types.index(to_first)] += FIELD(D) ** len(to_this)
    right = [[FIELD(int(mu == (1,) * n))] for mu in types]
    solution = DomainMatrix(matrix, (len(types), len(types)), FIELD).lu_solve(
        DomainMatrix(right, (len(types), 1), FIELD)
    )
    return dict(zip(types, solution.to_list_flat(), strict=True))


# Moments of entries ------------------------------------------------------------------------------


def unitary_type_counts(rows, columns, conjugate_rows, conjugate_columns):
    """How often each type occurs in the double sum over permutations, MATH: both deltas one."""
    n = len(rows)
    if n != len(conjugate_rows):
        return Counter()

    def fitting(indices, others):
        return [s for s in permutations(n) if all(indices[s[k]] == others[k] for k in range(n))]

    return Counter(
        cycle_type(quotient(s, t))
        for s in fitting(rows, conjugate_rows)
        for t in fitting(columns, conjugate_columns)
    )


def orthogonal_type_counts(rows, columns):
    """How often each type occurs in the double sum over pairings."""

    def fitting(indices):
        return [
            p
            for p in pairings(len(indices))
            if all(len({indices[point] for point in pair}) == 1 for pair in p)
        ]

    if len(rows) % 2:
        return Counter()
    return Counter(coset_type(p, q) for p in fitting(rows) for q in fitting(columns))


def summed(group, counts):
    """The moment with these numbers of pairs, an element of FIELD."""
    if not counts:
        return FIELD(0)
    values = weingarten_values(group, sum(next(iter(counts))))
    return sum((number * values[mu] for mu, number in counts.items()), FIELD(0))


def orthogonal_moment(powers):
    """The moment of prod W_ij^m_ij, a function of D; powers is a dict from (i, j) to m."""
    entries = [place for place, power in powers.items() for _ in range(power)]
    return summed("orthogonal", orthogonal_type_counts(*indices(entries)))


def unitary_moment(powers, conjugate_powers):
    """The moment of prod U_ij^m_ij conj(U_ij)^m'_ij, a function of D."""
    entries = [place for place, power in powers.items() for _ in range(power)]
    others = [place for place, power in conjugate_powers.items() for _ in range(power)]
    return summed("unitary", unitary_type_counts(*indices(entries), *indices(others)))


def indices(entries):
    return [i for i, _ in entries], [j for _, j in entries]


# Integration over small groups -------------------------------------------------------------------


def double_factorial(n):
    return prod(range(n, 0, -2))


def circle_average(a, b):
    """The average of cos^a sin^b over the circle."""
    if a % 2 or b % 2:
        return Fraction(0)
    return Fraction(double_factorial(a - 1) * double_factorial(b - 1), double_factorial(a + b))


def integrate_o1(m):
    """The average of w^m over w = 1, -1."""
    return Fraction(1 + (-1) ** m, 2)


def integrate_o2(powers):
    """Half over the rotations [[c, -s], [s, c]], half over the reflections [[c, s], [s, -c]]."""
    (a, b), (c, e) = powers
    average = circle_average(a + e, b + c)
    return ((-1) ** b * average + (-1) ** e * average) / 2


def integrate_u1(m, conjugate_m):
    """The average of u^m conj(u)^m' over the unit circle."""
    return Fraction(int(m == conjugate_m))


def integrate_u2(powers, conjugate_powers):
    """The average over phase times [[a, -conj(b)], [b, conj(a)]] with |a|^2 + |b|^2 = 1.

    On the unit sphere of C^2, |a|^2 is uniform on [0, 1] and the phases of a and b are free:
    |a|^2p |b|^2q averages to the Beta integral p! q! / (p + q + 1)!.
    """
    (m00, m01), (m10, m11) = powers
    (c00, c01), (c10, c11) = conjugate_powers
    if m00 + m01 + m10 + m11 != c00 + c01 + c10 + c11:
        return Fraction(0)
    a, conjugate_a = m00 + c11, c00 + m11
    b, conjugate_b = m10 + c01, c10 + m01
    if a != conjugate_a or b != conjugate_b:
        return Fraction(0)
    return Fraction((-1) ** (m01 + c01) * factorial(a) * factorial(b), factorial(a + b + 1))


# Projection on the invariants --------------------------------------------------------------------


def symplectic_form(i, j):
    """The form that pairs the indices 2k and 2k + 1."""
    return int(i == j - 1 and j % 2) - int(j == i - 1 and i % 2)


def invariant(group, element, index):
    """The entry at an index list of the invariant tensor of a permutation or pairing."""
    if group == "unitary":
        n = len(element)
        return int(all(index[element[k]] == index[n + k] for k in range(n)))
    pairs = [sorted(pair) for pair in element]
    if group == "orthogonal":
        return int(all(index[a] == index[b] for a, b in pairs))
    return prod(symplectic_form(index[a], index[b]) for a, b in pairs)


@cache
def invariants(group, n, size):
    """Linearly independent invariants, and the inverse of their Gram matrix.

    The invariants of the group in the tensors with 2n indices below `size` are spanned by those
    of permutations or pairings, whatever the size is. The Gram matrix is summed over all indices.
    """
    kind = "unitary" if group == "unitary" else "orthogonal"
    lists = list(itertools.product(range(size), repeat=2 * n))
    vectors = [[invariant(group, e, index) for index in lists] for e in elements(kind, n)]
    matrix = fmpz_mat(vectors)
    gram = fmpq_mat(matrix * matrix.transpose())
    reduced, rank = gram.rref()
    basis = [next(k for k in range(gram.ncols()) if reduced[row, k] != 0) for row in range(rank)]
    inverse = fmpq_mat([[gram[a, b] for b in basis] for a in basis]).inv()
    return [elements(kind, n)[k] for k in basis], inverse


def projection_moment(group, size, rows, columns):
    """The moment with these indices: an entry of the orthogonal projection on the invariants.

    For the unitary group the first half of the indices is that of the entries, the second half
    that of the conjugate entries.
    """
    if len(rows) % 2:
        return Fraction(0)
    basis, inverse = invariants(group, len(rows) // 2, size)
    left = fmpq_mat([[invariant(group, e, rows) for e in basis]])
    right = fmpq_mat([[invariant(group, e, columns)] for e in basis])
    value = (left * inverse * right)[0, 0]
    return Fraction(int(value.p), int(value.q))


def integrate_sp1(powers, conjugate_powers):
    """The average over SU(2), which is Sp(1): as over U(2), but with no phase in front."""
    (m00, m01), (m10, m11) = powers
    (c00, c01), (c10, c11) = conjugate_powers
    a, conjugate_a = m00 + c11, c00 + m11
    b, conjugate_b = m10 + c01, c10 + m01
    if a != conjugate_a or b != conjugate_b:
        return Fraction(0)
    return Fraction((-1) ** (m01 + c01) * factorial(a) * factorial(b), factorial(a + b + 1))
