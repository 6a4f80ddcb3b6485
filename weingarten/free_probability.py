"""Large dimension in normalised traces: the genus expansion, and free cumulants.

For constants whose norms are bounded, a trace of them grows as their size does, and ``Trace(A)/d``
stays. In these the mean of a trace has an expansion in one over the dimension whose leading term is
a sum over noncrossing pairings: it says that independent matrices are free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from sympy import (
    Add,
    Expr,
    MatMul,
    MatrixBase,
    Mul,
    S,
    Trace,
    ceiling,
    expand,
    factor,
    sympify,
    together,
)
from sympy.matrices.expressions.matexpr import MatrixExpr

from weingarten.ensembles.base import check_law, made_of, random_matrices
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.equations import learn
from weingarten.expressions.facts import Facts
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import Monomial, random_bases
from weingarten.expressions.writer import written
from weingarten.functions.rational import Factored, split, total
from weingarten.functions.series import collect_powers
from weingarten.integration.expectation import as_expression
from weingarten.integration.large_dimension import LargeDimension, growth, law_of, leading
from weingarten.limits import check_cost, check_size
from weingarten.values.shapes import check_all

__all__ = ["free_cumulant", "genus_expansion"]


def genus_expansion(expr: Any, given: Any = None, *, order: int = 0) -> Any:
    """Return the expansion for large dimension in which traces of constants grow.

    For constants of bounded norms a trace of them is of the order of their size, an entry is not:
    so powers of the dimension are counted here, where ``E(expr, order=...)`` holds traces. The
    exact value is not needed: what is of a lower order is never looked at.

    Parameters
    ----------
    expr : Expr
        A polynomial in traces and entries of words in Haar matrices of U(d) and O(d), and in
        Gaussian ones without covariances, whose sizes hold one symbol.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, as for `E`.
    order : int, optional
        The last power of 1/d, with d for each trace of constants.

    Returns
    -------
    Expr
        The terms up to and with ``d**(-order)``, in traces and powers of d.

    Raises
    ------
    TypeError, ValueError
        If `expr` is no scalar or no such polynomial, or if it would not fit.
    NotImplementedError
        If the law of a random matrix is another one.

    Warns
    -----
    UserWarning
        Before a sum that takes more than ten seconds.

    Examples
    --------
    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> from weingarten import HaarUnitary, genus_expansion
    >>> d = symbols("d", integer=True, positive=True)
    >>> U, A, B = HaarUnitary("U", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    >>> genus_expansion(Trace(U*A*U.H*B*U*A*U.H*B))
    (Trace(A**2)*Trace(B)**2 + Trace(B**2)*Trace(A)**2)/d**2 - Trace(A)**2*Trace(B)**2/d**3

    References
    ----------
    B. Collins, J. A. Mingo, P. Sniady & R. Speicher, Doc. Math. 12 (2007).
    """
    order = check_size(order, "order")
    scalar = as_expression(expr)
    if getattr(scalar, "is_Matrix", False) or isinstance(scalar, MatrixBase):
        raise TypeError(
            f"expr is a matrix of shape {scalar.shape}; expected a scalar, such as a trace of it"
        )
    large = _LargeDimension(scalar, given)
    if len(large.symbols) != 1:
        symbols = ", ".join(sorted(map(str, large.symbols))) or "no symbol"
        raise ValueError(
            f"order = {order}: the sizes of the matrices hold {symbols}; expected one symbol, to "
            "expand in one over it"
        )
    (symbol,) = large.symbols
    found: dict[tuple[Expr, int], list[Factored]] = defaultdict(list)
    for monomial, coefficient in large.read(scalar):
        for scale, values, made, count in large.terms(monomial, coefficient, -order):
            # A value that grows, as that of a trace, has its power of the dimension in it.
            count -= int(growth(values, large.symbols) or 0)
            for part in Add.make_args(expand(scale * values)):
                value, rest = split(factor(part), symbol)
                if rest.has_free(symbol):
                    raise ValueError(
                        f"expr has the coefficient {coefficient}, which is no rational function of "
                        f"{symbol}; expand it in place of it"
                    )
                found[rest * made, count].append(value)
    return collect_powers(
        ((rest, total(values), order + count) for (rest, count), values in found.items()), symbol
    )


def free_cumulant(*parts: Any, given: Any = None) -> Any:
    """Return the joint free cumulant of square matrices, at leading order for large dimension.

    The moments are ``E Trace(X*Y*...)/d`` at leading order, where traces of constants grow as their
    sizes do; all sizes grow alike. The cumulants are what they are made of by sums over noncrossing
    partitions: of one matrix the mean, of two ``phi(X Y) - phi(X) phi(Y)``. Those of matrices that
    are free of each other vanish where two of them stand in one.

    Parameters
    ----------
    *parts : matrix expressions
        Words in random matrices and constants, and sums of them, of one square shape whose size is
        a symbol; for a higher cumulant of one, it is named as often.
    given : Boolean or list of Boolean, optional
        What holds of the matrices that are not random, as for `E`.

    Returns
    -------
    Expr
        The cumulant in normalised traces, such as ``Trace(A)/d``.

    Raises
    ------
    TypeError, ValueError
        If there is none, one is no square matrix, or its moments grow with the dimension.
    NotImplementedError
        If a random matrix is not one of independent Haar matrices of U(d) and O(d) and Gaussian
        ones without covariances.

    Examples
    --------
    >>> from sympy import MatrixSymbol, symbols
    >>> from weingarten import GaussianUnitary, HaarUnitary, Wishart, free_cumulant
    >>> d, n = symbols("d n", integer=True, positive=True)
    >>> U, A, B = HaarUnitary("U", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    >>> X = U*A*U.H
    >>> free_cumulant(X, X)
    Trace(A**2)/d - Trace(A)**2/d**2
    >>> free_cumulant(X, B), free_cumulant(X, B, X, B)
    (0, 0)

    The semicircle has no other than the second, the law of Marchenko and Pastur equal ones:

    >>> H, S = GaussianUnitary("H", d, variance=1/d), Wishart("S", d, n)/d
    >>> [free_cumulant(*[H]*k) for k in (1, 2, 3, 4)]
    [0, 1, 0, 0]
    >>> [free_cumulant(*[S]*k) for k in (1, 2, 3)]
    [n/d, n/d, n/d]

    References
    ----------
    A. Nica & R. Speicher, Lectures on the Combinatorics of Free Probability (2006), lecture 11.
    """
    if not parts:
        raise TypeError("free_cumulant() of nothing: expected one square matrix or more")
    words = [_square(part, f"parts[{k}]") for k, part in enumerate(parts)]
    shapes = {word.shape for word in words}
    if len(shapes) > 1:
        raise ValueError(
            f"parts have the shapes {', '.join(sorted(f'{r} x {c}' for r, c in shapes))}; expected "
            "square matrices of one size"
        )
    return _Moments(words, given).cumulant(tuple(words))


def _square(part: Any, argument: str) -> Any:
    word = as_expression(part)
    if not getattr(word, "is_Matrix", False) or not isinstance(word, Expr):
        raise TypeError(
            f"{argument} = {word} is no matrix; expected a square matrix expression, such as "
            "W*A*W.T"
        )
    rows, columns = word.shape
    if rows != columns:
        raise ValueError(f"{argument} has the shape {rows} x {columns}; expected a square matrix")
    if not rows.free_symbols:
        raise ValueError(
            f"{argument} is of size {rows}; expected a symbol for it, which goes to infinity"
        )
    return word


class _LargeDimension:
    """What is read of expressions, and their terms in growing traces of constants."""

    def __init__(self, whole: Any, given: Any) -> None:
        matrices = random_matrices(whole)
        for matrix in matrices:
            check_law(matrix)
        check_all(whole)
        facts = Facts(given, matrices)
        facts.warn_of_unused(whole)
        parts = set().union(whole.atoms(MatrixExpr), *map(made_of, matrices))
        sizes = (sympify(size) for part in parts for size in part.shape)
        self.symbols = {symbol for size in sizes for symbol in size.free_symbols}
        self._alphabet = Alphabet(facts)
        self._reader = Reader(self._alphabet, Conditions(self.symbols))
        learn(self._reader, facts, whole)
        self._equations = LargeDimension(self._alphabet, self.symbols, traces=True)

    def read(self, scalar: Any) -> Iterator[tuple[Monomial, Expr]]:
        """Yield the monomials of an expression, with their coefficients."""
        yield from self._reader.scalar(unfolded(scalar)).items()

    def terms(
        self, monomial: Monomial, coefficient: Expr, least: int
    ) -> Iterator[tuple[Expr, Expr, Expr, int]]:
        """Yield the terms from a power on.

        Each is a function of the sizes, the given values of traces, the product of the others, and
        the number of traces that grow.

        Raises
        ------
        NotImplementedError
            If the law of a matrix in the monomial is not known at large dimension.
        ValueError
            If the coefficient is no function of the sizes.
        """
        if not self._equations.applies_to(monomial):
            raise NotImplementedError(_unknown(monomial))
        power = growth(coefficient, self.symbols)
        if power is None:
            raise ValueError(
                f"expr has the coefficient {coefficient}, which is no rational function of "
                f"{', '.join(sorted(map(str, self.symbols)))}"
            )
        from_power = int(ceiling(least - power))
        check_cost(self._equations.cost(monomial, from_power))
        for term in self._equations.terms(monomial, from_power):
            made = written(Monomial(term.chains), S.One)
            yield coefficient * term.scale, term.values, made, term.growing


def _unknown(monomial: Monomial) -> str:
    matrices = {m for chain in monomial.chains for m in random_bases(chain)}
    others = sorted(str(m) for m in matrices if law_of(m) is None)
    which = f"{', '.join(others)} at large dimension" if others else "sums over indices"
    return (
        f"expr holds {which}, which is not built yet; expected traces of words in Haar matrices of "
        "U(d) and O(d), and in Gaussian ones without covariances; E(expr) is exact, for others too"
    )


class _Moments:
    """Moments and free cumulants of words, at leading order."""

    def __init__(self, words: Sequence[Any], given: Any) -> None:
        self._size = words[0].shape[0]
        self._large = _LargeDimension(MatMul(*words), given)
        self._moments: dict[tuple[Any, ...], Expr] = {(): S.One}
        self._cumulants: dict[tuple[Any, ...], Expr] = {}

    def cumulant(self, words: tuple[Any, ...]) -> Expr:
        """Return the joint free cumulant of words."""
        if words not in self._cumulants:
            others = (
                Mul(self.cumulant(block), *(self._moment(gap) for gap in gaps))
                for block, gaps in _first_blocks(words)
            )
            self._cumulants[words] = (self._moment(words) - Add(*others)).expand()
        return self._cumulants[words]

    def _moment(self, words: tuple[Any, ...]) -> Expr:
        """Return the mean of the normalised trace of a product, at leading order."""
        if words not in self._moments:
            self._moments[words] = self._leading(Trace(MatMul(*words)))
        return self._moments[words]

    def _leading(self, trace: Any) -> Expr:
        """Return the mean of a trace over the size, at leading order."""
        sums: dict[Expr, list[Expr]] = defaultdict(list)
        growing: dict[Expr, int] = {}
        for monomial, coefficient in self._large.read(trace):
            for scale, values, made, count in self._large.terms(monomial, coefficient, least=1):
                sums[values * made].append(scale)
                growing[values * made] = count
        terms = []
        for made, scales in sums.items():
            scale = Add(*scales) / self._size
            power = growth(together(scale), self._large.symbols)
            if scale.expand() == 0 or (power is not None and power + growing[made] < 0):
                continue
            if power is None or power + growing[made] > 0:
                raise ValueError(
                    f"parts: the mean of {trace}/{self._size} grows with the dimension; expected "
                    f"matrices of bounded norms: Wishart(...)/{self._size}, a variance of "
                    f"1/{self._size}"
                )
            terms.append(leading(scale, self._large.symbols) * made)
        return Add(*terms)


def _first_blocks(words: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Yield the blocks that hold the first of some words, but not all, and the gaps between.

    In a noncrossing partition what stands in a gap is parted by itself.
    """
    n = len(words)
    for count in range(n - 1):
        for chosen in combinations(range(1, n), count):
            places = (0, *chosen)
            gaps = [words[a + 1 : b] for a, b in pairwise((*places, n))]
            yield tuple(words[k] for k in places), gaps
