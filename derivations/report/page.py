"""A report as one HTML page that opens from disk: formulas in MathML, figures inline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from itertools import groupby

from derivations.figures.figures import Figure
from derivations.formula import Formula, Step
from derivations.report.mathml import math, prose
from derivations.numeric.montecarlo import FALSE_ALARM, Z_LIMIT, CrossCheck
from derivations.report.study import Study
from derivations.writing.writing import latex

__all__ = ["page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5b6875; --line: #d9dfe5;
  --paper: #ffffff; --panel: #f5f7f9; --good: #00674a; --bad: #b3261e; --link: #0b62a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a3afba; --line: #38424d;
  --paper: #14191f; --panel: #1d242c; --good: #5fd0a5; --bad: #ff8a80; --link: #7cc0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font: 1.02rem/1.55 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .8rem; }
h3 { font-size: 1.08rem; margin: 1.4rem 0 .4rem; }
p { max-width: 46rem; margin: .6rem 0; }
.lead { font-size: 1.12rem; }
a { color: var(--link); }
.sans, table, figcaption, .facts, .how, summary .name { font-family: system-ui, "Segoe UI",
  Roboto, "Helvetica Neue", Arial, sans-serif; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1px;
  background: var(--line); border: 1px solid var(--line); margin: 1.4rem 0; padding: 0; }
.facts div { background: var(--paper); padding: .55rem .8rem; }
.facts dt { color: var(--soft); font-size: .78rem; }
.facts dd { margin: 0; font-size: 1.05rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .78rem; }
th, td { padding: .38rem .6rem; vertical-align: baseline; }
thead th { border-bottom: 1px solid var(--ink); }
tbody { border-bottom: 1px solid var(--line); }
tbody tr:first-child td { padding-top: .7rem; }
tbody tr:last-child td { padding-bottom: .7rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.formula { font-size: 1rem; }
.title { display: flex; align-items: center; overflow-x: auto; overflow-y: hidden; }
.title code { flex: 0 0 14rem; }
.title math { math-style: normal; }
code { font: .85em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.agrees { color: var(--good); } .disagrees { color: var(--bad); font-weight: 700; }
figure { margin: 1.2rem 0 2rem; }
figure svg { display: block; width: 100%; height: auto; max-width: 50rem; background: #fff;
  border: 1px solid var(--line); }
figcaption { font-size: .85rem; color: var(--soft); max-width: 50rem; margin-top: .6rem; }
details { border-top: 1px solid var(--line); padding: .2rem 0; }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .6rem 0; }
summary .name { color: var(--soft); font-size: .85rem; margin-left: .6rem; }
details > div { padding: 0 0 1rem 1.1rem; }
ol > li { margin: .9rem 0; padding-left: .2rem; }
math[display=block] { margin: .7rem 0; font-size: 1.08em; overflow-x: auto; overflow-y: hidden; }
.statement { background: var(--panel); padding: .3rem 1rem; margin: .6rem 0; overflow-x: auto; }
.how { font-size: .8rem; color: var(--soft); }
ul { padding-left: 1.2rem; } ul li { max-width: 46rem; margin: .3rem 0; }
@media print { details > div { display: block; } }
"""


