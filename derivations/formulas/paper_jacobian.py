"""The paper's lemmas on the Jacobian of batch normalisation: C.4 and C.7 to C.12."""

from __future__ import annotations

from functools import partial

from sympy import Eq, Expr, Rational, Sum, Symbol, log, sqrt

from derivations.formula import Formula, Hypothesis, HypothesisError, Sharper, Step, Verdict
from derivations.formulas import backward_checks as checks
from derivations.formulas.again import Again
from derivations.formulas.backward import (
    PASS,
    fall_steps,
    jacobian_of_a_row,
    largest_row,
    log_jacobian_bound,
    one_sample,
    surplus,
    tangent,
)
from derivations.formulas.backward_checks import cited
from derivations.formulas.backward_letters import J, Norm, T, a_min, lam_min, mu, y
from derivations.formulas.common import LAYER, MEAN_ONE, PAPER, REGULAR_BACKWARD, of_width
from derivations.formulas.row_norms import mean as row_norm_mean
from derivations.inequalities import OnBox
from derivations.notation import (
    W,
    X,
    a,
    at_least,
    at_most,
    d,
    i,
    k,
    lam,
    n,
    over_eigenvalues,
    phi,
)
from derivations.numeric import gradient_statistics as observed
from derivations.point import Point

__all__ = [
    "corollary_c10",
    "lemma_c11",
    "lemma_c12",
    "lemma_c4",
    "lemma_c7",
    "lemma_c8",
    "lemma_c9",
]

ORTHOGONAL = Hypothesis("$W$ is orthogonal: any one.")
JACOBIAN = Hypothesis(r"$J_l$ is the Jacobian of BN at $H_l = W_l X_l$.")
LEAST = Hypothesis(
    r"$\lambda_{min}$ is the least eigenvalue of $A = X_l X_l^{\top}$ and $a_{min}$ the least "
    r"squared row norm of $W X_l$."
)
VECTOR = Hypothesis(r"$x \ne 0$ has $n$ entries, and $J$ is the Jacobian of $x/\|x\|$.")
TWO = Hypothesis("There are $n \\ge 2$ samples: else the Jacobian is zero.", one_sample)
ANY = r"Holds for every $A$, singular or not, and for any number of samples."
INFINITE = "The gap is infinite, and so is the bound."


def lemma_c4() -> Formula:
    """Derive log‖J_l‖ ≤ d φ + 1.

    Examples
    --------
    >>> lemma_c4().evaluate(d=4, gap=2)
    9
    """
    logarithm, reach = log(Norm(J)), d * phi(X)
    ours = at_most(logarithm, (reach + 1) / 2)
    paper = at_most(logarithm, reach + 1)
    return Formula(
        name="paper-lemma-c4",
        title="The Jacobian of batch normalisation, by the gap",
        statement=paper,
        kind="bound",
        hypotheses=(ORTHOGONAL, PASS, JACOBIAN, LAYER, MEAN_ONE, REGULAR_BACKWARD),
        source=f"{PAPER}, lemma C.4",
        steps=(
            cited(largest_row()[-1], "bn-jacobian-norm"),
            surplus(),
            tangent(),
            Step(
                ours,
                r"$a_{min} - 1 - \log a_{min}$ is at most $d (\phi(X_l) - \phi(X_{l+1}))$, hence "
                r"at most $d \phi(X_l)$, and $a_{min} \ge 0$; $\log \|J_l\|$ is half of "
                r"$-\log a_{min}$",
                Again(logarithm, partial(_whole, 1), "SymPy: half of the gap and of 1 - 0"),
            ),
            Step(
                paper,
                "the paper's bound is twice that",
                Again(logarithm, partial(_whole, 2), "SymPy: twice that"),
            ),
        ),
        singular=INFINITE,
        observe=observed.log_jacobian,
        every_draw=True,
        mean_one=True,
        verdict=Verdict(
            "holds",
            r"Half of it holds too: $\|J_l\|$ is $a_{min}^{-1/2}$, not $a_{min}^{-1}$.",
            sharper=Sharper(ours, factor=_two, of="bound on the logarithm"),
        ),
    )


