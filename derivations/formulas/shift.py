"""The integral for E log(a/m), with its number at hand."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Float, Integral, Mul, Rational, oo
from sympy.core.evalf import prec_to_dps

from derivations.notation import t
from derivations.numeric.shift_digits import shift_to_digits
from derivations.scalars import as_fraction

__all__ = ["ShiftIntegral"]


class ShiftIntegral(Integral):
    """The integral over t of ((1 + 2 t m)^(-d/2) - Π_k (1 + 2 t λ_k)^(-1/2))/t, from 0 on.

    SymPy orders the terms of a sum, to print it, by the numbers that their constants are, and
    takes half a second for each two eigenvalues of this one: here it is had at once, from the
    rule that evaluates the law at floats.

    Examples
    --------
    >>> from sympy import Integer
    >>> ShiftIntegral.of([Integer(1), Integer(4)]).evalf(20)  # log(9/10)
    -0.10536051565782630123
    """

    @classmethod
    def of(cls, eigenvalues: Sequence[Expr]) -> Expr:
        """Write the integral for eigenvalues; zero where they are all alike."""
        integrand = _integrand(eigenvalues)
        return cls(integrand, (t, 0, oo)) if integrand != 0 else Rational(0)

    def _eval_evalf(self, prec: int) -> Expr | None:
        eigenvalues = self._eigenvalues()
        digits = prec_to_dps(prec)
        if eigenvalues is None:  # something was done to it
            plain = Integral(*self.args)
            return None if self.free_symbols else plain.evalf(digits)
        numbers = [as_fraction(value) for value in eigenvalues]
        return Float(shift_to_digits(numbers, digits + 2), precision=prec)

    def _eigenvalues(self) -> list[Expr] | None:
        """Read them from the product, the term that is subtracted."""
        found: list[Expr] = []
        for term in Add.make_args(self.function * t):
            if term.could_extract_minus_sign():
                for factor, power in (-term).as_powers_dict().items():
                    found += [factor.coeff(t) / 2] * int(-2 * power)
        if self.free_symbols or not found or self.args != self.of(found).args:
            return None
        return found


def _integrand(eigenvalues: Sequence[Expr]) -> Expr:
    d = len(eigenvalues)
    isotropic = (1 + 2 * t * (Add(*eigenvalues) / d)) ** Rational(-d, 2)
    return (isotropic - Mul(*((1 + 2 * t * v) ** Rational(-1, 2) for v in eigenvalues))) / t
