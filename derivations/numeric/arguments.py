"""What a user gives to a network, checked at the door: the message names it and what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from operator import index
from typing import Any

import numpy as np

from derivations.numeric.weights import Array

__all__ = [
    "LARGEST",
    "count",
    "counted",
    "drawn",
    "finite",
    "flattened",
    "floats",
    "function",
    "matrix",
    "nonzero",
    "one_of",
    "positive",
    "require_finite",
    "require_scale",
    "stacks",
]

LARGEST = 1e30
"""The eighth power of a larger number, met in a standard error, leaves the floats."""


def count(name: str, value: Any, least: int) -> int:
    """Return an integer that is at least so large.

    Examples
    --------
    >>> count("width", 0, 1)
    Traceback (most recent call last):
        ...
    ValueError: width = 0: expected an integer, at least 1
    """
    expected = f"{name} = {_short(value)}: expected an integer, at least {least}"
    try:
        number = index(value)
    except TypeError:
        raise TypeError(expected) from None
    if isinstance(value, bool | np.bool_):
        raise TypeError(expected)
    if number < least:
        raise ValueError(expected)
    return number


def counted(number: int, what: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "sample"), counted(5, "sample")
    ('1 sample', '5 samples')
    """
    return f"{number} {what}{'s' * (number != 1)}"


def flattened(name: str, array: Array) -> tuple[Array, str]:
    """Return samples × features of an array with more axes, and what was done to it.

    Examples
    --------
    >>> flattened("batch", np.ones((10, 8, 8)))[1]
    'batch of shape 10 × 8 × 8 is taken as 10 samples of 64 features'
    >>> flattened("batch", np.ones((10, 8)))[1]
    ''
    """
    if array.ndim < 3 or not array.size:
        return array, ""
    flat = array.reshape(len(array), -1)
    said = (
        f"{name} of shape {' × '.join(map(str, array.shape))} is taken as "
        f"{counted(flat.shape[0], 'sample')} of {counted(flat.shape[1], 'feature')}"
    )
    return flat, said


def one_of(name: str, value: Any, known: Iterable[str]) -> str:
    """Return a name that is known.

    Examples
    --------
    >>> one_of("loss", "hinge", ["squared", "cross-entropy"])
    Traceback (most recent call last):
        ...
    ValueError: loss = 'hinge': expected 'squared' or 'cross-entropy'
    """
    names = list(known)
    if isinstance(value, str) and value in names:
        return value
    raise ValueError(f"{name} = {_short(value)}: expected {' or '.join(map(repr, names))}")


def floats(what: str, values: Any) -> Array:
    """Return what a user gives as an array of floats of its own, refusing what would be lost.

    Examples
    --------
    >>> floats("X", [[1, 2], [3, "four"]])
    Traceback (most recent call last):
        ...
    ValueError: X is not numeric: its entries are <U21
    """
    if np.ma.is_masked(values):
        raise ValueError(f"{what} has masked entries; fill or drop them first")
    try:
        array = np.asarray(values)
        if array.dtype == object:
            array = _from_objects(array)
    except (TypeError, ValueError, RuntimeError) as reason:
        raise ValueError(f"{what} is no array of numbers: {reason}") from reason
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{what} is not numeric: its entries are {array.dtype}")
    return array.astype(float)


def matrix(name: str, values: Any) -> Array:
    """Return a matrix of finite floats, none of them too large to be multiplied.

    Examples
    --------
    >>> matrix("X", [[1.0, float("nan")]])
    Traceback (most recent call last):
        ...
    ValueError: X[0, 1] = nan: expected finite numbers
    >>> matrix("X", [1.0, 2.0])
    Traceback (most recent call last):
        ...
    ValueError: X has shape (2,): expected a matrix with at least one row and one column
    """
    array = floats(name, values)
    if array.ndim != 2 or not array.size:
        raise ValueError(
            f"{name} has shape {array.shape}: expected a matrix with at least one row and one "
            "column"
        )
    require_finite(name, array)
    return array


def require_finite(name: str, array: Array) -> None:
    """Refuse an array with an entry that is not finite, or above `LARGEST`."""
    bad = np.argwhere(~(np.abs(array) <= LARGEST))
    if len(bad):
        where = ", ".join(map(str, bad[0]))
        value = float(array[tuple(bad[0])])
        expected = "numbers up to 1e+30; scale them" if np.isfinite(value) else "finite numbers"
        raise ValueError(f"{name}[{where}] = {value}: expected {expected}")


