"""How the simulations behind a figure are run: one after the other, or by an executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from derivations.numeric.blas import one_blas_thread

__all__ = ["Work"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def _silent(_task: str, _total: int) -> Callable[[int], None]:
    return lambda _done: None


@dataclass(frozen=True)
class Work:
    """Runs independent jobs, in any order; what they return does not depend on it.

    Parameters
    ----------
    executor : concurrent.futures.Executor, optional
    progress : callable, optional
        Takes the name of a task and its size; returns what to call with each part done.

    Examples
    --------
    >>> Work().map("squares", lambda n: n * n, [1, 2, 3])
    [1, 4, 9]
    """

    executor: Executor | None = None
    progress: Callable[[str, int], Callable[[int], None]] = _silent

    def map(
        self,
        task: str,
        run: Callable[[Job], Result],
        jobs: Sequence[Job],
        size: Callable[[Job], int] = lambda _job: 1,
    ) -> list[Result]:
        """Run all jobs and return their results in the order of the jobs.

        Parameters
        ----------
        task : str
            For the progress bar.
        run : callable
            Does one job.
        jobs : sequence
        size : callable, optional
            How long a job takes, beside others: the longest begin first.
        """
        done = self.progress(task, sum(map(size, jobs)))

        def one(job: Job) -> Result:
            result = run(job)
            done(size(job))
            return result

        # The threads of a product may move its last digits.
        with one_blas_thread():
            return self._run(one, jobs, size)

    def _run(
        self, one: Callable[[Job], Result], jobs: Sequence[Job], size: Callable[[Job], int]
    ) -> list[Result]:
        if self.executor is None:
            return [one(job) for job in jobs]
        order = sorted(range(len(jobs)), key=lambda index: -size(jobs[index]))
        futures = {index: self.executor.submit(one, jobs[index]) for index in order}
        try:
            return [futures[index].result() for index in range(len(jobs))]
        except BaseException:
            for future in futures.values():
                future.cancel()
            raise
