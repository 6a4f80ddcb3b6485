"""Random matrices as SymPy objects, and as samples checked against exact expectations."""

import copy
import pickle

import numpy as np
import pytest
from sympy import (
    Integer,
    MatrixSymbol,
    Rational,
    Symbol,
    conjugate,
    lambdify,
    latex,
    symbols,
)

from weingarten import E, HaarOrthogonal, HaarSymplectic, HaarUnitary

d = symbols("d", integer=True, positive=True)
i, j = symbols("i j", integer=True)
ENSEMBLES = [HaarOrthogonal, HaarUnitary, HaarSymplectic]

all_ensembles = pytest.mark.parametrize("ensemble", ENSEMBLES)

# As SymPy objects --------------------------------------------------------------------------------


@all_ensembles
def test_equal_matrices_have_equal_class_name_and_dimension(ensemble):
    matrix = ensemble("W", d)
    assert matrix == ensemble("W", d)
    assert hash(matrix) == hash(ensemble("W", d))
    others = [ensemble("V", d), ensemble("W", 3), ensemble("W", Symbol("d"))]
    others += [other("W", d) for other in ENSEMBLES if other is not ensemble]
    others += [MatrixSymbol("W", d, d)]
    assert all(matrix != other for other in others)


def test_shapes_are_the_dimension_and_for_sp_twice_that():
    assert HaarOrthogonal("W", d).shape == HaarUnitary("U", d).shape == (d, d)
    assert HaarSymplectic("S", d).shape == (2 * d, 2 * d)
    assert HaarOrthogonal("W", Integer(3)).shape == HaarOrthogonal("W", np.int64(3)).shape == (3, 3)


@all_ensembles
def test_a_name_may_be_a_string_or_a_symbol(ensemble):
    assert ensemble(Symbol("W"), d) == ensemble("W", d)
    assert ensemble("W", d).name == "W"
    assert str(ensemble("W", d)[0, 1]) == "W[0, 1]"
    assert "W" in latex(ensemble("W", d)[0, 1])


def test_only_orthogonal_entries_are_real():
    assert HaarOrthogonal("W", d)[i, j].is_real
    assert conjugate(HaarOrthogonal("W", d)[0, 1]) == HaarOrthogonal("W", d)[0, 1]
    assert HaarUnitary("U", d)[0, 1].is_real is None
    assert HaarUnitary("U", d).H[0, 1] == conjugate(HaarUnitary("U", d)[1, 0])


@all_ensembles
@pytest.mark.parametrize("size", [d, 3], ids=str)
def test_matrices_and_entries_survive_pickling_and_copying(ensemble, size):
    matrix = ensemble("W", size)
    for thing in (matrix, matrix[0, 1], matrix[0, 1] ** 2 + conjugate(matrix[i, j])):
        for other in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
            assert other == thing
            assert type(other) is type(thing)
    restored = pickle.loads(pickle.dumps(matrix[0, 0]))
    assert E(restored * conjugate(restored)) == E(matrix[0, 0] * conjugate(matrix[0, 0]))


@all_ensembles
def test_a_number_put_in_for_the_dimension_gives_the_matrix_of_that_size(ensemble):
    assert ensemble("W", d).subs(d, 3) == ensemble("W", 3)
    assert ensemble("W", d)[0, 1].subs(d, 3) == ensemble("W", 3)[0, 1]
    entry = ensemble("W", d)[i, j].subs({d: 3, i: 0, j: 1})
    assert entry == ensemble("W", 3)[0, 1]
    assert type(entry) is type(ensemble("W", 3)[0, 1])


def test_an_expectation_does_not_change_when_the_dimension_is_put_in_first():
    f = HaarOrthogonal("W", d)[0, 0] ** 2 * HaarOrthogonal("W", d)[1, 1] ** 2
    assert E(f.subs(d, 4)) == E(f).subs(d, 4) == Rational(5, 72)


# Indices -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matrix", "row", "last"),
    [
        (HaarOrthogonal("W", d), -1, "d - 1"),
        (HaarOrthogonal("W", d), d, "d - 1"),
        (HaarOrthogonal("W", d), d + 1, "d - 1"),
        (HaarOrthogonal("W", 2), 2, "1"),
        (HaarUnitary("W", 2), 7, "1"),
        (HaarSymplectic("W", 2), 4, "3"),
        (HaarSymplectic("W", d), 2 * d, "2\\*d - 1"),
    ],
    ids=str,
)
def test_an_index_out_of_range_is_refused(matrix, row, last):
    expected = rf" index of W = .*: expected an integer from 0 to {last}$"
    with pytest.raises(IndexError, match="^row" + expected) as caught:
        matrix[row, 0]
    assert f"= {row}:" in str(caught.value)
    assert isinstance(caught.value, ValueError)
    with pytest.raises(IndexError, match="^column" + expected):
        matrix[0, row]


