"""What a formula may be evaluated at: one list of named parameters, each with its check.

A formula takes those whose letters stand in its statement, or those that it names; see
`derivations.formula.Formula.takes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from sympy import Expr, Symbol

from derivations import scalars
from derivations.notation import L, alpha, d, eta, exponent, l, n, phi_0, q, r

__all__ = ["INPUT", "PARAMETERS", "SCALARS", "Parameter", "known", "refuse_unknown", "short"]

Check = Callable[[str, object], Expr]


@dataclass(frozen=True)
class Parameter:
    """A named argument of `Formula.evaluate`.

    Parameters
    ----------
    name : str
        As a user writes it.
    meaning : str
        A few words, for a help text; may hold LaTeX between dollar signs.
    example : object
        What a message shows, and a cross-check takes where nothing is given.
    symbol : sympy.Symbol, optional
        Its letter in a statement.
    check : callable, optional
        Takes name and value, and returns the value as a SymPy expression or refuses it. Without
        one, `derivations.point.Point` looks at it.
    """

    name: str
    meaning: str
    example: Any
    symbol: Symbol | None = None
    check: Check | None = None


def _count(name: str, meaning: str, example: int, symbol: Symbol, least: int) -> Parameter:
    check = partial(scalars.count, least=least, example=example)
    return Parameter(name, meaning, example, symbol, check)


def _real(name: str, meaning: str, example: Any, symbol: Symbol, positive: bool) -> Parameter:
    check = partial(scalars.real, positive=positive, example=example)
    return Parameter(name, meaning, example, symbol, check)


PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter("d", "width: rows of each layer", 8, d),
        Parameter("spectrum", "the $d$ eigenvalues of $A = X X^{\\top}$, of any scale", [1, 2, 3]),
        Parameter("batch", "samples × features: array, data frame or tensor", "X"),
        _count("n", "number of samples", 8, n, 1),
        _real("gap", "isometry gap of the input", 1, phi_0, False),
        _real("threshold", "isometry gap that is to be reached", 0.01, eta, True),
        _count("depth", "number of layers", 10, L, 0),
        _count("layer", "a layer, from 0 to the depth", 3, l, 0),
        _count("q", "order of a moment", 3, q, 0),
        _count("r", "order of a second moment, or a rank", 2, r, 0),
        _real("alpha", "gain before the activation", 1, alpha, True),
        _real("exponent", "exponent $e$ of the gains $(l + 1)^{-e}$", 0.4, exponent, False),
        Parameter("digits", "how many decimal digits of the value are wanted", 50),
    )
}
"""Every parameter by its name, in the order in which messages list them."""

INPUT = ("spectrum", "batch")
"""Two ways to give the input of a layer."""

SCALARS = tuple(name for name, parameter in PARAMETERS.items() if parameter.check)
"""The parameters that are one number, the width apart."""


def known(names: Iterable[str]) -> str:
    """List parameters as a message does.

    Examples
    --------
    >>> known(["digits", "d"])
    'd and digits'
    """
    *most, last = [name for name in PARAMETERS if name in set(names)]
    return f"{', '.join(most)} and {last}" if most else last


def refuse_unknown(names: Iterable[str]) -> None:
    """Refuse what is the name of no parameter, and suggest one.

    Examples
    --------
    >>> refuse_unknown(["dept"])
    Traceback (most recent call last):
        ...
    TypeError: no argument is called 'dept'; did you mean depth?
    """
    for name in names:
        if name not in PARAMETERS:
            close = get_close_matches(name, PARAMETERS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known: {known(PARAMETERS)}"
            raise TypeError(f"no argument is called {name!r}; {hint}")


def short(number: Expr) -> str:
    """Return a number as it is read at a glance.

    Examples
    --------
    >>> from sympy import Float, Integer
    >>> short(Integer(10)), short(Float(0.01))
    ('10', '0.01')
    """
    return str(number) if number.is_Integer else f"{float(number):.6g}"
