"""Matrices that are joined with themselves, as symmetric Gaussian ones: pair by pair, by Wick.

The first letter is joined with each of the others, and what comes out is collected before the next
step: words with few different pieces lead to few products, whatever the number of pairings.

Where there is a form J, ``conjugate(X) = J X J^T``, like ends of letters are joined through it:
words are written with J in place of conjugate letters, and of transposed ones where X is its own
adjoint, so that what cancels is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Add, Expr, S

from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word
from weingarten.functions.rational import constant
from weingarten.integration.routes.base import Effort, Integrated, Task, route
from weingarten.integration.symplectic import standard_chains
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


@route(_cost, law="joins")
def _wick(task: Task) -> Iterator[Integrated]:
    """Yield the products that are left when all letters are joined."""
    cut = task.cut
    sign, spelled = _spelled_out(cut.matrix, cut.chains, cut.alphabet)
    products: dict[tuple[Chain, ...], Expr] = {cut.alphabet.sort(spelled): sign}
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
            form = matrix.form if join == "parallel" else None
            opened, closed = _walked(parts, ends, alphabet, form)
            made, size = _written(matrix, opened, closed, alphabet)
            if size is not S.Zero:
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


#: A word between two free indices.
_Open = tuple[Word, tuple[Expr, Expr]]


def _walked(
    parts: Sequence[_Part], ends: tuple[int, int, int, int], alphabet: Alphabet, form: Any
) -> tuple[list[_Open], list[Word]]:
    """Follow parts through the joins of ends: the words between free indices, and of loops."""
    joined = {ends[0]: ends[1], ends[1]: ends[0], ends[2]: ends[3], ends[3]: ends[2]}
    links: dict[Any, list[tuple[Any, Word, int]]] = defaultdict(list)
    for k, (start, stop, word) in enumerate(parts):
        links[start].append((stop, word, k))
        links[stop].append((start, alphabet.transpose(word), k))
    used: set[int] = set()
    opened: list[_Open] = []
    closed: list[Word] = []
    open_parts = [k for k, part in enumerate(parts) if isinstance(part[0], tuple)]
    stopping = [k for k, part in enumerate(parts) if isinstance(part[1], tuple)]
    for k in (*open_parts, *stopping, *range(len(parts))):
        if k in used:
            continue
        start, stop, word = parts[k]
        if k in stopping and k not in open_parts:
            start, stop, word = stop, start, alphabet.transpose(word)
        used.add(k)
        while not isinstance(stop, tuple):
            if form is not None:
                # It is read from the first letter, of the ends 0 and 1, to the other one.
                word += (alphabet.letter(form, stop > 1),)
            if joined[stop] == start:
                break
            stop, more, following = next(x for x in links[joined[stop]] if x[2] not in used)
            used.add(following)
            word += more
        if isinstance(start, tuple):
            opened.append((word, (start[1], stop[1])))
        else:
            closed.append(word)
    return opened, closed


def _written(
    matrix: Any, opened: Sequence[_Open], closed: Sequence[Word], alphabet: Alphabet
) -> tuple[list[Chain], Expr]:
    """Return chains, and the size of the loops without a letter, with the sign of all."""
    size = matrix.shape[0]
    if matrix.form is not None:
        spelling = _Spelling(matrix, alphabet)
        sign, made, empty = standard_chains(
            alphabet,
            [(spelling(word), ends) for word, ends in opened],
            [spelling(word) for word in closed],
            size,
            spelling,
        )
        return made, sign * size**empty
    made, loops = [], S.One
    for word, free in opened:
        made += alphabet.open(word, free, None if word else size)
    for word in closed:
        if word:
            made += alphabet.closed(word)
        else:
            loops *= size
    return made, loops


def _spelled_out(
    matrix: Any, chains: Sequence[Chain], alphabet: Alphabet
) -> tuple[Expr, Sequence[Chain]]:
    """Return the sign of chains, and these as they are spelled while letters are joined."""
    if matrix.form is None:
        return S.One, chains
    opened = [(chain.word, chain.ends) for chain in chains if chain.ends]
    made, sign = _written(matrix, opened, [c.word for c in chains if not c.ends], alphabet)
    return sign, made


class _Spelling:
    """Writes the letters of a matrix X with ``conjugate(X) = J X J^T`` as few different ones."""

    def __init__(self, matrix: Any, alphabet: Alphabet) -> None:
        self._matrix = matrix
        self._before = alphabet.letter(matrix.form)
        self._after = alphabet.letter(matrix.form, True)

    def __call__(self, word: Word) -> Word:
        return tuple(x for letter in word for x in self._spelled(letter))

    def _spelled(self, letter: Letter) -> Word:
        matrix = self._matrix
        turned = letter.transposed if matrix.is_self_adjoint else letter.conjugated
        if letter.base != matrix or not turned:
            return (letter,)
        plain = Letter(matrix, letter.transposed and not matrix.is_self_adjoint)
        return self._before, plain, self._after
