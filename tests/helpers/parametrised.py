"""Means by integration over parameters: an oracle from the definition of small random matrices.

The entries are polynomials, with Gaussian rational coefficients, in real parameters: a point of a
sphere, or independent standard normal numbers, whose monomials have known means.
"""

from math import factorial, prod

from sympy import QQ_I, Integer, Rational, ring

UNIT = QQ_I(0, 1)


def normal_mean(powers):
    """Return the mean of a product of powers of independent standard normal numbers."""
    if any(power % 2 for power in powers):
        return 0
    return prod(factorial(p) // (2 ** (p // 2) * factorial(p // 2)) for p in powers)


def sphere_mean(powers):
    """Return the mean of a product of powers of the coordinates of a point on the unit sphere."""
    n, half = len(powers), sum(powers) // 2
    return Rational(normal_mean(powers), prod(n + 2 * k for k in range(half)))


class Parametrised:
    """A random matrix, as rows of polynomials, and the mean of a monomial in their parameters."""

    def __init__(self, rows, mean):
        self.rows, self._mean = rows, mean
        self.ring = rows[0][0].ring

    def mean(self, polynomial):
        """Return the mean of a polynomial in the parameters."""
        if not hasattr(polynomial, "terms"):
            return Integer(polynomial)
        value = 0
        for powers, coefficient in polynomial.terms():
            value += QQ_I.to_sympy(coefficient) * self._mean(powers)
        return Integer(value) if isinstance(value, int) else value.expand()

    def constant(self, rows):
        """Return a matrix of integers as one of polynomials."""
        return [[self.ring(x) for x in row] for row in rows]


def conjugated(rows):
    """Return the complex conjugate of a matrix of polynomials in real parameters."""
    return [[_conjugate(x) for x in row] for row in rows]


def _conjugate(x):
    return x.ring.from_dict({powers: QQ_I(c.x, -c.y) for powers, c in x.items()})


def turned(rows):
    """Return the transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def times(one, other):
    """Return the product of two matrices."""
    return [
        [
            sum(x * y for x, y in zip(row, column, strict=True))
            for column in zip(*other, strict=True)
        ]
        for row in one
    ]


def trace(rows):
    """Return the sum along the diagonal."""
    return sum(row[k] for k, row in enumerate(rows))


# The matrices -------------------------------------------------------------------------------------


def rotation_of_the_plane():
    """SO(2): a point of the circle."""
    _, a, b = ring("a b", QQ_I)
    return Parametrised([[a, -b], [b, a]], sphere_mean)


def special_unitary_2():
    """SU(2): a point of the sphere in four dimensions."""
    _, a, b, c, e = ring("a b c e", QQ_I)
    return Parametrised([[a + UNIT * b, -c + UNIT * e], [c + UNIT * e, a - UNIT * b]], sphere_mean)


def rotation_of_space():
    """SO(3): the rotation by a unit quaternion a + b i + c j + e k."""
    _, a, b, c, e = ring("a b c e", QQ_I)
    rows = [
        [a**2 + b**2 - c**2 - e**2, 2 * (b * c - a * e), 2 * (b * e + a * c)],
        [2 * (b * c + a * e), a**2 - b**2 + c**2 - e**2, 2 * (c * e - a * b)],
        [2 * (b * e - a * c), 2 * (c * e + a * b), a**2 - b**2 - c**2 + e**2],
    ]
    return Parametrised(rows, sphere_mean)


def rotation_in_four_dimensions():
    """SO(4): quaternions x to p x conj(q) for unit quaternions p and q."""
    _, *x = ring("x:8", QQ_I)
    units = range(4)
    images = [_times(_times(x[:4], [int(k == j) for k in units]), _bar(x[4:])) for j in units]
    return Parametrised(turned(images), two_spheres_mean)


def _times(p, q):
    """Return the product of two quaternions."""
    a, b, c, e = p
    x, y, z, t = q
    return [
        a * x - b * y - c * z - e * t,
        a * y + b * x + c * t - e * z,
        a * z - b * t + c * x + e * y,
        a * t + b * z - c * y + e * x,
    ]


def _bar(q):
    return [q[0], *(-x for x in q[1:])]


def two_spheres_mean(powers):
    """The mean of a product of powers of the coordinates of two independent points."""
    return sphere_mean(powers[:4]) * sphere_mean(powers[4:])


def _block(z, w):
    """The block [[z, w], [-conj(w), conj(z)]] of a quaternion."""
    (bar_z, bar_w), *_ = conjugated([[z, w]])
    return [[z, w], [-bar_w, bar_z]]


def ginibre_of_quaternions(m):
    """Blocks of two complex numbers each, of real and imaginary parts of variance 1/2.

    The parameters have variance 1: two of them are halved in the squares, as the mean says.
    """
    polynomials, *x = ring(f"x:{4 * m * m}", QQ_I)
    rows = [[polynomials(0)] * (2 * m) for _ in range(2 * m)]
    for k in range(m * m):
        a, b, c, e = x[4 * k : 4 * k + 4]
        _put(rows, k // m, k % m, _block(a + UNIT * b, c + UNIT * e))
    return Parametrised(rows, half_normal_mean)


def half_normal_mean(powers):
    """The mean of a product of powers of independent normal numbers of variance 1/2."""
    return Rational(normal_mean(powers), 2 ** (sum(powers) // 2))


def gaussian_symplectic(m):
    """Real numbers of variance 1 on the diagonal, quaternions above it."""
    number = 2 * m + 2 * m * (m - 1)
    polynomials, *x = ring(f"x:{number}", QQ_I)
    rows = [[polynomials(0)] * (2 * m) for _ in range(2 * m)]
    for k in range(m):
        # The sum of two of variance 1/2 has variance 1.
        h = x.pop() + x.pop()
        _put(rows, k, k, [[h, polynomials(0)], [polynomials(0), h]])
    for i in range(m):
        for j in range(i + 1, m):
            a, b, c, e = (x.pop() for _ in range(4))
            block = _block(a + UNIT * b, c + UNIT * e)
            _put(rows, i, j, block)
            _put(rows, j, i, turned(conjugated(block)))
    return Parametrised(rows, half_normal_mean)


def _put(rows, i, j, block):
    for a in range(2):
        for b in range(2):
            rows[2 * i + a][2 * j + b] = block[a][b]
