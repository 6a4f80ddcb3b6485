"""The catalogue: which formulas there are, and where each is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.formula import Formula

__all__ = ["Catalogue", "UnknownFormulaError", "catalogue"]


class UnknownFormulaError(KeyError):
    """No formula has this name; the message lists the close ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class Catalogue(Mapping[str, "Formula"]):
    """Formulas by name, each derived at its first use and then kept.

    Parameters
    ----------
    sources : mapping of str to str
        For each name, ``"module:function"``; the function takes nothing and returns the
        `derivations.formula.Formula`.

    Examples
    --------
    >>> shelf = Catalogue({"row-norm-mean": "derivations.formulas.row_norms:mean"})
    >>> list(shelf)
    ['row-norm-mean']
    >>> shelf["row-norm-mean"].statement.rhs
    p_1/d
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._derived: dict[str, Formula] = {}

    def __getitem__(self, name: str) -> Formula:
        if name not in self._derived:
            if name not in self._sources:
                raise UnknownFormulaError(self._advice(name))
            module, function = self._sources[name].split(":")
            self._derived[name] = getattr(import_module(module), function)()
        return self._derived[name]

    def __contains__(self, name: object) -> bool:
        # Mapping would look the value up, that is, derive the formula only to learn its name.
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __repr__(self) -> str:
        return "Catalogue of " + ", ".join(self)

    def _advice(self, name: object) -> str:
        close = get_close_matches(str(name), self._sources, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(self)}."
        return f"no formula is called {name!r}; {hint}"


catalogue = Catalogue(
    {
        "entry-fourth-moment": "derivations.formulas.entries:fourth_moment",
        "entry-same-row": "derivations.formulas.entries:same_row",
        "entry-disjoint": "derivations.formulas.entries:disjoint",
        "entry-rectangle": "derivations.formulas.entries:rectangle",
        "row-norm-mean": "derivations.formulas.row_norms:mean",
        "row-norm-variance": "derivations.formulas.row_norms:variance",
        "row-norm-covariance": "derivations.formulas.row_norms:covariance",
        "isometry-gap-step": "derivations.formulas.isometry:step_law",
    }
)
