"""Formulas as LaTeX and as text."""
