"""Numbers without symbols: expectations at arrays and integer dimensions.

- `pairs`: exact complex numbers and matrices;
- `arithmetic`: floats, balls and exact numbers behind one interface;
- `constants`: what constant scalars and matrices are in an arithmetic;
- `words`: products, traces and entries of words, in tables;
- `sums`: what integration leaves, as sums over chains;
- `program`: an expression, read and integrated once, evaluated many times;
- `precision`: as many digits as were asked for, or a refusal;
- `value`: what `E(expr, at=…)` does; `compiled`: the same as a function of arrays;
- `spherical_integral`: an exponential averaged over a group.
"""
