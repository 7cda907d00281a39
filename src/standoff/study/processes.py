"""Processes on this machine that share work.

Where the system allows it they are forked from one that has imported what they need and nothing
else (a fork server): importing takes longer than many a forecast, and so it is done once, and
meanwhile the process that asked solves central values.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread, current_thread, main_thread
from typing import TypeVarTuple

from standoff.game.game import Floats
from standoff.study.engines import Batch, EngineError, Here, Solved, Solver

_Given = TypeVarTuple("_Given")

_AHEAD = 4
"""Batches that wait for each process, so that none is idle while an answer is written to disk."""


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Let processes that are started meanwhile leave an interrupt to the one that started them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def warm_up() -> None:
    """Let what processes are forked from start to import, while this process goes on."""
    if sys.platform == "linux":
        from multiprocessing import forkserver

        # No effect on one that runs already. The caller's main module is left out: not every
        # script can be imported.
        forkserver.set_forkserver_preload(["standoff.study.ensemble"])
        with interrupts_ignored():
            forkserver.ensure_running()


@contextmanager
def pool(
    workers: int, start: Callable[[*_Given], None], given: tuple[*_Given]
) -> Iterator[ProcessPoolExecutor]:
    """Processes that are ended at once if what they are for fails or is interrupted.

    Parameters
    ----------
    workers
        How many. The first tasks start them; submit those with :func:`interrupts_ignored`.
    start, given
        What each calls first, and with what.

    Raises
    ------
    EngineError
        If a process has been killed.
    """
    warm_up()
    others = set(active_children())
    method = get_context("forkserver" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(workers, method, _begin, (start, given)) as found:
        try:
            yield found
        except BaseException as err:
            for process in set(active_children()) - others:
                process.terminate()
            _hang_up(found)
            found.shutdown(cancel_futures=True)
            if isinstance(err, BrokenProcessPool):
                raise EngineError(
                    "a process that shared the work has been killed, perhaps for want of memory; "
                    "try again with fewer workers"
                ) from err
            raise


def _hang_up(executor: ProcessPoolExecutor) -> None:
    """Close this process's end of the pipe into which an executor's processes write.

    A process that is ended while it writes an answer leaves half of it there. The executor's
    thread would wait for the other half for ever, as long as this end is open (and Python would
    wait for the thread). There is no public name. Nothing else uses this end or closes it; the
    executor's other ends are closed by its thread, and must not be closed twice.
    """
    answers = getattr(getattr(executor, "_result_queue", None), "_writer", None)
    if answers is not None:
        answers.close()


class Processes:
    """Has batches solved by processes that have been started for it.

    Parameters
    ----------
    processes
        Each of which has been given the solver.
    solver
        Solves a batch that is not worth sending.
    workers
        How many processes there are.
    """

    def __init__(self, processes: ProcessPoolExecutor, solver: Solver, workers: int) -> None:
        self._pool = processes
        self._solver = solver
        self._workers = workers

    def map(self, batches: Sequence[Batch]) -> Iterator[Solved]:
        """Solve batches, as :class:`standoff.study.engines.Engine` has it."""
        if len(batches) == 1:
            yield from Here(self._solver).map(batches)
            return
        waiting = iter(batches)
        running = self._submit(islice(waiting, _AHEAD * self._workers))
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            running |= self._submit(islice(waiting, len(done)))
            for task in done:
                yield running.pop(task), task.result()

    def _submit(self, batches: Iterator[Batch]) -> dict[Future[list[Floats]], int]:
        with interrupts_ignored():  # and so by the processes started meanwhile
            return {self._pool.submit(_work, values, first): first for first, values in batches}


@contextmanager
def sharing(solver: Solver, workers: int) -> Iterator[Processes]:
    """Processes that share a solver's work; the first batches start them."""
    with pool(workers, _share, (solver,)) as processes:
        yield Processes(processes, solver, workers)


def _begin(start: Callable[[*_Given], None], given: tuple[*_Given]) -> None:
    """In a new process."""
    signal(SIGINT, SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()
    start(*given)


def _leave_with_parent() -> None:
    """End this process when the one that asked is gone: killed, it cannot say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# In a worker process: what its tasks share.
_shared: list[Solver] = []


def _share(solver: Solver) -> None:
    _shared.append(solver)


def _work(values: Floats, first: int) -> list[Floats]:
    return _shared[-1].solve(values, first)
