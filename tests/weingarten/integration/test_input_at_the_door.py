"""Input that makes no sense, or that SymPy and NumPy turn into something else: right, or refused.

A refusal says in one line what to write instead.
"""

import re
import threading

import numpy as np
import pytest
from everyday import (
    ALL,
    R2,
    W3,
    A,
    B,
    G,
    M,
    U,
    W,
    assert_right,
    column,
    d,
    i,
    k,
    n,
    same,
)
from expansion import expectation, value_of
from sympy import (
    Abs,
    Adjoint,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    Eq,
    HadamardPower,
    HadamardProduct,
    KroneckerProduct,
    MatrixSymbol,
    Ne,
    Product,
    Q,
    Rational,
    S,
    Sum,
    Trace,
    ZeroMatrix,
    conjugate,
    expand,
    sqrt,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    E,
    HaarOrthogonal,
    HaarUnitary,
    crosscheck,
    estimate,
    weingarten_series,
)

# Wrong values ---------------------------------------------------------------------------------
# The sums over indices are in test_random_sums.py.


def test_a_series_goes_on_as_long_as_it_is_asked_to():
    # Wg((2)) of U(d) is -1/((d - 1) d (d + 1)) = -(d^-3 + d^-5 + d^-7 + ...).
    series = weingarten_series("unitary", (2,), d, 28)
    assert expand(series + sum(d**-k for k in range(3, 28, 2))) == 0
    # Wg((1, 1)) is 1/(d^2 - 1) = d^-2 + d^-4 + ...
    long = weingarten_series("unitary", (1, 1), d, 61)
    assert expand(long - sum(d**-k for k in range(2, 61, 2))) == 0
    # Of O(d): -1/((d - 1) d (d + 2)), whose recursion from (d^3 + d^2 - 2 d) s = -1 is
    # s_3 = -1, s_(k+1) = -s_k + 2 s_(k-1).
    terms = {2: 0, 3: -1}
    for power in range(4, 32):
        terms[power] = -terms[power - 1] + 2 * terms[power - 2]
    orthogonal = weingarten_series("orthogonal", (2,), d, 31)
    assert expand(orthogonal - sum(t * d**-power for power, t in terms.items())) == 0


def test_a_root_of_a_constant_is_one_or_is_refused():
    A2 = MatrixSymbol("A", 2, 2)
    root = Trace(R2 * A2 ** Rational(1, 2) * R2.T)
    # The trace of the root of diag(4, 9) is 2 + 3.
    try:
        check = crosscheck(root, samples=100, seed=0, at={A2: [[4, 0], [0, 9]]})
    except (ValueError, TypeError) as error:
        assert re.search(r"A\*\*\(1/2\)|sqrt\(A\)|A has|power", str(error))
    else:
        assert check
        assert np.allclose(check.value, 5)


@pytest.mark.parametrize(
    "build",
    [
        lambda: W * M * W.T,
        lambda: W.T * M * W,
        lambda: U * M * U.H,
        lambda: Trace(W * M * W.T),
        lambda: G * A * G.T,
        lambda: W + M,
        lambda: Trace(W * A) * Trace(M * W),
        lambda: DiagMatrix(MatrixSymbol("v", n, 1)) * W,
        lambda: Trace(M) * W[0, 0],
    ],
)
def test_shapes_that_do_not_fit_are_refused(build):
    with pytest.raises(
        (ValueError, TypeError), match=r"(?s)(d.*n|shape|[Ss]quare|align|dimension)"
    ):
        E(build() * 1)


def test_the_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"(?s)W.*d.*d.*M.*d.*n|M.*d.*n.*W.*d.*d"):
        E(W * M * W.T)


def test_facts_do_not_pass_from_one_thread_to_another():
    expr = (W * A * W.T)[0, 0] ** 2
    plain, symmetric = E(expr), E(expr, given=Q.symmetric(A))
    assert plain != symmetric
    found = []

    def ask(fact, right):
        found.extend(E(expr, given=fact) == right for _ in range(15))

    threads = [
        threading.Thread(target=ask, args=both)
        for both in [(None, plain), (Q.symmetric(A), symmetric)] * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 60
    assert all(found)


def test_the_determinant_of_a_subclass_is_no_zero():
    class SU(HaarUnitary):
        """Not known to the engine: unitary matrices of determinant 1."""

    try:
        value = E(Determinant(SU("V", 2)))
    except (ValueError, TypeError, NotImplementedError) as error:
        assert re.search("SU|subclass|Determinant", str(error))
    else:
        assert value == 1


def test_a_subclass_is_not_taken_for_its_parent():
    class Half(HaarOrthogonal):
        """Not known to the engine, whatever its law may be."""

    with pytest.raises((ValueError, TypeError, NotImplementedError), match=r"Half|subclass"):
        E(Half("H", d)[0, 0] ** 2)


def test_shifted_indices_out_of_range_are_refused():
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W3[i + 1, 0] ** 2, (i, 0, 2)))
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W[i + 1, 0] ** 2, ALL))
    with pytest.raises(IndexError, match=r"W.*expected"):
        E(Sum(W[i - 1, 0] ** 2, ALL))


