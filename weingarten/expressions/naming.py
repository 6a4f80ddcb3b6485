"""Names for the indices that are summed: sums that are equal but for their names become one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, islice, permutations
from itertools import product as cartesian
from typing import Any

from sympy import Dummy

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import INDICES, Monomial

#: So many ways to name indices that look alike are tried.
_TRIED = 120


def with_names(monomial: Monomial, new: Collection[Dummy], alphabet: Alphabet) -> Monomial:
    """Return a monomial in which new indices have the least names that are free.

    Where more than these are needed, they keep their own.
    """
    ends = {s for c in monomial.chains for end in c.ends or () for s in end.free_symbols}
    taken = (ends | {r.index for r in monomial.sums}) - set(new)
    names = [index for index in INDICES if index not in taken]
    indices = [r.index for r in monomial.sums if r.index in new]
    if not indices or len(indices) > len(names):
        return monomial
    found = (
        _renamed(monomial, dict(zip(order, names, strict=False)), alphabet)
        for order in _orders(monomial, indices, alphabet)
    )
    return min(found, key=lambda made: _key(made, alphabet))


def _renamed(monomial: Monomial, names: dict[Any, Any], alphabet: Alphabet) -> Monomial:
    chains, sums = monomial.renamed(names)
    standard = [s for chain in chains for s in alphabet.standard(chain)]
    return Monomial(alphabet.sort(standard), tuple(sorted(sums, key=lambda r: str(r.index))))


def _key(monomial: Monomial, alphabet: Alphabet) -> Any:
    return [(str(chain.ends), alphabet.key(chain.word)) for chain in monomial.chains]


def _orders(
    monomial: Monomial, indices: Sequence[Dummy], alphabet: Alphabet
) -> Iterator[tuple[Dummy, ...]]:
    """Yield orders of indices, those that stand in different words in one order only."""
    looks = {index: _look(monomial, index, alphabet) for index in indices}
    alike = groupby(sorted(indices, key=looks.__getitem__), key=looks.__getitem__)
    ways = cartesian(*(permutations(list(group)) for _, group in alike))
    return (tuple(i for part in way for i in part) for way in islice(ways, _TRIED))


def _look(monomial: Monomial, index: Dummy, alphabet: Alphabet) -> str:
    """Return what tells an index from others whatever they are called."""
    turned = {False: lambda word: word, True: alphabet.transpose}
    return str(
        sorted(
            str((alphabet.key(turned[end == 1](chain.word)), chain.ends.count(index)))
            for chain in monomial.chains
            for end in range(2)
            if chain.ends and chain.ends[end] == index
        )
    )
