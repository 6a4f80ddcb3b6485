"""Write moduli, real and imaginary parts and determinants as polynomials in random entries."""

from __future__ import annotations

from collections import Counter

from sympy import (
    Abs,
    Adjoint,
    Determinant,
    Expr,
    I,
    MatMul,
    Mul,
    Pow,
    S,
    Transpose,
    conjugate,
    im,
    re,
)

from weingarten.ensembles.base import RandomMatrix


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


def _part(e: Expr, sign: int, over: Expr) -> Expr:
    inner = e.args[0]
    return (inner + sign * conjugate(inner)) / over


def _without_determinants(expr: Expr) -> Expr:
    """Take the determinant of a Haar matrix for what it is: of modulus 1."""
    if not expr.has(Determinant):
        return expr
    expr = expr.replace(lambda e: isinstance(e, Determinant), _of_factors)
    return (
        expr.replace(
            lambda e: isinstance(e, Abs) and e.args[0].is_Mul and e.has(Determinant), _apart
        )
        .replace(lambda e: isinstance(e, Abs) and _is_phase(e.args[0]), lambda e: S.One)
        .replace(lambda e: _is_phase(e) and e.arg.has_unit_determinant, lambda e: S.One)
        .replace(lambda e: isinstance(e, conjugate) and _is_sign(e.args[0]), lambda e: e.args[0])
        .replace(lambda e: e.is_Mul or e.is_Pow, _without_phases)
    )


def _of_factors(determinant: Expr) -> Expr:
    """Write the determinant of a product, a transpose or an adjoint by those of the letters."""
    inner = determinant.arg
    if isinstance(inner, Transpose):
        return _of_factors(Determinant(inner.arg))
    if isinstance(inner, Adjoint):
        return conjugate(_of_factors(Determinant(inner.arg)))
    if isinstance(inner, MatMul) and inner.atoms(RandomMatrix):
        scalar, matrices = inner.as_coeff_matrices()
        if all(matrix.shape[0] == matrix.shape[1] for matrix in matrices):
            return scalar ** inner.shape[0] * Mul(*(_of_factors(Determinant(m)) for m in matrices))
    return determinant


def _apart(modulus: Expr) -> Expr:
    """Write the modulus of a product as the product of the moduli."""
    return Mul(*(Abs(factor) for factor in Mul.make_args(modulus.args[0])))


def _is_phase(e: Expr) -> bool:
    return isinstance(e, Determinant) and isinstance(e.arg, RandomMatrix) and e.arg.is_haar


def _is_sign(e: Expr) -> bool:
    return _is_phase(e) and e.arg.is_real_valued


def _without_phases(product: Expr) -> Expr:
    """Cancel the powers of a determinant against those of its conjugate."""
    powers: Counter[Expr] = Counter()
    others = []
    for factor in Mul.make_args(product):
        base, exponent = factor.as_base_exp()
        inner = base.args[0] if isinstance(base, conjugate) else base
        if _is_phase(inner) and exponent.is_Integer:
            powers[inner] += int(exponent) * (1 if base == inner else -1)
        else:
            others.append(factor)
    if not powers:
        return product
    return Mul(*others, *(_power(phase, exponent) for phase, exponent in powers.items()))


def _power(phase: Expr, exponent: int) -> Expr:
    """Return a power of a determinant: the inverse is the conjugate."""
    if _is_sign(phase):
        return phase ** (exponent % 2)
    return Pow(phase if exponent >= 0 else conjugate(phase), abs(exponent))
