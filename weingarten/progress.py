"""Progress of long loops, on a terminal or in a notebook, where tqdm is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")

#: A loop that is done sooner, in seconds, shows nothing.
_DELAY = 5.0


def progress(steps: Iterable[T], total: int | None, what: str) -> Iterable[T]:
    """Return the steps of a loop, which show how far they are once it runs for seconds.

    Nothing is written where standard error is neither a terminal nor a notebook's; without tqdm
    there is no progress.

    Parameters
    ----------
    steps : iterable
        What the loop goes through.
    total : int or None
        How many steps there are, if that is known.
    what : str
        What a step is.

    Examples
    --------
    >>> list(progress([1, 2, 3], 3, "numbers"))
    [1, 2, 3]
    """
    bar = _bar()
    if bar is None:
        return steps
    shown: Iterable[T] = bar(
        steps, total=total, unit=f" {what}", delay=_DELAY, leave=False, file=sys.stderr
    )
    return shown


def _bar() -> Any:
    """Return tqdm's class for where this runs, None where nothing is shown."""
    notebook = _in_notebook()
    if not notebook and not (sys.stderr and sys.stderr.isatty()):
        return None
    # Without widgets tqdm's own choice for notebooks warns, and the plain one does.
    name = "tqdm.auto" if notebook and find_spec("ipywidgets") else "tqdm.std"
    try:
        return import_module(name).tqdm
    except ImportError:
        return None


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"
