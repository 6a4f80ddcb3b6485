"""Training in miniature, with PyTorch: what depth, weights and gains do to gradient descent."""

from typing import TYPE_CHECKING, Any

from derivations.training.plan import Plan, Row

if TYPE_CHECKING:
    from derivations.training.runs import train

__all__ = ["Plan", "Row", "train"]


def __getattr__(name: str) -> Any:
    # PyTorch is loaded where something is trained.
    if name == "train":
        from derivations.training.runs import train

        return train
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
