"""Partitions, permutations, pairings and the tables of the symmetric group, in exact integers.

Nothing here knows matrices or SymPy. The modules, from the ground up:

- `partitions`: partitions and their hooks, contents and class sizes;
- `permutations`: cycle types, permutations that carry one index list to another;
- `pairings`: pairings of 2n points, coset types, loops;
- `jack`: how one box is added to a partition, and what follows from it for all power sums;
- `expansions`: power sums in Schur functions and zonal polynomials, only what does not vanish;
- `tables`: a square table over the partitions of n;
- `characters`: characters of S_n;
- `zonal`: zonal spherical functions of the Gelfand pair (S_2n, H_n);
- `loop_counts`: how many pairings of given index lists have each type, without listing them;
- `coset_types`: the types of all pairs of pairings at once.
"""

from weingarten.combinatorics.characters import character, character_table
from weingarten.combinatorics.pairings import coset_type, loops, pairings
from weingarten.combinatorics.partitions import (
    class_size,
    conjugate,
    number_of_partitions,
    partitions,
)
from weingarten.combinatorics.permutations import carrying, compose, cycle_type, inverse
from weingarten.combinatorics.zonal import zonal_spherical, zonal_table

__all__ = [
    "partitions",
    "number_of_partitions",
    "conjugate",
    "class_size",
    "cycle_type",
    "compose",
    "inverse",
    "carrying",
    "pairings",
    "loops",
    "coset_type",
    "character",
    "character_table",
    "zonal_spherical",
    "zonal_table",
]
