"""Random expressions in each ensemble, beside their means by what the ensemble is defined as.

What `E` gives, as a formula with the values put in or as a number, has to be the mean over a
design (`designs`, `laws`), which shares no code with the engine but the evaluation of expressions.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from comparison import AGREED, LATE, REFUSALS, REFUSED, WRONG, LateError, Outcome, is_own, within
from laws import LAWS
from random_products import Case, case
from sympy import Integer, Symbol

from weingarten import E
from weingarten.simulation.evaluation import Evaluator

#: How far off an answer may be by rounding.
ROUNDING = 1e-9
SECONDS = 20


def check(found: Case) -> tuple[Outcome, bool]:
    """Return what came of a case, and whether its mean is zero."""
    right, scale = found.by_definition()
    is_zero = bool(np.abs(right).max() <= ROUNDING * (1 + scale))
    try:
        with within(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            given, values = answer(found)
    except LateError:
        return Outcome(LATE), is_zero
    except Exception as error:
        if isinstance(error, REFUSALS) and is_own(error):
            return Outcome(REFUSED, f"{type(error).__name__}: {error}"), is_zero
        return Outcome(WRONG, f"{type(error).__name__}: {error}", "crashed"), is_zero
    try:
        value = np.asarray(values())
    except Exception as error:
        why = f"{given}: {type(error).__name__}: {error}"
        return Outcome(WRONG, why, "an answer without a value"), is_zero
    gap = np.abs(value.reshape(np.shape(right)) - right).max()
    if gap <= ROUNDING * (1 + scale):
        return Outcome(AGREED), is_zero
    return Outcome(WRONG, f"came {given}, {value}; right is {right}", "another value"), is_zero


def answer(found: Case) -> tuple[Any, Callable[[], Any]]:
    """Return what `E` gives, a number or a formula, and a function that gives its value."""
    if found.number % 3 == 0:
        number = E(found.expr, found.given, at=found.values or None)
        shown = number.tolist() if hasattr(number, "tolist") else number
        return number, lambda: np.array(shown, dtype=complex)
    formula, condition = E(found.expr, found.given, conditions=True)
    holds = condition.subs(found.numbers) if hasattr(condition, "subs") else condition
    if holds not in (True, False):
        raise AssertionError(f"the condition {condition} is not decided at {found.numbers}")
    if holds:
        return formula, lambda: Evaluator(found.values)(formula)
    # The formula need not hold at these sizes: one for them.
    expr, facts, values = at_sizes(found)
    there = E(expr, facts)
    return there, lambda: Evaluator(values)(there)


def at_sizes(found: Case) -> tuple[Any, list[Any], dict[Any, Any]]:
    """Return the expression, what is given, and the values, with numbers for the sizes."""
    symbols = found.matrix.atoms(Symbol)
    sizes = {s: Integer(value) for s, value in found.numbers.items() if s in symbols}
    # SymPy's sums leave alone what is a size in their summand only, where one substitutes.
    expr, facts = found.expr.xreplace(sizes), [fact.xreplace(sizes) for fact in found.given]
    values = {A.xreplace(sizes): array for A, array in found.arrays.items()}
    return expr, facts, {**found.numbers, **values}


def search(
    cases: int, first: int, say: Callable[[str], None] = print, names: list[str] | None = None
) -> bool:
    """Compare so many cases of each ensemble with its definition; return whether none is wrong."""
    wrong = 0
    for name in names or LAWS:
        start, verdicts, refusals = time.process_time(), Counter[str](), Counter[str]()
        zeros = 0
        for number in range(first, first + cases):
            found = case(name, number)
            outcome, is_zero = check(found)
            verdicts[outcome.verdict] += 1
            zeros += is_zero
            if outcome.verdict in (WRONG, LATE):
                say(f"{name}, case {number}: {outcome.verdict}: {described(found)}: {outcome.why}")
            elif outcome.verdict == REFUSED:
                refusals[outcome.why.split(":")[-1][:100]] += 1
        wrong += verdicts[WRONG]
        counts = ", ".join(f"{verdicts[v]} {v}" for v in (AGREED, REFUSED, LATE, WRONG))
        seconds = time.process_time() - start
        say(f"{name}: {cases} cases, {zeros} of them 0, in {seconds:.0f} s: {counts}")
        for why, number in refusals.most_common(3):
            say(f"    refused {number} times: {why}")
    return not wrong


def described(found: Case) -> str:
    """Return the expression of a case, with the values of its symbols and its matrix."""
    facts = f", {found.given}" if found.given else ""
    return f"E({found.expr}{facts}) at {found.numbers}, X = {found.matrix.func}{found.matrix.args}"
