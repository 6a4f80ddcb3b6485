"""The big random searches: `make search CASES=2000 SEED=0`, or one of them by its name.

`python -m tests.search ensembles --cases 1000` tries so many cases of every ensemble, `routes` of
every route, and `--of NAME` of one ensemble or route; where all searches run, these have a tenth as
many of each.

A search is a function of the number of cases and the first seed that prints what it finds, and
returns whether all was well. To add one, add it to SEARCHES, or to KINDS if it takes names of what
there are so many cases of.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

import comparison
import ensemble_search
import entrywise_search
import inverse_words
import route_search

SEARCHES = {
    "sums": comparison.search,
    "routes": route_search.search,
    "ensembles": ensemble_search.search,
    "inverses": inverse_words.search,
    "entrywise": entrywise_search.search,
}
KINDS = {"routes": list(route_search.KINDS), "ensembles": list(ensemble_search.LAWS)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make search", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="how many cases (2000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first case (0)")
    names = ", ".join(SEARCHES)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {names}")
    parser.add_argument(
        "--of", action="append", metavar="KIND", help="only of this ensemble or route"
    )
    options = parser.parse_args()
    unknown = set(options.names) - set(SEARCHES)
    if unknown:
        parser.error(f"no search is called {', '.join(unknown)}; expected {names}")
    for kind in options.of or ():
        if not any(kind in KINDS.get(name, ()) for name in options.names):
            known = "; ".join(kind for name in options.names for kind in KINDS.get(name, ()))
            parser.error(f"--of {kind}: expected routes or ensembles and one of theirs: {known}")
    well = True
    for name in options.names or SEARCHES:
        few = name in KINDS and not options.names
        cases = -(-options.cases // 10) if few else options.cases
        each = " of each" if name in KINDS else ""
        print(f"== {name}: cases {options.seed} to {options.seed + cases - 1}{each}", flush=True)
        chosen = [kind for kind in KINDS.get(name, ()) if kind in (options.of or ())]
        search = partial(SEARCHES[name], names=chosen) if chosen else SEARCHES[name]
        well &= search(cases, options.seed, lambda text: print(text, flush=True))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
