"""Explicit matrices in an expression become letters, and so do sums over their entries.

SymPy writes ``(W*A*W.T)[0, 0]`` with an explicit A out, entry by entry. Such a sum is a linear or
a quadratic form in the entries of random matrices, and its coefficients are a matrix again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import product as cartesian
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq
from sympy import (
    Abs,
    Add,
    Expr,
    Float,
    MatMul,
    MatrixBase,
    MatrixSymbol,
    Mul,
    Pow,
    Transpose,
    conjugate,
    im,
    preorder_traversal,
    re,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix
from weingarten.numeric.exact import IrrationalError, as_sympy, exactly
from weingarten.numeric.given import Constant
from weingarten.values.numbers import rounded_number

#: Sums of fewer terms stay as they are.
_FEW = 3


class Entry(NamedTuple):
    """An entry of a random matrix, or its conjugate."""

    matrix: Any
    conjugated: bool
    row: int
    column: int


#: Coefficients by the entries in a product, of which there are at most two.
_Form = dict[tuple[Entry, ...], Any]


def with_letters(expr: Any) -> tuple[Any, dict[Any, Constant]]:
    """Put a letter for each explicit matrix of numbers, and for what SymPy made of one.

    Returns
    -------
    Expr, dict from MatrixSymbol to Constant
        The expression with letters, and what they stand for.

    Examples
    --------
    >>> from sympy import ImmutableMatrix, Trace
    >>> from weingarten import HaarOrthogonal
    >>> W = HaarOrthogonal("W", 4)
    >>> A = ImmutableMatrix(4, 4, range(16))
    >>> with_letters(Trace(W*A*W.T)**2)[0]
    Trace(W*<matrix 1>*W.T)**2
    >>> with_letters((W*A*W.T)[0, 0]**2)[0]
    (W*<matrix 1>*W.T)[0, 0]**2
    """
    if isinstance(expr, MatrixBase):
        return expr, {}
    letters = _Letters()
    return letters.gathered(letters.named(expr)), letters.constants


class _Letters:
    def __init__(self) -> None:
        self.constants: dict[Any, Constant] = {}

    def _letter(self, shape: tuple[int, int], constant: Constant) -> Any:
        name = MatrixSymbol(f"<matrix {len(self.constants) + 1}>", *shape)
        self.constants[name] = constant
        return name

    def named(self, expr: Any) -> Any:
        """Put a letter for each explicit matrix of numbers."""
        found: dict[Any, Any] = {}
        parts = preorder_traversal(expr)
        for part in parts:
            if isinstance(part, MatrixBase):
                parts.skip()
                if part not in found and all(entry.is_number for entry in part):
                    constant = Constant.of(part, _rounded(part, part.shape))
                    found[part] = self._letter(part.shape, constant)
        return expr.xreplace(found) if found else expr

    def gathered(self, expr: Any) -> Any:
        """Write each long sum over entries of random matrices with a letter."""
        if isinstance(expr, Add) and len(expr.args) > _FEW:
            form = _form(expr)
            made = None if form is None else self._written(form, bool(expr.atoms(Float)))
            if made is not None:
                return made
        if isinstance(expr, Add | Mul | Pow | conjugate | Abs | re | im):
            return expr.func(*map(self.gathered, expr.args))
        return expr

    def _written(self, form: _Form, has_floats: bool) -> Any:
        """Return a form as a sum of entries of words; None if it is no such sum."""
        groups: dict[Any, _Form] = defaultdict(dict)
        for entries, value in form.items():
            groups[tuple(entry[:2] for entry in entries)][entries] = value
        made = []
        for kinds, group in groups.items():
            term = self._entry_of_word(kinds, group, has_floats) if kinds else as_sympy(group[()])
            if term is None:
                return None
            made.append(term)
        return Add(*made)

    def _entry_of_word(self, kinds: Any, group: _Form, has_floats: bool) -> Any:
        """Return a form in entries of one or two matrices, one index of each of which is fixed."""
        for fixed in cartesian((0, 1), repeat=len(kinds)):
            turned = [_turned(entries, fixed) for entries in group]
            places = {tuple(place for place, _ in pairs) for pairs in turned}
            if len(places) > 1:
                continue
            words = [
                _side(matrix, conjugated, axis)
                for (matrix, conjugated), axis in zip(kinds, fixed, strict=True)
            ]
            shape = tuple(int(word.shape[1]) for word in words)
            cells: dict[Any, Any] = defaultdict(lambda: fmpq(0))
            for pairs, value in zip(turned, group.values(), strict=True):
                cells[tuple(running for _, running in pairs)] += value
            rows, columns = (*shape, 1)[:2]
            table = [
                [as_sympy(cells.get((i, j)[: len(kinds)], fmpq(0))) for j in range(columns)]
                for i in range(rows)
            ]
            flat = (x for row in table for x in row)
            letter = self._letter(
                (rows, columns), Constant(_rounded(flat, (rows, columns)), table, has_floats)
            )
            ((*ends,),) = places
            right = [Transpose(words[1])] if len(words) == 2 else []
            return MatrixElement(MatMul(words[0], letter, *right), *(*ends, 0)[:2])
        return None


def _side(matrix: Any, conjugated: bool, axis: int) -> Any:
    side = conjugate(matrix) if conjugated else matrix
    return Transpose(side).doit() if axis else side


def _turned(entries: tuple[Entry, ...], fixed: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the fixed and the running index of each entry; of two alike the lesser first."""
    pairs = [(entry[2 + axis], entry[3 - axis]) for entry, axis in zip(entries, fixed, strict=True)]
    alike = len(entries) == 2 and entries[0][:2] == entries[1][:2] and len(set(fixed)) == 1
    return sorted(pairs) if alike else pairs


