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


def integrated(model, factors, arrays):
    """The mean of a product by integration over the parameters.

    A factor is a word, and its place where it is an entry; a letter is (transposed, conjugated), or
    the name of a constant, with a T for its transpose.
    """
    bar = conjugated(model.rows)
    forms = {
        (False, False): model.rows,
        (True, False): turned(model.rows),
        (False, True): bar,
        (True, True): turned(bar),
    }
    for name, array in arrays.items():
        forms[name] = model.constant(array)
        forms[name + "T"] = turned(forms[name])
    total = model.ring(1)
    for word, place in factors:
        made = forms[word[0]]
        for x in word[1:]:
            made = times(made, forms[x])
        total *= trace(made) if place is None else made[place[0]][place[1]]
    return model.mean(total)


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
