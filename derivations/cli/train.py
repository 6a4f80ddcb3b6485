"""``weingarten train``: the claim about training, in miniature."""

from __future__ import annotations

from pathlib import Path

import click

from derivations.cli import inputs
from derivations.cli.cells import cells
from derivations.cli.errors import bad_input, extras
from derivations.cli.output import progress
from derivations.cli.streams import echo
from derivations.training import Plan
from derivations.training.files import require_ours, write

__all__ = ["train"]

DEFAULT = Plan()


@click.command(
    epilog="\b\nExamples:\n  weingarten train\n"
    "  weingarten train --depths 10,100 --steps 50 --activation sin --out training/sin"
)
@click.option(
    "--depths", default=",".join(map(str, DEFAULT.depths)), show_default=True, metavar="LIST"
)
@click.option("--width", type=int, default=DEFAULT.width, show_default=True, help="At most 50.")
@click.option(
    "--activation",
    type=click.Choice(["tanh", "sin", "relu", "identity"]),
    default=DEFAULT.activation,
    show_default=True,
)
@click.option(
    "--exponent",
    type=float,
    default=DEFAULT.exponent,
    show_default=True,
    help="e of the gains (l + 1)^(-e).",
)
@click.option("--steps", type=int, default=DEFAULT.steps, show_default=True)
@click.option(
    "--every", type=int, default=DEFAULT.every, show_default=True, help="Steps between rows."
)
@click.option("--rate", type=float, default=DEFAULT.rate, show_default=True, help="Step size.")
@click.option("--batch", type=int, default=DEFAULT.batch, show_default=True, help="Of a step.")
@inputs.seed
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("training"),
    show_default=True,
    help="Folder to write to.",
)
def train(depths: str, out: Path, **settings: object) -> None:
    """Train deep networks on digits: orthogonal and Gaussian weights, gains shaped and not.

    Writes accuracy, gradient norms and the isometry gap of the weights over steps to the folder
    --out, as training.csv, training.json, training.png and training.svg.
    """
    with extras("train"):
        from derivations.training.runs import train as trained
    with bad_input():
        plan = Plan(depths=_integers(depths), **settings)  # type: ignore[arg-type]
        require_ours(out)
        total = plan.steps * sum(case.depth for case in plan.cases)
        rows = []
        with progress() as task:
            echo(" depth  weights     gains       loss  training  test")
            for seen in trained(plan, task("training", total)):
                rows += seen
                last = seen[-1]
                echo(
                    f"{last.depth:6d}  {last.weights:10}  {last.gains:8}  {last.loss:6.3f}  "
                    f"{last.train_accuracy:8.3f}  {last.test_accuracy:4.2f}"
                )
        files = write(plan, rows, out)
    echo("\n" + "\n".join(map(str, files)))


def _integers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(cell) for cell in cells(text))
    except ValueError:
        raise ValueError(f"depths {text!r}: expected a list such as 10,100") from None
