"""Write haarpy_orthogonal_6.json: haarpy's orthogonal Weingarten functions at n = 6.

haarpy sums a character over the 46,080 elements of the hyperoctahedral group for each value, too
slow for a test run. Nothing here is random. Run with haarpy 0.1.1:

    python tests/weingarten/functions/data/make_haarpy_orthogonal.py
"""

import json
from pathlib import Path


def main() -> None:
    import haarpy
    from sympy import Symbol
    from sympy.utilities.iterables import partitions

    n, d = 6, Symbol("d")
    values = {}
    for multiplicities in partitions(n):
        mu = tuple(sorted((k for k, c in multiplicities.items() for _ in range(c)), reverse=True))
        values[" ".join(map(str, mu))] = str(haarpy.weingarten_orthogonal(mu, d))
    target = Path(__file__).with_name("haarpy_orthogonal_6.json")
    target.write_text(
        json.dumps({"haarpy": haarpy.__version__, "n": n, "values": values}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
