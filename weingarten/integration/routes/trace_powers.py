"""Traces of powers of one Haar matrix, and nothing else of it: a number, by characters."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import S

from weingarten.functions.rational import constant
from weingarten.functions.traces import generic_from, mean_of_traces, number_of_terms
from weingarten.integration.routes.base import Effort, Integrated, Task, found, route
from weingarten.integration.word_powers import WordPowers, word_powers

#: How many partitions are gone through in a second.
_PARTITIONS = 20_000
CHARACTERS = "partitions"


def _pure(task: Task) -> WordPowers | None:
    """Return the powers whose traces all chains are, if there is no constant among them."""
    made = word_powers(task.cut) if task.cut.matrix.is_haar else None
    return made if made and made.is_pure else None


def _cost(task: Task) -> Effort | None:
    made, matrix = _pure(task), task.cut.matrix
    if made is None:
        return None
    d = matrix.dimension
    if not d.is_Integer or d >= task.cut.n:
        return Effort(1, _PARTITIONS)
    steps = number_of_terms(matrix.group, made.powers, made.conjugate_powers, int(d))
    return Effort(steps, _PARTITIONS, CHARACTERS)


@route(_cost)
def _trace_powers(task: Task) -> Iterator[Integrated]:
    """Yield the mean of a product of traces of powers."""
    made, matrix = found(_pure(task)), task.cut.matrix
    mu, nu = made.powers, made.conjugate_powers
    d = int(matrix.dimension) if matrix.dimension.is_Integer else None
    value = mean_of_traces(matrix.group, mu, nu, d)
    least = 1 if matrix.dimension.is_Integer else generic_from(matrix.group, mu, nu)
    yield Integrated(S.One, constant(made.sign * value), (), least)
