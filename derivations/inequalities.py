"""Verifiers of inequalities: what a step f ≥ g is checked by, and what its reader is told.

Each is called with a claim, and proves it or does not: `Coefficients`, `Squares`, `Derivatives` and
`OnBox` by exact means (SymPy, or interval arithmetic with python-flint's arb), `Search` by trying
points, which it counts. An attribute ``how`` says which. In a claim f ≥ g what is looked at is
f - g, so that every number on either side enters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce, wraps
from typing import Any, TypeAlias, TypeVar, cast

import mpmath
import numpy as np
from flint import arb, fmpq
from sympy import (
    Add,
    Dummy,
    E,
    Expr,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Mul,
    Poly,
    Pow,
    Rational,
    Symbol,
    cancel,
    diff,
    exp,
    factor_list,
    fraction,
    lambdify,
    log,
    pi,
    simplify,
    together,
)
from sympy.core.relational import Relational

from derivations.notation import whole_sum

__all__ = [
    "Coefficients",
    "Derivatives",
    "OnBox",
    "Search",
    "Squares",
    "Termwise",
    "enclose",
    "excess",
    "only",
]

Box: TypeAlias = Mapping[Symbol, tuple[object, object]]


Check = TypeVar("Check", bound=Callable[..., bool])


def only(relation: str) -> Callable[[Check], Check]:
    """Let a check pass claims of one relation: what compares two sides does not see which it is.

    Examples
    --------
    >>> from sympy.abc import x
    >>> at_zero = only("<=")(lambda claim: claim.subs(x, 0) == True)
    >>> at_zero(Le(x, 1)), at_zero(Ge(x, -1))
    (True, False)
    """

    def decorate(check: Check) -> Check:
        @wraps(check)
        def directed(claim: Relational) -> bool:
            return bool(claim.rel_op == relation) and check(claim)

        return cast(Check, directed)

    return decorate


def excess(claim: Relational) -> Expr:
    """Return what a claim says is not negative.

    Examples
    --------
    >>> from sympy.abc import x
    >>> excess(Le(x, 3, evaluate=False))
    3 - x
    """
    if isinstance(claim, Ge | Gt):
        return claim.lhs - claim.rhs
    if isinstance(claim, Le | Lt):
        return claim.rhs - claim.lhs
    raise TypeError(f"{claim} is no inequality; expected one with <, <=, > or >=")


def _strict(claim: Relational) -> bool:
    return isinstance(claim, Gt | Lt)


@dataclass(frozen=True)
class Coefficients:
    """A rational function whose coefficients are not negative, after each symbol is shifted.

    Parameters
    ----------
    least : mapping of Symbol to number
        From where on each symbol runs, to infinity. Every symbol of the claim must be there.

    Examples
    --------
    >>> from sympy.abc import d
    >>> proof = Coefficients({d: 2})
    >>> proof(Ge(d**2, 2*d, evaluate=False)), proof(Ge(d**2, 2*d + 1, evaluate=False))
    (True, False)
    >>> proof.how
    'SymPy, for all d ≥ 2: with d = 2 + u, no coefficient of the difference is negative'
    """

    least: Mapping[Symbol, object]

    @property
    def how(self) -> str:
        """What is compared."""
        ranges = ", ".join(f"{s} ≥ {low}" for s, low in self.least.items())
        shifts = ", ".join(f"{s} = {low} + u" for s, low in self.least.items() if low != 0)
        moved = f"with {shifts}, " if shifts else ""
        return f"SymPy, for all {ranges}: {moved}no coefficient of the difference is negative"

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        shifted = {s: Dummy(str(s), positive=True) for s in self.least}
        moved = excess(claim).xreplace({s: low + shifted[s] for s, low in self.least.items()})
        if moved.free_symbols - set(shifted.values()):
            return False
        parts, symbols = fraction(cancel(moved)), tuple(shifted.values())
        above, below = (_signs(part, symbols) for part in parts)
        corner = [part.subs(dict.fromkeys(symbols, 0)) for part in parts]
        # A polynomial whose coefficients have one sign vanishes at the corner, or nowhere.
        sound = corner[1] != 0 and (corner[0] != 0 or not _strict(claim))
        return len(below) == 1 and above <= below and sound


def _signs(part: Expr, symbols: tuple[Symbol, ...]) -> set[int]:
    """Return the signs of the coefficients; both where they are not all rational numbers."""
    if not part.is_polynomial(*symbols):
        return {-1, 1}
    terms = Poly(part, *symbols).coeffs() if symbols else [part]
    if not all(c.is_Rational for c in terms):
        return {-1, 1}
    return {1 if c > 0 else -1 for c in terms if c != 0}


@dataclass(frozen=True)
class Squares:
    """A difference that equals an expression which SymPy knows not to be negative.

    Parameters
    ----------
    form : sympy.Expr
        Such as a sum of squares over positive symbols.

    Examples
    --------
    >>> from sympy import symbols
    >>> x, y = symbols("x y", positive=True)
    >>> proof = Squares((x - y)**2/2)
    >>> proof(Ge((x**2 + y**2)/2, x*y)), proof(Ge((x**2 + y**2)/3, x*y))
    (True, False)
    """

    form: Expr

    @property
    def how(self) -> str:
        """What is compared."""
        return "SymPy: the difference of the two sides is a square, or a sum of squares"

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        known = self.form.is_positive if _strict(claim) else self.form.is_nonnegative
        return bool(known) and simplify(excess(claim) - self.form) == 0


@dataclass(frozen=True)
class Derivatives:
    """A function of one variable that vanishes at a point and grows away from it.

    The difference f of the two sides is zero at the contact, and so is each derivative until one
    is a rational function, whose sign on either side is decided by counting roots.

    Parameters
    ----------
    variable : Symbol
    contact : number
        Where both sides are equal.
    low, high : number
        Ends of the open interval of the claim; may be infinite.

    Examples
    --------
    >>> from sympy import oo
    >>> x = Symbol("x", positive=True)
    >>> proof = Derivatives(x, 1, 0, oo)
    >>> proof(Le(log(x), x - 1)), proof(Le(log(x), (x - 1)*Rational(101, 100)))
    (True, False)
    >>> proof.how
    'SymPy, for all x in (0, ∞): both sides agree at x = 1, and the derivative of the difference,
    a rational function, changes sign there alone'
    """

    variable: Symbol
    contact: Any
    low: Any
    high: Any

    @property
    def how(self) -> str:
        """What is compared."""
        x, ends = self.variable, f"({self.low}, {self.high})".replace("oo", "∞")
        return (
            f"SymPy, for all {x} in {ends}: both sides agree at {x} = {self.contact}, and the "
            "derivative of the difference, a rational function, changes sign there alone"
        )

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        f, orders = excess(claim), 0
        if f.free_symbols - {self.variable} or _strict(claim):
            return False
        while not cancel(together(f)).is_rational_function(self.variable):
            if simplify(f.subs(self.variable, self.contact)) != 0 or orders > 4:
                return False
            f, orders = simplify(diff(f, self.variable)), orders + 1
        # Integrating back from the contact multiplies the sign on its left by -1 each time.
        left = self._sign(f, self.low, self.contact)
        right = self._sign(f, self.contact, self.high)
        return left in (0, (-1) ** orders) and right in (0, 1)

    def _sign(self, f: Expr, low: Any, high: Any) -> int | None:
        """Return the sign of a rational function on an interval, 0 for an empty one."""
        if low == high:
            return 0
        numerator, denominator = fraction(cancel(together(f)))
        if numerator == 0:
            return 0
        for part in (numerator, denominator):
            for base, power in factor_list(part, self.variable)[1]:
                if power % 2 and _roots_inside(Poly(base, self.variable), low, high):
                    return None
        middle = _between(low, high)
        return 1 if f.subs(self.variable, middle) > 0 else -1


def _roots_inside(poly: Poly, low: Any, high: Any) -> int:
    """Count the roots in an open interval."""
    ends = [None if (Integer(0) + end).is_infinite else end for end in (low, high)]
    at_ends = sum(poly.eval(end) == 0 for end in ends if end is not None)
    inside: int = int(poly.count_roots(*ends)) - int(at_ends)
    return inside


def _between(low: Any, high: Any) -> Expr:
    low, high = Integer(0) + low, Integer(0) + high
    if high.is_infinite:
        return Integer(0) if low.is_infinite else low + 1
    return high - 1 if low.is_infinite else (low + high) / 2


@dataclass(frozen=True)
class OnBox:
    """Interval arithmetic on a box: cut into pieces until the sign on each is certain.

    Parameters
    ----------
    box : mapping of Symbol to a pair of numbers
        The closed range of each symbol.
    contact : tuple, optional
        (variable, place, order): both sides agree where the variable is there, with all
        derivatives below the order. On pieces that meet that place, the derivative of this order
        is looked at; it is even, or the place is the lower end of the range.
    most : int, optional
        How many pieces to look at before giving up.

    Examples
    --------
    >>> from sympy.abc import x
    >>> proof = OnBox({x: (0, 2)}, contact=(x, 0, 2))
    >>> proof(Ge(exp(x), 1 + x)), proof(Ge(exp(x), 1 + x + x**2))
    (True, False)
    """

    box: Box
    contact: tuple[Symbol, object, int] | None = None
    most: int = 20_000

    @property
    def how(self) -> str:
        """What is compared."""
        ranges = ", ".join(f"{low} ≤ {s} ≤ {high}" for s, (low, high) in self.box.items())
        said = f"interval arithmetic (arb){', on all of ' if ranges else ''}{ranges}"
        if self.contact is None:
            return said
        x, place, order = self.contact
        return f"{said}; both sides touch at {x} = {place}, where derivative {order} is enclosed"

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        f = excess(claim)
        if f.free_symbols - set(self.box):
            return False
        near = f
        if self.contact is not None:
            x, place, order = self.contact
            if not self._touches(f):
                return False
            near = diff(f, x, order)
        pieces = [{s: (_exact(low), _exact(high)) for s, (low, high) in self.box.items()}]
        for _ in range(self.most):
            if not pieces:
                return True
            piece = pieces.pop()
            touching = self.contact is not None and _holds_point(piece[x], _exact(place))
            if self._certain(near if touching else f, piece, _strict(claim)):
                continue
            if _negative_at_middle(f, piece):
                return False
            pieces += _halves(piece)
        return False

    def _touches(self, f: Expr) -> bool:
        assert self.contact is not None
        x, place, order = self.contact
        low = Integer(0) + self.box[x][0]
        return (order % 2 == 0 or place == low) and all(
            simplify(diff(f, x, n).subs(x, place)) == 0 for n in range(order)
        )

    def _certain(self, f: Expr, piece: Mapping[Symbol, tuple[fmpq, fmpq]], strict: bool) -> bool:
        value = enclose(f, {s: _ball(*ends) for s, ends in piece.items()})
        return bool(value > 0) if strict else bool(value >= 0)


def _exact(value: object) -> fmpq:
    number = Rational(value)
    return fmpq(int(number.p), int(number.q))


def _holds_point(ends: tuple[fmpq, fmpq], place: fmpq) -> bool:
    return bool(ends[0] <= place <= ends[1])


def _ball(low: fmpq, high: fmpq) -> arb:
    return arb(low).union(arb(high))


def _halves(piece: Mapping[Symbol, tuple[fmpq, fmpq]]) -> list[dict[Symbol, tuple[fmpq, fmpq]]]:
    widest = max(piece, key=lambda s: piece[s][1] - piece[s][0])
    low, high = piece[widest]
    middle = (low + high) / 2
    return [{**piece, widest: (low, middle)}, {**piece, widest: (middle, high)}]


def _negative_at_middle(f: Expr, piece: Mapping[Symbol, tuple[fmpq, fmpq]]) -> bool:
    middle = {s: arb((low + high) / 2) for s, (low, high) in piece.items()}
    return bool(enclose(f, middle) < 0)


def enclose(f: Expr, at: Mapping[Expr, arb]) -> arb:
    """Return a ball that holds every value of an expression, for arguments in balls.

    Examples
    --------
    >>> from sympy.abc import x
    >>> ball = enclose(log(x)/x, {x: arb(2)})
    >>> bool(abs(ball - arb("0.34657359027997265471")) < 1e-15)
    True
    """
    if f in at:
        return at[f]
    if f.is_Rational:
        return arb(fmpq(int(f.p), int(f.q)))
    if f is pi:
        return arb.pi()
    if f is E:
        return arb(1).exp()
    parts = [enclose(part, at) for part in f.args]
    if isinstance(f, Add):
        return sum(parts[1:], parts[0])
    if isinstance(f, Mul):
        return reduce(lambda u, v: u * v, parts)
    if isinstance(f, exp):
        return parts[0].exp()
    if isinstance(f, log):
        return parts[0].log()
    if isinstance(f, Pow):
        power = f.exp
        if power.is_Integer:
            return parts[0] ** int(power)
        return parts[0].sqrt() ** int(2 * power) if (2 * power).is_Integer else parts[0] ** parts[1]
    raise TypeError(f"{f} cannot be enclosed; expected sums, products, powers, exp and log")


@dataclass(frozen=True)
class Termwise:
    """A claim about sums over all eigenvalues, proved for each term.

    Parameters
    ----------
    variable : Symbol
        Stands for the eigenvalue.
    proof : callable
        Proves the claim for a term.

    Examples
    --------
    >>> from sympy import Sum, oo
    >>> from derivations.notation import k, lam, over_eigenvalues
    >>> x = Symbol("x", positive=True)
    >>> claim = Le(over_eigenvalues(Sum, log(lam[k])), over_eigenvalues(Sum, lam[k] - 1))
    >>> Termwise(x, Derivatives(x, 1, 0, oo))(claim)
    True
    """

    variable: Symbol
    proof: Any

    @property
    def how(self) -> str:
        """What is compared."""
        return f"term by term: {self.proof.how}"

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim is proved."""
        left, right = (whole_sum(side, self.variable) for side in claim.args)
        if left is None or right is None or not left[0].is_positive:
            return False
        ratio = cancel(right[0] / left[0])
        return bool(self.proof(claim.func(left[1], ratio * right[1], evaluate=False)))


