"""From SymPy expressions to monomials, products of chains of matrices, and back.

- `words`: letters, words, chains, monomials;
- `facts`, `conditions`: what is given of the constants; when the value holds;
- `alphabet`: the standard forms of letters and chains;
- `determinants`, `reader`, `shapes`: from an expression to a polynomial in chains;
- `ranges`, `index_sums`: sums over indices, carried out where that is seen to be right;
- `writer`: back to SymPy.
"""

from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.facts import Facts
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.reader import Reader
from weingarten.expressions.refusals import NotPolynomialError
from weingarten.expressions.words import LEFT, RIGHT, Chain, Letter, Monomial, Polynomial, Word
from weingarten.expressions.writer import matrix_to_sympy, to_sympy, written

__all__ = [
    "LEFT",
    "RIGHT",
    "Alphabet",
    "Chain",
    "Conditions",
    "Facts",
    "IndexSums",
    "Letter",
    "Monomial",
    "NotPolynomialError",
    "Polynomial",
    "Reader",
    "Word",
    "matrix_to_sympy",
    "to_sympy",
    "unfolded",
    "written",
]
