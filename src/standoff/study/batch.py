"""Many questions of many variations of one crisis, each different crisis solved once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from typing import TypeAlias

from standoff.crisis import Crisis
from standoff.solve.policy import Response
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.forecast import Forecast, answer, central_chance
from standoff.study.hierarchy import Hierarchy
from standoff.study.processes import interrupts_ignored, pool

_WORTH_A_PROCESS = 4


@dataclass(frozen=True, slots=True)
class Chance:
    """The answer to a brief request: the central probability."""

    central: float


def answer_all(
    crisis: Crisis,
    requests: Sequence[Request],
    settings: Settings,
    hierarchy: Hierarchy,
    *,
    workers: int = 1,
    progress: Progress = quiet,
) -> list[Forecast | Chance]:
    """Answer requests, in their order: a forecast, or for a brief one its central probability.

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
    groups: dict[_Key, list[int]] = {}
    crises: dict[_Key, tuple[Crisis, Crisis | None]] = {}
    lineages = []  # equal crises may have come about in different ways
    for number, request in enumerate(requests):
        changed = situated(crisis, request.question, request.variation)
        lineages.append(changed.lineage)
        key = (changed.digest, settings.depth if request.depth is None else request.depth)
        groups.setdefault(key, []).append(number)
        crises[key] = changed, _near(crisis, changed)
    found: dict[int, Forecast | Chance] = {}

    def settle(key: _Key, answers: Sequence[Forecast | Chance]) -> None:
        for number, given in zip(groups[key], answers, strict=True):
            if isinstance(given, Forecast):
                given = replace(given, lineage=lineages[number])
            found[number] = given
        asked = ", ".join(dict.fromkeys(requests[number].question for number in groups[key]))
        progress(asked, len(found) / len(requests))

    def task(key: _Key) -> _Task:
        return *crises[key], [requests[number] for number in groups[key]], key[1]

    workers = min(workers, len(groups) // _WORTH_A_PROCESS)
    if workers <= 1:
        for key in groups:
            settle(key, _solve(*task(key), settings, hierarchy))
        return [found[number] for number in range(len(requests))]
    options = (settings, hierarchy.tau, hierarchy.tolerance, hierarchy.memory // workers)
    shared = (*options, hierarchy.responses())
    with pool(workers, _start, shared) as processes:
        with interrupts_ignored():  # and so by the processes started meanwhile
            tasks = {
                processes.submit(_work, [task(key) for key in keys]): keys
                for keys in _units(crises, hierarchy)
            }
        for done in as_completed(tasks):
            for key, answers in zip(tasks[done], done.result(), strict=True):
                settle(key, answers)
    return [found[number] for number in range(len(requests))]


def forecasts_of(names: Iterable[str], answers: Iterator[Forecast | Chance]) -> dict[str, Forecast]:
    """Name the next answers, which are to requests for whole forecasts."""
    found = {}
    for name in names:
        given = next(answers)
        if not isinstance(given, Forecast):
            raise TypeError(f"the request for {name} was brief")
        found[name] = given
    return found


_Key: TypeAlias = tuple[str, int]
_Task: TypeAlias = tuple[Crisis, Crisis | None, list[Request], int]


def _units(
    crises: Mapping[_Key, tuple[Crisis, Crisis | None]], hierarchy: Hierarchy
) -> list[list[_Key]]:
    """What goes to a process together: crises that start from one that is not solved yet."""
    units: dict[Hashable, list[_Key]] = {}
    for key, (crisis, near) in crises.items():
        base = crisis if near is None else near
        alone = hierarchy.has_solved(base, key[1])
        units.setdefault(key if alone else base.digest, []).append(key)
    return sorted(units.values(), key=len, reverse=True)


def _near(crisis: Crisis, changed: Crisis) -> Crisis | None:
    """The same situation without what was changed in it: where the search for policies starts."""
    if crisis.situation is None and changed.situation is not None:
        crisis = crisis.in_situation(changed.situation)
    return None if crisis == changed else crisis


def _solve(
    crisis: Crisis,
    near: Crisis | None,
    requests: list[Request],
    depth: int,
    settings: Settings,
    hierarchy: Hierarchy,
) -> list[Forecast | Chance]:
    settings = replace(settings, depth=depth)
    return [
        Chance(central_chance(crisis, request.question, settings, hierarchy, near=near))
        if request.brief
        else answer(crisis, request.question, settings, hierarchy, near=near)
        for request in requests
    ]


# In a worker process: what its tasks share. A process has one batch only.
_shared: list[tuple[Settings, Hierarchy]] = []


def _start(
    settings: Settings, tau: float, tolerance: float, memory: int, known: dict[Hashable, Response]
) -> None:
    hierarchy = Hierarchy(depth=settings.depth, tau=tau, tolerance=tolerance, memory=memory)
    hierarchy.learn(known)
    _shared.append((settings, hierarchy))


def _work(tasks: list[_Task]) -> list[list[Forecast | Chance]]:
    return [_solve(*task, *_shared[-1]) for task in tasks]
