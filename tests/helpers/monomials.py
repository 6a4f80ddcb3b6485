"""Hypothesis strategies for monomials in matrix entries, most with a moment that is not zero."""

from collections import Counter

from hypothesis import strategies as st


@st.composite
def orthogonal(draw, max_pairs, labels=3):
    """Powers by entry: rows are equal along one random pairing, columns along another."""
    n = draw(st.integers(0, max_pairs))
    values = st.lists(st.integers(0, labels - 1), min_size=n, max_size=n)
    rows = draw(st.permutations([label for label in draw(values) for _ in range(2)]))
    columns = draw(st.permutations([label for label in draw(values) for _ in range(2)]))
    return dict(Counter(zip(rows, columns, strict=True)))


@st.composite
def unitary(draw, max_pairs, labels=3):
    """Powers by entry and by conjugate entry: the latter have the same rows and columns."""
    n = draw(st.integers(0, max_pairs))
    values = st.lists(st.integers(0, labels - 1), min_size=n, max_size=n)
    rows, columns = draw(values), draw(values)
    others = zip(draw(st.permutations(rows)), draw(st.permutations(columns)), strict=True)
    return dict(Counter(zip(rows, columns, strict=True))), dict(Counter(others))


@st.composite
def symplectic(draw, max_pairs, half):
    """Entries whose rows are partners 2k and 2k + 1 along one pairing, columns along another."""
    n = draw(st.integers(0, max_pairs))
    values = st.lists(st.integers(0, half - 1), min_size=n, max_size=n)
    rows = draw(st.permutations([2 * k + side for k in draw(values) for side in (0, 1)]))
    columns = draw(st.permutations([2 * k + side for k in draw(values) for side in (0, 1)]))
    return list(zip(rows, columns, strict=True))


def any_powers(size, max_power):
    """Square tuples of powers, of any parity."""
    row = st.tuples(*[st.integers(0, max_power)] * size)
    return st.tuples(*[row] * size)