def page(result: Study, drawings: Mapping[Figure, str]) -> str:
    """Write a report as one HTML page.

    Parameters
    ----------
    result : Study
        What was computed.
    drawings : mapping of Figure to str
        The SVG file of each figure.

    Returns
    -------
    str
        HTML that loads nothing: no script, no font, no image from elsewhere.
    """
    parts = [
        "<h1>Batch-normalised layers with orthogonal weights</h1>",
        _lead(result),
        _facts(result),
        "<h2>Values</h2>",
        _how_to_read(result),
        _table(result),
        "<h2>Over depth</h2>",
        *(_figure(figure, svg, result) for figure, svg in drawings.items()),
        "<h2>Derivations</h2>",
        "<p>Each step was checked again when this page was written; the small print says how. "
        'The same text as LaTeX is in <a href="formulas.tex">formulas.tex</a>.</p>',
        *(_derivation(formula) for formula in result.formulas),
        "<h2>Notes</h2>",
        _notes(result),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Exact formulas against simulation</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _lead(result: Study) -> str:
    count, bad = len(result.rows), sum(not row.agrees for row in result.rows)
    verdict = (
        f"In {count} checks against simulation, every value agrees."
        if not bad
        else f"In {count} checks against simulation, {bad} disagree."
    )
    steps = sum(len(formula.steps) for formula in result.formulas)
    if result.broken:
        derivations = f"{len(result.broken)} of {steps} steps of the derivations do not hold."
    else:
        derivations = f"All {steps} steps of the derivations hold."
    return (
        '<p class="lead">A layer maps '
        + prose(r"$X_l$ to $X_{l+1} = \operatorname{BN}(W_l X_l)$")
        + ", with a Haar-distributed orthogonal weight matrix and batch normalisation that scales "
        "each row to unit norm. The formulas below are exact at every width. "
        f"{verdict} {derivations}</p>"
    )


def _facts(result: Study) -> str:
    s = result.settings
    gap = result.history.gaps[0, 0]
    facts = {
        "width": prose(f"$d = {s.width}$"),
        "depth": str(s.depth),
        "gap of the input": f"{gap:.4g}",
        "draws per check": f"{s.samples:,}".replace(",", "&#8239;"),
        "networks": str(s.networks),
        "seed": str(s.seed),
    }
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    notes = "; ".join(map(prose, result.notes))
    batch = f"<p>Batch: {escape(result.source)}{'; ' + notes if notes else ''}.</p>"
    return f'<dl class="facts">{cells}</dl>{batch}'


def _how_to_read(result: Study) -> str:
    return (
        "<p>The simulated value is a mean over independent weight matrices, with its standard "
        "error; "
        + prose("$z$")
        + " is its distance from the exact value in standard errors. A value agrees when "
        + prose(rf"$|z| \le {Z_LIMIT:g}$")
        + f"; a true formula misses that once in {1 / FALSE_ALARM:,.0f} checks. Formulas that "
        "depend on the input are evaluated at the first layer and at the input of layer "
        f"{result.settings.depth} of one simulated network.</p>"
    )


def _table(result: Study) -> str:
    head = (
        "<thead><tr><th>formula</th><th>at</th><th class='number'>exact</th>"
        "<th class='number'>simulated</th><th class='number'>standard error</th>"
        "<th class='number'>z</th><th>verdict</th></tr></thead>"
    )
    by_name = {formula.name: formula for formula in result.formulas}
    groups = groupby(result.rows, key=lambda row: row.formula)
    bodies = "".join(_group(by_name[name], list(rows)) for name, rows in groups)
    return f'<div class="scroll"><table>{head}{bodies}</table></div>'


def _group(formula: Formula, rows: list[CrossCheck]) -> str:
    title = (
        f'<tr><td colspan="7" class="formula"><div class="title"><code>{formula.name}</code>'
        f"{math(latex(formula.statement))}</div></td></tr>"
    )
    return f"<tbody>{title}{''.join(map(_row, rows))}</tbody>"


def _row(row: CrossCheck) -> str:
    kind = "agrees" if row.agrees else "disagrees"
    numbers = (_number(row.exact, 8), _number(row.mean, 8), _number(row.standard_error, 2))
    cells = "".join(f'<td class="number">{value}</td>' for value in numbers)
    z = f"{row.z:+.2f}".replace("-", "−")
    return (
        f"<tr><td></td><td>{escape(row.where) or 'any input'}</td>{cells}"
        f'<td class="number">{z}</td><td class="{kind}">{kind}</td></tr>'
    )


def _number(value: float, digits: int) -> str:
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    power = f"·10<sup>{int(exponent)}</sup>" if exponent else ""
    return (mantissa + power).replace("-", "−")


def _figure(figure: Figure, svg: str, result: Study) -> str:
    # Two drawings on one page must not share the names of their parts.
    drawing = re.sub(r'(id="|#)(?=[A-Za-z])', rf"\1{figure.name}-", svg[svg.index("<svg") :])
    drawing = _colours_back(drawing, figure.name).replace(
        "<svg ", f'<svg role="img" aria-label="{escape(figure.title)}" ', 1
    )
    files = ", ".join(
        f'<a href="figures/{figure.name}.{suffix}">{suffix.upper()}</a>'
        for suffix in ("png", "svg")
    )
    caption = prose(figure.caption(result.history))
    return f"<figure>{drawing}<figcaption>{caption} ({files})</figcaption></figure>"


def _colours_back(drawing: str, name: str) -> str:
    """Undo the renaming where the number sign begins a colour, not a reference."""
    return re.sub(rf"#{re.escape(name)}-([0-9a-fA-F]{{6}})\b", r"#\1", drawing)


def _derivation(formula: Formula) -> str:
    hypotheses = "".join(f"<li>{prose(h.text)}</li>" for h in formula.hypotheses)
    steps = "".join(map(_step, formula.steps))
    statement = math(latex(formula.statement), display=True)
    return (
        f'<details><summary>{escape(formula.title)} <span class="name">{formula.name}</span>'
        f'</summary><div><div class="statement">{statement}</div>'
        f"<h3>Hypotheses</h3><ul>{hypotheses}</ul>"
        f"<p><b>When {prose('$A$')} is singular.</b> {prose(formula.singular)}</p>"
        f"<h3>Steps</h3><ol>{steps}</ol>"
        f'<p class="how">Source: {prose(formula.source)}.</p></div></details>'
    )


def _step(step: Step) -> str:
    return (
        f"<li>{prose(step.because)}:{math(latex(step.claim), display=True)}"
        f'<span class="how">checked: {prose(step.how())}</span></li>'
    )


def _notes(result: Study) -> str:
    s = result.settings
    notes = [
        f"All rows of the table share the same {s.samples} weight matrices, so their z-scores are "
        "correlated with each other; the networks of the figures use others.",
        f"Seed {s.seed}: the table, the networks and the fixed first layer, if there is one, draw "
        "from separate streams of it. The same seed gives the same numbers.",
        "Entries and row norms: each draw contributes the average over the rows, or over the "
        "rectangles along the diagonal, that have the same law. The mean row norm is that of "
        "row 0, since the average over all rows is the same in every draw.",
        "The integral is computed with the trapezoidal rule after $2 t m = e^u$, where it "
        "converges exponentially; the tests compare it with mpmath's tanh-sinh rule.",
        "The theory is A. Meterez, A. Joudaki, F. Orabona, A. Immer, G. Rätsch, H. Daneshmand, "
        "Towards Training Without Depth Limits: Batch Normalization Without Gradient Explosion, "
        "ICLR 2024, arXiv:2310.02012.",
        f"Computed with {result.versions()}.",
    ]
    return f"<ul>{''.join(f'<li>{prose(note)}</li>' for note in notes)}</ul>"
