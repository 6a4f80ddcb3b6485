"""Matrices that are made entry by entry of others: in words a letter, which is then taken apart.

A word with such a letter H is cut there: the trace of `A H B` is the sum over i and j of
`(B A)[j, i] H[i, j]`, and the entry of H is one of the matrices that it is made of.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

from sympy import (
    DiagMatrix,
    Dummy,
    Expr,
    HadamardPower,
    HadamardProduct,
    MatMul,
    OneMatrix,
    S,
    Transpose,
    expand,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from weingarten.ensembles.base import RandomMatrix
from weingarten.expressions.alphabet import Alphabet, is_selection, place_of
from weingarten.expressions.index_words import as_words, is_vector
from weingarten.expressions.selections import selection
from weingarten.expressions.words import COLUMN, ROW, Chain, Letter, Monomial, Range, Word
from weingarten.expressions.writer import matrix_to_sympy, product
from weingarten.values.shapes import same

__all__ = ["Cut", "as_matrix", "cut", "factors", "has_entrywise", "is_entrywise"]

#: The classes of matrices whose entries are products of entries of others.
_ENTRYWISE = (HadamardProduct, HadamardPower, DiagMatrix, DiagonalMatrix, DiagonalOf)


class Cut(NamedTuple):
    """A chain without its entrywise letters: what is left, and where these stand.

    Parameters
    ----------
    pieces : tuple of (Word, (Expr, Expr))
        The words between, with their ends.
    entries : tuple of (Letter, Expr, Expr)
        The letters, each with its row and column.
    sums : tuple of Range
        The indices that are summed.
    """

    pieces: tuple[tuple[Word, tuple[Expr, Expr]], ...]
    entries: tuple[tuple[Letter, Expr, Expr], ...]
    sums: tuple[Range, ...]


def is_entrywise(base: Any) -> bool:
    """Say whether a matrix is random and made entry by entry of others."""
    if not isinstance(base, _ENTRYWISE) or not base.atoms(RandomMatrix):
        return False
    if isinstance(base, HadamardPower):
        return bool(base.exp.is_Integer and base.exp > 0)
    if isinstance(base, DiagonalMatrix | DiagonalOf):  # SymPy gives others no size
        return same(*base.arg.shape)
    return True


def has_entrywise(expr: Any) -> bool:
    """Say whether a matrix expression has parts that are random and made entry by entry."""
    return any(is_entrywise(part) for part in expr.atoms(*_ENTRYWISE))


def cut(chain: Chain) -> Cut | None:
    """Cut a chain at its entrywise letters; None where it has none."""
    places = [k for k, letter in enumerate(chain.word) if is_entrywise(letter.base)]
    if not places:
        return None
    word, ends = chain.word, chain.ends
    if ends is None:  # from behind the last of these letters, so that it ends in one
        word = word[places[-1] + 1 :] + word[: places[-1] + 1]
        places = [k for k, letter in enumerate(word) if is_entrywise(letter.base)]
    letters = [word[k] for k in places]
    between = [word[a + 1 : b] for a, b in pairwise([-1, *places, len(word)])]
    if ends is None:
        joints = [_Joint(letters[k - 1], between[k], letters[k]) for k in range(len(letters))]
        joints.append(joints[0])
    else:
        first, last = ends
        joints = [_Joint(None, between[0], letters[0], first)]
        joints += [_Joint(*part) for part in zip(letters, between[1:], letters[1:], strict=False)]
        joints.append(_Joint(letters[-1], between[-1], None, last))
    entries = tuple(
        (letter, left.row, right.column)
        for letter, left, right in zip(letters, joints, joints[1:], strict=False)
    )
    own = joints if ends else joints[:-1]
    pieces = tuple((joint.word, joint.ends) for joint in own if joint.word)
    return Cut(pieces, entries, tuple(range_ for joint in own for range_ in joint.sums))


class _Joint:
    """What stands between two entrywise letters, or one and an end of the word.

    Selected columns of an identity beside such a letter say which of its entries are meant.
    """

    def __init__(
        self, before: Letter | None, word: Word, behind: Letter | None, end: Expr | None = None
    ) -> None:
        self.sums: list[Range] = []
        taken: list[Letter] = []
        kept: list[Letter] = []
        if before is not None:
            while word and is_selection(word[0].base) and not word[0].transposed:
                taken, word = [*taken, word[0]], word[1:]
        if behind is not None:
            while word and is_selection(word[-1].base) and word[-1].transposed:
                kept, word = [*kept, word[-1]], word[:-1]
        self.word = word
        left, right = (end if letter is None else None for letter in (before, behind))
        if before is not None and (word or right is None):
            left = self._index((taken[-1] if taken else before).columns)
        if behind is not None and (word or left is None):
            right = self._index((kept[-1] if kept else behind).rows)
        left, right = (right if left is None else left), (left if right is None else right)
        assert left is not None
        assert right is not None
        self.ends = left, right
        #: The column of the letter before, and the row of the one behind.
        self.column = reduce(lambda index, letter: place_of(letter, index), reversed(taken), left)
        self.row = reduce(lambda index, letter: place_of(letter, index), reversed(kept), right)

    def _index(self, size: Expr) -> Expr:
        if size is S.One:
            return S.Zero
        self.sums.append(Range(Dummy("k", integer=True), S.Zero, size - 1))
        return self.sums[-1].index


def factors(base: Any, row: Expr, column: Expr) -> list[tuple[Any, Expr, Expr, int]]:
    """Return the matrices of whose entries an entry is the product: each with place and power.

    A factor of None is a delta of the two indices.
    """
    if isinstance(base, HadamardProduct):
        return [(arg, row, column, 1) for arg in base.args]
    if isinstance(base, HadamardPower):
        return [(base.base, row, column, int(base.exp))]
    if isinstance(base, DiagonalOf):
        return [(base.arg, row, row, 1)]
    if isinstance(base, DiagonalMatrix):
        return [(None, row, column, 1), (base.arg, row, row, 1)]
    vector = base.args[0]
    # SymPy makes a diagonal matrix of a row vector, too.
    place = (row, S.Zero) if vector.shape[1] == 1 else (S.Zero, row)
    return [(None, row, column, 1), (vector, *place, 1)]


def as_matrix(
    monomial: Monomial,
    coefficients: Collection[Expr],
    shape: tuple[Expr, Expr],
    alphabet: Alphabet,
) -> tuple[Any, Monomial]:
    """Return the matrix whose entry in `ROW` and `COLUMN` a monomial is, and what is beside it.

    Parameters
    ----------
    monomial : Monomial
        Chains of constants, and sums.
    coefficients : collection of Expr
        What it is weighted with: an index in one of these stays.
    shape : (Expr, Expr)
        Of the matrix.
    alphabet : Alphabet
        The letters.

    Raises
    ------
    ValueError
        If it is none that can be written with products of matrices and of entries.
    """
    monomial = as_words(monomial, alphabet, coefficients)
    here = [
        _towards(_selected(chain, shape, alphabet), alphabet)
        for chain in monomial.chains
        if {ROW, COLUMN} & _symbols(chain)
    ]
    rest = tuple(c for c in monomial.chains if not {ROW, COLUMN} & _symbols(c))
    parts = [_matrix(chain, shape) for chain in _paired(here)]
    if not parts:
        return OneMatrix(*shape), Monomial(rest, monomial.sums)
    made = parts[0] if len(parts) == 1 else HadamardProduct(*parts).doit(deep=False)
    return made, Monomial(rest, monomial.sums)


def _selected(chain: Chain, shape: tuple[Expr, Expr], alphabet: Alphabet) -> Chain:
    """Return a chain in which the rows and columns of a slice are selected by letters."""
    word, ends = chain.word, list(chain.ends or ())
    sizes = (word[0].rows, word[-1].columns) if word else (chain.size, chain.size)
    for side, (end, size) in enumerate(zip(list(ends), sizes, strict=True)):
        index = ROW if end.has(ROW) else COLUMN
        step = expand(end).coeff(index)
        if step is S.Zero:
            continue
        start, count = expand(end - step * index), shape[0] if index is ROW else shape[1]
        if size is None or index.free_symbols & start.free_symbols:
            raise _unwritten()
        if start is S.Zero and step is S.One and same(size, count):
            continue
        base = selection(size, (start, expand(start + step * count), step))
        letter = (alphabet.letter(base, side == 0),)
        word, ends[side] = (letter + word, index) if side == 0 else (word + letter, index)
    if alphabet.rules is not None:
        factor, reduced = alphabet.rules.reduced(word)
        word = reduced if factor is S.One else word
    return Chain(word, (ends[0], ends[1]), None if word else chain.size)


def _towards(chain: Chain, alphabet: Alphabet) -> Chain:
    """Return a chain read from the row, or towards the column."""
    left, right = chain.ends or (S.Zero, S.Zero)
    if left is COLUMN or (right is ROW and left is not ROW):
        return chain._replace(word=alphabet.transpose(chain.word), ends=(right, left))
    return chain


def _paired(chains: list[Chain]) -> list[Chain]:
    """Return a column and a row, of vectors, as the one product that they are."""
    columns = [c for c in chains if c.ends and c.ends[0] is ROW and is_vector(c, 1)]
    rows = [c for c in chains if c.ends and c.ends[1] is COLUMN and is_vector(c, 0)]
    for one, other in zip(columns, rows, strict=False):
        chains = [c for c in chains if c is not one and c is not other]
        chains.append(Chain(one.word + other.word, (ROW, COLUMN)))
    return chains


def _matrix(chain: Chain, shape: tuple[Expr, Expr]) -> Any:
    word, ends = chain.word, chain.ends
    if ends == (ROW, COLUMN) and (word or same(*shape)):
        return matrix_to_sympy(word, shape[0])
    if word and ends == (ROW, ROW):
        return _times_ones(DiagonalOf(product(word)), 1, shape[1])
    if word and ends == (COLUMN, COLUMN):
        return _times_ones(Transpose(DiagonalOf(product(word))), 0, shape[0])
    if ends == (ROW, S.Zero) and is_vector(chain, 1):
        return _times_ones(product(word), 1, shape[1])
    if ends == (S.Zero, COLUMN) and is_vector(chain, 0):
        return _times_ones(product(word), 0, shape[0])
    raise _unwritten()


def _unwritten() -> ValueError:
    return ValueError(
        "the expectation of the matrix expr is no product of matrices, also with products "
        "entry by entry; expected entries, such as expr[i, j]"
    )


def _times_ones(vector: Any, side: int, size: Expr) -> Any:
    """Return the matrix whose columns (1), or rows (0), are all one vector."""
    if size is S.One:
        return vector
    return MatMul(vector, OneMatrix(1, size)) if side else MatMul(OneMatrix(size, 1), vector)


def _symbols(chain: Chain) -> set[Any]:
    return {symbol for end in chain.ends or () for symbol in end.free_symbols}
