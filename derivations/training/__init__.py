"""Training in miniature, with PyTorch: what depth, weights and gains do to gradient descent."""

from derivations.training.plan import Plan, Row
from derivations.training.runs import train

__all__ = ["Plan", "Row", "train"]
