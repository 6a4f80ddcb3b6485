"""Equations between words of constants, as rules that write words shorter.

``P*P = P``, ``A*B = -B*A``, ``J.T*J = 1``: each becomes a rule that replaces the greater side by
the lesser one, words being ordered by length first. Where two rules can both be applied to a word
and lead to different ones, these are equal too, and that is a rule more, until all agree
[Knuth & Bendix]: then the form that is reached does not depend on the order of the steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sympy import Expr, S, conjugate, expand

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.words import Chain, Word

#: So many rules, and letters in one, are enough for anything that comes to an end soon.
_MOST_RULES, _MOST_LETTERS = 100, 16
#: So many forms of a closed word are compared.
_MOST_FORMS = 2_000


class Equation(NamedTuple):
    """``left = factor * right``, and the facts that it follows from."""

    left: Word
    factor: Expr
    right: Word
    facts: frozenset[Any]


class Rules:
    """What is known of products of constants, as rules.

    Parameters
    ----------
    alphabet : Alphabet
        The letters.
    equations : iterable of Equation
        What is given.

    Raises
    ------
    ValueError
        If the equations contradict each other, or do not come to an end.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        equations: Iterable[Equation],
    ) -> None:
        self._alphabet = alphabet
        self._rules: list[Equation] = []
        self._forms: dict[Word, tuple[Expr, Word, frozenset[Any]]] = {}
        self._traces: dict[Word, tuple[Expr, Word, frozenset[Any]]] = {}
        #: What is given of traces and of entries, with the facts that say it.
        self.values: dict[Chain, tuple[Expr, frozenset[Any]]] = {}
        #: The facts that changed a word.
        self.used: set[Any] = set()
        self._complete(equations)

    # Completion -----------------------------------------------------------------------------------

    def _complete(self, equations: Iterable[Equation]) -> None:
        waiting = deque(turned for equation in equations for turned in self._turned(equation))
        while waiting:
            rule = self._oriented(waiting.popleft())
            if rule is None:
                continue
            if len(self._rules) >= _MOST_RULES or len(rule.left) > _MOST_LETTERS:
                raise ValueError(
                    f"given: {_names(rule.facts)}: what follows from these for products does not "
                    "come to an end; expected equations that leave few words of each length"
                )
            kept = [other for other in self._rules if _place(rule.left, other.left) is None]
            waiting.extend(other for other in self._rules if other not in kept)
            self._rules = [*kept, rule]
            for other in self._rules:
                waiting.extend(_overlaps(rule, other))
                waiting.extend(_overlaps(other, rule))

    def _turned(self, equation: Equation) -> Iterator[Equation]:
        """Yield an equation, its transpose, its conjugate, and its adjoint."""
        left, factor, right, facts = equation
        transpose, bar = self._alphabet.transpose, self._alphabet.conjugate
        yield equation
        yield Equation(transpose(left), factor, transpose(right), facts)
        yield Equation(bar(left), conjugate(factor), bar(right), facts)
        yield Equation(transpose(bar(left)), conjugate(factor), transpose(bar(right)), facts)

    def _oriented(self, equation: Equation) -> Equation | None:
        """Return an equation as a rule, in what is left of both sides; None if nothing is."""
        a, left, by_left = self._step(equation.left)
        b, right, by_right = self._step(equation.right)
        facts = equation.facts | by_left | by_right
        b = b * equation.factor
        if left == right or S.Zero in (a, b):
            difference = expand(a - b)
            if difference is S.Zero:
                return None
            word = left or right
            if not word or not difference.is_number:
                raise ValueError(
                    f"given: {_names(facts)} contradict each other: they say that "
                    f"{_product(a, left)} = {_product(b, right)}"
                )
            return Equation(word, S.Zero, (), facts)
        if self._order(left) < self._order(right):
            (a, left), (b, right) = (b, right), (a, left)
        if a.is_nonzero is not True and not (a.is_number and a.is_zero is False):
            raise ValueError(
                f"given: {_names(facts)}: {a} may be 0; expected a number, or a symbol that is "
                "declared with nonzero=True or positive=True"
            )
        return Equation(left, b / a, right, facts)

    def _order(self, word: Word) -> Any:
        return len(word), self._alphabet.key(word)

    # Words ----------------------------------------------------------------------------------------

    def reduced(self, word: Word) -> tuple[Expr, Word]:
        """Return a word as a factor times its form; without a letter, that of an identity."""
        if word not in self._forms:
            self._forms[word] = self._step(word)
        factor, form, facts = self._forms[word]
        self.used |= facts
        return factor, form

    def closed(self, word: Word) -> tuple[Expr, Word]:
        """Return a trace as a factor times that of its form, or as a factor alone."""
        if word not in self._traces:
            self._traces[word] = self._least(word)
        factor, form, facts = self._traces[word]
        self.used |= facts
        return factor, form

    def valued(self, chains: Iterable[Chain], factor: Expr) -> list[Chain]:
        """Return chains, times a factor, with those that have a value put into the factor.

        There is at least one, since a word without one stands for an identity.
        """
        left = []
        for chain in chains:
            value, facts = self.values.get(chain, (None, frozenset()))
            if value is None:
                left.append(chain)
            else:
                factor *= value
                self.used |= facts
        return left if left and factor is S.One else [*left, scalar(factor)]

    def _step(self, word: Word) -> tuple[Expr, Word, frozenset[Any]]:
        """Apply rules to a word until none can be."""
        factor: Expr = S.One
        facts: frozenset[Any] = frozenset()
        while True:
            found = next(
                ((r, at) for r in self._rules if (at := _place(r.left, word)) is not None), None
            )
            if found is None:
                return factor, word, facts
            rule, at = found
            factor, facts = factor * rule.factor, facts | rule.facts
            if factor is S.Zero:
                return S.Zero, (), facts
            word = word[:at] + rule.right + word[at + len(rule.left) :]

    def _least(self, word: Word) -> tuple[Expr, Word, frozenset[Any]]:
        """Return the least form of a closed word: of all that rules and rotations lead to.

        Where one form comes with two factors, as that of an A B = -B A, the trace is zero.
        """
        least = self._alphabet.least
        found: dict[Word, tuple[Expr, frozenset[Any]]] = {}
        waiting = deque([(S.One, least(word), frozenset[Any]())])
        while waiting and len(found) < _MOST_FORMS:
            factor, form, facts = waiting.popleft()
            if form in found:
                other, others = found[form]
                if expand(other - factor) is not S.Zero:
                    return self._either(form, factor, other, facts | others)
                continue
            found[form] = factor, facts
            for turned in (form, self._alphabet.transpose(form)):
                for k in range(len(turned)):
                    rotated = turned[k:] + turned[:k]
                    more, reduced, by = self._step(rotated)
                    if more is S.Zero:
                        return S.Zero, (), facts | by
                    if not reduced:
                        return factor * more * rotated[0].rows, (), facts | by
                    if reduced != rotated:
                        waiting.append((factor * more, least(reduced), facts | by))
        form = min(found, key=self._order)
        factor, facts = found[form]
        return factor, form, facts

    def _either(
        self, form: Word, one: Expr, other: Expr, facts: frozenset[Any]
    ) -> tuple[Expr, Word, frozenset[Any]]:
        """Return zero, where a trace is equal to two multiples of another."""
        if not expand(one - other).is_number:
            raise ValueError(
                f"given: {_names(facts)}: the trace of {_product(S.One, form)} times {one} is that "
                f"times {other}; expected facts from which it is seen whether it is 0"
            )
        return S.Zero, (), facts


