"""Sweeps: a formula or a statistic at every width, depth and batch, on any executor."""

from derivations.sweeps.errors import StoreError, SweepError
from derivations.sweeps.simulate import sweep
from derivations.sweeps.statistics import STATISTICS, RunStatistic, statistic
from derivations.sweeps.table import Sweep

__all__ = [
    "STATISTICS",
    "RunStatistic",
    "StoreError",
    "Sweep",
    "SweepError",
    "statistic",
    "sweep",
]