def _form(expr: Any) -> _Form | None:
    """Return an expression as a linear or quadratic form; None if it is none."""
    if isinstance(expr, Add):
        total: _Form = defaultdict(lambda: fmpq(0))
        for arg in expr.args:
            part = _form(arg)
            if part is None:
                return None
            for entries, value in part.items():
                total[entries] += value
        return total
    if isinstance(expr, Mul) or (isinstance(expr, Pow) and expr.exp == 2):
        made: _Form = {(): fmpq(1)}
        for arg in expr.args if isinstance(expr, Mul) else (expr.base, expr.base):
            part = _form(arg)
            if part is None:
                return None
            product = _product(made, part)
            if product is None:
                return None
            made = product
        return made
    if expr.is_number and not expr.has(MatrixElement):
        try:
            return {(): exactly(expr)}
        except IrrationalError:
            return None
    entry = _entry(expr)
    return None if entry is None else {(entry,): fmpq(1)}


def _product(one: _Form, other: _Form) -> _Form | None:
    total: _Form = defaultdict(lambda: fmpq(0))
    for (left, a), (right, b) in cartesian(one.items(), other.items()):
        if len(left) + len(right) > 2:
            return None
        total[tuple(sorted(left + right, key=_order))] += a * b
    return total


def _order(entry: Entry) -> Any:
    return entry.matrix.name, *entry[1:]


def _entry(expr: Expr) -> Entry | None:
    conjugated = isinstance(expr, conjugate)
    inner = expr.args[0] if conjugated else expr
    if not isinstance(inner, MatrixElement) or not isinstance(inner.parent, RandomMatrix):
        return None
    if not (inner.i.is_Integer and inner.j.is_Integer and inner.parent.shape[0].is_Integer):
        return None
    return Entry(inner.parent, conjugated, int(inner.i), int(inner.j))


def _rounded(entries: Iterable[Any], shape: tuple[int, int]) -> Any:
    return np.array([*map(rounded_number, entries)]).reshape(shape)