def require_scale(name: str, X: Array) -> Array:
    """Return a matrix unless it is zero, or too large or too small to work with."""
    largest = np.abs(X).max()
    if largest == 0:
        raise ValueError(f"{name} is zero everywhere: batch normalisation divides by row norms")
    if not 1 / LARGEST <= largest <= LARGEST:
        raise ValueError(
            f"{name} has {largest:.3g} for its largest entry: scale it to between "
            f"{1 / LARGEST:g} and {LARGEST:g}"
        )
    return X


def nonzero(name: str, value: Any) -> float:
    """Return a number that is finite and not zero.

    Examples
    --------
    >>> nonzero("gain", 0.0)
    Traceback (most recent call last):
        ...
    ValueError: gain = 0.0: expected a finite number other than zero
    """
    expected = f"{name} = {_short(value)}: expected a finite number other than zero"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(expected)
    if not 1 / LARGEST <= abs(float(value)) <= LARGEST:
        raise ValueError(expected)
    return float(value)


def positive(name: str, value: Any) -> float:
    """Return a number that is finite and positive.

    Examples
    --------
    >>> positive("growth", -1)
    Traceback (most recent call last):
        ...
    ValueError: growth = -1: expected a positive number
    """
    expected = f"{name} = {_short(value)}: expected a positive number"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(expected)
    if not 0 < float(value) <= LARGEST:
        raise ValueError(expected)
    return float(value)


def finite(name: str, value: Any) -> float:
    """Return a number that is finite.

    Examples
    --------
    >>> finite("exponent", "a half")
    Traceback (most recent call last):
        ...
    TypeError: exponent = 'a half': expected a finite number
    """
    expected = f"{name} = {_short(value)}: expected a finite number"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(expected)
    if not abs(float(value)) <= LARGEST:
        raise ValueError(expected)
    return float(value)


def function(name: str, value: Any, takes: str) -> Callable[..., Any]:
    """Return what can be called.

    Examples
    --------
    >>> function("progress", 5, "the number of layers done")
    Traceback (most recent call last):
        ...
    TypeError: progress = 5: expected a function of the number of layers done
    """
    if not callable(value):
        raise TypeError(f"{name} = {_short(value)}: expected a function of {takes}")
    made: Callable[..., Any] = value
    return made


def drawn(law: Callable[[Array], Any], normals: Array) -> Array:
    """Return the weights that a law of the user's own makes of normals.

    Examples
    --------
    >>> drawn(lambda normals: normals[0], np.ones((5, 2, 2)))
    Traceback (most recent call last):
        ...
    ValueError: weights(normals) has shape (2, 2): expected (5, 2, 2), that of the normals
    """
    W = floats("weights(normals)", law(normals))
    if W.shape != normals.shape:
        raise ValueError(
            f"weights(normals) has shape {W.shape}: expected {normals.shape}, that of the normals"
        )
    require_finite("weights(normals)", W)
    return W


def stacks(weights: Iterable[Any], depth: int, width: int) -> tuple[list[Array], bool]:
    """Return given weights as stacks of matrices, and whether they were single matrices.

    Examples
    --------
    >>> stacks([np.eye(2)], depth=2, width=2)
    Traceback (most recent call last):
        ...
    ValueError: weights are 1 arrays: expected one for each of 2 layers
    """
    if not isinstance(weights, Iterable) or isinstance(weights, str | Mapping):
        raise TypeError(
            f"weights = {_short(weights)}: expected a list of {depth} matrices, one for each layer"
        )
    given = [floats(f"weights[{layer}]", W) for layer, W in enumerate(weights)]
    if len(given) != depth:
        raise ValueError(
            f"weights are {len(given)} arrays: expected one for each of {depth} layers"
        )
    square = (width, width)
    shape = square if given[0].ndim == 2 else (*given[0].shape[:1], *square)
    for layer, W in enumerate(given):
        if W.shape != shape or not W.size:
            raise ValueError(
                f"weights[{layer}] has shape {W.shape}: expected {square}, or "
                f"(networks, {width}, {width}), alike in every layer"
            )
        require_finite(f"weights[{layer}]", W)
    single = len(shape) == 2
    return [W[None] if single else W for W in given], single


def _short(value: Any) -> str:
    """Return a value as it is written, on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _from_objects(array: Any) -> Any:
    """Turn objects that are real numbers into floats: what a frame of mixed columns becomes."""
    strange = [entry for entry in array.flat if not isinstance(entry, Real)]
    if strange or not array.ndim:
        shown = repr(strange[0] if strange else array.item()).splitlines()[0]
        raise ValueError(f"{shown[:60]} is not a number")
    return array.astype(float)
