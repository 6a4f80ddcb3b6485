"""``weingarten expect``: the expectation of an expression, from the shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from derivations.cli.counts import Count
from derivations.cli.errors import BadInput, bad_input
from derivations.cli.streams import echo
from derivations.cli.tables import beside, nearest, sizes, table, with_form

__all__ = ["expect"]


class Expressions(click.Command):
    """A command whose argument may begin with a minus, and is no option then."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        taking = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        before = ["", *args]
        words = [
            f" {arg}" if _is_negative(arg) and option not in taking else arg
            for option, arg in zip(before, args, strict=False)
        ]
        return super().parse_args(context, words)


def _is_negative(argument: str) -> bool:
    return argument[:1] == "-" and argument[:2] != "--" and argument not in ("-", "-h")


@click.command(
    cls=Expressions,
    epilog="\b\nExamples:\n"
    '  weingarten expect "Trace(W*A*W.T*B)"\n'
    '  weingarten expect "abs(U[0,0])**4" --dim 2,10,100 --csv\n'
    '  weingarten expect "Trace(V.T*A*V)" --let "k=2" --let "V=HaarStiefel(d,k)"\n'
    '  weingarten expect "abs((U*P*U.H)[0,0])**2" --given "P*P = P" --given "hermitian(P)"',
)
@click.argument("expression")
@click.option(
    "--let",
    "said",
    multiple=True,
    metavar="NAME=KIND",
    help="What a name is: V=HaarStiefel(d,k), A=Matrix(d,3), k=5; may be given more than once.",
)
@click.option(
    "--given", multiple=True, metavar="FACT", help='About constants: "symmetric(A)", "P*P = P".'
)
@click.option("--dim", metavar="LIST", callback=sizes, help="Numbers for d, one or several.")
@click.option("--digits", type=Count(min=1), help="Decimal digits of each value.")
@click.option("--conditions", is_flag=True, help="Print when the value holds, too.")
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
@with_form
def expect(
    expression: str,
    said: tuple[str, ...],
    given: tuple[str, ...],
    dim: list[int] | None,
    digits: int | None,
    conditions: bool,
    as_latex: bool,
    form: str | None,
) -> None:
    """Print the expectation of EXPRESSION, a polynomial in entries, traces and products.

    W and O are Haar orthogonal, U and V Haar unitary, G has independent standard real Gaussian
    entries, all d x d; other capitals are constant d x d matrices; i, j, k, l, m, n, p, q, r, s
    are indices and other small letters numbers, unless --let says otherwise. A.T is the transpose,
    A.H the conjugate transpose, A.I the inverse.
    """
    if as_latex and form:
        raise BadInput("--latex prints LaTeX, and --csv and --json a table; expected one of them")
    with bad_input():
        # A mistake in a list of numbers is found before the engine is imported, which takes long.
        from derivations.cli.expressions import Names

        names = Names()
        for text in said:
            names.let(text)
        expr = names.read(expression)
        facts = [names.fact(text) for text in given]
        if dim and "d" not in names.found:
            raise BadInput("--dim says what d is, and here is no d that is not a number")
        for line in names.taken():
            echo(line, err=True)
        dimensions: Sequence[int | None] = dim or (None,)
        rows = [_row(names, expr, facts, d, digits) for d in dimensions]
    if form is not None:
        columns = ("expression", "d", "exact", "value", *(["digits"] if digits else []))
        if conditions:
            columns = (*columns, "conditions")
        echo(table(form, columns, rows), nl=False)
        return
    for row in rows:
        place = f"d = {row['d']}: " if len(rows) > 1 else ""
        echo(f"{place}{_written(row, as_latex, digits)}")
        if conditions:
            always = row["conditions"] == "True"
            echo("without conditions" if always else f"when {row['conditions']}")


def _row(
    names: Any, expr: Any, facts: list[Any], d: int | None, digits: int | None
) -> dict[str, Any]:
    """Return what is printed of the expectation at one dimension."""
    from weingarten import E

    if d is not None:
        put = {names.d: d}
        expr, facts = expr.subs(put), [fact.subs(put) for fact in facts]
    value, condition = E(expr, facts or None, conditions=True)
    row = {
        "expression": str(expr),
        "d": d,
        "exact": value,
        "value": nearest(value),
        "conditions": str(condition),
    }
    if digits:
        if getattr(value, "is_Matrix", False) or not value.is_number:
            raise BadInput(f"--digits: the value {value} is no number; say --dim, and --let x=2")
        row["digits"] = value.n(digits)
    return row


def _written(row: dict[str, Any], as_latex: bool, digits: int | None) -> str:
    if as_latex:
        from derivations.writing import latex

        return latex(row["exact"])
    if digits:
        return str(row["digits"])
    return beside(row["exact"], row["value"])
