"""The engine's answer to a random sum beside the value of the sum written out.

`compare(case)` says what came of it; `search` does so for many cases and prints the counts;
`shortened` drops parts of an expression for as long as the answer stays wrong.
"""

from __future__ import annotations

import re
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expansion import RANDOM, TooLongError, value_of
from random_sums import Case, case, placed
from sympy import Abs, Add, Expr, Mul, Pow, S, Sum, conjugate
from sympy.logic.boolalg import Boolean

import weingarten
from weingarten import E

AGREED, REFUSED, WRONG, LATE = "agreed", "refused", "wrong", "ran out of time"
#: No number at which the answer is said to hold was among those tried.
UNTRIED = "agreed nowhere tried"
#: What the engine may say to what it does not integrate. Any other exception is a fault.
REFUSALS = (ValueError, TypeError, IndexError, NotImplementedError)


class LateError(BaseException):
    """The time for a case is over: not to be caught by those who catch every Exception."""


@dataclass
class Outcome:
    """What came of a case, in what way it is wrong, why, and whether the answer holds a sum."""

    verdict: str
    why: str = ""
    fault: str = ""
    holds_sum: bool = False


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `LateError` when so much processor time is over."""

    def ring(*_: Any) -> None:
        raise LateError

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def compare(found: Case, seconds: float = 10, expectation: Callable[..., Any] = E) -> Outcome:
    """What the engine answers to a case, against its values at the points."""
    try:
        with within(seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _compared(found, expectation)
    except LateError:
        return Outcome(LATE)


def _compared(found: Case, expectation: Callable[..., Any]) -> Outcome:
    facts = () if found.given is None else (found.given,)
    try:
        answer, condition = expectation(found.expr, *facts, conditions=True)
    except Exception as error:
        if isinstance(error, REFUSALS) and is_own(error):
            return Outcome(REFUSED, f"{type(error).__name__}: {error}")
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(WRONG, f"{error!r} in {where.name}", "crashed")
    outcome = _judged(found, answer, condition)
    outcome.holds_sum = bool(answer.has(Sum))
    return outcome


def is_own(error: Exception) -> bool:
    """Whether an error was raised by the engine in so many words."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    inside = Path(weingarten.__file__).parent in Path(where.filename).parents
    return inside and (where.line or "").startswith("raise")


def _judged(found: Case, answer: Any, condition: Any) -> Outcome:
    if not found.has_meaning:
        return Outcome(WRONG, f"came {answer}", "an entry that does not exist is let pass")
    tried = 0
    for point, value in zip(found.points, found.values, strict=True):
        at = f" at {point}" if point else ""
        holds = _holds(condition, point)
        if holds is None:
            return Outcome(WRONG, f"{condition}{at}", "a condition that is not decided")
        if not holds:
            continue
        tried += 1
        try:
            came = value_of(answer, point)
        except (ValueError, TypeError, TooLongError, ArithmeticError) as error:
            return Outcome(WRONG, f"{answer}{at}: {error}", "an answer without a value")
        if came != value:
            return Outcome(WRONG, f"came {answer}, {came}{at}; right is {value}", "another value")
    for point in found.outside:
        if _holds(condition, point) is not False:
            why = f"{condition} lets pass {point}, where an entry or a range does not exist"
            return Outcome(WRONG, why, "a condition that is too weak")
    return Outcome(AGREED if tried else UNTRIED)


def _holds(condition: Any, point: dict[Any, int]) -> bool | None:
    """Whether a condition holds at a point, None where that stays open."""
    decided = condition.subs(point) if isinstance(condition, Boolean) else S(bool(condition))
    return {S.true: True, S.false: False}.get(decided)


# Shorter expressions -----------------------------------------------------------------------------


def shortened(found: Case, is_fault: Callable[[Case], bool]) -> Case:
    """Drop parts of the expression as long as the fault stays."""
    for expr in _shorter(found.expr):
        facts = found.given if found.given and expr.has(found.given.args[0]) else None
        try:
            smaller = placed(Case(found.number, expr, facts, kinds=found.kinds))
        except TypeError:  # No expression in entries any more.
            continue
        if smaller and smaller.has_meaning == found.has_meaning and is_fault(smaller):
            return shortened(smaller, is_fault)
    return found


