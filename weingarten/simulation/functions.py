"""Functions of numbers as SymPy means them: principal values, complex where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from sympy import Float, I, Integer

from weingarten.simulation.frame import Array, refused

#: Relative to its size, a complex number this close to the negative axis may lie on it.
_ON_THE_CUT = 1e-12
#: Integers up to here are exact as floats.
_EXACT = 2.0**53

#: Right for real arguments wherever the result is finite.
_REAL: dict[Any, Callable[..., Array]] = {
    sympy.asin: np.arcsin,
    sympy.acos: np.arccos,
    sympy.atan: np.arctan,
    sympy.asinh: np.arcsinh,
    sympy.acosh: np.arccosh,
    sympy.atanh: np.arctanh,
    sympy.atan2: np.arctan2,
    sympy.floor: np.floor,
    sympy.ceiling: np.ceil,
    sympy.Mod: np.mod,
}

#: Right for complex arguments as well.
_COMPLEX: dict[Any, Callable[..., Array]] = {
    sympy.exp: np.exp,
    sympy.sin: np.sin,
    sympy.cos: np.cos,
    sympy.tan: np.tan,
    sympy.sinh: np.sinh,
    sympy.cosh: np.cosh,
    sympy.tanh: np.tanh,
    sympy.Abs: np.abs,
    sympy.sign: np.sign,
    sympy.re: np.real,
    sympy.im: np.imag,
    sympy.conjugate: np.conj,
    sympy.adjoint: np.conj,
    sympy.transpose: lambda x: x,
}

#: Not functions of numbers, though SymPy evaluates them at almost all.
_DISTRIBUTIONS = (sympy.DiracDelta, sympy.SingularityFunction)


def applied(expr: Any, arguments: list[Array]) -> Array:
    """Return the value of a function, the head of `expr`, at numbers for its arguments."""
    function = expr.func
    if isinstance(expr, _DISTRIBUTIONS):
        raise refused(expr, "a distribution has no value at a sample")
    arguments = [_real_if_exact(argument) for argument in arguments]
    real = not any(np.iscomplexobj(argument) for argument in arguments)
    if function is sympy.log and len(arguments) == 1:
        return logarithm(expr, arguments[0])
    if function in _COMPLEX:
        return _COMPLEX[function](*arguments)
    if real and function in _REAL:
        value = _REAL[function](*arguments)
        if np.isfinite(value).all():
            return value
    return _one_by_one(expr, arguments)


def power(expr: Any, base: Array, exponent: Array) -> Array:
    """Return the principal value of a power.

    Examples
    --------
    >>> power("(-8)**(1/3)", np.array([-8.0]), np.array([1 / 3])).round(12)
    array([1.+1.73205081j])
    """
    base, exponent = _real_if_exact(base), _real_if_exact(exponent)
    whole = not np.iscomplexobj(exponent) and bool((exponent == np.rint(exponent)).all())
    if whole and exponent.size == 1 and abs(exponent.item()) < _EXACT:
        whole_exponent = int(exponent.item())
        if 0 <= whole_exponent <= 8:
            return np.asarray(_product(base, whole_exponent))
    if np.iscomplexobj(base) and not whole:
        _require_off_the_cut(expr, base)
    if not whole and not np.iscomplexobj(base) and (base < 0).any():
        base = base.astype(complex)
    return np.asarray(np.power(base, exponent))


def logarithm(expr: Any, argument: Array) -> Array:
    """Return the principal value of a logarithm."""
    if np.iscomplexobj(argument):
        _require_off_the_cut(expr, argument)
    elif (argument < 0).any():
        argument = argument.astype(complex)
    return np.asarray(np.log(argument))


def _product(base: Array, exponent: int) -> Array:
    # Repeated multiplication: numpy.power is slow for cubes and beyond.
    if exponent == 0:
        return np.ones_like(base)
    half = base if exponent == 1 else _product(base, exponent // 2)
    if exponent == 1:
        return base
    square = half * half
    return np.asarray(square * base if exponent % 2 else square)


def _real_if_exact(value: Array) -> Array:
    return value.real if np.iscomplexobj(value) and not value.imag.any() else value


def _require_off_the_cut(expr: Any, argument: Array) -> None:
    off = np.abs(argument.imag)
    if ((argument.real < 0) & (off > 0) & (off <= _ON_THE_CUT * np.abs(argument.real))).any():
        raise ValueError(
            f"{expr} is taken of a negative number up to rounding, where its principal value "
            "jumps; expected an argument that is real, such as re(...), or away from there"
        )


def _one_by_one(expr: Any, arguments: list[Array]) -> Array:
    """Let SymPy evaluate a function, at each different argument once."""
    columns = np.broadcast_arrays(*arguments)
    shape = columns[0].shape
    rows = np.stack([column.ravel() for column in columns], axis=-1)
    different, where = np.unique(rows, axis=0, return_inverse=True)
    values = np.array([_number(expr, row) for row in different])
    return _real_if_exact(values[where.ravel()].reshape(shape))


def _number(expr: Any, row: Array) -> complex:
    try:
        return complex(expr.func(*map(_exact, row.tolist())).evalf())
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        at = ", ".join(f"{value:g}" for value in row.tolist())
        raise refused(expr, f"{expr.func} has no finite value at {at}") from None


def _exact(value: Any) -> Any:
    if isinstance(value, complex):
        return _exact(value.real) + I * _exact(value.imag)
    return Integer(int(value)) if value.is_integer() and abs(value) < _EXACT else Float(value)