def test_indices_inside_a_sum_count_in_the_conditions():
    for expr, least in [
        (Sum(W[i, 0] ** 2, (i, 0, 3)), 4),
        (Sum(W[i + 2, 0] ** 2, (i, 0, 3)), 6),
        (Sum(W[0, 2 * i] ** 2, (i, 0, 1)), 3),
        (Sum((W * A * W.T)[i, i], (i, 0, 2)), 3),
        (Sum(W[0, i] ** 2 * W[4, 0] ** 2, (i, 0, 1)), 5),
    ]:
        _, condition = E(expr, conditions=True)
        assert [bool(condition.subs(d, size)) for size in range(1, 9)] == [
            size >= least for size in range(1, 9)
        ]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Q.symmetric(W), r"Q\.symmetric\(W\)"),
        (Q.positive_definite(A), r"Q\.positive_definite\(A\)"),
        (Q.positive(d), r"Q\.positive\(d\)"),
        (Q.symmetric(B), r"Q\.symmetric\(B\)"),
        ([Q.symmetric(A), Q.positive_definite(A)], r"Q\.positive_definite\(A\)"),
        (Q.symmetric(A) | Q.hermitian(A), r"given"),
    ],
    ids=str,
)
def test_a_fact_that_is_not_used_is_named(fact, words):
    expr = Trace(W * A * W.T * A)
    with pytest.raises((ValueError, UserWarning), match=words):
        E(expr, given=fact)


def test_facts_one_or_several():
    expr = Trace(W * A * W.T * A.T) + Trace(U * B * U.H * B)
    assert_right(expr)
    both = [Q.symmetric(A), Q.symmetric(B)]
    assert same(E(expr, given=both), E(expr, both))
    assert E((W * A * W.T)[0, 0] ** 2, given=Q.symmetric(A)) == E(
        (W * A * W.T)[0, 0] ** 2, Q.symmetric(A)
    )
    with pytest.raises(TypeError, match="given = 'symmetric'"):
        E(expr, given="symmetric")


#: A point of a wrong kind, or none; and what the line that refuses it has to name.
POINTS = [
    ({"at": 5}, (TypeError, ValueError), r"at = 5"),
    ({"at": {d: 3.0}}, (TypeError, ValueError), r"d.*3\.0|3\.0.*d"),
    ({"at": {d: -1}}, (TypeError, ValueError), r"d.*-1|-1.*d"),
    ({"at": {d: 2.5}}, (TypeError, ValueError), r"d.*2\.5|2\.5.*d"),
    ({"at": "d"}, (TypeError, ValueError), r"at = 'd'"),
    ({}, (TypeError, ValueError), r"at=\{.*d|dimension d"),
    ({"at": {}}, (TypeError, ValueError), r"at=\{.*d|dimension d"),
]


@pytest.mark.parametrize(("options", "error", "words"), POINTS, ids=str)
@pytest.mark.parametrize("function", [estimate, crosscheck])
def test_a_point_that_makes_no_sense_is_refused_in_one_line(function, options, error, words):
    with pytest.raises(error, match=words) as caught:
        function(W[0, 0] ** 2, samples=10, **options)
    assert len(str(caught.value).splitlines()) == 1


def test_a_root_of_what_is_negative_is_said_to_be_no_number():
    # Tr R is below zero for half of the matrices; real arithmetic gives nan there.
    try:
        found = estimate(sqrt(Trace(R2)), samples=200, seed=0)
    except ValueError as error:
        assert re.search("nan|sqrt", str(error))
    else:
        # Complex numbers are as good an answer: E sqrt(2 cos t), half of the time imaginary.
        assert np.isfinite(found.mean)
        assert abs(np.imag(found.mean)) > 0.1


