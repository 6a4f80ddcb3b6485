"""What a notebook shows of results, and what completes names in it."""

import pydoc

import numpy as np
import pytest
from sympy import MatrixSymbol, Trace, symbols

import derivations
import weingarten
from derivations import catalogue, sweep
from weingarten import HaarOrthogonal, crosscheck, estimate, explain, weingarten_table
from weingarten.markup import html_table

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)


def test_a_drawing_is_a_picture_by_itself():
    pytest.importorskip("matplotlib")
    image = explain(Trace(W * A * W.T * B)).draw()._repr_png_()
    assert image[:8] == b"\x89PNG\r\n\x1a\n" and len(image) > 5000


def test_a_table_is_escaped_and_cut():
    text = html_table(["<x>"], ([k] for k in range(100)), 100, "a & b")
    assert "<th>&lt;x&gt;</th>" in text
    assert text.count("<tr>") == 61
    assert "<p>a &amp; b; and 40 more rows</p>" in text


def test_a_table_of_weingarten_functions():
    table = weingarten_table("unitary", 2, d)
    assert "<td>(1, 1)</td><td>1/((d - 1)*(d + 1))</td>" in table._repr_html_()
    large = weingarten_table("unitary", 12, d)
    assert "and 17 more rows" in large._repr_html_()


def test_numbers_beside_each_other():
    check = crosscheck(W[0, 0] ** 2, samples=100, at={d: 4})
    assert "<td>0.25</td>" in check._repr_html_()
    assert "agrees, |z| = " in check._repr_html_()
    wrong = crosscheck(W[0, 0] ** 2, samples=100, at={d: 4}, exact=1)
    assert "DISAGREES" in wrong._repr_html_()
    matrix = crosscheck(W * A * W.T, samples=100, at={d: 2, A: [[1, 2], [3, 4]]})
    assert "<td>[0, 1]</td><td>0</td>" in matrix._repr_html_()
    assert matrix.estimate._repr_html_().count("<tr>") == 5


def test_large_matrices_print_their_values():
    found = estimate(W, samples=10, at={d: 5})
    assert all(f"{entry:.4g}" in repr(found) for entry in np.ravel(found.mean))
    check = crosscheck(W * A * W.T, samples=10, at={d: 5, A: np.eye(5)})
    assert repr(check).startswith("agrees: exact array of shape (5, 5), estimate array of shape")
    assert "\nexact\n[[1" in repr(check) and "\nstandard error\n" in repr(check)
    huge = estimate(W, samples=2, at={d: 40})
    assert len(repr(huge)) < 5000


def test_a_sweep():
    found = sweep("row-norm-mean", widths=[3, 4], networks=100)
    text = found._repr_html_()
    assert text.count("<tr>") == 3 and "Verdict: all 2 checks agree" in text
    assert "None" not in text


def test_help_of_an_ensemble_is_about_the_ensemble():
    text = pydoc.plain(pydoc.render_doc(HaarOrthogonal))
    assert len(text.splitlines()) < 100
    assert "sample(self, size" in text and "The dimension: ``W W.T = 1``" in text
    assert {"sample", "doit", "subs"} <= set(dir(W))


def test_names_that_are_completed():
    assert set(weingarten.__all__) < set(dir(weingarten))
    assert not {"Any", "TYPE_CHECKING", "_LATE"} & set(dir(weingarten))
    assert all(hasattr(weingarten, name) for name in dir(weingarten))
    assert {"catalogue", "sweep"} <= set(dir(derivations))
    assert catalogue._ipython_key_completions_() == list(catalogue)
