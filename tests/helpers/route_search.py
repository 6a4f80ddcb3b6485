"""Random expectations by each route that they may take, beside the definition and the list.

A case is an expression of a kind that leads to the route. Wherever the route applies it is taken,
whatever it costs; a case counts where it was. The value has to be the mean by what the ensemble is
defined as, and for matrices whose letters are joined in pairs that of the list of all pairings: at
the size of the case, below the degree as well, and at a larger one where the size is a symbol.
"""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from math import prod
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from comparison import AGREED, LATE, REFUSALS, REFUSED, WRONG, LateError, is_own, within
from ensemble_search import ROUNDING, at_sizes, described
from random_products import Bars, Case, Draft, case_of
from sympy import MatMul, Mul, Trace, conjugate
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import E
from weingarten.integration.routes import ROUTES, Effort, lists, orbits
from weingarten.integration.routes.base import Route
from weingarten.simulation.evaluation import Evaluator

#: A size above the degrees of all cases.
LARGE = 7
SECONDS = 20

Form = Callable[[Draft, int], tuple[Any, tuple[int, int]]]


# Kinds of expressions: at most so many letters; with the numbers of plain and conjugate ones ------


def plain(draft: Draft, most: int) -> Any:
    """Whatever there is."""
    bars = draft.bars(most)
    return draft.expression(bars), counted(bars)


def entries(draft: Draft, most: int) -> Any:
    """Products of entries, and sums over their indices."""
    bars = draft.bars(most)
    if draft.chance(0.3) and len(bars) < 3:
        return draft.total(bars), counted(bars)
    return draft.entries(bars), counted(bars)


def counted(bars: Bars) -> tuple[int, int]:
    """Return the numbers of plain and of conjugate letters."""
    return len(bars) - sum(bars), sum(bars)


def powers(draft: Draft, most: int) -> Any:
    """Traces of powers of the matrix."""
    half = draft.source.choice(
        [h for h in ((1,), (2,), (1, 1), (1, 2), (3,)) if 2 * sum(h) <= most]
    )
    one = prod(Trace(draft.X**k) for k in half)
    if draft.chance(0.3):
        half = draft.source.choice([mu for mu in PARTITIONS if sum(mu) == sum(half)])
    return one * conjugate(prod(Trace(draft.X**k) for k in half)), (sum(half), sum(half))


