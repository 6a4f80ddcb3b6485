"""Finitely many weighted points that have the means of a law, for polynomials of small degree.

A `Design` stands for a distribution: the weighted mean of a polynomial over its points is the
expectation, exactly but for rounding. All are made of rules of quadrature for one variable, and of
two symmetric sets (the binary octahedral group, the roots of E8), by what the laws are defined as:

- a polynomial in points of a sphere, coordinate by coordinate; in those of a complex one, moduli
  and phases apart;
- Gaussian numbers by Gauss-Hermite and Gauss-Laguerre rules;
- a Haar matrix by its first column, uniform on the sphere, and a Haar matrix of the complement:
  what that one leaves of a polynomial of degree t in the entries has the degree t in the column.

Degrees are (of the letters, of the conjugate letters) where a law is complex: as many plain and as
many conjugate ones at most. Nothing here knows pairings or Weingarten functions.
"""

import itertools
from functools import cache, reduce
from typing import Any, NamedTuple

import numpy as np
from scipy.special import roots_gegenbauer, roots_genlaguerre, roots_hermitenorm, roots_jacobi


class Design(NamedTuple):
    """Points, the first axis being their number, and weights with the sum 1."""

    points: Any
    weights: Any

    def mean(self, values: Any) -> Any:
        """Return the weighted mean along the first axis."""
        return np.tensordot(self.weights, values, 1)


def equal(points: Any) -> Design:
    """Return the points with equal weights."""
    points = np.asarray(points)
    return Design(points, np.full(len(points), 1 / len(points)))


def product(*designs: Design) -> tuple[list[Any], Any]:
    """Return the points of independent designs side by side, and the weights of all choices."""
    chosen = np.indices([len(design.weights) for design in designs]).reshape(len(designs), -1)
    weights = reduce(np.multiply, (d.weights[k] for d, k in zip(designs, chosen, strict=True)))
    return [d.points[k] for d, k in zip(designs, chosen, strict=True)], weights


def side_by_side(*designs: Design) -> Design:
    """Return a design of vectors made of independent numbers."""
    points, weights = product(*designs)
    return Design(np.stack(points, axis=-1), weights)


def _rule(nodes: Any, weights: Any) -> Design:
    return Design(nodes, weights / weights.sum())


# Numbers ------------------------------------------------------------------------------------------


def phase(most: int) -> Design:
    """A uniform phase, for powers up to `most` either way."""
    return equal(np.exp(2j * np.pi * np.arange(most + 1) / (most + 1)))


