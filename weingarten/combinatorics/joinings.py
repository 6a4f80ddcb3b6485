"""How many results there are of joining labels in pairs: what a list of them would hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any


def number_of_joinings(
    ends: Mapping[Any, int], partners: Mapping[Any, Iterable[Any]], at_most: int = 10**12
) -> int:
    """Return in how many ways all ends can be joined, ends with one label being alike.

    Parameters
    ----------
    ends : mapping of label to int
        How many ends have each label.
    partners : mapping of label to labels
        The labels that ends with a label can be joined to, perhaps itself: symmetric.
    at_most : int, optional
        Where to stop counting.

    Examples
    --------
    Two labels, two ends each: each with itself, or each with the other.

    >>> number_of_joinings({"i": 2, "j": 2}, {"i": "ij", "j": "ij"})
    2
    >>> number_of_joinings(dict.fromkeys("ijkl", 1), dict.fromkeys("ijkl", "ijkl"))
    3
    """
    near = {label: frozenset(partners[label]) for label in ends}
    # Labels with the same partners can stand for each other.
    alike: dict[Hashable, int] = {}
    kind = {label: alike.setdefault(near[label], len(alike)) for label in ends}
    memo: dict[tuple[tuple[int, int], ...], int] = {}

    def count(left: dict[Any, int]) -> int:
        if not left:
            return 1
        key = tuple(sorted((kind[label], number) for label, number in left.items()))
        if key not in memo:
            label = min(left, key=lambda label: (kind[label], left[label]))
            others = [other for other in left if other in near[label] and other != label]
            rest = {other: number for other, number in left.items() if other != label}
            own = left[label]
            loops = range(own // 2 + 1) if label in near[label] else range(1)
            memo[key] = min(at_most, sum(share(own - 2 * k, others, rest) for k in loops))
        return memo[key]

    def share(number: int, others: list[Any], left: dict[Any, int]) -> int:
        """Count the ways that join so many ends to the first others, and the rest."""
        if not number:
            return count(left)
        if not others:
            return 0
        first, *later = others
        total = 0
        for used in range(min(number, left[first]) + 1):
            after = {**left, first: left[first] - used}
            if not after[first]:
                del after[first]
            total += share(number - used, later, after)
        return total

    return count({label: number for label, number in ends.items() if number})
