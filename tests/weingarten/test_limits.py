"""What is announced, what is refused, and whose line a warning points at."""

import inspect
import warnings

import pytest
from sympy import Add, MatMul, MatrixSymbol, Symbol, Trace, symbols

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    limits,
    weingarten_orthogonal,
    weingarten_table,
    weingarten_unitary,
)
from weingarten.limits import Cost, check_cost, check_effort, check_order, largest, warn_user
from weingarten.memory import free_memory

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)


def general_word(matrix, pairs):
    """The trace of a word with another constant matrix between each two letters."""
    letters = [matrix.T if k % 2 else matrix for k in range(2 * pairs)]
    constants = [MatrixSymbol(f"A{k}", d, d) for k in range(2 * pairs)]
    return Trace(MatMul(*(part for pair in zip(letters, constants, strict=True) for part in pair)))


# Effort ------------------------------------------------------------------------------------------

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize("seconds", [0, 1, 9])
def test_what_takes_less_than_ten_seconds_passes_in_silence(seconds):
    check_effort(seconds * 10, 3, 10)


@pytest.mark.parametrize(
    ("seconds", "announced"),
    [(10, "10 seconds"), (MINUTE, "60 seconds"), (10 * MINUTE, "10 minutes"), (HOUR, "60 minutes")],
)
def test_what_takes_longer_is_announced(seconds, announced):
    with pytest.warns(UserWarning, match=rf"degree n = 3 .* about {announced}$"):
        check_effort(seconds * 10, 3, 10)


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [(HOUR + 1, "1"), (5 * HOUR, "5"), (10**20, r"3e\+16"), (7 * 10**5000, r"2e\+4997")],
    ids=["just", "five", "many", "unwritten"],
)
def test_what_takes_hours_is_refused(seconds, refused):
    with pytest.raises(ValueError, match=rf"degree n = 7 .* about {refused}[^ ]* hours?$"):
        check_effort(seconds * 10, 7, 10)


def test_the_message_has_the_number_of_things_and_their_name():
    with pytest.raises(ValueError, match=r"a sum over 1,000,000,000 products of two power sums, "):
        check_effort(10**9, 7, 10, what="products of two power sums")


def test_a_number_of_things_too_large_for_a_float_is_written():
    with pytest.raises(ValueError, match=r"a sum over 1e\+400 "):
        check_effort(10**400, 7, 10)
    with pytest.raises(ValueError, match=r"a sum over 1,999,999,999,999 "):
        check_effort(2 * 10**12 - 1, 7, 10)


@pytest.mark.parametrize("matrix", [W, GaussianMatrix("G", d, d)], ids=["Haar", "Gaussian"])
def test_an_expectation_that_takes_hours_is_refused_before_it_starts(matrix):
    with pytest.raises(ValueError, match=r"^expr is of degree n = 1[0-9] .*hours|fit in memory"):
        E(general_word(matrix, 12))


def test_a_cost_of_more_memory_than_is_free_is_refused_with_both_and_what_works(monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 3 * 2**30)
    check_cost(Cost("n = 5: a table", memory=3 * 2**30))
    with pytest.raises(ValueError, match=r"^n = 6: a table, about 3.5 GiB of .* 3.0 GiB.*; n = 5$"):
        check_cost(Cost("n = 6: a table", memory=7 * 2**29, smaller="n = 5"))


def test_an_announcement_says_what_costs_less():
    with pytest.warns(UserWarning, match=r"^a sum, about 20 seconds; declare A symmetric$"):
        check_cost(Cost("a sum", seconds=20, smaller="declare A symmetric"))


def test_an_announcement_says_how_much_memory_it_takes_where_that_is_much():
    with pytest.warns(UserWarning, match=r"^a sum, about 20 seconds and 0.5 GiB$"):
        check_cost(Cost("a sum", seconds=20, memory=2**29))
    with pytest.warns(UserWarning, match=r"^a sum, about 20 seconds$"):
        check_cost(Cost("a sum", seconds=20, memory=2**27))


def test_the_largest_that_can_be_done_is_found():
    assert largest(lambda n: Cost("", seconds=n * HOUR), 100) == 1
    assert largest(lambda n: Cost("", seconds=n), 5) == 4
    assert largest(lambda n: Cost("", seconds=HOUR + 1), 5) is None
    assert largest(lambda n: Cost(""), 0) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weingarten_unitary((1,) * 100, d), r"^mu .* n = 100: .* integer up to 1[01]$"),
        (
            lambda: weingarten_orthogonal((1,) * 100, d),
            r"^mu .* n = 100: .* integer up to (9|1[01])$",
        ),
        (lambda: weingarten_table("unitary", 60, d), r"^n = 60: .* expected an n up to \d\d$"),
    ],
)
def test_what_is_refused_says_what_can_be_done(call, message, monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 4 * 2**30)
    with pytest.raises(ValueError, match=message):
        call()


def test_a_long_class_is_announced_at_the_line_that_asks_for_it(monkeypatch):
    monkeypatch.setattr(limits, "_LONG", 0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = here() + 1
        weingarten_unitary((3, 2), d)
    assert line_of(caught) == (__file__, line)
    assert "a sum over about 6 partitions" in str(caught[0].message)


def test_free_memory_is_what_the_machine_has():
    assert 2**20 < free_memory() < 2**50


def test_an_expansion_fits_or_is_refused():
    assert check_order(10_000, 8) == 10_000
    with pytest.raises(
        ValueError, match=r"^order = 10000000: .* about [0-9,]+ GiB.*expected an order such as \d+$"
    ):
        check_order(10_000_000, 8)


# The user's line ---------------------------------------------------------------------------------


def line_of(caught):
    [warning] = caught
    return warning.filename, warning.lineno


def here():
    return inspect.currentframe().f_back.f_lineno


def in_package(name, code, **names):
    """Run code as a module of this name would."""
    space = {"__name__": name, **names}
    exec(compile(code, f"<{name}>", "exec"), space)
    return space


def test_a_warning_points_at_the_line_that_calls_the_package():
    space = in_package("weingarten.inner", "def f(): warn_user('w')", warn_user=warn_user)
    outer = in_package("derivations.outer", "def g():\n\n    f()", f=space["f"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = here() + 1
        outer["g"]()
    assert line_of(caught) == (__file__, line)


def test_a_name_that_only_begins_like_the_package_is_a_users():
    space = in_package("weingarten_notes", "def f():\n    warn_user('w')", warn_user=warn_user)
    with pytest.warns(UserWarning, match="w") as caught:
        space["f"]()
    assert line_of(caught) == ("<weingarten_notes>", 2)


def test_a_warning_has_its_category():
    with pytest.warns(RuntimeWarning, match="^slow$"):
        warn_user("slow", RuntimeWarning)


def test_an_announcement_points_at_the_call_of_e(monkeypatch):
    monkeypatch.setattr(limits, "_LONG", -1)
    expr = Add(general_word(W, 2), Symbol("a"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = here() + 1
        E(expr)
    assert line_of(caught) == (__file__, line)


@pytest.mark.parametrize("power", [10_001, 10**6, 10**20])
def test_a_power_that_nobody_writes_out_is_refused(power):
    with pytest.raises(ValueError, match=f"power of {power:,}; expected at most 10,000 factors"):
        E(HaarOrthogonal("W", symbols("d"))[0, 0] ** power)
