"""Few columns at once, against one column at a time and against all joins of the indices."""

import random

import pytest
from sympy import Mul, Symbol, symbols

from weingarten import E, HaarOrthogonal
from weingarten.caches import clear_caches
from weingarten.functions.groups import ORTHOGONAL, UNITARY
from weingarten.functions.spherical import class_sum
from weingarten.integration import columns, entries

d = Symbol("d")


def random_powers(rng, alpha):
    """A matrix of powers in one to three columns whose sums can be paired."""
    while True:
        rows, width = rng.randint(1, 4), rng.randint(1, 3)
        if alpha == 2:
            powers = [[(rng.choice([0, 1, 1, 2, 3]),) for _ in range(width)] for _ in range(rows)]
        else:
            powers = [
                [(rng.randint(0, 2), rng.randint(0, 2)) for _ in range(width)] for _ in range(rows)
            ]
        made = columns.canonical(tuple(map(tuple, powers)))
        lines = [*made, *zip(*made, strict=True)]
        totals = [[sum(part) for part in zip(*line, strict=True)] for line in lines]
        if made and all(t[0] % 2 == 0 if alpha == 2 else t[0] == t[1] for t in totals):
            return made


@pytest.mark.parametrize("group", [ORTHOGONAL, UNITARY], ids=lambda group: group.name)
def test_columns_at_once_are_columns_one_by_one(group, monkeypatch):
    for seed in range(60):
        powers = random_powers(random.Random(seed), group.alpha)
        at_once = columns.moment_by_columns(powers, group.alpha)
        with monkeypatch.context() as patch:
            patch.setattr(columns, "_FEW", 0)
            clear_caches()
            assert columns.moment_by_columns(powers, group.alpha).to_sympy(d) == at_once.to_sympy(d)
        clear_caches()


@pytest.mark.parametrize("group", [ORTHOGONAL, UNITARY], ids=lambda group: group.name)
def test_columns_at_once_are_all_joins_by_type(group):
    for seed in range(100, 130):
        powers = random_powers(random.Random(seed), group.alpha)
        joined = class_sum(group, entries.type_counts(group, powers))
        assert columns.moment_by_columns(powers, group.alpha).to_sympy(d) == joined.to_sympy(d)


def test_high_powers_in_three_columns_sum_to_those_in_two():
    # The squares of a row add up to one; five rows and three columns of fourth powers.
    n = symbols("n", integer=True, positive=True)
    W = HaarOrthogonal("W", n)
    rest = Mul(*(W[i, j] ** 4 for i in range(4) for j in range(2)))
    total = sum(count * E(rest * W[0, j] ** 2) for j, count in ((0, 1), (1, 1), (2, n - 2)))
    assert (total - E(rest)).subs(n, 11) == 0


# What is long says so -----------------------------------------------------------------------------


def test_many_columns_of_squares_are_announced_or_refused_before_they_are_expanded():
    n = symbols("n", integer=True, positive=True)
    W = HaarOrthogonal("W", n)
    block = Mul(*(W[i, j] ** 2 for i in range(6) for j in range(6)))
    with pytest.raises(ValueError, match=r"degree n = 36 .* terms of an expansion in the columns"):
        E(block)


def test_many_symbolic_indices_are_refused_before_they_are_joined():
    n = symbols("n", integer=True, positive=True)
    W = HaarOrthogonal("W", n)
    i, j = symbols("i:12", integer=True), symbols("j:12", integer=True)
    with pytest.raises(ValueError, match=r"degree n = 6 .* 108,056,025 products of deltas"):
        E(Mul(*(W[a, b] for a, b in zip(i, j, strict=True))))


def test_few_symbolic_indices_in_high_powers_are_not_long():
    n = symbols("n", integer=True, positive=True)
    W = HaarOrthogonal("W", n)
    i, j = symbols("i j", integer=True)
    assert E(W[i, 0] ** 6 * W[j, 1] ** 6).subs({i: 0, j: 1}) == E(W[0, 0] ** 6 * W[1, 1] ** 6)
