"""Random words in inverse Wishart matrices, against the equations that integration by parts gives.

For T = S^-1 and a product f of entries of T, of n degrees of freedom and dimension d,

    (n - d - 1) E T_ab f = delta_ab E f + sum over factors T_ij of f of
                           E (T_ia T_bj + T_ib T_aj) f / T_ij,

and (n - d) E T_ab f = delta_ab E f + sum of E T_ib T_aj f / T_ij for complex ones. They are solved
for all products of one degree at a time, which are then put together by their indices.
"""

from __future__ import annotations

import itertools
import random
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import MatMul, MatrixSymbol, Mul, Trace, symbols

from weingarten import E, InverseWishart

d, n = symbols("d n", integer=True, positive=True)
SIZE = 2


@lru_cache(maxsize=64)
def moments(degree: int, freedom: int, is_complex: bool) -> np.ndarray:
    """The moments of so many entries, by their indices in order."""
    if not degree:
        return np.ones(())
    lower = moments(degree - 1, freedom, is_complex)
    places = list(itertools.product(range(SIZE), repeat=2 * degree))
    position = {place: k for k, place in enumerate(places)}
    system, right = np.zeros((len(places),) * 2), np.zeros(len(places))
    for place in places:
        (a, b), row = place[:2], position[place]
        system[row, row] += freedom - SIZE - (0 if is_complex else 1)
        right[row] = lower[place[2:]] * (a == b)
        for k in range(1, degree):
            i, j = place[2 * k : 2 * k + 2]
            rest = place[2 : 2 * k] + place[2 * k + 2 :]
            for pair in [(i, b, a, j)] if is_complex else [(i, a, b, j), (i, b, a, j)]:
                system[row, position[pair + rest]] -= 1
    return np.linalg.solve(system, right).reshape((SIZE,) * (2 * degree))


def difference(number: int) -> float:
    """By how much the answer to a case differs from the equations, relative to it."""
    source, rng = random.Random(number), np.random.default_rng(number)
    degree, is_complex = source.choice((1, 2, 2, 3)), source.random() < 0.5
    freedom = SIZE + 2 * degree + source.randrange(4)
    rows = source.choice((SIZE, d))
    T = InverseWishart("T", rows, source.choice((freedom, n)), is_complex)
    constants = [MatrixSymbol(f"A{k}", rows, rows) for k in range(degree)]
    arrays = {A: rng.integers(-2, 3, (SIZE, SIZE)) for A in constants}
    turned = [source.random() < 0.3 for _ in range(degree)]
    after = list(range(degree))
    source.shuffle(after)
    expr, seen = Mul(), set()
    for start in range(degree):
        word, letter = [], start
        while letter not in seen:
            seen.add(letter)
            word += [T.T if turned[letter] else T, constants[letter]]
            letter = after[letter]
        expr *= Trace(MatMul(*word)) if word else 1
    ends = [(2 * k + 1, 2 * k) if turned[k] else (2 * k, 2 * k + 1) for k in range(degree)]
    operands: list[Any] = [moments(degree, freedom, is_complex), list(range(2 * degree))]
    for k, A in enumerate(constants):
        operands += [arrays[A], [ends[k][1], ends[after[k]][0]]]
    right = float(np.einsum(*operands, []))
    sizes = {symbol: value for symbol, value in ((d, SIZE), (n, freedom)) if symbol in T.args}
    found = complex(E(expr, at={**sizes, **arrays}))
    generic = E(expr).subs(sizes)
    placed = {A.subs(d, SIZE): value.tolist() for A, value in arrays.items()}
    there = complex(E(generic, at={A: v for A, v in placed.items() if generic.has(A)}))
    return max(abs(found - right), abs(there - right)) / (1 + abs(right))


def search(cases: int, seed: int, say: Any) -> bool:
    """Compare cases with the equations; say which differ."""
    wrong = 0
    for number in range(seed, seed + cases):
        gap = difference(number)
        if gap > 1e-9:
            say(f"case {number} is off by {gap:.2g}")
            wrong += 1
    say(f"{cases - wrong} of {cases} right")
    return not wrong