@pytest.mark.parametrize("index", [0.5, Rational(1, 2), Symbol("r", integer=False)])
def test_an_index_that_is_no_integer_is_refused(index):
    message = r"^row index of W = .*: expected an integer from 0 to d - 1"
    with pytest.raises(TypeError, match=message):
        HaarOrthogonal("W", d)[index, 0]


def test_a_float_is_no_index():
    with pytest.raises(TypeError, match=r"row index of W = 1\.0"):
        HaarOrthogonal("W", d)[1.0, 0]


def test_a_string_is_no_index():
    with pytest.raises(TypeError, match="row index of W = 'a'"):
        HaarOrthogonal("W", d)["a", 0]


def test_an_index_is_checked_when_numbers_are_put_in():
    W = HaarOrthogonal("W", d)
    with pytest.raises(IndexError, match="row index of W = 3: expected an integer from 0 to 1"):
        W[3, 3].subs(d, 2)
    with pytest.raises(IndexError, match="row index of W = -1"):
        W[i, 0].subs(i, -1)
    with pytest.raises(ValueError, match="d = 0: expected a positive integer"):
        W.subs(d, 0)


def test_the_last_row_of_a_symbolic_dimension_exists():
    W = HaarOrthogonal("W", d)
    assert E(W[d - 1, 0] ** 2) == 1 / d


# Dimensions and names ----------------------------------------------------------------------------


@all_ensembles
@pytest.mark.parametrize(
    ("size", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (2.5, ValueError),
        (Rational(3, 2), ValueError),
        ("x y", TypeError),
        (None, TypeError),
        (-2 * d, ValueError),
        (d + Rational(1, 2), ValueError),
        (Symbol("n", negative=True), ValueError),
        (Symbol("n", integer=False), ValueError),
    ],
    ids=str,
)
def test_a_dimension_that_is_none_is_refused(ensemble, size, error):
    name = "m" if ensemble is HaarSymplectic else "d"
    with pytest.raises(error, match=rf"^{name} = .*expected a positive integer or a SymPy symbol"):
        ensemble("W", size)


@all_ensembles
@pytest.mark.parametrize("name", [3, None, ["W"], d + 1], ids=str)
def test_a_name_that_is_none_is_refused(ensemble, name):
    with pytest.raises(TypeError, match=r"^name = .*: expected a string"):
        ensemble(name, d)


# Samples -----------------------------------------------------------------------------------------

DRAWS = 20_000
#: A mean of 20,000 draws strays further with probability 1e-5; the seeds are fixed besides.
FAR = 4.4


def z_score(expression, value, draws):
    """By how many standard errors the mean of an expression in W differs from a value."""
    entries = sorted(expression.atoms(MatrixSymbol), key=str)
    [matrix] = entries
    places = sorted({(int(e.i), int(e.j)) for e in expression.atoms(type(matrix[0, 0]))})
    evaluate = lambdify([matrix[place] for place in places], expression)
    values = np.real(evaluate(*(draws[:, a, b] for a, b in places)))
    return abs(values.mean() - float(value)) / (values.std() / np.sqrt(len(values)))


W3, U3, S2 = HaarOrthogonal("W", 3), HaarUnitary("U", 3), HaarSymplectic("S", 2)


def modulus(entry):
    return entry * conjugate(entry)


SAMPLED = [
    W3[0, 0] ** 2,
    W3[0, 0] ** 4,
    W3[0, 0] ** 2 * W3[1, 1] ** 2,
    W3[0, 0] * W3[0, 1] * W3[1, 0] * W3[1, 1],
    W3[0, 0] ** 2 * W3[1, 1] ** 2 * W3[2, 2] ** 2,
    W3[0, 0] + W3[1, 1] + W3[2, 2],
    U3[0, 0] + 1,
    modulus(U3[0, 0]) ** 2,
    modulus(U3[0, 0]) * modulus(U3[1, 1]),
    U3[0, 0] * U3[1, 1] * conjugate(U3[0, 1] * U3[1, 0]),
    S2[0, 0] * S2[1, 1],
    S2[0, 0] * S2[1, 2] * S2[2, 1] * S2[3, 3],
    S2[0, 2] * S2[1, 3] * S2[2, 2] * S2[3, 3],
    modulus(S2[0, 0]) * modulus(S2[2, 2]),
    modulus(S2[0, 0]) * modulus(S2[1, 1]),
]


