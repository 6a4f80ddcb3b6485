"""Random expectations over ensembles at small sizes, beside their definitions: a share of them.

`make search` tries many more.
"""

import ensemble_search
import pytest
from sympy import expand


@pytest.mark.parametrize("name", ensemble_search.ENSEMBLES)
def test_moments_are_those_of_the_definition(name):
    nonzero = 0
    for number in range(6):
        expr, found, right = ensemble_search.check(name, number)
        assert expand(found - right) == 0, expr
        nonzero += right != 0
    assert nonzero
