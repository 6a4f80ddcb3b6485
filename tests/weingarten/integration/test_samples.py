"""Words averaged over samples against exact expectations.

Each mean over the draws is compared with the exact value in units of its standard error. A mean
of this many draws strays by more than 4.42 with probability 1e-5 by the normal law; the seeds are
fixed besides.
"""

import numpy as np
import pytest
from entrywise import numbers, with_explicit_form
from sympy import ImmutableMatrix, Rational, Trace, conjugate

from weingarten import E, GaussianMatrix, HaarOrthogonal, HaarSymplectic, HaarUnitary

DRAWS = 20_000
FAR = 4.42
THIRD = Rational(1, 3)

MATRICES = {
    "O(3)": HaarOrthogonal("X", 3),
    "U(3)": HaarUnitary("X", 3),
    "Sp(2)": HaarSymplectic("X", 2),
    "real Gaussian": GaussianMatrix("X", 3, 4, variance=THIRD),
    "complex Gaussian": GaussianMatrix("X", 3, 4, variance=THIRD, complex=True),
}


def constants(matrix):
    return [numbers(seed, size, size) for seed, size in enumerate(map(int, matrix.shape))]


def trace(product):
    return np.einsum("nii->n", product)


#: A statistic of the draws X, with constants B on the rows and A on the columns, and the
#: expression whose expectation it estimates.
STATISTICS = {
    "quartic": (
        lambda x, b, a: trace((x @ a @ star(x) @ b) @ (x @ a @ star(x) @ b)).real,
        lambda X, B, A: Trace(X * A * X.H * B * X * A * X.H * B),
    ),
    "square of a trace": (
        lambda x, b, a: (trace(x @ a @ star(x) @ b) ** 2).real,
        lambda X, B, A: Trace(X * A * X.H * B) ** 2,
    ),
    "entries": (
        lambda x, b, a: ((x @ a @ star(x))[:, 0, 0] * (x @ a @ star(x))[:, 1, 1]).real,
        lambda X, B, A: (X * A * X.H)[0, 0] * (X * A * X.H)[1, 1],
    ),
    "transpose": (
        lambda x, b, a: abs((x @ a @ x.transpose(0, 2, 1) @ b)[:, 0, 1]) ** 2,
        lambda X, B, A: (X * A * X.T * B)[0, 1] * conjugate((X * A * X.T * B)[0, 1]),
    ),
}


def star(x):
    return x.conj().transpose(0, 2, 1)


def exact_and_sampled(matrix, statistic, sampled_from=None):
    estimate, expression = STATISTICS[statistic]
    b, a = constants(matrix)
    answer = E(expression(matrix, ImmutableMatrix(b), ImmutableMatrix(a)))
    exact = with_explicit_form(answer)
    draws = (sampled_from or matrix).sample(DRAWS, seed=17)
    return float(exact), estimate(draws, np.array(b, dtype=float), np.array(a, dtype=float))


def standard_errors_off(exact, values):
    return abs(values.mean() - exact) / (values.std() / np.sqrt(len(values)))


@pytest.mark.parametrize("statistic", list(STATISTICS))
@pytest.mark.parametrize("name", list(MATRICES))
def test_sampled_words_agree_with_exact_expectations(name, statistic):
    exact, values = exact_and_sampled(MATRICES[name], statistic)
    assert standard_errors_off(exact, values) < FAR
    scale = values.std() / np.sqrt(DRAWS)
    assert standard_errors_off(exact + 10 * scale, values) > FAR


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("O(3)", HaarUnitary("X", 3)),
        ("U(3)", HaarOrthogonal("X", 3)),
        ("Sp(2)", HaarUnitary("X", 4)),
        ("real Gaussian", GaussianMatrix("X", 3, 4, variance=THIRD, complex=True)),
        ("complex Gaussian", GaussianMatrix("X", 3, 4, variance=THIRD)),
        ("real Gaussian", GaussianMatrix("X", 3, 4, variance=THIRD + Rational(1, 20))),
    ],
)
def test_draws_of_a_wrong_ensemble_are_caught(name, wrong):
    off = [
        standard_errors_off(*exact_and_sampled(MATRICES[name], statistic, sampled_from=wrong))
        for statistic in STATISTICS
    ]
    assert max(off) > FAR


@pytest.mark.parametrize("complex", [False, True])
def test_gaussian_draws_have_the_stated_variance_in_every_entry(complex):
    matrix = GaussianMatrix("X", 2, 3, variance=THIRD, complex=complex)
    values = abs(matrix.sample(DRAWS, seed=3)) ** 2
    errors = values.std(axis=0) / np.sqrt(DRAWS)
    assert values.shape == (DRAWS, 2, 3)
    assert (abs(values.mean(axis=0) - 1 / 3) < FAR * errors).all()


def test_a_seed_repeats_gaussian_draws():
    matrix = GaussianMatrix("X", 2, 3)
    assert np.array_equal(matrix.sample(5, seed=1), matrix.sample(5, seed=1))
    assert not np.array_equal(matrix.sample(5, seed=1), matrix.sample(5, seed=2))
