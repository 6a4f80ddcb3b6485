"""A picture that a notebook shows without being told to."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure

#: Dots per inch on a page; what is drawn is as sharp when it is printed as SVG or PDF.
_DPI = 110


class Picture(Figure):
    """A figure of matplotlib with a representation of its own.

    That of a plain figure comes with pyplot, which chooses a backend for the whole process.
    """

    def _repr_png_(self) -> bytes:
        image = BytesIO()
        self.savefig(image, format="png", dpi=_DPI, bbox_inches="tight")
        return image.getvalue()
