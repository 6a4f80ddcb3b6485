"""How an expectation comes about: the pairings that survive, their loops and their weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, S, factor, latex

from weingarten.combinatorics.pairings import Pairing
from weingarten.combinatorics.partitions import Partition
from weingarten.ensembles.base import RandomMatrix, check_law, made_of, random_matrices
from weingarten.expectation import E
from weingarten.expressions.alphabet import Alphabet
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.determinants import unfolded
from weingarten.expressions.equations import learn
from weingarten.expressions.facts import Facts
from weingarten.expressions.index_sums import IndexSums
from weingarten.expressions.reader import Reader
from weingarten.expressions.words import Chain, Monomial, Range, random_bases
from weingarten.expressions.writer import written
from weingarten.functions.spherical import class_sum
from weingarten.integration.contractions import contractions
from weingarten.integration.diagram import Cut
from weingarten.integration.expectation import as_expression
from weingarten.limits import check_effort

if TYPE_CHECKING:
    from weingarten.explanation.picture import Picture

#: As many contractions are written in a second.
_WRITTEN = 2_400
#: What sums the moments of matrices of other laws.
_UNLISTED = {
    "joins": "a {} is joined pair by pair",
    "determinant": "the moments of a {} have a part with its determinant",
    "blocks": "a {} is summed over set partitions",
    "ends": "a {} is joined at all of its ends",
    "circular": "a {} is joined with its conjugate alone",
}
#: As many contractions are printed; the rest is counted.
_SHOWN = 40


@dataclass(frozen=True)
class Contraction:
    """One pair of pairings and what it contributes.

    Attributes
    ----------
    rows : tuple of pairs
        Which letters of the random matrix have their row indices joined, numbered from 0 in the
        order of the expression (for U(d) and complex Gaussian matrices the plain letters first,
        then the conjugate ones).
    columns : tuple of pairs
        The same for their column indices; equal to `rows` for Gaussian matrices.
    kind : tuple of int
        The coset or cycle type of the two: the half lengths of their loops.
    weight : Expr
        The Weingarten function at `kind`, or the variance to the power of n.
    loops : Expr
        What the joined indices leave: traces, entries and deltas.
    """

    rows: Pairing
    columns: Pairing
    kind: Partition
    weight: Expr
    loops: Expr


@dataclass(frozen=True)
class Explanation:
    """The contractions of an expression, one random matrix of it integrated.

    Attributes
    ----------
    expr : Expr
        The expression.
    matrix : RandomMatrix
        The random matrix whose indices are joined.
    contractions : tuple of Contraction
        The pairs of pairings that survive.
    value : Expr
        The expectation over `matrix`: the sum of the contractions and of `rest`, collected.
    rest : Expr
        The terms that do not hold `matrix`.
    """

    expr: Expr
    matrix: RandomMatrix
    contractions: tuple[Contraction, ...]
    value: Expr
    rest: Expr = S.Zero
    _cuts: tuple[Cut, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        lines = [f"E over {self.matrix} of {self.expr}", ""]
        weight = "variance" if not self.matrix.is_haar else "Wg"
        rows = [("rows", "columns", "type", weight, "loops")]
        for c in self.contractions[:_SHOWN]:
            rows.append(
                (_pairs(c.rows), _pairs(c.columns), str(c.kind), str(c.weight), str(c.loops))
            )
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        hidden = len(self.contractions) - _SHOWN
        lines += [f"... and {hidden} more"] if hidden > 0 else []
        count = len(self.contractions)
        lines += [f"beside them, without {self.matrix}: {self.rest}"] if self.rest != 0 else []
        lines += ["", f"{count} contraction{'s' * (count != 1)}, sum = {self.value}"]
        return "\n".join(lines)

    __repr__ = __str__

    def latex(self) -> str:
        """Return the sum as LaTeX, one term a line, in an `aligned` environment."""
        terms = [
            f"& {'+' if k else '='}\\; {latex(c.weight)}\\; {latex(c.loops)}"
            f" && {_pairs_latex(c.rows)},\\ {_pairs_latex(c.columns)}"
            for k, c in enumerate(self.contractions[:_SHOWN])
        ]
        hidden = len(self.contractions) - _SHOWN
        terms += [f"& +\\; \\cdots && \\text{{{hidden} more}}"] if hidden > 0 else []
        terms += [f"& +\\; {latex(self.rest)}"] if self.rest != 0 else []
        head = f"\\mathbb{{E}}\\left[{latex(self.expr)}\\right]"
        tail = f"& =\\; {latex(self.value)}"
        return "\\begin{aligned}\n" + head + " \\\\\n".join([*terms, tail]) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def check(self) -> bool:
        """Return whether the contractions add up to the value that `E` finds by its own route."""
        total = Add(self.rest, *(c.weight * c.loops for c in self.contractions))
        return bool(factor(total - self.value) == 0)

    def draw(self, path: str | Path | None = None, which: int = 0) -> Picture:
        """Draw one contraction: the letters, the pieces between them, the joins, coloured by loop.

        Parameters
        ----------
        path : str or Path, optional
            Where to save the picture; the suffix (.png, .svg, .pdf) says in what format.
        which : int, optional
            The position of the contraction in `contractions`.

        Returns
        -------
        matplotlib.figure.Figure
            The picture, which a notebook shows.

        Raises
        ------
        IndexError
            If there is no such contraction.
        ImportError
            If matplotlib is missing: install the extra `figures`.
        """
        if not -len(self.contractions) <= which < len(self.contractions):
            raise IndexError(
                f"which = {which}: expected the position of one of the "
                f"{len(self.contractions)} contractions"
            )
        from weingarten.explanation.drawing import draw_contraction

        figure = draw_contraction(self._cuts[which], self.contractions[which])
        if path is not None:
            figure.savefig(path, dpi=160, bbox_inches="tight")
        return figure


#: What the moments of matrices are that are not listed.
def explain(expr: Any, matrix: RandomMatrix | None = None, given: Any = None) -> Explanation:
    """Explain an expectation: which pairings survive, with which loops and weights.

    Parameters
    ----------
    expr : Expr
        A scalar polynomial in traces and entries, as for `E`.
    matrix : RandomMatrix, optional
        The random matrix to integrate over; by default the first by name.
    given : Boolean or list of Boolean, optional
        What holds of the constants, as for `E`.

    Returns
    -------
    Explanation
        Prints as a table and as LaTeX; ``.draw()`` shows a contraction.

    Raises
    ------
    ValueError
        If `expr` holds no random matrix, or is not a polynomial.

    Examples
    --------
    >>> from sympy import symbols, MatrixSymbol, Trace
    >>> from weingarten import HaarOrthogonal, explain
    >>> d = symbols("d", integer=True, positive=True)
    >>> W, A, B = HaarOrthogonal("W", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
    >>> explain(Trace(W*A*W.T*B))
    E over W of Trace(W*A*W.T*B)
    <BLANKLINE>
    rows   columns  type  Wg   loops
    {1 2}  {1 2}    (1,)  1/d  Trace(A)*Trace(B)
    <BLANKLINE>
    1 contraction, sum = Trace(A)*Trace(B)/d
    """
    expr = as_expression(expr)
    if getattr(expr, "is_Matrix", False):
        raise TypeError(f"expr = {expr}: expected a scalar, such as an entry or a trace of it")
    found = sorted({p for m in random_matrices(expr) for p in made_of(m)}, key=str)
    if not found:
        raise ValueError(f"expr = {expr}: expected an expression in a random matrix")
    matrix = found[0] if matrix is None else matrix
    if matrix not in found:
        raise ValueError(
            f"matrix = {matrix}: expected one of the random matrices of expr, "
            f"which are {', '.join(map(str, found)) or 'none'}"
        )
    check_law(matrix)
    if matrix.law != "pairings":
        raise ValueError(
            f"matrix = {matrix}: {_UNLISTED[matrix.law].format(type(matrix).__name__)}, which is "
            "not listed; expected a Haar matrix of a whole group or a matrix of independent "
            "Gaussian entries"
        )
    if matrix.covariances is not None:
        raise ValueError(
            f"matrix = {matrix}: what joins its indices are covariances, which is not listed; "
            "expected a matrix of independent Gaussian entries"
        )
    facts, conditions = Facts(given, random_matrices(expr)), Conditions()
    alphabet = Alphabet(facts)
    reader = Reader(alphabet, conditions)
    learn(reader, facts, expr)
    found_all: list[Contraction] = []
    cuts: list[Cut] = []
    rest: Expr = S.Zero
    for monomial, coefficient in reader.scalar(unfolded(expr)).items():
        touched = [c for c in monomial.chains if matrix in random_bases(c)]
        if touched:
            beside = [c for c in monomial.chains if c not in touched]
            cut = Cut(matrix, touched, alphabet)
            listed = list(_contractions(cut, beside, monomial.sums, coefficient))
            found_all += listed
            cuts += [cut] * len(listed)
        else:
            rest += written(monomial, coefficient)
    value = E(expr, given, over=matrix)
    return Explanation(expr, matrix, tuple(found_all), value, rest, tuple(cuts))


def _contractions(
    cut: Cut, beside: list[Chain], sums: tuple[Range, ...], coefficient: Expr
) -> Iterator[Contraction]:
    """Yield the contractions of one product of chains, times what stands beside it."""
    matrix = cut.matrix
    check_effort(cut.number_of_pairings ** (2 if matrix.is_haar else 1), cut.n, _WRITTEN)
    index_sums = IndexSums(cut.alphabet, Conditions())
    for rows, columns, kind, outcome, sign in contractions(cut):
        weight = matrix.scale(cut.n)
        if matrix.is_haar:
            weight = class_sum(matrix.group, {kind: 1}, matrix.dimension).to_sympy(matrix.dimension)
        found = index_sums.carried_out(
            Monomial(cut.alphabet.sort([*beside, *outcome.chains]), sums),
            sign * coefficient * cut.size(outcome),
        )
        if found:
            yield Contraction(rows, columns, kind, weight, written(*found))


def _pairs(pairing: Pairing) -> str:
    return " ".join(f"{{{a + 1} {b + 1}}}" for a, b in pairing)


def _pairs_latex(pairing: Pairing) -> str:
    return "".join(f"\\{{{a + 1}\\,{b + 1}\\}}" for a, b in pairing)
