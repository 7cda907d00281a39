"""Answers under uncertainty: the whole of a forecast redone for every draw.

Draws are solved in batches along a leading axis, and batches are shared out among processes. What
a draw answers does not depend on which others it is computed with, so the result has the same
bytes for any number of processes and any size of batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from math import sqrt
from multiprocessing import active_children, get_context
from time import monotonic
from typing import Any

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.game.space import space_of
from standoff.solve import chain as chains
from standoff.solve.chain import Chain, Curve
from standoff.solve.paths import estimate_lasting
from standoff.study.asking import (
    POINTS,
    Progress,
    Request,
    Settings,
    longest_alike,
    quiet,
    situated,
)
from standoff.study.draws import draw
from standoff.study.hierarchy import Hierarchy
from standoff.study.processes import interrupts_ignored
from standoff.study.spread import Spread

LEAST_DRAWS = 64
"""Draws that are taken however long they take, unless a number is asked for."""

PATIENCE = 10.0
"""Seconds for which draws are added when no number is asked for."""

TOLERANCE = 1e-4
"""How well values are solved for in a draw, relative to the spread of the payoffs.

On the shipped crisis this moved no probability by more than 0.00002; the error of a mean over
hundreds of draws is larger by far.
"""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LASTING_PATHS = 250
"""Trajectories in each draw, for a question that asks for something lasting."""

_STATES_AT_ONCE = 2**14


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What draws answer to several requests.

    Attributes
    ----------
    entries
        The numbers of the crisis, one column of ``values`` each.
    values
        Shape ``(draws, numbers)``: what each draw took.
    spreads
        One for each request, in their order.
    """

    entries: tuple[Entry, ...]
    values: Floats
    spreads: tuple[Spread, ...]


def draw_answers(
    crisis: Crisis,
    requests: Sequence[Request],
    settings: Settings,
    *,
    draws: int | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    at_once: int | None = None,
    progress: Progress = quiet,
) -> Ensemble:
    """Answer requests for every draw from what is uncertain in a crisis.

    Parameters
    ----------
    crisis
        As it is in the file.
    requests
        Questions of variations of it. Ranges that a variation itself brings in stay at their
        middle; all others are drawn together.
    settings
        Depth, tau and seed.
    draws
        How many; by default as many as take about :data:`PATIENCE` seconds, at least
        :data:`LEAST_DRAWS`.
    hierarchy
        Solves central values, where the search in every draw starts.
    workers
        How many processes may share the work.
    at_once
        How many draws are solved together; by default as many as suit the machine.
    progress
        Called after each batch with the share that is done.

    Raises
    ------
    CrisisError
        If there are to be no draws.
    """
    if draws is not None and draws < 1:
        raise CrisisError(f"draw_answers(): it takes at least 1 draw, not {draws}")
    base, entries = numbered(crisis)
    central = hierarchy or Hierarchy(depth=settings.depth, tau=settings.tau)
    versions = Versions(base, requests, settings, central)
    lines = [np.empty((0, POINTS + 1)) for _ in requests]
    values = np.empty((0, len(entries)))
    begun = monotonic()
    for count in _stages(draws):
        have = len(values)
        if draws is None and have and monotonic() - begun > PATIENCE / 2:
            break
        values = draw(entries, count, settings.seed).values
        more = versions.answer(
            values[have:], first=have, workers=workers, at_once=at_once, progress=progress
        )
        lines = [np.concatenate(pair) for pair in zip(lines, more, strict=True)]
    spreads = (
        _spread(found, settings.seed, _times(crisis, request))
        for crisis, request, found in zip(versions.crises, requests, lines, strict=True)
    )
    return Ensemble(entries, values, tuple(spreads))


def _stages(draws: int | None) -> Iterator[int]:
    """How many draws there are after each stage."""
    if draws is not None:
        yield draws
        return
    count = LEAST_DRAWS
    while count <= 2**14:
        yield count
        count *= 2


