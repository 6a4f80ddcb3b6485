"""The point at which a formula is evaluated: a width, a layer's input, and single numbers."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf, prod
from numbers import Integral as IntegralNumber
from types import MappingProxyType
from typing import Any

import numpy as np
from sympy import (
    Add,
    Dummy,
    Expr,
    Float,
    Integer,
    Mul,
    Product,
    Rational,
    Sum,
    exp,
    log,
    nan,
    oo,
)

from derivations.notation import PowerSum, X, d, in_power_sums, iso, lam, p, phi, written_out
from derivations.numeric.arguments import flattened, floats, matrix, require_scale
from derivations.numeric.gap_digits import gap_to_digits
from derivations.numeric.isometry import spectrum as spectrum_of
from derivations.numeric.relative import Relative
from derivations.numeric.weights import Array
from derivations.parameters import PARAMETERS, SCALARS, refuse_unknown
from derivations.scalars import as_number, shown, without_floats
from derivations.spectrum import FloatSpectrum, Spectrum
from weingarten.limits import warn_user

__all__ = ["Point"]

EXAMPLE = "expected a positive integer such as 50, or a SymPy symbol"
LARGE = 20  # from here on, SymPy has trouble with the root of a product
FROM_INPUT = "for samples × features, write batch=…"


@dataclass(frozen=True)
class Point:
    """A width, the input of a layer, and the other numbers that a formula takes.

    Parameters
    ----------
    width : sympy.Expr
        A positive integer or a symbol.
    spectrum : Spectrum, or None
        The eigenvalues of A = X Xᵀ, as many as the width. A float stands here for the dyadic
        rational that it is, so that arithmetic on it is exact and the value is rounded once, at
        the end; an array of floats stays one until such a number is asked for.
    exact : bool
        Whether no number came as a float.
    given : mapping of str to sympy.Expr
        The values of single numbers, by their names in `derivations.parameters.PARAMETERS`.
    input : numpy.ndarray, optional
        The input X itself, features × samples, where a batch was given.
    digits : int, optional
        To how many digits a number is wanted in the end; without it, exactly.

    Examples
    --------
    >>> Point.of(None, [1, 2]).power_sum(2)
    5
    >>> Point.of(4, depth=10)["depth"], Point.of(4)["depth"]
    (10, L)
    """

    width: Expr
    spectrum: Spectrum | None = None
    exact: bool = True
    given: Mapping[str, Expr] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    input: Array | None = field(default=None, repr=False, compare=False)
    digits: int | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # A view of a mapping cannot be pickled; a copy of it can.
        parts = (self.width, self.spectrum, self.exact, dict(self.given), self.input, self.digits)
        return (Point, parts)

    @classmethod
    def of(
        cls, width: object = None, spectrum: object = None, *, batch: Any = None, **given: object
    ) -> Point:
        """Build a point from what a user writes, refusing what is none.

        Parameters
        ----------
        width, spectrum, batch, given : object
            As `derivations.formula.Formula.evaluate` takes them.
        """
        refuse_unknown(given)
        numbers = {name: _given(name, v) for name, v in given.items() if v is not None}
        if batch is not None:
            if spectrum is not None:
                raise ValueError("spectrum and batch both give the input; expected one of them")
            point = cls.of_input(_as_input(batch, width, numbers.pop("n", None)))
        else:
            point = cls._of_spectrum(width, spectrum)
        if "gap" in numbers and point.spectrum is not None:
            came = "spectrum" if batch is None else "batch"
            raise ValueError(f"gap and {came} both say what the gap is; expected one of them")
        return point.with_numbers(numbers)

    @classmethod
    def of_input(cls, X: Array) -> Point:
        """Build the point of an input, features × samples."""
        point = cls._of_spectrum(None, spectrum_of(X))
        return replace(point, given=MappingProxyType({"n": Integer(X.shape[1])}), input=X)

    @classmethod
    def _of_spectrum(cls, width: object, spectrum: object) -> Point:
        if spectrum is None:
            return cls(_as_width(width) if width is not None else d)
        read, exact = _as_spectrum(_listed(spectrum))
        if not read:
            raise ValueError("spectrum is empty; expected one eigenvalue of A = X X^T per row of X")
        if width is not None and _as_width(width) != len(read):
            raise ValueError(
                f"spectrum has {len(read)} eigenvalues but d = {width}; "
                "expected d of them, zeros included"
            )
        if read.zeros == len(read):
            raise ValueError("spectrum is zero everywhere; expected that of an input X that is not")
        return cls(Integer(len(read)), read, exact)

    def with_numbers(self, numbers: Mapping[str, Expr]) -> Point:
        """Return the point with single numbers besides."""
        layer, depth = numbers.get("layer"), numbers.get("depth", self.given.get("depth"))
        if layer is not None and depth is not None and (depth - layer).is_negative:
            raise ValueError(
                f"layer = {layer} is out of range; expected at most the depth, {depth}"
            )
        exact = self.exact and not any(value.has(Float) for value in numbers.values())
        rational = {name: without_floats(value) for name, value in numbers.items()}
        return replace(self, exact=exact, given=MappingProxyType({**self.given, **rational}))

    def __getitem__(self, name: str) -> Expr:
        """Return a single number, or its letter where none is given."""
        return self.width if name == "d" else self.given.get(name, PARAMETERS[name].symbol)

    def has(self, name: str) -> bool:
        """Say whether an argument was given, or follows from what was given."""
        if name in ("d", "spectrum", "batch"):
            return self.width.is_Integer if name == "d" else self.spectrum is not None
        return name in self.given or (name == "gap" and self.spectrum is not None)

    def integer(self, name: str) -> int:
        """Return a single number as an int; ValueError when it was not given or is a symbol."""
        value = self[name]
        if not value.is_Integer:
            raise ValueError(
                f"{name} = {value} is a symbol; expected an integer, such as "
                f"{name}={PARAMETERS[name].example}"
            )
        return int(value)

    def integer_width(self) -> int:
        """Return the width as an int; ValueError when it is a symbol."""
        if not self.width.is_Integer:
            raise ValueError(f"d = {self.width} is a symbol; expected a positive integer here")
        return int(self.width)

    def floats(self) -> Array:
        """Return the eigenvalues as floats; ValueError when there are none or one is a symbol."""
        return self._numbers().floats()

    def fractions(self) -> list[Fraction]:
        """Return the eigenvalues as rational numbers, irrational ones to 60 digits."""
        return self._numbers().fractions()

    def relative(self) -> Relative:
        """Return the eigenvalues over their mean, as floats with all their digits."""
        return self._numbers().relative()

    def eigenvalues(self) -> Spectrum:
        """Return the spectrum; ValueError when there is none."""
        if self.spectrum is None:
            raise ValueError(
                "spectrum is missing; expected the eigenvalues of A = X X^T, such as "
                "spectrum=[1, 2, 3], or batch=…"
            )
        return self.spectrum

    def _numbers(self) -> Spectrum:
        spectrum = self.eigenvalues()
        if spectrum.has_symbols:
            raise ValueError(f"spectrum {list(spectrum)} has symbols; expected numbers")
        return spectrum

    def scaled_to_mean_one(self) -> Point:
        """Return the point with its eigenvalues divided by their mean.

        Examples
        --------
        >>> Point.of(None, [1, 3]).scaled_to_mean_one().spectrum
        (1/2, 3/2)
        """
        if self.spectrum is None:
            return self
        return replace(self, spectrum=self.spectrum.scaled_to_mean_one())

    @property
    def rank(self) -> int | None:
        """How many eigenvalues are not known to be zero; None where there is no spectrum."""
        return None if self.spectrum is None else len(self.spectrum) - self.spectrum.zeros

    @property
    def gap(self) -> Expr:
        """The isometry gap: given, or that of the spectrum; its letter where there is neither.

        Examples
        --------
        >>> Point.of(None, [1, 4]).gap, Point.of(None, [1, 0]).gap, Point.of(3, gap=2).gap
        (-log(4)/2 + log(5/2), oo, 2)
        """
        if self.spectrum is None:
            return self["gap"]
        if self.spectrum.zeros:
            return oo
        numbers = not self.spectrum.has_symbols
        if self.digits is not None and numbers:
            gap = gap_to_digits(self.fractions(), self.digits + 20)
            return Rational(gap.numerator, gap.denominator)
        if not self.exact and numbers:
            return without_floats(Float(float(self.relative().gap.value)))
        mean = Add(*self.spectrum) / len(self.spectrum)
        # SymPy would take the logarithm of a number apart, by its prime factors.
        logs = (log(value, evaluate=False) for value in self.spectrum if value != 1)
        return (0 if mean == 1 else log(mean, evaluate=False)) - Add(*logs) / len(self.spectrum)

    @property
    def isometry(self) -> Expr:
        """The isometry exp(-gap): the geometric over the arithmetic mean of the eigenvalues.

        Examples
        --------
        >>> Point.of(None, [1, 4]).isometry
        4/5
        """
        if self.spectrum is None or self.digits or not self.exact or len(self.spectrum) > LARGE:
            return exp(-self.gap)
        size = len(self.spectrum)
        return Mul(*self.spectrum) ** Rational(1, size) / (Add(*self.spectrum) / size)

    def power_sum(self, order: int) -> Expr:
        """Power sum p_r of the spectrum, or the symbol p_r where there is no spectrum."""
        if self.spectrum is None:
            return p(order)
        if order < 0 and self.spectrum.zeros:
            raise ValueError(
                f"p_{order} is infinite: an eigenvalue of A = X X^T is zero; "
                "expected a spectrum without zeros"
            )
        return self.spectrum.power_sum(order)

    def substitute(self, expr: Expr) -> Expr:
        """Put width, input and single numbers into an expression."""
        letters = {PARAMETERS[name].symbol: value for name, value in self.given.items()}
        if self.has("gap"):
            known = {phi(X): "gap", iso(X): "isometry", PARAMETERS["gap"].symbol: "gap"}
            letters |= {x: getattr(self, name) for x, name in known.items() if expr.has(x)}
        if self.spectrum is None:
            # The power sums stay symbols; so do sums over eigenvalues, between their new limits.
            return expr.xreplace({d: self.width, **letters})
        numbers = {x: value for x, value in letters.items() if not value.free_symbols}
        expr = in_power_sums(expr).xreplace(numbers)
        sums = {s: self.power_sum(s.order) for s in sorted(expr.atoms(PowerSum), key=str)}
        expr = expr.xreplace({s: value for s, value in sums.items() if not value.free_symbols})
        # A symbol that was given may be called d, and is not the width: it is put in last.
        # Sums over the rows of a layer that is not given stay sums.
        rows = {s: Dummy() for s in expr.atoms(Sum, Product) if lam.label not in s.free_symbols}
        written = written_out(expr.xreplace(rows), int(self.width))
        written = written.xreplace({dummy: s.subs(d, self.width) for s, dummy in rows.items()})
        if lam.label in written.free_symbols:
            letters |= {lam[n]: value for n, value in enumerate(self.spectrum)}
        return written.xreplace(letters)


def _given(name: str, value: object) -> Expr:
    check = PARAMETERS[name].check
    if check is None:
        raise TypeError(f"{name} = {shown(value)} is no single number; expected {SCALARS}")
    return check(name, value)


def _as_input(batch: Any, width: object, samples: Expr | None) -> Array:
    """Return a batch, samples × features, as an input: features × samples."""
    array, said = flattened("batch", floats("batch", batch))
    if said:
        warn_user(f"{said}; pass batch.reshape({len(array)}, -1) to say so yourself")
    values = matrix("batch", array)
    X = require_scale("batch", values).T
    features, count = X.shape
    if width is not None and _as_width(width) != features:
        raise ValueError(
            f"batch has {features} features but d = {width}; expected as many, or carry it to "
            f"that width: derivations.numeric.batch.carry(Batch(values), {width})"
        )
    if samples is not None and samples != count:
        raise ValueError(f"batch has {count} samples but n = {samples}; leave n out")
    return X


def _as_spectrum(values: list[object]) -> tuple[Spectrum, bool]:
    """Return eigenvalues, and whether none of them came as a float; refuse what is none."""
    if values and all(isinstance(value, float | np.float32 | np.float16) for value in values):
        floats = np.array(values, dtype=float)
        if np.isfinite(floats).all() and (floats >= 0).all() and floats.any():
            return FloatSpectrum(floats), False
    read = [_as_eigenvalue(value, where) for where, value in enumerate(values)]
    exact = not any(value.has(Float) for value in read)
    return Spectrum(map(without_floats, read)), exact


def _listed(spectrum: Any) -> list[object]:
    """Return the eigenvalues as a list, refusing what has no order or is no collection."""
    say = "expected the d eigenvalues of A = X X^T, such as spectrum=[1, 2, 3]"
    if isinstance(spectrum, str | bytes):
        raise TypeError(f"spectrum = {spectrum!r} is text; {say}")
    if isinstance(spectrum, Set | Mapping):
        # A set has lost the eigenvalues that come twice.
        raise TypeError(f"spectrum = {spectrum!r} is a {type(spectrum).__name__}; {say}")
    shape = getattr(spectrum, "shape", (0,))
    if len(shape) > 1 and max(shape) < prod(shape):
        raise TypeError(f"spectrum has shape {tuple(shape)}; {say}; {FROM_INPUT}")
    try:
        # A SymPy matrix of one row or column runs over its entries, an array over its rows.
        return list(spectrum.ravel() if len(shape) > 1 and hasattr(spectrum, "ravel") else spectrum)
    except TypeError:
        raise TypeError(f"spectrum = {spectrum!r} is not a list of numbers; {say}") from None


def _as_width(width: object) -> Expr:
    if isinstance(width, Expr) and width.free_symbols:
        possible = width.is_commutative and width.is_integer is not False
        if not possible or width.is_positive is False:
            raise ValueError(f"d = {width} is not a dimension; {EXAMPLE}")
        return width
    if isinstance(width, bool) or not isinstance(width, IntegralNumber | Integer):
        raise TypeError(f"d = {shown(width)} is not a dimension; {_hint(width)}")
    if int(width) < 1:
        raise ValueError(f"d = {width} is not a dimension; {EXAMPLE}")
    return Integer(int(width))


def _hint(width: Any) -> str:
    """Say what to write in place of what is not a dimension."""
    if isinstance(width, float | Float) and 1 <= float(width) < inf and float(width).is_integer():
        return f"write d={int(width)}"
    if hasattr(width, "__len__") and not isinstance(width, str):
        return f"{EXAMPLE}; eigenvalues go into spectrum=[…]"
    return EXAMPLE


def _as_eigenvalue(value: object, where: int) -> Expr:
    number = as_number(value)
    place = f"spectrum[{where}] = {shown(value)}"
    if number is None:
        raise TypeError(f"{place} is not a number or a SymPy expression; expected such as 2 or 0.5")
    if number is nan or number.is_finite is False:
        raise ValueError(f"{place} is not finite; expected the eigenvalues of a finite A = X X^T")
    if number.is_real is False or not number.is_commutative:
        raise TypeError(f"{place} is not real; the eigenvalues of A = X X^T are; {FROM_INPUT}")
    if number.is_negative:
        raise ValueError(f"{place} is negative; the eigenvalues of A = X X^T are not; {FROM_INPUT}")
    return number
