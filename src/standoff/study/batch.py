"""Many questions of many variations of one crisis, each different crisis solved once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import active_children, get_context
from signal import SIG_IGN, SIGINT, signal
from threading import current_thread, main_thread
from typing import TypeAlias

from standoff.crisis import Crisis
from standoff.study.forecast import Forecast, Settings, answer, situated
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import AS_IT_IS, Variation

Progress = Callable[[str, float], None]
"""Called with what has just been done and the share that is done."""

_WORTH_A_PROCESS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One question of one variation.

    Attributes
    ----------
    question, variation
        What to ask, and of what.
    depth
        How deep actors think, if not as in the settings.
    """

    question: str
    variation: Variation = AS_IT_IS
    depth: int | None = None


def quiet(_what: str, _share: float) -> None:
    """Report no progress."""


def answer_all(
    crisis: Crisis,
    requests: Sequence[Request],
    settings: Settings,
    hierarchy: Hierarchy,
    *,
    workers: int = 1,
    progress: Progress = quiet,
) -> list[Forecast]:
    """Answer requests, in their order.

    Parameters
    ----------
    crisis
        The crisis that the variations are of.
    requests
        What to answer.
    settings
        Depth (where a request has none), seed and paths.
    hierarchy
        What solves them, and remembers; in other processes, one with the same settings.
    workers
        How many processes may share the work. The answers have the same bytes for any number.
    progress
        Called after each different crisis.
    """
    groups: dict[tuple[str, int], list[int]] = {}
    crises: dict[tuple[str, int], tuple[Crisis, Crisis | None]] = {}
    lineages = []  # equal crises may have come about in different ways
    for number, request in enumerate(requests):
        changed = situated(crisis, request.question, request.variation)
        lineages.append(changed.lineage)
        key = (changed.digest, settings.depth if request.depth is None else request.depth)
        groups.setdefault(key, []).append(number)
        crises[key] = changed, _near(crisis, changed)
    found: dict[int, Forecast] = {}

    def settle(key: tuple[str, int], answers: Sequence[Forecast]) -> None:
        for number, given in zip(groups[key], answers, strict=True):
            found[number] = replace(given, lineage=lineages[number])
        asked = ", ".join(dict.fromkeys(requests[number].question for number in groups[key]))
        progress(asked, len(found) / len(requests))

    def task(key: tuple[str, int]) -> _Task:
        return *crises[key], [requests[number].question for number in groups[key]], key[1]

    workers = min(workers, len(groups) // _WORTH_A_PROCESS)
    if workers <= 1:
        for key in groups:
            settle(key, _solve(*task(key), settings, hierarchy))
        return [found[number] for number in range(len(requests))]
    options = (settings, hierarchy.tau, hierarchy.tolerance, hierarchy.memory // workers)
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, options) as pool:
        try:
            with _interrupts_ignored():  # and so by the processes started meanwhile
                tasks = {pool.submit(_work, *task(key)): key for key in groups}
            for done in as_completed(tasks):
                settle(tasks[done], done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    return [found[number] for number in range(len(requests))]


_Task: TypeAlias = tuple[Crisis, Crisis | None, list[str], int]


def _near(crisis: Crisis, changed: Crisis) -> Crisis | None:
    """The same situation without what was changed in it: where the search for policies starts."""
    if crisis.situation is None and changed.situation is not None:
        crisis = crisis.in_situation(changed.situation)
    return None if crisis == changed else crisis


def _solve(
    crisis: Crisis,
    near: Crisis | None,
    questions: list[str],
    depth: int,
    settings: Settings,
    hierarchy: Hierarchy,
) -> list[Forecast]:
    settings = replace(settings, depth=depth)
    return [answer(crisis, question, settings, hierarchy, near=near) for question in questions]


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


# In a worker process: what its tasks share. A process has one batch only.
_shared: list[tuple[Settings, Hierarchy]] = []


def _start(settings: Settings, tau: float, tolerance: float, memory: int) -> None:
    hierarchy = Hierarchy(depth=settings.depth, tau=tau, tolerance=tolerance, memory=memory)
    _shared.append((settings, hierarchy))


def _work(crisis: Crisis, near: Crisis | None, questions: list[str], depth: int) -> list[Forecast]:
    return _solve(crisis, near, questions, depth, *_shared[-1])
