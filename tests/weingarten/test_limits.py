"""What is announced, what is refused, and whose line a warning points at."""

import inspect
import warnings

import pytest
from sympy import Add, MatMul, MatrixSymbol, Symbol, Trace, symbols

from weingarten import E, GaussianMatrix, HaarOrthogonal, limits
from weingarten.limits import check_effort, check_order, warn_user

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)


def general_word(matrix, pairs):
    """The trace of a word with another constant matrix between each two letters."""
    letters = [matrix.T if k % 2 else matrix for k in range(2 * pairs)]
    constants = [MatrixSymbol(f"A{k}", d, d) for k in range(2 * pairs)]
    return Trace(MatMul(*(part for pair in zip(letters, constants, strict=True) for part in pair)))


# Effort ------------------------------------------------------------------------------------------

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize("seconds", [0, 1, MINUTE - 1])
def test_what_takes_less_than_a_minute_passes_in_silence(seconds):
    check_effort(seconds * 10, 3, 10)


@pytest.mark.parametrize(
    ("seconds", "announced"), [(MINUTE, "1"), (10 * MINUTE, "10"), (2 * HOUR, "120")]
)
def test_what_takes_minutes_is_announced(seconds, announced):
    with pytest.warns(UserWarning, match=rf"degree n = 3 .* about {announced} minutes$"):
        check_effort(seconds * 10, 3, 10)


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [(2 * HOUR + 1, "2"), (5 * HOUR, "5"), (10**20, r"3e\+16"), (7 * 10**5000, r"2e\+4997")],
    ids=["just", "five", "many", "unwritten"],
)
def test_what_takes_hours_is_refused(seconds, refused):
    with pytest.raises(ValueError, match=rf"degree n = 7 .* about {refused}[^ ]* hours$"):
        check_effort(seconds * 10, 7, 10)


def test_the_message_has_the_number_of_things_and_their_name():
    with pytest.raises(ValueError, match=r"a sum over 1,000,000,000 products of two power sums, "):
        check_effort(10**9, 7, 10, what="products of two power sums")


def test_a_number_of_things_too_large_for_a_float_is_written():
    with pytest.raises(ValueError, match=r"a sum over 1e\+400 "):
        check_effort(10**400, 7, 10)
    with pytest.raises(ValueError, match=r"a sum over 1,999,999,999,999 "):
        check_effort(2 * 10**12 - 1, 7, 10)


def test_what_does_not_fit_in_memory_is_refused_however_fast_it_is():
    check_effort(1000, 3, 10**9, at_most=1000)
    with pytest.raises(ValueError, match=r"1,001 .*more than fit in memory \(1,000\)"):
        check_effort(1001, 3, 10**9, at_most=1000)


@pytest.mark.parametrize("matrix", [W, GaussianMatrix("G", d, d)], ids=["Haar", "Gaussian"])
def test_an_expectation_that_takes_hours_is_refused_before_it_starts(matrix):
    with pytest.raises(ValueError, match=r"^expr is of degree n = 1[0-9] .*hours|fit in memory"):
        E(general_word(matrix, 12))


def test_an_expansion_fits_or_is_refused():
    assert check_order(10_000, 8) == 10_000
    with pytest.raises(ValueError, match=r"^order = 10000000: .* about [0-9,]+ GiB"):
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
