"""How formulas and sentences are written: LaTeX for paper and page, plain text for a terminal."""

from derivations.writing.latex import latex
from derivations.writing.sentence import pieces, plain
from derivations.writing.text import line, terminal

__all__ = ["latex", "line", "pieces", "plain", "terminal"]
