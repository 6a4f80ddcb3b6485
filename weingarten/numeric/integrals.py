"""The integrals that means of ratios are, as numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
from sympy import Determinant, Expr, Float, Integral, S

#: Digits of an integral where none are asked for, and how many more it is worked out to.
_DIGITS, _MORE = 15, 10


def with_numbers(expr: Expr, matrix: Callable[[Any], Any], digits: int | None) -> Expr:
    """Return an expression in which integrals of powers of determinants are numbers.

    Parameters
    ----------
    expr : Expr
        The expression: its integrands are a power of t times a power of ``det(1 + t M)``.
    matrix : callable
        Returns the value of a matrix expression, as an array.
    digits : int, optional
        How many digits are to be right: by default what floats hold.

    Raises
    ------
    ValueError
        If a matrix M has an eigenvalue that is not positive: the form is not; or if more digits
        are asked for than floats hold, which the eigenvalues are.
    """
    if digits is not None and digits > _DIGITS and expr.has(Integral):
        raise ValueError(
            f"digits = {digits}: the integral is worked out from eigenvalues in floats; expected "
            f"no more than {_DIGITS}"
        )
    return expr.xreplace(
        {part: _value(part, matrix, digits or _DIGITS) for part in expr.atoms(Integral)}
    )


def _value(part: Integral, matrix: Callable[[Any], Any], digits: int) -> Expr:
    (determinant,) = part.function.atoms(Determinant)
    t = part.limits[0][0]
    rest, power = S.One, S.Zero
    for factor in part.function.as_ordered_factors():
        base, exponent = factor.as_base_exp()
        if base == determinant:
            power = exponent
        else:
            rest *= factor
    inner = np.asarray(matrix(determinant.arg.subs(t, 1)))
    with mpmath.workdps(digits + _MORE):
        rates = _eigenvalues(inner - np.eye(len(inner)))
        if min(rates) <= 0:
            raise ValueError(
                f"{part} at the values in `at`: the form has the eigenvalue {min(rates)}; expected "
                "a positive one"
            )
        weight, order = mpmath.mpf(str(rest.subs(t, 1))), int(rest.as_coeff_exponent(t)[1])
        exponent = mpmath.mpf(int(power.p)) / int(power.q)
        scale = 1 / mpmath.fsum(rates)

        def integrand(w: Any) -> Any:
            # At u = scale (1/w^2 - 1) what falls as a power of u is smooth in w down to 0.
            u = scale * (1 / w**2 - 1)
            whole = mpmath.fprod(1 + u * rate for rate in rates)
            return u**order * whole**exponent * 2 * scale / w**3

        found = mpmath.quad(integrand, [0, 0.1, 1])
        return Float(found * weight, digits + _MORE)


def _eigenvalues(array: Any) -> list[Any]:
    values = np.linalg.eigvals(array)
    return [mpmath.mpf(float(value.real)) for value in values]
