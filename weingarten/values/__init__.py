"""Numbers and arrays in place of symbols: what `E`, `estimate` and `crosscheck` take as `at`.

- `arguments`: read at the door, with what is missing or does not fit;
- `numbers`: what counts as a number or an array, exact or as floats;
- `substitution`: values put in for symbols, in shapes as well;
- `facts`: facts that are given must hold of the values.
"""
