"""Words in Gaussian matrices against products of one-dimensional moments; Wishart moments."""

from fractions import Fraction
from itertools import product
from math import comb, prod

import networkx as nx
import pytest
from entrywise import (
    Constants,
    as_sympy,
    gaussian_moment,
    integrate,
    numbers,
    symmetric,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import rectangular_products
from sympy import (
    ImmutableMatrix,
    KroneckerDelta,
    MatrixSymbol,
    Poly,
    Rational,
    Trace,
    conjugate,
    symbols,
)

from weingarten import E, GaussianMatrix

n, p = symbols("n p", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True)
v = symbols("v", positive=True)

# Random words ------------------------------------------------------------------------------------


def rectangular_constants(shape, *, complex):
    found = Constants()
    rows, columns = shape
    kinds = {"A": (rows, rows), "B": (columns, columns), "P": (rows, rows), "C": shape}
    for seed, (name, (a, b)) in enumerate(kinds.items()):
        value = numbers(seed, a, b, complex=complex and name != "P")
        found.values[name] = symmetric(value) if name == "P" else value
        found.written[name] = MatrixSymbol(name, a, b)
        found.put_in[found.written[name]] = ImmutableMatrix(found.values[name])
    found.written["P"] = found.put_in[found.written["P"]]
    return found


@pytest.mark.parametrize("complex", [False, True])
@pytest.mark.parametrize("shape", [(2, 3), (3, 1), (2, 2)])
@given(data=st.data())
def test_words_in_a_rectangular_matrix_agree_with_independent_entries(complex, shape, data):
    kind = "complex" if complex else "real"
    factors = data.draw(rectangular_products("G", kind, ["AP", "B"], "C", 2, shape))
    constants = rectangular_constants(shape, complex=complex)
    matrix = GaussianMatrix("G", *shape, variance=Rational(1, 3), complex=complex)
    answer = E(as_sympy(factors, {"G": matrix, **constants.written}))
    moment = gaussian_moment(Fraction(1, 3), complex=complex)
    value = integrate(factors, "G", shape, constants, moment, complex=complex)
    assert constants.evaluate(answer) == value


# Entries -----------------------------------------------------------------------------------------

powers = st.dictionaries(st.tuples(*[st.integers(0, 1)] * 2), st.integers(1, 6), max_size=3)


@given(powers)
def test_moments_of_real_entries_are_products_of_double_factorials(powers):
    G = GaussianMatrix("G", n, p, variance=v)
    expected = prod(
        0 if power % 2 else v ** (power // 2) * prod(range(1, power, 2))
        for power in powers.values()
    )
    assert E(prod(G[place] ** power for place, power in powers.items())) == expected


def test_symbolic_indices_give_the_three_pairings_of_wick():
    G = GaussianMatrix("G", n, p, variance=v)

    def pair(a, b):
        return KroneckerDelta(a, b)

    value = E(G[i, 0] * G[j, 0] * G[k, 0] * G[m, 0])
    expected = pair(i, j) * pair(k, m) + pair(i, k) * pair(j, m) + pair(i, m) * pair(j, k)
    for at in product(range(2), repeat=4):
        labels = dict(zip((i, j, k, m), at, strict=True))
        assert value.subs(labels) == v**2 * expected.subs(labels)


def test_complex_entries_have_no_mean_square():
    G = GaussianMatrix("G", n, p, variance=v, complex=True)
    assert E(G[0, 0] ** 2) == E(Trace(G * G.T)) == 0
    assert E((G[0, 0] * conjugate(G[0, 0])) ** 3) == 6 * v**3


# Wishart matrices --------------------------------------------------------------------------------


def wishart_by_surfaces(k, *, complex):
    """E tr (G G*)^k as a polynomial in n and p: one monomial for each gluing of a 2k-gon.

    The vertices of the polygon are rows and columns in turn; gluing edge to edge identifies them.
    Complex edges are glued head to tail and plain to conjugate, real ones in both directions.
    """
    edges = [(f"r{s // 2}", f"c{s // 2}") for s in range(2 * k)]
    for s in range(1, 2 * k, 2):  # Odd edges lead from the column back to the next row.
        edges[s] = (f"r{(s + 1) // 2 % k}", f"c{s // 2}")
    total = 0
    for matching in matchings(list(range(2 * k))):
        if complex and any((a + b) % 2 == 0 for a, b in matching):
            continue
        graph = nx.Graph()
        graph.add_nodes_from(sum(edges, ()))
        for a, b in matching:
            graph.add_edges_from(zip(edges[a], edges[b], strict=True))
        kinds = [min(part)[0] for part in nx.connected_components(graph)]
        total += n ** kinds.count("r") * p ** kinds.count("c")
    return total


def matchings(points):
    if not points:
        yield []
        return
    first, *rest = points
    for other in rest:
        for matching in matchings([x for x in rest if x != other]):
            yield [(first, other), *matching]


@pytest.mark.parametrize("complex", [False, True])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_wishart_moments_count_gluings_of_a_polygon(k, complex):
    G = GaussianMatrix("G", n, p, complex=complex)
    value = E(Trace((G * G.H) ** k))
    assert Poly(value, n, p) == Poly(wishart_by_surfaces(k, complex=complex), n, p)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_leading_terms_of_wishart_moments_are_narayana_numbers(k):
    G = GaussianMatrix("G", n, p, complex=True)
    found = Poly(E(Trace((G * G.H) ** k)), n, p)
    for rows in range(1, k + 1):
        narayana = Rational(comb(k, rows) * comb(k, rows - 1), k)
        assert found.coeff_monomial(n**rows * p ** (k + 1 - rows)) == narayana


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6])
def test_complex_wishart_moments_obey_the_three_term_recursion(k):
    # Haagerup & Thorbjornsen 2003, theorem 8.2.
    G = GaussianMatrix("G", n, p, complex=True)
    b = [E(Trace((G * G.H) ** power)) for power in range(1, k + 2)]
    left = (k + 2) * b[k]
    right = (2 * k + 1) * (n + p) * b[k - 1] + (k - 1) * (k**2 - (n - p) ** 2) * b[k - 2]
    assert Poly(left - right, n, p).is_zero


def test_rows_of_a_gaussian_matrix_are_independent():
    G = GaussianMatrix("G", 2, 3, variance=v)
    first, second, third = (MatrixSymbol(name, 3, 3) for name in "ABC")
    one, other = (G * first * G.T)[0, 0], (G * second * third * G.T)[1, 1]
    assert (E(one * other) - E(one) * E(other)).expand() == 0
    assert E(one**2) != E(one) ** 2
