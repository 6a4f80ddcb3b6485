"""Results that are kept for the next call: bounded, and forgotten by one public call."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_clearing: list[Callable[[], None]] = []


def cached(maxsize: int, *, large: Callable[..., bool] | None = None) -> Callable[[F], F]:
    """Keep the last results of a function of hashable arguments.

    Parameters
    ----------
    maxsize : int
        How many results are kept.
    large : callable, optional
        Says of the arguments whether the result takes so much memory that only the last one of
        its kind is kept, beside the others.

    Examples
    --------
    >>> calls = []
    >>> @cached(maxsize=8, large=lambda n: n > 99)
    ... def square(n):
    ...     calls.append(n)
    ...     return n**2
    >>> [square(n) for n in (2, 3, 2, 100, 101, 100, 2)], calls
    ([4, 9, 4, 10000, 10201, 10000, 4], [2, 3, 100, 101, 100])
    """

    def decorate(function: F) -> F:
        many = lru_cache(maxsize=maxsize)(function)
        _clearing.append(many.cache_clear)
        if large is None:
            return cast(F, many)
        one = lru_cache(maxsize=1)(function)
        _clearing.append(one.cache_clear)

        @wraps(function)
        def kept(*args: Any, **kwargs: Any) -> Any:
            return (one if large(*args, **kwargs) else many)(*args, **kwargs)

        return cast(F, kept)

    return decorate


def clear_caches() -> None:
    """Forget every result that the package keeps for later calls, and free its memory.

    Answers do not change; the next one may take longer.

    Examples
    --------
    >>> clear_caches()
    """
    for clear in _clearing:
        clear()