def _whole(times: int) -> Expr:
    """Solve z - 1 - log z = d φ for -log z where z is left out, and halve it."""
    z = Symbol("z", positive=True)
    left_out = (z - 1).subs(z, 0)
    return times * (d * phi(X) - left_out) / 2


def _two(_point: Point) -> float:
    return 2.0


def _far(point: Point) -> str:
    threshold = 1 / (16 * point.width)
    if point.has("gap") and (point.gap - threshold).evalf().is_positive:
        return (
            f"it needs a gap of at most 1/(16 d) = {threshold}, and the gap is {point.gap.evalf(4)}"
        )
    return ""


NEAR = Hypothesis(
    r"The gap is $\phi(X_l) \le 1/(16 d)$.",
    _far,
    "the bound by the fall of the gap holds at any",
    ("bn-jacobian-bound",),
)


PREMISE = Hypothesis(
    f"{NEAR.text} A simulation moves the eigenvalues of its input towards their mean until it is."
)
"""A part of the statement: beyond, it says nothing, and is not at odds with a batch."""


def _near_isometry(formula: Formula, point: Point) -> Expr:
    reason = NEAR.failure(point)
    if reason:
        raise HypothesisError(f"{formula.name} says nothing there: {reason}")
    return point.substitute(formula.statement.rhs)


def lemma_c7() -> Formula:
    """Derive log‖J_l‖ ≤ 2√(d φ) for φ ≤ 1/(16 d).

    Examples
    --------
    >>> lemma_c7().evaluate(d=4, gap=0.01)
    0.4
    """
    logarithm, reach = log(Norm(J)), d * phi(X)
    steps = fall_steps()
    ours = at_most(logarithm, (reach + sqrt(2 * reach)) / 2)
    paper = at_most(logarithm, 2 * sqrt(reach))
    return Formula(
        name="paper-lemma-c7",
        title="The Jacobian of batch normalisation near isometry",
        statement=paper,
        kind="bound",
        hypotheses=(ORTHOGONAL, PASS, JACOBIAN, LAYER, MEAN_ONE, REGULAR_BACKWARD, PREMISE),
        source=f"{PAPER}, lemma C.7",
        steps=(
            cited(steps[-1], "bn-jacobian-bound"),
            Step(
                ours,
                r"the gap falls by $\phi(X_l)$ at most",
                Again(logarithm, _near, "SymPy: the bound of a layer at the whole gap"),
            ),
            _below_the_root(),
            Step(
                paper,
                r"so half of the paper's bound holds, with $y = d \phi(X_l) \le 1/16$",
                Again(logarithm, _paper_near, "SymPy: twice the root", lemmas=(_below_the_root(),)),
            ),
        ),
        singular=r"The gap is infinite, and not below $1/(16 d)$.",
        observe=observed.log_jacobian_near_isometry,
        against=observed.root_of_small_gap,
        every_draw=True,
        mean_one=True,
        value=_near_isometry,
        verdict=Verdict(
            "holds",
            r"Half of it holds too, even for $d \phi \le 16/49$.",
            sharper=Sharper(ours, factor=_near_factor, of="bound on the logarithm"),
        ),
    )


def _near() -> Expr:
    return log_jacobian_bound(d * phi(X))


def _below_the_root() -> Step:
    return Step(
        at_most((y**2 + sqrt(2) * y) / 2, y),
        r"for $y^2 = d \phi(X_l) \le 16/49$, as $y \le 2 - \sqrt{2}$",
        OnBox({y: (0, Rational(4, 7))}, contact=(y, 0, 1)),
    )


def _paper_near() -> Expr:
    return 2 * _below_the_root().claim.rhs.subs(y, sqrt(d * phi(X)))


