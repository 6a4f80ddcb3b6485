"""Random matrices, one file for each kind: what it says of itself, and how it is sampled."""