def normal(degree: int) -> Design:
    """A standard normal number."""
    return _rule(*roots_hermitenorm(degree // 2 + 1))


def gamma(shape: float, degree: int) -> Design:
    """A number with the density x^(shape - 1) exp(-x)."""
    return _rule(*roots_genlaguerre(degree // 2 + 1, shape - 1))


def inverse_gamma(shape: float, degree: int) -> Design:
    """The inverse of such a number, for moments up to a degree below `shape`."""
    nodes, weights = roots_genlaguerre(degree // 2 + 1, shape - 1 - degree)
    return _rule(1 / nodes, weights * nodes**degree)


def complex_normal(plain: int, bars: int) -> Design:
    """A complex Gaussian number z with E abs(z)^2 = 1."""
    (square, turn), weights = product(gamma(1, min(plain, bars)), phase(max(plain, bars)))
    return Design(np.sqrt(square) * turn, weights)


# Spheres ------------------------------------------------------------------------------------------


def binary_octahedral() -> Any:
    """48 points of the sphere in four dimensions, for degrees up to 7."""
    units = [s * row for row in np.eye(4) for s in (1, -1)]
    halves = list(itertools.product((0.5, -0.5), repeat=4))
    return np.array([*units, *halves, *_pairs_of(4, 0.5**0.5)])


def roots_of_e8() -> Any:
    """240 points of the sphere in eight dimensions, for degrees up to 7."""
    signs = np.array(list(itertools.product((1, -1), repeat=8)))
    return np.array([*_pairs_of(8, 0.5**0.5), *(signs[signs.prod(axis=1) > 0] / 8**0.5)])


def barnes_wall() -> Any:
    """4320 points of the sphere in sixteen dimensions, for degrees up to 7."""
    places = np.array(list(itertools.product((0, 1), repeat=4)))
    found = _pairs_of(16, 0.5**0.5)
    signs = np.array(list(itertools.product((1, -1), repeat=8)))
    signs = signs[signs.prod(axis=1) > 0] / 8**0.5
    for normal_vector in places[1:]:
        for shift in (0, 1):
            block = np.zeros((len(signs), 16))
            block[:, (places @ normal_vector + shift) % 2 == 0] = signs
            found += list(block)
    return np.array(found)


def _pairs_of(size: int, length: float) -> list[Any]:
    found = []
    for i, j in itertools.combinations(range(size), 2):
        for signs in itertools.product((length, -length), repeat=2):
            point = np.zeros(size)
            point[[i, j]] = signs
            found.append(point)
    return found


#: Sets with equal weights, by dimension: up to degree 7.
SYMMETRIC = {4: binary_octahedral, 8: roots_of_e8, 16: barnes_wall}


@cache
def sphere(size: int, degree: int) -> Design:
    """A uniform point of the unit sphere in so many dimensions."""
    if size == 1:
        return equal([[1.0], [-1.0]])
    if size in SYMMETRIC and degree <= 7:
        return equal(SYMMETRIC[size]())
    if size == 2:
        angles = 2 * np.pi * np.arange(degree + 1) / (degree + 1)
        return equal(np.stack([np.cos(angles), np.sin(angles)], axis=-1))
    first = _rule(*roots_gegenbauer(degree // 2 + 1, size / 2 - 1))
    (one, rest), weights = product(first, sphere(size - 1, degree))
    return Design(np.column_stack([one, np.sqrt(1 - one**2)[:, None] * rest]), weights)


@cache
def complex_sphere(size: int, plain: int, bars: int) -> Design:
    """A uniform unit vector of complex numbers."""
    squares = [np.ones(1)]
    weights = np.ones(1)
    for left in range(size - 1, 0, -1):
        # The first of the squares of the moduli that are left takes a share of them.
        nodes, masses = roots_jacobi(min(plain, bars) // 2 + 1, left - 1, 0)
        share = _rule((nodes + 1) / 2, masses)
        rest = squares.pop()
        kept, part = np.indices((len(rest), len(nodes))).reshape(2, -1)
        squares = [s[kept] for s in squares]
        squares += [rest[kept] * share.points[part], rest[kept] * (1 - share.points[part])]
        weights = weights[kept] * share.weights[part]
    moduli = Design(np.sqrt(np.stack(squares, axis=-1)), weights)
    turns = side_by_side(*[phase(max(plain, bars))] * size)
    (length, turn), weights = product(moduli, turns)
    return Design(length * turn, weights)


def unit_quaternions(size: int, degree: int) -> Design:
    """A uniform unit vector of quaternions, as the first of the two columns of its blocks."""
    points, weights = sphere(4 * size, degree)
    return Design(points[:, : 2 * size] + 1j * points[:, 2 * size :], weights)


# Haar matrices ------------------------------------------------------------------------------------


def _completed(columns: Any, special: bool = False) -> Any:
    """Return square matrices, unitary, that start with orthonormal columns."""
    made = np.linalg.qr(columns, mode="complete")[0]
    # The factors in front of the first columns are phases, or signs.
    made[:, :, : columns.shape[2]] = columns
    if special and columns.shape[1] > 1:
        made[:, :, -1] *= np.conj(np.linalg.det(made))[:, None]
    return made


def _below(squares: Design, rest: Design) -> Design:
    """Return a Haar matrix by its first columns, and by a smaller one for the others."""
    (square, small), weights = product(squares, rest)
    start = square.shape[1] - small.shape[1]
    return Design(
        np.concatenate([square[:, :, :start], square[:, :, start:] @ small], axis=2), weights
    )


@cache
def orthogonal(size: int, columns: int, degree: int) -> Design:
    """The first columns of a Haar matrix of O(size)."""
    points, weights = sphere(size, degree)
    first = points[:, :, None]
    if columns == 1:
        return Design(first, weights)
    rest = orthogonal(size - 1, columns - 1, degree)
    return _below(Design(_completed(first), weights), rest)


@cache
def unitary(size: int, columns: int, plain: int, bars: int) -> Design:
    """The first columns of a Haar matrix of U(size)."""
    points, weights = complex_sphere(size, plain, bars)
    first = points[:, :, None]
    if columns == 1:
        return Design(first, weights)
    rest = unitary(size - 1, columns - 1, plain, bars)
    return _below(Design(_completed(first), weights), rest)


@cache
def special_orthogonal(size: int, degree: int) -> Design:
    """A Haar matrix of SO(size)."""
    if size == 1:
        return equal([[[1.0]]])
    points, weights = sphere(size, degree)
    first = _completed(points[:, :, None], special=True)
    return _below(Design(first, weights), special_orthogonal(size - 1, degree))


@cache
def special_unitary(size: int, degree: int) -> Design:
    """A Haar matrix of SU(size), for so many letters, plain or conjugate."""
    if size == 1:
        return equal([[[1.0 + 0j]]])
    if size == 2:
        return symplectic(1, degree)
    points, weights = complex_sphere(size, degree, degree // 2)
    first = _completed(points[:, :, None], special=True)
    return _below(Design(first, weights), special_unitary(size - 1, degree))


@cache
def symplectic(size: int, degree: int) -> Design:
    """A Haar matrix of Sp(1) or Sp(2), as complex matrices of twice the size."""
    column, weights = unit_quaternions(size, degree)
    both = np.stack([column, partner(column)], axis=-1)
    if size == 1:
        return Design(both, weights)
    other = _completed(both)[:, :, 2]
    squares = np.concatenate([both, np.stack([other, partner(other)], axis=-1)], axis=2)
    return _below(Design(squares, weights), symplectic(1, degree))


def partner(columns: Any) -> Any:
    """Return the second of the two columns of a column of quaternions."""
    made = np.empty_like(columns)
    made[:, 0::2], made[:, 1::2] = -np.conj(columns[:, 1::2]), np.conj(columns[:, 0::2])
    return made
