r"""Integrate one random matrix out of a product of chains, by the cheapest route.

Cutting the chains at the letters of a random matrix X leaves pieces of constant words, each of
which connects two indices of X, or one of them with a free index. The expectation joins the row
indices of X by a pairing p and the column indices by a pairing q; every pair of pairings gives new
chains, with the weight ``Wg(type(p, q))``. For U(d) and complex Gaussian matrices a pair must hold
one plain and one conjugate letter. For Gaussian matrices p = q, with the variance as the weight.

When no piece connects a row with a column index, the chains on the row side depend on p alone and
those on the column side on q alone: ``sum_{p, q} R(p) Wg(p, q) C(q)``. What R and C look like
(`weingarten.integration.sides`) decides what this costs. Two class functions cost one matrix
product over the partitions of n [Collins & Sniady 2006; Macdonald VII.5], a class function and a
list one sum over pairings, two lists all pairs.

A route is a function that yields the terms, registered with one that says what it costs. Each
module here registers its own:

- `entries`: products of entries;
- `free`: equal indices on one side, pieces of any kind on the other;
- `power_sums`: a class function on one side at least;
- `quadratic`: a class function, and on the other side what stays with one piece of it;
- `orbits`: repeated pieces on both sides, by the orbits of pairings under their exchanges;
- `lists`: all pairs of pairings;
- `trace_powers`: traces of powers of the matrix alone;
- `trace_of_word`: traces of powers of the matrix times one constant;
- `conjugated`: traces of powers beside something else;
- `special`: matrices of determinant 1;
- `circular`: the circular symplectic ensemble;
- `symmetric_squares`: words in U U.T for a unitary U;
- `quaternions`: entries of Gaussian matrices of quaternions;
- `wick`: matrices that are joined with themselves, pair by pair;
- `blocks`: sums over set partitions, of permutations and of independent entries;
- `inverses`: inverse Wishart matrices.
"""

from weingarten.integration.routes import (
    blocks,
    circular,
    conjugated,
    entries,
    free,
    inverses,
    lists,
    orbits,
    power_sums,
    quadratic,
    quaternions,
    special,
    symmetric_squares,
    trace_of_word,
    trace_powers,
    wick,
)
from weingarten.integration.routes.base import (
    LISTED,
    ROUTES,
    Effort,
    Integrated,
    Made,
    Pairs,
    Task,
    integrate,
    integrated,
    one_by_one,
    route,
)

__all__ = [
    "LISTED",
    "ROUTES",
    "Effort",
    "Integrated",
    "Made",
    "Pairs",
    "Task",
    "blocks",
    "circular",
    "conjugated",
    "entries",
    "free",
    "inverses",
    "integrate",
    "integrated",
    "one_by_one",
    "lists",
    "orbits",
    "power_sums",
    "quadratic",
    "quaternions",
    "route",
    "special",
    "symmetric_squares",
    "trace_of_word",
    "trace_powers",
    "wick",
]
