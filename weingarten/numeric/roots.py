"""Powers of a matrix of numbers whose exponent is no integer, through its eigenvalues.

A matrix with a basis of eigenvectors is a root of a polynomial without multiple roots, and a
function of it is the polynomial through the values at these roots, applied to the matrix: exact
where roots and values are rational, in balls elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from flint import acb, acb_mat, arb_mat, ctx, fmpq, fmpq_mat
from sympy import ImmutableMatrix, re, sqrt

from weingarten.limits import Cost, check_cost
from weingarten.numeric.arithmetic import Balls, Gaussians
from weingarten.numeric.exact import (
    IrrationalError,
    as_sympy,
    ball,
    exactly,
    midpoint,
    precision,
)
from weingarten.numeric.floats import Bounded, Floats
from weingarten.numeric.given import Constant
from weingarten.numeric.pairs import Pair

#: Bits with which the floats of a power are worked out.
_BITS = 192
#: Eigenvectors of a matrix of n rows take n^3 times so long.
_SECONDS = 5e-6
#: A product of two matrices of balls takes so long, for each of its sums' terms.
_SECONDS_PER_TERM = 1.5e-7


def power(expr: Any, base: Any, exponent: Any, *, inexact: bool) -> Constant:
    """Return the principal power of a matrix.

    Parameters
    ----------
    expr : Expr
        The power, as it is named in messages.
    base : fmpq_mat or Pair
        A square matrix, exactly.
    exponent : Expr
        A SymPy number that is no integer.
    inexact : bool
        Whether floats were given.

    Returns
    -------
    Constant
        With rational entries, or a `Power`.

    Raises
    ------
    ValueError
        If the matrix has no basis of eigenvectors, or is singular and the exponent is not positive.

    Examples
    --------
    >>> from sympy import Rational
    >>> power("A**(1/2)", fmpq_mat([[5, 4], [4, 5]]), Rational(1, 2), inexact=False).entries
    [[2, 1], [1, 2]]
    """
    minimal = _minimal(base)
    if minimal.gcd(minimal.derivative()).degree() > 0:
        raise ValueError(
            f"expr contains {expr}, a power that is no integer of a matrix that has no basis of "
            "eigenvectors at these values; expected an integer power, or a matrix that can be "
            "diagonalised"
        )
    if not minimal[0] and not re(exponent).is_positive:
        raise ValueError(
            f"expr contains {expr}, whose exponent is not positive, of a matrix that is singular "
            "at these values; expected one that is not"
        )
    n, degree = _size(base), minimal.degree()
    check_cost(
        Cost(
            f"expr contains {expr}, a power of a matrix of {n} rows through its eigenvalues",
            seconds=n**3 * (_SECONDS if degree == n else degree * _SECONDS_PER_TERM),
            smaller="the power itself as a matrix symbol with its array in `at` costs far less",
        )
    )
    entries = _rational_power(base, exponent, minimal)
    if entries is not None:
        array = np.array([[complex(x) for x in row] for row in entries])
        return Constant(array if array.imag.any() else array.real, entries, inexact)
    return Power.made(expr, base, exponent, minimal, inexact)


@dataclass(frozen=True)
class Power(Constant):
    """A power with entries that are not rational; the array is rounded.

    Attributes
    ----------
    expr, base, exponent
        As `power` takes them.
    minimal : fmpq_poly
        A polynomial without multiple roots of which the base is a root.
    """

    expr: Any = None
    base: Any = None
    exponent: Any = None
    minimal: Any = None

    @classmethod
    def made(cls, expr: Any, base: Any, exponent: Any, minimal: Any, inexact: bool) -> Power:
        """Return the power, with its array of floats."""
        roots = _roots(minimal, _BITS)
        real = not isinstance(base, Pair) and exponent.is_real
        real = real and not any(root.imag == 0 and not root.real >= 0 for root in roots)
        made = cls(np.zeros((0, 0)), None, inexact, expr, base, exponent, minimal)
        with precision, ctx.workprec(_BITS):
            rows = made._in_balls().tolist()
        with np.errstate(over="ignore"):
            array = np.array([[complex(x.mid()) for x in row] for row in rows])
        return replace(made, array=array.real if real else array)

    @property
    def is_float(self) -> bool:
        """Whether floats were given."""
        return self.inexact

    @cached_property
    def facts(self) -> tuple[bool, bool, bool]:
        """Whether it is symmetric, real, Hermitian: it is a polynomial of the base."""
        symmetric, hermitian = (
            bool(turned == self.base) if not isinstance(self.base, Pair) else turned == self.base
            for turned in _turned(self.base)
        )
        if self.is_real:
            return symmetric, True, symmetric
        positive = all(root.imag == 0 and root.real >= 0 for root in _roots(self.minimal, _BITS))
        return symmetric, False, hermitian and positive and self.exponent.is_real is True

    @property
    def rational(self) -> list[list[Any]]:
        """Raise an error: they are none."""
        raise IrrationalError(f"the entries of {self.expr} are not rational")

    def given(self, arithmetic: Any) -> Any:
        """Return the matrix in an arithmetic."""
        if isinstance(arithmetic, Floats):
            with precision, ctx.workprec(_BITS):
                rows = self._in_balls().tolist()
                return arithmetic.from_entries(
                    [[_bounded(arithmetic, x, self.is_real) for x in row] for row in rows]
                )
        if not isinstance(arithmetic, Balls):
            return self.rational
        made = self._in_balls()
        if not arithmetic.real:
            return made
        if not self.is_real:
            raise ValueError(f"expr contains {self.expr}, which is not real; expected it real")
        return arb_mat([[x.real for x in row] for row in made.tolist()])

    def as_sympy(self) -> Any:
        """Return the matrix as SymPy holds it, if its eigenvalues are roots of a square."""
        if self.minimal.degree() > 2:
            raise ValueError(
                f"expr holds a function of {self.expr}, a power of a matrix with more than two "
                "eigenvalues; expected a polynomial in it, or the power as a matrix symbol with "
                "its array in `at`"
            )
        c, b, a = (as_sympy(self.minimal[k]) for k in range(3))
        root = sqrt(b**2 - 4 * a * c) if a else None
        nodes = [-c / b] if root is None else [(-b - root) / (2 * a), (-b + root) / (2 * a)]
        entries = Gaussians().entries(_paired(self.base))
        base = ImmutableMatrix([[as_sympy(x) for x in row] for row in entries])
        one = base**0
        values = [node**self.exponent for node in nodes]
        return _interpolated(base, nodes, values, lambda x: x * one)

    def _in_balls(self) -> Any:
        """Return the power in balls of the precision that is set."""
        exponent = acb(ball(self.exponent))
        nodes = _roots(self.minimal, ctx.prec)
        values = [node**exponent if node != 0 else acb(0) for node in nodes]
        arithmetic = Balls(real=False)
        exact = Gaussians().entries(_paired(self.base))
        base = arithmetic.from_entries([[arithmetic.number(x) for x in row] for row in exact])
        if len(nodes) == len(exact):
            made = _diagonalised(base, nodes, values)
            if made is not None:
                return made
        one = arithmetic.from_entries(_unit(len(exact), acb(1), acb(0)))
        return _interpolated(base, nodes, values, lambda x: one * x)


def _rational_power(base: Any, exponent: Any, minimal: Any) -> list[list[Any]] | None:
    """Return the entries of a power, None if they are not seen to be rational."""
    roots = [root for root, _ in minimal.roots()]
    if len(roots) < minimal.degree():
        return None
    try:
        values = [exactly(as_sympy(x) ** exponent) if x else fmpq(0) for x in roots]
    except IrrationalError:
        return None
    one = fmpq_mat(_unit(_size(base), fmpq(1), fmpq(0)))
    pairs = [x if isinstance(x, Pair) else Pair(x, fmpq(0)) for x in values]

    def scalar(x: Any) -> Pair:
        return x * one if isinstance(x, Pair) else Pair(x * one, 0 * one)

    made = _interpolated(_paired(base), roots, pairs, scalar)
    return [[as_sympy(x) for x in row] for row in Gaussians().entries(made)]


def _interpolated(
    base: Any, nodes: Sequence[Any], values: Sequence[Any], scalar: Callable[[Any], Any]
) -> Any:
    """Return the polynomial with given values at nodes, applied to a matrix (Newton's form)."""
    parts = list(values)
    for step in range(1, len(nodes)):
        for k in range(len(nodes) - 1, step - 1, -1):
            parts[k] = (parts[k] - parts[k - 1]) * (1 / (nodes[k] - nodes[k - step]))
    total = scalar(parts[-1])
    for node, part in zip(nodes[-2::-1], parts[-2::-1], strict=True):
        total = total * (base + scalar(-node)) + scalar(part)
    return total


def _diagonalised(base: Any, nodes: Sequence[Any], values: Sequence[Any]) -> Any:
    """Return the same from eigenvectors, None where they are not seen: it loses fewer digits."""
    try:
        eigenvalues, vectors = base.eig(right=True)
        back = vectors.inv()
    except (ValueError, ZeroDivisionError):
        return None
    scaled = []
    for eigenvalue, row in zip(eigenvalues, back.tolist(), strict=True):
        # That of the polynomial is known to be real where it is.
        near = [k for k, node in enumerate(nodes) if node.overlaps(eigenvalue)]
        if len(near) != 1:
            return None
        scaled.append([values[near[0]] * x for x in row])
    return vectors * acb_mat(scaled)


def _minimal(base: Any) -> Any:
    """Return the minimal polynomial of a matrix, a complex one beside its conjugate."""
    if not isinstance(base, Pair):
        return base.minpoly()
    a, b = (part.tolist() for part in base)
    upper = [x + [-y for y in z] for x, z in zip(a, b, strict=True)]
    lower = [z + x for x, z in zip(a, b, strict=True)]
    return fmpq_mat([*upper, *lower]).minpoly()


def _roots(minimal: Any, bits: int) -> list[Any]:
    """Return the roots of a polynomial as balls, a root that is 0 exactly."""
    with precision, ctx.workprec(bits):
        found = [acb(root) for root, _ in minimal.complex_roots()]
    return [acb(0) if not minimal[0] and root.contains(0) else root for root in found]


def _size(base: Any) -> int:
    return int((base.re if isinstance(base, Pair) else base).nrows())


def _paired(base: Any) -> Pair:
    return base if isinstance(base, Pair) else Pair(base, 0 * base)


def _turned(base: Any) -> tuple[Any, Any]:
    """Return the transpose and the adjoint."""
    if not isinstance(base, Pair):
        return base.transpose(), base.transpose()
    turned = Gaussians().transposed(base)
    return turned, turned.conjugate()


def _unit(size: int, one: Any, zero: Any) -> list[list[Any]]:
    return [[one if i == j else zero for j in range(size)] for i in range(size)]


def _bounded(arithmetic: Floats, number: acb, real: bool) -> Bounded:
    """Return the float next to the middle of a ball, with what is not known of the ball."""
    re_, im_ = number.real, number.imag
    value = midpoint(re_) if real else Pair(midpoint(re_), midpoint(im_))
    made = arithmetic.number(value)
    radius = arithmetic.number(midpoint(re_.rad()) + midpoint(im_.rad()))
    return Bounded(made.value, made.error + np.abs(radius.value) + radius.error)
