"""Partitions, permutations, pairings and the tables of the symmetric group, in exact integers.

Nothing here knows matrices or SymPy. The modules, from the ground up:

- `partitions`: partitions and their hooks, contents and class sizes;
- `permutations`: cycle types, permutations that carry one index list to another;
- `pairings`: pairings of 2n points, coset types, loops;
- `branching`: how one box is added to a partition, and what follows from it for all power sums;
- `characters`: characters of S_n;
- `zonal`: zonal spherical functions of the Gelfand pair (S_2n, H_n);
- `contraction`: how many pairings (or permutations) of given index lists have each type;
- `relations`: the types of all pairs of pairings at once;
- `size`: whether what is asked for fits in memory, and in the day.
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
