"""Write moduli, real and imaginary parts and determinants as polynomials in random entries."""

from __future__ import annotations

from sympy import Abs, Determinant, Expr, I, Mul, S, conjugate, im, re

from weingarten.ensembles.base import RandomMatrix, is_haar


def unfolded(expr: Expr) -> Expr:
    """Write moduli, real and imaginary parts as polynomials in entries and conjugates."""

    def random(e: Expr) -> bool:
        return bool(e.atoms(RandomMatrix))

    def modulus(power: Expr) -> Expr:
        inner = power.base.args[0]
        return (inner * conjugate(inner)) ** (power.exp / 2)

    return (
        _without_determinants(expr)
        .replace(lambda e: isinstance(e, re) and random(e), lambda e: _part(e, 1, 2))
        .replace(lambda e: isinstance(e, im) and random(e), lambda e: _part(e, -1, 2 * I))
        .replace(
            lambda e: e.is_Pow and isinstance(e.base, Abs) and random(e) and e.exp.is_even, modulus
        )
    )


def _without_determinants(expr: Expr) -> Expr:
    """Take the modulus of the determinant of a Haar matrix for what it is, 1."""

    def unimodular(e: Expr) -> bool:
        return isinstance(e, Determinant) and is_haar(e.arg)

    def sign(e: Expr) -> bool:
        return unimodular(e) and e.arg.is_real_valued

    return (
        expr.replace(lambda e: isinstance(e, Abs) and unimodular(e.args[0]), lambda e: S.One)
        .replace(lambda e: unimodular(e) and e.arg.group == "symplectic", lambda e: S.One)
        .replace(lambda e: isinstance(e, conjugate) and sign(e.args[0]), lambda e: e.args[0])
        .replace(lambda e: e.is_Pow and sign(e.base) and e.exp.is_even, lambda e: S.One)
        .replace(lambda e: e.is_Mul and any(map(unimodular, e.args)), _without_phases)
    )


def _without_phases(product: Expr) -> Expr:
    """Cancel each determinant of a unitary matrix against its conjugate."""
    factors = list(product.args)
    for factor in product.args:
        if isinstance(factor, Determinant) and conjugate(factor) in factors:
            factors.remove(factor)
            factors.remove(conjugate(factor))
    return Mul(*factors)


def _part(e: Expr, sign: int, over: Expr) -> Expr:
    inner = e.args[0]
    return (inner + sign * conjugate(inner)) / over
