"""Answers under uncertainty: the whole of a forecast redone for every draw.

Draws are solved in batches along a leading axis, and batches are shared out among processes, here
or elsewhere (`study/engines.py`), and kept on disk (`study/store.py`). What a draw answers does not
depend on which others it is computed with, so the result has the same bytes for any number of
processes, any size of batch, and however often it was interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.game import Floats
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
from standoff.study.engines import engine_for
from standoff.study.hierarchy import Hierarchy
from standoff.study.patience import part_of, stages
from standoff.study.processes import warm_up
from standoff.study.spread import Spread, spread_of
from standoff.study.versions import Versions

if TYPE_CHECKING:
    from distributed import Client


LASTING_PATHS = 250
"""Trajectories in each draw, for a question that asks for something lasting."""


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
    store: str | Path | None = None,
    dask: str | Client | None = None,
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
        How many; by default as many as take about ten seconds (:mod:`standoff.study.patience`).
    hierarchy
        Solves central values, where the search in every draw starts.
    workers
        How many processes may share the work.
    at_once
        How many draws are solved together; by default as many as suit the machine.
    store
        A folder to keep draws in (:mod:`standoff.study.store`). Those that are there are not
        computed again, so a call that was interrupted goes on where it was. One folder can serve
        any number of crises, questions and settings.
    dask
        The address of a Dask scheduler, or a client of one, whose workers share the work instead
        of processes here (:mod:`standoff.study.dask_cluster`).
    progress
        Called after each batch with the share that is done of what is not in the store.

    Raises
    ------
    CrisisError
        If there are to be no draws, or polars or Dask is needed and not installed.
    StoreError
        If a file in the store is damaged or holds something else, or nothing can be written.
    EngineError
        If the Dask scheduler does not answer, or those who share the work are lost.
    """
    if draws is not None and draws < 1:
        raise CrisisError(f"draw_answers(): it takes at least 1 draw, not {draws}")
    if workers > 1 and dask is None:
        warm_up()
    base, entries = numbered(crisis)
    central = hierarchy or Hierarchy(depth=settings.depth, tau=settings.tau)
    kept = None
    if store is not None and requests:
        from standoff.study.store import open_store

        about = {
            "requests": [
                {"question": each.question, "depth": each.depth, **asdict(each.variation)}
                for each in requests
            ],
            "tolerance": AnswerVersions.tolerance,
            "paths": LASTING_PATHS,
            "points": POINTS,
        }
        names = (each.question for each in requests)
        kept = open_store(store, crisis, entries, settings, central, about, names)
    versions = AnswerVersions(base, requests, settings, central)
    lines = [np.empty((0, POINTS + 1)) for _ in requests]
    values = np.empty((0, len(entries)))
    with engine_for(versions, workers=workers, dask=dask) as engine:
        for count, in_the_end in stages(draws, 0 if kept is None else kept.end):
            have = len(values)
            values = draw(entries, count, settings.seed).values
            more = versions.answer(
                values[have:],
                first=have,
                at_once=at_once,
                noun=f"of {count} draws",
                engine=engine,
                store=kept,
                progress=part_of(progress, have, count, in_the_end),
            )
            lines = [np.concatenate(pair) for pair in zip(lines, more, strict=True)]
    spreads = (
        spread_of(found, settings.seed, _times(crisis, request))
        for crisis, request, found in zip(versions.crises, requests, lines, strict=True)
    )
    return Ensemble(entries, values, tuple(spreads))


class AnswerVersions(Versions):
    """Answers requests for many versions of a crisis that differ in numbers only.

    What is read off is, for each request, the probability by each time, at equal steps up to its
    horizon: shape ``(versions, times)``.

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
    """

    def __init__(
        self, crisis: Crisis, requests: Sequence[Request], settings: Settings, central: Hierarchy
    ) -> None:
        super().__init__([situated(crisis, r.question, r.variation) for r in requests], central)
        self.requests = tuple(requests)
        self.settings = settings
        for changed, request in zip(self.crises, requests, strict=True):  # solved once, here
            central.chain(changed, _depth(request, settings))

    def found(self, solver: Hierarchy, first: int) -> list[Floats]:
        """Return the probability by each time, for each request."""
        return [
            _lines(crisis, request, self.settings, solver, first)
            for crisis, request in zip(self.crises, self.requests, strict=True)
        ]


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
