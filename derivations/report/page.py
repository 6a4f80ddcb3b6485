"""A report as one HTML page that opens from disk: formulas in MathML, figures inline."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from derivations.figures import Figure
from derivations.letters import letters_in
from derivations.report.mathml import math, prose
from derivations.report.study import Study
from derivations.writing import latex
from derivations.writing.text import errors_off

__all__ = ["page"]


def page(result: Study, drawings: Mapping[Figure, str], moved: str = "") -> str:
    """Write a report as one HTML page.

    Parameters
    ----------
    result : Study
        What was computed.
    drawings : mapping of Figure to str
        The SVG file of each figure.
    moved : str, optional
        Where the figure with a width and a depth to move lies, beside the page.

    Returns
    -------
    str
        HTML that loads nothing from elsewhere: no script, no font, no image.
    """
    templates = Environment(
        loader=PackageLoader("derivations.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "bound": {"<=": "≤ ", ">=": "≥ ", "==": ""}.__getitem__,
        "latex": latex,
        "math": math,
        "number": _number,
        "prose": prose,
        "signed": lambda value: errors_off(value).replace("-", "−"),
        "thousands": lambda value: f"{value:,}".replace(",", "\u202f"),  # a narrow space
    }
    return templates.get_template("index.html.j2").render(
        result=result,
        letters=letters_in(formula.holding for formula in result.formulas),
        drawings=[(figure, _inline(figure, svg)) for figure, svg in drawings.items()],
        moved=moved,
    )


def _number(value: float, digits: int) -> Markup:
    mantissa, _, exponent = f"{value:.{digits}g}".replace("-", "−").partition("e")
    power = f"·10<sup>{exponent[0].strip('+')}{exponent[1:].lstrip('0')}</sup>" if exponent else ""
    return Markup(mantissa + power)


def _inline(figure: Figure, svg: str) -> Markup:
    """Return a drawing that may stand on one page with others: no two names of parts are equal."""
    name = re.escape(figure.name)
    drawing = re.sub(r'(id="|#)(?=[A-Za-z])', rf"\1{figure.name}-", svg[svg.index("<svg") :])
    # A number sign may begin a colour instead of a reference.
    drawing = re.sub(rf"#{name}-([0-9a-fA-F]{{6}})\b", r"#\1", drawing)
    label = f'<svg role="img" aria-label="{escape(figure.title)}" '
    return Markup(drawing.replace("<svg ", label, 1))
