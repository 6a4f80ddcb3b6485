"""Exact averages over random matrices.

The names a user needs are here:

- `E`: the expectation of an expression in random matrices;
- `HaarOrthogonal`, `HaarUnitary`, `HaarSymplectic`, `GaussianMatrix`: the random matrices;
- `weingarten_unitary`, `weingarten_orthogonal`, `weingarten_symplectic`: the Weingarten functions
  themselves; `weingarten_table`: all of one degree; `weingarten_series`, `weingarten_leading`:
  their expansion for large dimension.
"""

from weingarten.ensembles import GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary
from weingarten.expectation import E
from weingarten.functions import (
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_table,
    weingarten_unitary,
)
from weingarten.series import weingarten_leading, weingarten_series

__all__ = [
    "E",
    "HaarOrthogonal",
    "HaarUnitary",
    "HaarSymplectic",
    "GaussianMatrix",
    "weingarten_unitary",
    "weingarten_orthogonal",
    "weingarten_symplectic",
    "weingarten_table",
    "weingarten_series",
    "weingarten_leading",
]

__version__ = "0.1.0"
