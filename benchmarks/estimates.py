"""What the engine expects a call to take, beside what it takes: each case in a fresh process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from time import process_time
from typing import Any
from unittest.mock import patch

#: An estimate is to be right within this factor, of what takes longer than that many seconds.
FACTOR, SHORT = 5.0, 0.5

Call = Callable[[Any], Any]


@dataclass(frozen=True)
class Estimate:
    """Seconds and megabytes that a case was expected to take, and took."""

    title: str
    expected: float
    seconds: float
    expected_megabytes: float
    megabytes: float

    @property
    def is_off(self) -> bool:
        """Whether it is not right within the factor, of a case that takes some time."""
        if max(self.expected, self.seconds) <= SHORT:
            return False
        return not self.seconds / FACTOR <= self.expected <= self.seconds * FACTOR


def _one(group: str, mu: tuple[int, ...], at: int | None = None) -> Call:
    def call(d: Any) -> Any:
        import weingarten

        return getattr(weingarten, f"weingarten_{group}")(mu, at or d)

    return call


def _table(group: str, n: int) -> Call:
    def call(d: Any) -> Any:
        from weingarten import weingarten_table

        return weingarten_table(group, n, d)

    return call


def _characters(n: int) -> Call:
    def call(d: Any) -> Any:
        from weingarten.combinatorics import character_table

        return character_table(n)

    return call


def _word(kind: str, k: int) -> Call:
    """Build a trace of a word in W A W' B, with constants that are of that kind."""

    def call(d: Any) -> Any:
        from sympy import MatMul, MatrixSymbol, Q, Trace

        from weingarten import E, GaussianMatrix, HaarOrthogonal

        matrix = GaussianMatrix("G", d, d) if kind == "Gaussian" else HaarOrthogonal("W", d)
        factors: list[Any] = []
        for j in range(k):
            many = kind == "general"
            a, b = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
            if many:
                a, b = MatrixSymbol(f"A{j}", d, d), MatrixSymbol(f"B{j}", d, d)
            factors += [matrix, a, matrix.T, b]
        facts = {"symmetric": "AB", "one side": "A"}.get(kind, "")
        given = [Q.symmetric(MatrixSymbol(name, d, d)) for name in facts]
        return E(Trace(MatMul(*factors)), given)

    return call


def _trace_with_constant(k: int) -> Call:
    def call(d: Any) -> Any:
        from sympy import MatrixSymbol, Trace

        from weingarten import E, HaarOrthogonal

        return E(Trace(HaarOrthogonal("W", d) * MatrixSymbol("C", d, d)) ** k)

    return call


def _rows(k: int) -> Call:
    def call(d: Any) -> Any:
        from sympy import MatrixSymbol, Q

        from weingarten import E, HaarOrthogonal

        W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
        product = W * A * W.T
        return E(product[0, 0] ** k * product[1, 1] ** k, Q.symmetric(A))

    return call


