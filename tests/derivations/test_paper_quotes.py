"""The paper's statements as the paper has them: what no derivation can see is compared here.

Where a bound of the paper is loose, a slightly other one is true too, and its proof holds.
"""

import pytest
from sympy import Min, Rational, Sum, exp, log, sqrt

from derivations import catalogue
from derivations.formulas.backward_letters import constant, lam_min
from derivations.notation import L, X, a, d, i, iso, k, lam, phi, phi_0

SPREAD = Sum((lam[k] - 1) ** 2, (k, 0, d - 1))
ROWS = Sum(a[i], (i, 0, d - 1))
NORMS = Sum(sqrt(a[i]), (i, 0, d - 1))

RIGHT_SIDES = {
    "paper-lemma-a1": (ROWS / d) / (NORMS / d) ** 2 * iso(X),
    "paper-lemma-a2": (ROWS / d) / (NORMS / d) ** 2 * iso(X),
    "paper-corollary-a3": 1,
    "paper-weingarten-e1": (d + 1) / (d * (d + 2) * (d - 1)),
    "paper-weingarten-e2": (d - 1) / (d * (d + 2) * (d - 1)),
    "paper-norm-product": 1 - SPREAD / (2 * d * (d + 2) * (d - 1)),
    "paper-theorem-3": iso(X) / (1 - SPREAD / (2 * d**2 * (d + 2))),
    "paper-corollary-4": phi(X) + log(1 - SPREAD / (2 * d**2 * (d + 2))),
    "paper-lemma-b1": 16 * d * phi(X),
    "paper-lemma-b2": phi(X) - Min(phi(X), 1 / (16 * d)) / (2 * d**2),
    "paper-theorem-1": phi_0 * exp(-L / (2 * d**2 * (1 + d * phi_0))),  # C = 2
    "paper-lemma-c2": 2,
    "paper-lemma-c3": constant * d**5 * (phi_0**3 + 1 - exp(-L / (32 * d**4))),
    "paper-lemma-c4": d * phi(X) + 1,
    "paper-lemma-c5": 512 * d**4 * phi_0**2,
    "paper-lemma-c6": 32 * d ** Rational(9, 2) * sqrt(phi_0) * (1 - exp(-L / (32 * d**4))),
    "paper-lemma-c7": 2 * sqrt(d * phi(X)),
    "paper-lemma-c8": 1 / lam_min,
    "paper-corollary-c10": d**2 - 1,
    "paper-lemma-c11": lam_min,
    "paper-theorem-5": constant * d**5 * (phi_0**3 + 1),
}
BESIDE = {"paper-lemma-c9", "paper-lemma-c12"}  # a matrix, and another norm


@pytest.mark.parametrize("name", RIGHT_SIDES)
def test_a_statement_is_the_papers(name):
    right = catalogue[name].statement.rhs
    assert (right - RIGHT_SIDES[name]).simplify() == 0


def test_every_statement_of_the_paper_is_compared():
    paper = {name for name in catalogue if name.startswith("paper-")}
    assert paper == RIGHT_SIDES.keys() | BESIDE
