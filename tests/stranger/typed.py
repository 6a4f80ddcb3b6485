"""What a type checker sees of the library from outside; ``make lint`` runs mypy on it."""

from typing import Any, assert_type

from sympy import symbols  # type: ignore[import-untyped]
from sympy.logic.boolalg import Boolean  # type: ignore[import-untyped]

from weingarten import (
    E,
    GaussianMatrix,
    HaarOrthogonal,
    HaarStiefel,
    RandomState,
    Wishart,
    crosscheck,
    estimate,
    explain,
)
from weingarten.explanation.explanation import Explanation
from weingarten.simulation.results import Crosscheck, Estimate

d = symbols("d", integer=True, positive=True)
W = HaarOrthogonal("W", d)
assert_type(W, HaarOrthogonal)
assert_type(GaussianMatrix("G", d, 3), GaussianMatrix)
assert_type(HaarStiefel("V", d, 2), HaarStiefel)
assert_type(RandomState("psi", d), RandomState)
assert_type(Wishart("S", d, 2), Wishart)
assert_type(W.is_real_valued, bool)


def questions() -> None:
    """Ask what has a type of its own."""
    assert_type(E(d, conditions=True), tuple[Any, Boolean])
    assert_type(estimate(W[0, 0], at={d: 2}), Estimate)
    assert_type(crosscheck(W[0, 0], at={d: 2}), Crosscheck)
    assert_type(explain(W[0, 0] ** 2), Explanation)


def faults() -> None:
    """Ask wrongly: each line is an error, which mypy is told to expect."""
    E(W[0, 0], conditions=3)  # type: ignore[call-overload]
    E(W[0, 0], dimension=3)  # type: ignore[call-overload]
    W.sample("ten")  # type: ignore[arg-type]
