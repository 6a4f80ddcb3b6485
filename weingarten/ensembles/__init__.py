"""Random matrices, one file for each kind: what it says of itself, and how it is sampled.

`base` holds what an ensemble is asked for; the classes that users write stand here.
"""

from weingarten.ensembles.base import IndexOutOfRangeError, RandomMatrix, random_matrices
from weingarten.ensembles.circular import CircularOrthogonal, CircularUnitary
from weingarten.ensembles.diagonal import RandomPhases, RandomSigns
from weingarten.ensembles.gaussian import GaussianMatrix
from weingarten.ensembles.haar import HaarOrthogonal, HaarUnitary
from weingarten.ensembles.hermitian import (
    GaussianOrthogonal,
    GaussianUnitary,
    InverseWishart,
    Wishart,
)
from weingarten.ensembles.permutations import (
    CentredPermutation,
    RandomPermutation,
    SignedPermutation,
)
from weingarten.ensembles.stiefel import HaarStiefel, RandomState, RandomUnitVector
from weingarten.ensembles.symplectic import HaarSymplectic, SymplecticForm

__all__ = [
    "CentredPermutation",
    "CircularOrthogonal",
    "CircularUnitary",
    "GaussianMatrix",
    "GaussianOrthogonal",
    "GaussianUnitary",
    "HaarOrthogonal",
    "HaarStiefel",
    "HaarSymplectic",
    "HaarUnitary",
    "IndexOutOfRangeError",
    "InverseWishart",
    "RandomMatrix",
    "RandomPermutation",
    "RandomPhases",
    "RandomSigns",
    "RandomState",
    "RandomUnitVector",
    "SignedPermutation",
    "SymplecticForm",
    "Wishart",
    "random_matrices",
]
