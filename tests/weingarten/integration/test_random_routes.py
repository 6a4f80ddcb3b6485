"""Random expectations by each route, beside the definition and the list: a share of a search."""

from itertools import count

import pytest
import route_search
from comparison import AGREED, REFUSED, WRONG
from route_search import BY_NAME, KINDS, case, outcome


def taken(name):
    """The first case that the route is taken for, and what came of it."""
    found = ((case(name, number), outcome(name, case(name, number))) for number in count())
    return next((c, v) for c, v in found if v is not None and not v.startswith(REFUSED))


def test_every_route_is_searched():
    assert set(KINDS) == set(BY_NAME)
    assert len(BY_NAME) == len(route_search.ROUTES)


@pytest.mark.parametrize("name", KINDS)
def test_a_route_gives_the_mean_of_the_definition(name):
    found, verdict = taken(name)
    assert verdict == AGREED, route_search.described(found)


def test_a_wrong_route_is_found(monkeypatch):
    name = "trace_powers._trace_powers"
    found, _ = taken(name)

    right = BY_NAME[name]

    def doubled(task):
        for term in right.terms(task):
            yield term._replace(value=term.value.scaled(2))

    monkeypatch.setitem(BY_NAME, name, right._replace(terms=doubled))
    assert outcome(name, found).startswith(WRONG)
