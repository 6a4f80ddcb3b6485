"""Random expectations by every route that they may take, beside the listing of all pairings.

A case is a short product of entries, traces or words of one Haar matrix; each route that offers to
sum it has to give what the list gives. Routes are asked until each had its number of cases, those
aside that no case of a kind leads to.
"""

import random
from collections import Counter
from math import prod
from unittest.mock import patch

from routes import only
from sympy import MatrixSymbol, Q, Symbol, Trace, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E, HaarOrthogonal, HaarSymplectic, HaarUnitary
from weingarten.integration.routes import ROUTES, lists

MODULES = sorted({route.terms.__module__.rsplit(".", 1)[-1] for route in ROUTES} - {"lists"})
#: Where answers are compared: no pole of what a case of this degree gives.
AT = 11

d = Symbol("d", integer=True, positive=True)


def entries(source, X):
    places = [(source.randrange(2), source.randrange(3)) for _ in range(source.randint(1, 3))]
    half = prod(X[i, j] for i, j in places)
    columns = [j for _, j in places]
    source.shuffle(columns)
    rows = [i for i, _ in places]
    return half * prod(X[i, j].conjugate() for i, j in zip(rows, columns, strict=True)), []


def powers(source, X):
    one = prod(Trace(X**k) for k in source.choice([(1,), (2,), (1, 1), (1, 2), (1, 1, 1)]))
    return one * one.conjugate(), []


def beside_constant(source, X):
    C = MatrixSymbol("C", *X.shape)
    k = source.randint(1, 3)
    word = Trace(X * C)
    return word**k * (word.conjugate() ** k if isinstance(X, HaarUnitary) else word**k), []


def turned(source, X):
    A, B, C = (MatrixSymbol(name, *X.shape) for name in "ABC")
    word = X * A * X.H
    parts = [Trace(word * B) ** source.randint(1, 2), Trace(word * word * B)]
    parts += [Trace(word * B * word * C), MatrixElement(word, 0, 0), Trace(word * word)]
    chosen = source.sample(parts, source.randint(1, 2))
    given = [Q.symmetric(M) for M in (A, B) if source.random() < 0.6]
    expr = prod(chosen)
    return expr, [fact for fact in given if fact.args[0] in expr.atoms(MatrixSymbol)]


def rows(source, X):
    A = MatrixSymbol("A", *X.shape)
    word = X * A * X.H
    places = [source.choice([(0, 0), (1, 1), (0, 1), (1, 0)]) for _ in range(source.randint(1, 3))]
    given = [Q.symmetric(A)] if source.random() < 0.8 else []
    return prod(MatrixElement(word, *place) for place in places), given


def one_row(source, X):
    words = [X * MatrixSymbol(name, *X.shape) * X.H for name in "AB"]
    chosen = [*words, *source.choices(words, k=source.randint(0, 2))]
    given = [Q.symmetric(MatrixSymbol(name, *X.shape)) for name in "AB" if source.random() < 0.5]
    return prod(MatrixElement(word, 0, 0) for word in chosen), given


KINDS = (entries, powers, beside_constant, turned, rows, one_row)


def case(number):
    """Return an expression and what is given of its constants."""
    source = random.Random(number)
    size = d if source.random() < 0.5 else source.randint(1, 5)
    make = source.choice([HaarOrthogonal, HaarOrthogonal, HaarUnitary, HaarSymplectic])
    kinds = KINDS if make is not HaarSymplectic else KINDS[1:3]
    if make is HaarOrthogonal and size in (1, 2):
        size = 3
    if make is HaarUnitary and size in (1, 2):
        size = 3
    return source.choice(kinds)(source, make("X", size))


def by(module, expr, given):
    """Return the expectation by the routes of a module, None where none of them applies."""
    with only(module):
        try:
            return E(expr, given)
        except ValueError as reason:
            if "empty" in str(reason):  # of no offer there is no cheapest
                return None
            raise


def listed(expr, given):
    """Return the expectation by listing, also where the answer is known to be short."""
    with patch.object(lists, "has_closed_form", return_value=False):
        return by("lists", expr, given)


def search(cases, first, say):
    """Compare so many cases of each route with the list."""
    had, wrong, number = Counter(), 0, first
    while min(had[module] for module in MODULES) < cases and number < first + 200 * cases:
        expr, given = case(number)
        right = None
        for module in MODULES:
            if had[module] >= cases or (found := by(module, expr, given)) is None:
                continue
            if right is None:
                right = listed(expr, given)
            had[module] += 1
            if expand((found - right).subs(d, AT)) != 0:
                wrong += 1
                say(f"case {number}, {module}: E({expr}, {given}) is {found}, by listing {right}")
        number += 1
    say(
        f"cases {first} to {number - 1}: {wrong} wrong, "
        + ", ".join(f"{module} {had[module]}" for module in MODULES)
    )
    return not wrong
