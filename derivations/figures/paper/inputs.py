"""What the networks of the paper's figures are fed, out of data that come in a package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from derivations.numeric.batch import digits
from derivations.numeric.isometry import gap_of_spectrum
from derivations.numeric.layers import Normalisation
from derivations.numeric.packaged import digit_labels, photographs
from derivations.numeric.weights import Array

__all__ = ["CLASSES", "Start", "digits_at", "isotropic", "of_gap", "patches_at", "standardised"]

CLASSES = 10


@dataclass(frozen=True, eq=False)
class Start:
    """Input of the first square layer, and a label for each sample.

    Parameters
    ----------
    X : numpy.ndarray
        Shape (d, n).
    labels : numpy.ndarray
        Integers, shape (n,).
    """

    X: Array
    labels: np.ndarray[tuple[int], np.dtype[np.int64]]


def standardised(values: Array) -> Array:
    """Give photographs zero mean and unit variance in each of their three colours.

    Parameters
    ----------
    values : numpy.ndarray
        Samples × features, the colour running fastest.
    """
    colours = values.reshape(len(values), -1, 3)
    mean, spread = colours.mean(axis=(0, 1)), colours.std(axis=(0, 1))
    scaled: Array = ((colours - mean) / spread).reshape(values.shape)
    return scaled


def patches_at(
    d: int, n: int, seed: int, act: Callable[[Array], Array] | None = None, centred: bool = False
) -> Start:
    """Random patches of photographs, carried to a width as the paper's first layer does.

    A fixed semi-orthogonal layer from 3072 features to d, then batch normalisation to rows of
    length √n. The photographs have no classes: labels are drawn.

    Parameters
    ----------
    d, n, seed : int
        Width, samples, seed of all that is drawn.
    act : callable, optional
        What the first layer does after its normalisation.
    centred : bool, optional
        Whether the normalisation subtracts the mean over the samples.
    """
    rng = np.random.default_rng((seed, 3072))
    values = standardised(photographs().values)
    X = values[rng.choice(len(values), n, replace=False)].T
    labels = rng.integers(0, min(CLASSES, d), n)
    return Start(_carried(X, d, rng, act, centred), labels)


def digits_at(d: int, n: int, seed: int, centred: bool = False) -> Start:
    """Random handwritten digits with their labels, carried to a width likewise.

    They span 61 dimensions, which will do for widths up to 50.
    """
    rng = np.random.default_rng((seed, 64))
    values = digits().values
    chosen = rng.choice(len(values), n, replace=False)
    labels = digit_labels()[chosen] % min(CLASSES, d)
    return Start(_carried(values[chosen].T, d, rng, centred=centred), labels)


def isotropic(d: int, n: int, seed: int) -> Start:
    """Orthogonal samples, rows of length about √n, and drawn labels."""
    labels = np.random.default_rng((seed, 1)).integers(0, min(CLASSES, d), n)
    return Start(np.sqrt(n) * np.eye(d, n), labels)


def of_gap(d: int, gap: float) -> Array:
    """Return a diagonal input, shape (d, d), of this isometry gap.

    The logarithms of its eigenvalues are equally far apart.

    Examples
    --------
    >>> from derivations.numeric.isometry import isometry_gap
    >>> float(isometry_gap(of_gap(5, 1.0)).round(9))
    1.0
    """
    places = np.linspace(-0.5, 0.5, d)

    def excess(spread: float) -> float:
        return float(gap_of_spectrum(np.exp(spread * places))) - gap

    eigenvalues = np.exp(brentq(excess, 0.0, 200.0) * places)
    X: Array = np.diag(np.sqrt(eigenvalues / eigenvalues.mean()))
    return X


def _carried(
    X: Array,
    d: int,
    rng: np.random.Generator,
    act: Callable[[Array], Array] | None = None,
    centred: bool = False,
) -> Array:
    """Take a batch through a first layer with orthonormal rows."""
    Q, R = np.linalg.qr(rng.standard_normal((len(X), d)))
    first = (Q * np.sign(np.diagonal(R))).T
    rows = Normalisation(centred, root=True)(first @ X)
    return rows if act is None else act(rows)
