"""Draw a contraction: the letters of a random matrix, the pieces between them, and the joins."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import networkx as nx
from sympy import latex

from weingarten.expressions.writer import product
from weingarten.integration.diagram import Cut

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from weingarten.explanation.picture import Picture

#: Colours that remain apart for the colour-blind [Okabe & Ito].
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def contraction_graph(cut: Cut, rows: Any, columns: Any) -> nx.MultiGraph:
    """Return the graph of a contraction.

    Its nodes are the row and column indices of the letters (even and odd numbers) and the free
    indices. Its edges are of three kinds: "letter" joins the two indices of a letter, "piece" is
    a constant word between two indices, "join" joins two equal indices.
    """
    graph = nx.MultiGraph()
    for k in range(2 * cut.n):
        graph.add_edge(2 * k, 2 * k + 1, kind="letter", label=_letter(cut, k))
    for number, piece in enumerate(cut.pieces):
        start, stop = (
            end if isinstance(end, int) else (number, str(end)) for end in (piece.start, piece.stop)
        )
        label = str(product(piece.word)) if piece.word else ""
        graph.add_edge(start, stop, kind="piece", label=label)
    for side, pairing in enumerate((rows, columns)):
        for a, b in pairing:
            graph.add_edge(2 * a + side, 2 * b + side, kind="join", label="")
    return graph


def _letter(cut: Cut, k: int) -> str:
    name = f"\\overline{{{cut.matrix}}}" if cut.bipartite and k >= cut.n else str(cut.matrix)
    return f"${name}_{{{k + 1}}}$"


def loops(graph: nx.MultiGraph) -> list[set[Any]]:
    """Return the loops of pieces and joins: each becomes a trace, an entry or a delta."""
    kept = nx.MultiGraph(
        (u, v) for u, v, kind in graph.edges(data="kind") if kind in ("piece", "join")
    )
    return [set(component) for component in nx.connected_components(kept)]


def draw_contraction(cut: Cut, contraction: Any) -> Picture:
    """Return a picture of a contraction, its loops of pieces and joins in colours."""
    from matplotlib.lines import Line2D

    from weingarten.explanation.picture import Picture

    graph = contraction_graph(cut, contraction.rows, contraction.columns)
    colour = {
        node: _COLOURS[k % len(_COLOURS)] for k, loop in enumerate(loops(graph)) for node in loop
    }
    place = _places(graph, cut.indices)
    figure = Picture(figsize=(6.4, 6.8), layout="constrained")
    axes = figure.add_subplot()
    for u, v, data in graph.edges(data=True):
        _draw_edge(axes, place[u], place[v], colour.get(u, "#333333"), data)
    for node, (x, y) in place.items():
        free = not isinstance(node, int)
        filled = free or node % 2 == 0
        axes.plot(
            x,
            y,
            "s" if free else "o",
            ms=8,
            mec="#333333",
            mew=1.2,
            mfc="#333333" if filled and not free else "white",
            zorder=5,
        )
        if free:
            axes.annotate(node[1], (x, y), (x * 1.1, y * 1.1), ha="center", va="center", size=12)
    axes.legend(
        handles=[
            Line2D([], [], color="#333333", lw=4, label="letter"),
            Line2D([], [], color=_COLOURS[0], lw=1.8, label="constant"),
            Line2D([], [], color=_COLOURS[0], lw=1.8, ls=(0, (4, 2)), label="joined indices"),
            Line2D([], [], color="#333333", marker="s", mfc="white", ls="", label="free index"),
            Line2D([], [], color="#333333", marker="o", ls="", label="row index"),
            Line2D([], [], color="#333333", marker="o", mfc="white", ls="", label="column index"),
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncol=3,
        frameon=False,
    )
    weight, total = _mathtext(contraction.weight), _mathtext(contraction.loops)
    axes.set_title(f"type {contraction.kind}:   ${weight}$  ×  ${total}$", size=13, pad=14)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.margins(0.14)
    return figure


def _mathtext(expr: Any) -> str:
    text: str = latex(expr)
    return text.replace(r"\operatorname{tr}", r"\mathrm{tr}\,")


def _places(graph: nx.MultiGraph, indices: list[tuple[int, int]]) -> dict[Any, tuple[float, float]]:
    """Return the indices of the letters around a circle, free indices outside of it."""
    place: dict[Any, tuple[float, float]] = {}
    for k, ends in enumerate(indices):
        for end, shift in zip(ends, (-0.18, 0.18), strict=True):
            angle = pi / 2 - 2 * pi * (k + shift) / len(indices)
            place[end] = (cos(angle), sin(angle))
    for node in graph:
        if node not in place:
            x, y = place[next(iter(graph[node]))]
            place[node] = (1.3 * x, 1.3 * y)
    return place


def _draw_edge(axes: Axes, start: Any, stop: Any, colour: str, data: dict[str, Any]) -> None:
    """Draw a letter as a bar, a piece as an arc outside, a join as a dashed arc inside."""
    from matplotlib.patches import FancyArrowPatch

    kind = data["kind"]
    (x, y), (u, v) = start, stop
    middle = ((x + u) / 2, (y + v) / 2)
    # Which way to bend, so that pieces pass outside of the circle and joins inside.
    outward = 1 if x * v - y * u > 0 else -1
    bend = {"letter": 0.0, "piece": 0.35 * outward, "join": -0.25 * outward}[kind]
    style: dict[str, Any] = {
        "letter": {"color": "#333333", "lw": 4},
        "piece": {"color": colour, "lw": 1.8},
        "join": {"color": colour, "lw": 1.8, "ls": (0, (4, 2))},
    }[kind]
    axes.add_patch(
        FancyArrowPatch(
            start,
            stop,
            arrowstyle="-",
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=0,
            shrinkB=0,
            **style,
        )
    )
    if data["label"]:
        across = (v - y, x - u) if kind == "piece" else (0.0, 0.0)
        at = tuple(m + 0.6 * bend * a for m, a in zip(middle, across, strict=True))
        scale = 1.12 if kind == "piece" else 1.13
        axes.annotate(
            data["label"] if kind == "letter" else f"${_mathtext_label(data['label'])}$",
            (at[0] * scale, at[1] * scale),
            ha="center",
            va="center",
            size=12,
            color="#333333" if kind == "letter" else colour,
        )


def _mathtext_label(label: str) -> str:
    return label.replace("*", r"\,").replace(".T", "^T").replace("Adjoint", r"\mathrm{Adj}")
