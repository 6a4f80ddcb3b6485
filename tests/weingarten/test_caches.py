"""What is kept between calls: bounded, all of it forgotten at one word, and never needed."""

import functools
import gc
import importlib
import pkgutil
from pathlib import Path

from sympy import MatrixSymbol, Trace, symbols

import derivations
import weingarten
from weingarten import E, HaarSymplectic, HaarUnitary, clear_caches, weingarten_table
from weingarten.caches import cached

d = symbols("d", integer=True, positive=True)


def package_caches():
    for module in pkgutil.walk_packages(weingarten.__path__, "weingarten."):
        importlib.import_module(module.name)
    wrapper = type(functools.lru_cache(len))
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, wrapper) and found.__module__.split(".")[0] == "weingarten"
    ]


def some_answers():
    U, A = HaarUnitary("U", d), MatrixSymbol("A", d, d)
    S = HaarSymplectic("S", d)
    return [
        E(abs(U[0, 0]) ** 4 * abs(U[1, 0]) ** 2),
        E(abs(S[0, 0]) ** 4),
        E(Trace(U * A * U.H * A)),
        dict(weingarten_table("orthogonal", 3, d)),
    ]


def test_one_call_empties_every_cache_and_no_answer_changes():
    before = some_answers()
    caches = package_caches()
    assert sum(cache.cache_info().currsize > 0 for cache in caches) >= 8
    clear_caches()
    assert [c.__qualname__ for c in caches if c.cache_info().currsize] == []
    assert some_answers() == before


def test_every_cache_is_bounded():
    assert all(cache.cache_info().maxsize is not None for cache in package_caches())


def test_no_module_keeps_results_in_another_way():
    folders = [Path(package.__file__).parent for package in (weingarten, derivations)]
    found = [
        path.name
        for folder in folders
        for path in folder.rglob("*.py")
        if "lru_cache" in (text := path.read_text()) or "import cache\n" in text
    ]
    assert found == ["caches.py"]


def test_of_large_results_one_is_kept():
    calls = []

    @cached(maxsize=2, large=lambda n: n > 9)
    def named(n):
        """Document it."""
        calls.append(n)
        return [n]

    assert named(10) is named(10)
    named(1), named(2), named(11), named(1), named(2)
    assert calls == [10, 1, 2, 11]
    named(10), named(3), named(1)
    assert calls == [10, 1, 2, 11, 10, 3, 1]
    clear_caches()
    named(1), named(10)
    assert calls == [10, 1, 2, 11, 10, 3, 1, 1, 10]
    assert named.__doc__ == "Document it."


def test_of_large_tables_one_is_kept():
    kept = [c for c in package_caches() if c.__qualname__ == "power_sum_table"]
    assert sorted(c.cache_info().maxsize for c in kept) == [1, 4]
