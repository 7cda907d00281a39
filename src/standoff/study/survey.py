"""Everything about stability that is worth telling: what `standoff stability` computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.game.size import DEFAULT_MEMORY
from standoff.game.space import Truth
from standoff.solve.coalitions import Coalition
from standoff.study.perceptions import (
    Correction,
    Perceptions,
    Reading,
    Surprise,
    find_corrections,
    find_perceptions,
    nearest_to,
    read_state,
    surprises_of,
)
from standoff.study.stability import (
    SHOWN,
    Cell,
    Conditions,
    Equilibrium,
    Stability,
    explain_state,
    find_coalitions,
    find_stable,
    rank_equilibria,
)
from standoff.study.uncertainty import DRAWS, Shares, find_shares
from standoff.study.variation import AS_IT_IS, Variation

CONCEPT = "seq"
"""The concept by which perceptions are told: the others answer, but only to their own advantage."""

NEAREST = 3
"""How many states nearest to the start are told of each kind."""

MOST_DRAWN = 2**24
"""States times draws that are taken without being asked for."""

MOST_SEEN = 2**17
"""Above this number of states nobody's views are compared."""


@dataclass(frozen=True, slots=True)
class Held:
    """A state that lasts only because somebody is wrong.

    Attributes
    ----------
    reading
        What can be said of it.
    corrections
        Single beliefs whose correction would end it.
    only_together
        Actors whose beliefs would have to be corrected together.
    """

    reading: Reading
    corrections: tuple[Correction, ...]
    only_together: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mistakes:
    """Who is wrong about what, by one concept.

    Attributes
    ----------
    perceptions
        Every view.
    concept
        The concept of stability.
    start
        What can be said of the state at the start.
    held
        The nearest states that last only because somebody is wrong.
    held_count
        How many there are in all.
    surprises
        For each actor the nearest states that it takes to be stable and another would leave.
    eye_openers
        For each surprise, the single beliefs of who would be surprised whose correction would
        make it see that the state is no equilibrium.
    start_openers
        The same for the state at the start, for everybody who is wrong about whether it lasts.
    """

    perceptions: Perceptions
    concept: str
    start: Reading
    held: tuple[Held, ...]
    held_count: int
    surprises: tuple[Surprise, ...]
    eye_openers: tuple[tuple[Correction, ...], ...]
    start_openers: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What is stable in a crisis, who holds it up and how, and who is wrong about it.

    Attributes
    ----------
    stability
        The stable states.
    concept
        By which concept what matters is told.
    shares
        How robust they are; None without draws.
    coalitions
        Which states coalitions would leave; None if the crisis is too large for it.
    equilibria
        Those that matter most.
    counts
        By concept, how many equilibria there are.
    start
        Why each actor would stay at the start, or not.
    mistakes
        Who is wrong about what; None if nobody holds a belief, or the crisis is too large for it.
    not_computed
        What was left out, and why, in sentences.
    """

    stability: Stability
    concept: str
    shares: Shares | None
    coalitions: Mapping[str, Mapping[Coalition, Truth]] | None
    equilibria: tuple[Equilibrium, ...]
    counts: Mapping[str, int]
    start: tuple[Cell, ...]
    mistakes: Mistakes | None
    not_computed: tuple[str, ...]


def survey_stability(
    crisis: Crisis,
    situation: str | None = None,
    *,
    variation: Variation = AS_IT_IS,
    conditions: Conditions = "held",
    concept: str = CONCEPT,
    draws: int | None = None,
    seed: int = 0,
    count: int = SHOWN,
    memory: int = DEFAULT_MEMORY,
) -> Survey:
    """Find what is stable, how robust it is, who holds it up, and who is wrong about it.

    Parameters
    ----------
    crisis, situation, variation, conditions, memory
        As for :func:`standoff.study.stability.find_stable`.
    concept
        By which perceptions are told.
    draws, seed
        As for :func:`standoff.study.uncertainty.find_shares`; 0 draws for none. By default
        :data:`standoff.study.uncertainty.DRAWS`, unless the crisis is too large for it.
    count
        How many equilibria are looked at more closely.
    """
    left_out: list[str] = []
    changed = variation.of(crisis, situation)
    stability, views = see_all(changed, conditions, memory, left_out)
    mistakes = None if views is None else tell_mistakes(views, concept, memory)
    shares = None
    most = MOST_DRAWN // stability.space.size
    if stability.conditions == "running" and draws != 0:
        left_out.append("Shares of draws are taken with conditions held.")
    elif draws is None and most < DRAWS:
        left_out.append(
            f"So many states take long to solve for {DRAWS} draws; `--draws N` takes as many as "
            "it says."
        )
    elif draws != 0:
        shares = find_shares(stability, DRAWS if draws is None else draws, seed)
    try:
        coalitions = find_coalitions(stability)
    except CrisisError as err:
        coalitions = None
        left_out.append(f"{str(err)[0].upper()}{str(err)[1:]}.")
    return Survey(
        stability=stability,
        concept=concept,
        shares=shares,
        coalitions=coalitions,
        equilibria=rank_equilibria(
            stability, None if shares is None else shares.equilibria, coalitions, count
        ),
        counts={c: int(stability.equilibria(c).sum()) for c in stability.concepts},
        start=explain_state(stability, stability.start),
        mistakes=mistakes,
        not_computed=tuple(left_out),
    )


def see_all(
    crisis: Crisis, conditions: Conditions, memory: int, left_out: list[str]
) -> tuple[Stability, Perceptions | None]:
    """What is stable, and in every view; no views if nobody holds a belief or if there is no room.

    Parameters
    ----------
    crisis, conditions, memory
        As for :func:`standoff.study.stability.find_stable`.
    left_out
        Gets a sentence if there is no room.
    """
    truth = find_stable(crisis, conditions=conditions, memory=memory)
    if not any(actor.believes for actor in crisis.actors.values()):
        return truth, None
    if truth.space.size > MOST_SEEN:
        left_out.append(
            f"Views are compared for crises of up to {MOST_SEEN:,} states, and this one has "
            f"{truth.space.size:,}; `--seen-by` shows one."
        )
        return truth, None
    views = find_perceptions(crisis, conditions=conditions, memory=memory)
    return views.truth, views


def tell_mistakes(
    perceptions: Perceptions, concept: str = CONCEPT, memory: int = DEFAULT_MEMORY
) -> Mistakes:
    """Who is wrong about what: of each kind, the states nearest to the start."""
    truth = perceptions.truth
    mistaken = perceptions.lasting(concept) & ~truth.equilibria(concept)
    nearest = nearest_to(truth.start, mistaken)[:NEAREST]
    surprises: list[Surprise] = []
    for actor in perceptions.actors:
        surprises.extend(islice(surprises_of(perceptions, actor, concept), NEAREST))
    start = read_state(perceptions, truth.start, concept)
    wrong = start.believers if start.leaves else start.doubters
    needed = nearest or surprises or wrong
    corrections = find_corrections(perceptions, concept, memory) if needed else None
    held = []
    if corrections is not None:
        for state in nearest:
            reading = read_state(perceptions, state, concept)
            found = corrections.of(state)
            held.append(Held(reading, found, corrections.only_together(state)))
    return Mistakes(
        perceptions=perceptions,
        concept=concept,
        start=start,
        held=tuple(held),
        held_count=int(mistaken.sum()),
        surprises=tuple(surprises),
        eye_openers=tuple(
            corrections.opening_eyes(each.actor, each.move.source) if corrections else ()
            for each in surprises
        ),
        start_openers=tuple(
            correction
            for actor in wrong
            if corrections
            for correction in corrections.opening_eyes(actor, truth.start)
        ),
    )


def compare_situations(
    crisis: Crisis,
    *,
    variation: Variation = AS_IT_IS,
    conditions: Conditions = "held",
    concept: str = CONCEPT,
    memory: int = DEFAULT_MEMORY,
) -> dict[str, Mistakes]:
    """Who was wrong about what in each situation of a crisis, in the order of their dates."""
    dated = sorted(crisis.situations, key=lambda name: crisis.situations[name].as_of)
    return {
        name: tell_mistakes(
            find_perceptions(
                crisis,
                variation=replace(variation, situation=name),
                conditions=conditions,
                memory=memory,
            ),
            concept,
            memory,
        )
        for name in dated
    }
