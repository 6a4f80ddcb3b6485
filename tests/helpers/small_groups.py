"""Means over SO(2), SU(2) and SO(3) of polynomials in entries, by integration over parameters.

An oracle from the definition: the entries are polynomials in a point of a circle or of the unit
sphere in four dimensions, whose monomials have known means.
"""

from math import factorial, prod

from sympy import I, Poly, Rational, symbols

a, b, c, e = symbols("a b c e", real=True)

CIRCLE = [[a, -b], [b, a]]
SU2 = [[a + I * b, -c + I * e], [c + I * e, a - I * b]]
#: The rotation by a unit quaternion a + b i + c j + e k.
SO3 = [
    [a**2 + b**2 - c**2 - e**2, 2 * (b * c - a * e), 2 * (b * e + a * c)],
    [2 * (b * c + a * e), a**2 - b**2 + c**2 - e**2, 2 * (c * e - a * b)],
    [2 * (b * e - a * c), 2 * (c * e + a * b), a**2 - b**2 - c**2 + e**2],
]


def sphere_mean(powers):
    """Return the mean of a product of powers of the coordinates of a point on the unit sphere."""
    if any(power % 2 for power in powers):
        return Rational(0)
    n, half = len(powers), sum(powers) // 2
    above = prod(factorial(p) // (2 ** (p // 2) * factorial(p // 2)) for p in powers)
    return Rational(above, prod(n + 2 * k for k in range(half)))


def mean(entries, coordinates, conjugated=()):
    """Return the mean of a product of entries; those at the places in `conjugated` are so."""
    total = 1
    for place, entry in enumerate(entries):
        total *= entry.subs(I, -I) if place in conjugated else entry
    polynomial = Poly(total, *coordinates)
    value = sum(x * sphere_mean(powers) for powers, x in polynomial.terms())
    return value.expand() if hasattr(value, "expand") else value
