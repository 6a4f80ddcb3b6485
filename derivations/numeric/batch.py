"""A user's batch: read from a file, checked, and carried to the width of the network."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import qr

from derivations.numeric.montecarlo import LayerInput
from derivations.numeric.network import spectrum
from derivations.numeric.weights import Array, haar_orthogonal

__all__ = ["Batch", "BatchError", "carry", "digits", "read_batch"]

READERS = ".npy, .npz or .csv"
_LARGEST = 1e30  # the eighth power of a larger number, met in a standard error, leaves the floats


class BatchError(ValueError):
    """A batch that cannot be used, and why."""


@dataclass(frozen=True)
class Batch:
    """Samples × features, as people store them, and where they are from.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (samples, features).
    source : str
        For the reader of a report.
    """

    values: Array
    source: str

    def __post_init__(self) -> None:
        _require_usable(self.values, self.source)

    @property
    def default_width(self) -> int:
        """Largest width at which every layer's A can be invertible."""
        return int(min(self.values.shape))


@dataclass(frozen=True)
class Carried:
    """The input of the first layer, and what was done to the batch to get it.

    Parameters
    ----------
    start : LayerInput
        Input of shape (width, samples).
    notes : tuple of str
        One sentence for each thing done, and for each hypothesis that fails.
    """

    start: LayerInput
    notes: tuple[str, ...]


def digits() -> Batch:
    """Return scikit-learn's handwritten digits: 1797 samples of 8 × 8 pixels, in stored order."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as missing:
        raise BatchError(
            "the default batch is scikit-learn's digits, and scikit-learn is not installed; "
            "install weingarten[digits] or give a batch file"
        ) from missing
    return Batch(load_digits().data, "scikit-learn's handwritten digits (1797 samples, 64 pixels)")


def read_batch(path: str | Path) -> Batch:
    """Read a batch, samples × features, from a .npy, .npz or .csv file.

    Parameters
    ----------
    path : str or pathlib.Path
        A .npz file may hold several arrays if one is called X; a .csv file may have a header
        line, and commas, semicolons or tabs between its cells.

    Returns
    -------
    Batch

    Raises
    ------
    BatchError
        When there is no such file, or it holds no finite table of numbers: the message says
        where.
    """
    path = Path(path)
    if not path.is_file():
        raise BatchError(f"batch {str(path)!r}: no such file")
    readers = {".npy": _read_npy, ".npz": _read_npz, ".csv": _read_csv}
    if path.suffix.lower() not in readers:
        raise BatchError(f"batch {str(path)!r}: unknown kind {path.suffix!r}; expected {READERS}")
    try:
        values = readers[path.suffix.lower()](path)
    except BatchError:
        raise
    except (OSError, ValueError, EOFError, csv.Error) as reason:
        raise BatchError(f"batch {str(path)!r} cannot be read: {reason}") from reason
    return Batch(_as_floats(values, str(path)), str(path))


def carry(batch: Batch, width: int, seed: int = 0) -> Carried:
    """Carry a batch to the width of the network.

    Parameters
    ----------
    batch : Batch
        Samples × features.
    width : int
        Rows of every layer; more samples than that are left out, so that n = d.
    seed : int
        Seed of the fixed layer that is used where the number of features is not the width: its
        rows are orthonormal, or its columns where there are fewer features.

    Returns
    -------
    Carried
        The input of the first layer, features × samples, and notes for the reader.

    Examples
    --------
    >>> carried = carry(Batch(np.eye(3, 4), "an example"), width=3)
    >>> carried.start.X.shape, carried.notes
    ((3, 3), ('carried from 4 features to width 3 by one fixed layer with orthonormal rows',))
    """
    samples, features = batch.values.shape
    notes = []
    if samples > width:
        notes.append(f"the first {width} of {samples} samples are used, so that $n = d$")
    X = batch.values[:width].T
    if features != width:
        kind = "rows" if features > width else "columns"
        notes.append(
            f"carried from {features} features to width {width} by one fixed layer with "
            f"orthonormal {kind}"
        )
        larger = haar_orthogonal(max(width, features), 1, np.random.default_rng((seed, 2)))[0]
        X = larger[:width, :features] @ X
    defect = _why_singular(X, features)
    return Carried(LayerInput(X, "input"), (*notes, *filter(None, [defect])))


def _why_singular(X: Array, features: int) -> str:
    """Say why A = X Xᵀ is singular, or return an empty string."""
    d, n = X.shape
    rank = int(np.count_nonzero(spectrum(X)))
    if rank == d:
        return ""
    singular = "so $A = X X^{\\top}$ is singular"
    if n < d:
        return f"there are {n} samples for width {d}, {singular}; expected at least {d}"
    if features < d:
        return f"there are {features} features for width {d}, {singular}; expected at least {d}"
    order = qr(X, mode="r", pivoting=True)[1]
    which = ", ".join(str(sample) for sample in sorted(order[rank:])[:5])
    return (
        f"the {n} samples span only {rank} dimensions, {singular}; linearly dependent on the "
        f"others: sample {which} (counting from 0)"
    )


def _read_npy(path: Path) -> Array:
    values: Array = np.load(path, allow_pickle=False)
    return values


def _read_npz(path: Path) -> Array:
    with np.load(path, allow_pickle=False) as arrays:
        names = list(arrays)
        if len(names) != 1 and "X" not in names:
            raise BatchError(
                f"batch {str(path)!r} holds {len(names)} arrays ({', '.join(names)}); "
                "expected one, or one called X"
            )
        values: Array = arrays["X" if "X" in names else names[0]]
        return values


def _read_csv(path: Path) -> Array:
    text = path.read_text(encoding="utf-8-sig")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise BatchError(f"batch {str(path)!r} is empty")
    separator = max(",;\t", key=lines[0].count)
    rows = list(csv.reader(lines, delimiter=separator))
    header = not any(_is_number(cell) for cell in rows[0])
    body = rows[1:] if header else rows
    for number, row in enumerate(body, start=1 + header):
        if len(row) != len(body[0]):
            raise BatchError(
                f"batch {str(path)!r}, row {number}: {len(row)} cells, expected {len(body[0])}"
            )
        for column, cell in enumerate(row, start=1):
            if not _is_number(cell):
                raise BatchError(
                    f"batch {str(path)!r}, row {number}, column {column}: {cell!r} is not a number"
                )
    return np.array([[float(cell) for cell in row] for row in body], ndmin=2)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _as_floats(values: Array, source: str) -> Array:
    if values.dtype.kind not in "biuf":
        raise BatchError(f"batch {source!r} is not numeric: its entries are {values.dtype}")
    return values.astype(float)


def _require_usable(values: Array, source: str) -> None:
    if values.ndim != 2:
        raise BatchError(
            f"batch {source!r} has {values.ndim} dimension{'s' * (values.ndim != 1)}, shape "
            f"{values.shape}; expected two: samples × features"
        )
    if not values.size:
        raise BatchError(f"batch {source!r} is empty, shape {values.shape}")
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        sample, feature = bad[0]
        raise BatchError(
            f"batch {source!r} has {len(bad)} entries that are not finite; the first is "
            f"{values[sample, feature]} in sample {sample}, feature {feature} (counting from 0)"
        )
    if not values.any():
        raise BatchError(f"batch {source!r} is zero everywhere")
    largest = np.abs(values).max()
    if not 1 / _LARGEST <= largest <= _LARGEST:
        raise BatchError(
            f"batch {source!r} has {largest:.3g} for its largest entry; scale it to between "
            f"{1 / _LARGEST:g} and {_LARGEST:g}"
        )
