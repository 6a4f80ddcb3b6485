"""The arguments of every public function: a group, and a dimension (a symbol or an integer)."""

from __future__ import annotations

from typing import Any, Literal

from sympy import Expr, Integer, Symbol

Group = Literal["unitary", "orthogonal", "symplectic"]


def as_dimension(d: Any, argument: str = "d") -> Expr:
    """Return `d` as a SymPy symbol or positive `Integer`.

    Parameters
    ----------
    d : int, Integer or Symbol
        What the user gave.
    argument : str
        The name of the argument, for the message.

    Raises
    ------
    TypeError
        If `d` is neither an integer nor a symbol.
    ValueError
        If it is an integer below 1, or a symbol whose assumptions exclude positive integers.

    Examples
    --------
    >>> as_dimension(3)
    3
    >>> as_dimension(-1)
    Traceback (most recent call last):
    ...
    ValueError: d = -1: expected a positive integer or a SymPy symbol
    """
    expected = "expected a positive integer or a SymPy symbol"
    if isinstance(d, Symbol):
        if d.is_integer is False or d.is_positive is False:
            raise ValueError(
                f"{argument} = {d}: the symbol is declared {_contradiction(d)}; {expected}"
            )
        return d
    if isinstance(d, bool) or (not isinstance(d, int | Integer) and not _is_integral(d)):
        kind = ValueError if isinstance(d, float) or getattr(d, "is_number", False) else TypeError
        raise kind(f"{argument} = {d!r}: {expected}")
    value = Integer(d)
    if value < 1:
        raise ValueError(f"{argument} = {d!r}: {expected}")
    return value


def _is_integral(d: Any) -> bool:
    # NumPy's integers have __index__; its floats do not.
    return hasattr(d, "__index__")


def _contradiction(d: Symbol) -> str:
    return "non-integer" if d.is_integer is False else "not positive"