def beside_constant(draft: Draft, most: int) -> Any:
    """Powers of the trace of the matrix times one constant."""
    C, k = draft.fixed("C"), draft.source.randint(1, most // 2)
    word = Trace(draft.X * C)
    if draft.law.has_phase or draft.chance(0.3):
        return word**k * conjugate(word) ** k, (k, k)
    return word ** (2 * k), (2 * k, 0)


def turned(draft: Draft, most: int) -> Any:
    """Traces and entries of words in X A X.H."""
    X, A, B, C = draft.X, draft.fixed("A", 1), draft.fixed("B", 0), draft.fixed("C", 0)
    word = MatMul(X, A, X.adjoint())
    parts = [
        (1, Trace(word * B)),
        (2, Trace(word * B) ** 2),
        (2, Trace(word * word * B)),
        (2, Trace(word * B * word * C)),
        (2, Trace(word * B * word * B)),
        (1, MatrixElement(word, draft.place(0), draft.place(0))),
        (1, Trace(word)),
        (3, Trace(word * B) ** 3),
    ]
    return shared(draft, parts, most)


def classes(draft: Draft, most: int) -> Any:
    """Traces of words in X A X.H and one other constant, symmetric where X is real."""
    draft.facts = 1.0
    A, B = draft.fixed("A", 1), draft.fixed("B", 0)
    word = MatMul(draft.X, A, draft.X.adjoint(), *[B] * draft.chance(0.8))
    parts = [(k * p, Trace(word**k) ** p) for k in (1, 2, 3) for p in (1, 2, 3)]
    return shared(draft, parts, most)


def rows(draft: Draft, most: int) -> Any:
    """Entries of X A X.H."""
    word = MatMul(draft.X, draft.fixed("A", 1), draft.X.adjoint())
    number = draft.source.randint(1, most // 2)
    places = [(draft.place(0), draft.place(0)) for _ in range(-(-number // 2))]
    places = [draft.source.choice(places) for _ in range(number)]
    return prod(MatrixElement(word, *place) for place in places), (number, number)


def one_row(draft: Draft, most: int) -> Any:
    """Entries of X A X.H and X B X.H in one place of the diagonal."""
    words = [MatMul(draft.X, draft.fixed(name, 1), draft.X.adjoint()) for name in "AB"]
    number, at = draft.source.randint(1, most // 2), draft.place(0)
    chosen = [*words, *draft.source.choices(words, k=number)][:number]
    return prod(MatrixElement(word, at, at) for word in chosen), (number, number)


def shared(draft: Draft, parts: list[tuple[int, Any]], most: int) -> Any:
    """Return a product of some of the parts, which have so many pairs of letters each."""
    fitting = [part for part in parts if 2 * part[0] <= most]
    first = draft.source.choice(fitting)
    pairs, made = first[0], [first[1]]
    fitting = [part for part in parts if 2 * (part[0] + pairs) <= most]
    if fitting and draft.chance(0.6):
        second = draft.source.choice(fitting)
        pairs, made = pairs + second[0], [*made, second[1]]
    return Mul(*made), (pairs, pairs)


def runs(draft: Draft, most: int) -> Any:
    """Traces of powers beside a word with runs of the matrix."""
    X, A, B = draft.X, draft.fixed("A", 0), draft.fixed("B", 0)
    inner = draft.source.randint(1, max(1, most // 2 - 1))
    if draft.chance(0.5):
        word = MatMul(X**inner, A)
        there = (inner, 0)
    else:
        word = MatMul(X**inner, A, X.adjoint() ** inner, B)
        there = (inner, inner)
    scalar = (
        Trace(word) if draft.chance(0.6) else MatrixElement(word, draft.place(0), draft.place(0))
    )
    left = max(1, (most - sum(there)) // 2)
    outer = draft.source.randint(1, left)
    if there[1]:
        return scalar * Trace(X**outer) * conjugate(Trace(X**outer)), (outer + inner,) * 2
    return scalar * conjugate(Trace(X**inner)), (inner, inner)


def squares(draft: Draft, most: int) -> Any:
    """Traces and entries of words in X X.T and its conjugate."""
    X, A, B = draft.X, draft.fixed("A", 0), draft.fixed("B", 0)
    S = MatMul(X, X.T)
    bar = MatMul(X.T.adjoint(), X.adjoint())
    parts = [
        (2, Trace(S * A * bar * B)),
        (2, Trace(S * A) * Trace(bar * B)),
        (2, MatrixElement(S, draft.place(0), draft.place(0))
         * MatrixElement(bar, draft.place(0), draft.place(0))),
        (2, MatrixElement(MatMul(S, A, bar), draft.place(0), draft.place(0))),
    ]  # fmt: skip
    expr, (pairs, _) = shared(draft, parts, most)
    return expr, (pairs, pairs)


def determinants(draft: Draft, most: int) -> Any:
    """Entries or traces that change by the determinant, at times beside a square."""
    X, size = draft.X, draft.sizes[0]
    order = draft.source.sample(range(size), size)
    if draft.chance(0.5):
        made = prod(X[k, image] for k, image in enumerate(order))
    else:
        parts = draft.source.choice([mu for mu in PARTITIONS if sum(mu) == size])
        made = prod(Trace(X**k) for k in parts)
    letters = size
    if draft.chance(0.3) and size < most:
        made, letters = Trace(X * draft.fixed("A", 0)) * made, letters + 1
    bars = int(letters + 2 <= most and draft.chance(0.6))
    if bars:
        square = Trace(X) if draft.chance(0.3) else X[draft.place(0), draft.place(1)]
        made *= square * conjugate(square)
    return made, (letters + bars, bars)


PARTITIONS = ((1,), (2,), (1, 1), (3,), (2, 1), (1, 1, 1), (4,), (2, 2), (3, 1), (2, 1, 1))

# Routes -------------------------------------------------------------------------------------------


class Kind(NamedTuple):
    """The ensembles and the expressions that lead to a route."""

    laws: tuple[str, ...]
    forms: tuple[Form, ...]


HAAR = ("HaarOrthogonal", "HaarUnitary", "HaarSymplectic")
SIDES = ("HaarOrthogonal", "HaarUnitary", "HaarStiefel, real", "HaarStiefel, complex")
GAUSS = ("GaussianMatrix, real", "GaussianMatrix, complex")
BLOCKS = ("RandomPermutation", "CentredPermutation", "SignedPermutation", "RandomSigns",
          "RandomSigns, vector", "RandomPhases", "RandomPhases, vector")  # fmt: skip
SPECIAL = ("HaarSpecialOrthogonal", "HaarSpecialUnitary")
WORDS = (turned, turned, rows, plain)

KINDS: dict[str, Kind] = {
    "blocks._entries": Kind(BLOCKS, (entries,)),
    "blocks._cycles": Kind(("RandomPermutation", "SignedPermutation"), (powers,)),
    "blocks._blocks": Kind(BLOCKS, (plain,)),
    "circular._entries": Kind(("CircularSymplectic",), (entries,)),
    "circular._traces": Kind(("CircularSymplectic",), (powers,)),
    "circular._words": Kind(("CircularSymplectic",), (plain,)),
    "conjugated._conjugated": Kind(HAAR, (runs,)),
    "entries._entries": Kind((*HAAR, *SIDES, *GAUSS), (entries,)),
    "free._free_and_any": Kind(SIDES, (one_row, rows)),
    "inverses._inverses": Kind(("InverseWishart, real", "InverseWishart, complex"), (plain,)),
    "lists._two_lists": Kind(SIDES, WORDS),
    "lists._listed": Kind((*HAAR, *SIDES, *GAUSS), WORDS),
    "orbits._orbits": Kind((*SIDES, *GAUSS), (turned, turned, rows)),
    "power_sums._two_classes": Kind((*SIDES, *GAUSS), (classes, classes, turned)),
    "power_sums._free_and_class": Kind(SIDES, (classes, turned, rows)),
    "power_sums._class_and_list": Kind(SIDES, (turned, rows)),
    "quadratic._quadratic": Kind((*SIDES, *GAUSS), (turned, rows)),
    "quaternions._quaternions": Kind(("GaussianSymplectic", "SymplecticGinibre"), (entries,)),
    "special._by_tensors": Kind(SPECIAL, (determinants, plain)),
    "special._by_entries": Kind(SPECIAL, (determinants, determinants, plain)),
    "special._by_traces": Kind(SPECIAL, (determinants, determinants, plain)),
    "symmetric_squares._symmetric_squares": Kind(("HaarUnitary",), (squares,)),
    "trace_of_word._trace_of_word": Kind((*HAAR, *GAUSS), (beside_constant,)),
    "trace_powers._trace_powers": Kind(HAAR, (powers,)),
    "wick._wick": Kind(("GaussianOrthogonal", "GaussianUnitary", "GaussianSymplectic",
                        "SymplecticGinibre", "Wishart, real", "Wishart, complex"), (plain,)),
}  # fmt: skip


def name_of(route: Route) -> str:
    """Return the module and the function of a route."""
    return f"{route.terms.__module__.rsplit('.', 1)[-1]}.{route.terms.__name__}"


BY_NAME = {name_of(route): route for route in ROUTES}


@contextmanager
def preferring(chosen: Route) -> Iterator[list[Any]]:
    """Let `E` take a route wherever it applies; what it is taken for is noted."""
    taken: list[Any] = []

    def cost(task: Any) -> Effort | None:
        return None if chosen.cost(task) is None else Effort(0, 1)

    def terms(task: Any) -> Any:
        taken.append(task)
        return chosen.terms(task)

    kept = ROUTES[:]
    ROUTES[:] = [Route(cost, terms, chosen.law), *(route for route in kept if route != chosen)]
    with ExitStack() as stack:
        # Lists and orbits offer themselves where the answer is long, or a closed form is none.
        if chosen.terms.__module__.endswith(".lists"):
            stack.enter_context(patch.object(lists, "has_closed_form", return_value=False))
        stack.enter_context(patch.object(orbits, "FEW", 0))
        try:
            yield taken
        finally:
            ROUTES[:] = kept


def case(name: str, number: int) -> Case:
    """Return the case of a number for a route."""
    source = random.Random(f"{name} {number}")
    kind = KINDS[name]
    return case_of(source.choice(kind.laws), number, source, source.choice(kind.forms))


def at(found: Case, route: Route | None, sizes: tuple[int, ...] | None = None) -> Any:
    """Return the value by a route, at other sizes if some are given; None if it is not taken.

    Where the formula does not hold, it is that of the formula for these sizes.
    """
    if sizes is not None:
        found = found.at(sizes)
    values = found.values
    with preferring(route) if route else nullcontext([None]) as taken:
        formula, condition = E(found.expr, found.given, conditions=True)
        if condition.subs(found.numbers) != True:  # noqa: E712 - SymPy's three truth values
            expr, facts, values = at_sizes(found)
            formula = E(expr, facts)
        if not taken:
            return None
    return Evaluator(values)(formula)


def outcome(name: str, found: Case) -> str | None:
    """Return what came of a case, in words if it is wrong; None if the route is not taken."""
    try:
        with within(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _compared(name, found)
    except LateError:
        return LATE
    except Exception as error:
        is_refusal = isinstance(error, REFUSALS) and is_own(error)
        return f"{REFUSED if is_refusal else WRONG}: {type(error).__name__}: {error}"


def _compared(name: str, found: Case) -> str | None:
    route = BY_NAME[name]
    value = at(found, route)
    if value is None:
        return None
    right, scale = found.by_definition()
    if not _is_close(value, right, scale):
        return f"{WRONG}: came {value}, by definition {right}"
    if route.law != "pairings":
        return AGREED
    # The plain list has the engine's own choice beside it.
    other = None if name == "lists._listed" else BY_NAME["lists._listed"]
    listed = at(found, other)
    if listed is not None and not _is_close(value, listed, scale):
        return f"{WRONG}: came {value}, by listing {listed}"
    if not found.has_sizes:
        return AGREED
    sizes = (LARGE,) * len(found.sizes)
    value, listed = at(found, route, sizes), at(found, other, sizes)
    if value is None or listed is None:
        return AGREED
    if not _is_close(value, listed, np.abs(listed).max()):
        return f"{WRONG}: came {value}, by listing {listed} at {sizes}"
    return AGREED


def _is_close(value: Any, right: Any, scale: float) -> bool:
    value, right = np.asarray(value), np.asarray(right)
    return bool(np.abs(value - right).max() <= ROUNDING * (1 + scale))


def search(
    cases: int, first: int, say: Callable[[str], None] = print, names: list[str] | None = None
) -> bool:
    """Compare so many cases of each route; return whether none is wrong."""
    wrong = 0
    for name in names or KINDS:
        start, verdicts, number = time.process_time(), Counter[str](), first
        sizes: Counter[Any] = Counter()
        while verdicts.total() < cases and number < first + 30 * cases:
            found = case(name, number)
            number += 1
            verdict = outcome(name, found)
            if verdict is None:
                continue
            sizes[found.sizes] += 1
            verdicts[verdict.split(":")[0]] += 1
            if verdict.split(":")[0] in (WRONG, LATE):
                say(f"{name}, case {number - 1}: {described(found)}: {verdict}")
        wrong += verdicts[WRONG]
        counts = ", ".join(f"{verdicts[v]} {v}" for v in (AGREED, REFUSED, LATE, WRONG))
        seconds = time.process_time() - start
        drawn = f"{verdicts.total()} cases of {number - first} drawn, in {seconds:.0f} s"
        say(f"{name}: {drawn}: {counts}")
        say("    at sizes " + ", ".join(f"{size} {n}" for size, n in sorted(sizes.items())))
    return not wrong
