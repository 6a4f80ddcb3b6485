"""Powers of moduli of entries that are no polynomials: Gamma functions, where entries allow it.

The squared moduli of a row or a column of a Haar matrix are Dirichlet numbers, those of Gaussian
entries are independent Gamma numbers. So any powers of them, with the entries themselves and
their conjugates beside, have a mean in closed form, where it exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sympy import Abs, Add, Expr, Mul, Pow, S, conjugate, expand, gamma, re
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.base import RandomMatrix
from weingarten.ensembles.gaussian import GaussianMatrix
from weingarten.ensembles.stiefel import HaarStiefel
from weingarten.expressions.conditions import Conditions
from weingarten.expressions.refusals import NotPolynomialError


class _Entry(NamedTuple):
    """The entry of a random matrix."""

    matrix: RandomMatrix
    row: Expr
    column: Expr


class _Powers(NamedTuple):
    """The exponent of the modulus of an entry, and those of the entry and its conjugate."""

    modulus: Expr = S.Zero
    plain: int = 0
    conjugate: int = 0

    @property
    def exponent(self) -> Expr:
        """The exponent of the modulus that all of them make."""
        return self.modulus + self.plain + self.conjugate


def is_of_moduli(expr: Any) -> bool:
    """Return whether a scalar holds a power of the modulus of an entry that is no polynomial."""
    return any(not _is_even(*part.as_base_exp()) for part in _powers_of_moduli(expr))


def _powers_of_moduli(expr: Any) -> Iterator[Expr]:
    """Yield the powers of moduli of random entries."""
    inside = {part.base for part in expr.atoms(Pow) if isinstance(part.base, Abs)}
    for part in expr.atoms(Pow, Abs):
        base, _ = part.as_base_exp()
        if isinstance(base, Abs) and _entry_of(base) and (part != base or base not in inside):
            yield part


def _is_even(_base: Expr, exponent: Expr) -> bool:
    return bool(exponent.is_even and exponent.is_nonnegative and exponent.is_number)


def _entry_of(base: Expr) -> _Entry | None:
    """Return the entry of a random matrix that stands in a modulus, or is one."""
    inner = base.args[0] if isinstance(base, Abs | conjugate) else base
    if isinstance(inner, conjugate):
        inner = inner.args[0]
    if isinstance(inner, MatrixElement) and isinstance(inner.parent, RandomMatrix):
        return _Entry(inner.parent, inner.i, inner.j)
    return None


def with_moduli(expr: Expr, conditions: Conditions) -> tuple[Expr, Expr]:
    """Return the expectation of the terms of a scalar that hold such powers, and the other terms.

    Raises
    ------
    NotPolynomialError
        If a term is no product of powers that have a mean in closed form.
    ValueError
        If a mean does not exist.

    Examples
    --------
    >>> from sympy import symbols
    >>> from weingarten import HaarUnitary
    >>> d, t = symbols("d t", positive=True)
    >>> U = HaarUnitary("U", d)
    >>> with_moduli(abs(U[0, 0])**(2*t) + 3, Conditions())
    (gamma(d)*gamma(t + 1)/gamma(d + t), 3)
    """
    done: list[Expr] = []
    left: list[Expr] = []
    for term in Add.make_args(expand(expr.replace(_is_conjugate_modulus, _own_conjugate))):
        (done if is_of_moduli(term) else left).append(term)
    return Add(*(_mean(term, conditions) for term in done)), Add(*left)


def _is_conjugate_modulus(expr: Expr) -> bool:
    return isinstance(expr, conjugate) and isinstance(expr.args[0].as_base_exp()[0], Abs)


def _own_conjugate(expr: Expr) -> Expr:
    modulus, exponent = expr.args[0].as_base_exp()
    return Pow(modulus, conjugate(exponent))


def _mean(term: Expr, conditions: Conditions) -> Expr:
    constants: list[Expr] = []
    powers: dict[RandomMatrix, dict[_Entry, _Powers]] = defaultdict(dict)
    for factor in Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if not factor.atoms(RandomMatrix):
            constants.append(factor)
            continue
        entry = _entry_of(base)
        if entry is None or exponent.atoms(RandomMatrix):
            raise _refused(term, f"{factor} is none")
        known = powers[entry.matrix].get(entry, _Powers())
        if isinstance(base, Abs):
            known = known._replace(modulus=known.modulus + exponent)
        elif exponent.is_Integer and exponent > 0:
            which = "conjugate" if isinstance(base, conjugate) else "plain"
            known = known._replace(**{which: getattr(known, which) + int(exponent)})
        else:
            raise _refused(term, f"{factor} is none")
        powers[entry.matrix][entry] = known
    means = (_of_matrix(term, matrix, own, conditions) for matrix, own in powers.items())
    return Mul(*constants, *means)


def _of_matrix(
    term: Expr, matrix: RandomMatrix, powers: Mapping[_Entry, _Powers], conditions: Conditions
) -> Expr:
    real = matrix.is_real_valued
    for entry in powers:
        if not (entry.row.is_Integer and entry.column.is_Integer):
            raise _refused(term, "an index is no number")
        for index, size in zip(entry[1:], matrix.shape, strict=True):
            conditions.at_least(size, int(index) + 1)
    if not _is_on_a_sphere(matrix, powers) and not _is_independent(matrix):
        raise _refused(
            term, f"the entries of {matrix} are not independent and centred, nor of one row"
        )
    is_zero = any(
        (p.plain + p.conjugate) % 2 if real else p.plain != p.conjugate for p in powers.values()
    )
    if is_zero and matrix.whole is not None:
        conditions.at_least(matrix.shape[0], 2)
    if matrix.shape[0] == 1 and not _is_independent(matrix):
        # A sign, a phase, or 1.
        return S.Zero if is_zero and matrix.whole is None else S.One
    exponents = []
    for entry, own in powers.items():
        least = -1 if real else -2
        exists = re(own.exponent / -least) > -1
        if exists == False:  # noqa: E712 - SymPy's three truth values
            raise ValueError(
                f"expr contains {term}: the modulus of {matrix}[{entry.row}, {entry.column}] to "
                f"the power of {own.exponent} has no mean; expected an exponent above {least}"
            )
        conditions.note(exists)
        exponents.append(own.exponent)
    if is_zero:
        return S.Zero
    half = S.Half if real else S.One
    product = Mul(*(gamma(half + s / 2) / gamma(half) for s in exponents))
    total = Add(*exponents)
    if _is_independent(matrix):
        # A real square is a Gamma number of scale 2 v, a complex one of scale v.
        scale = 2 * matrix.scale(1) if real else matrix.scale(1)
        return Pow(scale, total / 2) * product
    size = matrix.shape[0] * half
    return gamma(size) / gamma(size + total / 2) * product


def _is_independent(matrix: RandomMatrix) -> bool:
    return (
        isinstance(matrix, GaussianMatrix)
        and matrix.definition is None
        and matrix.covariances is None
    )


def _is_on_a_sphere(matrix: RandomMatrix, powers: Mapping[_Entry, _Powers]) -> bool:
    """Return whether entries are part of one row or column that is uniform on a sphere."""
    if not isinstance(matrix, HaarStiefel):
        of_a_group = matrix.is_haar and matrix.law in ("pairings", "determinant")
        if not of_a_group or matrix.definition is not None:
            return False
    return any(len({entry[axis] for entry in powers}) == 1 for axis in (1, 2))


def _refused(term: Expr, why: str) -> NotPolynomialError:
    return NotPolynomialError(
        f"expr contains {term}: {why}; a power of a modulus that is no polynomial has a mean here "
        "beside powers of entries with numbers for indices, of Gaussian matrices, or in one row "
        "or column of a Haar matrix; estimate(expr, at=...) samples what is none"
    )
