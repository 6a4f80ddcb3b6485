"""The integral of an exponential over a group, beside moments, closed forms and samples."""

from fractions import Fraction
from itertools import pairwise
from math import exp, factorial

import mpmath
import numpy as np
import pytest
from sympy import Float, ImmutableMatrix, Rational, Trace, diag, log

from weingarten import E, HaarOrthogonal, HaarUnitary, hciz
from weingarten.combinatorics import partitions
from weingarten.numeric.spherical_integral import _pairs, _without_strip

GROUPS = {"unitary": HaarUnitary, "orthogonal": HaarOrthogonal}
FAR = 4.42


def by_moments(a, b, t, group, terms):
    """The series of the exponential, each moment by `E`, and a bound on what is left out."""
    U = GROUPS[group]("U", len(a))
    word = U * ImmutableMatrix(diag(*a)) * U.adjoint() * ImmutableMatrix(diag(*b))
    total = sum(t**n / factorial(n) * E(Trace(word) ** n) for n in range(1, terms)) + 1
    largest = (sorted(map(abs, side)) for side in (a, b))
    most = abs(t) * sum(x * y for x, y in zip(*largest, strict=True))
    return total, most**terms / factorial(terms) * Float(exp(most))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    ("a", "b", "t"),
    [
        ([0, 1, 3], [1, 2, 4], Rational(1, 20)),
        ([1, 1, 3], [-1, 2, 2], Rational(-1, 15)),
        ([2, 2, 2], [1, 0, 2], Rational(1, 20)),
        ([0, 0, 1, 1], [1, 1, 1, -1], Rational(1, 8)),
        ([Rational(1, 3)], [Rational(-2, 5)], 1),
    ],
)
def test_the_series_of_moments_gives_the_same(a, b, t, group):
    total, left_out = by_moments(a, b, t, group, 4)
    assert abs(hciz(a, b, t, group, digits=18) - total) <= left_out < 0.05


@pytest.mark.parametrize("t", [Rational(1, 10**6), Rational(1, 3), Rational(-1)])
def test_two_eigenvalues_have_closed_forms(t):
    a, b = (Rational(1, 3), 2), (-1, Rational(7, 4))
    with mpmath.workdps(60):
        x = mpmath.mpf(t.p) / t.q
        half = x * 5 / 3 * 11 / 4 / 2
        mean = mpmath.exp(x * 7 / 3 * 3 / 4 / 2)
        expected = {
            "orthogonal": mean * mpmath.besseli(0, half),
            "unitary": mean * mpmath.sinh(half) / half,
        }
        for group, right in expected.items():
            found = mpmath.mpf(str(hciz(a, b, t, group, digits=25)))
            assert abs(found / right - 1) < 1e-24
            assert abs(hciz(a, b, t, group) / right - 1) < 4e-16


@pytest.mark.parametrize("group", GROUPS)
def test_samples_agree(group):
    a, b = np.array([1.0, 0.5, 0.5]), np.array([0.0, 0.25, 0.5])
    drawn = GROUPS[group]("U", 3).sample(10_000, np.random.default_rng(5))
    values = np.exp(np.einsum("i,nij,j->n", a, np.abs(drawn) ** 2, b))
    error = values.std() / len(values) ** 0.5
    assert abs(values.mean() - hciz(a, b, group=group)) < FAR * error
    assert abs(values.mean() - hciz(a, b, 1.1, group)) > FAR * error


@pytest.mark.parametrize("group", GROUPS)
def test_what_it_is_invariant_under(group):
    a, b, t = [0, 1, Rational(5, 2)], [Rational(1, 2), -1, 1], Rational(1, 4)
    value = hciz(a, b, t, group, digits=18)

    def ratio(*others):
        return abs(hciz(*others, group, digits=18) / value - 1)

    assert ratio(b, a, t) < 1e-17
    assert ratio(a[::-1], [b[1], b[2], b[0]], t) < 1e-17
    assert ratio([2 * x for x in a], b, t / 2) < 1e-17
    assert abs(ratio([x + 3 for x in a], b, t) + 1 - Float(exp(0.375))) < 1e-15


@pytest.mark.parametrize("group", GROUPS)
def test_eigenvalues_that_meet_are_a_limit(group):
    gaps = (1e-3, 1e-9, 0)
    near = [hciz([0, gap, 1], [1, 0, 1 + gap], 0.25, group, digits=16) for gap in gaps]
    assert abs(near[1] / near[2] - 1) < 1e-8 < abs(near[0] / near[2] - 1) < 1e-2


def test_many_eigenvalues_close_to_each_other():
    a = [k / 1000 for k in range(20)]
    assert abs(hciz(a, a) / exp(sum(a) ** 2 / 20) - 1) < 1e-6
    assert hciz(a, a) != exp(sum(a) ** 2 / 20)


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_always_the_same_is_exact(group):
    assert hciz([3, 1], [2, 5], 0, group) == 1.0
    assert hciz([2, 2], [1, 4], group=group) == exp(10)
    assert hciz([Fraction(1, 2)], [4.0], group=group) == exp(2)


def test_what_is_too_large_for_a_float_has_digits():
    with pytest.raises(ValueError, match=r"about 1\.97E\+431: no float; expected digits=16"):
        hciz([0, 1], [0, 1], 1000)
    large = hciz([0, 1], [0, 1], 1000, digits=16)
    assert abs(log(large) - (1000 - log(Float(1000)))) < 1e-12
    with pytest.raises(ValueError, match="no float"):
        hciz([0, 1], [1, 2], -1000)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0, 1], [1]), ValueError, "a has 2 eigenvalues and b 1; expected as many"),
        (([], []), ValueError, "a is empty; expected a sequence of real numbers"),
        ((3, [1]), TypeError, "a = 3: expected a sequence of real numbers"),
        (([1], ["x"]), TypeError, "b holds 'x'; expected real numbers"),
        (([1, 1j], [1, 2]), TypeError, "a holds 1j; expected real numbers"),
        (([1, float("nan")], [1, 2]), TypeError, "a holds nan; expected real numbers"),
        (([1, float("inf")], [1, 2]), TypeError, "a holds inf; expected real numbers"),
        (([1, True], [1, 2]), TypeError, "a holds True; expected real numbers"),
        (([1], [1], None), TypeError, "t holds None; expected real numbers"),
        (([1], [1], 1, "symplectic"), ValueError, "group = 'symplectic': expected 'unitary' or"),
    ],
)
def test_what_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        hciz(*arguments)


def test_what_is_too_long_is_refused():
    message = r"polynomials of degree \d+ in 9 variables: .*; a smaller t, or"
    with pytest.raises(ValueError, match=message):
        hciz(range(9), range(9), group="orthogonal")
    with pytest.raises(ValueError, match="digits = 0: expected a positive integer"):
        hciz([1], [1], digits=0)


def test_horizontal_strips_are_counted_without_listing_them():
    for rows in (1, 2, 3):
        counts = _pairs(6, rows)
        for n, count in enumerate(counts):
            shapes = [lam for lam in partitions(n) if len(lam) <= rows]
            assert sum(len(list(_without_strip(lam))) for lam in shapes) == count
    for mu in _without_strip((4, 2, 1)):
        padded = (*mu, 0, 0, 0)[:3]
        assert all(x >= low for x, (_, low) in zip(padded, pairwise((4, 2, 1, 0)), strict=True))
