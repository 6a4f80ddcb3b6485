"""``weingarten wg``: a Weingarten function."""

from __future__ import annotations

import click

from derivations.cli.cells import cells
from derivations.cli.counts import Count
from derivations.cli.errors import bad_input
from derivations.cli.streams import echo

__all__ = ["wg"]

GROUPS = ("unitary", "orthogonal", "symplectic")


@click.command(
    epilog="\b\nExamples:\n  weingarten wg unitary 2,1\n  weingarten wg orthogonal 3 --dim 5"
)
@click.argument("group", type=click.Choice(GROUPS))
@click.argument("partition")
@click.option(
    "--dim",
    type=Count(min=1),
    metavar="N",
    help="Dimension (for Sp, half the size); without it, the symbol d.",
)
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX.")
def wg(group: str, partition: str, dim: int | None, as_latex: bool) -> None:
    """Print the Weingarten function of a PARTITION such as 2,1.

    The partition is a cycle type for the unitary group, a coset type for the others.
    """
    with bad_input():
        parts = _partition(partition)
        # What the user wrote is checked before the engine is imported, which takes seconds.
        import weingarten
        from derivations.notation import d
        from derivations.writing import latex

        function = getattr(weingarten, f"weingarten_{group}")
        value = function(parts, d if dim is None else dim)
    echo(latex(value) if as_latex else value)


def _partition(text: str) -> tuple[int, ...]:
    parts_text = cells(text)
    if not parts_text:
        raise ValueError(f"partition {text!r} has no parts; expected parts such as 3,1")
    try:
        parts = tuple(int(cell) for cell in parts_text)
    except ValueError as reason:
        raise ValueError(
            f"partition {text!r} has a part that is no integer; expected parts such as 3,1"
        ) from reason
    if min(parts) < 1:
        raise ValueError(f"partition {text!r} has the part {min(parts)}; expected positive parts")
    return parts