def scalar(value: Expr) -> Chain:
    """Return a number, or a symbol, as a chain without a letter and without ends.

    Examples
    --------
    >>> scalar(S(2))
    Chain(word=(), ends=None, size=2)
    """
    return Chain((), None, value)


def _place(part: Word, word: Word) -> int | None:
    """Return where a word stands in another."""
    k = len(part)
    return next((at for at in range(len(word) - k + 1) if word[at : at + k] == part), None)


def _overlaps(one: Equation, other: Equation) -> Iterator[Equation]:
    """Yield what follows where the end of a rule's word is the start of another's."""
    for k in range(1, min(len(one.left), len(other.left))):
        if one.left[-k:] == other.left[:k]:
            facts = one.facts | other.facts
            rest, start = other.left[k:], one.left[:-k]
            if S.Zero in (one.factor, other.factor):
                words = (one.right + rest, one.factor), (start + other.right, other.factor)
                (word, factor), (_, zero) = sorted(words, key=lambda w: w[1] is S.Zero)
                if factor is not S.Zero:
                    yield Equation(word, zero, (), facts)
                continue
            factor = other.factor / one.factor
            yield Equation(one.right + rest, factor, start + other.right, facts)


def _names(facts: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, facts)))


def _product(factor: Expr, word: Word) -> str:
    from weingarten.expressions.writer import product

    if factor is S.Zero:
        return "0"
    written = str(product(word)) if word else "1"
    return written if factor is S.One else f"{factor}*{written}"
