"""What is announced, what is refused: the borders themselves, from both sides."""

import warnings

import pytest
from sympy import MatrixSymbol, Q, Trace, symbols

from weingarten import E, HaarOrthogonal
from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.limits import (
    MEMORY_LIMIT,
    check_column_size,
    check_effort,
    check_size,
    check_table_size,
)

RATE = 1000
MINUTE, HOUR = 60 * RATE, 3600 * RATE


def silently(count, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_effort(count, 3, RATE, **options)


@pytest.mark.parametrize("count", [0, 1, MINUTE - 1])
def test_what_takes_less_than_a_minute_passes_silently(count):
    silently(count)


@pytest.mark.parametrize(("count", "minutes"), [(MINUTE, 1), (HOUR, 60), (2 * HOUR, 120)])
def test_what_takes_minutes_is_announced_with_their_number(count, minutes):
    with pytest.warns(UserWarning, match=rf"sum over {count:,} .*, about {minutes} minutes"):
        check_effort(count, 3, RATE)


@pytest.mark.parametrize(
    ("count", "hours"), [(2 * HOUR + RATE, 2), (5 * HOUR, 5), (10**12, "277,778")]
)
def test_what_takes_hours_is_refused_with_their_number(count, hours):
    with pytest.raises(ValueError, match=rf"degree n = 3 .* sum over .*, about ({hours}) hours"):
        check_effort(count, 3, RATE)


def test_what_does_not_fit_in_memory_is_refused_though_it_is_short():
    silently(500, at_most=500)
    with pytest.warns(UserWarning, match="about 1 minutes"):
        check_effort(MINUTE, 3, RATE, at_most=MINUTE)
    with pytest.raises(ValueError, match=r"sum over 501 .*, more than fit in memory \(500\)"):
        check_effort(501, 3, RATE, at_most=500)


def test_an_expectation_that_would_take_hours_is_refused_with_the_size_of_its_answer():
    # A class function beside a list: one sum over 19!! pairings, each beside 42 power sums.
    d = symbols("d", integer=True, positive=True)
    W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
    word = 1
    for number in range(10):
        word = word * W * A * W.T * MatrixSymbol(f"B{number}", d, d)
    with pytest.raises(ValueError, match=r"n = 10 .* 654,729,075 pairings.* 27,498,621,150 "):
        E(Trace(word), Q.symmetric(A))


@pytest.mark.parametrize("check", [check_table_size, check_column_size])
def test_the_largest_table_that_fits_passes_and_the_next_one_does_not(check):
    sizes = iter(range(1, 500))
    last = 0
    for n in sizes:
        try:
            assert check(n, number_of_partitions) == n
        except ValueError as refused:
            assert f"n = {n}: " in str(refused)
            assert f"{number_of_partitions(n):,} partitions" in str(refused)
            assert f"{MEMORY_LIMIT / 2**30:.0f} GiB" in str(refused)
            break
        last = n
    assert 20 < last < 100


def test_the_size_of_a_table_grows_with_its_entries():
    # A table has the square of the number of classes: that many bytes at least, and no more than
    # a thousand for each.
    def fits(classes):
        try:
            return check_table_size(7, lambda _: classes) == 7
        except ValueError:
            return False

    assert not fits(int(MEMORY_LIMIT**0.5) + 1)
    assert fits(int((MEMORY_LIMIT / 1000) ** 0.5))


@pytest.mark.parametrize("check", [check_table_size, check_column_size])
@pytest.mark.parametrize("n", [1000, 1001, 10**6])
def test_a_count_beyond_all_reach_is_no_longer_counted(n, check):
    counted = []

    def count(k):
        counted.append(k)
        return number_of_partitions(k)

    with pytest.raises(ValueError, match="more than 2e\\+31" if n > 1000 else "2e\\+31"):
        check(n, count)
    assert counted == [1000]


@pytest.mark.parametrize("n", [0, 1, 10**20])
def test_a_size_is_any_non_negative_integer(n):
    assert check_size(n) == n


@pytest.mark.parametrize(("n", "error"), [(-1, ValueError), (1.0, TypeError), ("2", TypeError)])
def test_a_size_that_is_none_is_refused_by_name(n, error):
    with pytest.raises(error, match=f"k = {n!r}: expected a non-negative integer"):
        check_size(n, "k")
