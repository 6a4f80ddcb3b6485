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


THEMES = {
    "entries": {
        "entry-fourth-moment": "fourth_moment",
        "entry-same-row": "same_row",
        "entry-disjoint": "disjoint",
        "entry-rectangle": "rectangle",
    },
    "row_norms": {
        "row-norm-mean": "mean",
        "row-norm-variance": "variance",
        "row-norm-covariance": "covariance",
    },
    "isometry": {
        "isometry-gap-step": "step_law",
    },
    "paper_weingarten": {
        "paper-weingarten-e1": "e1",
        "paper-weingarten-e2": "e2",
        "paper-norm-product": "norm_product",
    },
    "paper_forward": {
        "paper-lemma-a1": "lemma_a1",
        "paper-lemma-a2": "lemma_a2",
        "paper-corollary-a3": "corollary_a3",
        "paper-theorem-3": "theorem_3",
        "paper-corollary-4": "corollary_4",
    },
    "gaussian": {
        "gaussian-row-norm-moment": "row_norm_moment",
        "gaussian-isometry-gap-step": "gap_step",
        "gaussian-gradient-step": "gradient_step",
        "gaussian-gradient-rate": "gradient_rate",
    },
    "edges": {
        "singular-jacobian-rate": "jacobian_rate",
        "mean-subtraction-rank": "rank_after_subtraction",
    },
    "shaping": {
        "shaping-nonlinear-share": "share_of_tanh",
        "shaping-nonlinear-share-sin": "share_of_sin",
        "shaping-slope": "slope_of_tanh",
        "shaping-slope-sin": "slope_of_sin",
        "shaping-exponent": "exponent_of_gains",
    },
}
"""The modules of `derivations.formulas`, and in each the formulas with the functions that derive
them. A theme is a module and an entry here."""

catalogue = Catalogue(
    {
        name: f"derivations.formulas.{module}:{function}"
        for module, functions in THEMES.items()
        for name, function in functions.items()
    }
)
