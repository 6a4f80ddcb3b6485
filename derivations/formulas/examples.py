"""Small exact matrices on which a claim about every matrix is tried."""

from __future__ import annotations

from sympy import Matrix, eye

__all__ = ["rational_orthogonal"]


def rational_orthogonal() -> Matrix:
    """Return an orthogonal 3 × 3 matrix with rational entries: the Cayley transform of a skew one.

    Examples
    --------
    >>> Q = rational_orthogonal()
    >>> (Q * Q.T).is_diagonal(), Q[0, 0]
    (True, 1/3)
    """
    skew = Matrix([[0, 1, 2], [-1, 0, 3], [-2, -3, 0]])
    return (eye(3) - skew) * (eye(3) + skew).inv()
