"""Steps of many formulas: each checked, and one that is shared not again."""

from dataclasses import dataclass, field, replace

from sympy import Eq, Symbol

from derivations import catalogue
from derivations.checking import broken_steps
from derivations.formula import Step

FORMULA = catalogue["entry-same-row"]
x = Symbol("x")


@dataclass(frozen=True)
class Counted:
    """A check that counts how often it is asked."""

    answer: bool
    asked: list = field(default_factory=list, compare=False)
    names: object = ()

    def __call__(self, claim):
        self.asked.append(claim)
        return self.answer


def formulas(*steps):
    return [replace(FORMULA, steps=(*FORMULA.steps, step)) for step in steps]


def test_a_shared_step_is_checked_once_and_named_under_each_formula():
    check = Counted(False)
    one, other = formulas(*[Step(Eq(x, 1), "a slip", check) for _ in range(2)])
    found = broken_steps([one, other])
    assert [formula for formula, _ in found] == [one, other]
    assert len(check.asked) == 1
    assert [step for _, step in found] == [*one.check(), *other.check()]


def test_steps_that_differ_in_their_check_are_both_checked():
    right, wrong = Counted(True), Counted(False)
    pair = formulas(Step(Eq(x, 1), "so", right), Step(Eq(x, 1), "so", wrong))
    assert [formula for formula, _ in broken_steps(pair)] == pair[1:]
    assert len(right.asked) == len(wrong.asked) == 1


def test_a_check_without_a_hash_is_made_for_each_formula():
    check = Counted(False, names=["no hash"])
    pair = formulas(*[Step(Eq(x, 1), "so", check) for _ in range(2)])
    assert len(broken_steps(pair)) == len(check.asked) == 2


def test_a_claim_without_a_step_is_broken_too_and_progress_is_told():
    told = []
    loose = replace(FORMULA, statement=Eq(FORMULA.statement.lhs, 1))
    ((formula, step),) = broken_steps([FORMULA, loose], told.append)
    assert formula is loose and step.because == "no step leads to it"
    assert told == [1, 1]
