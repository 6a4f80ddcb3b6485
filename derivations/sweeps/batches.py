"""The batches of a sweep: arrays, files, or a seeded Gaussian one at each width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from derivations.numeric.batch import Batch, read_batch
from derivations.sweeps.seeds import words

__all__ = ["GAUSSIAN", "NamedBatch", "named_batches"]

GAUSSIAN = "gaussian"
"""The name of the batch that is drawn."""


@dataclass(frozen=True)
class NamedBatch:
    """A batch with its name in the table.

    Parameters
    ----------
    name : str
    batch : Batch or None
        None for the one that is drawn: as many samples as features, independent normals.
    """

    name: str
    batch: Batch | None

    @property
    def digest(self) -> str:
        """What tells its numbers from others, whatever its name."""
        if self.batch is None:
            return GAUSSIAN
        values = np.ascontiguousarray(self.batch.values)
        return sha256(repr(values.shape).encode() + values.tobytes()).hexdigest()

    def at(self, width: int, seed: int) -> Batch:
        """Return the batch, the drawn one for this width."""
        if self.batch is not None:
            return self.batch
        sequence = np.random.SeedSequence(seed, spawn_key=words("batch", width))
        values = np.random.default_rng(sequence).standard_normal((width, width))
        return Batch(values, f"a Gaussian batch of seed {seed}")


def named_batches(batches: Any) -> list[NamedBatch]:
    """Return the batches that a user gives, each with a name.

    Parameters
    ----------
    batches : object
        None, an array (samples × features) or a file; or a list of these, or a mapping from
        names to these.

    Examples
    --------
    >>> [one.name for one in named_batches([None, np.eye(3)])]
    ['gaussian', 'batch 1']
    >>> [one.name for one in named_batches({"unit": np.eye(3)})]
    ['unit']
    """
    if isinstance(batches, Mapping):
        pairs = [(str(name), value) for name, value in batches.items()]
    else:
        pairs = [(_name(place, one), one) for place, one in enumerate(_listed(batches))]
    if not pairs:
        raise ValueError("batches are empty; expected arrays, files, or None")
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"batches: {name!r} comes twice; expected each of them once")
    return [NamedBatch(name, _read(name, value)) for name, value in pairs]


def _listed(batches: Any) -> Sequence[Any]:
    single = batches is None or isinstance(batches, str | PathLike | Batch)
    if single or getattr(batches, "ndim", 0) == 2:
        return [batches]
    if isinstance(batches, list | tuple) or getattr(batches, "ndim", 0) == 3:
        return list(batches)
    raise TypeError(
        f"batches is a {type(batches).__name__}: expected a list of arrays (samples × features), "
        "files, or None"
    )


def _name(place: int, value: Any) -> str:
    if value is None:
        return GAUSSIAN
    if isinstance(value, str | PathLike):
        return str(value)
    return f"batch {place}"


def _read(name: str, value: Any) -> Batch | None:
    if value is None or isinstance(value, Batch):
        return value
    if isinstance(value, str | PathLike):
        return read_batch(Path(value))
    return Batch(value, name)