@pytest.mark.parametrize(
    "build",
    [
        lambda: (W * M * W.T)[0, 0],
        lambda: (W * M * W.T)[0, 0] ** 2,
        lambda: (W.T * M.T * W)[0, 1],
        lambda: (M * W)[0, 0] * W[0, 0],
        lambda: (A * M * W)[0, 0] * W[0, 0],
        lambda: ((W + A) * M * W.T)[0, 0],
        lambda: ((W * M) ** 2)[0, 0],
        lambda: (W * M * W.T).T[1, 0],
        lambda: MatrixElement(W * M * W.T, S.Zero, S.Zero),
        lambda: (W + M)[0, 0],
        lambda: (M + W)[0, 0] * W[0, 0],
        lambda: (W * column * column * W.T)[0, 0],
        lambda: (column * W)[0, 0] * W[0, 0],
        lambda: (HaarUnitary("P", 2 * d) * HaarUnitary("R", d + 2))[0, 0],
    ],
)
def test_an_entry_of_what_does_not_fit_is_refused_with_the_shapes(build):
    with pytest.raises(ValueError, match=r"of shape .* x .* of shape .* x .*expected"):
        E(build())


def test_an_entry_of_what_fits_is_read():
    # Sizes that are equal, and only written in another way; and a sum of one's own.
    P, C = HaarUnitary("P", 2 * d + 2), MatrixSymbol("C", 2 * (d + 1), 2)
    found = E(Abs((P * C)[0, 0]) ** 2)
    right = Sum(Abs(C[i, 0]) ** 2, (i, 0, 2 * d + 1)) / (2 * d + 2)
    assert value_of(found, {d: 2}) == value_of(right, {d: 2})
    total = Sum(M[i, k] * W[0, i] * W[0, k], (i, 0, d - 1), (k, 0, n - 1))
    answer, condition = E(total, conditions=True)
    assert condition == (n <= d)
    assert same(value_of(answer, {d: 3, n: 2}), expectation(total, {d: 3, n: 2}))


@pytest.mark.parametrize(
    ("fact", "same_as"),
    [
        (Q.symmetric(A.T), Q.symmetric(A)),
        (Q.symmetric(2 * A), Q.symmetric(A)),
        (Q.symmetric(conjugate(A)), Q.symmetric(A)),
        (Q.symmetric(Adjoint(A)), Q.symmetric(A)),
        (Q.diagonal(A.T), Q.diagonal(A)),
        (Q.symmetric(A.T) & Q.real_elements(-A), Q.symmetric(A) & Q.real_elements(A)),
    ],
    ids=str,
)
def test_a_fact_about_the_transpose_or_a_multiple_counts(fact, same_as):
    expr = (W * A * W.T)[0, 0] ** 2
    assert E(expr, fact) == E(expr, same_as) != E(expr)


def test_a_fact_about_the_adjoint_counts():
    expr = Trace(U * A * U.H * B) * Trace(A.T * Adjoint(A))
    assert E(expr, Q.hermitian(Adjoint(A))) == E(expr, Q.hermitian(A)) != E(expr)
    assert E(expr, Q.real_elements(A.T)) == E(expr, Q.real_elements(A)) != E(expr)


def test_a_matrix_that_is_zero_is_zero():
    assert E((W * A * W.T)[0, 0] ** 2, Q.zero(A)) == 0
    assert E(Trace(W * (A + B) * W.T) ** 2, Q.zero(A)) == E(Trace(W * B * W.T) ** 2)
    assert E(W * A * W.T, Q.zero(A)) == ZeroMatrix(d, d)
    assert E((W * A.T * W.T)[0, 0] + 1, Q.zero(A.T)) == 1
    with pytest.raises(ValueError, match=r"Q\.zero\(A\).*value of A"):
        crosscheck(Trace(W * A * W.T), at={d: 2, A: [[1, 0], [0, 1]]}, given=Q.zero(A))


@pytest.mark.parametrize(
    "predicate", [Q.real, Q.positive, Q.integer, Q.rational, Q.even, Q.nonzero, Q.imaginary]
)
def test_a_fact_about_numbers_said_of_a_matrix_is_refused(predicate):
    # SymPy concludes from Q.real(A) that A is hermitian.
    with pytest.raises(ValueError, match=r"given = Q\..*\(A\).*numbers.*matrix.*Q\.real_elements"):
        E((W * A * W.T)[0, 0] ** 2, predicate(A))


