"""Which draws have moments of every order: powers of what the weights make of an input."""

from __future__ import annotations

from sympy import Add, Basic, Mul, Pow
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.indexed import Indexed

from derivations.notation import Covariance, Mean, Variance, a, d

__all__ = ["of_every_order"]


def of_every_order(mean: Basic) -> bool:
    """Say whether the draws of a mean have moments of every order, as its sign alone shows.

    It does where it is about sums of products of powers, none of them negative, of entries of W
    and of squared row norms: with orthogonal weights these are bounded, an entry by 1 and a row
    norm by the greatest eigenvalue of A, and with Gaussian ones all their moments are finite.

    Examples
    --------
    >>> from derivations.notation import i, q
    >>> of_every_order(Mean(a[i] ** q)), of_every_order(Mean(1 / a[i]))
    (True, False)
    """
    signs = (Mean, Variance, Covariance)
    return isinstance(mean, signs) and _powers(mean.args[0]) and _powers(mean.args[-1])


def _powers(x: Basic) -> bool:
    if isinstance(x, Add | Mul):
        return all(map(_powers, x.args))
    if isinstance(x, Pow):
        return bool(x.exp.is_nonnegative) and _powers(x.base)
    if isinstance(x, Indexed):
        return bool(x.base == a)
    return isinstance(x, MatrixElement) or x == d or bool(x.is_number)
