"""From chains back to SymPy expressions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, islice
from math import prod
from typing import Any

from sympy import (
    Add,
    DiagMatrix,
    Dummy,
    Eq,
    Expr,
    Identity,
    Integer,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    MatrixBase,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Piecewise,
    S,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    conjugate,
    default_sort_key,
    expand,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.caches import cached
from weingarten.ensembles.symplectic import SymplecticForm
from weingarten.expressions.words import (
    INDICES,
    Chain,
    Diagonal,
    Letter,
    Monomial,
    Range,
    Word,
    ordered,
    points,
    with_ends,
)

#: The index of every power sum, so that equal ones are equal.
_INDEX = Symbol("k", integer=True)

#: Sums over as many values of indices are written out term by term.
_POINTS = 100_000


def to_sympy(chain: Chain) -> Expr:
    """Return the trace, or the entry, that a chain is."""
    word, ends, _ = chain
    if all(isinstance(letter.base, Diagonal | DiagMatrix) for letter in word):
        return _entry(word, *ends) if ends else _sum_of_diagonal(word)
    if any(isinstance(letter.base, Diagonal) for letter in word):
        return written(*_with_indices(chain))
    if ends:
        return _entry(word, *ends)
    matrix = product(word)
    return matrix.trace() if isinstance(matrix, MatrixBase) else Trace(matrix)


def written(monomial: Monomial, coefficient: Expr) -> Expr:
    """Return a monomial with its coefficient; its sums term by term where they are short."""
    chains, sums = monomial
    found = points(sums) if sums else None
    values = list(islice(found, _POINTS + 1)) if found else []
    if found and len(values) <= _POINTS:
        weights = [coefficient.xreplace(point) for point in values]
        made: dict[Chain, Expr] = {}
        return Add(
            *(
                weight * Mul(*(_once(chain, made) for chain in monomial.renamed(point).chains))
                for weight, point in zip(weights, values, strict=True)
                if weight is not S.Zero
            )
        )
    if not sums:
        return coefficient * Mul(*map(to_sympy, chains))
    indices = {index for index, *_ in sums}
    apart = [chain for chain in chains if not _symbols(chain) & indices]
    outside, inside = coefficient.as_independent(*indices, as_Add=False)
    factors = [_in_a_sum(chain, indices) for chain in chains if chain not in apart]
    totals = (_total(*_named_first(*part)) for part in _parted([*factors, inside], sums))
    return outside * Mul(*map(to_sympy, apart)) * Mul(*totals)


def _parted(factors: list[Expr], sums: tuple[Range, ...]) -> list[tuple[Expr, tuple[Range, ...]]]:
    """Return the factors and sums that share an index, each group by itself."""
    parts: list[tuple[Expr, tuple[Range, ...]]] = [(f, ()) for f in factors if f is not S.One]
    for range_ in ordered(sums) or ():
        touched = {range_.index} | range_.low.free_symbols | range_.high.free_symbols
        touched &= {r.index for r in sums}
        joined = [p for p in parts if touched & (p[0].free_symbols | {r.index for r in p[1]})]
        parts = [part for part in parts if part not in joined]
        ranges = (*(r for part in joined for r in part[1]), range_)
        parts.append((Mul(*(part[0] for part in joined)), ranges))
    return parts


def _once(chain: Chain, made: dict[Chain, Expr]) -> Expr:
    if chain not in made:
        made[chain] = to_sympy(chain)
    return made[chain]


def _named_first(summand: Expr, sums: tuple[Range, ...]) -> tuple[Expr, tuple[Range, ...]]:
    """Return a sum with the first names for indices that integrating has left."""
    own = [r.index for r in sums]
    names = [index for index in INDICES if index in own or index not in summand.free_symbols]
    new = dict(zip([index for index in INDICES if index in own], names, strict=False))
    ranges = tuple(Range(*(part.xreplace(new) for part in r)) for r in sums)
    return summand.xreplace(new), ranges


def _symbols(chain: Chain) -> set[Any]:
    return {symbol for end in chain.ends or () for symbol in end.free_symbols}


def _in_a_sum(chain: Chain, indices: set[Dummy]) -> Expr:
    """Return a chain of a summand; SymPy sums a delta of a multiple of an index wrongly."""
    made = to_sympy(chain)
    if isinstance(made, KroneckerDelta):
        difference = expand(made.args[0] - made.args[1])
        if any(abs(difference.coeff(i)) != 1 for i in indices & difference.free_symbols):
            return Piecewise((S.One, Eq(*made.args)), (S.Zero, True))
    return made


def _total(summand: Expr, sums: tuple[Range, ...]) -> Expr:
    """Return a sum over indices, by their names."""
    names = _names(summand, sums)
    # SymPy has the innermost first.
    limits = [
        tuple(part.xreplace(names) for part in range_) for range_ in reversed(ordered(sums) or [])
    ]
    return Sum(summand.xreplace(names), *limits)


def _names(summand: Expr, sums: tuple[Range, ...]) -> dict[Any, Symbol]:
    """Return a name for each index that is summed, none of which is in use."""
    symbols = summand.free_symbols.union(*(r.low.free_symbols | r.high.free_symbols for r in sums))
    used = {str(symbol) for symbol in symbols - {r.index for r in sums}}
    names: dict[Any, Symbol] = {}
    for index, *_ in sums:
        name = index.name
        while name in used:
            name += "_"
        used.add(name)
        names[index] = Symbol(name, integer=True)
    return names


def matrix_to_sympy(word: Word, size: Expr) -> Expr:
    """Return the product that an open chain between the free ends is."""
    return product(word) if word else Identity(size)


def times(coefficient: Expr, matrix: Any) -> Any:
    """Return a matrix times a coefficient, in which nothing is carried out."""
    if isinstance(matrix, MatrixBase):
        return coefficient * matrix
    factors = matrix.args if isinstance(matrix, MatMul) else (matrix,)
    return MatMul(coefficient, *factors).doit(deep=False)


def added(terms: Sequence[Any], shape: tuple[Expr, Expr]) -> Any:
    """Return the sum of matrices of which no two are multiples of each other, in SymPy's order.

    In SymPy's own sum each coefficient would be carried out, its sums over indices with it.
    """
    numbers = [term for term in terms if isinstance(term, MatrixBase)]
    others = [term for term in terms if not isinstance(term, MatrixBase | ZeroMatrix)]
    if numbers:
        # Beside explicit matrices, multiples of the identity are explicit too.
        written_out = [_explicit_multiple(term) for term in others]
        numbers += [made for made in written_out if made is not None]
        others = [t for t, made in zip(others, written_out, strict=True) if made is None]
        total = sum(numbers[1:], start=numbers[0])
        if not others or not total.is_zero_matrix:
            others.append(total)
    if len(others) < 2:
        return others[0] if others else ZeroMatrix(*shape)
    return MatAdd(*sorted(others, key=default_sort_key))


def _explicit_multiple(term: Any) -> Any:
    """Return a multiple of an identity of a known size as an explicit matrix, or None."""
    coefficient, factors = term.as_coeff_matrices() if isinstance(term, MatMul) else (S.One, [term])
    if len(factors) > 1 or not isinstance(factors[0], Identity):
        return None
    return coefficient * factors[0].as_explicit() if factors[0].rows.is_Integer else None


def product(word: Word) -> Expr:
    """Return the product of the letters, with powers of equal neighbours, and scalars in front."""
    factors = []
    for letter, run in groupby(word):
        count = len(list(run))
        factors.append(letter.matrix() if count == 1 else MatPow(letter.matrix(), count).doit())
    explicit = [_in_numbers(factor) for factor in factors]
    if any(isinstance(f, MatrixBase) for f in factors) and None not in explicit:
        return prod(explicit[1:], start=explicit[0])
    return factors[0] if len(factors) == 1 else MatMul(*factors)


@cached(maxsize=256)
def _in_numbers(factor: Any) -> Any:
    """Return a matrix written out, if it is one or its entries are numbers; None otherwise."""
    if isinstance(factor, MatrixBase):
        return factor
    base = factor.arg if isinstance(factor, Transpose) else factor
    if isinstance(base, MatrixSymbol | OneMatrix) and all(size.is_Integer for size in base.shape):
        made = factor.as_explicit()
        return None if made.free_symbols else made
    return None


def _entry(word: Word, i: Expr, j: Expr) -> Expr:
    sign = 1
    if all(isinstance(letter.base, OneMatrix | SymplecticForm) for letter in word):
        sign, word, (i, j) = _without_forms(word, i, j)
    return sign * _entry_as_it_stands(word, i, j)


def _without_forms(word: Word, i: Expr, j: Expr) -> tuple[int, Word, tuple[Expr, Expr]]:
    """Return a word without forms at ends whose indices are numbers, its entry, and a sign.

    A row of a form has one entry: it leads to the partner of the index.
    """
    sign = 1
    while word and isinstance(word[0].base, SymplecticForm) and i.is_Integer:
        sign *= (-1) ** (int(i) + word[0].transposed)
        word, i = word[1:], Integer(int(i) ^ 1)
    while word and isinstance(word[-1].base, SymplecticForm) and j.is_Integer:
        sign *= (-1) ** (int(j) + 1 + word[-1].transposed)
        word, j = word[:-1], Integer(int(j) ^ 1)
    return sign, word, (i, j)


def _entry_as_it_stands(word: Word, i: Expr, j: Expr) -> Expr:
    if not word:
        return KroneckerDelta(i, j)
    if _is_ones(word[0]) and _is_ones(word[-1]) and len(word) > 1:
        return _sum_of_entries(word)
    if all(isinstance(letter.base, Diagonal | DiagMatrix) for letter in word):
        return KroneckerDelta(i, j) * Mul(*(_diagonal_entry(letter, i) for letter in word))
    matrix = product(word)
    if isinstance(matrix, MatrixBase) or len(word) == 1:
        return matrix[i, j]
    return MatrixElement(matrix, i, j)


def _is_ones(letter: Letter) -> bool:
    return isinstance(letter.base, OneMatrix)


def _sum_of_entries(word: Word) -> Expr:
    """Return the sum of all entries of what stands between two vectors of ones."""
    if len(word) == 2:
        return word[0].columns
    rows, columns = word[0].columns, word[-1].rows
    matrix = product(word[1:-1])
    if isinstance(matrix, MatrixBase):
        return sum(matrix, S.Zero)
    factors = matrix.args if isinstance(matrix, MatMul) else (matrix,)
    return Trace(MatMul(*factors, OneMatrix(columns, rows)))


def _with_indices(chain: Chain) -> tuple[Monomial, Expr]:
    """Return a chain with an index in place of each of its diagonal letters, and their entries."""
    word, ends, _ = chain
    if ends is None:
        # From behind a diagonal letter, so that the last letter is one.
        last = max(k for k, letter in enumerate(word) if isinstance(letter.base, Diagonal))
        word = word[last + 1 :] + word[: last + 1]
    indices = [
        Range(Dummy("k", integer=True), S.Zero, letter.rows - 1)
        for letter in word
        if isinstance(letter.base, Diagonal)
    ]
    start = ends[0] if ends else indices[-1].index
    entries, pieces, piece, waiting = [], [], [], list(indices)
    for letter in word:
        if not isinstance(letter.base, Diagonal):
            piece.append(letter)
            continue
        index = waiting.pop(0).index
        entries.append(_diagonal_entry(letter, index))
        pieces.append(Chain(tuple(piece), (start, index), letter.rows))
        start, piece = index, []
    if ends:
        pieces.append(Chain(tuple(piece), (start, ends[1]), indices[-1].high + 1))
    return _joined_by_deltas(pieces, indices, Mul(*entries))


def _joined_by_deltas(
    chains: list[Chain], sums: list[Range], weight: Expr
) -> tuple[Monomial, Expr]:
    """Put equal indices for one another where no letter stands between them."""
    for chain in chains:
        left, right = chain.ends or (S.Zero, S.Zero)
        if not chain.word:
            gone, kept = (right, left) if any(r.index == right for r in sums) else (left, right)
            rest = [c for c in chains if c is not chain]
            new = {gone: kept}
            left_over = [r for r in sums if r.index != gone or gone == kept]
            renamed = [with_ends(c, new) for c in rest]
            return _joined_by_deltas(renamed, left_over, weight.xreplace(new))
    return Monomial(tuple(chains), tuple(sums)), weight


def _sum_of_diagonal(word: Word) -> Expr:
    """Return the trace of a product of diagonal matrices."""
    size = word[0].base.shape[0]
    summand = Mul(*(_diagonal_entry(letter, _INDEX) for letter in word))
    if (
        isinstance(summand, MatrixElement)
        and summand.indices == (_INDEX, _INDEX)
        and summand.parent.shape == (size, size)
    ):
        return Trace(summand.parent)
    total = Sum(summand, (_INDEX, 0, size - 1))
    return total.doit() if size.is_Integer or summand.is_polynomial(_INDEX) else total


def _diagonal_entry(letter: Letter, k: Expr) -> Expr:
    base = letter.base
    if isinstance(base, Diagonal):
        entry = base.entry(k)
    else:
        vector = base.args[0]
        # SymPy makes a diagonal matrix of a row vector, too.
        entry = vector[k, 0] if vector.shape[1] == 1 else vector[0, k]
    return conjugate(entry) if letter.conjugated else entry
