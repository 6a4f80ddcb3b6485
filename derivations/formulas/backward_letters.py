"""The letters of the backward pass: norms, gradients, and what is left of a loss in a layer."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function, IndexedBase, Symbol, symbols
from sympy.printing.pretty.stringpict import prettyForm

from derivations.notation import X, X_next, phi

__all__ = [
    "C",
    "D",
    "G_L",
    "G_W",
    "G_X",
    "Gradient",
    "J",
    "M",
    "M_before",
    "N",
    "K",
    "K_before",
    "Norm",
    "S",
    "S_before",
    "S_off",
    "X_L",
    "Y",
    "a_min",
    "T",
    "constant",
    "direction",
    "fall",
    "g",
    "jac",
    "lam_min",
    "m",
    "mu",
    "rho",
    "row",
    "sample",
    "steps_to",
    "u",
    "vector",
    "x",
    "y",
]


class Norm(Expr):
    """The norm of a matrix: Frobenius for gradients, spectral for Jacobians.

    Examples
    --------
    >>> Norm(Symbol("J_l"))
    ‖J_l‖
    """

    is_commutative = True
    is_nonnegative = True
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return f"‖{printer._print(self.args[0])}‖"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\|{printer._print(self.args[0])}\|{power}"

    def _pretty(self, printer: Any, *_: object) -> Any:
        (inside,) = self.args
        named = Symbol(str(inside)) if isinstance(inside, IndexedBase) else inside
        return prettyForm(*prettyForm(*printer._print(named).left("‖")).right("‖"))


class Gradient(Expr):
    """The gradient ∂ℒ/∂Z of the loss by a matrix.

    Examples
    --------
    >>> Gradient(Symbol("W_l"))
    ∂ℒ/∂W_l
    """

    is_commutative = True

    def _sympystr(self, printer: Any) -> str:
        return f"∂ℒ/∂{printer._print(self.args[0])}"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\partial \mathcal{{L}}/\partial {printer._print(self.args[0])}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def _pretty(self, printer: Any, *_: object) -> Any:
        return prettyForm(*printer._print(self.args[0]).left("∂ℒ/∂"))


J = Symbol("J_l")
"""The Jacobian of batch normalisation at H_l = W_l X_l."""
W_l, X_L = symbols("W_l X_L")
G_W, G_X, G_L = (Gradient(z) for z in (W_l, X, X_L))

M, M_before, N, C = (IndexedBase(letter, real=True) for letter in ("M", "Mtilde", "N", "C"))
"""M = G X_{l+1}ᵀ for the gradient G at X_{l+1}, and M̃ at X_l; N with ∂ℒ/∂W = N W; the cosines
C = X_{l+1} X_{l+1}ᵀ."""
g, row, D, jac = (IndexedBase(letter, real=True) for letter in ("g", "x", "D", "J"))
"""The rows g of the gradient at X_{l+1}, the rows x of X_{l+1}, the gradient D at H_l = W_l X_l."""
vector = Symbol("x")

direction = IndexedBase("e", positive=True)
"""e_i = (W A² Wᵀ)_ii, for a row w of W the square of ‖A w‖."""
a_min = Symbol("a_{min}", positive=True)
fall = phi(X) - phi(X_next)
"""Δ = φ(X_l) - φ(X_{l+1}), by how much the gap falls in the layer."""
rho = Symbol("rho", positive=True)
lam_min = Symbol("lambda_min", positive=True)
mu = Symbol("mu", integer=True, nonnegative=True)
constant = Symbol("C_0", positive=True)
"""An absolute constant."""
steps_to = Symbol("S", integer=True, nonnegative=True)
"""S, the first layer whose input has a gap of at most 1/(16 d)."""
T = Symbol("T_l")
"""The Jacobian of a whole layer, ∂X_{l+1}/∂X_l."""
sample = Symbol("g")
u = Function("u", nonnegative=True)
x, y = symbols("x y", positive=True)
m = Symbol("m", integer=True, nonnegative=True)

S_before, K_before = (IndexedBase(letter, real=True) for letter in ("Stilde", "Ktilde"))
S, K = symbols("S_o K")
S_off = Symbol("Stilde_o")
"""M = τ 1 + S + K at isometry: S is symmetric of trace zero, S_o without its diagonal, K skew."""
Y = Symbol("Y")
