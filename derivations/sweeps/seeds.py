"""Random numbers of a cell: they hang on what the cell is, not on the others or on who runs it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import numpy as np

__all__ = ["integer_seed", "words"]


def words(*key: Any) -> tuple[int, ...]:
    """Return a spawn key for what names a cell: numbers, texts, and lists and mappings of them.

    Examples
    --------
    >>> len(words("gap", 10, 3)), words("gap", 10, 3) == words("gap", 103)
    (8, False)
    """
    digest = sha256(json.dumps(key, sort_keys=True).encode()).digest()
    return tuple(int(word) for word in np.frombuffer(digest, dtype="<u4"))


def integer_seed(sequence: np.random.SeedSequence) -> int:
    """Return an integer of 128 bits for what takes no sequence.

    Examples
    --------
    >>> integer_seed(np.random.SeedSequence(0)).bit_length() <= 128
    True
    """
    return int.from_bytes(sequence.generate_state(4).astype("<u4").tobytes(), "little")
