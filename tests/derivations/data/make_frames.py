"""Write frames.json: the same table as data-frame libraries write it to CSV.

The libraries are no dependency of the tests; their text is. Nothing here is random. Run with
pandas 3.1.1 and polars 2.1.0:

    python tests/derivations/data/make_frames.py
"""

import io
import json
from pathlib import Path

TABLE = [[0.5, -1.25, 3.0], [2.0, 0.125, -7.5], [4.0, 8.0, 1e-3], [-0.75, 6.0, 2.5]]
COUNTS = [[3, 1, 4], [1, 5, 9], [2, 6, 5], [3, 5, 8]]


def main() -> None:
    import pandas
    import polars

    frame, counts = pandas.DataFrame(TABLE), pandas.DataFrame(COUNTS)
    named = pandas.DataFrame(TABLE, columns=["width", "height, in m", 'the "depth"'])
    labelled = pandas.DataFrame(TABLE, index=["ada", "bob", "cyd", "dan"])
    years = pandas.DataFrame(TABLE, columns=[2019, 2020, 2021])
    twice = pandas.read_csv(io.StringIO(frame.to_csv()))
    pair = pandas.MultiIndex.from_product([["a", "b"], [0, 1]])
    missing = frame.copy()
    missing.iloc[2, 1] = None
    texts = {
        "pandas": frame.to_csv(),
        "pandas no index": frame.to_csv(index=False),
        "pandas no header": frame.to_csv(header=False),
        "pandas neither": frame.to_csv(index=False, header=False),
        "pandas semicolons": frame.to_csv(sep=";"),
        "pandas tabs": frame.to_csv(sep="\t"),
        "pandas named": named.to_csv(),
        "pandas named no index": named.to_csv(index=False),
        "pandas quoted": named.to_csv(index=False, quoting=1),
        "pandas labelled": labelled.to_csv(),
        "pandas years": years.to_csv(),
        "pandas index label": frame.to_csv(index_label="sample"),
        "pandas read and written again": twice.to_csv(index=False),
        "pandas counts": counts.to_csv(),
        "pandas counts no index": counts.to_csv(index=False),
        "pandas counts neither": counts.to_csv(index=False, header=False),
        "pandas two indices": pandas.DataFrame(TABLE, index=pair).to_csv(),
        "pandas missing": missing.to_csv(index=False),
        "pandas decimal commas": frame.to_csv(sep=";", decimal=","),
        "polars": polars.DataFrame(TABLE, orient="row").write_csv(),
        "polars no header": polars.DataFrame(TABLE, orient="row").write_csv(include_header=False),
    }
    versions = {"pandas": pandas.__version__, "polars": polars.__version__}
    target = Path(__file__).with_name("frames.json")
    written = {"versions": versions, "table": TABLE, "counts": COUNTS, "texts": texts}
    target.write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
