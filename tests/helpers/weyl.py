"""Means of products of traces over small groups, from Weyl's integration formula.

A function of the eigenvalues is a Laurent polynomial in the eigenvalues ``z_1, ..., z_r`` of a
maximal torus; its mean is the constant term of its product with the density over the number of
elements of the Weyl group. Nothing here knows characters or pairings.
"""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import factorial


def times(one, other):
    made = Counter()
    for p, a in one.items():
        for q, b in other.items():
            made[tuple(x + y for x, y in zip(p, q, strict=True))] += a * b
    return made


def product(polynomials, rank):
    made = Counter({(0,) * rank: 1})
    for polynomial in polynomials:
        made = times(made, polynomial)
    return made


def unit(rank, *signs):
    """The exponent that is 1 or -1 at the given places."""
    exponent = [0] * rank
    for place, sign in signs:
        exponent[place] += sign
    return tuple(exponent)


def mean(roots, fixed, rank, order, powers, both_signs=True):
    """The mean of the product of traces of these powers, beside the fixed eigenvalues."""
    signs = (1, -1) if both_signs else (1,)
    density = [Counter({(0,) * rank: 1, root: -1}) for root in roots]
    traces = []
    for k in powers:
        # A negative power is the conjugate of the trace of a unitary matrix.
        trace = Counter({(0,) * rank: sum(x**k for x in fixed)})
        for i in range(rank):
            for sign in signs:
                trace[unit(rank, (i, sign * k))] += 1
        traces.append(trace)
    return Fraction(product([*density, *traces], rank)[(0,) * rank], order)


def unitary(d, mu, nu):
    roots = [unit(d, (i, 1), (j, -1)) for i in range(d) for j in range(d) if i != j]
    powers = [*mu, *(-k for k in nu)]
    return mean(roots, (), d, factorial(d), powers, both_signs=False)


def _pairs(rank):
    return [
        unit(rank, (i, a), (j, b))
        for i, j in combinations(range(rank), 2)
        for a in (1, -1)
        for b in (1, -1)
    ]


def symplectic(m, mu, fixed=()):
    roots = [*_pairs(m), *(unit(m, (i, 2 * s)) for i in range(m) for s in (1, -1))]
    return mean(roots, fixed, m, 2**m * factorial(m), mu)


def orthogonal(d, mu):
    """Half over rotations, half over the other component."""
    m = d // 2
    if d % 2:
        roots = [*_pairs(m), *(unit(m, (i, s)) for i in range(m) for s in (1, -1))]
        rotations = mean(roots, (1,), m, 2**m * factorial(m), mu)
        return rotations if sum(mu) % 2 == 0 else 0
    rotations = mean(_pairs(m), (), m, 2 ** (m - 1) * factorial(m), mu)
    # Beside the eigenvalues 1 and -1 the others are those of Sp(m - 1).
    return (rotations + symplectic(m - 1, mu, fixed=(1, -1))) / 2
