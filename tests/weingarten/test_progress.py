"""Progress is shown where someone looks, and an interrupt leaves nothing half done behind."""

import io
import sys
import types

import pytest
from sympy import symbols

from weingarten import clear_caches, weingarten_table, weingarten_unitary
from weingarten.combinatorics import jack, partitions
from weingarten.functions import spherical
from weingarten.progress import progress

d = symbols("d", integer=True, positive=True)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def bars(monkeypatch):
    """A tqdm that notes what it is asked for."""
    asked = []

    def tqdm(steps, **options):
        asked.append(options)
        return iter(steps)

    for name in ("tqdm", "tqdm.std", "tqdm.auto"):
        module = types.ModuleType(name)
        module.tqdm = tqdm
        monkeypatch.setitem(sys.modules, name, module)
    return asked


def test_on_a_terminal_long_loops_show_how_far_they_are(bars, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(progress(range(3), 3, "rows")) == [0, 1, 2]
    [options] = bars
    assert (options["total"], options["unit"], options["file"]) == (3, " rows", terminal)
    assert options["delay"] > 1


@pytest.mark.parametrize("stream", [io.StringIO(), None], ids=["file", "none"])
def test_nothing_is_shown_where_nobody_looks(bars, monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(progress(range(3), 3, "rows")) == [0, 1, 2]
    assert bars == []


def test_a_notebook_is_someone_who_looks(bars, monkeypatch):
    shell = type("ZMQInteractiveShell", (), {})
    module = types.ModuleType("IPython")
    module.get_ipython = shell
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert list(progress(range(3), 3, "rows")) == [0, 1, 2]
    assert len(bars) == 1


def test_without_tqdm_the_steps_are_the_same(monkeypatch):
    for name in ("tqdm", "tqdm.std", "tqdm.auto"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(progress(range(3), 3, "rows")) == [0, 1, 2]


# Interrupted --------------------------------------------------------------------------------------


def interrupting(after):
    """A loop that Ctrl-C ends after some steps."""

    def steps(these, *_):
        nonlocal after
        for step in these:
            if after == 0:
                raise KeyboardInterrupt
            after -= 1
            yield step

    return steps


@pytest.mark.parametrize("after", [0, 1, 3, 5])
@pytest.mark.parametrize("group", ["unitary", "orthogonal", "symplectic"])
def test_an_interrupted_table_is_made_anew(group, after, monkeypatch):
    expected = dict(weingarten_table(group, 6, d))
    clear_caches()
    with monkeypatch.context() as patched:
        patched.setattr(jack, "progress", interrupting(after))
        with pytest.raises(KeyboardInterrupt):
            weingarten_table(group, 6, d)
    assert dict(weingarten_table(group, 6, d)) == expected


@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_interrupted_class_is_made_anew(after, monkeypatch):
    expected = weingarten_unitary((4, 2), d)
    clear_caches()
    with monkeypatch.context() as patched:
        patched.setattr(spherical, "progress", interrupting(after))
        with pytest.raises(KeyboardInterrupt):
            weingarten_unitary((4, 2), d)
    assert weingarten_unitary((4, 2), d) == expected


def test_a_value_that_is_interrupted_while_it_is_read_is_read_again(monkeypatch):
    table = weingarten_table("unitary", 3, d)
    with monkeypatch.context() as patched:

        def interrupted(*_):
            raise KeyboardInterrupt

        patched.setattr(spherical.Factored, "to_sympy", interrupted)
        with pytest.raises(KeyboardInterrupt):
            table[3,]
    assert {mu: table[mu] for mu in partitions(3)} == {
        mu: weingarten_unitary(mu, d) for mu in partitions(3)
    }
