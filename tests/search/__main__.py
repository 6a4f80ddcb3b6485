"""The big random searches: `make search CASES=2000 SEED=0`, or one of them by its name.

A search is a function of the number of cases and the first seed that prints what it finds, and
returns whether all was well. To add one, add it to SEARCHES.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

import comparison
import ensemble_search
import entrywise_search
import finite_groups
import gaussian_words
import inverse_words
import route_search

SEARCHES = {
    "sums": comparison.search,
    "routes": route_search.search,
    "ensembles": ensemble_search.search,
    "blocks": finite_groups.search,
    "covariances": gaussian_words.search,
    "inverses": inverse_words.search,
    "entrywise": entrywise_search.search,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make search", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="how many cases (2000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first case (0)")
    names = ", ".join(SEARCHES)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {names}")
    options = parser.parse_args()
    unknown = set(options.names) - set(SEARCHES)
    if unknown:
        parser.error(f"no search is called {', '.join(unknown)}; expected {names}")
    well = True
    for name in options.names or SEARCHES:
        print(f"== {name}: cases {options.seed} to {options.seed + options.cases - 1}", flush=True)
        well &= SEARCHES[name](options.cases, options.seed, lambda text: print(text, flush=True))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
