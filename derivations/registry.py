"""The catalogue: which formulas there are, and where each is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.formula import Formula

__all__ = ["HEADLINES", "Catalogue", "UnknownFormulaError", "catalogue"]


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

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

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
    "row_norm_moments": {
        "row-norm-moment": "moment",
        "row-norm-joint-moment": "joint",
        "row-norm-inverse-moment": "inverse_moment",
    },
    "isometry": {
        "isometry-gap-step": "step_law",
    },
    "contraction": {
        "isometry-gap-contraction": "contraction",
        "isometry-gap-typical-rate": "typical_rate",
        "isometry-gap-hitting-time": "hitting_time",
    },
    "gap_rate": {
        "isometry-gap-rate": "limiting_rate",
        "isometry-gap-rate-margin": "rate_margin",
    },
    "gap_ceiling": {
        "isometry-gap-ceiling": "ceiling",
    },
    "gap_series": {
        "isometry-gap-series": "series",
    },
    "linearised_gap": {
        "linearised-gap": "linearised",
        "linearised-gap-square": "linearised_square",
    },
    "width_two": {
        "width-two-law": "width_two",
    },
    "gram_kernel": {
        "gram-kernel-step": "gram_kernel",
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
    "paper_contraction": {
        "paper-lemma-b1": "lemma_b1",
        "paper-lemma-b2": "lemma_b2",
        "paper-theorem-1": "theorem_1",
    },
    "backward": {
        "gradient-chain": "chain",
        "bn-jacobian-norm": "jacobian_norm",
        "bn-jacobian-bound": "jacobian_bound",
        "bn-jacobian-bound-sharp": "sharp_jacobian_bound",
    },
    "gradient_bound": {
        "bn-jacobian-product-bound": "product_bound",
        "gradient-bound": "gradient_bound",
    },
    "gradient_isometry": {
        "gradient-isometry-step": "step_law",
        "gradient-norm-at-isometry": "norm_at_isometry",
    },
    "gradient_step": {
        "gradient-step": "for_input",
        "gradient-step-weights": "for_weights",
    },
    "paper_losses": {
        "paper-lemma-c2": "lemma_c2",
    },
    "paper_first_layer": {
        "paper-lemma-c5": "lemma_c5",
        "paper-lemma-c6": "lemma_c6",
    },
    "paper_gradients": {
        "paper-lemma-c3": "lemma_c3",
        "paper-theorem-5": "theorem_5",
    },
    "paper_jacobian": {
        "paper-lemma-c4": "lemma_c4",
        "paper-lemma-c7": "lemma_c7",
        "paper-lemma-c8": "lemma_c8",
        "paper-lemma-c9": "lemma_c9",
        "paper-corollary-c10": "corollary_c10",
        "paper-lemma-c11": "lemma_c11",
        "paper-lemma-c12": "lemma_c12",
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

HEADLINES = (
    *THEMES["entries"],
    *THEMES["row_norms"],
    "row-norm-moment",
    "isometry-gap-step",
    "isometry-gap-contraction",
    "linearised-gap",
    "paper-theorem-3",
    "paper-theorem-1",
    "gradient-chain",
    "gradient-bound",
    "gradient-norm-at-isometry",
    "gradient-step",
    "paper-theorem-5",
    "gaussian-row-norm-moment",
    "gaussian-isometry-gap-step",
    "gaussian-gradient-step",
    "singular-jacobian-rate",
    "mean-subtraction-rank",
)
"""The formulas that a report is about, if not all."""
