"""What many formulas share: hypotheses with what is left without them, and sources."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from derivations.hypotheses import Hypothesis
from derivations.point import Point

__all__ = [
    "LAYER",
    "MEAN_ONE",
    "PAPER",
    "REGULAR",
    "REGULAR_BACKWARD",
    "all_moments",
    "inverse_norm_tail",
    "of_a_gradient",
    "of_many_widths",
    "of_width",
]

PAPER = (
    r"A. Meterez, A. Joudaki, F. Orabona, A. Immer, G. Rätsch, H. Daneshmand, Towards Training "
    r"Without Depth Limits, ICLR 2024, arXiv:2310.02012v1"
)

LAYER = Hypothesis(
    r"$X_{l+1} = \operatorname{BN}(W X_l)$ scales each row of $W X_l$ to unit norm; "
    r"$a_i$ is the squared norm of row $i$ of $W X_l$, $A = X_l X_l^{\top}$ has the eigenvalues "
    r"$\lambda_k$, $I(X) = \det(A)^{1/d} / (\operatorname{tr} A / d)$ and $\phi = -\log I$."
)

MEAN_ONE = Hypothesis(
    r"The eigenvalues $\lambda_k$ have mean 1, as they do when the rows of $X_l$ have unit norm; "
    r"those of any other scale are divided by their mean."
)


def _singular(point: Point) -> str:
    zeros = point.spectrum.zeros if point.spectrum is not None else 0
    if not zeros:
        return ""
    return (
        f"it needs d linearly independent samples, and {zeros} of the {point.width} eigenvalues "
        f"of A = X X^T {'is' if zeros == 1 else 'are'} zero"
    )


REGULAR = Hypothesis(
    r"There are $n \ge d$ samples, $d$ of them linearly independent, so that $A$ is invertible.",
    _singular,
    "the moments of the row norms need no such thing",
    ("row-norm-mean", "row-norm-variance", "row-norm-covariance"),
)


REGULAR_BACKWARD = replace(
    REGULAR,
    still="the Jacobian of a layer is known at any, and a rank below the width has a rate",
    instead=("bn-jacobian-norm", "singular-jacobian-rate"),
)
"""The same for gradients: other formulas hold without it."""


def all_moments(_point: Point) -> float:
    """Return the tail index of draws all of whose moments are finite."""
    return inf


def inverse_norm_tail(point: Point) -> float:
    """Return the tail index of 1/a_i for a row of an orthogonal matrix.

    For A of rank r < d, a_i < ε where r coordinates of a unit vector are of the order √ε: the
    chance is of the order ε^(r/2). For an invertible A, 1/a_i is bounded.

    Examples
    --------
    >>> inverse_norm_tail(Point.of(None, [1, 2, 3, 0])), inverse_norm_tail(Point.of(None, [1, 2]))
    (1.5, inf)
    """
    zeros = sum(value.is_zero is True for value in point.eigenvalues())
    return (point.integer_width() - zeros) / 2 if zeros else inf


def of_a_gradient(_point: Point) -> int:
    """Return about how many layers a draw costs that is gone through backwards too."""
    return 4


def of_width(point: Point) -> int:
    """Return about how many layers a draw costs that takes singular values row by row."""
    return point.integer_width()


def of_many_widths(point: Point) -> int:
    """Return about how many layers a draw costs that goes on until a gap is small."""
    return 8 * point.integer_width()
