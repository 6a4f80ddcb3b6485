"""Exact averages over random matrices.

The names a user needs are here:

- `E`: the expectation of an expression in random matrices;
- `HaarOrthogonal`, `HaarUnitary`: the random matrices;
- `weingarten_unitary`, `weingarten_orthogonal`, `weingarten_symplectic`, `weingarten_table`:
  the Weingarten functions themselves.
"""

from weingarten.ensembles import HaarOrthogonal, HaarUnitary
from weingarten.expectation import E
from weingarten.functions import (
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_table,
    weingarten_unitary,
)

__all__ = [
    "E",
    "HaarOrthogonal",
    "HaarUnitary",
    "weingarten_unitary",
    "weingarten_orthogonal",
    "weingarten_symplectic",
    "weingarten_table",
]

__version__ = "0.1.0"
