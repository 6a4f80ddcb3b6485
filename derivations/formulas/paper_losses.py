"""The paper's lemma C.2: gradients of the usual losses, sample by sample."""

from __future__ import annotations

import math

from sympy import Expr, Max, Symbol, sqrt

from derivations.formula import Formula, Hypothesis, Sharper, Step, Verdict
from derivations.formulas.again import Again
from derivations.formulas.backward_letters import Norm, sample, x, y
from derivations.formulas.common import PAPER
from derivations.inequalities import Derivatives, Squares
from derivations.notation import at_most
from derivations.numeric.gradient_draws import largest_sample_gradient
from derivations.point import Point

__all__ = ["lemma_c2"]

z = Symbol("z", positive=True)
c = Symbol("c", real=True)


def _squared_error() -> Step:
    return Step(
        at_most(2 - 2 * c, 4),
        r"squared error: the gradient is the difference of two vectors, at most as long as that of "
        r"unit vectors whose cosine $c$ is at least -1",
        Derivatives(c, -1, -1, 1),
    )


def _cross_entropy() -> list[Step]:
    return [
        Step(
            at_most(x**2 + y**2, (x + y) ** 2),
            r"cross-entropy: the gradient is $p - e_k$ for probabilities $p$ and the label $k$; "
            r"the squares of the others add up to at most that of $z = 1 - p_k$",
            Squares(2 * x * y),
        ),
        Step(at_most(2 * z**2, 2), r"and $z \le 1$", Derivatives(z, 1, 0, 1)),
    ]


def lemma_c2() -> Formula:
    """Derive that the gradient of a loss at a sample's output is at most 2.

    Examples
    --------
    >>> lemma_c2().evaluate()
    2
    """
    entropy = Symbol("g_{ce}")
    ours = at_most(Norm(entropy), sqrt(2))
    return Formula(
        name="paper-lemma-c2",
        title="Gradients of the usual losses, sample by sample",
        statement=at_most(Norm(sample), 2),
        kind="bound",
        hypotheses=(
            Hypothesis(
                r"$g$ is the gradient at the output $x$ of one sample, of $-\log$ softmax at a "
                r"label ($g_{ce}$), or of $\frac{1}{2} \|x - y\|^2$ with $\|x\| \le 1$ and "
                r"$\|y\| \le 1$. At isometry with $n = d$ the columns of $X_L$ are unit vectors; "
                r"elsewhere they may be as long as $\sqrt{d}$, and the bound is $\|x\| + \|y\|$."
            ),
        ),
        source=f"{PAPER}, lemma C.2",
        steps=(
            _squared_error(),
            *_cross_entropy(),
            Step(
                ours,
                "so much for cross-entropy",
                Again(
                    Norm(entropy), _of_entropy, "SymPy: the root", lemmas=tuple(_cross_entropy())
                ),
            ),
            Step(
                at_most(Norm(sample), 2),
                "the larger of the two",
                Again(Norm(sample), _larger, "SymPy: the roots", lemmas=(_squared_error(),)),
            ),
        ),
        singular="The formula knows no input of the network.",
        every_draw=True,
        arguments=("d",),
        draw=largest_sample_gradient,
        verdict=Verdict(
            "holds",
            r"Reached by the squared error of opposite vectors; cross-entropy stays below "
            r"$\sqrt{2}$.",
            sharper=Sharper(ours, factor=_root_two, of="bound for cross-entropy"),
        ),
    )


def _of_entropy() -> Expr:
    return sqrt(_cross_entropy()[-1].claim.rhs)


def _larger() -> Expr:
    return Max(sqrt(_squared_error().claim.rhs), _of_entropy())


def _root_two(_point: Point) -> float:
    return math.sqrt(2)
