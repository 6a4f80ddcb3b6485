"""How many ways of joining index labels give loops of each type, without listing the ways.

A monomial in matrix entries is a set of edges, one for each factor, from its row label to its
column label. A pairing of the row indices joins the row ends of the edges in pairs, a pairing of
the column indices the column ends; together they close the edges into loops, and the half lengths
of the loops are the coset type that the Weingarten function asks for. For the unitary group an
end of an entry can be joined to an end of a conjugate entry only, and the loops are the cycles of
a permutation.

The ends are joined one at a time. What matters of a half-joined monomial is how many open paths
there are from one label to another, of each length, so equal states are counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any

from weingarten.combinatorics.partitions import Partition, merge

#: An open path: the labels of its two ends, and the number of edges along it.
Path = tuple[Any, Any, int]
#: Paths with their numbers, sorted.
State = tuple[tuple[Path, int], ...]
#: What two joined labels leave behind, such as the condition that they are equal.
Marks = tuple[Any, ...]
#: Yields the labels that an end with this label can be joined to, each with a sign and marks.
Joins = Callable[[Any], Iterable[tuple[Any, int, Marks]]]


def same_label(label: Any) -> list[tuple[Any, int, Marks]]:
    """Join ends with equal labels: the rule for concrete indices of a real matrix."""
    return [(label, 1, ())]


def loop_types(
    edges: Iterable[tuple[Any, Any]],
    joins: Joins = same_label,
    *,
    oriented: bool = False,
    antisymmetric: bool = False,
) -> dict[tuple[Partition, Marks], int]:
    """Count the ways to join all ends of `edges`, by the half lengths of the loops that arise.

    Parameters
    ----------
    edges : iterable of pairs of labels
        The two ends of each edge. Labels must be sortable.
    joins : callable, optional
        For a label, the labels that its ends can be joined to, each with a sign and with marks;
        joining must be possible from both sides. By default equal labels are joined.
    oriented : bool, optional
        Whether a path that is walked backwards changes sign once for each join along it.
    antisymmetric : bool, optional
        Whether it changes sign once for each edge along it. Loops have an even number of them.

    Returns
    -------
    dict from (partition, sorted marks) to int
        The number of ways, or the sum of their signs; zeros are left out.

    Examples
    --------
    Three pairings of the rows and three of the columns of four equal entries:

    >>> sorted(loop_types([("column", "row")] * 4).items())
    [(((1, 1), ()), 3), (((2,), ()), 6)]
    """

    def reversal(length: int) -> int:
        odd = (length - 1) * oriented + length * antisymmetric
        return -1 if odd % 2 else 1

    def directed(path: Path) -> tuple[Path, int]:
        """Return the path in its standard direction, and the sign of turning it."""
        a, b, length = path
        return (path, 1) if a <= b else ((b, a, length), reversal(length))

    def with_end(state: State, label: Any) -> Iterator[tuple[Any, int, int, int, State]]:
        """Yield the ways to pick an end: far end, length, sign towards it, number, and the rest."""
        for path, number in state:
            a, b, length = path
            rest = without(state, path)
            if a == label:
                yield b, length, 1, number, rest
            if b == label:
                yield a, length, reversal(length), number, rest

    memo: dict[State, dict[tuple[Partition, Marks], int]] = {(): {((), ()): 1}}

    def count(state: State) -> dict[tuple[Partition, Marks], int]:
        if state in memo:
            return memo[state]
        total: Counter[tuple[Partition, Marks]] = Counter()

        def add(ways: int, rest: State, loop: tuple[int, ...], marks: Marks) -> None:
            for (mu, more), number in count(rest).items():
                total[merge(mu, *loop), tuple(sorted(more + marks))] += ways * number

        label = _rarest(state)
        start, length, outward, _, rest = next(with_end(state, label))
        inward = outward * reversal(length)
        for partner, sign, marks in joins(label):
            if start == partner:
                add(inward * sign, rest, (length // 2,), marks)
            for far, more, onward, number, others in with_end(rest, partner):
                path, turn = directed((start, far, length + more))
                ways = inward * sign * onward * turn * number
                add(ways, with_path(others, path), (), marks)
        memo[state] = {key: ways for key, ways in total.items() if ways}
        return memo[state]

    paths = [directed((a, b, 1)) for a, b in edges]
    start = prod(turned for _, turned in paths)
    found = count(tuple(sorted(Counter(path for path, _ in paths).items())))
    return {key: start * ways for key, ways in found.items()}


def _rarest(state: State) -> Any:
    """Return the label with the fewest ends: its joins branch least."""
    ends: Counter[Any] = Counter()
    for (a, b, _), number in state:
        ends[a] += number
        ends[b] += number
    return min(ends, key=lambda label: (ends[label], label))


def without(state: State, path: Path) -> State:
    """Return the state with one path less."""
    return tuple(
        (other, number - (other == path)) for other, number in state if other != path or number > 1
    )


def with_path(state: State, path: Path) -> State:
    """Return the state with one path more."""
    paths = Counter(dict(state))
    paths[path] += 1
    return tuple(sorted(paths.items()))
