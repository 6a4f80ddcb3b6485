"""Gradients at isometry, A = 1: a layer turns the symmetric and the skew part of M."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import (
    Add,
    Eq,
    Expr,
    ImmutableMatrix,
    Integer,
    Matrix,
    MatrixSymbol,
    Mul,
    Q,
    Rational,
    Trace,
    cancel,
    expand,
    zeros,
)
from sympy.core.relational import Relational

from derivations.formula import Formula, Hypothesis, Step
from derivations.formulas.again import Again, same
from derivations.formulas.backward import chain
from derivations.formulas.backward_checks import cited
from derivations.formulas.backward_letters import G_W, X_L, K, K_before, Norm, S, S_before, S_off, Y
from derivations.formulas.common import PAPER
from derivations.formulas.entries import HAAR, width_at_least
from derivations.notation import L, Mean, W, d, i, j, l
from derivations.numeric.gradient_draws import gradient_square_at_isometry, offdiagonal_square
from derivations.point import Point
from derivations.rows import mean_by_rows
from weingarten import E, HaarOrthogonal
from weingarten.caches import cached

__all__ = ["norm_at_isometry", "step_law"]

ISOMETRY = Hypothesis(
    r"The input has $X_0 X_0^{\top} = 1$, so that every $a_i$ and every $C_{i i}$ is 1: this needs "
    r"$n \ge d$ samples."
)
PARTS = Hypothesis(
    r"$M = \tau 1 + S + K$ with $S$ symmetric of trace zero and $K$ skew; $S_o$ is $S$ without its "
    r"diagonal, and $\tilde{S}$ and $\tilde{K}$ are these parts of $\tilde{M}$, one layer before; "
    r"$\tilde{S}_o$ is $\tilde{S}$ without its diagonal. "
    r"$\|\cdot\|$ is the Frobenius norm."
)
FAR = r"No such law: $A = 1$ is regular. Near it, see gradient-bound."
RATIO = Mean(Norm(S_off) ** 2) / Norm(S) ** 2


@dataclass(frozen=True)
class Turned:
    """The mean of a product of entries of Wᵀ S_o W and Wᵀ K W, one layer before, by two routes.

    Parameters
    ----------
    entries : tuple of (letter, row, column)
        The factors; the letter is "S" or "K".
    """

    entries: tuple[tuple[str, int, int], ...]

    @property
    def how(self) -> str:
        """What is compared."""
        return (
            "engine, for every $d$, every symmetric $S_o$ of trace zero and every skew $K$; and "
            "row by row on the sphere, written out at $d = 3$"
        )

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim holds."""
        left = Mean(Mul(*(_letter(*entry) for entry in self.entries)))
        if claim.lhs != left:
            return False
        by_words = _by_words(self.entries)
        if not same(claim.rhs, by_words):
            return False
        size = {Norm(S) ** 2: _square(_example("S")), Norm(K) ** 2: _square(_example("K"))}
        return bool(cancel(claim.rhs.subs(d, 3).xreplace(size) - _by_rows(self.entries)) == 0)


def _letter(letter: str, r: int, c: int) -> Expr:
    return (S_before if letter == "S" else K_before)[(i, j)[r], (i, j)[c]]


@cached(maxsize=64)
def _by_words(entries: tuple[tuple[str, int, int], ...]) -> Expr:
    """Find the mean with the engine, for matrices without entries."""
    A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    parts = {"S": W.T * A * W, "K": W.T * (B - B.T) * W}
    facts = [Q.symmetric(A)] if "S" in {letter for letter, _, _ in entries} else []
    value = E(Mul(*(parts[letter][r, c] for letter, r, c in entries)), *facts)
    value = expand(value).subs(Trace(A), 0)
    value = value.xreplace({Trace(A**2): Norm(S) ** 2})
    # ‖B - Bᵀ‖² = 2 tr B Bᵀ - 2 tr B².
    traces = [t for t in value.atoms(Trace) if t.arg.has(B) and t.arg.has(B.T)]
    value = value.xreplace(dict.fromkeys(traces, Norm(K) ** 2 / 2 + Trace(B**2)))
    value = cancel(value)
    if value.atoms(Trace):
        raise ValueError(f"{value} has traces that are no norms")
    return value


