"""Expansions for large dimension without the exact value: the loop equations.

The law of a Haar matrix does not change when the matrix is multiplied by one near the identity,
that of a Gaussian one can be integrated by parts. Either writes the mean of a product of traces by
those of other products, with one over the dimension (or the variance) before each: for U(d), with
the first letter of a trace chosen,

    d tr(U P) = sum over P = Q U* R of tr(Q) tr(R) - sum over P = Q U R of tr(U Q) tr(U R)
                + sums that join the trace with another one.

So for joint cumulants. What is of lower order than asked for is never looked at: of one trace at
leading order no two traces are joined, which leaves the noncrossing pairings.

A letter is an integer here, a word a tuple of letters; a closed word is the least of its rotations
and of those of its transpose.

References
----------
B. Collins, A. Guionnet & E. Maurel-Segala, Adv. Math. 222 (2009).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from weingarten.combinatorics.set_partitions import set_partitions

#: A closed word.
Loop = tuple[int, ...]
#: The closed words of constants, by their numbers in order, and the exponents of the weights.
Product = tuple[tuple[int, ...], tuple[int, ...]]
#: Coefficients of products.
Sum = dict[Product, int]


class Law(NamedTuple):
    """How the letters of one random matrix are joined.

    Attributes
    ----------
    kind : str
        "unitary", "orthogonal", or for Gaussian matrices "complex", "real", "hermitian",
        "symmetric".
    weight : int
        The place, among the weights, of the dimension of a Haar matrix or of a variance.
    """

    kind: str
    weight: int

    @property
    def is_haar(self) -> bool:
        """Whether the matrix is a Haar one, with one over the dimension for its weight."""
        return self.kind in ("unitary", "orthogonal")

    @property
    def is_balanced(self) -> bool:
        """Whether there must be as many conjugate letters as plain ones."""
        return self.kind in ("unitary", "complex")


class Alphabet(NamedTuple):
    """What the equations need to know of letters.

    Attributes
    ----------
    transposed : sequence of int
        The transpose of each letter.
    rows : sequence of int
        The place, among the weights, of the number of its rows; none is 1.
    matrix : sequence of int or None
        The random matrix of each letter, by number; None for a constant.
    is_transpose, is_conjugate : sequence of bool
        Which form of its matrix a letter is.
    laws : sequence of Law
        Those of the random matrices.
    """

    transposed: Sequence[int]
    rows: Sequence[int]
    matrix: Sequence[int | None]
    is_transpose: Sequence[bool]
    is_conjugate: Sequence[bool]
    laws: Sequence[Law]


class Order(NamedTuple):
    """How products grow: what is kept.

    Attributes
    ----------
    weights : tuple of int
        The power of the dimension that each weight grows with.
    traces : bool
        Whether a trace of constants grows as its size does; held if not.
    """

    weights: tuple[int, ...]
    traces: bool


class LoopEquations:
    """Means of products of traces, up to an order.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    order : Order
        How products grow.
    bounded : set of int
        Letters of constants that keep the trace of a word from growing.
    """

    def __init__(self, alphabet: Alphabet, order: Order, bounded: frozenset[int]) -> None:
        self._alphabet = alphabet
        self._order = order
        self._bounded = bounded
        #: The closed words of constants.
        self.constants: list[Loop] = []
        self._numbers: dict[Loop, int] = {}
        self._growth: list[int] = []
        self._least: dict[Loop, Loop] = {}
        self._known: dict[tuple[Loop, ...], tuple[int, Sum]] = {}
        self._one: Product = (), (0,) * len(order.weights)

    # Means ----------------------------------------------------------------------------------------

    def mean(self, loops: Sequence[Loop], least: int) -> Sum:
        """Return the mean of a product of traces, from a power of the dimension on.

        It is the sum over set partitions of the products of the joint cumulants of the blocks.
        """
        made = [self._closed(loop, self._alphabet.rows[loop[0]]) for loop in loops]
        standard = [loop for loop in made if not isinstance(loop, int)]
        random = [loop for loop in standard if self._random(loop)]
        beside = self._constants([loop for loop in standard if not self._random(loop)])
        for size in made:
            if isinstance(size, int):
                beside = {_together(p, self._weight(size, 1)): 1 for p in beside}
        total: Sum = defaultdict(int)
        for blocks in set_partitions(len(random)):
            parts = [tuple(sorted(random[k] for k in block)) for block in blocks]
            for product, value in self._product([beside], parts, least).items():
                total[product] += value
        return {product: value for product, value in total.items() if value}

    def growing(self, numbers: Sequence[int]) -> int:
        """Return how many of the traces of constants grow."""
        return sum(self._growth[k] for k in numbers)

    def _product(self, known: list[Sum], parts: Sequence[tuple[Loop, ...]], least: int) -> Sum:
        """Return the product of known sums and of cumulants, from a power on."""
        made = known[0]
        bounds = [self._bound(part) for part in parts]
        for k, part in enumerate(parts):
            if not made:
                return {}
            so_far = max(map(self._power, made))
            later = sum(bounds[k + 1 :])
            made = self._times(made, self._cumulant(part, least - so_far - later), least - later)
        return made

    def _times(self, one: Sum, other: Sum, least: int) -> Sum:
        total: Sum = defaultdict(int)
        powers = {product: self._power(product) for product in other}
        for product, value in one.items():
            power = self._power(product)
            for factor, number in other.items():
                if power + powers[factor] >= least:
                    total[_together(product, factor)] += value * number
        return {product: value for product, value in total.items() if value}

    def _power(self, product: Product) -> int:
        """Return the power of the dimension that a product grows with."""
        loops, exponents = product
        return self.growing(loops) + sum(
            e * w for e, w in zip(exponents, self._order.weights, strict=True)
        )

    def _bound(self, loops: Sequence[Loop]) -> int:
        """Return a power of the dimension that the joint cumulant of traces does not exceed."""
        a = self._alphabet
        if self._order.traces:
            # A sphere with a hole for each trace; what a variance is above one over the dimension.
            powers: dict[int, int] = defaultdict(int)
            for loop in loops:
                for letter in loop:
                    m = a.matrix[letter]
                    if m is not None and not a.laws[m].is_haar:
                        powers[m] += 1
            more = (n * (self._order.weights[a.laws[m].weight] + 1) for m, n in powers.items())
            return 2 - len(loops) + sum(more) // 2
        pairs = empty = 0
        for loop in loops:
            for k, letter in enumerate(loop):
                m = a.matrix[letter]
                if m is None:
                    continue
                law = a.laws[m]
                sign = -1 if law.is_haar else 1
                pairs += sign * self._order.weights[law.weight]
                empty += a.matrix[loop[k - 1]] is not None
        return pairs // 2 + empty

    # Cumulants ------------------------------------------------------------------------------------

    def _cumulant(self, loops: tuple[Loop, ...], least: int) -> Sum:
        """Return the joint cumulant of traces, in standard form and in order, from a power on."""
        if self._bound(loops) < least or not self._may_be_balanced(loops):
            return {}
        known = self._known.get(loops)
        if known is None or known[0] > least:
            known = self._known[loops] = least, self._reduced(loops, least)
        if known[0] == least:
            return known[1]
        return {p: value for p, value in known[1].items() if self._power(p) >= least}

    def _may_be_balanced(self, loops: Sequence[Loop]) -> bool:
        a = self._alphabet
        excess: dict[int, int] = defaultdict(int)
        for loop in loops:
            for letter in loop:
                m = a.matrix[letter]
                if m is not None:
                    by_sign = a.laws[m].is_balanced and a.is_conjugate[letter]
                    excess[m] += -1 if by_sign else 1
        return all(
            count == 0 if a.laws[m].is_balanced else count % 2 == 0 for m, count in excess.items()
        )

    def _reduced(self, loops: tuple[Loop, ...], least: int) -> Sum:
        """Return a cumulant by those that the equation of its first random letter names."""
        constant = next((loop for loop in loops if not self._random(loop)), None)
        if constant is not None:
            # A constant beside others has no joint cumulant with them.
            return self._constants(loops) if len(loops) == 1 else {}
        first, *others = loops
        place = next(k for k, x in enumerate(first) if self._alphabet.matrix[x] is not None)
        word = self._led(first, place)
        law = self._law(word[0])
        step = -1 if law.is_haar else 1
        weight = self._weight(law.weight, step)
        inner = least - step * self._order.weights[law.weight]
        total: Sum = defaultdict(int)

        def add(sign: int, found: Sum) -> None:
            for product, value in found.items():
                total[_together(product, weight)] += sign * value

        if law.kind == "orthogonal":
            add(1, self._cumulant(loops, inner))
        for sign, parts in self._cut(word, law):
            add(sign, self._parted([self._closed(*part) for part in parts], others, inner))
        for k, other in enumerate(others):
            rest = others[:k] + others[k + 1 :]
            for sign, joined in self._joined(word, other, law):
                add(sign, self._parted([self._closed(*joined)], rest, inner))
        return {product: value for product, value in total.items() if value}

    def _cut(self, word: Loop, law: Law) -> Iterator[tuple[int, list[tuple[Loop, int]]]]:
        """Yield what the first letter and another one of its trace make of it, with signs.

        Each part is a word, with the size of the trace if it has no letter.
        """
        a = self._alphabet
        first, tail = word[0], word[1:]
        left, right = a.rows[first], a.rows[a.transposed[first]]
        for k, letter in enumerate(tail):
            if a.matrix[letter] != a.matrix[first]:
                continue
            q, r = tail[:k], tail[k + 1 :]
            apart = [(q, right), (r, left)]
            turned = self._transposed(r)
            is_turned = a.is_transpose[letter]
            is_same = a.is_conjugate[letter] == a.is_conjugate[first]
            if law.kind == "unitary" and is_same:
                if is_turned:
                    yield -1, [((first, *q, letter, *turned), left)]
                else:
                    yield -1, [((first, *q), left), ((first, *r), left)]
            elif law.kind == "orthogonal" and is_turned:
                yield 1, apart
                yield -1, [((first, *q, letter, *turned), left)]
            elif law.kind == "orthogonal":
                yield 1, [(q + turned, right)]
                yield -1, [((first, *q), left), ((first, *r), left)]
            elif law.kind in ("hermitian", "symmetric"):
                if not is_turned:
                    yield 1, apart
                if is_turned or law.kind == "symmetric":
                    yield 1, [(q + turned, right)]
            elif law.kind == "real" or not is_same:
                yield 1, apart if is_turned else [(q + turned, right)]

    def _joined(self, word: Loop, other: Loop, law: Law) -> Iterator[tuple[int, tuple[Loop, int]]]:
        """Yield what the first letter and one of another trace make of both."""
        a = self._alphabet
        first, p = word[0], word[1:]
        right = a.rows[a.transposed[first]]
        for k, letter in enumerate(other):
            if a.matrix[letter] != a.matrix[first]:
                continue
            led = self._led(other, k)
            s, turned = led[1:], self._transposed(led[1:])
            is_same = a.is_conjugate[letter] == a.is_conjugate[first]
            if law.is_balanced and not is_same:
                # Led by the letter as it stands, not transposed: the adjoint turns the rest.
                yield 1, (p + turned, right)
            elif law.kind == "unitary":
                yield -1, ((first, *p, first, *s), right)
            elif law.kind == "orthogonal":
                yield 1, (p + turned, right)
                yield -1, ((first, *p, first, *s), right)
            elif law.kind in ("real", "symmetric", "hermitian"):
                if law.kind != "real":
                    yield 1, (p + s, right)
                if law.kind != "hermitian":
                    yield 1, (p + turned, right)

    def _parted(self, loops: Sequence[Loop | int], others: Sequence[Loop], least: int) -> Sum:
        """Return the cumulant with others of a product of one trace or of two."""
        factor = self._one
        words = []
        for loop in loops:
            if isinstance(loop, int):
                factor = _together(factor, self._weight(loop, 1))
            else:
                words.append(loop)
        known: list[Sum] = [{factor: 1}]
        if not words:
            return {} if others else self._product(known, [], least)
        total: Sum = defaultdict(int)
        for parts in _shared(words, others):
            for product, value in self._product(known, parts, least).items():
                total[product] += value
        return total

    # Words ----------------------------------------------------------------------------------------

    def _weight(self, place: int, exponent: int) -> Product:
        return (), tuple(exponent * (k == place) for k in range(len(self._order.weights)))

    def _law(self, letter: int) -> Law:
        matrix = self._alphabet.matrix[letter]
        assert matrix is not None
        return self._alphabet.laws[matrix]

    def _random(self, loop: Loop) -> bool:
        return any(self._alphabet.matrix[letter] is not None for letter in loop)

    def _transposed(self, word: Loop) -> Loop:
        return tuple(self._alphabet.transposed[letter] for letter in reversed(word))

    def _led(self, loop: Loop, place: int) -> Loop:
        """Return a closed word that begins with a letter of it, not transposed."""
        word = loop[place:] + loop[:place]
        if self._alphabet.is_transpose[word[0]]:
            turned = self._transposed(word)
            word = turned[-1:] + turned[:-1]
        return word

    def _closed(self, word: Loop, size: int) -> Loop | int:
        """Return a closed word in standard form; the place of its size where it has no letter."""
        word = self._cancelled(word)
        return self._standard(word) if word else size

    def _cancelled(self, word: Loop) -> Loop:
        """Cancel each Haar letter beside its inverse."""
        kept: list[int] = []
        for letter in word:
            if kept and self._are_inverse(kept[-1], letter):
                kept.pop()
            else:
                kept.append(letter)
        while len(kept) > 1 and self._are_inverse(kept[-1], kept[0]):
            kept = kept[1:-1]
        return tuple(kept)

    def _are_inverse(self, one: int, other: int) -> bool:
        a = self._alphabet
        m = a.matrix[one]
        if m is None or m != a.matrix[other] or not a.laws[m].is_haar:
            return False
        is_turned = a.is_transpose[one] != a.is_transpose[other]
        is_barred = a.is_conjugate[one] != a.is_conjugate[other]
        return is_turned and (is_barred or a.laws[m].kind == "orthogonal")

    def _standard(self, loop: Loop) -> Loop:
        if loop not in self._least:
            both = (loop, self._transposed(loop))
            self._least[loop] = min(w[k:] + w[:k] for w in both for k in range(len(w)))
        return self._least[loop]

    def _constants(self, loops: Sequence[Loop]) -> Sum:
        """Return a product of traces of constants."""
        numbers = []
        for loop in loops:
            if loop not in self._numbers:
                self._numbers[loop] = len(self.constants)
                self.constants.append(loop)
                grows = self._order.traces and not self._bounded & set(loop)
                self._growth.append(int(grows))
            numbers.append(self._numbers[loop])
        return {(tuple(sorted(numbers)), self._one[1]): 1}


def _together(one: Product, other: Product) -> Product:
    """Return the product of two products."""
    loops = tuple(sorted(one[0] + other[0])) if one[0] and other[0] else one[0] or other[0]
    return loops, tuple(a + b for a, b in zip(one[1], other[1], strict=True))


def _shared(words: Sequence[Loop], others: Sequence[Loop]) -> Iterator[list[tuple[Loop, ...]]]:
    """Yield the ways to part one trace or two, and others, into blocks with cumulants.

    Each word is in a block, both in one or in two, and each block has one: by the formula for
    cumulants of products [Leonov & Shiryaev].
    """
    yield [tuple(sorted((*words, *others)))]
    if len(words) == 2:
        for count in range(len(others) + 1):
            for chosen in combinations(range(len(others)), count):
                here = [others[k] for k in chosen]
                there = [x for k, x in enumerate(others) if k not in chosen]
                yield [tuple(sorted((words[0], *here))), tuple(sorted((words[1], *there)))]
