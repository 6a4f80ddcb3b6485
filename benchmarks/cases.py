"""What is measured: a list of cases, each with this engine's call and its peers'.

A case holds functions that set a call up. They import and build arguments, outside of the measured
time, and return a function of no arguments: that call alone is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.case import Call, Case, Setup, dimension, haar
from benchmarks.haarpy_cases import integrals_of_haarpy
from benchmarks.numeric_cases import beside_samples, numbers_at_arrays

Powers = tuple[tuple[int, ...], ...]

# Weingarten functions ----------------------------------------------------------------------------


def _function(library: str, group: str) -> Any:
    from importlib import import_module

    return getattr(import_module(library), f"weingarten_{group}")


def _one_class(library: str, group: str, mu: tuple[int, ...]) -> Setup:
    def setup() -> Call:
        function, d = _function(library, group), dimension()
        argument: Any = mu
        if group == "symplectic":  # the peer takes permutations only, and they carry a sign
            from haarpy import coset_type_representative

            argument = coset_type_representative(mu)
        return lambda: function(argument, d)

    return setup


def _all_classes_here(group: str, n: int) -> Setup:
    def setup() -> Call:
        from weingarten import weingarten_table

        d = dimension()
        return lambda: dict(weingarten_table(group, n, d))

    return setup


def _all_classes_haarpy(group: str, n: int) -> Setup:
    def setup() -> Call:
        from haarpy import coset_type_representative

        from weingarten.combinatorics import partitions

        function, d = _function("haarpy", group), dimension()
        classes = list(partitions(n))
        if group == "symplectic":
            classes = [coset_type_representative(mu) for mu in classes]
        return lambda: {mu: function(mu, d) for mu in classes}

    return setup


def _single(group: str, mu: tuple[int, ...], name: str = "", **more: Any) -> Case:
    return Case(
        f"{_LETTER[group]}, one class {name or _text(mu)}, n = {sum(mu)}",
        _one_class("weingarten", group, mu),
        {"haarpy": _one_class("haarpy", group, mu)},
        **more,
    )


def _table(group: str, n: int, classes: str, **more: Any) -> Case:
    return Case(
        f"{_LETTER[group]}, all {classes} classes, n = {n}",
        _all_classes_here(group, n),
        {"haarpy": _all_classes_haarpy(group, n)},
        **more,
    )


_LETTER = {"unitary": "U", "orthogonal": "O", "symplectic": "Sp"}


def _text(mu: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, mu))})"


# Moments of entries ------------------------------------------------------------------------------


def _moment_here(group: str, powers: Powers) -> Setup:
    def setup() -> Call:
        from sympy import Mul

        from weingarten import E, HaarOrthogonal, HaarUnitary

        d = dimension()
        matrix = HaarUnitary("U", d) if group == "unitary" else HaarOrthogonal("W", d)
        factors = [
            abs(matrix[i, j]) ** m if group == "unitary" else matrix[i, j] ** m
            for i, j, m in _entries(powers)
        ]
        monomial = Mul(*factors)
        return lambda: E(monomial)

    return setup


def _moment_haarpy(group: str, powers: Powers, algorithm: str) -> Setup:
    def setup() -> Call:
        import haarpy
        from sympy import Symbol

        d = Symbol("d")
        if group == "unitary":  # the powers are those of the modulus
            halves = tuple(tuple(m // 2 for m in row) for row in powers)
            return lambda: haarpy.haar_integral_unitary(halves, halves, d, algorithm, "matrix")
        return lambda: haarpy.haar_integral_orthogonal(powers, d, algorithm, "matrix")

    return setup


def _entries(powers: Powers) -> Iterator[tuple[int, int, int]]:
    for i, row in enumerate(powers):
        for j, m in enumerate(row):
            if m:
                yield i, j, m


def _moment(title: str, group: str, powers: Powers, **more: Any) -> Case:
    ways = {
        f"haarpy, {algorithm}": _moment_haarpy(group, powers, algorithm)
        for algorithm in ("Gorin", "Collins")
    }
    return Case(title, _moment_here(group, powers), ways, **more)


def _diagonal(count: int, power: int) -> Powers:
    return tuple(tuple(power * (i == j) for j in range(count)) for i in range(count))


def _full(rows: int, columns: int, power: int) -> Powers:
    return ((power,) * columns,) * rows


# Traces and words --------------------------------------------------------------------------------


def _warm(build: Callable[[int, str], Any], size: int) -> Setup:
    """Set up E of an expression on fresh names, after a small one of the same kind."""

    def setup() -> Call:
        from weingarten import E

        E(*build(2, "warm"))
        expression, given = build(size, "")
        return lambda: E(expression, given)

    return setup


def _letters(names: str, tag: str, size: Any = None) -> Any:
    from sympy import MatrixSymbol

    size = dimension() if size is None else size
    return [MatrixSymbol(name + tag, size, size) for name in names]


def _trace_of_power(group: str, symmetric: bool) -> Callable[[int, str], Any]:
    """Build ``tr((W A W* B)^k)``."""

    def build(k: int, tag: str) -> Any:
        from sympy import MatMul, Q, Trace

        matrix, adjoint = haar(group, tag)
        a, b = _letters("AB", tag)
        given = [Q.symmetric(a), Q.symmetric(b)] if symmetric else None
        return Trace(MatMul(*[matrix, a, adjoint, b] * k)), given

    return build


def _trace_of_distinct(group: str) -> Callable[[int, str], Any]:
    """Build ``tr(W A W* B W C W* D ...)`` with k constants on each side."""

    def build(k: int, tag: str) -> Any:
        from sympy import MatMul, Trace

        matrix, adjoint = haar(group, tag)
        letters = _letters("ABCDEFGH"[: 2 * k], tag)
        factors = []
        for inner, outer in zip(letters[::2], letters[1::2], strict=True):
            factors += [matrix, inner, adjoint, outer]
        return Trace(MatMul(*factors)), None

    return build


def _entry_of_word(k: int, tag: str) -> Any:
    """Build ``(W A W')[0, 0]^k``."""
    matrix, adjoint = haar("orthogonal", tag)
    (a,) = _letters("A", tag)
    return (matrix * a * adjoint)[0, 0] ** k, None


def _trace_to_the(
    group: str, *, constant: bool = False, dimension: int | None = None
) -> Callable[[int, str], Any]:
    """Build ``tr(W)^k``, with a constant beside W if asked; for U(d) the modulus of the trace."""

    def build(k: int, tag: str) -> Any:
        from sympy import Trace

        matrix, _ = haar(group, tag)
        word = matrix * _letters("C", tag, matrix.shape[0])[0] if constant else matrix
        trace = Trace(word if dimension is None else word.subs(matrix.shape[0], dimension))
        return abs(trace) ** k if group == "unitary" else trace**k, None

    return build


def _products_of_traces(group: str, size: int | None = None) -> Callable[[int, str], Any]:
    """Build ``(tr(W) tr(W^2) tr(W^3))^k``; for U(d) its modulus, squared."""

    def build(k: int, tag: str) -> Any:
        from sympy import Trace

        matrix, _ = haar(group, tag)
        matrix = matrix if size is None else matrix.subs(dimension(), size)
        made = Trace(matrix) * Trace(matrix**2) * Trace(matrix**3)
        return (abs(made) ** 2 if group == "unitary" else made) ** k, None

    return build


def _rows_of(group: str) -> Callable[[int, str], Any]:
    """Build ``(W A W*)[0, 0]^k (W A W*)[1, 1]^k``."""

    def build(k: int, tag: str) -> Any:
        from sympy import Q

        matrix, adjoint = haar(group, tag)
        (a,) = _letters("A", tag)
        word = matrix * a * adjoint
        return word[0, 0] ** k * word[1, 1] ** k, Q.symmetric(a)

    return build


def _one_row(k: int, tag: str) -> Any:
    """Build ``(W A W')[0, 0]^k (W B W')[0, 0]^k``, symmetric A and B."""
    from sympy import Q

    matrix, adjoint = haar("orthogonal", tag)
    a, b = _letters("AB", tag)
    made = (matrix * a * adjoint)[0, 0] ** k * (matrix * b * adjoint)[0, 0] ** k
    return made, [Q.symmetric(a), Q.symmetric(b)]


def _off_diagonal(k: int, tag: str) -> Any:
    """Build ``(W A W')[0, 1]^k``, symmetric A."""
    from sympy import Q

    matrix, adjoint = haar("orthogonal", tag)
    (a,) = _letters("A", tag)
    return (matrix * a * adjoint)[0, 1] ** k, Q.symmetric(a)


def _commutator(k: int, tag: str) -> Any:
    """Build ``tr((W V W' V')^k)``, for two Haar matrices."""
    from sympy import MatMul, Trace

    (one, turned), (other, back) = (haar("orthogonal", tag + name) for name in ("1", "2"))
    return Trace(MatMul(*[one, other, turned, back] * k)), None


def _traces_of_one_matrix() -> list[Case]:
    """Return powers of traces, each up to a degree where pairings could not be listed."""
    return [
        Case("O, tr(W)¹⁰", _warm(_trace_to_the(_O), 10)),
        Case("O(5), tr(W)⁴⁰", _warm(_trace_to_the(_O, dimension=5), 40)),
        Case("O, (tr(W) tr(W²) tr(W³))⁶", _warm(_products_of_traces(_O), 6)),
        Case("O(4), (tr(W) tr(W²) tr(W³))⁶", _warm(_products_of_traces(_O, 4), 6)),
        Case("U(4), modulus of tr(U) tr(U²) tr(U³) to the 6", _warm(_products_of_traces(_U, 4), 3)),
        Case("U, modulus of tr(U) to the 16", _warm(_trace_to_the(_U), 16)),
        Case("U, modulus of tr(U C) to the 16", _warm(_trace_to_the(_U, constant=True), 16)),
        Case("U, modulus of tr(U C) to the 40", _warm(_trace_to_the(_U, constant=True), 40)),
        Case("O, tr(W C)¹⁶", _warm(_trace_to_the(_O, constant=True), 16)),
        Case("O, tr(W C)⁴⁰", _warm(_trace_to_the(_O, constant=True), 40)),
        Case("Sp, tr(S)¹⁰", _warm(_trace_to_the(_SP), 10)),
        Case("Sp, tr(S C)¹⁶", _warm(_trace_to_the(_SP, constant=True), 16)),
    ]


def _sum_of_symplectic_entries(k: int, tag: str) -> Any:
    """Build the k-th power of the sum of ``S[i, 3 - i]``, for S of Sp(2)."""
    from sympy import Sum, symbols

    from weingarten import HaarSymplectic

    matrix, i = HaarSymplectic(f"S{tag}", 2), symbols("i", integer=True)
    return Sum(matrix[i, 3 - i], (i, 0, 3)) ** k, None


def _trace_pyrtni2(group: str, names: str, k: int) -> Setup:
    """Set up the peer's integration of the trace of a product; the names repeat."""

    def setup() -> Call:
        import contextlib
        import io

        import rtni2  # from a clone: see --pyrtni2
        from sympy import symbols

        quiet = contextlib.redirect_stdout(io.StringIO())
        shape = [[symbols("d")], [symbols("d")]]
        firsts: dict[str, Any] = {}

        def matrix(name: str) -> Any:
            if name in firsts:
                return firsts[name].clone()
            firsts[name] = rtni2.matrix(name=name, dims=shape)
            return firsts[name]

        factors = []
        with quiet:
            for at in range(k):
                for name in (
                    "w",
                    names[2 * at % len(names)],
                    "w",
                    names[(2 * at + 1) % len(names)],
                ):
                    factors.append(matrix(name))
                adjoint = factors[-2]
                adjoint.adjoint() if group == "unitary" else adjoint.transpose()
            for one, other in zip(factors, factors[1:] + factors[:1], strict=True):
                one.inn(0) * other.out(0)  # connects the two
            networks = rtni2.tensornetworks(factors)

        def call() -> int:
            with quiet:
                networks.integrate("w", group)
                for at in range(len(networks)):
                    networks[at].weight()
            return len(networks)

        return call

    return setup


def _trace(title: str, group: str, k: int, symmetric: bool = False, **more: Any) -> Case:
    return Case(
        title,
        _warm(_trace_of_power(group, symmetric), k),
        {"PyRTNI2": _trace_pyrtni2(group, "ab", k)},
        **more,
    )


def _repeated_pieces() -> list[Case]:
    """Return traces with few different constants, which orbits of equal pieces are for."""
    smaller = "O, tr((W A Wᵀ B)⁵)"
    return [
        Case(
            f"O, tr((W A Wᵀ B){power})",
            _warm(_trace_of_power(_O, symmetric=False), k),
            long=True,
            smaller=smaller,
        )
        for k, power in ((7, "⁷"), (8, "⁸"))
    ] + [
        Case("O, five distinct constants on each side", _warm(_trace_of_distinct(_O), 5), long=True)
    ]


# Classes whose values are few, or many ------------------------------------------------------------


def _streamed() -> list[Case]:
    """Return single classes far beyond any table; the peer is not started past a smaller one."""

    def at(group: str, mu: tuple[int, ...], d: int) -> Setup:
        def setup() -> Call:
            function = _function("weingarten", group)
            return lambda: function(mu, d)

        return setup

    return [
        _single(_U, (40,), smaller=_U_15),
        Case("U, one class (200), n = 200", _one_class("weingarten", _U, (200,))),
        _single(_O, (40,), smaller=_O_8),
        Case("O, one class (200), n = 200", _one_class("weingarten", _O, (200,))),
        Case("U, one class (2, 1²⁸), n = 30", _one_class("weingarten", _U, (2, *[1] * 28))),
        Case("O, one class (2, 1²⁸), n = 30", _one_class("weingarten", _O, (2, *[1] * 28))),
        Case("U, one class (60) at d = 100", at(_U, (60,), 100)),
        Case("U, one class (2, 1⁵⁸) at d = 5", at(_U, (2, *[1] * 58), 5)),
        Case("O, one class (2, 1⁵⁸) at d = 5", at(_O, (2, *[1] * 58), 5)),
    ]


# The list ----------------------------------------------------------------------------------------

_U, _O, _SP = "unitary", "orthogonal", "symplectic"

_U_15 = "U, one class (2, 1¹³), n = 15"
_O_8 = "O, one class (8), n = 8"
_SP_7 = "Sp, one class (7), n = 7"


def _joint_row_moments() -> Iterator[Case]:
    """Yield products of two diagonal entries of ``W A W^T`` or ``U A U*``, symmetric A."""
    yield Case("O, symmetric A, (W A Wᵀ)[0, 0]⁴ (W A Wᵀ)[1, 1]⁴", _warm(_rows_of(_O), 4))
    yield Case(
        "O, symmetric A, (W A Wᵀ)[0, 0]¹⁰ (W A Wᵀ)[1, 1]¹⁰", _warm(_rows_of(_O), 10), long=True
    )
    yield Case("U, (U A U*)[0, 0]⁴ (U A U*)[1, 1]⁴", _warm(_rows_of(_U), 4))
    yield Case("O, symmetric A and B, (W A Wᵀ)[0, 0]⁴ (W B Wᵀ)[0, 0]⁴", _warm(_one_row, 4))
    yield Case("O, symmetric A, (W A Wᵀ)[0, 1]⁸", _warm(_off_diagonal, 8))
    yield Case("O, symmetric A, (W A Wᵀ)[0, 1]²⁰", _warm(_off_diagonal, 20), long=True)


SECTIONS: dict[str, list[Case]] = {
    "Weingarten functions, symbolic dimension": [
        _single(_O, (7,), long=True),
        _single(_O, (8,), long=True),
        _single(_U, (2, *[1] * 12), "(2, 1¹²)", long=True),
        _single(_U, (2, *[1] * 13), "(2, 1¹³)", long=True),
        _single(_U, (30,), smaller=_U_15),
        *_streamed(),
        _single(_SP, (5,)),
        _single(_SP, (7,), long=True),
        _table(_U, 8, "22"),
        _table(_O, 5, "7"),
        _table(_U, 15, "176", smaller=_U_15),
        _table(_O, 15, "176", smaller=_O_8),
        _table(_U, 20, "627", smaller=_U_15, long=True),
        _table(_O, 20, "627", smaller=_O_8, long=True),
        _table(_SP, 20, "627", smaller=_SP_7, long=True),
        _table(_U, 24, "1,575", smaller=_U_15, long=True),
        _table(_O, 24, "1,575", smaller=_O_8, long=True),
    ],
    "Moments of entries, symbolic dimension": [
        _moment("O, product of W_ii² over 6 indices", _O, _diagonal(6, 2)),
        _moment("O, product of W_ii² over 15 indices", _O, _diagonal(15, 2), long=True),
        _moment("O, product of W_ii⁴ over 3 indices", _O, _diagonal(3, 4)),
        _moment("O, 3 × 3 matrix of squares", _O, _full(3, 3, 2)),
        _moment("O, 4 × 4 matrix of squares", _O, _full(4, 4, 2), long=True),
        _moment("O, 2 × 4 matrix of squares", _O, _full(2, 4, 2)),
        _moment("O, 4 × 2 matrix of squares", _O, _full(4, 2, 2)),
        _moment("O, 2 × 2 matrix of tenth powers", _O, _full(2, 2, 10)),
        _moment("O, W_00⁴⁰", _O, ((40,),)),
        _moment("U, modulus of U_00 to the 60", _U, ((60,),)),
    ],
    "Traces and words, symbolic dimension, warm": [
        _trace("U, tr((U A U* B)³)", _U, 3),
        _trace("U, tr((U A U* B)⁴)", _U, 4),
        _trace("U, tr((U A U* B)⁵)", _U, 5, long=True),
        _trace("U, tr((U A U* B)¹⁰)", _U, 10, smaller="U, tr((U A U* B)⁵)"),
        _trace("O, tr((W A Wᵀ B)³)", _O, 3),
        _trace("O, tr((W A Wᵀ B)⁴)", _O, 4, long=True),
        _trace("O, tr((W A Wᵀ B)⁵)", _O, 5, long=True),
        _trace("O, tr((W A Wᵀ B)⁶)", _O, 6, smaller="O, tr((W A Wᵀ B)⁵)", long=True),
        Case(
            "O, symmetric A and B, tr((W A Wᵀ B)⁵)", _warm(_trace_of_power(_O, symmetric=True), 5)
        ),
        Case(
            "O, symmetric A and B, tr((W A Wᵀ B)¹⁰)", _warm(_trace_of_power(_O, symmetric=True), 10)
        ),
        Case(
            "O, tr(W A Wᵀ B W C Wᵀ D)",
            _warm(_trace_of_distinct(_O), 2),
            {"PyRTNI2": _trace_pyrtni2(_O, "abce", 2)},
        ),
        Case(
            "O, four distinct constants on each side",
            _warm(_trace_of_distinct(_O), 4),
            {"PyRTNI2": _trace_pyrtni2(_O, "abcefghi", 4)},
            long=True,
        ),
        *_repeated_pieces(),
        Case("O, tr(W A Wᵀ B)", _warm(_trace_of_power(_O, symmetric=False), 1)),
        Case("O, (W A Wᵀ)[0, 0]¹²", _warm(_entry_of_word, 12)),
        Case("O, tr((W V Wᵀ Vᵀ)⁵), two Haar matrices", _warm(_commutator, 5)),
        Case("Sp(2), (sum of S[i, 3 - i] over i)⁴", _warm(_sum_of_symplectic_entries, 4)),
        *_joint_row_moments(),
    ],
    "Powers of traces, warm": _traces_of_one_matrix(),
}

SECTIONS["Other integrals and functions of haarpy"] = integrals_of_haarpy()
SECTIONS["Numbers at arrays, warm"] = numbers_at_arrays()
SECTIONS["Numbers beside Monte Carlo, warm"] = beside_samples()


def find(title: str) -> Case:
    """Return the case of this title."""
    return next(case for cases in SECTIONS.values() for case in cases if case.title == title)