@cached(maxsize=64)
def _example(letter: str) -> ImmutableMatrix:
    """Return a matrix of width 3: symmetric with a zero diagonal, or skew."""
    M_ = zeros(3)
    for value, (r, c) in enumerate(((0, 1), (0, 2), (1, 2)), start=2):
        M_[r, c] = Rational(value)
        M_[c, r] = M_[r, c] if letter == "S" else -M_[r, c]
    return ImmutableMatrix(M_)


def _square(M_: Matrix) -> Expr:
    return sum((v**2 for v in M_), Integer(0))


@cached(maxsize=64)
def _by_rows(entries: tuple[tuple[str, int, int], ...]) -> Expr:
    V = HaarOrthogonal("W", 3)
    factors = []
    for letter, r, c in entries:
        M_ = _example(letter)
        terms = (M_[a, b] * V[a, r] * V[b, c] for a in range(3) for b in range(3) if M_[a, b])
        factors.append(Add(*terms))
    return mean_by_rows(expand(Mul(*factors)))


def _law(*entries: tuple[str, int, int], because: str) -> Step:
    left = Mean(Mul(*(_letter(*entry) for entry in entries)))
    value = _by_words(entries)
    return Step(Eq(left, value.factor(), evaluate=False), because, Turned(entries))


def _laws() -> Iterator[Step]:
    """Yield the second moments of both parts: those that do not vanish, and one of each other."""
    yield _law(
        ("S", 0, 1),
        ("S", 0, 1),
        because=r"$N$ is $S_o + K$, as $C = 1$, and $\tilde{M} = W^{\top} N W$; off the diagonal",
    )
    yield _law(("S", 0, 0), ("S", 0, 0), because="on the diagonal")
    yield _law(("S", 0, 0), ("S", 1, 1), because="two entries of the diagonal")
    yield _law(("K", 0, 1), ("K", 0, 1), because="the skew part")
    yield _law(
        ("S", 0, 1),
        ("K", 0, 1),
        because="the two parts are uncorrelated; all other second moments vanish by signs: "
        "turning one row of $W$ over changes theirs",
    )
    yield _law(("S", 0, 1), ("S", 0, 0), because="such as this one")


@cached(maxsize=1)
def _factor() -> Expr:
    """Return ρ: d (d - 1) entries off the diagonal, each with the mean square of the engine."""
    return cancel(d * (d - 1) * _by_words((("S", 0, 1), ("S", 0, 1))) / Norm(S) ** 2)


@cached(maxsize=1)
def _diagonal() -> Expr:
    return cancel(1 - d * _by_words((("S", 0, 0), ("S", 0, 0))) / Norm(S) ** 2)


def step_law() -> Formula:
    """Derive the second moments of both parts of M one layer before, at isometry.

    Examples
    --------
    >>> step_law().evaluate(d=4)
    2/3
    """
    statement = Eq(RATIO, d / (d + 2))
    return Formula(
        name="gradient-isometry-step",
        title="One layer backwards at isometry",
        statement=statement,
        hypotheses=(
            HAAR,
            ISOMETRY,
            PARTS,
            width_at_least(2),
        ),
        source="Weingarten calculus; the paper has no such law: " + PAPER,
        steps=(
            cited(chain().steps[2], "gradient-chain"),
            *_laws(),
            Step(
                statement,
                r"sum the $d (d - 1)$ entries off the diagonal; or take the diagonal off, as "
                r"$\|\tilde{S}\| = \|S_o\|$ for every $W$",
                Again(
                    RATIO,
                    _factor,
                    "engine: the mean squares again",
                    relation="==",
                    lemmas=(_two_ways(),),
                ),
            ),
        ),
        singular=FAR,
        draw=offdiagonal_square,
        arguments=("d",),
    )


def _two_ways() -> Step:
    ratio = Norm(S_off) ** 2 / Norm(S) ** 2
    return Step(
        Eq(ratio, _diagonal()), "less the diagonal", Again(ratio, _factor, "engine", relation="==")
    )


# A whole network.