def sample_of(expression):
    [matrix] = expression.atoms(HaarOrthogonal, HaarUnitary, HaarSymplectic)
    return matrix.sample(DRAWS, seed=20240229)


@pytest.mark.parametrize("expression", SAMPLED, ids=str)
def test_sampled_means_agree_with_exact_expectations(expression):
    assert z_score(expression, E(expression), sample_of(expression)) < FAR


@pytest.mark.parametrize("expression", SAMPLED[1:3] + SAMPLED[7:9], ids=str)
def test_a_wrong_expectation_is_rejected_by_the_same_comparison(expression):
    assert z_score(expression, E(expression) * Rational(11, 10), sample_of(expression)) > FAR


def test_orthogonal_matrices_from_qr_without_fixing_signs_are_rejected_by_the_same_comparison():
    draws = np.linalg.qr(np.random.default_rng(1).standard_normal((DRAWS, 3, 3)))[0]
    trace = W3[0, 0] + W3[1, 1] + W3[2, 2]
    assert np.allclose(draws @ draws.transpose(0, 2, 1), np.eye(3))
    assert z_score(trace, E(trace), draws) > FAR


def test_rotations_alone_are_rejected_by_the_same_comparison():
    draws = W3.sample(DRAWS, seed=1)
    draws[:, 0] *= np.sign(np.linalg.det(draws))[:, None]
    diagonal = W3[0, 0] * W3[1, 1] * W3[2, 2]
    assert E(diagonal) == 0
    assert z_score(diagonal, 0, W3.sample(DRAWS, seed=1)) < FAR
    assert z_score(diagonal, 0, draws) > FAR


@pytest.mark.parametrize("matrix", [W3, U3, S2], ids=str)
def test_samples_are_unitary_of_the_right_shape_and_kind(matrix):
    draws = matrix.sample(50, seed=0)
    size = int(matrix.shape[0])
    assert draws.shape == (50, size, size)
    assert np.isrealobj(draws) == (matrix is W3)
    assert np.allclose(draws @ draws.conj().transpose(0, 2, 1), np.eye(size))


def test_symplectic_samples_keep_the_form():
    draws = S2.sample(50, seed=0)
    form = np.kron(np.eye(2), [[0, 1], [-1, 0]])
    assert np.allclose(draws @ form @ draws.transpose(0, 2, 1), form)


@all_ensembles
@pytest.mark.parametrize(("size", "number"), [(1, 1), (1, 5), (3, 1)])
def test_samples_of_one_draw_or_one_dimension_keep_their_axes(ensemble, size, number):
    draws = ensemble("W", size).sample(number, seed=0)
    wide = 2 * size if ensemble is HaarSymplectic else size
    assert draws.shape == (number, wide, wide)


@all_ensembles
def test_a_seed_repeats_a_sample_and_a_generator_moves_on(ensemble):
    matrix = ensemble("W", 3)
    assert np.array_equal(matrix.sample(4, seed=7), matrix.sample(4, seed=7))
    assert not np.array_equal(matrix.sample(4, seed=7), matrix.sample(4, seed=8))
    generator = np.random.default_rng(7)
    assert np.array_equal(matrix.sample(4, seed=generator), matrix.sample(4, seed=7))
    assert not np.array_equal(matrix.sample(4, seed=generator), matrix.sample(4, seed=7))


def test_a_symbolic_dimension_cannot_be_sampled():
    with pytest.raises(ValueError, match=r"W has the symbolic dimension d; .*W\.subs\(d, 5\)"):
        HaarOrthogonal("W", d).sample(3)


@pytest.mark.parametrize("number", [-1, 1.5, "3", None])
@all_ensembles
def test_a_number_of_draws_that_is_none_is_refused(ensemble, number):
    with pytest.raises((TypeError, ValueError), match=r"^size = .*: expected a"):
        ensemble("W", 2).sample(number)


@pytest.mark.parametrize("ensemble", [HaarSymplectic])
def test_no_draws_are_an_empty_sample(ensemble):
    assert ensemble("W", 2).sample(0).shape == (0, 4, 4)
