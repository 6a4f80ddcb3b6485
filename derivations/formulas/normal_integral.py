"""Integrals over the normal density, with their numbers at hand."""

from __future__ import annotations

import mpmath
from sympy import Expr, Float, Integral, Symbol, exp, lambdify, oo, pi, sqrt, tanh
from sympy.core.evalf import prec_to_dps

from derivations.numeric.gaussian_means import normal_mean

__all__ = ["NormalIntegral"]


class NormalIntegral(Integral):
    """The mean of an even function of tanh(α z) and z over a standard normal z.

    SymPy orders the terms of a sum, to print it, by the numbers that their constants are, and
    takes seconds for one of these: here it is had at once.

    Examples
    --------
    >>> z = Symbol("z", real=True)
    >>> NormalIntegral.of(tanh(z) ** 2, z).evalf(10)
    0.3942944904
    """

    @classmethod
    def of(cls, body: Expr, variable: Symbol) -> Expr:
        """Write the integral."""
        density = exp(-(variable**2) / 2) / sqrt(2 * pi)
        return cls(body * density, (variable, -oo, oo))

    def _eval_evalf(self, prec: int) -> Expr | None:
        if self.free_symbols:
            return None
        (variable,) = self.variables
        body = self.function * exp(variable**2 / 2) * sqrt(2 * pi)
        gains = [part.args[0] / variable for part in body.atoms(tanh)]
        with mpmath.workdps(prec_to_dps(prec) + 10):
            scale = max([1, *(abs(gain._to_mpmath(mpmath.mp.prec)) for gain in gains)])
            value = normal_mean(lambdify(variable, body, "mpmath"), mpmath.mpf(scale))
            return Float(value, precision=prec)
