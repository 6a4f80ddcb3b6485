"""Expectations as numbers: at arrays, beside Monte Carlo, and by a function of arrays."""

from __future__ import annotations

from typing import Any

from benchmarks.case import Call, Case, Setup, dimension, haar

#: The standard error of Monte Carlo, as a share of the mean, and how many matrices are drawn at
#: once.
ERROR, BATCH = 1e-3, 50
#: So many calls of a function are timed at once: one takes about as long as the clock's error.
CALLS = 100


def _numbers(size: int, n: int, symmetric: bool) -> Setup:
    """Set up the number of ``tr((W A W' B)^n)``, or with distinct constants, called once before."""

    def setup() -> Call:
        import numpy as np
        from sympy import MatMul, MatrixSymbol, Trace

        from weingarten import E

        rng = np.random.default_rng(0)
        d = dimension()
        matrix, adjoint = haar("orthogonal")
        letters = [MatrixSymbol(f"M{k}", d, d) for k in range(2 if symmetric else 2 * n)]
        at: dict[Any, Any] = {d: size}
        for letter in letters:
            a = rng.standard_normal((size, size)) / size**0.5
            at[letter] = a + a.T if symmetric else a
        pairs = [(letters[2 * k % len(letters)], letters[(2 * k + 1) % len(letters)])
                 for k in range(n)]  # fmt: skip
        expr = Trace(MatMul(*(f for a, b in pairs for f in (matrix, a, adjoint, b))))
        E(expr, at=at)
        return lambda: E(expr, at=at)

    return setup


def _explicit(size: int) -> Setup:
    """Set up E of the square of an entry of a product with an explicit matrix."""

    def setup() -> Call:
        from sympy import ImmutableMatrix, Rational

        from weingarten import E, HaarOrthogonal

        W = HaarOrthogonal("W", size)
        A = ImmutableMatrix(size, size, lambda i, j: Rational(i + 1, j + 2))
        expr = (W * A * W.T)[0, 0] ** 2
        return lambda: E(expr)

    return setup


def _compiled(size: int, n: int, *, group: str = "orthogonal", positive: bool = False) -> Setup:
    """Set up a call of a compiled expectation, at symmetric arrays that it has not seen."""

    def setup() -> Call:
        from sympy import MatMul, MatrixSymbol, Trace

        from weingarten import compiled

        d = dimension()
        matrix, adjoint = haar(group)
        A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
        function = compiled(Trace(MatMul(*[matrix, A, adjoint, B] * n)), [d, A, B])
        pairs = [_symmetric(size, seed) for seed in range(CALLS + 1)]
        if positive:
            pairs = [pair @ pair for pair in pairs]
        function(size, *pairs[0])

        def call() -> None:
            for pair in pairs[1:]:
                function(size, *pair)

        return call

    return setup


def _symmetric(size: int, seed: int) -> Any:
    """Return two symmetric matrices."""
    import numpy as np

    a = np.random.default_rng(seed).standard_normal((2, size, size)) / size**0.5
    return a + a.transpose(0, 2, 1)


def _exact(size: int, n: int) -> Setup:
    """Set up the number of ``tr((W A W' B)^n)``, A and B positive."""

    def setup() -> Call:
        from sympy import MatMul, MatrixSymbol, Trace

        from weingarten import E

        d = dimension()
        matrix, adjoint = haar("orthogonal")
        A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
        a, b = _symmetric(size, 0)
        at = {d: size, A: a @ a, B: b @ b}
        expr = Trace(MatMul(*[matrix, A, adjoint, B] * n))
        E(expr, at=at)
        return lambda: E(expr, at=at)

    return setup


def _sampled(size: int, n: int) -> Setup:
    """Set up Monte Carlo of the same mean, until its standard error is small enough."""

    def setup() -> Call:
        import numpy as np

        a, b = _symmetric(size, 0)
        a, b = a @ a, b @ b
        rng = np.random.default_rng(1)

        def draw() -> Any:
            q, r = np.linalg.qr(rng.standard_normal((BATCH, size, size)))
            w = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
            word = w @ a @ w.transpose(0, 2, 1) @ b
            power = word
            for _ in range(n - 1):
                power = power @ word
            return np.trace(power, axis1=1, axis2=2)

        def call() -> None:
            values = draw()
            while values.std() > ERROR * abs(values.mean()) * len(values) ** 0.5:
                values = np.concatenate([values, draw()])

        draw()
        return call

    return setup


def numbers_at_arrays() -> list[Case]:
    """Return numbers at arrays."""
    return [
        Case("O, d = 100, symmetric A and B, tr((W A Wᵀ B)¹⁰)", _numbers(100, 10, True)),
        Case("100 calls of what `compiled` returns of it", _compiled(100, 10)),
        Case("the same, positive A and B", _compiled(100, 10, positive=True)),
        Case("the same for U, symmetric A and B", _compiled(100, 10, group="unitary")),
        Case("O, d = 100, five distinct constants on each side", _numbers(100, 5, False)),
        Case("O, d = 20, explicit A, (W A Wᵀ)[0, 0]²", _explicit(20)),
    ]


def beside_samples() -> list[Case]:
    """Return means of positive variables, and Monte Carlo of them until its error is 0.1 %."""
    return [
        Case(
            f"O, d = {size}, tr((W A Wᵀ B){power})",
            _exact(size, n),
            {"Monte Carlo to 0.1 %": _sampled(size, n)},
        )
        for size, n, power in ((10, 2, "²"), (30, 3, "³"), (100, 3, "³"))
    ]
