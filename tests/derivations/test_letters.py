"""What is said of the letters of statements."""

import pytest
from sympy import Basic, Symbol, preorder_traversal

from derivations import catalogue
from derivations.letters import LETTERS, letters_in
from derivations.notation import Mean, W, i, iso, j, l, lam, p, phi, q
from derivations.report.mathml import math, prose
from derivations.writing import latex, line, plain

EXPLAINED = frozenset().union(*(letter.names for letter in LETTERS))
INDICES = {"i", "j", "k", "l"}
KNOWN = {"log", "exp", "Min", "Abs", "tanh", "sinh", "coth", "harmonic", "factorial", "rank"}


def letters(statement: Basic) -> set[str]:
    """Name what a reader meets: free letters, and functions."""
    symbols = {str(s) for s in statement.free_symbols if isinstance(s, Symbol)}
    functions = {type(f).__name__ for f in preorder_traversal(statement) if f.is_Function}
    return {name for name in symbols | functions if not name.startswith("p_")}


@pytest.mark.parametrize("name", catalogue)
def test_every_letter_of_a_statement_is_explained(name):
    assert letters(catalogue[name].holding) <= EXPLAINED | INDICES | KNOWN


def test_letters_are_those_of_the_statements():
    def of(*statements):
        return [letter.written for letter in letters_in(statements)]

    assert of(Mean(W[i, j] ** 2)) == ["W", "i, j, k, l", r"\mathbb{E}"]
    assert of(p(3)) == ["p_r"] and of(lam[0]) == [r"\lambda_k"]
    assert of(q, phi(Symbol("X_l"))) == ["X_l", "I", r"\phi", "q"]
    assert of(iso(Symbol("X_l"))) == ["X_l", "I"]
    assert of() == []


def test_what_is_said_can_be_written_on_page_and_terminal():
    for letter in LETTERS:
        math(letter.written), prose(letter.meaning)
        assert len(plain(f"${letter.written}$")) <= 12
        assert not set("\\$") & set(plain(letter.meaning))


def test_the_number_of_a_layer_is_the_letter_l_everywhere():
    with_layer = [f for f in catalogue.values() if "layer" in f.takes]
    assert with_layer and all(l in f.holding.free_symbols for f in with_layer)
    for formula in catalogue.values():
        claims = [formula.holding, *(step.claim for step in formula.steps)]
        assert not any("ell" in str(c.free_symbols) or "ℓ" in line(c) for c in claims)
        assert not any(r"\ell" in latex(claim) for claim in claims)
