"""What is announced, what is refused: the borders themselves, from both sides."""

import warnings

import pytest
from sympy import MatrixSymbol, Q, Trace, symbols

from weingarten import E, HaarOrthogonal, limits
from weingarten.combinatorics.partitions import number_of_partitions
from weingarten.limits import (
    check_effort,
    check_size,
    check_table_size,
)

RATE = 1000
SECOND, MINUTE, HOUR = RATE, 60 * RATE, 3600 * RATE


def silently(count, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_effort(count, 3, RATE, **options)


@pytest.mark.parametrize("count", [0, 1, 10 * SECOND - 1])
def test_what_takes_less_than_ten_seconds_passes_silently(count):
    silently(count)


@pytest.mark.parametrize(
    ("count", "announced"),
    [
        (10 * SECOND, "10 seconds"),
        (MINUTE, "60 seconds"),
        (2 * MINUTE, "2 minutes"),
        (HOUR, "60 minutes"),
    ],
)
def test_what_takes_longer_is_announced_with_the_time(count, announced):
    with pytest.warns(UserWarning, match=rf"sum over {count:,} .*, about {announced}"):
        check_effort(count, 3, RATE)


@pytest.mark.parametrize(("count", "hours"), [(HOUR + RATE, 1), (5 * HOUR, 5), (10**12, "277,778")])
def test_what_takes_hours_is_refused_with_their_number(count, hours):
    with pytest.raises(ValueError, match=rf"degree n = 3 .* sum over .*, about ({hours}) hours?$"):
        check_effort(count, 3, RATE)


def test_an_expectation_that_would_take_hours_is_refused_with_the_size_of_its_answer():
    # A class function beside a list: one sum over 19!! pairings, each beside 42 power sums.
    d = symbols("d", integer=True, positive=True)
    W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
    word = 1
    for number in range(10):
        word = word * W * A * W.T * MatrixSymbol(f"B{number}", d, d)
    with pytest.raises(ValueError, match=r"n = 10 .* 654,729,075 pairings.* 27,498,621,150 "):
        E(Trace(word), Q.symmetric(A))


@pytest.fixture
def gigabytes(monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 8 * 2**30)
    return 8 * 2**30


def test_the_largest_table_that_fits_passes_and_the_next_one_does_not(gigabytes):
    last = 0
    for n in range(1, 500):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert check_table_size(n, number_of_partitions) == n
        except ValueError as refused:
            message = str(refused)
            assert message.startswith(f"n = {n}: ")
            assert f"{number_of_partitions(n):,} partitions" in message
            assert "where 8.0 GiB are free" in message
            assert message.endswith(f"expected an n up to {last}")
            break
        last = n
    assert 20 < last < 100


def test_the_size_of_a_table_grows_with_its_entries(gigabytes):
    def fits(classes):
        return check_table_size(7, lambda _: classes, seconds=0.0, memory=100) == 7

    assert fits(int((gigabytes / 100) ** 0.5))
    with pytest.raises(ValueError, match=r"8\.0 GiB of memory where 8\.0 GiB"):
        fits(int((gigabytes / 100) ** 0.5) + 1)


@pytest.mark.parametrize("n", [1000, 1001, 10**6])
def test_a_count_beyond_all_reach_is_no_longer_counted(n):
    counted = []

    def count(k):
        counted.append(k)
        return number_of_partitions(k)

    with pytest.raises(ValueError, match="more than 2e\\+31" if n > 1000 else "2e\\+31"):
        check_table_size(n, count)
    assert max(counted) == 1000
    assert sorted(counted)[-2] < 100


@pytest.mark.parametrize("n", [0, 1, 10**20])
def test_a_size_is_any_non_negative_integer(n):
    assert check_size(n) == n


@pytest.mark.parametrize(("n", "error"), [(-1, ValueError), (1.0, TypeError), ("2", TypeError)])
def test_a_size_that_is_none_is_refused_by_name(n, error):
    with pytest.raises(error, match=f"k = {n!r}: expected a non-negative integer"):
        check_size(n, "k")
