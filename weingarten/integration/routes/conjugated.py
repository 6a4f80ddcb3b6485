"""A class function of a Haar matrix times something else of it: turned by another Haar matrix.

X has the law of ``V X V^-1``, with V Haar and independent. Traces of powers of X stay as they are;
elsewhere each run ``X**k`` becomes ``V X**k V^-1``. Averaging over V joins the runs, and leaves
traces of powers of X. It takes as many pairs of V as there are runs, however many letters those
hold, and however many are in the traces.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Letter, Word, random_bases
from weingarten.integration.diagram import Cut
from weingarten.integration.routes.base import (
    Effort,
    Integrated,
    Task,
    cheapest,
    found,
    one_by_one,
    route,
)
from weingarten.integration.symplectic import reduced
from weingarten.integration.word_powers import is_power


def _turned(task: Task) -> tuple[list[Chain], Task] | None:
    """Return the traces of powers, and what is to be averaged over V; None if V takes more."""
    cut = task.cut
    matrix, alphabet = cut.matrix, cut.alphabet
    if not matrix.is_haar or matrix.shape[0] != matrix.shape[1]:
        return None
    powers = [chain for chain in cut.chains if is_power(chain, matrix)]
    others = [chain for chain in cut.chains if not is_power(chain, matrix)]
    runs = [_runs(chain, matrix) for chain in others]
    number = sum(len(starts) for _, starts in runs)
    if not others or number >= cut.n:
        return None
    V = _another(matrix, others)
    made = [
        chain._replace(word=_between_turns(word, starts, matrix, V, alphabet))
        for chain, (word, starts) in zip(others, runs, strict=True)
    ]
    return powers, Task(Cut(V, made, alphabet))


def _runs(chain: Chain, matrix: RandomMatrix) -> tuple[Word, list[int]]:
    """Return the word, rotated to start with a run if it is closed, and where runs start."""
    word = chain.word
    starts = [
        k
        for k, letter in enumerate(word)
        if letter.base == matrix and not (k and _same_kind(word[k - 1], letter))
    ]
    if chain.ends is None and starts[0] == 0 and len(starts) > 1 and _same_kind(word[-1], word[0]):
        word = word[starts[1] :] + word[: starts[1]]
        return _runs(Chain(word), matrix)
    return word, starts


def _same_kind(one: Letter, other: Letter) -> bool:
    """Return whether two letters are powers of the same matrix: X and its inverse, or X^T."""
    return one.base == other.base and _is_turned_over(one) == _is_turned_over(other)


def _is_turned_over(letter: Letter) -> bool:
    return not letter.base.is_real_valued and letter.transposed != letter.conjugated


def _between_turns(
    word: Word, starts: list[int], matrix: RandomMatrix, V: RandomMatrix, alphabet: Alphabet
) -> Word:
    """Return a word with V before each run of powers and its inverse after it."""
    made: list[Letter] = []
    for k, letter in enumerate(word):
        over = letter.base == matrix and _is_turned_over(letter)
        if k in starts:
            made.append(alphabet.letter(V, False, over))
        made.append(letter)
        last = k + 1 == len(word) or k + 1 in starts or word[k + 1].base != matrix
        if letter.base == matrix and last:
            made.append(alphabet.letter(V, True, not over))
    return tuple(made)


def _another(matrix: RandomMatrix, chains: list[Chain]) -> RandomMatrix:
    """Return a matrix of the same law whose name no other one has."""
    used = {base.name for chain in chains for base in random_bases(chain)}
    names = (f"{matrix.name}_{k}" for k in count())
    name = next(name for name in names if name not in used)
    other: RandomMatrix = type(matrix)(name, *matrix.args[1:])
    return other


def _cost(task: Task) -> Effort | None:
    turned = _turned(task)
    return cheapest(turned[1])[0] if turned else None


@route(_cost)
def _conjugated(task: Task) -> Iterator[Integrated]:
    """Yield what averaging over V leaves: traces of powers, beside those that were there."""
    powers, inner = found(_turned(task))
    matrix, alphabet = task.cut.matrix, task.cut.alphabet
    for term in one_by_one(inner):
        sign, made = 1, list(powers)
        for chain in term.chains:
            factor, word = 1, chain.word
            if matrix.form is not None and chain.ends is None:
                factor, word = reduced(_through_form(word, matrix, alphabet), closed=True)
            sign *= factor
            made.append(chain._replace(word=word))
        yield term._replace(value=term.value.scaled(sign), chains=alphabet.sort(made))


def _through_form(word: Word, matrix: RandomMatrix, alphabet: Alphabet) -> Word:
    """Write ``X^T = J^T X^-1 J`` and ``conj(X) = J X J^T``: between powers of X no J is left."""
    made: list[Letter] = []
    for letter in word:
        over = letter.base == matrix and _is_turned_over(letter)
        if over:
            made.append(alphabet.letter(matrix.form, letter.transposed))
            letter = Letter(matrix, letter.transposed, letter.transposed)
        made.append(letter)
        if over:
            made.append(alphabet.letter(matrix.form, not letter.transposed))
    return tuple(made)