@dataclass(frozen=True)
class Search:
    """Points at which a claim is tried: no proof, and said so.

    Parameters
    ----------
    points : callable
        Takes a generator and returns a mapping from the symbols of the claim to numbers.
    count : int
        How many points.
    where : str
        From where they are, for the reader.
    seed : int, optional
    evaluate : callable, optional
        Takes an expression and a point and returns a number; by default mpmath evaluates it to
        30 digits.

    Examples
    --------
    >>> from sympy.abc import x
    >>> search = Search(lambda rng: {x: rng.uniform(0, 9)}, 50, "0 ≤ x ≤ 9")
    >>> search(Ge(exp(x), 1 + x)), search(Ge(exp(x), 2 + x)), search.how
    (True, False, 'no proof: tried at 50 points (0 ≤ x ≤ 9), seed 0')
    """

    points: Callable[[np.random.Generator], Mapping[Any, Any]]
    count: int
    where: str
    seed: int = 0
    evaluate: Callable[[Expr, Mapping[Any, Any]], Any] | None = field(default=None, repr=False)

    @property
    def how(self) -> str:
        """What is compared."""
        return f"no proof: tried at {self.count} points ({self.where}), seed {self.seed}"

    def __call__(self, claim: Relational) -> bool:
        """Say whether the claim holds at every point."""
        f, rng = excess(claim), np.random.default_rng(self.seed)
        evaluate = self.evaluate or _at_30_digits
        values = (evaluate(f, self.points(rng)) for _ in range(self.count))
        return all(value > 0 if _strict(claim) else value >= -1e-25 for value in values)


def _at_30_digits(f: Expr, at: Mapping[Any, Any]) -> Any:
    with mpmath.workdps(30):
        return lambdify(list(at), f, "mpmath")(*(mpmath.mpf(value) for value in at.values()))
