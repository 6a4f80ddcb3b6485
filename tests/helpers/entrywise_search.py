"""Random expectations with products entry by entry and diagonals, beside explicit expansion.

A case is a trace, an entry, a quadratic form or a matrix, of words in one random matrix, constants,
and matrices that are made of these entry by entry, at a symbolic dimension or at d = 2.
"""

import random
import warnings
from collections import Counter

from expansion import TooLongError, expectation, expected_matrix, value_of
from sympy import (
    Adjoint,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    MatrixSymbol,
    Symbol,
    Trace,
    Transpose,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarUnitary
from weingarten.expressions.entrywise import has_entrywise

D = Symbol("d", integer=True, positive=True)


def letters(d, kind):
    X = {
        "orthogonal": lambda: HaarOrthogonal("X", d),
        "unitary": lambda: HaarUnitary("X", d),
        "gaussian": lambda: GaussianMatrix("X", d, d),
    }[kind]()
    A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    return [X, X, X.T, Adjoint(X), A, B], MatrixSymbol("v", d, 1)


def matrix(source, atoms, v, depth):
    if not depth or source.random() < 0.2:
        return source.choice(atoms)
    one, other = (matrix(source, atoms, v, depth - 1) for _ in range(2))
    return source.choice(
        [
            lambda: one * other,
            lambda: HadamardProduct(one, other),
            lambda: HadamardPower(one, 2),
            lambda: one * HadamardProduct(other, one),
            lambda: DiagonalMatrix(one) * other,
            lambda: DiagMatrix(one * v),
            lambda: DiagonalOf(one) * v.T,
            lambda: one + other,
            lambda: Transpose(HadamardProduct(one, other)[1:, :]) * other[1:, :],
        ]
    )()


def case(seed):
    source = random.Random(seed)
    kind = source.choice(["orthogonal", "unitary", "gaussian"])
    atoms, v = letters(source.choice([D, D, 2]), kind)
    while True:
        found = matrix(source, atoms, v, 2)
        forms = {
            "trace": Trace(found),
            "traces": Trace(found) * Trace(source.choice(atoms)),
            "entry": MatrixElement(found, 0, source.randrange(2)),
            "quadratic form": (v.T * found * v)[0, 0],
            "matrix": found,
            "slice": found[1:, :],
            "traces of slices": Trace(found[1:, 1:]) * Trace(found[:1, :1]),
        }
        form = forms[source.choice(sorted(forms))]
        if has_entrywise(form):
            return form


def difference(expr):
    """Return what `E` gives and what expansion gives, where they differ; why not; or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got, holds = E(expr, conditions=True)
    except ValueError as error:
        return "refused", str(error)
    at = {D: 2}
    if holds.subs(at) != True:  # noqa: E712, a SymPy value
        return "holds from a larger d on", holds
    if getattr(expr, "is_Matrix", False):
        wanted = expected_matrix(expr, at)
        places = [(a, b) for a in range(len(wanted)) for b in range(2)]
        found = [value_of(MatrixElement(got, a, b), at) for a, b in places]
        wanted = [wanted[a][b] for a, b in places]
        if got.subs(at).shape != expr.subs(at).shape:
            return got, got.shape, expr.shape
    else:
        found, wanted = value_of(got, at), expectation(expr, at)
    return None if found == wanted else (got, found, wanted)


def search(cases, seed, tell):
    """Compare cases and print the counts; whether none is wrong."""
    counts = Counter()
    for number in range(seed, seed + cases):
        expr = case(number)
        try:
            found = difference(expr)
        except TooLongError:
            counts["too long to expand"] += 1
            continue
        if found is None:
            counts["agreed"] += 1
        elif isinstance(found[0], str):
            counts[found[0]] += 1
        else:
            counts["wrong"] += 1
            tell(f"case {number}: E({expr}) is {found[0]}, {found[1]} at d = 2, not {found[2]}")
    tell(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return not counts["wrong"]
