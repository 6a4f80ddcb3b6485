"""Exact averages over random matrices.

The names a user needs are here:

- `E`: the expectation of an expression in random matrices, as a formula or as a number;
- `variance`, `covariance`, `cumulant`: what is made of expectations;
- `genus_expansion`, `free_cumulant`: large dimension, in normalised traces;
- `compiled`: the number as a function of arrays;
- `hciz`: the integral of an exponential over U(d) or O(d), as a number;
- `estimate`, `crosscheck`: the same by sampling, and the two side by side;
- `explain`: the pairings, loops and weights that an expectation is the sum of;
- `HaarOrthogonal`, `HaarUnitary`, `HaarSpecialOrthogonal`, `HaarSpecialUnitary`,
  `HaarSymplectic`, `HaarStiefel`, `RandomUnitVector`, `RandomState`, `CircularOrthogonal`,
  `CircularUnitary`, `CircularSymplectic`, `GaussianMatrix`, `GaussianOrthogonal`,
  `GaussianUnitary`, `GaussianSymplectic`, `SymplecticGinibre`, `Wishart`, `InverseWishart`,
  `RandomPermutation`, `CentredPermutation`, `SignedPermutation`, `RandomSigns`, `RandomPhases`:
  the random matrices;
- `weingarten_unitary`, `weingarten_orthogonal`, `weingarten_symplectic`,
  `weingarten_circular_orthogonal`, `weingarten_circular_symplectic`, `weingarten_permutation`: the
  Weingarten functions themselves; `weingarten_table`: all of one degree; `weingarten_series`,
  `weingarten_leading`: their expansion for large dimension;
- `lambdify`, `code`: an answer as a function of arrays, or as text for another system;
- `clear_caches`: forget the results that are kept for later calls.
"""

from typing import TYPE_CHECKING, Any

from weingarten.caches import clear_caches
from weingarten.cumulants import covariance, cumulant, variance
from weingarten.ensembles import (
    CentredPermutation,
    CircularOrthogonal,
    CircularSymplectic,
    CircularUnitary,
    GaussianMatrix,
    GaussianOrthogonal,
    GaussianSymplectic,
    GaussianUnitary,
    HaarOrthogonal,
    HaarSpecialOrthogonal,
    HaarSpecialUnitary,
    HaarStiefel,
    HaarSymplectic,
    HaarUnitary,
    InverseWishart,
    RandomPermutation,
    RandomPhases,
    RandomSigns,
    RandomState,
    RandomUnitVector,
    SignedPermutation,
    SymplecticGinibre,
    Wishart,
)
from weingarten.expectation import E
from weingarten.free_probability import free_cumulant, genus_expansion
from weingarten.functions.blocks import weingarten_permutation
from weingarten.functions.series import weingarten_leading, weingarten_series
from weingarten.functions.values import (
    weingarten_circular_orthogonal,
    weingarten_circular_symplectic,
    weingarten_orthogonal,
    weingarten_symplectic,
    weingarten_table,
    weingarten_unitary,
)

__all__ = [
    "E",
    "variance",
    "covariance",
    "cumulant",
    "genus_expansion",
    "free_cumulant",
    "compiled",
    "hciz",
    "estimate",
    "crosscheck",
    "explain",
    "HaarOrthogonal",
    "HaarUnitary",
    "HaarSpecialOrthogonal",
    "HaarSpecialUnitary",
    "HaarSymplectic",
    "HaarStiefel",
    "RandomUnitVector",
    "RandomState",
    "CircularOrthogonal",
    "CircularUnitary",
    "CircularSymplectic",
    "GaussianMatrix",
    "GaussianOrthogonal",
    "GaussianUnitary",
    "GaussianSymplectic",
    "SymplecticGinibre",
    "Wishart",
    "InverseWishart",
    "RandomPermutation",
    "CentredPermutation",
    "SignedPermutation",
    "RandomSigns",
    "RandomPhases",
    "weingarten_unitary",
    "weingarten_orthogonal",
    "weingarten_symplectic",
    "weingarten_circular_orthogonal",
    "weingarten_permutation",
    "weingarten_circular_symplectic",
    "weingarten_table",
    "weingarten_series",
    "weingarten_leading",
    "lambdify",
    "code",
    "clear_caches",
]

__version__ = "0.1.0"

if TYPE_CHECKING:
    from weingarten.explanation.explanation import explain
    from weingarten.numeric.compiled import compiled
    from weingarten.numeric.spherical_integral import hciz
    from weingarten.printing import code, lambdify
    from weingarten.simulation.montecarlo import crosscheck, estimate

# These load NumPy and SciPy, which cost more than SymPy itself: at first use.
_LATE = {
    "compiled": "weingarten.numeric.compiled",
    "hciz": "weingarten.numeric.spherical_integral",
    "estimate": "weingarten.simulation.montecarlo",
    "crosscheck": "weingarten.simulation.montecarlo",
    "explain": "weingarten.explanation.explanation",
    "lambdify": "weingarten.printing",
    "code": "weingarten.printing",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