class Versions:
    """Answers requests for many versions of a crisis that differ in numbers only.

    Parameters
    ----------
    crisis
        Numbered (:func:`standoff.crisis.uncertain.numbered`).
    requests
        Questions of variations of it.
    settings
        Depth, tau and seed.
    central
        Solves central values, where the search in every version starts.

    Attributes
    ----------
    crises
        For each request, the crisis that it is asked of.
    """

    def __init__(
        self, crisis: Crisis, requests: Sequence[Request], settings: Settings, central: Hierarchy
    ) -> None:
        self.requests = tuple(requests)
        self.settings = settings
        self.central = central
        self.crises = tuple(situated(crisis, each.question, each.variation) for each in requests)
        for changed, request in zip(self.crises, requests, strict=True):  # solved once, here
            central.chain(changed, _depth(request, settings))

    def answer(
        self,
        values: Floats,
        *,
        first: int = 0,
        workers: int = 1,
        at_once: int | None = None,
        progress: Progress = quiet,
    ) -> list[Floats]:
        """The probability by each time in every version.

        Parameters
        ----------
        values
            Shape ``(versions, numbers)``; see :class:`standoff.game.drawn.Draws`.
        first
            The number of the first version, which seeds its trajectories.
        workers, at_once, progress
            As for :func:`draw_answers`.

        Returns
        -------
        list
            For each request, shape ``(versions, times)``, at equal steps up to its horizon.
        """
        states = max((space_of(each).size for each in self.crises), default=1)
        size = at_once or max(2, _STATES_AT_ONCE // states)
        starts = range(0, len(values), size)
        workers = min(workers, len(starts))
        done: dict[int, list[Floats]] = {}

        def settle(start: int, lines: list[Floats]) -> None:
            done[start] = lines
            solved = min(len(done) * size, len(values))
            progress(f"{first + solved} versions", len(done) / len(starts))

        if workers <= 1:
            for start in starts:
                settle(start, self.solve(values[start : start + size], first + start))
        else:
            self._share_out(values, first, size, workers, settle)
        return [
            np.concatenate([done[start][number] for start in starts])
            for number in range(len(self.requests))
        ]

    def _share_out(
        self,
        values: Floats,
        first: int,
        size: int,
        workers: int,
        settle: Callable[[int, list[Floats]], None],
    ) -> None:
        with ProcessPoolExecutor(workers, get_context("spawn"), _start, (self,)) as pool:
            try:
                with interrupts_ignored():
                    tasks = {
                        pool.submit(_work, values[start : start + size], first + start): start
                        for start in range(0, len(values), size)
                    }
                for task in as_completed(tasks):
                    settle(tasks[task], task.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in active_children():
                    process.terminate()
                raise

    def solve(self, values: Floats, first: int) -> list[Floats]:
        """Answer one batch of versions in this process, as :meth:`answer` does."""
        if len(values) == 1:  # NumPy adds up in another order where their axis has length one
            return [line[:1] for line in self.solve(np.repeat(values, 2, axis=0), first)]
        solver = Hierarchy(
            depth=self.central.depth,
            tau=self.central.tau,
            tolerance=max(TOLERANCE, self.central.tolerance),
            memory=self.central.memory,
            draws=Draws(values),
            central=self.central,
        )
        return [
            _lines(crisis, request, self.settings, solver, first)
            for crisis, request in zip(self.crises, self.requests, strict=True)
        ]

    def __getstate__(self) -> dict[str, object]:
        """What another process needs: the central policies are solved already."""
        central = self.central
        settings = (central.depth, central.tau, central.tolerance, central.memory)
        return {**vars(self), "central": (settings, central.responses())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        (depth, tau, tolerance, memory), known = state.pop("central")
        central = Hierarchy(depth=depth, tau=tau, tolerance=tolerance, memory=memory)
        central.learn(known)
        vars(self).update(state, central=central)


def _depth(request: Request, settings: Settings) -> int:
    return settings.depth if request.depth is None else request.depth


def _times(crisis: Crisis, request: Request) -> Floats:
    return np.linspace(0.0, crisis.questions[request.question].horizon.central, POINTS + 1)


def _lines(
    crisis: Crisis, request: Request, settings: Settings, solver: Hierarchy, first: int
) -> Floats:
    """The probability by each time in every draw of a batch, shape ``(draws, times)``."""
    question = crisis.questions[request.question]
    chain = solver.chain(crisis, _depth(request, settings))
    times = _times(crisis, request)
    if question.lasting is not None:
        return _lasting(chain, crisis, request, settings, first, times)
    days = longest_alike(crisis, question)
    key = ("curves", crisis.digest, _depth(request, settings), question.form, question.event,
           question.until, days)  # fmt: skip
    curves = solver.remember(key, lambda: _curves(chain, crisis, request, days))
    return np.array([chains.along(curve, times) for curve in curves])


def _curves(chain: Chain, crisis: Crisis, request: Request, days: float) -> tuple[Curve, ...]:
    question = crisis.questions[request.question]
    truth = chain.game.space.truth
    event = truth(crisis.statement(question.event))
    match question.form:
        case "at":
            return chains.at_time_each(chain, event, days)
        case "throughout":
            return chains.throughout_each(chain, event, days)
        case "until":
            goal = truth(crisis.statement(question.until or "true"))
            return chains.until_each(chain, event, goal, days)
        case _:
            return chains.within_each(chain, event, days)


def _lasting(
    chain: Chain, crisis: Crisis, request: Request, settings: Settings, first: int, times: Floats
) -> Floats:
    question = crisis.questions[request.question]
    assert question.lasting is not None
    event = chain.game.space.truth(crisis.statement(question.event))
    found = []
    for draw_ in range(chain.game.draws):
        estimate = estimate_lasting(
            chain,
            event,
            question.lasting.central,
            question.horizon.central,
            count=LASTING_PATHS,
            seed=(settings.seed, first + draw_),
            draw=draw_,
        )
        found.append(estimate.by(list(times)))
    return np.array(found)


def _spread(lines: Floats, seed: int, days: Floats) -> Spread:
    values = lines[:, -1].copy()
    count = len(values)
    error = float(values.std(ddof=1)) / sqrt(count) if count > 1 else float("nan")
    low, high = np.quantile(values, (0.05, 0.95))
    return Spread(
        draws=count,
        seed=seed,
        values=values,
        probability=float(values.mean()),
        error=error,
        interval=(float(low), float(high)),
        days=days,
        fan=np.quantile(lines, QUANTILES, axis=0).T,
        mean=lines.mean(axis=0),
    )


# In a worker process: what its tasks share.
_shared: list[Versions] = []


def _start(versions: Versions) -> None:
    _shared.append(versions)


def _work(values: Floats, first: int) -> list[Floats]:
    return _shared[-1].solve(values, first)