@pytest.mark.parametrize("relation", [Ne(i, k), Eq(i, k), i < k])
def test_a_relation_between_indices_is_refused_with_what_to_write(relation):
    with pytest.raises(ValueError, match=r"given = .*indices.*subs"):
        E(W[i, 0] * W[k, 0], given=relation)


@pytest.mark.parametrize("value", ["yes", 1, None, 0])
def test_whether_conditions_are_asked_for_is_yes_or_no(value):
    with pytest.raises(TypeError, match=rf"conditions = {value!r}: expected True or False"):
        E(W[0, 0] ** 2, conditions=value)


@pytest.mark.parametrize("number", [np.float64(2), np.int64(2), np.complex128(2), np.array(2)])
def test_a_number_of_numpys_is_a_number(number):
    assert complex(E(number)) == 2
    assert E(number).is_Integer == isinstance(number.item(), int)


@pytest.mark.parametrize(
    ("expr", "instead"),
    [
        (BlockMatrix([[W, A], [B, W]]), "block_collapse"),
        (Trace(BlockMatrix([[W, A], [B, W]]) ** 2), "block_collapse"),
        (HadamardProduct(HadamardPower(W, -1), A), "positive integer exponent"),
        (KroneckerProduct(W, W), r"W\[i, j\]\*W\[k, l\]"),
        (Product(W[i, 0] ** 2, (i, 0, n)), "doit"),
        (Abs(W[0, 0] + W[0, 1]), r"Abs\(\.\.\.\)\*\*2"),
        (sqrt(W[0, 0]), "estimate"),
    ],
    ids=str,
)
def test_what_is_no_polynomial_is_refused_in_one_line_with_what_to_write(expr, instead):
    with pytest.raises(ValueError, match=rf"not a polynomial.*{instead}") as caught:
        E(expr)
    assert len(str(caught.value).splitlines()) == 1


def test_entries_of_matrices_that_are_no_words_are_read():
    assert E(MatrixElement(HadamardProduct(W, W), S.Zero, S.Zero)) == 1 / d
    assert same(E(HadamardProduct(W, A)[0, 0] ** 2), A[0, 0] ** 2 / d)
    assert E((W * A * W.T)[:2, :2][0, 1]) == E((W * A * W.T)[0, 1])
    assert E((W * A * W.T)[1:3, :2][0, 1] ** 2) == E((W * A * W.T)[1, 1] ** 2)
    # Row 0 and column 4 of the tensor product are W[0, 1]*W[0, 1]; row and column 4 W[1, 1]**2.
    assert E(KroneckerProduct(W3, W3)[0, 4]) == Rational(1, 3)
    assert E(KroneckerProduct(W3, W3)[4, 4] ** 2) == Rational(3, 15)


@pytest.mark.parametrize("rate", ["a", None, 1j, True])
def test_a_rate_of_false_alarms_that_is_no_number_is_refused(rate):
    with pytest.raises(TypeError, match=r"false_alarm_rate = .*: expected a probability"):
        crosscheck(W[0, 0] ** 2, at={d: 3}, samples=10, false_alarm_rate=rate)


@pytest.mark.parametrize("rate", [0, 1, -0.5, 2, float("nan")])
def test_a_rate_of_false_alarms_that_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match=r"false_alarm_rate = .*: expected a probability"):
        crosscheck(W[0, 0] ** 2, at={d: 3}, samples=10, false_alarm_rate=rate)


def test_an_estimate_of_a_small_matrix_shows_its_entries():
    found = estimate(W * A * W.T, at={d: 2, A: [[1, 2], [3, 4]]}, samples=100)
    assert repr(found).count("±") == 4
    assert f"{found.mean[0, 1]:.4g}" in repr(found)
    check = crosscheck(W * A * W.T, at={d: 2, A: [[1, 2], [3, 4]]}, samples=100)
    assert "exact [2.5, 0; 0, 2.5]" in repr(check)
    large = estimate(W, at={d: 5}, samples=10)
    assert repr(large).startswith("array of shape (5, 5)")
    assert all(f"{entry:.4g}" in repr(large) for entry in large.mean.ravel())


def test_a_value_of_what_does_not_stand_in_the_expression_is_named():
    found = estimate(W[0, 0] ** 2, at={d: 3, n: 4, A: np.eye(3)}, samples=10)
    assert found.unused == ("A", "n")
    assert repr(found).endswith("(10 samples; not in expr: A, n)")
    assert not estimate(W[0, 0] ** 2, at={d: 3}, samples=10).unused
