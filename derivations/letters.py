"""What the letters of statements mean, each in a few words, for whoever reads a table of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy import Basic, preorder_traversal

__all__ = ["LETTERS", "Letter", "letters_in"]


@dataclass(frozen=True)
class Letter:
    """A letter of the notation, or a few that belong together.

    Parameters
    ----------
    written : str
        How it is written, in LaTeX.
    meaning : str
        What it is, a few words that may hold LaTeX between dollar signs.
    names : frozenset of str
        The symbols, functions and classes of SymPy expressions that it explains.
    """

    written: str
    meaning: str
    names: frozenset[str]


def _letter(written: str, meaning: str, names: str) -> Letter:
    return Letter(written, meaning, frozenset(names.split(", ")))


LETTERS = (
    _letter(r"d", r"the width: a weight matrix is $d \times d$", "d"),
    _letter(r"n", r"the number of samples", "n"),
    _letter(
        r"X_l",
        r"the input of layer $l$, features × samples; the last of $L$ layers gives $X_L$",
        "X_l, X_{l+1}, X_L, X_1, X_{m}",
    ),
    _letter(r"L", r"the number of layers", "L"),
    _letter(r"W", r"the weights of a layer, random; those of layer $l$ are $W_l$", "W, W_l"),
    _letter(r"i, j, k, l", r"as indices of an entry: different rows and columns", "RealElement"),
    _letter(
        r"\mathbb{E}",
        r"the mean over random weights; $\mathbb{E}[x | X_l]$ at a fixed input of the layer",
        "Mean, Variance, Covariance",
    ),
    _letter(
        r"\lambda_k",
        r"the eigenvalues of $A = X_l X_l^{\top}$; a sum or product over $k$ is over all of them",
        "lambda",
    ),
    _letter(r"p_r", r"the sum of the powers $\lambda_k^r$ of all eigenvalues of $A$", "PowerSum"),
    _letter(r"a_i", r"the squared norm of row $i$ of $W X_l$", "a"),
    _letter(r"a_{\min}, \lambda_{\min}", r"the least of each", "a_{min}, lambda_min"),
    _letter(
        r"I",
        r"the isometry of $X$, $I(X) = d \det(A)^{1/d} / \operatorname{tr} A$ with "
        r"$A = X X^{\top}$: 1 where all eigenvalues are equal, and else less",
        "I, phi, phi_0",
    ),
    _letter(
        r"\phi",
        r"the isometry gap, $\phi(X) = -\log I(X)$; $\phi_0$ is that of the input",
        "phi, phi_0",
    ),
    _letter(r"c", r"the greatest distance of an eigenvalue from 1", "c"),
    _letter(
        r"g_m, g_M",
        r"$(x - 1 - \log x)/(x - 1)^2$ at the least and the greatest eigenvalue",
        "g_m, g_M",
    ),
    _letter(r"S", r"the first layer whose input has a gap below a threshold", "S"),
    _letter(r"\eta", r"the threshold", "eta"),
    _letter(
        r"\Sigma_L",
        r"the sum of the squared entries of $A - 1$ after $L$ layers, linearised at $A = 1$",
        "Sigma_L",
    ),
    _letter(
        r"T_{11}, T_{12}",
        r"entries of the $L$-th power of the $2 \times 2$ matrix in the derivation",
        "T_{11}, T_{12}",
    ),
    _letter(
        r"K_{v v}",
        r"$v^{\top} X_{l+1}^{\top} X_{l+1} v$ for the unit eigenvector $v$ of "
        r"$X_l^{\top} X_l$ with eigenvalue $\lambda_0$",
        "K_{v v}",
    ),
    _letter(
        r"\partial \mathcal{L}/\partial Z",
        r"the gradient of the loss with respect to the matrix $Z$",
        "Gradient",
    ),
    _letter(
        r"M, C, N",
        r"$M = G X_{l+1}^{\top}$ for the gradient $G$ at $X_{l+1}$, $C = X_{l+1} X_{l+1}^{\top}$; "
        r"the gradient at $W$ is $N W$",
        "M, C, N",
    ),
    _letter(
        r"S_o, \tilde{S}_o",
        r"the symmetric part of $M$ without its diagonal; the same one layer before",
        "S_o, Stilde_o",
    ),
    _letter(r"Y", r"the target of the loss $\|X_L - Y\|^2/2$", "Y"),
    _letter(r"g_l", r"the squared norm of the gradient at $X_l$", "g_l, g_{l+1}"),
    _letter(r"g", r"the gradient of the loss at the output of one sample", "g"),
    _letter(
        r"J_l",
        r"the Jacobian of batch normalisation in layer $l$; $J_{i j}$ is that of $x/\|x\|$",
        "J_l, J",
    ),
    _letter(r"T_l", r"the Jacobian of layer $l$, of $X_{l+1}$ as a function of $X_l$", "T_l"),
    _letter(r"x", r"a vector of $n$ entries", "x"),
    _letter(r"\mu", r"how often the Jacobian of $x/\|x\|$ has the eigenvalue $1/\|x\|$", "mu"),
    _letter(r"u(y)", r"the solution $u \ge 0$ of $u = y + (d-1) \log((d - e^{-u})/(d-1))$", "u"),
    _letter(r"\|x\|", r"the Frobenius norm of a matrix; of a Jacobian, the spectral norm", "Norm"),
    _letter(r"C_0", r"an absolute constant: 1/4 will do", "C_0"),
    _letter(r"X_c", r"$X$ less the mean over the samples", "X_c"),
    _letter(r"q", r"the order of a moment", "q"),
    _letter(r"r", r"the rank of $A$; of a joint moment, its second order", "r"),
    _letter(r"c_d", r"$\psi(d/2)$ less the mean of $\psi(j/2)$ over $j = 1, \dots, d$", "c_d"),
    _letter(r"\psi", r"the digamma function, the derivative of $\log \Gamma$", "polygamma, c_d"),
    _letter(r"\gamma", r"Euler's constant", "EulerGamma"),
    _letter(r"(x)_q", r"the product $x (x+1) \dots (x+q-1)$", "RisingFactorial"),
    _letter(r"[t^q]", r"the coefficient of $t^q$ in the power series that follows", "Coefficient"),
    _letter(r"\delta_{i j}", r"1 where $i = j$, and else 0", "KroneckerDelta"),
    _letter(r"z", r"a standard normal number", "z"),
    _letter(r"\alpha", r"the gain: an activation is applied to $\alpha z$", "alpha, f, chi"),
    _letter(
        r"f",
        r"the share of the mean square after the activation that no linear function of $z$ gives",
        "f",
    ),
    _letter(
        r"\chi",
        r"what an activation makes of the square of a gradient, relative to that of a row",
        "chi",
    ),
    _letter(r"e", r"the exponent of the gains $\alpha_l = (l + 1)^{-e}$", "e"),
    _letter(
        r"R_L", r"how much longer the log-norm of the gradient at $W_0$ is than at the last", "R_L"
    ),
)
"""The letters, in the order in which they are explained."""


def letters_in(statements: Iterable[Basic]) -> list[Letter]:
    r"""Return what explains the letters of statements.

    Examples
    --------
    >>> from derivations.notation import a, i, p
    >>> for letter in letters_in([p(1) + a[i]]):
    ...     print(letter.written, "is", letter.meaning)
    p_r is the sum of the powers $\lambda_k^r$ of all eigenvalues of $A$
    a_i is the squared norm of row $i$ of $W X_l$
    """
    found = {name for statement in statements for name in _names(statement)}
    return [letter for letter in LETTERS if letter.names & found]


def _names(statement: Basic) -> Iterator[str]:
    """Name the free symbols, the functions and the kinds of signs of a statement."""
    yield from (str(symbol) for symbol in statement.free_symbols)
    for part in preorder_traversal(statement):
        yield type(part).__name__
