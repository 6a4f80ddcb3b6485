"""Which routes an expectation may take: to compare one with the listing of all pairings."""

from collections.abc import Iterator
from contextlib import contextmanager

from weingarten.integration.routes import ROUTES


@contextmanager
def only(*modules: str) -> Iterator[None]:
    """Let `E` take the routes of these modules alone."""
    kept = ROUTES[:]
    chosen = [r for r in kept if r.terms.__module__.rsplit(".", 1)[-1] in modules]
    assert chosen
    ROUTES[:] = chosen
    try:
        yield
    finally:
        ROUTES[:] = kept
