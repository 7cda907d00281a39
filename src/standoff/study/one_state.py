"""Everything about one state: what `standoff stability --explain STATE` computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.possible import broken_rule
from standoff.game.size import DEFAULT_MEMORY
from standoff.solve.coalitions import Coalition
from standoff.solve.sequences import State
from standoff.study.perceptions import Correction, Reading, find_corrections, read_state
from standoff.study.stability import (
    Cell,
    Conditions,
    Stability,
    explain_state,
    find_coalitions,
    state_of,
)
from standoff.study.survey import CONCEPT, see_all
from standoff.study.variation import AS_IT_IS, Variation


@dataclass(frozen=True, slots=True, eq=False)
class StateSurvey:
    """Why a state is stable or not, for whom, and who is wrong about it.

    Attributes
    ----------
    stability
        What is stable in the crisis as it is.
    state
        Which state.
    cells
        Why each actor would stay in it, or not, under every concept.
    leaving
        By concept, the coalitions of two or more that would leave it; None if that was not
        computed.
    concept
        By which concept it is told who is wrong.
    reading
        Whether it lasts, and who thinks so; None if nobody holds a belief, or the crisis is too
        large for it.
    own
        For each actor who is wrong about it, why it would stay or not as it sees things.
    views
        For each of them, what is stable as it sees things.
    corrections
        Single beliefs whose correction would change what their holder does.
    only_together
        Actors whose beliefs would have to be corrected together.
    not_computed
        What was left out, and why, in sentences.
    """

    stability: Stability
    state: State
    cells: tuple[Cell, ...]
    leaving: Mapping[str, tuple[Coalition, ...]] | None
    concept: str
    reading: Reading | None
    own: Mapping[str, tuple[Cell, ...]]
    views: Mapping[str, Stability]
    corrections: tuple[Correction, ...]
    only_together: tuple[str, ...]
    not_computed: tuple[str, ...]


def survey_state(
    crisis: Crisis,
    levels: Mapping[str, str],
    situation: str | None = None,
    *,
    variation: Variation = AS_IT_IS,
    conditions: Conditions = "held",
    concept: str = CONCEPT,
    memory: int = DEFAULT_MEMORY,
) -> StateSurvey:
    """Explain one state.

    Parameters
    ----------
    crisis, situation, variation, conditions, concept, memory
        As for :func:`standoff.study.survey.survey_stability`.
    levels
        The levels that differ from those at the start.

    Raises
    ------
    UnknownNameError
        If a name or a level is not known.
    CrisisError
        If the state cannot be.
    """
    left_out: list[str] = []
    changed = variation.of(crisis, situation)
    _check(changed, levels)
    stability, perceptions = see_all(changed, conditions, memory, left_out)
    state = state_of(stability.space, levels, stability.start)
    leaving = None
    try:
        found = find_coalitions(stability)
        leaving = {
            c: tuple(h for h, stays in cells.items() if len(h) > 1 and not stays[state])
            for c, cells in found.items()
        }
    except CrisisError as err:
        left_out.append(f"{str(err)[0].upper()}{str(err)[1:]}.")
    reading: Reading | None = None
    own: dict[str, tuple[Cell, ...]] = {}
    views: dict[str, Stability] = {}
    corrections: tuple[Correction, ...] = ()
    together: tuple[str, ...] = ()
    if perceptions is not None:
        reading = read_state(perceptions, state, concept)
        views = {actor: perceptions.views[actor,] for actor in reading.mistaken}
        own = {
            actor: tuple(cell for cell in explain_state(view, state) if cell.actor == actor)
            for actor, view in views.items()
        }
        if own:
            all_corrections = find_corrections(perceptions, concept, memory)
            corrections = all_corrections.of(state)
            together = all_corrections.only_together(state)
    return StateSurvey(
        stability=stability,
        state=state,
        cells=explain_state(stability, state),
        leaving=leaving,
        concept=concept,
        reading=reading,
        own=own,
        views=views,
        corrections=corrections,
        only_together=together,
        not_computed=tuple(left_out),
    )


def _check(crisis: Crisis, levels: Mapping[str, str]) -> None:
    """Refuse what is not known, what is held at another level, and what can never be."""
    where, start = "explain_state()", crisis.start
    for name, level in levels.items():
        if name not in crisis.variables:
            raise unknown(where, "option or condition", name, crisis.variables)
        if level not in crisis.variables[name]:
            raise unknown(where, f"level of {name}", level, crisis.variables[name])
        if level != start[name] and (name in crisis.conditions or name in crisis.held):
            advice = "" if name in crisis.held else f"; --starting {name}={level} changes that"
            raise CrisisError(f"{where}: {name} is held at {start[name]!r}{advice}")
    if rule := broken_rule(crisis, {**start, **levels}):
        said = ", ".join(f"{name} = {level}" for name, level in levels.items()) or "the start"
        raise CrisisError(f"{where}: {said}, with the rest as at the start, can never be ({rule})")
