"""A share of many cases: the rest runs where all are asked for, as `make search` does."""

import os
from random import Random

#: Set in the environment, it asks for all cases.
WHOLE = "WEINGARTEN_WHOLE"


def share(cases, one_in):
    """Return one in so many of the cases, the same in every run; all of them if asked for."""
    cases = list(cases)
    if os.environ.get(WHOLE):
        return cases
    chosen = Random(0).sample(range(len(cases)), -(-len(cases) // one_in))
    return [cases[k] for k in sorted(chosen)]


def examples(number):
    """Return how many random examples a test draws: half as many where not all are asked for."""
    return number if os.environ.get(WHOLE) else -(-number // 2)
