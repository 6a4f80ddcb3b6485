"""Lists as they are written on a command line; reading one takes no engine."""

from __future__ import annotations

__all__ = ["cells"]


def cells(text: str) -> list[str]:
    """Cut a list such as ``1,2`` or ``[1 2]`` into its parts.

    Examples
    --------
    >>> cells("(3, 1)")
    ['3', '1']
    """
    return text.strip("()[] ").replace(",", " ").split()
