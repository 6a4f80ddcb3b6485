"""As many digits as were asked for, by the cheapest arithmetic that is seen to give them.

Floats first, with a bound on what rounding did: matrices in doubles, then in long doubles. Where
that is too much, balls of rising precision, in which floats are the exact numbers that they are;
where a ball does not leave 0, rational numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import acb, arb, ctx, fmpq, fmpz
from sympy import Add, Float, I, ImmutableMatrix, Rational, S

from weingarten.numeric.arithmetic import Balls, Gaussians, Rationals
from weingarten.numeric.constants import Constants
from weingarten.numeric.doubles import Doubles
from weingarten.numeric.exact import IrrationalError, as_sympy, evaluated, midpoint, precision
from weingarten.numeric.floats import Floats
from weingarten.numeric.given import Constant
from weingarten.numeric.pairs import Pair
from weingarten.numeric.program import Program

#: What a float is right to, relative to its modulus, and the digits that are asked of a ball.
TOLERANCE, DIGITS = 1e-12, 16
#: Floats below have fewer digits.
_TINY = float(np.finfo(float).tiny)
#: Precisions in bits; from the second on, a value that may be 0 is worked out in rationals.
_BITS = (128, 256, 512, 1024, 2048, 4096, 8192)

#: What a program is evaluated at: values of symbols, and of matrices.
Inputs = tuple[dict[Any, Any], dict[Any, Constant]]


def number(program: Program, inputs: Inputs, digits: int | None = None) -> Any:
    """Return the value of a program.

    Parameters
    ----------
    program : Program
        The expression, integrated.
    inputs : (dict, dict)
        Values of symbols, SymPy numbers, and of matrices.
    digits : int, optional
        How many digits are to be right; by default those of a float.

    Returns
    -------
    Rational, float, complex, Float or array
        Exact where everything given is; with `digits`, a SymPy `Float`.

    Raises
    ------
    ValueError
        If the digits cannot be had.
    """
    numbers, matrices = inputs
    unknown = Constants(Rationals(), numbers, matrices)
    coefficients = {
        term.coefficient: unknown.exact(term.coefficient)
        for terms in program.terms.values()
        for term in terms
    }
    floats = (
        any(c.is_float for c in matrices.values())
        or program.has_floats
        or any(value.has(Float) for value in numbers.values())
    )
    run = _Run(program, inputs, coefficients)
    try:
        if not floats:
            exact = run.exactly()
            if exact is not None:
                return exact if digits is None else _each(exact, lambda x: to_digits(x, digits))
        if digits is None and floats:
            quick = run.in_floats()
            if quick is not None:
                return quick
        found = run.in_balls(digits or DIGITS)
    except ZeroDivisionError as reason:
        raise ValueError(str(reason)) from None
    if digits is None:
        return _array(found, run.real)
    return _each(found, lambda x: to_digits(x, digits))


class _Run:
    """One evaluation of a program, in one arithmetic after the other."""

    def __init__(self, program: Program, inputs: Inputs, coefficients: dict[Any, Any]) -> None:
        self.program = program
        self.numbers, self.matrices = inputs
        self.coefficients = coefficients
        self.real = (
            program.is_real
            and all(c.is_real for c in self.matrices.values())
            and all(value.is_real for value in (*coefficients.values(), *self.numbers.values()))
        )

    # The arithmetics ------------------------------------------------------------------------------

    def exactly(self) -> Any:
        """Return the value as SymPy holds it; None where an entry is not rational."""
        arithmetic = Rationals() if self.real else Gaussians()
        try:
            parts = self._parts(arithmetic, exact=True)
        except IrrationalError:
            return None
        if self.program.shape:
            return _summed(parts, self.program.shape)
        return Add(*(coefficient * as_sympy(value) for coefficient, value in parts))

    def in_floats(self) -> Any:
        """Return the value in floats; None where it is not seen to be right."""
        # What is left of a sum over many pairs of pairings takes more than doubles.
        for arithmetic in (Floats(),) if self.program.is_listed else (Doubles(), Floats()):
            try:
                with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
                    value = self._value(arithmetic)
                    if value.is_right(TOLERANCE):
                        return _plain(value.narrow, self.real)
            except ArithmeticError:
                continue
        return None

    def in_balls(self, digits: int) -> Any:
        """Return the value by balls that are small enough, or by rationals."""
        least = digits * 10 // 3 + 32
        may_be_zero = False
        for bits in (max(bits, least) for bits in _BITS):
            with precision, ctx.workprec(bits):
                try:
                    value = self._value(Balls(real=self.real))
                except ZeroDivisionError:
                    may_be_zero = True
                    value = None
                if value is not None:
                    entries = _flat(value)
                    if all(is_small(x, digits) for x in entries):
                        return value
                    may_be_zero = bits > _BITS[0]
            if may_be_zero:
                exact = self._in_rationals()
                if exact is not None:
                    return exact
        raise ValueError(
            f"expr is 0 at these values, or so small that {digits} digits of it are not seen with "
            f"{_BITS[-1]:,} bits; expected other values, or rational ones, which are exact"
        )

    def _in_rationals(self) -> Any:
        try:
            return self._value(Rationals() if self.real else Gaussians())
        except IrrationalError:
            return None

    # The sums -------------------------------------------------------------------------------------

    def _value(self, arithmetic: Any, constants: Constants | None = None) -> Any:
        parts = self._parts(arithmetic, constants)
        made = [value for _, value in parts]
        if not made:
            return self._zero(arithmetic)
        total = made[0]
        for value in made[1:]:
            total = total + value
        return total

    def _zero(self, arithmetic: Any) -> Any:
        if not self.program.shape:
            return arithmetic.number(fmpq(0))
        rows, columns = self.program.shape
        return arithmetic.from_entries([[arithmetic.number(fmpq(0))] * columns] * rows)

    def _parts(
        self, arithmetic: Any, constants: Constants | None = None, *, exact: bool = False
    ) -> list[tuple[Any, Any]]:
        """Return the terms, with the SymPy number that each is to be multiplied by if exact."""
        constants = constants or Constants(arithmetic, self.numbers, self.matrices)
        made = self.program.words.made(constants)
        one = arithmetic.number(fmpq(1))
        listed = [one] + [
            made[x] if isinstance(x, int) else arithmetic.number(x) for x in self.program.table
        ]
        table = arithmetic.table(listed) if isinstance(arithmetic, Floats) else listed
        parts = []
        for word, terms in self.program.terms.items():
            for coefficient, beside, chain_sum in terms:
                value = chain_sum.value(arithmetic, table)
                for place in beside:
                    value = value * listed[place]
                factor = self.coefficients[coefficient]
                if not exact and factor is not S.One:
                    value = value * constants.converted(factor)
                if word is not None:
                    value = self._matrix(arithmetic, made, word) * value
                parts.append((factor, value))
        return parts

    def _matrix(self, arithmetic: Any, made: list[Any], word: Any) -> Any:
        if word:
            return made[self.program.words.product(word)]
        size = self.program.shape[0]
        zero, one = arithmetic.number(fmpq(0)), arithmetic.number(fmpq(1))
        return arithmetic.from_entries(
            [[one if i == j else zero for j in range(size)] for i in range(size)]
        )


def is_small(ball: Any, digits: int) -> bool:
    """Return whether a number is known to so many digits."""
    if isinstance(ball, fmpq | Pair):
        return True
    if isinstance(ball, acb):
        radius, least = ball.real.rad() + ball.imag.rad(), abs(ball).abs_lower()
    else:
        radius, least = ball.rad(), ball.abs_lower()
    return bool(radius.is_zero() or radius * arb(fmpz(10) ** digits) * 2 < least)


def _flat(value: Any) -> Sequence[Any]:
    if isinstance(value, Pair) and not isinstance(value.re, fmpq):
        return [x for row in Gaussians().entries(value) for x in row]
    return value.entries() if hasattr(value, "entries") else [value]


def _rows(value: Any) -> list[list[Any]] | None:
    if isinstance(value, Pair) and not isinstance(value.re, fmpq):
        return Gaussians().entries(value)
    return value.tolist() if hasattr(value, "entries") else None


def _summed(parts: list[tuple[Any, Any]], shape: tuple[int, ...]) -> Any:
    total = ImmutableMatrix.zeros(*shape)
    for coefficient, value in parts:
        rows = [[coefficient * as_sympy(x) for x in row] for row in _rows(value) or []]
        total += ImmutableMatrix(rows)
    return total


def _each(value: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(value, ImmutableMatrix):
        return value.applyfunc(function)
    rows = _rows(value)
    if rows is None:
        return function(value)
    return ImmutableMatrix([[function(x) for x in row] for row in rows])


def to_digits(value: Any, digits: int) -> Any:
    """Return a number as a SymPy Float of so many digits."""
    if isinstance(value, arb | acb | fmpq | Pair):
        re, im = (Float(part, digits) for part in _exact_parts(value))
        return re + im * I if im else re
    re, im = evaluated(value, digits)
    return re + im * I if im else re


def _exact_parts(value: Any) -> Iterator[Any]:
    """Yield the real and the imaginary part, those of the middle of a ball, as rationals."""
    for part in (
        (value.real, value.imag)
        if isinstance(value, acb)
        else (value if isinstance(value, Pair) else (value, fmpq(0)))
    ):
        if isinstance(part, arb):
            part = midpoint(part)
        yield as_sympy(part)


def _array(value: Any, real: bool) -> Any:
    rows = _rows(value)
    if rows is None:
        return _plain(np.asarray(_float(value, real)), real)
    return np.array([[_float(x, real) for x in row] for row in rows])


def _float(value: Any, real: bool) -> Any:
    """Return the float, or complex number, next to a number."""
    try:
        re, im = (float(Fraction(int(part.p), int(part.q))) for part in _exact_parts(value))
    except OverflowError:
        raise ValueError(
            "expr is too large for a float at these values; expected digits=16, say, for a number "
            "of any size"
        ) from None
    parts = zip(_exact_parts(value), (re, im), strict=True)
    if any(abs(x) < _TINY and Rational(x) != part for part, x in parts):
        raise ValueError(
            "expr is too small for a float at these values; expected digits=16, say, for a number "
            "of any size"
        )
    return re if real else complex(re, im)


def _plain(value: Any, real: bool) -> Any:
    if not real:
        value = np.asarray(value).astype(complex)
    return value.item() if np.ndim(value) == 0 else np.asarray(value)
