"""A derived formula: its statement, the steps that lead to it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf, isinf
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from sympy import Eq, Expr, Integer
from sympy.core.relational import Relational

from derivations.hypotheses import Hypothesis, HypothesisError
from derivations.notation import iso, phi
from derivations.parameters import INPUT, PARAMETERS, SCALARS, known, refuse_unknown
from derivations.point import Point
from derivations.powers import of_every_order
from derivations.steps import Step, has_spectrum, holds_both_ways
from derivations.verdict import Sharper, Verdict
from derivations.writing import latex, line, plain, terminal

if TYPE_CHECKING:
    from derivations.numeric.montecarlo import LayerCheck
    from derivations.numeric.observation import Draw
    from derivations.numeric.statistics import Statistic

__all__ = [
    "KINDS",
    "Formula",
    "Hypothesis",
    "HypothesisError",
    "Kind",
    "Sharper",
    "Step",
    "Verdict",
    "holds_both_ways",
]

Kind: TypeAlias = Literal["exact", "bound", "limit", "measured"]
KINDS: dict[str, str] = {
    "exact": "an equality of means, or of every draw",
    "bound": "an inequality of means, or of every draw",
    "limit": "what a quantity tends to",
    "measured": "seen in simulation, without a proof",
}
"""What a formula may be, and what that means."""


SAMPLES = 100_000
"""How many draws show an error of 1 % in most formulas."""

LINE = 80
"""How many columns a terminal has."""


def _substitute(formula: Formula, point: Point) -> Expr:
    return point.substitute(formula.holding.rhs)


def _layers_of_depth(point: Point) -> int:
    # A network's weights are drawn for it alone, those of a layer for all formulas.
    return 4 * point.integer("depth") if point.has("depth") else 1


def _no_error(_point: Point) -> float:
    return 0.0


def _to_digits(formula: Formula, point: Point, digits: int) -> Expr:
    return formula.value(formula, point).evalf(digits)


@dataclass(frozen=True, repr=False)
class Formula:
    """A formula: statement, hypotheses, derivation, values, and a simulation to meet it.

    Parameters
    ----------
    name : str
        Its name in the catalogue.
    title : str
        A few words, without mathematics.
    statement : sympy.Eq, sympy.Le or sympy.Ge
        What it is about on the left, such as a mean; its value, or a bound on it, on the right.
    hypotheses : tuple of Hypothesis
        What must hold; `evaluate` tests those that can be tested.
    source : str
        Where the result or its method is from.
    steps : tuple of Step
        How it follows.
    singular : str
        What becomes of it when A = X Xᵀ is singular.
    observe : callable, optional
        The statistic (see `derivations.numeric.statistics`) that the left side is about: takes
        simulated layers and returns one number per draw. Without it and without ``draw``, the
        formula is not met by simulation.
    kind : str, optional
        One of "exact", "bound", "limit" and "measured".
    verdict : Verdict, optional
        For a result of the paper: what is found of it.
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
    arguments : tuple of str, optional
        The names of the parameters that it takes, out of `derivations.parameters.PARAMETERS`. By
        default d, those whose letters stand in the statement, and the input of a layer where the
        statement is about one.
    mean_one : bool, optional
        Whether the statement has eigenvalues of mean one: then those of any scale are scaled.
    every_draw : bool, optional
        Whether it is a claim about every draw, and not about the mean.
    against : callable, optional
        The statistic of the right side, where it is random too: for a claim about every draw.
    draw : callable, optional
        Takes a `Point`, a count and a generator, and returns so many draws of the left side: for
        what one layer with orthogonal weights does not show.
    layers : callable, optional
        Takes a `Point`, and returns about how many layers a draw costs: checks of all formulas
        have fewer draws of what is dear. By default by the depth, if the point has one.
    tail : callable, optional
        Takes a `Point`, and returns the tail index of the draws where it is known: moments of
        lower order are finite. Without it the statement may show that all are; else the tail is
        estimated from the draws.

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
    observe: Statistic | None = None
    kind: Kind = "exact"
    verdict: Verdict | None = None
    value: Callable[[Formula, Point], Expr] = _substitute
    error: Callable[[Point], float] = _no_error
    number: Callable[[Formula, Point, int], Expr] = _to_digits
    degree: int = 0
    arguments: tuple[str, ...] | None = None
    mean_one: bool = False
    every_draw: bool = False
    against: Statistic | None = None
    draw: Draw | None = None
    layers: Callable[[Point], int] = _layers_of_depth
    tail: Callable[[Point], float] | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"kind {self.kind!r}: expected one of {', '.join(KINDS)}")
        refuse_unknown(self.arguments or ())

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
        return [step for step in self.checked if not step.check()]

    @property
    def checked(self) -> tuple[Step, ...]:
        """What `check` verifies: the steps, evidence, and what is claimed without a step."""
        led_to = [step.claim for step in self.steps]
        unproved = [claim for claim in self.claimed if claim not in led_to]
        loose = (Step(claim, "no step leads to it", _refuted) for claim in unproved)
        return (*loose, *self.steps, *(self.verdict.evidence if self.verdict else ()))

    @property
    def claimed(self) -> list[Relational]:
        """What must be the claim of a step: all that is said to hold here."""
        sharper = self.verdict.sharper if self.verdict else None
        own = sharper is not None and not sharper.formula
        return [self.holding, *([sharper.statement] if sharper and own else [])]

    @property
    def holding(self) -> Relational:
        """The statement, or what is right in its place where the paper's is not."""
        right = self.verdict.right if self.verdict else None
        return self.statement if right is None else right

    @property
    def side(self) -> str:
        """How the left side stands to the right one: "==", "<=" or ">="."""
        return str(self.holding.rel_op)

    @property
    def simulated(self) -> bool:
        """Whether there is a simulation to meet it."""
        return self.observe is not None or self.draw is not None

    @property
    def depends_on_input(self) -> bool:
        """Whether the value depends on the layer's input, through the spectrum of A."""
        if self.arguments is not None:
            return not set(self.takes).isdisjoint((*INPUT, "gap"))
        return has_spectrum(self.holding) or "gap" in self.takes

    @property
    def takes(self) -> tuple[str, ...]:
        """The names of the arguments that `evaluate` takes.

        Examples
        --------
        >>> from derivations import catalogue
        >>> catalogue["row-norm-mean"].takes, catalogue["entry-same-row"].takes
        (('d', 'spectrum', 'batch', 'digits'), ('d', 'digits'))
        """
        if self.arguments is not None:
            names = {*self.arguments, "digits"}
        else:
            letters = self.holding.rhs.free_symbols
            names = {name for name in SCALARS if PARAMETERS[name].symbol in letters}
            spectral = has_spectrum(Eq(self.holding.rhs, 0, evaluate=False))
            of_gap = spectral and not _beyond_the_gap(self.holding.rhs)
            names |= {"d", "digits", *(INPUT if spectral or "gap" in names else ())}
            names |= {"gap"} if of_gap else set()
        return tuple(name for name in PARAMETERS if name in names)

    def failing(self, point: Point) -> str:
        """Say which hypothesis fails at a point, or return an empty string."""
        return next(filter(None, (h.failure(point) for h in self.hypotheses)), "")

    def tail_index(self, point: Point) -> float | None:
        """Return the tail index of the draws, or None where neither law nor statement tells it.

        Examples
        --------
        >>> from derivations import catalogue
        >>> at = Point.of(None, [1, 2, 3, 0], q=2)
        >>> for name in ("row-norm-moment", "row-norm-inverse-moment", "isometry-gap-step"):
        ...     print(catalogue[name].tail_index(at))
        inf
        1.5
        None
        """
        if self.tail is not None:
            return self.tail(point)
        return inf if of_every_order(self.holding.lhs) else None

    def point(self, d: object = None, spectrum: object = None, **given: object) -> Point:
        """Build a point from what `evaluate` takes, refusing what this formula does not take."""
        self.require_taken({"d": d, "spectrum": spectrum, **given})
        return Point.of(d, spectrum, **given)

    def require_taken(self, arguments: Mapping[str, object]) -> None:
        """Refuse, by its name, an argument that the formula does not take."""
        refuse_unknown(arguments)
        for name, value in arguments.items():
            if value is not None and name not in self.takes:
                raise TypeError(f"{self.name} takes no {name}; it takes {known(self.takes)}")

    def completed(self, point: Point) -> Point:
        """Return the point with an example of each single number that it lacks."""
        return point.with_numbers(self.assumed(point))

    def assumed(self, point: Point) -> dict[str, Any]:
        """Return an example of each single number that the formula takes and a point lacks."""
        lacking = [n for n in self.takes if n in SCALARS and not point.has(n)]
        return {name: _example(name) for name in lacking}

    def _require(self, point: Point) -> None:
        reason = self.failing(point)
        if reason:
            raise HypothesisError(f"{self.name} does not apply: {reason}")

    def at(self, point: Point) -> Expr | float:
        """Value at a point whose hypotheses have been tested; see `evaluate`."""
        self._require(point)
        value = self.value(self, self._scaled(point))
        return value if point.exact or value.free_symbols else _as_float(self.name, value)

    def _scaled(self, point: Point) -> Point:
        return point.scaled_to_mean_one() if self.mean_one else point

    def evaluate(
        self,
        d: object = None,
        spectrum: object = None,
        *,
        digits: int | None = None,
        **given: object,
    ) -> Expr | float:
        """Value of the formula, or of its bound, at a point.

        Parameters
        ----------
        d : int or sympy.Symbol, optional
            The width; by default the number of eigenvalues, or of features.
        spectrum : sequence of numbers, optional
            The d eigenvalues of A = X Xᵀ, none negative. Without it, the power sums p_r stay
            symbols.
        digits : int, optional
            How many decimal digits of the value are wanted; a float is taken as the number that
            it is.
        **given
            What else the formula takes, see `takes`: ``batch`` (samples × features), ``n``,
            ``gap``, ``depth``, ``layer``, ``q``, ``r``, ``alpha``, ``exponent``. What is not
            given stays a symbol.

        Returns
        -------
        sympy.Expr or float
            Exact when every number given is exact (integers, Rationals, symbols), a float when
            one is a float: it is off by no more than `error` says, and its last digit. With
            ``digits``, a sympy.Float of that precision.

        Raises
        ------
        HypothesisError
            When a hypothesis of the formula fails there.
        TypeError, ValueError
            When an argument is not taken, or is not what it should be, or when the value is too
            large or too small for a float.

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
        point = self.point(d, spectrum, **given)
        return self.at(point) if digits is None else self.to_digits(point, digits)

    def to_digits(self, point: Point, digits: object) -> Expr:
        """Value at a point to so many decimal digits; see `evaluate`."""
        if isinstance(digits, bool) or not isinstance(digits, int | Integer):
            raise TypeError(f"digits = {digits!r} is not an integer; expected such as digits=50")
        if digits < 1:
            raise ValueError(f"digits = {digits} is too small; expected at least 1")
        self._require(point)
        exact = self._scaled(replace(point, exact=True, digits=int(digits)))
        number = self.number(self, exact, int(digits))
        if number.free_symbols:
            names = ", ".join(sorted(map(str, number.free_symbols)))
            raise ValueError(f"{self.name} has no digits while {names} are symbols; give numbers")
        return number

    def crosscheck(
        self,
        samples: int = SAMPLES,
        seed: int = 0,
        d: int | None = None,
        spectrum: object = None,
        **given: object,
    ) -> LayerCheck:
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
        **given
            What else `evaluate` takes; a single number that is not given is that of
            `derivations.parameters.PARAMETERS`.

        Returns
        -------
        CrossCheck, BoundCheck or HeavyCheck
            Exact value, simulated mean, standard error, z-score and verdict; of a bound, whether
            it is violated, and how far it is from tight. Where the draws have an infinite
            variance, or may have one, a median of means, and no verdict.

        Examples
        --------
        >>> from derivations import catalogue
        >>> catalogue["row-norm-mean"].crosscheck(samples=500, seed=1, d=4).agrees
        True
        """
        from derivations.numeric.montecarlo import crosscheck, input_at

        point = self.point(d, spectrum, **given)
        if not point.has("spectrum"):
            if point.has("gap"):
                raise ValueError("gap is no input to simulate with; expected spectrum or batch")
            width = PARAMETERS["d"].example if d is None else point.integer_width()
            # Fewer samples than dimensions have no more eigenvalues than that.
            rank = min(width, point.integer("n")) if point.has("n") else width
            spectrum = [*range(1, rank + 1), *[0] * (width - rank)]
            point = Point.of(None, spectrum).with_numbers(point.given)
        (row,) = crosscheck([self], [input_at(self.completed(point))], samples, seed)
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
        relation = "=" if isinstance(self.statement, Eq) else self.statement.rel_op
        return f"{self.name}: {self.statement.lhs} {relation} {self.statement.rhs}"

    def __str__(self) -> str:
        return self.text()

    def text(self, flat: bool = False) -> str:
        """Return the formula and what goes with it, as text of at most 80 columns.

        Parameters
        ----------
        flat : bool, optional
            Whether the statement is written on one line, in place of two dimensions.
        """
        drawn = "" if flat else terminal(self.statement)
        if flat or max(map(len, drawn.splitlines())) > LINE:  # on one line it can be folded
            drawn = fill(self.line(), LINE)
        parts = [self.title, "", drawn, ""]
        sentences = [plain(h.text) for h in self.hypotheses]
        sentences += [
            f"When A is singular: {plain(self.singular)}",
            f"Source: {plain(self.source)}.",
            f"Kind: {self.kind}, {KINDS[self.kind]}.",
            f"Takes: {known(self.takes)}.",
        ]
        if self.verdict:
            sentences.append(f"Verdict: {self.verdict.word}. {plain(self.verdict.because)}")
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


def _refuted(_claim: Any) -> bool:
    return False


def _beyond_the_gap(expr: Expr) -> bool:
    """Say whether an expression knows more of an input than its gap."""
    without = expr.replace(lambda e: e.func in (phi, iso), lambda e: Integer(1))
    return has_spectrum(Eq(without, 0, evaluate=False))


def _example(name: str) -> Expr:
    parameter = PARAMETERS[name]
    assert parameter.check is not None  # it is one of SCALARS
    return parameter.check(name, parameter.example)