def _near_factor(point: Point) -> float | None:
    if point.gap.free_symbols or point.width.free_symbols or NEAR.failure(point):
        return None
    reach = float((point.width * point.gap).evalf())
    return float(2 / (reach**0.5 / 2 + 0.5**0.5)) if reach else None


def lemma_c8() -> Formula:
    """Derive ‖J_l‖² ≤ 1/λ_min.

    Examples
    --------
    >>> lemma_c8().evaluate(spectrum=[4, 2, 3])
    1/2
    """
    square = Norm(J) ** 2
    statement = at_most(square, 1 / lam_min)
    return Formula(
        name="paper-lemma-c8",
        title="The Jacobian of batch normalisation, by the least eigenvalue",
        statement=statement,
        kind="bound",
        hypotheses=(ORTHOGONAL, PASS, JACOBIAN, LEAST, REGULAR_BACKWARD),
        source=f"{PAPER}, lemma C.8",
        steps=(
            cited(largest_row()[-1], "bn-jacobian-norm"),
            cited(_least_row()[-1], "paper-lemma-c11"),
            Step(
                statement,
                r"put the two together",
                Again(square, _least_squared, "SymPy: the claims of both steps"),
            ),
        ),
        singular="The bound is infinite.",
        observe=observed.jacobian_square,
        every_draw=True,
        arguments=("d", "spectrum", "batch"),
        value=_at_least_eigenvalue,
        degree=-1,
        verdict=Verdict("holds", "It is reached where a row of $W$ is the eigenvector."),
    )


def _least_squared() -> Expr:
    return (largest_row()[-1].claim.rhs ** 2).subs(a_min, _least_row()[-1].claim.rhs)


def _at_least_eigenvalue(formula: Formula, point: Point) -> Expr:
    if point.spectrum is None:
        return point.substitute(formula.statement.rhs)
    return formula.statement.rhs.xreplace({lam_min: point.spectrum.ends()[0]})


def lemma_c9() -> Formula:
    """Derive the Jacobian of x/‖x‖.

    Examples
    --------
    >>> lemma_c9().evaluate()
    (KroneckerDelta(i, j) - x[i]*x[j]/‖x‖**2)/‖x‖
    """
    step = jacobian_of_a_row()
    return Formula(
        name="paper-lemma-c9",
        title="Jacobian of a normalised vector",
        statement=step.claim,
        hypotheses=(VECTOR,),
        source=f"{PAPER}, lemma C.9",
        steps=(step,),
        singular=ANY,
        observe=observed.jacobian_entry,
        against=observed.jacobian_entry_again,
        every_draw=True,
        arguments=("d",),
        verdict=Verdict("holds", "Differentiated again, and met by the network's own gradients."),
    )


def corollary_c10() -> Formula:
    """Derive the multiplicity of the eigenvalue 1/‖x‖ of the Jacobian of x/‖x‖.

    Examples
    --------
    >>> corollary_c10().evaluate(n=5)
    4
    """
    right = Eq(mu, n - 1)
    return Formula(
        name="paper-corollary-c10",
        title="Eigenvalues of the Jacobian of a normalised vector",
        statement=Eq(mu, d**2 - 1),
        hypotheses=(
            VECTOR,
            Hypothesis(r"$\mu$ is the multiplicity of its eigenvalue $1/\|x\|$; the other is 0."),
        ),
        source=f"{PAPER}, corollary C.10",
        steps=(
            cited(jacobian_of_a_row(), "paper-lemma-c9"),
            Step(
                right,
                r"$J x = 0$, and $J v = v/\|x\|$ for every $v$ orthogonal to $x$",
                checks.multiplicity,
                "SymPy: all eigenvalues of the derivatives at vectors of two to four entries",
            ),
        ),
        singular=ANY,
        observe=observed.multiplicity,
        layers=of_width,
        every_draw=True,
        arguments=("n",),
        verdict=Verdict(
            "misprint",
            r"The eigenvalue has multiplicity $n - 1$ for a row of $n$ entries. Nothing that "
            r"follows in the paper uses the number.",
            evidence=(
                Step(
                    Eq(mu, 2),
                    r"at $x = (1, 2, 2)$, where $d = n = 3$ and $d^2 - 1 = 8$",
                    checks.eigenvalues_at_122,
                    "SymPy: the three eigenvalues, 1/3, 1/3 and 0",
                ),
            ),
            right=right,
        ),
    )