def _shorter(expr: Expr) -> Iterator[Expr]:
    """What an expression becomes when one part is left out."""
    if isinstance(expr, Add | Mul):
        for k, part in enumerate(expr.args):
            rest = [*expr.args[:k], *expr.args[k + 1 :]]
            yield expr.func(*rest)
            for smaller in _shorter(part):
                yield expr.func(*rest, smaller)
        if isinstance(expr, Mul):
            for k, one in enumerate(expr.args):
                for q in range(k):
                    yield Mul(*(a for n, a in enumerate(expr.args) if n not in (k, q)))
                if one.is_Pow and one.exp.is_Integer and one.exp > 2:
                    yield Mul(*expr.args[:k], one.base ** (one.exp - 2), *expr.args[k + 1 :])
    elif isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 1:
        yield expr.base
        yield expr.base ** (expr.exp - 1)
        for smaller in _shorter(expr.base):
            yield smaller**expr.exp
    elif isinstance(expr, Abs | conjugate):
        for smaller in _shorter(expr.args[0]):
            yield expr.func(smaller)
    elif isinstance(expr, Sum):
        for k in range(len(expr.limits)):
            index, low, high = expr.limits[k]
            others = [limit for n, limit in enumerate(expr.limits) if n != k]
            for value in (low, S.Zero, high):
                if index not in value.free_symbols:
                    yield from _put_in(expr.function, others, index, value)
        for smaller in _shorter(expr.function):
            yield Sum(smaller, *expr.limits)


def _put_in(summand: Expr, limits: list[Any], index: Any, value: Any) -> Iterator[Expr]:
    """The sum with a value for one of its indices."""
    with suppress(IndexError):  # There may be no such entry.
        summand = summand.subs(index, value)
        limits = [(other, *(end.subs(index, value) for end in ends)) for other, *ends in limits]
        yield Sum(summand, *limits) if limits else summand


# Search ------------------------------------------------------------------------------------------


def search(cases: int, seed: int, say: Callable[[str], None] = print, shorten: bool = True) -> bool:
    """Compare the cases of the numbers from `seed` on; return whether none is wrong."""
    start = time.monotonic()
    verdicts, refusals, faults, kinds = (Counter[str]() for _ in range(4))
    sums = nonzero = 0
    for done, number in enumerate(range(seed, seed + cases), start=1):
        found = case(number)
        outcome = compare(found)
        verdicts[outcome.verdict] += 1
        kinds.update(found.kinds)
        sums += outcome.holds_sum
        nonzero += any(found.values)
        if outcome.verdict == REFUSED:
            refusals[_kind(outcome.why)] += 1
        if outcome.verdict == WRONG:
            faults[outcome.fault] += 1
            say(describe(found, outcome, shorten))
        if done % 100 == 0 or done == cases:
            counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
            say(f"{done} of {cases} cases in {time.monotonic() - start:.0f} s: {counts}")
    say(f"{nonzero} cases with a value that is not zero; {sums} answers that still hold a sum")
    say("kinds: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    for fault, count in faults.most_common():
        say(f"wrong {count} times: {fault}")
    for why, count in refusals.most_common():
        say(f"refused {count} times: {why}")
    return not verdicts[WRONG]


def describe(found: Case, outcome: Outcome, shorten: bool = True) -> str:
    """A wrong case, with the line that repeats it, and a shorter one that is wrong too."""
    facts = "" if found.given is None else f", {found.given}"
    matrices = sorted(found.expr.atoms(*RANDOM), key=str)
    lines = [
        f"WRONG: {outcome.fault}: E({found.expr}{facts})",
        "  " + "; ".join(f"{M} = {type(M).__name__}{M.args}" for M in matrices),
        f"  {outcome.why}",
        f"  >>> from comparison import *; print(compare(case({found.number})))",
    ]
    if shorten:
        smaller = shortened(found, lambda c: compare(c, 3).fault == outcome.fault)
        if smaller.expr != found.expr:
            lines += [f"  shorter: E({smaller.expr})", f"    {compare(smaller).why}"]
    return "\n".join(lines)


def _kind(message: str) -> str:
    """A refusal without the particulars: names of indices, matrices and numbers."""
    message = re.sub(r"expr contains .*?: ", "expr contains ...: ", message, flags=re.S)
    message = re.sub(r"expr contains .*?, where", "expr contains ..., where", message, flags=re.S)
    message = re.sub(r"\b[ijkrsdmnpWV]\b|_\w+|\d+", "*", message)
    return message[:110]