def _one_row(k: int) -> Call:
    """Build ``(W A W')[0, 0]^k (W B W')[0, 0]^k``, symmetric A and B."""

    def call(d: Any) -> Any:
        from sympy import MatrixSymbol, Q

        from weingarten import E, HaarOrthogonal

        W, A, B = HaarOrthogonal("W", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
        expr = (W * A * W.T)[0, 0] ** k * (W * B * W.T)[0, 0] ** k
        return E(expr, [Q.symmetric(A), Q.symmetric(B)])

    return call


def _squares(rows: int, columns: int) -> Call:
    def call(d: Any) -> Any:
        from math import prod

        from weingarten import E, HaarOrthogonal

        W = HaarOrthogonal("W", d)
        return E(prod(W[i, j] ** 2 for i in range(rows) for j in range(columns)))

    return call


def _symbolic_indices(pairs: int) -> Call:
    def call(d: Any) -> Any:
        from math import prod

        from sympy import symbols

        from weingarten import E, HaarOrthogonal

        W = HaarOrthogonal("W", d)
        rows, columns = (symbols(f"{name}:{2 * pairs}", integer=True) for name in "ij")
        return E(prod(W[i, j] for i, j in zip(rows, columns, strict=True)))

    return call


def _entry_of_long_word(power: int) -> Call:
    """Build ``(W A W' B W A W')[0, 0]^power``, symmetric A and B."""

    def call(d: Any) -> Any:
        from sympy import MatrixSymbol, Q

        from weingarten import E, HaarOrthogonal

        W, A, B = HaarOrthogonal("W", d), MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
        word = W * A * W.T * B * W * A * W.T
        return E(word[0, 0] ** power, [Q.symmetric(A), Q.symmetric(B)])

    return call


CASES: dict[str, Call] = {
    "U, one class (200)": _one("unitary", (200,)),
    "O, one class (100)": _one("orthogonal", (100,)),
    "U, one class (2, 1^33)": _one("unitary", (2, *[1] * 33)),
    "O, one class (2, 1^26)": _one("orthogonal", (2, *[1] * 26)),
    "O, one class (10, 10, 10)": _one("orthogonal", (10, 10, 10)),
    "U, one class (2, 1^58) at d = 5": _one("unitary", (2, *[1] * 58), 5),
    "U, table, n = 22": _table("unitary", 22),
    "O, table, n = 20": _table("orthogonal", 20),
    "S_n, characters, n = 22": _characters(22),
    "O, symmetric A and B, tr((W A W' B)^10)": _word("symmetric", 10),
    "O, symmetric A alone, tr((W A W' B)^7)": _word("one side", 7),
    "O, general A and B, tr((W A W' B)^7)": _word("plain", 7),
    "O, five distinct constants on each side": _word("general", 5),
    "O, tr(W C)^36": _trace_with_constant(36),
    "O, (W A W')[0, 0]^8 (W A W')[1, 1]^8": _rows(8),
    "O, (W A W')[0, 0]^6 (W B W')[0, 0]^6": _one_row(6),
    "O, 4 x 4 matrix of squares": _squares(4, 4),
    "O, 6 x 4 matrix of squares": _squares(6, 4),
    "O, symbolic indices, 4 pairs": _symbolic_indices(4),
    "O, (W A W' B W A W')[0, 0]^4": _entry_of_long_word(4),
    "Gaussian, tr((G A G' B)^6)": _word("Gaussian", 6),
}


def measured(title: str) -> Estimate:
    """Measure a case, in this process."""
    from sympy import factor, symbols

    import weingarten
    from benchmarks.process import peak
    from weingarten import limits
    from weingarten.functions import series, values
    from weingarten.integration.routes import base

    costs = []
    with ExitStack() as stack:
        for module in (limits, series, values, base):
            stack.enter_context(patch.object(module, "check_cost", costs.append))
        d = symbols("d", integer=True, positive=True)
        factor(weingarten.weingarten_unitary((2,), d))  # what loads late
        costs.clear()
        before, start = peak(), process_time()
        CASES[title](d)
        seconds, megabytes = process_time() - start, peak() - before
    expected = sum(float(cost.seconds) for cost in costs)
    return Estimate(title, expected, seconds, sum(cost.memory for cost in costs) / 1e6, megabytes)


def all_measured() -> Iterator[Estimate]:
    """Yield the cases, each measured in a fresh process."""
    context = get_context("spawn")
    for title in CASES:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            yield pool.submit(measured, title).result()


def estimates() -> list[Estimate]:
    """Print a row for each case, and return them all."""
    print(f"{'':42} expected     took           expected     took")
    made = []
    for case in all_measured():
        made.append(case)
        print(
            f"{case.title:42} {case.expected:8.2f} {case.seconds:8.2f} s "
            f"{'off' if case.is_off else '   '} "
            f"{case.expected_megabytes:8.0f} {case.megabytes:8.0f} MB",
            flush=True,
        )
    return made
