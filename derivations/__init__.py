"""The formulas of deep networks at finite width, derived with the engine and checked by simulation.

>>> from derivations import catalogue
>>> catalogue["entry-fourth-moment"].statement.rhs
3/(d*(d + 2))
"""

from derivations.registry import catalogue

__all__ = ["catalogue"]
