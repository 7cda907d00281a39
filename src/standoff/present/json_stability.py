"""What is stable, as plain data: the document that `standoff stability --json` prints.

States that can be are listed once, in the order of the tensor; everywhere else a state is its
place in that list, and where a single state is spoken of its levels that differ from those at the
start stand beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from standoff.crisis.errors import CrisisError
from standoff.game.graph import with_conditions_held
from standoff.game.space import space_of
from standoff.present.json import OneLine
from standoff.solve.coalitions import none_would_leave
from standoff.study.perceptions import kinds_of
from standoff.study.stability import differing

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.game.space import Space, Truth
    from standoff.solve.coalitions import Coalition
    from standoff.solve.sequences import Move, State
    from standoff.study.one_state import StateSurvey
    from standoff.study.perceptions import Correction, Perceptions, Reading, Surprise
    from standoff.study.stability import Cell, Equilibrium, Stability
    from standoff.study.survey import Held, Mistakes, Survey

K = TypeVar("K")

MOST_LISTED = 2**20
"""Crises of more states than this are not listed state by state."""


def stability_data(
    result: Survey, limited: tuple[int, Mapping[str, Truth]] | None = None
) -> dict[str, Any]:
    """Return everything that `standoff stability` computed.

    Parameters
    ----------
    result
        What is stable.
    limited
        A number of moves, and where each actor would stay if it looks so many ahead; None if that
        was not asked for.
    """
    stability = result.stability
    places = _Places(stability.space)
    stable = {
        concept: {actor: places.of(truth) for actor, truth in cells.items()}
        for concept, cells in stability.stable.items()
    }
    return {
        **_what(stability),
        "start": places[stability.start],
        "states": list(_states(stability.space)),
        "stable": stable,
        "equilibria": {c: places.of(stability.equilibria(c)) for c in stability.concepts},
        "ranked": [_equilibrium(stability, each, places) for each in result.equilibria],
        "at_start": [_cell(stability, cell, places) for cell in result.start],
        **_coalitions(result.coalitions, places),
        "perceptions": _perceptions(result.mistakes, places),
        "draws": None if result.shares is None else result.shares.draws,
        "shares": _shares(result, places),
        "limited_move": None if limited is None else _limited(*limited, places),
        "settings": _settings(result),
        "not_computed": list(result.not_computed),
    }


def check_listed(crisis: Crisis) -> None:
    """Refuse a crisis that has too many states to list.

    Raises
    ------
    CrisisError
        If it has more than :data:`MOST_LISTED`.
    """
    count = int(space_of(with_conditions_held(crisis)).feasible.sum())
    if count > MOST_LISTED:
        raise CrisisError(
            f"the document lists every state, and this crisis has {count:,}, more than "
            f"{MOST_LISTED:,}: hold some options at the levels that matter (--holding)"
        )


def stability_in_short(result: Survey, situations: Mapping[str, Mistakes]) -> dict[str, Any]:
    """Return what is stable without the lists of all states, as it is part of `standoff run`.

    Parameters
    ----------
    result
        What is stable.
    situations
        Who was wrong about what in each situation.
    """
    stability = result.stability
    mistakes = result.mistakes
    return {
        **_what(stability),
        "counts": dict(result.counts),
        "ranked": [_equilibrium(stability, each) for each in result.equilibria],
        "at_start": [_cell(stability, cell) for cell in result.start],
        "perceptions": None if mistakes is None else _mistakes(mistakes),
        "situations": {name: _mistakes(each) for name, each in situations.items()},
        "draws": None if result.shares is None else result.shares.draws,
        "settings": _settings(result),
        "not_computed": list(result.not_computed),
    }


def state_data(result: StateSurvey) -> dict[str, Any]:
    """Return everything that `standoff stability --explain STATE` computed."""
    stability, state = result.stability, result.state
    leaving = result.leaving
    return {
        **_what(stability),
        "state": OneLine(stability.space.state(state)),
        "differs": OneLine(differing(stability.space, state, stability.start)),
        "equilibrium": list(stability.concepts_of(state)),
        "cells": [_cell(stability, cell) for cell in result.cells],
        "leaving_coalitions": None
        if leaving is None
        else {concept: ["+".join(h) for h in those] for concept, those in leaving.items()},
        "reading": None if result.reading is None else _reading(stability, result.reading),
        "own_views": {
            actor: [_cell(result.views[actor], cell) for cell in cells]
            for actor, cells in result.own.items()
        },
        "corrections": [_correction(each) for each in result.corrections],
        "only_together": list(result.only_together),
        "settings": {"concept": result.concept, "conditions": stability.conditions},
        "not_computed": list(result.not_computed),
    }


# States by their places -------------------------------------------------------------------------


class _Places:
    """Where each state that can be is in the list of them."""

    def __init__(self, space: Space) -> None:
        self.feasible = space.feasible.reshape(-1)
        self.shape = space.shape
        self._before = np.cumsum(self.feasible) - 1

    def __getitem__(self, state: State) -> int:
        return int(self._before[np.ravel_multi_index(state, self.shape)])

    def of(self, truth: Truth) -> list[int]:
        found: list[int] = np.flatnonzero(truth.reshape(-1)[self.feasible]).tolist()
        return found

    def by(self, truths: Mapping[K, Truth]) -> dict[K, list[int]]:
        return {key: self.of(truth) for key, truth in truths.items()}


def _states(space: Space) -> Iterable[OneLine]:
    """The levels of every state that can be, in the order of the tensor."""
    parts = [
        [
            {v: space.levels[v][level] for v, level in zip(axis.variables, point, strict=True)}
            for point in axis.points
        ]
        for axis in space.axes
    ]
    for place in np.argwhere(space.feasible).tolist():
        state = OneLine()
        for part, at in zip(parts, place, strict=True):
            state.update(part[at])
        yield state


def _state(stability: Stability, state: State, places: _Places | None) -> dict[str, Any]:
    levels = OneLine(differing(stability.space, state, stability.start))
    return {"differs": levels} if places is None else {"state": places[state], "differs": levels}


def _move(stability: Stability, move: Move, places: _Places | None) -> dict[str, Any]:
    return OneLine(
        actor=move.actor,
        **({} if places is None else {"from": places[move.source], "to": places[move.target]}),
        changes=differing(stability.space, move.target, move.source),
    )


def _moves(
    stability: Stability, moves: Iterable[Move] | None, places: _Places | None
) -> list[dict[str, Any]] | None:
    return None if moves is None else [_move(stability, move, places) for move in moves]


# Parts ------------------------------------------------------------------------------------------


def _what(stability: Stability) -> dict[str, Any]:
    crisis = stability.crisis
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "situation": crisis.situation,
        "situations": list(crisis.situations),
        "lineage": list(crisis.lineage),
        "conditions": stability.conditions,
    }


def _settings(result: Survey) -> dict[str, Any]:
    shares = result.shares
    return {
        "concept": result.concept,
        "conditions": result.stability.conditions,
        "draws": 0 if shares is None else shares.draws,
        "seed": None if shares is None else shares.seed,
    }


def _equilibrium(
    stability: Stability, each: Equilibrium, places: _Places | None = None
) -> dict[str, Any]:
    return {
        **_state(stability, each.state, places),
        "concepts": list(each.concepts),
        "shares": dict(each.shares),
        "path": _moves(stability, each.path, places),
        "no_coalition": None if each.no_coalition is None else list(each.no_coalition),
    }


def _cell(stability: Stability, cell: Cell, places: _Places | None = None) -> dict[str, Any]:
    return {
        "actor": cell.actor,
        "concept": cell.concept,
        "stable": cell.stable,
        "improvements": [
            {
                "move": _move(stability, each.move, places),
                "had": each.had,
                "gets": each.gets,
                "stopped": each.stopped,
                "sanction": _moves(stability, each.sanction, places),
                "ends": each.ends,
            }
            for each in cell.improvements
        ],
    }


def _coalitions(
    coalitions: Mapping[str, Mapping[Coalition, Truth]] | None, places: _Places
) -> dict[str, Any]:
    if coalitions is None:
        return {"coalitions": None, "no_coalition": None}
    return {
        "coalitions": {
            concept: {"+".join(h): places.of(truth) for h, truth in cells.items()}
            for concept, cells in coalitions.items()
        },
        "no_coalition": places.by(none_would_leave(coalitions)),
    }


def _shares(result: Survey, places: _Places) -> dict[str, Any] | None:
    if result.shares is None:
        return None
    return {
        "uncertain": list(result.shares.uncertain),
        "equilibria": {
            concept: share.reshape(-1)[places.feasible].tolist()
            for concept, share in result.shares.equilibria.items()
        },
    }


def _limited(moves: int, stable: Mapping[str, Truth], places: _Places) -> dict[str, Any]:
    return {
        "moves": moves,
        "stable": places.by(stable),
        "equilibria": places.of(np.logical_and.reduce(list(stable.values()))),
    }


# Who is wrong about what ------------------------------------------------------------------------


def _perceptions(mistakes: Mistakes | None, places: _Places) -> dict[str, Any] | None:
    if mistakes is None:
        return None
    seen = mistakes.perceptions
    concepts = seen.truth.concepts
    return {
        "concept": mistakes.concept,
        "hypergame": {c: places.of(seen.lasting(c)) for c in concepts},
        "inconsistent": {c: places.of(seen.inconsistent(c)) for c in concepts},
        "views": {actor: _view(seen, actor, places) for actor in seen.actors},
        "kinds": {c: places.by(kinds_of(seen, c)) for c in concepts},
        **_mistakes(mistakes, places),
    }


def _view(seen: Perceptions, actor: str, places: _Places) -> dict[str, Any]:
    concepts = seen.truth.concepts
    return {
        "equilibria": {c: places.of(seen.regarded(actor, c)) for c in concepts},
        "stays": {c: places.of(seen.own(c)[actor]) for c in concepts},
        "expects": {c: places.of(seen.expected(actor, c)) for c in concepts},
    }


def _mistakes(mistakes: Mistakes, places: _Places | None = None) -> dict[str, Any]:
    truth = mistakes.perceptions.truth
    kinds = kinds_of(mistakes.perceptions, mistakes.concept)
    return {
        "concept": mistakes.concept,
        "conditions": truth.conditions,
        "counts": {kind: int(found.sum()) for kind, found in kinds.items()},
        "start": _reading(truth, mistakes.start, places),
        "held_by_mistake": [_held(truth, each, places) for each in mistakes.held],
        "surprises": [_surprise(truth, each, places) for each in mistakes.surprises],
        "corrections": _corrections(mistakes.held),
    }


def _reading(
    stability: Stability, reading: Reading, places: _Places | None = None
) -> dict[str, Any]:
    return {
        **_state(stability, reading.state, places),
        "kind": reading.kind,
        "leaves": list(reading.leaves),
        "would_leave": list(reading.would_leave),
        "mistaken": list(reading.mistaken),
        "believers": list(reading.believers),
        "doubters": list(reading.doubters),
    }


def _held(stability: Stability, held: Held, places: _Places | None) -> dict[str, Any]:
    return {
        **_reading(stability, held.reading, places),
        "corrections": [_correction(each) for each in held.corrections],
        "only_together": list(held.only_together),
    }


def _corrections(held: Iterable[Held]) -> list[dict[str, Any]]:
    """Every belief whose correction would end one of the states that last by mistake, once."""
    found = dict.fromkeys(each for one in held for each in one.corrections)
    return [_correction(each) for each in found]


def _correction(each: Correction) -> dict[str, Any]:
    return {
        "actor": each.actor,
        "belief": each.path,
        "value": each.value,
        "stays": each.stays,
        "because": each.because,
        "source": each.source,
    }


def _surprise(stability: Stability, each: Surprise, places: _Places | None) -> dict[str, Any]:
    return {
        "actor": each.actor,
        **_state(stability, each.move.source, places),
        "move": _move(stability, each.move, places),
    }
