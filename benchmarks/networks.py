"""What a network costs beside what must be done in any case, measured side by side.

Both sides of a ratio run in one process in turn, and of each the least processor time counts. Every
case has a fresh process for each number of BLAS threads that it is tried with.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

from benchmarks.process import ROOT, peak

Call = Callable[[], Any]

THREADS = (1, 2)
TURNS = 5
WIDTH, DEPTH, NETWORKS = 100, 50, 10


@dataclass(frozen=True)
class Limit:
    """One row: a number that should not be above a limit.

    Parameters
    ----------
    title, unit : str
    most : float
    measure : callable
        Returns the number.
    long : bool
        Whether it takes minutes.
    """

    title: str
    unit: str
    most: float
    measure: Callable[[], float]
    long: bool = False


def in_turn(one: Call, other: Call) -> float:
    """Return the processor time of the first call over that of the second."""
    least = [float("inf")] * 2
    one(), other()
    for _ in range(TURNS):
        for k, call in enumerate((one, other)):
            start = process_time()
            call()
            least[k] = min(least[k], process_time() - start)
    return least[0] / least[1]


def _batch(width: int, seed: int = 0) -> Any:
    import numpy as np

    return np.random.default_rng(seed).standard_normal((width, width))


def _normals_and_qr() -> None:
    """Draw Haar matrices as NumPy would, for every layer."""
    import numpy as np

    from derivations.numeric.blas import one_blas_thread

    rng = np.random.default_rng(0)
    with one_blas_thread():
        for _ in range(DEPTH):
            np.linalg.qr(rng.standard_normal((NETWORKS, WIDTH, WIDTH)))


def _forward(activation: str, norm: str) -> Callable[[], float]:
    def measure() -> float:
        from derivations.numeric import BNMLP

        net, X = BNMLP(WIDTH, DEPTH, activation=activation, norm=norm), _batch(WIDTH)
        return in_turn(lambda: net.run(X, networks=NETWORKS), _normals_and_qr)

    return measure


def _backward(depth: int, width: int) -> Callable[[], float]:
    """Measure a run forwards and backwards over one forwards, less that one."""

    def measure() -> float:
        from derivations.numeric import BNMLP

        net, X, Y = BNMLP(width, depth, activation="tanh"), _batch(width), _batch(width, 1)
        both = in_turn(
            lambda: net.run(X, Y, networks=NETWORKS), lambda: net.run(X, networks=NETWORKS)
        )
        return both - 1

    return measure


def _step_law() -> float:
    import numpy as np

    from derivations import catalogue

    spectrum = np.linalg.svd(_batch(1000), compute_uv=False) ** 2
    law = catalogue["isometry-gap-step"]
    law.evaluate(spectrum=[1.0, 2.0])
    start = process_time()
    law.evaluate(spectrum=spectrum)
    return process_time() - start


def _memory() -> float:
    from derivations.numeric import BNMLP

    BNMLP(1000, 1000).run(_batch(1000), _batch(1000, 1), networks=1)
    return peak() / 1e3


OVER_QR = "× normals and their QR"
LIMITS = [
    Limit("forward, identity", OVER_QR, 1.3, _forward("identity", "rows")),
    Limit("forward, tanh", OVER_QR, 1.3, _forward("tanh", "rows")),
    Limit("forward, sin", OVER_QR, 1.3, _forward("sin", "rows")),
    Limit("forward, relu", OVER_QR, 1.3, _forward("relu", "rows")),
    Limit("forward, identity, mean subtracted", OVER_QR, 1.3, _forward("identity", "batchnorm")),
    Limit("forward, tanh, mean subtracted", OVER_QR, 1.3, _forward("tanh", "batchnorm")),
    Limit("backward, tanh", "× forward", 2.5, _backward(DEPTH, WIDTH)),
    Limit("backward, layers made again", "× forward", 2.5, _backward(1000, WIDTH), long=True),
    Limit("step law at width 1000", "s", 0.5, _step_law),
    Limit("width 1000, depth 1000, backwards", "GB", 2.0, _memory, long=True),
]


def networks(quick: bool, only: Callable[[str], object] = lambda _title: True) -> int:
    """Print a row for each case; the status is 1 where a number is above its limit."""
    above = False
    print(f"width {WIDTH}, depth {DEPTH}, {NETWORKS} networks unless said; BLAS threads: {THREADS}")
    for place, limit in enumerate(LIMITS):
        if not only(limit.title) or (quick and limit.long):
            continue
        found = [_in_process(place, count) for count in THREADS]
        over = max(found) > limit.most
        above |= over
        numbers = "  ".join(f"{value:6.2f}" for value in found)
        print(
            f"{limit.title:36} {numbers}  at most {limit.most:g} {limit.unit}"
            f"{'  ABOVE' if over else ''}",
            flush=True,
        )
    return int(above)


def _in_process(place: int, threads: int) -> float:
    environment = os.environ | dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads)
    )
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.networks", str(place)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(json.loads(run.stdout))


if __name__ == "__main__":
    print(json.dumps(LIMITS[int(sys.argv[1])].measure()))
