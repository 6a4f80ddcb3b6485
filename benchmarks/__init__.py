"""This engine beside its peers, each case in a fresh process: `python -m benchmarks`."""
