"""explain: the contractions add up to E, print, and can be drawn."""

import pytest
from sympy import MatrixSymbol, Trace, conjugate, symbols

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary, explain

d, m = symbols("d m", integer=True, positive=True)
i, j = symbols("i j", integer=True)
W, V, U = HaarOrthogonal("W", d), HaarOrthogonal("V", d), HaarUnitary("U", d)
S, G = HaarSymplectic("S", m), GaussianMatrix("G", d, m)
A, B, C, D = (MatrixSymbol(name, d, d) for name in "ABCD")
K = MatrixSymbol("K", 2 * m, 2 * m)

EXPRESSIONS = [
    W[0, 0] ** 4,
    W[0, 0] ** 2 * W[0, 1] ** 2,
    Trace(W * A * W.T * B * W * C * W.T * D),
    (U * A * U.H)[i, j] * conjugate(U[0, 0]) * U[0, 0],
    abs(Trace(U)) ** 4,
    Trace(S * K * S.T * K) * Trace(S) ** 2,
    Trace(G * G.T) ** 2,
    Trace(W * A) ** 2 + 3 * Trace(B) * W[0, 0] ** 2,
]


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_the_contractions_add_up_to_the_expectation(expr):
    why = explain(expr)
    assert why.value == E(expr)
    assert why.check()


def test_every_pair_of_pairings_is_there():
    assert len(explain(Trace(W * A * W.T * B * W * C * W.T * D)).contractions) == 9
    assert len(explain(W[0, 0] ** 2 * W[0, 1] ** 2).contractions) == 3


def test_a_missing_contraction_is_noticed():
    why = explain(W[0, 0] ** 4)
    fewer = type(why)(why.expr, why.matrix, why.contractions[1:], why.value)
    assert not fewer.check()


def test_it_prints_as_a_table_and_as_latex():
    why = explain(Trace(W * A * W.T * B))
    assert "Trace(A)*Trace(B)" in str(why)
    assert r"\operatorname{tr}\left(A \right)" in why.latex()
    assert why._repr_latex_().startswith("$")


def test_the_matrix_to_integrate_can_be_chosen():
    why = explain(Trace(W * A * W.T * V * B * V.T), V)
    assert why.matrix == V
    assert E(why.value) == E(why.expr)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_contraction_is_drawn(tmp_path, suffix):
    path = tmp_path / f"contraction.{suffix}"
    explain(EXPRESSIONS[3]).draw(path, which=1)
    assert path.stat().st_size > 1000


def test_a_contraction_that_is_not_there_cannot_be_drawn():
    with pytest.raises(IndexError, match="which = 9"):
        explain(EXPRESSIONS[2]).draw(which=9)


def test_an_expression_without_a_random_matrix_is_refused():
    with pytest.raises(ValueError, match="expected an expression in a random matrix"):
        explain(Trace(A))


def test_a_matrix_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="matrix = V"):
        explain(Trace(W), V)


def test_terms_without_the_matrix_stand_beside_the_contractions():
    W = HaarOrthogonal("W", symbols("d", integer=True, positive=True))
    why = explain(W[0, 0] ** 2 + 3)
    assert (why.rest, why.check()) == (3, True)
    assert "beside them, without W: 3" in str(why)


def test_what_is_no_scalar_is_refused():
    W = HaarOrthogonal("W", 3)
    for expr in (None, [1], W * W.T):
        with pytest.raises(TypeError, match="expr = "):
            explain(expr)
