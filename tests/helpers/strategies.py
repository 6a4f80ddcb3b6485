"""Hypothesis strategies for products of traces and entries of words, most of them not zero."""

from entrywise import Factor, Letter
from hypothesis import assume
from hypothesis import strategies as st

#: How a plain letter and a conjugate one may be written, by the kind of the random matrix.
PLAIN = {"real": ["", "T", "C", "H"], "complex": ["", "T"]}
CONJUGATE = {"real": ["", "T", "C", "H"], "complex": ["C", "H"]}


def changes(kind, *, inverse):
    plain, conjugated = PLAIN[kind], CONJUGATE[kind]
    if inverse:
        conjugated = [*conjugated, "I"]
    return plain, conjugated


@st.composite
def products(draw, name, kind, constants, max_pairs, *, size, indices=None, inverse=True):
    """Up to three factors with up to 2 * max_pairs letters of a square random matrix among them."""
    plain, conjugated = changes(kind, inverse=inverse)
    pairs = draw(st.integers(1, max_pairs))
    random = [
        Letter(name, draw(st.sampled_from(way)))
        for _ in range(pairs)
        for way in (plain, conjugated)
    ]
    letters = draw(st.permutations(random))
    power = draw(st.sampled_from([1, 1, 1, 2])) if 2 * pairs <= max_pairs else 1
    cuts = sorted(draw(st.lists(st.integers(0, len(letters)), max_size=2)))
    parts = [letters[a:b] for a, b in zip([0, *cuts], [*cuts, len(letters)], strict=True)]
    constant = st.builds(
        Letter, st.sampled_from(constants), st.sampled_from(["", "", "T", "H", "C"])
    )
    index = st.sampled_from(indices) if indices else st.integers(0, size - 1)
    factors = []
    for part in filter(None, parts):
        word = []
        for letter in part:
            word += [*draw(st.lists(constant, max_size=1)), letter]
        ends = draw(st.one_of(st.none(), st.tuples(index, index)))
        factors.append(Factor(tuple(word[:6]), ends, power if len(parts) == 1 else 1))
    return factors


@st.composite
def rectangular_products(draw, name, kind, squares, across, max_pairs, shape):
    """Traces and entries of words in a rectangular random matrix and constants that fit it.

    `squares` are the names of constants of the sizes of the rows and of the columns, `across` is
    the name of one with the shape of the random matrix.
    """
    factors = []
    left = 2 * max_pairs
    for _ in range(draw(st.integers(1, 2))):
        side = begin = draw(st.integers(0, 1))
        word = []
        for _ in range(draw(st.integers(1, 4))):
            if left and draw(st.integers(0, 3)):
                base, left = name, left - 1
            else:
                base = draw(st.sampled_from([*squares[side], across]))
            if base in squares[side]:
                word.append(Letter(base, draw(st.sampled_from(["", "T", "H", "C"]))))
                continue
            word.append(Letter(base, draw(st.sampled_from([["", "C"], ["T", "H"]][side]))))
            side = 1 - side
        if side != begin and draw(st.booleans()):
            word.append(Letter(across, "T" if side else ""))
            side = begin
        if side == begin and draw(st.booleans()):
            ends = None
        else:
            ends = draw(st.integers(0, shape[begin] - 1)), draw(st.integers(0, shape[side] - 1))
        factors.append(Factor(tuple(word), ends))
    assume(any(letter.name == name for f in factors for letter in f.word))
    return factors
