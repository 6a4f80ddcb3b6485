"""Data that come in a package: scikit-learn's photographs in patches, the classes of its digits."""

from __future__ import annotations

import numpy as np

from derivations.numeric.batch import Batch, BatchError
from derivations.numeric.weights import Array

__all__ = ["PATCH", "digit_labels", "patches", "photographs"]

PATCH = 32
"""Height and width of a patch, as of the images that the paper's figures take."""


def photographs() -> Batch:
    """Return scikit-learn's two photographs in patches: 520 samples of 32 × 32 × 3 values.

    The patches do not overlap; the colour runs fastest. They are linearly independent far beyond
    100 samples, where the digits, of 61 dimensions, are not.

    Raises
    ------
    BatchError
        When scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_sample_images

        images = load_sample_images().images
    except ImportError as missing:
        raise BatchError(_missing("photographs", missing)) from missing
    cut = np.concatenate([patches(np.asarray(image, dtype=float)) for image in images])
    return Batch(cut, f"scikit-learn's photographs in {len(cut)} patches of {PATCH} × {PATCH} × 3")


def patches(image: Array, side: int = PATCH) -> Array:
    """Cut an image into squares, row by row, leaving out what is over at the right and below.

    Parameters
    ----------
    image : numpy.ndarray
        Shape (height, width, colours).
    side : int, optional

    Returns
    -------
    numpy.ndarray
        Shape (squares, side² colours).

    Examples
    --------
    >>> patches(np.arange(15.0).reshape(3, 5, 1), side=2)
    array([[0., 1., 5., 6.],
           [2., 3., 7., 8.]])
    """
    down, across, colours = image.shape[0] // side, image.shape[1] // side, image.shape[2]
    whole = image[: down * side, : across * side]
    squares = whole.reshape(down, side, across, side, colours).swapaxes(1, 2)
    return squares.reshape(down * across, -1)


def digit_labels() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the class of each sample of `derivations.numeric.batch.digits`, from 0 to 9.

    Raises
    ------
    BatchError
        When scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as missing:
        raise BatchError(_missing("digits", missing)) from missing
    labels: np.ndarray[tuple[int], np.dtype[np.int64]] = load_digits().target.astype(np.int64)
    return labels


def _missing(what: str, missing: ImportError) -> str:
    package = "Pillow" if "PIL" in str(missing.name) or "Pillow" in str(missing) else "scikit-learn"
    return (
        f"these figures take scikit-learn's {what}, and {package} is not installed; install it "
        'with: pip install "weingarten[figures]"'
    )
