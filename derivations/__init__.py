"""The formulas of deep networks at finite width, derived with the engine and checked by simulation.

>>> from derivations import catalogue
>>> catalogue["entry-fourth-moment"].statement.rhs
3/(d*(d + 2))
"""

from typing import TYPE_CHECKING, Any

from derivations.registry import catalogue

if TYPE_CHECKING:
    from derivations.sweeps import sweep

__all__ = ["catalogue", "sweep"]


def __getattr__(name: str) -> Any:
    # A sweep needs NumPy and SymPy, which what only lists the catalogue should not wait for.
    if name == "sweep":
        from derivations.sweeps import sweep

        return sweep
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "numeric"]
