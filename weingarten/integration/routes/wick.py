"""Matrices that are joined with themselves, as symmetric Gaussian ones: pair by pair, by Wick.

The first letter is joined with each of the others, and what comes out is collected before the next
step: words with few different pieces lead to few products, whatever the number of pairings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Add, Expr, S

from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Word
from weingarten.functions.rational import constant
from weingarten.integration.routes.base import Effort, Integrated, Task, route
from weingarten.limits import PAIRINGS

#: How many joins a second are made.
_JOINED = 8_000

#: A part of a chain between letters: where it starts and stops, and its word.
_Part = tuple[Any, Any, Word]


def _cost(task: Task) -> Effort | None:
    cut, joins = task.cut, task.cut.matrix.joins
    if joins is None:
        return None
    pairings = cut.number_of_pairings * len(joins) ** cut.n
    if len({piece.word for piece in cut.pieces}) == 1:
        # Products of traces of powers of one word, by degree.
        products = sum(number_of_partitions(2 * k) for k in range(cut.n + 1))
        pairings = min(pairings, 2 * cut.n * products)
    return Effort(pairings, _JOINED, PAIRINGS)


@route(_cost, over="joins")
def _wick(task: Task) -> Iterator[Integrated]:
    """Yield the products that are left when all letters are joined."""
    cut = task.cut
    products: dict[tuple[Chain, ...], Expr] = {cut.alphabet.sort(cut.chains): S.One}
    for _ in range(cut.n):
        joined: dict[tuple[Chain, ...], list[Expr]] = defaultdict(list)
        for chains, count in products.items():
            for made, size in _first_joined(cut.matrix, chains, cut.alphabet):
                joined[made].append(count * size)
        products = {chains: Add(*counts) for chains, counts in joined.items()}
    scale = cut.matrix.scale(cut.n)
    for chains, count in products.items():
        yield Integrated(scale * count, constant(1), chains)


def _first_joined(
    matrix: Any, chains: Sequence[Chain], alphabet: Alphabet
) -> Iterator[tuple[tuple[Chain, ...], Expr]]:
    """Join the first letter with each of the others, in each way."""
    letters = [
        (c, k)
        for c, chain in enumerate(chains)
        for k, x in enumerate(chain.word)
        if x.base == matrix
    ]
    first, *others = letters
    for other in others:
        both = sorted({first[0], other[0]})
        beside = [chain for c, chain in enumerate(chains) if c not in both]
        parts = [
            part
            for c in both
            for part in _parts(
                chains[c], {k: 2 * n for n, (d, k) in enumerate((first, other)) if d == c}
            )
        ]
        turned = _letter(chains, first).transposed != _letter(chains, other).transposed
        for join in matrix.joins:
            # The left end of a letter has an even number, its right end the next one.
            ends = (0, 3, 1, 2) if (join == "crossed") != turned else (0, 2, 1, 3)
            made, size = _walked(parts, ends, matrix.shape[0], alphabet)
            yield alphabet.sort([*beside, *made]), size


def _letter(chains: Sequence[Chain], place: tuple[int, int]) -> Any:
    return chains[place[0]].word[place[1]]


def _parts(chain: Chain, cuts: dict[int, int]) -> Iterator[_Part]:
    """Yield the parts of a chain between the letters at some places, which have numbers."""
    places = sorted(cuts)
    if chain.ends is None:
        start = places[0]
        word = chain.word[start:] + chain.word[:start]
        places = [place - start for place in places]
        numbers = [cuts[place + start] for place in places]
        bounds = [*places, len(word)]
        for k, number in enumerate(numbers):
            after = numbers[(k + 1) % len(numbers)]
            yield number + 1, after, word[bounds[k] + 1 : bounds[k + 1]]
        return
    left: Any = ("end", chain.ends[0])
    at = 0
    for place in places:
        yield left, cuts[place], chain.word[at:place]
        left, at = cuts[place] + 1, place + 1
    yield left, ("end", chain.ends[1]), chain.word[at:]


def _walked(
    parts: Sequence[_Part], ends: tuple[int, int, int, int], size: Expr, alphabet: Alphabet
) -> tuple[list[Chain], Expr]:
    """Follow parts through the joins of ends: chains, and the size of loops without a letter."""
    joined = {ends[0]: ends[1], ends[1]: ends[0], ends[2]: ends[3], ends[3]: ends[2]}
    links: dict[Any, list[tuple[Any, Word, int]]] = defaultdict(list)
    for k, (start, stop, word) in enumerate(parts):
        links[start].append((stop, word, k))
        links[stop].append((start, alphabet.transpose(word), k))
    used: set[int] = set()
    chains: list[Chain] = []
    loops: Expr = S.One
    open_parts = [k for k, part in enumerate(parts) if isinstance(part[0], tuple)]
    stopping = [k for k, part in enumerate(parts) if isinstance(part[1], tuple)]
    for k in (*open_parts, *stopping, *range(len(parts))):
        if k in used:
            continue
        start, stop, word = parts[k]
        if k in stopping and k not in open_parts:
            start, stop, word = stop, start, alphabet.transpose(word)
        used.add(k)
        while not isinstance(stop, tuple) and joined[stop] != start:
            stop, more, following = next(x for x in links[joined[stop]] if x[2] not in used)
            used.add(following)
            word += more
        if isinstance(start, tuple):
            chains += alphabet.open(word, (start[1], stop[1]), None if word else size)
        elif word:
            chains += alphabet.closed(word)
        else:
            loops *= size
    return chains, loops
