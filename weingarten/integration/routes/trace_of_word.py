"""Traces of powers of a word with one random letter and one constant: one sum over partitions.

The mean of a class function of X C is a sum of products of traces of powers of ``C C^T`` (of
``C D*``, if the conjugate letters have D beside them): `weingarten.functions.traces`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import S

from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.expressions.words import Chain, Word
from weingarten.functions.traces import mean_beside_constant
from weingarten.integration.diagram import Cut
from weingarten.integration.routes.base import Effort, Integrated, Task, found, route
from weingarten.integration.symplectic import standard_closed
from weingarten.integration.word_powers import WordPowers, word_powers

#: How many entries of a table over partitions are gone through in a second, and bytes for each.
_ENTRIES, _BYTES = 150_000, 150
POWER_SUMS = "characters of products of traces"


def _beside_constant(task: Task) -> WordPowers | None:
    made = word_powers(task.cut)
    return None if made and made.is_pure and task.cut.matrix.is_haar else made


def _cost(task: Task) -> Effort | None:
    if _beside_constant(task) is None:
        return None
    entries = number_of_partitions(task.cut.n) ** 2
    return Effort(entries, _ENTRIES, POWER_SUMS, memory=_BYTES * entries)


@route(_cost)
def _trace_of_word(task: Task) -> Iterator[Integrated]:
    """Yield a product of traces of the constants for each partition."""
    cut, made = task.cut, found(_beside_constant(task))
    matrix, alphabet = cut.matrix, cut.alphabet
    word = _squared(cut, made)
    traces = {k: _trace(cut, word * k) for k in range(1, cut.n + 1)}
    d = matrix.dimension if matrix.is_haar else None
    scale = matrix.scale(cut.n)
    for kind, value in mean_beside_constant(matrix.group, made.powers, made.conjugate_powers, d):
        sign, empty, chains = made.sign, 0, []
        for part in kind:
            factor, trace = traces[part]
            sign *= factor
            chains += trace
            empty += not trace
        if value and sign:
            loops = matrix.shape[0] ** empty if empty else S.One
            yield Integrated(scale * loops, value.scaled(sign), alphabet.sort(chains))


def _squared(cut: Cut, made: WordPowers) -> Word:
    """Return the word that the constants on the way through two joined letters make."""
    alphabet, form = cut.alphabet, cut.matrix.form
    if cut.bipartite:
        return made.constant + alphabet.transpose(made.conjugate_constant)
    turned = alphabet.transpose(made.constant)
    if form is None:
        return made.constant + turned
    return (
        *made.constant,
        alphabet.letter(form),
        *turned,
        alphabet.letter(form, True),
    )


def _trace(cut: Cut, word: Word) -> tuple[int, list[Chain]]:
    """Return the trace of a word in its standard form, and its sign; no chain for the identity."""
    if cut.matrix.form is not None:
        sign, standard = standard_closed(cut.alphabet, word)
        return sign, [Chain(standard)] if standard else []
    return 1, cut.alphabet.closed(word) if word else []
