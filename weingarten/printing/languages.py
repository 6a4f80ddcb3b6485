"""An answer as text of another system: Mathematica, Julia, Octave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from sympy import Basic, Expr, MatrixBase, MatrixSymbol, Symbol, sympify
from sympy.logic.boolalg import Boolean
from sympy.printing.precedence import PRECEDENCE

from weingarten.printing.base import AnswerPrinter, finite_range, named


def code(expr: Any, language: str) -> str:
    r"""Return an answer as text of another system.

    Parameters
    ----------
    expr : Expr, MatrixExpr, Matrix or Boolean
        An answer of `E`.
    language : {"mathematica", "julia", "octave"}
        The system. Octave's text is MATLAB's where no Piecewise stands in it.

    Returns
    -------
    str
        The text. Indices begin at one there, so that ``A[i, j]`` has one added to both.

    Raises
    ------
    NotImplementedError
        If a part of `expr` has no counterpart.
    TypeError, ValueError
        If an argument is not of its kind, or a name means something else in the system.

    Notes
    -----
    These systems count a sum that ends before it starts as empty; `lambdify` refuses one that ends
    before ``start - 1``. Julia needs ``using LinearAlgebra``, and its machine integers overflow:
    give it floating point numbers or ``big`` ones.

    Examples
    --------
    >>> from sympy import Trace, symbols
    >>> d = symbols("d", integer=True, positive=True)
    >>> A = MatrixSymbol("A", d, d)
    >>> code(Trace(A*A.T)/d, "mathematica")
    'Tr[A.Transpose[A]]/d'
    >>> code(A[0, 1]/(d + 2), "octave")
    'A(1, 2)/(d + 2)'
    """
    if language not in _LANGUAGES:
        raise ValueError(f"language = {language!r}: expected one of {', '.join(_LANGUAGES)}")
    given = expr.as_immutable() if isinstance(expr, MatrixBase) else sympify(expr)
    if not isinstance(given, Basic) or not isinstance(given, Expr | MatrixBase | Boolean):
        raise TypeError(f"expr = {expr!r}: expected a SymPy expression, an answer of E")
    printer = _LANGUAGES[language]()
    printer.check_names(given)
    return printer.text(given)


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


class LanguagePrinter(AnswerPrinter):
    """Write an expression with names of its own symbols, and indices from one."""

    #: What a name looks like, and the names that mean something else.
    name = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
    reserved: ClassVar[frozenset[str]] = frozenset()
    constants: ClassVar[Mapping[str, str]] = {}

    def check_names(self, expr: Basic) -> None:
        """Let pass an expression whose symbols are told apart by names of the language.

        Raises
        ------
        ValueError
            If a name is no name there, or two symbols have one name.
        """
        seen: dict[str, Any] = {}
        for symbol in sorted(expr.atoms(Symbol, MatrixSymbol), key=str):
            name = str(symbol.name)
            if type(symbol).__name__ == "SymplecticForm":
                continue
            if not self.name.fullmatch(name) or name in self._taken():
                raise ValueError(
                    f"{name} is not the name of a variable in {self.language}; rename it with "
                    f"expr.subs"
                )
            if seen.setdefault(name, symbol) != symbol:
                raise ValueError(f"two symbols in expr are called {name}; rename one")

    def _taken(self) -> frozenset[str]:
        return self.reserved | frozenset(self.names.values())

    def _print_Symbol(self, expr: Any) -> str:
        return str(expr.name)

    def _print_Float(self, expr: Any) -> str:
        return repr(float(expr))

    def _print_ImaginaryUnit(self, _expr: Any) -> str:
        return self.constants["I"]

    def _print_Pi(self, _expr: Any) -> str:
        return self.constants["pi"]

    def _print_Exp1(self, _expr: Any) -> str:
        return self.constants["e"]

    def _print_BooleanTrue(self, _expr: Any) -> str:
        return self.constants["true"]

    def _print_BooleanFalse(self, _expr: Any) -> str:
        return self.constants["false"]

    def _postfix(self, expr: Any, operator: str) -> str:
        text = self._print(expr)
        return (text if text.isidentifier() else f"({text})") + operator

    def _between(self, expr: Any, operator: str) -> str:
        return operator.join(map(self.enclosed, expr.args))


class MathematicaPrinter(LanguagePrinter):
    """Write Mathematica."""

    language = "Mathematica"
    brackets = "[]"
    name = re.compile(r"[A-Za-z][A-Za-z0-9]*")
    reserved = words(
        "C D E I K N O Pi Infinity Degree Indeterminate True False Null Sum Boole KroneckerDelta "
        "Piecewise DiagonalMatrix Flatten ConstantArray KroneckerProduct Inverse"
    )
    constants: ClassVar[Mapping[str, str]] = named("I=I pi=Pi e=E true=True false=False")
    names: ClassVar[Mapping[str, str]] = named(
        "exp=Exp log=Log sin=Sin cos=Cos tan=Tan sqrt=Sqrt sinh=Sinh cosh=Cosh tanh=Tanh "
        "asin=ArcSin acos=ArcCos atan=ArcTan sign=Sign Abs=Abs floor=Floor ceiling=Ceiling "
        "re=Re im=Im conjugate=Conjugate gamma=Gamma erf=Erf loggamma=LogGamma "
        "factorial=Factorial binomial=Binomial Min=Min Max=Max Trace=Tr Determinant=Det "
        "Transpose=Transpose Adjoint=ConjugateTranspose MatPow=MatrixPower "
        "Identity=IdentityMatrix"
    )

    def _product(self, factors: list[str]) -> str:
        return ".".join(factors)

    def _print_Inverse(self, expr: Any) -> str:
        return self.call("Inverse", expr.arg)

    def _print_MatrixElement(self, expr: Any) -> str:
        parent, i, j = expr.args
        return f"{self.enclosed(parent)}[[{self._print(i + 1)}, {self._print(j + 1)}]]"

    def _print_DiagMatrix(self, expr: Any) -> str:
        return f"DiagonalMatrix[Flatten[{self._print(expr.args[0])}]]"

    def _print_OneMatrix(self, expr: Any) -> str:
        return f"ConstantArray[1, {{{', '.join(map(self._print, expr.shape))}}}]"

    def _print_ZeroMatrix(self, expr: Any) -> str:
        return f"ConstantArray[0, {{{', '.join(map(self._print, expr.shape))}}}]"

    def _print_SymplecticForm(self, expr: Any) -> str:
        half = self._print(expr.shape[0] / 2)
        return f"KroneckerProduct[IdentityMatrix[{half}], {{{{0, 1}}, {{-1, 0}}}}]"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return self._between(expr, "*")

    def _print_HadamardPower(self, expr: Any) -> str:
        base, exponent = expr.args
        return f"{self.enclosed(base)}^{self.parenthesize(exponent, PRECEDENCE['Pow'])}"

    def _print_MatrixBase(self, expr: Any) -> str:
        rows = (", ".join(map(self._print, expr.row(k))) for k in range(expr.rows))
        return f"{{{', '.join(f'{{{row}}}' for row in rows)}}}"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        i, j, *ends = expr.args
        delta = f"KroneckerDelta[{self._print(i)}, {self._print(j)}]"
        if not ends:
            return delta
        start, end = map(self._print, ends[0])
        return f"Boole[{start} <= {self._print(i)} <= {end}]*{delta}"

    def _print_Piecewise(self, expr: Any) -> str:
        pieces = [f"{{{self._print(value)}, {self._print(holds)}}}" for value, holds in expr.args]
        return f"Piecewise[{{{', '.join(pieces)}}}, Indeterminate]"

    def _sum(self, summand: Expr, limits: list[Any]) -> str:
        ranges = [map(self._print, finite_range(limit, self.language)) for limit in limits]
        # The last range of Mathematica's is the innermost one.
        written = [f"{{{', '.join(limit)}}}" for limit in reversed(ranges)]
        return f"Sum[{', '.join([self._print(summand), *written])}]"


_LOWERCASE = named(
    "exp=exp log=log sin=sin cos=cos tan=tan sinh=sinh cosh=cosh tanh=tanh asin=asin "
    "acos=acos atan=atan sqrt=sqrt sign=sign floor=floor gamma=gamma erf=erf Abs=abs "
    "ceiling=ceil re=real im=imag conjugate=conj factorial=factorial Determinant=det"
)


class JuliaPrinter(LanguagePrinter):
    """Write Julia."""

    language = "Julia"
    reserved = words(
        "begin end if else elseif for while function return let do try catch finally const global "
        "local macro module quote struct using import export true false in isa where im pi "
        "I inv diagm vec kron sum Matrix"
    )
    constants: ClassVar[Mapping[str, str]] = named("I=im pi=pi e=exp(1) true=true false=false")
    names: ClassVar[Mapping[str, str]] = {
        **_LOWERCASE,
        **named(
            "loggamma=loggamma binomial=binomial Min=min Max=max Trace=tr Transpose=transpose "
            "OneMatrix=ones ZeroMatrix=zeros"
        ),
    }

    def _print_Adjoint(self, expr: Any) -> str:
        return self._postfix(expr.arg, "'")

    def _print_Inverse(self, expr: Any) -> str:
        return self.call("inv", expr.arg)

    def _print_MatPow(self, expr: Any) -> str:
        return f"{self._postfix(expr.base, '')}^{self.parenthesize(expr.exp, PRECEDENCE['Pow'])}"

    def _print_Identity(self, expr: Any) -> str:
        size = self._print(expr.shape[0])
        return f"Matrix(I, {size}, {size})"

    def _print_DiagMatrix(self, expr: Any) -> str:
        return f"diagm(vec({self._print(expr.args[0])}))"

    def _print_SymplecticForm(self, expr: Any) -> str:
        half = self._print(expr.shape[0] / 2)
        return f"kron(Matrix(I, {half}, {half}), [0 1; -1 0])"

    def _print_MatrixElement(self, expr: Any) -> str:
        parent, i, j = expr.args
        return f"{self._postfix(parent, '')}[{self._print(i + 1)}, {self._print(j + 1)}]"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return self._between(expr, ".*")

    def _print_HadamardPower(self, expr: Any) -> str:
        base, exponent = expr.args
        return f"{self._postfix(base, '')}.^{self.parenthesize(exponent, PRECEDENCE['Pow'])}"

    def _print_MatrixBase(self, expr: Any) -> str:
        rows = (" ".join(map(self._entry, expr.row(k))) for k in range(expr.rows))
        return f"[{'; '.join(rows)}]"

    def _entry(self, expr: Expr) -> str:
        text = self._print(expr)
        return f"({text})" if " " in text or text.startswith("-") else text

    def _print_KroneckerDelta(self, expr: Any) -> str:
        i, j, *ends = expr.args
        first, second = self._print(i), self._print(j)
        if not ends:
            return f"({first} == {second})"
        start, end = map(self._print, ends[0])
        return f"({first} == {second} && {start} <= {first} && {first} <= {end})"

    def _print_Piecewise(self, expr: Any) -> str:
        text = "NaN"
        for value, condition in reversed(expr.args):
            text = f"({self._print(condition)} ? {self._print(value)} : {text})"
        return text

    def _sum(self, summand: Expr, limits: list[Any]) -> str:
        *inner, outer = limits
        index, start, end = map(self._print, finite_range(outer, self.language))
        body = self._sum(summand, inner) if inner else self._print(summand)
        return f"sum(({body} for {index} in {start}:{end}); init=0)"


class OctavePrinter(JuliaPrinter):
    """Write Octave."""

    language = "Octave"
    reserved = words(
        "break case catch continue do else elseif end endfor endfunction endif endwhile for "
        "function global if otherwise persistent return switch try until unwind_protect while "
        "pi e Inf NaN eps true false ans inv diag kron sum arrayfun merge min max"
    )
    relations: ClassVar[Mapping[str, str]] = {"!=": "~="}
    negation = "~"
    constants: ClassVar[Mapping[str, str]] = named("I=1i pi=pi e=exp(1) true=true false=false")
    names: ClassVar[Mapping[str, str]] = {
        **_LOWERCASE,
        **named(
            "loggamma=gammaln binomial=nchoosek Trace=trace Identity=eye OneMatrix=ones "
            "ZeroMatrix=zeros"
        ),
    }

    def _print_Transpose(self, expr: Any) -> str:
        return self._postfix(expr.arg, ".'")

    def _print_DiagMatrix(self, expr: Any) -> str:
        return self.call("diag", expr.args[0])

    def _print_SymplecticForm(self, expr: Any) -> str:
        return f"kron(eye({self._print(expr.shape[0] / 2)}), [0 1; -1 0])"

    def _print_MatrixElement(self, expr: Any) -> str:
        parent, i, j = expr.args
        return f"{self._postfix(parent, '')}({self._print(i + 1)}, {self._print(j + 1)})"

    def _print_Min(self, expr: Any) -> str:
        return self._pairwise("min", expr.args)

    def _print_Max(self, expr: Any) -> str:
        return self._pairwise("max", expr.args)

    def _pairwise(self, name: str, parts: Any) -> str:
        first, *others = map(self._print, parts)
        for other in others:
            first = self.called(name, first, other)
        return first

    def _print_Piecewise(self, expr: Any) -> str:
        text = "NaN"
        for value, condition in reversed(expr.args):
            text = self.called("merge", self._print(condition), self._print(value), text)
        return text

    def _sum(self, summand: Expr, limits: list[Any]) -> str:
        *inner, outer = limits
        index, start, end = map(self._print, finite_range(outer, self.language))
        body = self._sum(summand, inner) if inner else self._print(summand)
        return f"sum(arrayfun(@({index}) {body}, {start}:{end}))"


_LANGUAGES: dict[str, type[LanguagePrinter]] = {
    "mathematica": MathematicaPrinter,
    "julia": JuliaPrinter,
    "octave": OctavePrinter,
}