def _least_row() -> list[Step]:
    difference = over_eigenvalues(Sum, (lam[k] - lam_min) * W[i, k] ** 2)
    return [
        row_norm_mean().steps[0],
        Step(
            Eq(a[i] - lam_min, difference),
            r"the row $W_i$ has unit norm: no term is negative",
            checks.rows_above_least,
            "SymPy, at a rational $3 \\times 3$ rotation of known eigenvalues",
        ),
        Step(
            at_least(a_min, lam_min),
            r"so no row norm is below the least eigenvalue",
            checks.least_is_reached,
            "SymPy: equal at $W = 1$, and not below at a rational rotation",
        ),
    ]


def lemma_c11() -> Formula:
    """Derive min_j ‖X_j‖² ≥ min_k λ_k.

    Examples
    --------
    >>> lemma_c11().evaluate(spectrum=[4, 2, 3])
    2
    """
    steps = _least_row()
    return Formula(
        name="paper-lemma-c11",
        title="No row is shorter than the least singular value",
        statement=steps[-1].claim,
        kind="bound",
        hypotheses=(ORTHOGONAL, LEAST),
        source=f"{PAPER}, lemma C.11",
        steps=tuple(steps),
        singular=r"The bound is $a_{min} \ge 0$.",
        observe=observed.least_row,
        every_draw=True,
        arguments=("d", "spectrum", "batch"),
        value=_at_least_eigenvalue,
        degree=1,
        verdict=Verdict("holds", "It is reached where a row of $W$ is the eigenvector."),
    )


def lemma_c12() -> Formula:
    """Derive log‖∂X_(l+1)/∂X_l‖ ≤ log‖J_l‖.

    Examples
    --------
    >>> lemma_c12().verdict.sharper.statement
    Eq(log(‖T_l‖), log(‖J_l‖))
    """
    left, right = log(Norm(T)), log(Norm(J))
    equal = Eq(left, right)
    return Formula(
        name="paper-lemma-c12",
        title="The Jacobian of a layer, by that of batch normalisation",
        statement=at_most(left, right),
        kind="bound",
        hypotheses=(
            ORTHOGONAL,
            PASS,
            JACOBIAN,
            Hypothesis(r"$T_l$ is the Jacobian of $X_{l+1}$ as a function of $X_l$."),
            TWO,
        ),
        source=f"{PAPER}, lemma C.12",
        steps=(
            Step(
                equal,
                r"$T_l$ is $J_l$ times a rotation of the columns of $X_l$, which changes no norm",
                checks.layer_jacobian,
                r"NumPy: both spectral norms, $12 \times 12$, at a rational rotation",
            ),
            Step(
                at_most(left, right),
                "equal, so not larger",
                Again(
                    left, partial(_right_of, equal), "the step before", lemmas=(_equal_step(equal),)
                ),
            ),
        ),
        singular=ANY,
        observe=observed.layer_jacobian_norm,
        against=observed.log_largest,
        every_draw=True,
        arguments=("d",),
        verdict=Verdict("holds", "With equality, as $W$ is orthogonal.", sharper=Sharper(equal)),
    )


def _equal_step(claim: Eq) -> Step:
    return Step(claim, "a rotation changes no norm", checks.layer_jacobian)


def _right_of(claim: Eq) -> Expr:
    return claim.rhs
