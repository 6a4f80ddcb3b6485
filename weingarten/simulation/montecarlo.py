"""Sample an expression in random matrices, and check an exact expectation against the samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm
from sympy import Integer, MatrixSymbol, Symbol, sympify

from weingarten.ensembles.base import GaussianMatrix, random_matrices
from weingarten.integration.expectation import E
from weingarten.limits import check_size
from weingarten.simulation.evaluation import Evaluator

#: Numbers drawn at a time: what keeps the memory of a large run small.
_NUMBERS_PER_CHUNK = 2_000_000
#: Below this, relative to the value, a standard error is that of rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A mean over samples.

    Attributes
    ----------
    mean : float, complex or ndarray
        The mean of the samples.
    standard_error : float, complex or ndarray
        Its standard error: for complex values, that of the real and of the imaginary part.
    samples : int
        The number of samples.
    seed : object
        What the random numbers were seeded with.
    """

    mean: Any
    standard_error: Any
    samples: int
    seed: Any

    def __repr__(self) -> str:
        return f"{_short(self.mean)} ± {_short(self.standard_error)} ({self.samples:,} samples)"


@dataclass(frozen=True)
class Crosscheck:
    """An exact expectation beside its estimate.

    Attributes
    ----------
    exact : Expr or Matrix
        The exact value at the point of the check.
    value : float, complex or ndarray
        The same as a number.
    estimate : Estimate
        The mean of the samples.
    z : float
        The largest distance between the two in standard errors, over entries and over real and
        imaginary parts.
    threshold : float
        What `z` may be.
    false_alarm_rate : float
        The probability that a right value fails, for normal errors.
    """

    exact: Any
    value: Any
    estimate: Estimate
    z: float
    threshold: float
    false_alarm_rate: float

    @property
    def passed(self) -> bool:
        """Whether the exact value agrees with the estimate."""
        return self.z <= self.threshold

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return (
            f"{'agrees' if self.passed else 'DISAGREES'}: exact {_short(self.value)}, "
            f"estimate {self.estimate}, |z| = {self.z:.2f} "
            f"(limit {self.threshold:.2f}, false alarms {self.false_alarm_rate:g})"
        )


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
        If something has no value, or a value does not fit.

    Examples
    --------
    >>> from sympy import symbols, log
    >>> from weingarten import HaarOrthogonal, estimate
    >>> d = symbols("d", integer=True, positive=True)
    >>> W = HaarOrthogonal("W", d)
    >>> estimate(W[0, 0]**4, samples=100, at={d: 3}).samples
    100
    """
    expr, values = _at_point(expr, at or {})
    return _estimate(expr, values, _samples(samples), seed)


def crosscheck(
    expr: Any,
    samples: int = 10_000,
    seed: Any = 0,
    at: Mapping[Any, Any] | None = None,
    *,
    exact: Any = None,
    false_alarm_rate: float = 1e-4,
) -> Crosscheck:
    """Check the exact expectation of an expression against samples.

    Parameters
    ----------
    expr, samples, seed, at
        As for `estimate`; `expr` must be one that `E` integrates.
    exact : Expr, optional
        What to check; by default ``E(expr)`` at the dimensions in `at`.
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
    if not 0 < false_alarm_rate < 1:
        raise ValueError(
            f"false_alarm_rate = {false_alarm_rate}: expected a probability between 0 and 1"
        )
    expr, values = _at_point(expr, at or {})
    claimed = E(expr) if exact is None else _at_point(exact, at or {})[0]
    value = np.asarray(Evaluator(values)(claimed))
    found = _estimate(expr, values, _samples(samples), seed)
    z = _distances(np.asarray(found.mean), np.asarray(found.standard_error), value)
    threshold = float(norm.isf(false_alarm_rate / (2 * z.size)))
    return Crosscheck(claimed, _plain(value), found, float(np.max(z)), threshold, false_alarm_rate)


def _samples(samples: Any) -> int:
    count = check_size(samples, "samples")
    if count < 2:
        raise ValueError(f"samples = {samples}: expected at least 2, for a standard error")
    return count