def norm_at_isometry() -> Formula:
    """Derive E‖∂ℒ/∂W_l‖² at isometry, for ℒ = ½‖X_L - Y‖².

    Examples
    --------
    >>> norm_at_isometry().evaluate(d=4, depth=3, layer=1)
    5/8
    """
    square = Mean(Norm(G_W) ** 2)
    ratio = square / Norm(Y) ** 2
    given = Mean(Norm(G_W) ** 2, X_L)
    rho = d / (d + 2)
    statement = Eq(ratio, (1 - 1 / d) * (1 + rho ** (L - 1 - l)) / 2)
    return Formula(
        name="gradient-norm-at-isometry",
        title="Gradients at isometry, at every depth",
        statement=statement,
        hypotheses=(
            Hypothesis("$W_0, W_1, \\dots$ are independent and Haar distributed on $O(d)$."),
            ISOMETRY,
            PARTS,
            Hypothesis(
                r"The loss is $\frac{1}{2} \|X_L - Y\|^2$ with unit rows; for $n > d$, $\|Y\|$ is "
                r"that of $Y X_0^{\top}$, the part of $Y$ in the span of the rows of $X_0$."
            ),
            Hypothesis(r"$0 \le l \le L - 1$.", _no_such_layer),
        ),
        source="Weingarten calculus; the paper has no such law: " + PAPER,
        steps=(
            cited(step_law().steps[-1], "gradient-isometry-step"),
            Step(
                Eq(given, Norm(K) ** 2 + rho ** (L - 1 - l) * Norm(S) ** 2),
                r"the gradient is $N W$ with $N = S_o + K$; given $X_L$, the weights of layers "
                r"$1, \dots, L - 1$ are still independent and Haar distributed. $\|K\|$ stays, "
                r"$\|S_o\|^2$ takes the factor of the last step in each layer, from $L - 1$ "
                r"down to $l + 1$; $S$ and $K$ are those of $M$ at the output",
                Again(
                    given,
                    _conditional,
                    "engine: the factors again",
                    relation="==",
                    lemmas=(_two_ways(),),
                ),
            ),
            Step(
                Eq(Mean(Norm(K) ** 2), (1 - 1 / d) * Norm(Y) ** 2 / 2),
                r"$M = 1 - Y X_L^{\top}$, and $X_L$ is Haar distributed for $n = d$: the mean of "
                r"the squared skew part",
                Again(
                    Mean(Norm(K) ** 2), _skew, "engine, for every $d$ and every $Y$", relation="=="
                ),
            ),
            Step(
                Eq(Mean(Norm(S) ** 2), (1 - 1 / d) * Norm(Y) ** 2 / 2),
                r"and of the symmetric part, without its diagonal",
                Again(
                    Mean(Norm(S) ** 2),
                    _symmetric,
                    "engine, for every $d$ and every $Y$",
                    relation="==",
                ),
            ),
            Step(
                statement,
                r"put the means into the law given $X_L$",
                Again(ratio, _closed, "engine: all of it again", relation="=="),
            ),
        ),
        singular=FAR,
        draw=gradient_square_at_isometry,
        arguments=("d", "depth", "layer"),
    )


def _no_such_layer(point: Point) -> str:
    depth, layer = point["depth"], point["layer"]
    if depth.is_zero:
        return "it needs a layer, and depth = 0"
    if (depth - layer).is_zero:
        return f"layer = {layer} has no weights: the last is {depth - 1}, at depth = {depth}"
    return ""


def _conditional() -> Expr:
    return Norm(K) ** 2 + _factor() ** (L - 1 - l) * Norm(S) ** 2


@cached(maxsize=1)
def _of_target() -> tuple[Expr, Expr, Expr]:
    """Return the means of ‖Z‖², tr Z² and Σ Z_ii² for Z = B Wᵀ, over ‖B‖², by the engine."""
    B = MatrixSymbol("B", d, d)
    Z = B * W.T
    norm = {Trace(B * B.T): Integer(1), Trace(B.T * B): Integer(1)}
    whole = E(Trace(Z * Z.T)).xreplace(norm)
    square = E(Trace(Z * Z)).xreplace(norm)
    # Z_ii is a sum of uncorrelated terms B_ij W_ij.
    return whole, square, E(W[0, 0] ** 2)


def _skew() -> Expr:
    whole, square, _ = _of_target()
    return (whole - square) / 2 * Norm(Y) ** 2


def _symmetric() -> Expr:
    whole, square, diagonal = _of_target()
    return ((whole + square) / 2 - diagonal) * Norm(Y) ** 2


def _closed() -> Expr:
    put = {Norm(K) ** 2: _skew(), Norm(S) ** 2: _symmetric()}
    return _conditional().xreplace(put) / Norm(Y) ** 2
