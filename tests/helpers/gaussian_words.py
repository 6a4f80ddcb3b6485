"""Random words in Gaussian matrices with a mean and covariances, against what these are made of.

``X = M + L G K^T`` has the covariances ``L L^*`` and ``K K^*``: L, K and M are constants beside a
matrix G of independent entries.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from sympy import MatMul, Matrix, MatrixSymbol, Mul, Trace, conjugate

from weingarten import E, GaussianMatrix

ROWS, COLUMNS = 2, 2
A, B = MatrixSymbol("A", COLUMNS, COLUMNS), MatrixSymbol("B", ROWS, ROWS)
L, K = MatrixSymbol("L", ROWS, ROWS), MatrixSymbol("K", COLUMNS, COLUMNS)
M = MatrixSymbol("M", ROWS, COLUMNS)


def difference(number: int) -> float:
    """By how much the answer to a case differs from that by definition."""
    source, rng = random.Random(number), np.random.default_rng(number)
    is_complex = source.random() < 0.5

    def array(rows: int, columns: int) -> Any:
        made = rng.integers(-2, 3, (rows, columns))
        return made + 1j * rng.integers(-1, 2, (rows, columns)) if is_complex else made

    at = {A: array(COLUMNS, COLUMNS), B: array(ROWS, ROWS), L: array(ROWS, ROWS),
          K: array(COLUMNS, COLUMNS), M: array(ROWS, COLUMNS) * source.randrange(2)}  # fmt: skip
    R, C = (Matrix((at[F] @ at[F].conj().T).tolist()) for F in (L, K))
    made = GaussianMatrix("X", ROWS, COLUMNS, 2, is_complex, at[M], R, C)
    bare = GaussianMatrix("X", ROWS, COLUMNS, 2, is_complex)
    written = M + MatMul(L, bare, K.T)
    one, other = (_word(random.Random(number), X) for X in (made, written))
    left = complex(E(one, at={key: v for key, v in at.items() if key in one.free_symbols}))
    right = complex(E(other, at={key: v for key, v in at.items() if key in other.free_symbols}))
    return abs(left - right) / (1 + abs(right))


def _word(source: random.Random, X: Any) -> Any:
    """A product of entries and traces of words of degree at most 4."""
    source.random()
    parts = []
    for _ in range(source.choice((1, 1, 2))):
        if source.random() < 0.4:
            i, j = source.randrange(ROWS), source.randrange(COLUMNS)
            entry = X[i, j]
            parts += [entry, conjugate(entry) if source.random() < 0.7 else entry]
            continue
        back = source.choice((X.T, X.adjoint()))
        inner, outer = source.choice((A, A.T, A * A)), source.choice((B, B.T))
        parts.append(Trace(MatMul(X, inner, back, outer)))
    return Mul(*parts)


def search(cases: int, seed: int, say: Any) -> bool:
    """Compare cases with their definition; say which differ."""
    wrong = 0
    for number in range(seed, seed + cases):
        gap = difference(number)
        if gap > 1e-9:
            say(f"case {number} is off by {gap:.2g}")
            wrong += 1
    say(f"{cases - wrong} of {cases} right")
    return not wrong
