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
    d,
    i,
    n,
    same,
)
from sympy import (
    Determinant,
    DiagMatrix,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Trace,
    expand,
    sqrt,
)

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


# Indices, facts, points -----------------------------------------------------------------------


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
