"""Every public ensemble, and a design with its moments at small sizes: what it is defined as.

A law has the sizes at which it is tried, each with the number of letters that its design is good
for. Its design depends on the numbers of plain and of conjugate letters.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import designs
import numpy as np
from designs import Design
from sympy import Matrix, MatrixSymbol, nsimplify

import weingarten as w

#: Sizes by their values, with the most letters.
Sizes = dict[tuple[int, ...], int]


@dataclass(frozen=True)
class Law:
    """A random matrix: how it is written, at what sizes, and the points that stand for it."""

    make: Callable[..., Any]
    sizes: Sizes
    design: Callable[[tuple[int, ...], int, int], Design]
    #: Whether most moments vanish unless there are as many plain as conjugate letters.
    has_phase: bool = False
    #: Whether an odd number of letters has the mean 0.
    is_even: bool = True
    #: Whether the inverse is the adjoint.
    is_unitary: bool = False
    #: With more letters than that, they stand in entries only: words of so many take seconds.
    most_in_words: int = 6
    #: Whether the last parameter is one of degrees of freedom that a moment needs.
    needs_freedom: bool = False
    #: Arrays for the constants among its parameters, by their names.
    parameters: Mapping[str, Any] = field(default_factory=dict)


# Gaussian ----------------------------------------------------------------------------------------


@cache
def gaussian(shape: tuple[int, int], plain: int, bars: int, is_complex: bool) -> Design:
    """Independent entries of variance 1."""
    number = shape[0] * shape[1]
    one = designs.complex_normal(plain, bars) if is_complex else designs.normal(plain + bars)
    points, weights = designs.side_by_side(*[one] * number)
    return Design(points.reshape(-1, *shape), weights)


def _normals(number: int, degree: int) -> Design:
    """So many independent standard normal numbers, by their length and direction."""
    (square, direction), weights = designs.product(
        designs.gamma(number / 2, degree // 2), designs.sphere(number, degree)
    )
    return Design(np.sqrt(2 * square)[:, None] * direction, weights)


@cache
def self_adjoint(size: int, degree: int, is_complex: bool) -> Design:
    """The GUE; the GOE, whose diagonal has the variance 2."""
    above = list(itertools.combinations(range(size), 2))
    diagonal = designs.side_by_side(*[designs.normal(degree)] * size)
    made = diagonal.points[:, :, None] * np.eye(size) * (1 if is_complex else 2**0.5)
    if not above:
        return Design(made, diagonal.weights)
    # Entries above the diagonal stand beside their conjugates.
    entry = designs.complex_normal(degree, degree // 2) if is_complex else designs.normal(degree)
    (made, entries), weights = designs.product(
        Design(made, diagonal.weights), designs.side_by_side(*[entry] * len(above))
    )
    made = made.astype(entries.dtype)
    for k, (i, j) in enumerate(above):
        made[:, i, j], made[:, j, i] = entries[:, k], entries[:, k].conj()
    return Design(made, weights)


def _blocks(numbers: Any) -> Any:
    """Return the blocks of quaternions, from their first columns."""
    return np.stack([numbers, designs.partner(numbers)], axis=-1)


@cache
def quaternions(size: int, degree: int) -> Design:
    """Symplectic Ginibre: of each quaternion the entries have the variance 1."""
    number = size * size
    points, weights = _normals(4 * number, degree)
    first = (points[:, : 2 * number] + 1j * points[:, 2 * number :]) / 2**0.5
    blocks = _blocks(first.reshape(len(weights), 2 * number)).reshape(-1, number, 2, 2)
    made = blocks.reshape(-1, size, size, 2, 2).transpose(0, 1, 3, 2, 4)
    return Design(made.reshape(-1, 2 * size, 2 * size), weights)


@cache
def gaussian_symplectic(size: int, degree: int) -> Design:
    """The GSE of 1 or 2 quaternions a side."""
    diagonal = designs.side_by_side(*[designs.normal(degree)] * size)
    made = (np.repeat(diagonal.points, 2, axis=1)[:, :, None] * np.eye(2 * size)).astype(complex)
    if size == 1:
        return Design(made, diagonal.weights)
    (made, blocks), weights = designs.product(
        Design(made, diagonal.weights), quaternions(1, degree)
    )
    made[:, :2, 2:], made[:, 2:, :2] = blocks, np.conj(np.swapaxes(blocks, 1, 2))
    return Design(made, weights)


def wishart(sizes: tuple[int, int], plain: int, bars: int, is_complex: bool) -> Design:
    """G G.H of a Gaussian matrix G."""
    letters = plain + bars
    points, weights = gaussian(sizes, letters, letters, is_complex)
    return Design(points @ np.conj(np.swapaxes(points, 1, 2)), weights)


def inverse_wishart(sizes: tuple[int, int], plain: int, bars: int, is_complex: bool) -> Design:
    """(L L.H)^-1 of the triangular factor L of a Wishart matrix, of 1 or 2 rows [Bartlett]."""
    size, freedom = sizes
    degree, halves = plain + bars, 1 if is_complex else 2
    one = designs.inverse_gamma(freedom / halves, degree)
    if size == 1:
        return Design(one.points[:, None, None] / halves, one.weights)
    two = designs.inverse_gamma((freedom - 1) / halves, degree)
    below = designs.complex_normal(2 * degree, degree) if is_complex else designs.normal(2 * degree)
    (a, b, z), weights = designs.product(one, two, below)
    a, b = np.sqrt(a / halves), np.sqrt(b / halves)
    inverse = np.zeros((len(weights), 2, 2), dtype=z.dtype)
    inverse[:, 0, 0], inverse[:, 1, 0], inverse[:, 1, 1] = a, -z * a * b, b
    return Design(np.conj(np.swapaxes(inverse, 1, 2)) @ inverse, weights)


# Circular ----------------------------------------------------------------------------------------


@cache
def circular_orthogonal(size: int, plain: int, bars: int) -> Design:
    """U U.T; of size 2 a phase times a real multiple of the identity and of two symmetric ones.

    U U.T for U in SU(2) is a point of the sphere in three dimensions, on which SU(2) acts by
    rotations.
    """
    if size != 2:
        points, weights = designs.unitary(size, size, 2 * plain, 2 * bars)
        return Design(points @ np.swapaxes(points, 1, 2), weights)
    (turn, x), weights = designs.product(
        designs.phase(max(plain, bars)), designs.sphere(3, plain + bars)
    )
    rows = [[x[:, 0] + 1j * x[:, 1], 1j * x[:, 2]], [1j * x[:, 2], x[:, 0] - 1j * x[:, 1]]]
    return Design(turn[:, None, None] * np.array(rows).transpose(2, 0, 1), weights)


@cache
def circular_symplectic(size: int, plain: int, bars: int) -> Design:
    """U J U.T J^-1; of size 2 a phase times a real form of the antisymmetric matrices of size 4.

    U J U.T for U in SU(4) is a point of the sphere in six dimensions, on which SU(4) acts by
    rotations.
    """
    turn = designs.phase(max(plain, bars))
    if size == 1:
        return Design(turn.points[:, None, None] * np.eye(2), turn.weights)
    letters = plain + bars
    (turn, x), weights = designs.product(turn, designs.complex_sphere(3, letters, letters // 2))
    a, b, c = x.T
    made = np.zeros((len(weights), 4, 4), dtype=complex)
    above = {(0, 1): a, (0, 2): b, (0, 3): c, (2, 3): a.conj(), (1, 3): -b.conj(), (1, 2): c.conj()}
    for (i, j), value in above.items():
        made[:, i, j], made[:, j, i] = value, -value
    form = np.kron(np.eye(2), [[0, 1], [-1, 0]])
    return Design(turn[:, None, None] * made @ form.T, weights)


# Finite ------------------------------------------------------------------------------------------


def permutations(size: int) -> Any:
    """Return all matrices of permutations."""
    return np.array([np.eye(size)[list(p)] for p in itertools.permutations(range(size))])


def signed_permutations(size: int) -> Any:
    """Return all matrices of permutations with signs."""
    signs = np.array(list(itertools.product((1, -1), repeat=size)))
    return np.concatenate([permutations(size) * row for row in signs])


def independent(one: Design, size: int, is_vector: bool) -> Design:
    """Independent numbers in a column or on a diagonal."""
    points, weights = designs.side_by_side(*[one] * size)
    return Design(points[:, :, None] * (1 if is_vector else np.eye(size)), weights)


SIGN = designs.equal([1.0, -1.0])


# All of them -------------------------------------------------------------------------------------

#: For a Gaussian matrix ``M + L G K.T`` with a mean and covariances: L, K and M, real and complex.
_LEFT, _RIGHT = np.array([[1, 0], [2, 1]]), np.array([[1, -1], [1, 0]])
_TURN, _MEAN = np.array([[1, 1j], [0, 1]]), np.array([[1, 0], [-1, 2]])
FACTORS = {False: (_LEFT, _RIGHT), True: (_LEFT @ _TURN, _RIGHT @ _TURN.T)}


def parameters(is_complex: bool) -> dict[str, Any]:
    """Return the mean and the covariances ``L L.H`` and ``K K.H``."""
    left, right = FACTORS[is_complex]
    return {"M": _MEAN, "R": left @ left.conj().T, "S": right @ right.conj().T}


def with_covariances(name: str, d: Any, n: Any, is_complex: bool) -> Any:
    """Return the matrix, with numbers for the parameters where its sizes are numbers."""
    known = parameters(is_complex)
    if d.is_Integer and n.is_Integer:
        given = [Matrix(array.tolist()).applyfunc(nsimplify) for array in known.values()]
    else:
        shapes = ((d, n), (d, d), (n, n))
        given = [MatrixSymbol(k, *shape) for k, shape in zip(known, shapes, strict=True)]
    return w.GaussianMatrix(name, d, n, 2, is_complex, *given)


def covariance_design(plain: int, bars: int, is_complex: bool) -> Design:
    """Return the matrices by what they are made of."""
    points, weights = gaussian((2, 2), plain, bars, is_complex)
    left, right = FACTORS[is_complex]
    return Design(_MEAN + 2**0.5 * left @ points @ right.T, weights)


LAWS: dict[str, Law] = {
    "HaarOrthogonal": Law(
        w.HaarOrthogonal,
        {(1,): 6, (2,): 6, (3,): 6, (4,): 4},
        lambda n, p, q: designs.orthogonal(n[0], n[0], p + q),
        is_unitary=True,
    ),
    "HaarUnitary": Law(
        w.HaarUnitary,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: designs.unitary(n[0], n[0], p, q),
        has_phase=True,
        is_unitary=True,
    ),
    "HaarSpecialOrthogonal": Law(
        w.HaarSpecialOrthogonal,
        {(1,): 4, (2,): 6, (3,): 5, (4,): 4},
        lambda n, p, q: designs.special_orthogonal(n[0], p + q),
        is_even=False,
        is_unitary=True,
    ),
    "HaarSpecialUnitary": Law(
        w.HaarSpecialUnitary,
        {(1,): 4, (2,): 6, (3,): 4},
        lambda n, p, q: designs.special_unitary(n[0], p + q),
        is_even=False,
        is_unitary=True,
    ),
    "HaarSymplectic": Law(
        w.HaarSymplectic,
        {(1,): 6, (2,): 4},
        lambda n, p, q: designs.symplectic(n[0], p + q),
        is_unitary=True,
        most_in_words=4,
    ),
    "HaarStiefel, real": Law(
        w.HaarStiefel,
        {(2, 1): 6, (3, 1): 6, (3, 2): 6, (4, 2): 4, (2, 2): 6},
        lambda n, p, q: designs.orthogonal(*n, p + q),
    ),
    "HaarStiefel, complex": Law(
        lambda name, d, k: w.HaarStiefel(name, d, k, complex=True),
        {(2, 1): 6, (3, 1): 6, (3, 2): 4, (2, 2): 4},
        lambda n, p, q: designs.unitary(*n, p, q),
        has_phase=True,
    ),
    "RandomUnitVector, real": Law(
        w.RandomUnitVector,
        {(1,): 6, (2,): 6, (3,): 6, (4,): 6},
        lambda n, p, q: designs.orthogonal(n[0], 1, p + q),
    ),
    "RandomUnitVector, complex": Law(
        lambda name, d: w.RandomUnitVector(name, d, complex=True),
        {(1,): 6, (2,): 6, (3,): 6},
        lambda n, p, q: designs.unitary(n[0], 1, p, q),
        has_phase=True,
    ),
    "RandomState": Law(
        w.RandomState,
        {(1,): 6, (2,): 6, (3,): 6},
        lambda n, p, q: designs.unitary(n[0], 1, p, q),
        has_phase=True,
    ),
    "CircularOrthogonal": Law(
        w.CircularOrthogonal,
        {(1,): 6, (2,): 6, (3,): 2},
        lambda n, p, q: circular_orthogonal(n[0], p, q),
        most_in_words=4,
        has_phase=True,
        is_unitary=True,
    ),
    "CircularUnitary": Law(
        w.CircularUnitary,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: designs.unitary(n[0], n[0], p, q),
        has_phase=True,
        is_unitary=True,
    ),
    "CircularSymplectic": Law(
        w.CircularSymplectic,
        {(1,): 6, (2,): 4},
        lambda n, p, q: circular_symplectic(n[0], p, q),
        has_phase=True,
        is_unitary=True,
        most_in_words=4,
    ),
    "GaussianMatrix, real": Law(
        w.GaussianMatrix,
        {(1, 1): 6, (1, 2): 6, (2, 2): 6, (3, 1): 6, (2, 3): 4},
        lambda n, p, q: gaussian(n, p, q, False),
    ),
    "GaussianMatrix, complex": Law(
        lambda name, d, k: w.GaussianMatrix(name, d, k, complex=True),
        {(1, 1): 6, (1, 2): 6, (2, 2): 6, (3, 1): 6},
        lambda n, p, q: gaussian(n, p, q, True),
        has_phase=True,
    ),
    "GaussianMatrix, real with a mean and covariances": Law(
        lambda name, d, n: with_covariances(name, d, n, False),
        {(2, 2): 4},
        lambda n, p, q: covariance_design(p, q, False),
        parameters=parameters(False),
        is_even=False,
    ),
    "GaussianMatrix, complex with a mean and covariances": Law(
        lambda name, d, n: with_covariances(name, d, n, True),
        {(2, 2): 4},
        lambda n, p, q: covariance_design(p, q, True),
        parameters=parameters(True),
        is_even=False,
    ),
    "GaussianOrthogonal": Law(
        w.GaussianOrthogonal,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: self_adjoint(n[0], p + q, False),
    ),
    "GaussianUnitary": Law(
        w.GaussianUnitary,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: self_adjoint(n[0], p + q, True),
    ),
    "GaussianSymplectic": Law(
        w.GaussianSymplectic,
        {(1,): 6, (2,): 4},
        lambda n, p, q: gaussian_symplectic(n[0], p + q),
        most_in_words=4,
    ),
    "SymplecticGinibre": Law(
        w.SymplecticGinibre,
        {(1,): 6, (2,): 4},
        lambda n, p, q: quaternions(n[0], p + q),
        most_in_words=4,
    ),
    "Wishart, real": Law(
        w.Wishart,
        {(1, 1): 4, (1, 3): 4, (2, 1): 4, (2, 2): 3, (3, 1): 3, (2, 3): 2},
        lambda n, p, q: wishart(n, p, q, False),
        is_even=False,
    ),
    "Wishart, complex": Law(
        lambda name, d, n: w.Wishart(name, d, n, complex=True),
        {(1, 1): 4, (1, 3): 4, (2, 1): 4, (2, 2): 3, (3, 1): 3},
        lambda n, p, q: wishart(n, p, q, True),
        is_even=False,
    ),
    "InverseWishart, real": Law(
        w.InverseWishart,
        {(1, 0): 3, (2, 0): 3},
        lambda n, p, q: inverse_wishart(n, p, q, False),
        is_even=False,
        needs_freedom=True,
    ),
    "InverseWishart, complex": Law(
        lambda name, d, n: w.InverseWishart(name, d, n, complex=True),
        {(1, 0): 3, (2, 0): 3},
        lambda n, p, q: inverse_wishart(n, p, q, True),
        is_even=False,
        needs_freedom=True,
    ),
    "RandomPermutation": Law(
        w.RandomPermutation,
        {(1,): 5, (2,): 5, (3,): 4, (4,): 4},
        lambda n, p, q: designs.equal(permutations(n[0])),
        most_in_words=3,
        is_even=False,
        is_unitary=True,
    ),
    "CentredPermutation": Law(
        w.CentredPermutation,
        {(1,): 4, (2,): 4, (3,): 4, (4,): 4},
        lambda n, p, q: designs.equal(permutations(n[0]) - 1 / n[0]),
        most_in_words=3,
        is_even=False,
    ),
    "SignedPermutation": Law(
        w.SignedPermutation,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: designs.equal(signed_permutations(n[0])),
        most_in_words=4,
        is_unitary=True,
    ),
    "RandomSigns": Law(
        w.RandomSigns,
        {(1,): 6, (2,): 6, (3,): 4, (4,): 4},
        lambda n, p, q: independent(SIGN, n[0], False),
        is_unitary=True,
    ),
    "RandomSigns, vector": Law(
        lambda name, d: w.RandomSigns(name, d, vector=True),
        {(1,): 6, (2,): 6, (3,): 4, (4,): 4},
        lambda n, p, q: independent(SIGN, n[0], True),
    ),
    "RandomPhases": Law(
        w.RandomPhases,
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: independent(designs.phase(max(p, q)), n[0], False),
        has_phase=True,
        is_unitary=True,
    ),
    "RandomPhases, vector": Law(
        lambda name, d: w.RandomPhases(name, d, vector=True),
        {(1,): 6, (2,): 6, (3,): 4},
        lambda n, p, q: independent(designs.phase(max(p, q)), n[0], True),
        has_phase=True,
    ),
}
