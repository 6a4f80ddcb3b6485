"""Functions of the dimension: rational functions, class functions, Weingarten functions, 1/d.

- `groups`: what each group says of itself;
- `dimension`: a dimension as a user gives it;
- `rational`: polynomials over products of linear factors;
- `diagram_sums`: sums over diagrams, over their own common denominator;
- `spherical`: class functions, their transform, and the sums that every average ends in;
- `values`: the Weingarten functions, one value or all of one degree;
- `series`: their expansions for large dimension.

Nothing here knows matrices, words or ensembles.
"""

from weingarten.functions.dimension import as_dimension, as_line, at_least
from weingarten.functions.groups import (
    GROUPS,
    ORTHOGONAL,
    SYMPLECTIC,
    UNITARY,
    Group,
    GroupName,
    as_group,
)
from weingarten.functions.rational import Factored, collect, constant, factored
from weingarten.functions.spherical import Transform, basis_sums, class_sum

__all__ = [
    "GROUPS",
    "ORTHOGONAL",
    "SYMPLECTIC",
    "UNITARY",
    "Factored",
    "Group",
    "GroupName",
    "Transform",
    "as_dimension",
    "as_group",
    "as_line",
    "at_least",
    "basis_sums",
    "class_sum",
    "collect",
    "constant",
    "factored",
]
