"""Numbers and arrays in place of symbols: what `E`, `estimate` and `crosscheck` take as `at`.

- `arguments`: read at the door, with what is missing or does not fit;
- `facts`: facts that are given must hold of the values.
"""
