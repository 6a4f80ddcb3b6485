"""Irreducible factors of polynomials with integer coefficients.

FLINT puts factors together from those modulo a prime, which takes long where these are many. The
numerators here have integer roots, and what is left beside them is mostly irreducible. That is
seen faster: the degree of a factor is a sum of degrees of factors modulo every prime, and a few
primes leave no sum but nothing and everything [Musser, J. ACM 25 (1978) 271-282].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from math import isqrt
from typing import Any

from flint import fmpz_poly, nmod_poly

#: Polynomials with their powers.
Factors = list[tuple[Any, int]]

#: Primes above most of the contents that occur; a polynomial with fewer coefficients is short.
_PRIMES = (1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061)
_LONG = 8


def factors(polynomial: Any) -> tuple[Any, Factors]:
    """Return content and irreducible factors of an `fmpz_poly`, with their powers.

    One that is even, or odd, as those of U(d) are, is factored in the square of its variable. What
    is irreducible there and not here is ``g(x) g(-x)`` up to sign: its ends are squares up to sign.

    Examples
    --------
    >>> factors(fmpz_poly([-6, 6, -12, 12]))
    (6, [(x + (-1), 1), (2*x^2 + 1, 1)])
    """
    coefficients = polynomial.coeffs()
    least = next((k for k, c in enumerate(coefficients) if c), 0)
    if len(coefficients) - least < _LONG or any(coefficients[least + 1 :: 2]):
        return _factors(polynomial)
    content, halves = _factors(fmpz_poly(coefficients[least::2]))
    found = [(fmpz_poly([0, 1]), least)] if least else []
    for half, power in halves:
        whole = half(fmpz_poly([0, 0, 1]))
        if all(isqrt(abs(int(end))) ** 2 == abs(end) for end in (half[0], half[half.degree()])):
            found += [(part, power) for part, _ in _factors(whole)[1]]
        else:
            found.append((whole, power))
    return content, found


def _factors(polynomial: Any) -> tuple[Any, Factors]:
    if polynomial.length() < _LONG:
        return polynomial.factor()  # type: ignore[no-any-return]
    content = polynomial.content() * (1 if polynomial.leading_coefficient() > 0 else -1)
    polynomial //= fmpz_poly([content])
    modular = _modular(polynomial)
    first = next(modular, (0, []))
    found, rest = _integer_roots(polynomial, *first)
    if not found and _is_irreducible(polynomial, chain([first], modular)):
        return content, [(polynomial, 1)]
    if rest.degree() > 0:
        found += [(rest, 1)] if found and is_irreducible(rest) else rest.factor()[1]
    return content, found


def _integer_roots(polynomial: Any, p: int, modular: Factors) -> tuple[Factors, Any]:
    """Return linear factors with integer roots, as far as a prime shows them, and what is left."""
    found: Factors = []
    for factor, _ in modular:
        if factor.degree() > 1:
            continue
        root = int(-factor[0])
        line, power = fmpz_poly([p - root if 2 * root > p else -root, 1]), 0
        while polynomial(-line[0]) == 0:
            polynomial //= line
            power += 1
        if power:
            found.append((line, power))
    return found, polynomial


def is_irreducible(polynomial: Any) -> bool:
    """Return whether a few primes show that a primitive polynomial has no factor.

    Examples
    --------
    >>> is_irreducible(fmpz_poly([-2, 0, 0, 1])), is_irreducible(fmpz_poly([-1, 0, 0, 1]))
    (True, False)
    """
    return _is_irreducible(polynomial, _modular(polynomial))


def _is_irreducible(polynomial: Any, modular: Iterable[tuple[int, Factors]]) -> bool:
    whole = 1 | 1 << polynomial.degree()
    possible = -1
    for _, found in modular:
        if any(power > 1 for _, power in found):
            continue
        sums = 1
        for factor, _ in found:
            sums |= sums << factor.degree()
        possible &= sums
        if possible == whole:
            return True
    return False


def _modular(polynomial: Any) -> Iterator[tuple[int, Factors]]:
    """Yield the factors modulo primes at which the degree is the same."""
    for p in _PRIMES:
        reduced = nmod_poly(polynomial, p)
        if reduced.degree() == polynomial.degree():
            yield p, reduced.factor()[1]
