"""A batch as people have it, in a data frame with named rows and columns."""

import sys


def main() -> None:
    """Write it to ``batch.csv``; with an argument print what a formula is at the frame itself."""
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame(
        np.random.default_rng(0).standard_normal((6, 4)),
        columns=["length", "width", "height", "weight"],
        index=[f"sample {k}" for k in range(6)],
    )
    if len(sys.argv) == 1:
        frame.to_csv("batch.csv")
        return
    from derivations import catalogue

    print(catalogue["row-norm-variance"].evaluate(batch=frame))


if __name__ == "__main__":
    main()
