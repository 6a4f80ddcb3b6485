"""Sums over indices: carried out where deltas, joins and counts allow it, kept where not.

A sum over an index of a product of chains is

- fixed by a delta that can be solved for the index, when the solution is in its range;
- a join of the two chains that end in it, when it runs through the whole of both: a word;
- a count, or a sum of weights, when no chain has it, or none but a delta.

What is in range is decided by bounds on affine expressions of the indices. What cannot be decided
is kept as a sum; a relation that holds for large dimensions is required, as a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from sympy import (
    Dummy,
    Expr,
    KroneckerDelta,
    Lambda,
    Mul,
    OneMatrix,
    S,
    Sum,
    Symbol,
    expand,
)
from sympy.functions.elementary.piecewise import Piecewise

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.counts import divides, pairs
from weingarten.expressions.ranges import Bounds, Ranges, primitive, slopes_of
from weingarten.expressions.words import (
    LEFT,
    RIGHT,
    Chain,
    Diagonal,
    Monomial,
    Range,
    Word,
    ordered,
    places,
    random_bases,
    scalar_of,
    with_ends,
)
from weingarten.expressions.writer import to_sympy
from weingarten.values.shapes import same

#: The index of every diagonal letter, so that equal ones are equal.
_INDEX = Dummy("k", integer=True)


@dataclass
class Summand:
    """A monomial on the way: what is left of its chains, its coefficient, and its sums."""

    chains: list[Chain]
    coefficient: Expr
    sums: dict[Dummy, Range] = field(default_factory=dict)

    def take_scalars(self) -> None:
        """Move what has become a number, as traces with a given value do, to the coefficient."""
        self.coefficient *= scalar_of(self.chains)
        self.chains = [chain for chain in self.chains if chain.word or chain.ends]

    def put(self, index: Dummy, value: Expr) -> None:
        """Fix an index that is summed."""
        new = {index: value}
        del self.sums[index]
        self.chains = [with_ends(chain, new) for chain in self.chains]
        self.coefficient = self.coefficient.xreplace(new)
        self.sums = {
            other: Range(other, expand(low.xreplace(new)), expand(high.xreplace(new)))
            for other, low, high in self.sums.values()
        }


class IndexSums:
    """Carries out the sums of monomials."""

    def __init__(self, alphabet: Alphabet, conditions: Conditions) -> None:
        self.alphabet = alphabet
        self.conditions = conditions
        self.bounds = Bounds(conditions)

    def carried_out(self, monomial: Monomial, coefficient: Expr) -> tuple[Monomial, Expr] | None:
        """Return a monomial and coefficient with as few sums as can be; None for zero."""
        if not monomial.sums and all(chain.word for chain in monomial.chains):
            return monomial, coefficient
        given = [chain for chain in monomial.chains if chain.word or chain.ends]
        coefficient *= scalar_of(monomial.chains)
        if coefficient is S.Zero:
            return None
        # A delta twice is one.
        chains = [c for k, c in enumerate(given) if c.word or c not in given[:k]]
        rest = Summand(chains, coefficient, {r.index: r for r in monomial.sums})
        while True:
            found = self._fix(rest) or self._join_or_count(rest) or self._without_ones(rest)
            if found == "zero":
                return None
            if not found:
                break
            rest.take_scalars()
            if rest.coefficient is S.Zero:
                return None
        return Monomial(self.alphabet.sort(rest.chains), tuple(rest.sums.values())), (
            rest.coefficient
        )

    # Deltas ---------------------------------------------------------------------------------------

    def _fix(self, rest: Summand) -> str:
        """Carry out one sum by a delta: say "done", "zero", or nothing where none can be."""
        deltas = [c for c in rest.chains if not c.word and not {LEFT, RIGHT} & set(c.ends or ())]
        for may_require in (False, True):
            for chain in deltas:
                found = self._solve(rest, chain, may_require)
                if found:
                    return found
        return ""

    def _solve(self, rest: Summand, chain: Chain, may_require: bool) -> str:
        left, right = chain.ends or (S.Zero, S.Zero)
        difference = expand(left - right)
        if difference is S.Zero:
            rest.chains.remove(chain)
            return "done"
        if KroneckerDelta(left, right) is S.Zero or difference.is_zero is False:
            return "zero"
        slopes = slopes_of(difference, rest.sums)
        if not slopes:
            return ""
        divided = primitive(difference, slopes)
        if divided is None:
            return "zero"
        difference = divided
        slopes = slopes_of(difference, rest.sums) or {}
        for index, slope in slopes.items():
            if abs(slope) != 1:
                continue
            value = expand(index - difference / slope)
            found = self._put(rest, chain, index, value, may_require)
            if found:
                return found
        if len(slopes) == 1 and abs(next(iter(slopes.values()))) != 1:
            return self._divided(rest, chain, difference, may_require)
        return self._count_of_two(rest, chain, difference) if may_require else ""

    def _put(
        self, rest: Summand, chain: Chain, index: Dummy, value: Expr, may_require: bool
    ) -> str:
        """Put the solution of a delta for an index, if it can be seen when it is in range."""
        range_ = rest.sums[index]
        others = {other: r for other, r in rest.sums.items() if other != index}
        if self._turns_back(index, value, others):
            return ""
        narrowed: dict[Dummy, Range] = {}
        required: list[Expr] = []
        if not self._is_index(value, range_, chain, rest):
            for margin in (value - range_.low, range_.high - value):
                holds = self.bounds.is_nonnegative(margin, others)
                if holds is False:
                    return "zero"
                if holds is None:
                    if not may_require:
                        return ""
                    shorter = self._narrower(margin, {**others, **narrowed}, required)
                    if shorter is None:
                        return self._count_of_two(rest, chain, expand(index - value))
                    narrowed.update(shorter)
        for other, (_, low, high) in narrowed.items():
            size = expand(high - low + 1)
            holds = self.bounds.is_nonnegative(size, {**others, **narrowed})
            if holds is False:
                return "zero"
            if holds is None and not self._can_require(size, required):
                return self._count_of_two(rest, chain, expand(index - value))
            others[other] = narrowed[other]
        for relation in required:
            self.conditions.require(relation)
        self.conditions.require_integer(value.xreplace(dict.fromkeys(others, S.Zero)))
        rest.chains.remove(chain)
        rest.sums.update(others)
        rest.put(index, value)
        return "done"

    @staticmethod
    def _turns_back(index: Dummy, value: Expr, others: Ranges) -> bool:
        """Return whether putting a value for an index would let a range depend on itself."""
        new = {index: value}
        return (
            ordered([Range(*(part.xreplace(new) for part in r)) for r in others.values()]) is None
        )

    def _is_index(self, value: Expr, range_: Range, chain: Chain, rest: Summand) -> bool:
        """Return whether a value is known for an index of what the range runs through."""
        if range_.low is not S.Zero:
            return False
        size = range_.high + 1
        bare = range_.index in (chain.ends or ())
        if bare and chain.size is not None and same(chain.size, size):
            return True
        return any(
            expand(end - value) is S.Zero and place is not None and same(place, size)
            for other in rest.chains
            if other.word
            for end, place in places(other)
            if not {LEFT, RIGHT} & {end}
        )

    def _narrower(
        self, margin: Expr, sums: Ranges, required: list[Expr]
    ) -> dict[Dummy, Range] | None:
        """Return the range in which a margin is not negative, if it is one of a single index."""
        slopes = slopes_of(margin, sums)
        if not slopes:
            return {} if self._can_require(margin, required) else None
        (index, slope), *more = slopes.items()
        if more:
            return None
        _, low, high = sums[index]
        bound = expand(index - margin / slope)
        if abs(slope) != 1:
            if not bound.is_Rational:
                return None
            bound = bound.ceiling() if slope > 0 else bound.floor()
        if slope > 0:
            chosen = self._larger(bound, low, sums, required)
            return None if chosen is None else {index: Range(index, chosen, high)}
        chosen = self._larger(-bound, -high, sums, required)
        return None if chosen is None else {index: Range(index, low, expand(-chosen))}

    def _larger(self, one: Expr, other: Expr, sums: Ranges, required: list[Expr]) -> Expr | None:
        """Return the larger of two, as it is for large dimensions."""
        difference = expand(one - other)
        holds = self.bounds.is_nonnegative(difference, sums)
        if holds is not None:
            return one if holds else other
        if self._can_require(difference, required):
            return one
        return other if self._can_require(-difference, required) else None

    def _can_require(self, expr: Expr, required: list[Expr]) -> bool:
        if not self.conditions.may_be_required(expr):
            return False
        required.append(expr)
        return True

    def _divided(self, rest: Summand, chain: Chain, difference: Expr, may_require: bool) -> str:
        """Carry out a sum over an index of which a multiple is given: where it can be divided."""
        slopes = slopes_of(difference, rest.sums) or {}
        ((index, slope),) = slopes.items()
        factor = abs(int(slope))
        multiple = expand(factor * index - difference * (1 if slope > 0 else -1))
        if not multiple.is_integer or self._stands_beside(rest, chain, index):
            return ""
        _, low, high = rest.sums[index]
        required: list[Expr] = []
        others = {other: r for other, r in rest.sums.items() if other != index}
        for margin in (expand(multiple - factor * low), expand(factor * high - multiple)):
            holds = self.bounds.is_nonnegative(margin, others)
            if holds is False:
                return "zero"
            if holds is None and not (may_require and self._can_require(margin, required)):
                return ""
        for relation in required:
            self.conditions.require(relation)
        rest.chains.remove(chain)
        indicator = divides(factor, multiple)
        if indicator not in Mul.make_args(rest.coefficient):
            rest.coefficient *= indicator
        del rest.sums[index]
        return "done"

    def _count_of_two(self, rest: Summand, chain: Chain, difference: Expr) -> str:
        """Count the values of two indices that stand in one delta and nowhere else."""
        slopes = slopes_of(difference, rest.sums) or {}
        if len(slopes) != 2 or self._stands_beside(rest, chain, *slopes):
            return ""
        ranges = [rest.sums[index] for index in slopes]
        constant = expand(difference.xreplace(dict.fromkeys(slopes, S.Zero)))
        limits = {s for _, low, high in ranges for s in low.free_symbols | high.free_symbols}
        # The limits of one may hold the other.
        if limits & (set(rest.sums) - set(slopes)) or not constant.is_integer:
            return ""
        count = pairs(
            ranges, [int(s) for s in slopes.values()], constant, self.conditions.is_nonnegative
        )
        if count is None:
            return ""
        rest.chains.remove(chain)
        rest.coefficient *= count
        for index in slopes:
            del rest.sums[index]
        return "done"

    @staticmethod
    def _stands_beside(rest: Summand, chain: Chain, *indices: Dummy) -> bool:
        """Return whether indices stand anywhere but in one chain and in their own limits."""
        without = list(rest.chains)
        without.remove(chain)
        sums = {index: r for index, r in rest.sums.items() if index not in indices}
        other = Summand(without, rest.coefficient, sums)
        return any(_stands_in(index, other) for index in indices)

    @staticmethod
    def _without_ones(rest: Summand) -> str:
        """Leave out entries of a vector of ones, whose indices are known to exist."""
        kept = [
            chain
            for chain in rest.chains
            if not (
                len(chain.word) == 1
                and isinstance(chain.word[0].base, OneMatrix)
                and not {LEFT, RIGHT} & set(chain.ends or (LEFT,))
            )
        ]
        changed = bool(rest.sums) and len(kept) < len(rest.chains)
        rest.chains = kept if changed else rest.chains
        return "done" if changed else ""

    # Joins and counts -----------------------------------------------------------------------------

    def _join_or_count(self, rest: Summand) -> str:
        for index in list(rest.sums):
            if self._stands_in_limits(index, rest):
                continue
            ends = [e for chain in rest.chains for e in chain.ends or () if e.has(index)]
            done = self._counted(index, rest) if not ends else self._joined(index, ends, rest)
            if done:
                return "done"
        return ""

    @staticmethod
    def _stands_in_limits(index: Dummy, rest: Summand) -> bool:
        return any(
            index in low.free_symbols | high.free_symbols for _, low, high in rest.sums.values()
        )

    def _counted(self, index: Dummy, rest: Summand) -> bool:
        """Sum an index that no chain has."""
        _, low, high = rest.sums[index]
        outside, inside = rest.coefficient.as_independent(index, as_Add=False)
        if inside is S.One:
            value = expand(high - low + 1)
        elif inside.is_polynomial(index) or _is_geometric(inside, index):
            value = Sum(inside, (index, low, high)).doit()
            if value.has(Sum, Piecewise):
                return False
        else:
            return False
        rest.coefficient = outside * value
        del rest.sums[index]
        return True

    def _joined(self, index: Dummy, ends: Sequence[Expr], rest: Summand) -> bool:
        """Join the two chains that end in an index which runs through the whole of both."""
        if any(end != index for end in ends):
            return False
        ending = [c for c in rest.chains if index in (c.ends or ())]
        outside, inside = rest.coefficient.as_independent(index, as_Add=False)
        weights: list[Chain] = []
        if len(ends) != 2 or inside is not S.One:
            # Beside a number that differs, what leads to a free end is joined to the other one.
            kept_apart = set() if inside is S.One else {LEFT, RIGHT}
            weights = [
                c for c in ending if not any(random_bases(c)) and not kept_apart & set(c.ends or ())
            ]
            ending = [c for c in ending if c not in weights]
        count = sum((c.ends or ()).count(index) for c in ending)
        if count == 1 and len(ends) == 1 and inside is S.One:
            return self._with_ones(index, ending[0], rest)
        if count != 2 or not all(self._is_whole(index, c, rest) for c in ending):
            return False
        weight = inside * prod(map(to_sympy, weights))
        # Dummies are indices that are summed, here or further out.
        if weight.atoms(Dummy) - {index}:
            return False
        if weights and not all(c.word for c in weights):
            return False
        kept = [c for c in rest.chains if index not in (c.ends or ())]
        middle = self._middle(weight, index, rest)
        rest.chains = [*kept, *self._chains_joined(ending, index, middle)]
        rest.coefficient = outside
        del rest.sums[index]
        return True

    def _with_ones(self, index: Dummy, chain: Chain, rest: Summand) -> bool:
        """Join the one chain that ends in an index to a vector of ones."""
        if not chain.word or not self._is_whole(index, chain, rest):
            return False
        start, word = self._towards(chain, index)
        ones = self.alphabet.letter(OneMatrix(rest.sums[index].high + 1, 1))
        rest.chains.remove(chain)
        rest.chains += self.alphabet.open((*word, ones), (start, S.Zero))
        del rest.sums[index]
        return True

    def _is_whole(self, index: Dummy, chain: Chain, rest: Summand) -> bool:
        """Return whether the range of an index is that of the chain's ends in it."""
        _, low, high = rest.sums[index]
        return low is S.Zero and all(
            size is not None and same(size, high + 1) for end, size in places(chain) if end == index
        )

    def _middle(self, weight: Expr, index: Dummy, rest: Summand) -> Word:
        if weight is S.One:
            return ()
        entry = Lambda(_INDEX, weight.xreplace({index: _INDEX}))
        return (self.alphabet.letter(Diagonal(entry, rest.sums[index].high + 1)),)

    def _chains_joined(self, ending: list[Chain], index: Dummy, middle: Word) -> list[Chain]:
        first = ending[0]
        if len(ending) == 1:
            return self.alphabet.closed(first.word + middle)
        second = ending[1]
        start, word = self._towards(first, index)
        stop, onward = self._towards(second, index)
        joined = word + middle + self.alphabet.transpose(onward)
        return self.alphabet.open(joined, (start, stop))

    def _towards(self, chain: Chain, index: Symbol) -> tuple[Expr, Word]:
        """Return a chain's other end, and its word read from there to `index`."""
        left, right = chain.ends or (S.Zero, S.Zero)
        if right == index:
            return left, chain.word
        return right, self.alphabet.transpose(chain.word)


def _stands_in(index: Dummy, rest: Summand) -> bool:
    return (
        any(end.has(index) for chain in rest.chains for end in chain.ends or ())
        or rest.coefficient.has(index)
        or IndexSums._stands_in_limits(index, rest)
    )


def _is_geometric(expr: Expr, index: Dummy) -> bool:
    return all(
        factor.is_Pow and factor.base.is_number and factor.exp.is_polynomial(index)
        for factor in Mul.make_args(expr)
    )
