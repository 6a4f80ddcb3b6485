"""Sample an expression in random matrices, and check an exact expectation against the samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from numbers import Real
from operator import index
from typing import Any

import numpy as np
from sympy import Expr, Float, ImmutableMatrix, Rational, sympify

from weingarten.ensembles.base import RandomMatrix, random_matrices
from weingarten.expectation import E
from weingarten.simulation.evaluation import Evaluator
from weingarten.simulation.frame import Array, is_matrix
from weingarten.simulation.results import Crosscheck, Estimate, plain
from weingarten.simulation.sampling import sampled
from weingarten.values.arguments import Values, read_expression
from weingarten.values.facts import require

__all__ = ["Crosscheck", "Estimate", "crosscheck", "estimate"]

#: Rounding is measured: how far a value moves when the numbers it is made of move by this.
_SHIFT = 2.0**-26
#: At so many draws.
_SHIFTED_DRAWS = 16
#: And taken as so many units in the last place.
_UNITS = 2.0**12


def estimate(
    expr: Any,
    samples: int = 10_000,
    seed: Any = 0,
    at: Mapping[Any, Any] | None = None,
) -> Estimate:
    """Return the mean of an expression over draws of its random matrices.

    Parameters
    ----------
    expr : Expr or Matrix
        A scalar or matrix-valued expression; it need not be a polynomial.
    samples : int, optional
        The number of draws, at least 2.
    seed : int, numpy.random.Generator or None, optional
        Where the randomness comes from.
    at : mapping, optional
        Numbers for the symbols, dimensions among them, and arrays for the matrices.

    Returns
    -------
    Estimate
        The mean, with its standard error.

    Raises
    ------
    TypeError, ValueError
        If something has no value, a value does not fit, or a draw has no finite value.

    Examples
    --------
    >>> from sympy import symbols, log
    >>> from weingarten import HaarOrthogonal, estimate
    >>> d = symbols("d", integer=True, positive=True)
    >>> W = HaarOrthogonal("W", d)
    >>> estimate(W[0, 0]**4, samples=100, at={d: 3}).samples
    100
    """
    _require_count(samples, "estimate")
    expr = read_expression(expr)
    values = Values.of(at, [expr])
    return _estimate(_Simulation.of(expr, values), samples, seed, values.unused)


def crosscheck(
    expr: Any,
    samples: int = 10_000,
    seed: Any = 0,
    at: Mapping[Any, Any] | None = None,
    *,
    given: Any = None,
    exact: Any = None,
    false_alarm_rate: float = 1e-4,
) -> Crosscheck:
    """Check the exact expectation of an expression against samples.

    The samples are evaluated from the expression by SymPy's own meaning of it, with no code that
    `E` uses.

    Parameters
    ----------
    expr, samples, seed, at
        As for `estimate`; `expr` must be one that `E` integrates.
    given : optional
        What holds of the matrices, as for `E`; the values in `at` must obey it.
    exact : Expr, optional
        What to check; by default ``E(expr, given)`` at the dimensions in `at`.
    false_alarm_rate : float, optional
        The probability that a right value fails, over all entries together (Bonferroni).

    Returns
    -------
    Crosscheck
        The exact value, the estimate and the verdict; it is true when they agree.

    Raises
    ------
    TypeError, ValueError
        As for `E` and `estimate`.

    Examples
    --------
    >>> from sympy import symbols, MatrixSymbol, Trace
    >>> from weingarten import HaarOrthogonal, crosscheck
    >>> d = symbols("d", integer=True, positive=True)
    >>> W, A = HaarOrthogonal("W", d), MatrixSymbol("A", d, d)
    >>> A_value = [[1, 2], [0, 3]]
    >>> check = crosscheck(Trace(W*A*W.T*A), samples=2000, at={d: 2, A: A_value})
    >>> check.exact, check.passed
    (Trace(A)**2/2, True)

    A wrong value does not pass:

    >>> crosscheck(Trace(W*A*W.T*A), at={d: 2, A: A_value}, exact=Trace(A)**2/3).passed
    False
    """
    _check_rate(false_alarm_rate)
    _require_count(samples, "crosscheck")
    if given is not None and exact is not None:
        raise TypeError("given and exact: expected one of them; given is for E, exact replaces it")
    expr = read_expression(expr)
    claims = [] if exact is None else [read_expression(exact, "exact")]
    values = Values.of(at, [expr, *claims])
    at_point = values.substituted(expr)
    claim = values.substituted(claims[0]) if claims else E(at_point, values.substituted(given))
    simulation = _Simulation.of(expr, values)
    known = Evaluator(simulation.values)
    require(given, known)
    value = known(claim)
    found = _estimate(simulation, samples, seed, values.unused)
    if np.shape(found.mean) != value.shape:
        raise ValueError(
            f"the exact value has the shape {value.shape}, expr {np.shape(found.mean)}; expected "
            "the same"
        )
    rounding = simulation.rounding() + _Simulation((), claim, simulation.values).rounding()
    return Crosscheck(claim, found, false_alarm_rate, plain(rounding), plain(value))


def _require_count(samples: Any, call: str) -> None:
    """Let pass what may be a number of draws; of other things, say where they belong.

    Raises
    ------
    TypeError, ValueError
        If it is a mapping, or for a cross-check a value.
    """
    expected = f"samples = {samples!r}: expected how many draws to make, at least 2"
    if isinstance(samples, Mapping):
        raise TypeError(f"{expected}; values of symbols are passed by name: {call}(expr, at=...)")
    if call != "crosscheck" or samples is None or isinstance(samples, str):
        return
    hint = f"{expected}; a value to check is passed by name: crosscheck(expr, exact={samples!r})"
    try:
        few = index(samples) < 2
    except TypeError:
        raise TypeError(hint) from None
    if few:
        raise ValueError(hint)


def _check_rate(rate: Any) -> None:
    expected = "expected a probability between 0 and 1, such as 1e-4"
    if isinstance(rate, bool) or not isinstance(rate, Real | Rational | Float):
        raise TypeError(f"false_alarm_rate = {rate!r}: {expected}")
    if not 0 < float(rate) < 1:
        raise ValueError(f"false_alarm_rate = {rate}: {expected}")


def _estimate(
    simulation: _Simulation, samples: Any, seed: Any, unused: tuple[str, ...]
) -> Estimate:
    return Estimate.of(sampled(simulation, samples, seed, simulation.numbers), seed, unused)


@dataclass(frozen=True)
class _Simulation:
    """Draws of an expression.

    Attributes
    ----------
    matrices : tuple of (RandomMatrix, RandomMatrix)
        Each random matrix, and the same with numbers for the symbols.
    expr : Expr or Matrix
        What is evaluated.
    values : mapping
        Numbers and arrays for all else in it.
    shape : tuple of int
        The shape of its value.
    """

    matrices: tuple[tuple[RandomMatrix, RandomMatrix], ...]
    expr: Any
    values: Mapping[Any, Any]
    shape: tuple[int, ...] = ()

    @classmethod
    def of(cls, expr: Any, values: Values) -> _Simulation:
        """Put values into an expression."""
        numbers = values.for_evaluator()
        matrices = tuple(
            (matrix, _with_numbers(matrix, values, numbers))
            for matrix in sorted(random_matrices(expr), key=str)
        )
        shape = map(values.substituted, expr.shape) if is_matrix(expr) else ()
        return cls(matrices, expr, numbers, tuple(map(int, shape)))

    @property
    def numbers(self) -> int:
        """How many numbers a draw takes, and its value."""
        drawn = sum(int(m.shape[0]) * int(m.shape[1]) for _, m in self.matrices)
        return drawn + prod(self.shape)

    def draws(self, count: int, rng: np.random.Generator) -> dict[Any, Array]:
        """Return draws of each random matrix."""
        return {symbol: matrix.sample(count, rng) for symbol, matrix in self.matrices}

    def __call__(self, count: int, rng: np.random.Generator) -> Array:
        value = Evaluator({**self.values, **self.draws(count, rng)})(self.expr)
        return value if self.matrices else np.broadcast_to(value, (count, *value.shape))

    def rounding(self) -> Array:
        """Return what rounding does to the value, entry by entry.

        Measured on the function itself, so that terms which cancel are seen, however small what
        is left of them: all numbers that it is made of are moved a little.
        """
        rng = np.random.default_rng(0)
        values = {**self.values, **self.draws(_SHIFTED_DRAWS, rng)}
        shifted = {key: _shifted(value, rng) for key, value in values.items()}
        moved = np.abs(Evaluator(shifted)(self.expr) - Evaluator(values)(self.expr))
        if self.matrices:
            moved = moved.max(axis=0)
        return np.asarray(moved / _SHIFT * _UNITS * np.finfo(float).eps)


def _shifted(value: Any, rng: np.random.Generator) -> Any:
    if np.ndim(value) == 0 and value == np.rint(np.real(value)):
        return value  # it may be a size
    return value * (1 + _SHIFT * rng.standard_normal(np.shape(value)))


def _with_numbers(matrix: Any, values: Values, numbers: Mapping[Any, Any]) -> Any:
    """Return a random matrix with numbers for the symbols of its shape and its parameters."""
    matrix = values.substituted(matrix)
    symbolic = [isinstance(arg, Expr) and bool(arg.free_symbols) for arg in matrix.args]
    if not any(symbolic):
        return matrix
    known = Evaluator(numbers)
    args = [
        _constant(known(arg)) if is_symbolic else arg
        for arg, is_symbolic in zip(matrix.args, symbolic, strict=True)
    ]
    return matrix.func(*args)


def _constant(value: Array) -> Any:
    return ImmutableMatrix(value.tolist()) if value.ndim else sympify(value.item())
