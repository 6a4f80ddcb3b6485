"""Facts travel with a calculation: none of another thread, process, or context counts."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from sympy import Eq, MatrixSymbol, Q, Trace, assuming, conjugate, symbols
from sympy.assumptions.assume import global_assumptions

from weingarten import E, HaarOrthogonal, HaarUnitary, explain

d = symbols("d", integer=True, positive=True)
A, B = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d)
W, U = HaarOrthogonal("W", d), HaarUnitary("U", d)
SQUARE = (W * A * W.T)[0, 0] ** 2
PLAIN = (Trace(A * A.T) + Trace(A**2) + Trace(A) ** 2) / (d * (d + 2))
SYMMETRIC = (2 * Trace(A**2) + Trace(A) ** 2) / (d * (d + 2))


def test_a_fact_changes_the_call_that_has_it_and_no_other():
    assert E(SQUARE) == PLAIN
    assert E(SQUARE, Q.symmetric(A)) == E(SQUARE, given=[Q.symmetric(A)]) == SYMMETRIC
    assert E(SQUARE) == PLAIN


def test_facts_of_one_thread_do_not_reach_another():
    with ThreadPoolExecutor(4) as threads:
        futures = [threads.submit(E, SQUARE, Q.symmetric(A) if n % 2 else None) for n in range(16)]
        values = [future.result() for future in futures]
    assert values == [PLAIN, SYMMETRIC] * 8


def test_values_come_out_of_a_process_pool():
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(E, SQUARE, Q.symmetric(A)).result() == SYMMETRIC


def test_answers_and_conditions_pickle():
    answer = E(SQUARE, conditions=True)
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_a_global_assumption_does_not_count_and_is_said_not_to():
    with (
        assuming(Q.symmetric(A)),
        pytest.warns(UserWarning, match=r"does not count; write E\(\.\.\., given=Q.symmetric\(A\)"),
    ):
        assert E(SQUARE) == PLAIN
    assert not global_assumptions


def test_the_warning_points_at_the_line_of_the_call():
    with pytest.warns(UserWarning, match=r"Q.positive_definite\(A\) is not used") as caught:
        E(SQUARE, Q.positive_definite(A))
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (Q.symmetric(W), ValueError, "W is random, and its law is that of HaarOrthogonal"),
        (Eq(W * A, A), ValueError, "W is random, and its law is that of HaarOrthogonal"),
        (5, TypeError, "given = 5: expected SymPy assumptions"),
        (True, TypeError, "given = True: expected SymPy assumptions"),
        ("symmetric", TypeError, "given = 'symmetric': expected SymPy assumptions"),
    ],
)
def test_what_is_no_fact_about_a_constant_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        E(SQUARE, given)


def test_a_fact_about_a_matrix_that_does_not_occur_is_named():
    with pytest.warns(UserWarning, match=r"Q.symmetric\(B\) speaks of no constant matrix of expr"):
        E(SQUARE, Q.symmetric(B))


def test_hermitian_facts_turn_conjugates_into_transposes():
    assert E(Trace(U * A * U.H * conjugate(A)), Q.hermitian(A)) == Trace(A) ** 2 / d
    assert E(conjugate(Trace(U * A * U.H)), Q.hermitian(A)) == Trace(A)


def test_facts_reach_an_explanation():
    assert explain(SQUARE, given=Q.symmetric(A)).value == SYMMETRIC


# Averaging over some of the matrices ------------------------------------------------------------


def test_over_one_matrix_the_others_stay():
    V = HaarUnitary("V", d)
    word = Trace(U * V * A * V.H * U.H * B)
    inner = E(Trace(U * A * U.H * V * B * V.H), over=U)
    assert E(inner) == Trace(A) * Trace(B) / d
    partly = E(Trace(U * A * U.H * V) * Trace(B), over=U)
    assert partly == Trace(A) * Trace(B) * Trace(V) / d
    assert E(partly) == E(Trace(U * A * U.H * V) * Trace(B)) == 0
    assert E(word, over=[U, V]) == E(word)


def test_over_a_matrix_that_does_not_occur_is_refused():
    with pytest.raises(ValueError, match="over = V: expected a random matrix of expr, here U"):
        E(Trace(U * A * U.H), over=HaarUnitary("V", d))
