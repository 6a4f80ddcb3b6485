"""Random matrices, one file for each kind: what it says of itself, and how it is sampled.

`base` holds what an ensemble is asked for; the classes that users write stand here.
"""

from weingarten.ensembles.base import IndexOutOfRangeError, RandomMatrix, random_matrices
from weingarten.ensembles.circular import CircularOrthogonal, CircularSymplectic, CircularUnitary
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
from weingarten.ensembles.special import HaarSpecialOrthogonal, HaarSpecialUnitary
from weingarten.ensembles.stiefel import HaarStiefel, RandomState, RandomUnitVector
from weingarten.ensembles.symplectic import HaarSymplectic, SymplecticForm
from weingarten.ensembles.symplectic_gaussian import GaussianSymplectic, SymplecticGinibre

__all__ = [
    "CentredPermutation",
    "CircularOrthogonal",
    "CircularSymplectic",
    "CircularUnitary",
    "GaussianMatrix",
    "GaussianOrthogonal",
    "GaussianSymplectic",
    "GaussianUnitary",
    "HaarOrthogonal",
    "HaarSpecialOrthogonal",
    "HaarSpecialUnitary",
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
    "SymplecticGinibre",
    "Wishart",
    "random_matrices",
]
