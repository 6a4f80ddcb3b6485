"""What is found of a result of the paper: a verdict, its evidence, and what is sharper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from sympy.core.relational import Relational

from derivations.point import Point
from derivations.steps import Step

__all__ = ["WORDS", "Sharper", "Verdict", "Word"]

Word: TypeAlias = Literal["holds", "holds with other constants", "misprint", "false"]
WORDS: tuple[str, ...] = get_args(Word)


@dataclass(frozen=True)
class Sharper:
    """A stronger statement than the paper's, and how much stronger.

    Parameters
    ----------
    statement : sympy.Rel
        The stronger statement, the claim of a step or of another formula.
    formula : str, optional
        The name of the formula in the catalogue that derives it; by default the one it stands in.
    factor : callable, optional
        Takes a `Point` of numbers and returns by how much the stronger bound is better there, or
        None where the point does not say.
    of : str, optional
        What the factor is of, such as "decrease of the gap"; may hold LaTeX between dollar signs.
    """

    statement: Relational
    formula: str = ""
    factor: Callable[[Point], float | None] | None = field(default=None, repr=False)
    of: str = ""


@dataclass(frozen=True)
class Verdict:
    """What is found of a result of the paper.

    Parameters
    ----------
    word : str
        One of "holds", "holds with other constants", "misprint", "false".
    because : str
        The evidence in words; may hold LaTeX between dollar signs.
    evidence : tuple of Step, optional
        Claims that are checked with the formula's own steps, such as a counterexample. Where the
        statement holds, its derivation is the evidence.
    right : sympy.Rel, optional
        What is right, where the statement is not as the paper has it: the claim of a step.
    sharper : Sharper, optional
        A stronger statement that is derived here.

    Examples
    --------
    >>> Verdict("perhaps", "")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: verdict 'perhaps': expected one of holds, holds with other constants, ...
    """

    word: Word
    because: str
    evidence: tuple[Step, ...] = ()
    right: Relational | None = None
    sharper: Sharper | None = None

    def __post_init__(self) -> None:
        if self.word not in WORDS:
            raise ValueError(f"verdict {self.word!r}: expected one of {', '.join(WORDS)}")
        if self.word != "holds" and not self.evidence:
            raise ValueError(f"verdict {self.word!r}: expected evidence that can be checked")
