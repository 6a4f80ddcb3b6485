"""What a group says of itself, against the definitions and against the Weingarten functions."""

import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Symbol
from sympy.combinatorics import Permutation

from weingarten.combinatorics import coset_type, cycle_type
from weingarten.combinatorics.partitions import partitions
from weingarten.functions import GROUPS, ORTHOGONAL, SYMPLECTIC, UNITARY, Transform, as_group
from weingarten.functions.spherical import basis_sums, class_sum
from weingarten.functions.values import weingarten_table

D = Symbol("d", integer=True, positive=True)
every_group = pytest.mark.parametrize("group", list(GROUPS.values()), ids=list(GROUPS))


@every_group
def test_a_group_is_a_value(group):
    again = pickle.loads(pickle.dumps(group))
    assert again == group
    assert hash(again) == hash(group)
    assert GROUPS[group.name] is group
    with pytest.raises(FrozenInstanceError):
        group.alpha = 3


def test_the_mapping_of_groups_cannot_be_changed():
    with pytest.raises(TypeError):
        GROUPS["unitary"] = ORTHOGONAL


def test_groups_differ_and_say_what_they_are():
    assert [(g.alpha, g.factor, g.bipartite, g.signed, g.argument) for g in GROUPS.values()] == [
        (1, 1, True, False, "d"),
        (2, 1, False, False, "d"),
        (2, -2, False, True, "m"),
    ]
    assert [g.rows(D) for g in GROUPS.values()] == [D, D, 2 * D]


@pytest.mark.parametrize("wrong", ["Unitary", "", None, 1, ["unitary"], b"unitary"])
def test_what_is_no_group_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^group = .*expected one of unitary, orthogonal, sympl"):
        as_group(wrong)
    with pytest.raises(ValueError, match=r"^group = "):
        weingarten_table(wrong, 2, D)


@given(st.permutations(range(6)))
def test_the_type_of_a_permutation(images):
    permutation = Permutation(images)
    assert UNITARY.type_of(permutation) == cycle_type(images)
    standard = ((0, 1), (2, 3), (4, 5))
    image = tuple((images[a], images[b]) for a, b in standard)
    for group in (ORTHOGONAL, SYMPLECTIC):
        assert group.type_of(permutation) == coset_type(standard, image)
    assert UNITARY.sign_of(permutation) == ORTHOGONAL.sign_of(permutation) == 1
    mu = SYMPLECTIC.type_of(permutation)
    representative = (-1) ** (3 - len(mu))
    assert SYMPLECTIC.sign_of(permutation) == permutation.signature() * representative


@pytest.mark.parametrize("n", range(1, 6))
def test_the_sign_of_a_class_is_that_between_the_two_functions(n):
    for mu in partitions(n):
        symplectic = class_sum(SYMPLECTIC, {mu: 1})
        orthogonal = class_sum(ORTHOGONAL, {mu: 1})
        assert symplectic == orthogonal.composed(-2).scaled((-1) ** len(mu))
        assert SYMPLECTIC.class_sign(mu) == (-1) ** len(mu)
        assert UNITARY.class_sign(mu) == ORTHOGONAL.class_sign(mu) == 1


@every_group
def test_the_inner_functions_take_a_group_or_its_name(group):
    assert class_sum(group, {(2, 1): 3}) == class_sum(group.name, {(2, 1): 3})
    rows = [[1, 2, 3]]
    assert basis_sums(group, 3, rows) == basis_sums(group.name, 3, rows)
    assert Transform(group, D, 3).sums(rows) == Transform(group.name, D, 3).sums(rows)
