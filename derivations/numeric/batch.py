"""A user's batch: read from a file, checked, and carried to the width of the network."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from scipy.linalg import qr

from derivations.numeric.arguments import LARGEST, count, counted, flattened, floats
from derivations.numeric.isometry import spectrum
from derivations.numeric.montecarlo import LayerInput
from derivations.numeric.parquet import read_parquet
from derivations.numeric.table import TableError, read_table
from derivations.numeric.weights import Array, haar_orthogonal

__all__ = ["Batch", "BatchError", "Carried", "carry", "digits", "read_batch"]

READERS = ".npy, .npz, .csv (or .tsv) or .parquet"
TABLES = (".csv", ".tsv")


class BatchError(ValueError):
    """A batch that cannot be used, and why."""


@dataclass(frozen=True)
class Batch:
    """Samples × features, as people store them, and where they are from.

    Parameters
    ----------
    values : array_like
        Shape (samples, features): an array, a data frame, a tensor, lists of numbers. A copy is
        kept, in floats. Images of shape (samples, height, width) become rows, with a note.
    source : str, optional
        For the reader of a report.
    notes : tuple of str, optional
        One sentence for each thing that was found out when it was read.

    Raises
    ------
    BatchError
        When it is no finite table of real numbers, or one too large or too small to work with.

    Examples
    --------
    >>> Batch([[1, 2], [3, 5]]).values
    array([[1., 2.],
           [3., 5.]])
    """

    values: Array
    source: str = "an array"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            values = floats(f"batch {self.source!r}", self.values)
        except ValueError as reason:
            raise BatchError(str(reason)) from reason
        values, said = flattened("an array", values)
        object.__setattr__(self, "values", values)
        if said:
            object.__setattr__(self, "notes", (*self.notes, said))
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
        One sentence for each thing found out or done, and for each hypothesis that fails.
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


def read_batch(path: str | Path, header: bool | None = None, index: bool | None = None) -> Batch:
    """Read a batch, samples × features, from a .npy, .npz, .csv, .tsv or .parquet file.

    Parameters
    ----------
    path : str or pathlib.Path
        A .npz file may hold several arrays if one is called X; a .csv or .tsv file may have
        commas, semicolons or tabs between its cells.
    header, index : bool, optional
        Whether the first line of a table names its columns, and the first column its rows. By
        default this is found out, and said in the notes of the batch.

    Returns
    -------
    Batch

    Raises
    ------
    BatchError
        When there is no such file, or it holds no finite table of numbers: the message says
        where. Also when a first line or column of numbers may be labels or not.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path = {path!r}: expected the name of a file, such as 'batch.npy'")
    path = Path(path)
    for name, value in (("header", header), ("index", index)):
        if not (value is None or isinstance(value, bool)):
            raise TypeError(f"{name} = {value!r} is none of True, False, None")
    if path.is_dir():
        raise BatchError(f"batch {str(path)!r}: no such file, it is a folder")
    if not path.is_file():
        raise BatchError(f"batch {str(path)!r}: no such file")
    kind = path.suffix.lower()
    if kind not in (".npy", ".npz", ".parquet", *TABLES):
        raise BatchError(f"batch {str(path)!r}: unknown kind {path.suffix!r}; expected {READERS}")
    if kind not in TABLES and (header or index):
        given = "header" if header else "index"
        raise BatchError(f"batch {str(path)!r}: a {kind} file has no {given}")
    try:
        if kind in TABLES:
            table = read_table(path.read_text(encoding="utf-8-sig"), header, index)
            return Batch(table.values, str(path), table.notes)
        if kind == ".parquet":
            table = read_parquet(path)
            return Batch(table.values, str(path), table.notes)
        return Batch(_read_npy(path) if kind == ".npy" else _read_npz(path), str(path))
    except BatchError:
        raise
    except TableError as reason:
        raise BatchError(f"batch {str(path)!r}: {reason}") from reason
    except UnicodeDecodeError as reason:
        raise BatchError(
            f"batch {str(path)!r} is no UTF-8 text (byte {reason.start}); save it as UTF-8"
        ) from reason
    except (OSError, ValueError, EOFError, csv.Error) as reason:
        raise BatchError(f"batch {str(path)!r} cannot be read: {reason}") from reason


def carry(batch: Batch, width: int, seed: int = 0, whole: bool = False) -> Carried:
    """Carry a batch to the width of the network.

    Parameters
    ----------
    batch : Batch
        Samples × features.
    width : int
        Rows of every layer.
    seed : int
        Seed of the fixed layer that is used where the number of features is not the width: its
        rows are orthonormal, or its columns where there are fewer features.
    whole : bool
        Keep every sample: the formulas that know the input through A = X Xᵀ alone hold for any
        number. By default samples beyond the width are left out, so that n = d as in the paper's
        networks.

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
    if not isinstance(batch, Batch):
        raise TypeError(f"batch is a {type(batch).__name__}: expected Batch(values)")
    count("width", width, 1)
    count("seed", seed, 0)
    samples, features = batch.values.shape
    notes = list(batch.notes)
    if samples > width and not whole:
        used = f"{'is' if width == 1 else 'are'} used"
        notes.append(f"the first {width} of {samples} samples {used}, so that $n = d$")
    X = batch.values.T if whole else batch.values[:width].T
    if features != width:
        kind = "rows" if features > width else "columns"
        notes.append(
            f"carried from {counted(features, 'feature')} to width {width} by one fixed layer with "
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
        return f"{_there_are(n, 'sample')} for width {d}, {singular}; expected at least {d}"
    if features < d:
        return f"{_there_are(features, 'feature')} for width {d}, {singular}; expected at least {d}"
    if n > d:
        return f"the {counted(n, 'sample')} span only {rank} of {d} dimensions, {singular}"
    order = qr(X, mode="r", pivoting=True)[1]
    which = ", ".join(str(sample) for sample in sorted(order[rank:])[:5])
    return (
        f"the {counted(n, 'sample')} span only {counted(rank, 'dimension')}, {singular}; linearly "
        f"dependent on the others: sample {which} (counting from 0)"
    )


def _there_are(number: int, what: str) -> str:
    return f"there {'is' if number == 1 else 'are'} {counted(number, what)}"


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
        entries = "entry" if len(bad) == 1 else "entries"
        raise BatchError(
            f"batch {source!r} has {len(bad)} {entries} not finite; the first is "
            f"{values[sample, feature]} in sample {sample}, feature {feature} (counting from 0)"
        )
    if not values.any():
        raise BatchError(f"batch {source!r} is zero everywhere")
    largest = np.abs(values).max()
    if not 1 / LARGEST <= largest <= LARGEST:
        raise BatchError(
            f"batch {source!r} has {largest:.3g} for its largest entry; scale it to between "
            f"{1 / LARGEST:g} and {LARGEST:g}"
        )
