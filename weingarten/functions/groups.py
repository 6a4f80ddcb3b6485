"""The groups whose Weingarten functions are known here, and what each says of itself."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from weingarten.combinatorics.pairings import coset_type, moved, standard_pairing
from weingarten.combinatorics.partitions import Partition, as_partition
from weingarten.combinatorics.permutations import cycle_type

#: What a user writes for a group.
GroupName = Literal["unitary", "orthogonal", "symplectic"]


@dataclass(frozen=True, slots=True)
class Group:
    """A compact group of matrices, or an ensemble that one acts on, as its averages see it.

    Attributes
    ----------
    name : str
        What a user calls it.
    alpha : {1, 2}
        The parameter of the Jack polynomials that are its spherical functions: 1 for Schur
        functions (a class is a cycle type), 2 for zonal polynomials (a class is a coset type).
    factor : int
        The products of contents are taken at ``factor`` times the dimension: 1, and -2 for the
        symplectic group, which is the orthogonal one at ``-2 m``.
    shift : int
        What is added to that: the symplectic function at ``m - 1/2`` is the orthogonal one at
        ``1 - 2 m``.
    bipartite : bool
        Whether a pair joins a plain letter with a conjugate one.
    signed : bool
        Whether the value at a permutation carries its sign.
    argument : str
        What the dimension is called.

    Examples
    --------
    >>> SYMPLECTIC.rows(3), SYMPLECTIC.argument
    (6, 'm')
    >>> UNITARY.type_of([1, 3]), ORTHOGONAL.class_sign((2, 1))
    ((3, 1), 1)
    """

    name: str
    alpha: int
    factor: int = 1
    shift: int = 0
    bipartite: bool = False
    signed: bool = False
    argument: str = "d"

    @property
    def is_circular(self) -> bool:
        """Whether both ends of a plain letter are joined with ends of conjugate ones, alike."""
        return self.bipartite and self.signed

    def rows(self, dimension: Any) -> Any:
        """Return the size of the matrices at a dimension."""
        return abs(self.factor) * dimension

    def frame(self, x: int | None) -> tuple[int | None, int | None]:
        """Return how many rows and columns a diagram has at most, with no content ``-x`` in it.

        Examples
        --------
        >>> UNITARY.frame(3), SYMPLECTIC.frame(-4), ORTHOGONAL.frame(None)
        ((3, None), (None, 2), (None, None))
        >>> CIRCULAR_SYMPLECTIC.frame(CIRCULAR_SYMPLECTIC.at(2))
        (None, 2)
        """
        if x is None:
            return None, None
        return (x, None) if x > 0 else (None, -(x // self.alpha))

    def at(self, dimension: int) -> int:
        """Return what the products of contents are taken at.

        Examples
        --------
        >>> ORTHOGONAL.at(3), SYMPLECTIC.at(3), CIRCULAR_SYMPLECTIC.at(3)
        (3, -6, -5)
        """
        return self.factor * dimension + self.shift

    def class_sign(self, mu: Partition) -> int:
        """Return the sign between Wg^O(-2m) and Wg^Sp(m) at what stands for a class, else 1."""
        return (-1) ** len(mu) if self.signed else 1

    def type_of(self, mu: Any) -> Partition:
        """Return the partition that `mu` is, or the cycle or coset type of a permutation.

        Raises
        ------
        TypeError, ValueError
            If `mu` is neither.
        """
        if not _is_permutation(mu):
            return as_partition(mu)
        if self.alpha == 1:
            return cycle_type(mu.array_form)
        if mu.size % 2:
            raise ValueError(
                f"mu = {mu!r} permutes {mu.size} points; expected an even number, two for each pair"
            )
        pairing = standard_pairing(mu.size // 2)
        return coset_type(pairing, moved(pairing, mu.array_form))

    def sign_of(self, mu: Any) -> int:
        """Return the sign of a permutation relative to the one that stands for its class."""
        if not (self.signed and _is_permutation(mu)):
            return 1
        coset = self.type_of(mu)
        sign: int = mu.signature() * (-1) ** (sum(coset) - len(coset))
        return sign


UNITARY = Group("unitary", alpha=1, bipartite=True)
ORTHOGONAL = Group("orthogonal", alpha=2)
SYMPLECTIC = Group("symplectic", alpha=2, factor=-2, signed=True, argument="m")
#: Not a group: the matrices ``U J U^T J^T`` for U in U(2m).
CIRCULAR_SYMPLECTIC = Group(
    "circular symplectic", 2, factor=-2, shift=1, bipartite=True, signed=True, argument="m"
)

#: The groups by name.
GROUPS: Mapping[str, Group] = MappingProxyType(
    {group.name: group for group in (UNITARY, ORTHOGONAL, SYMPLECTIC)}
)


def as_group(group: Any) -> Group:
    """Return the group that `group` is or names.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> as_group("unitary") is UNITARY
    True
    >>> as_group("special")
    Traceback (most recent call last):
    ...
    ValueError: group = 'special': expected one of unitary, orthogonal, symplectic
    """
    if isinstance(group, Group):
        return group
    if isinstance(group, str) and group in GROUPS:
        return GROUPS[group]
    raise ValueError(f"group = {group!r}: expected one of {', '.join(GROUPS)}")


def _is_permutation(mu: Any) -> bool:
    # Loading SymPy's permutations takes longer than this package: whoever has one has done so.
    module = sys.modules.get("sympy.combinatorics.permutations")
    return module is not None and isinstance(mu, module.Permutation)