def _at_point(expr: Any, at: Mapping[Any, Any]) -> tuple[Any, dict[Any, Any]]:
    """Substitute the integers of `at`; return the rest of it as values for the evaluator."""
    expr = sympify(expr)
    numbers = {
        symbol: Integer(value)
        for symbol, value in at.items()
        if isinstance(symbol, Symbol) and getattr(value, "__index__", None) is not None
    }
    values: dict[Any, Any] = {}
    for symbol, value in at.items():
        if symbol in numbers:
            continue
        if isinstance(symbol, MatrixSymbol):
            matrix = symbol.xreplace(numbers)
            values[matrix] = _array(matrix, value)
        elif isinstance(symbol, Symbol):
            values[symbol] = complex(value) if isinstance(value, complex) else float(value)
        else:
            raise TypeError(f"at has the key {symbol!r}; expected a Symbol or a MatrixSymbol")
    return expr.xreplace(numbers), values


def _array(matrix: MatrixSymbol, value: Any) -> Any:
    array = np.asarray(value)
    array = array.astype(complex if np.iscomplexobj(array) else float)
    expected = tuple(matrix.shape)
    if array.shape != expected:
        raise ValueError(f"{matrix.name} has the shape {array.shape}; expected {expected}")
    return array


def _estimate(expr: Any, values: dict[Any, Any], samples: int, seed: Any) -> Estimate:
    """Return mean and standard error, a chunk of draws at a time."""
    rng = np.random.default_rng(seed)
    matrices = sorted(random_matrices(expr), key=str)
    numbers = sum(int(m.shape[0]) * int(m.shape[1]) for m in matrices if _is_concrete(m))
    chunk = max(2, min(samples, _NUMBERS_PER_CHUNK // max(1, numbers)))
    count, mean, squares = 0, np.zeros(()), np.zeros(())
    while count < samples:
        size = min(chunk, samples - count)
        draws = {matrix: _sampled(matrix, size, rng, values) for matrix in matrices}
        drawn = np.asarray(Evaluator({**values, **draws})(expr))
        if not matrices:
            drawn = np.broadcast_to(drawn, (size, *drawn.shape))
        # Chan's update: means and sums of squares of two sets of draws together.
        new = drawn.mean(axis=0)
        shift = new - mean
        centred = drawn - new
        squares = squares + _squared(centred).sum(axis=0)
        squares = squares + _squared(shift) * (count * size / (count + size))
        mean = mean + shift * (size / (count + size))
        count += size
    error = np.sqrt(squares.real / (count - 1) / count)
    if np.iscomplexobj(mean):
        error = error + 1j * np.sqrt(squares.imag / (count - 1) / count)
    return Estimate(_plain(mean), _plain(error), count, seed)


def _sampled(matrix: Any, size: int, rng: Any, values: dict[Any, Any]) -> Any:
    """Return draws of a random matrix; the variance of a Gaussian one may be among the values."""
    if isinstance(matrix, GaussianMatrix) and not matrix.variance.is_number:
        name, rows, columns, variance, is_complex = matrix.args
        standard = GaussianMatrix(name, rows, columns, 1, is_complex)
        return standard.sample(size, rng) * np.sqrt(Evaluator(values)(variance))
    return matrix.sample(size, rng)


def _is_concrete(matrix: Any) -> bool:
    return all(size.is_Integer for size in matrix.shape)


def _squared(x: Any) -> Any:
    """Square real and imaginary part, each for itself."""
    return x.real**2 + 1j * x.imag**2 if np.iscomplexobj(x) else x**2


def _distances(mean: Any, error: Any, value: Any) -> Any:
    """Return the distances in standard errors, of real parts and of imaginary ones if any."""
    difference = np.asarray(mean - value)
    parts = [(difference.real, error.real)]
    if np.iscomplexobj(difference):
        parts.append((difference.imag, error.imag))
    floor = _ROUNDING * (1 + np.abs(value))
    return np.concatenate(
        [np.ravel(np.abs(gap) / np.maximum(spread, floor)) for gap, spread in parts]
    )


def _plain(array: Any) -> Any:
    return array.item() if array.ndim == 0 else array


def _short(value: Any) -> str:
    if np.ndim(value):
        return f"array of shape {np.shape(value)}"
    if isinstance(value, complex) and abs(value.imag) <= _ROUNDING * (1 + abs(value)):
        value = value.real
    return f"{value:.6g}"
