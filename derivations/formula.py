"""A derived formula: its statement, the steps that lead to it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf, isinf
from textwrap import fill
from typing import TYPE_CHECKING

from sympy import Eq, Expr, Integer, cancel

from derivations.notation import PowerSum, Rule, a, at_width, by_engine, evaluated, lam
from derivations.point import Point
from derivations.rows import mean_by_rows
from derivations.writing import latex, line, plain, terminal

if TYPE_CHECKING:
    from derivations.numeric.montecarlo import CrossCheck
    from derivations.numeric.statistics import Statistic

__all__ = ["Formula", "Hypothesis", "HypothesisError", "Step", "holds_both_ways"]

BOTH = "engine, and row by row on the sphere"
WIDTHS = (4, 5)
"""Widths at which a claim about a whole spectrum is written out and compared."""


class HypothesisError(ValueError):
    """A formula was asked for at a point where one of its hypotheses fails."""


def _never(_point: Point) -> str:
    return ""


@dataclass(frozen=True)
class Hypothesis:
    """What a formula assumes, and a test of it where a point can be tested.

    Parameters
    ----------
    text : str
        The assumption, a sentence that may hold LaTeX between dollar signs.
    fails : callable, optional
        Takes a `Point` and returns what is wrong with it, or an empty string.
    """

    text: str
    fails: Callable[[Point], str] = field(default=_never, repr=False)


@dataclass(frozen=True)
class Step:
    """One claim on the way to a formula, and a check that can refute it.

    Parameters
    ----------
    claim : sympy.Eq
        In the letters of `derivations.notation`.
    because : str
        Why it holds; may hold LaTeX between dollar signs.
    verify : callable, optional
        Takes the claim and returns whether it holds, by a route that did not write it. By default
        both sides are evaluated twice, by the engine and by `derivations.rows.mean_by_rows`,
        which shares no code with it: for every d where only entries of W occur, else written
        out at widths 4 and 5 with free eigenvalues.
    checked : str, optional
        What ``verify`` compares, for the reader of a report.

    Examples
    --------
    >>> from sympy import Eq
    >>> from derivations.notation import Mean, W, d, i, j
    >>> Step(Eq(Mean(W[i, j]**2), 1/d), "the rows of $W$ are unit vectors").check()
    True
    >>> Step(Eq(Mean(W[i, j]**2), 2/d), "a slip").check()
    False
    """

    claim: Eq
    because: str
    verify: Callable[[Eq], bool] | None = field(default=None, repr=False)
    checked: str = ""

    def check(self) -> bool:
        """Verify the claim again; false means that it does not hold."""
        return (self.verify or holds_both_ways)(self.claim)

    def how(self) -> str:
        """Say what `check` compares."""
        if self.checked:
            return self.checked
        if _has_spectrum(self.claim):
            return f"{BOTH}, both sides written out at $d = {WIDTHS[0]}, {WIDTHS[1]}$"
        return f"{BOTH}, for every $d$"


def _has_spectrum(claim: Eq) -> bool:
    return bool({lam.label, a.label} & claim.free_symbols or claim.atoms(PowerSum))


def holds_both_ways(claim: Eq) -> bool:
    """Say whether a claim holds by the engine, and again row by row on the sphere.

    Examples
    --------
    >>> from derivations.notation import W, Mean, d, i, j
    >>> holds_both_ways(Eq(Mean(W[i, j] ** 2), 1 / d))
    True
    """
    return _holds(claim, by_engine) and _holds(claim, mean_by_rows)


def _holds(claim: Eq, mean: Rule) -> bool:
    difference = claim.lhs - claim.rhs
    if _has_spectrum(claim):
        return all(at_width(difference, width, mean) == 0 for width in WIDTHS)
    return bool(cancel(evaluated(difference, mean)) == 0)


def _substitute(formula: Formula, point: Point) -> Expr:
    return point.substitute(formula.statement.rhs)


def _no_error(_point: Point) -> float:
    return 0.0


def _to_digits(formula: Formula, point: Point, digits: int) -> Expr:
    return formula.value(formula, point).evalf(digits)


@dataclass(frozen=True, repr=False)
class Formula:
    """An exact formula: statement, hypotheses, derivation, values, and a simulation to meet it.

    Parameters
    ----------
    name : str
        Its name in the catalogue.
    title : str
        A few words, without mathematics.
    statement : sympy.Eq
        A mean, variance or covariance on the left, its value on the right.
    hypotheses : tuple of Hypothesis
        What must hold; `evaluate` tests those that can be tested.
    source : str
        Where the result or its method is from.
    steps : tuple of Step
        How it follows.
    singular : str
        What becomes of it when A = X Xᵀ is singular.
    observe : callable
        The statistic (see `derivations.numeric.statistics`) whose mean is the value: takes
        simulated layers and returns one number per draw.
    value : callable, optional
        Takes the formula and a `Point` and returns the value there; by default the right side
        of the statement with d and the power sums put in.
    error : callable, optional
        Takes a `Point` and returns a bound on the numerical error of the value there, beyond
        rounding to a float; zero where the value is exact.
    number : callable, optional
        Takes the formula, a `Point` of numbers and a count of decimal digits, and returns the
        value there to so many digits; by default SymPy evaluates the exact value.
    degree : int, optional
        Degree of the value as a homogeneous function of the spectrum; scales rounding.

    Examples
    --------
    >>> from derivations import catalogue
    >>> catalogue["row-norm-mean"]
    row-norm-mean: E[a[i]] = p_1/d
    """

    name: str
    title: str
    statement: Eq
    hypotheses: tuple[Hypothesis, ...]
    source: str
    steps: tuple[Step, ...]
    singular: str
    observe: Statistic
    value: Callable[[Formula, Point], Expr] = _substitute
    error: Callable[[Point], float] = _no_error
    number: Callable[[Formula, Point, int], Expr] = _to_digits
    degree: int = 0

    def check(self) -> list[Step]:
        """Verify every step again.

        Returns
        -------
        list of Step
            The steps that do not hold: empty when all is well.

        Examples
        --------
        >>> from derivations import catalogue
        >>> catalogue["entry-same-row"].check()
        []
        """
        return [step for step in self.steps if not step.check()]

    @property
    def depends_on_input(self) -> bool:
        """Whether the value depends on the layer's input, through the spectrum of A."""
        return _has_spectrum(self.statement)

    def failing(self, point: Point) -> str:
        """Say which hypothesis fails at a point, or return an empty string."""
        return next(filter(None, (h.fails(point) for h in self.hypotheses)), "")

    def _require(self, point: Point) -> None:
        reason = self.failing(point)
        if reason:
            raise HypothesisError(f"{self.name} does not apply: {reason}")

    def at(self, point: Point) -> Expr | float:
        """Value at a point whose hypotheses have been tested; see `evaluate`."""
        self._require(point)
        value = self.value(self, point)
        return value if point.exact or value.free_symbols else _as_float(self.name, value)

    def evaluate(
        self, d: object = None, spectrum: object = None, *, digits: int | None = None
    ) -> Expr | float:
        """Value of the formula at a width and a spectrum.

        Parameters
        ----------
        d : int or sympy.Symbol, optional
            The width; by default the number of eigenvalues.
        spectrum : sequence of numbers, optional
            The d eigenvalues of A = X Xᵀ, none negative. Without it, the power sums p_r stay
            symbols.
        digits : int, optional
            How many decimal digits of the value are wanted; a float eigenvalue is taken as the
            number that it is.

        Returns
        -------
        sympy.Expr or float
            Exact when every eigenvalue is exact (integers, Rationals, symbols), a float when
            one is a float: it is off by no more than `error` says, and its last digit. With
            ``digits``, a sympy.Float of that precision.

        Raises
        ------
        HypothesisError
            When a hypothesis of the formula fails there.
        TypeError, ValueError
            When d is no dimension or the spectrum no spectrum of d eigenvalues, or when the value
            is too large or too small for a float.

        Examples
        --------
        >>> from derivations import catalogue
        >>> f = catalogue["row-norm-variance"]
        >>> f.evaluate(spectrum=[1, 2, 3])
        4/15
        >>> f.evaluate(spectrum=[1.0, 2.0, 3.0])
        0.26666666666666666
        >>> f.evaluate(d=3)
        -2*p_1**2/45 + 2*p_2/15
        >>> catalogue["isometry-gap-step"].evaluate(spectrum=[1, 4], digits=30)
        0.117783035656383454538794109471
        """
        point = Point.of(d, spectrum)
        return self.at(point) if digits is None else self._to_digits(point, digits)

    def _to_digits(self, point: Point, digits: object) -> Expr:
        if isinstance(digits, bool) or not isinstance(digits, int | Integer):
            raise TypeError(f"digits = {digits!r} is not an integer; expected such as digits=50")
        if digits < 1:
            raise ValueError(f"digits = {digits} is too small; expected at least 1")
        self._require(point)
        number = self.number(self, replace(point, exact=True), int(digits))
        if number.free_symbols:
            names = ", ".join(sorted(map(str, number.free_symbols)))
            raise ValueError(f"{self.name} has no digits while {names} are symbols; give numbers")
        return number

    def crosscheck(
        self,
        samples: int = 20_000,
        seed: int = 0,
        d: int | None = None,
        spectrum: object = None,
    ) -> CrossCheck:
        """Compare the formula with simulated layers.

        Parameters
        ----------
        samples : int
            How many weight matrices to draw.
        seed : int
            Seed of the generator: the same seed gives the same numbers.
        d : int, optional
            The width; by default the number of eigenvalues, or 8.
        spectrum : sequence of float, optional
            The eigenvalues of A = X Xᵀ; by default 1, 2, …, d.

        Returns
        -------
        CrossCheck
            Exact value, simulated mean, standard error, z-score and verdict.

        Examples
        --------
        >>> from derivations import catalogue
        >>> catalogue["row-norm-mean"].crosscheck(samples=500, seed=1, d=4).agrees
        True
        """
        from derivations.numeric.montecarlo import crosscheck, input_with_spectrum

        if spectrum is None:
            spectrum = range(1, (8 if d is None else Point.of(d, None).integer_width()) + 1)
        point = Point.of(d, spectrum)
        (row,) = crosscheck([self], [input_with_spectrum(point)], samples, seed)
        return row

    def latex(self, steps: bool = False) -> str:
        r"""LaTeX of the statement, or with ``steps`` of the statement and its derivation.

        Examples
        --------
        >>> from derivations import catalogue
        >>> print(catalogue["row-norm-mean"].latex())
        \mathbb{E}\left[a_{i}\right] = \frac{p_{1}}{d}
        """
        if not steps:
            return latex(self.statement)
        items = [rf"\item {step.because}: \[ {latex(step.claim)} \]" for step in self.steps]
        body = "\n".join([r"\begin{enumerate}", *items, r"\end{enumerate}"])
        return f"\\[ {latex(self.statement)} \\]\n{body}"

    def __repr__(self) -> str:
        return f"{self.name}: {self.statement.lhs} = {self.statement.rhs}"

    def __str__(self) -> str:
        parts = [self.title, "", terminal(self.statement), ""]
        sentences = [plain(h.text) for h in self.hypotheses]
        sentences += [
            f"When A is singular: {plain(self.singular)}",
            f"Source: {plain(self.source)}.",
        ]
        parts += [fill(s, 80, initial_indent="  ", subsequent_indent="    ") for s in sentences]
        return "\n".join(parts)

    def line(self) -> str:
        """Return the statement on one line of Unicode text.

        Examples
        --------
        >>> from derivations import catalogue
        >>> catalogue["entry-same-row"].line()
        'E[Wᵢⱼ² Wᵢₖ²] = 1/(d (d + 2))'
        """
        return line(self.statement)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _as_float(name: str, value: Expr) -> float:
    """Round an exact value once, refusing what the floats do not hold."""
    try:
        rounded = float(value)
    except OverflowError:
        rounded = inf
    if isinf(rounded) or (rounded == 0 and not value.is_zero):
        size = "large" if rounded else "small"
        raise ValueError(
            f"the value of {name} there, {value.evalf(3)}, is too {size} for a float; scale the "
            "spectrum, or ask for digits, such as evaluate(…, digits=15)"
        )
    return rounded
