"""What an actor could do about an answer, or about its own lot: the levers that the model has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from standoff.crisis import Crisis
from standoff.crisis.errors import unknown
from standoff.study.asking import Progress, Settings, quiet
from standoff.study.changes import Change, value_at
from standoff.study.events import Impossible, levels_of, variables_of
from standoff.study.hierarchy import Hierarchy
from standoff.study.mistakes import beliefs_of
from standoff.study.outlook import latest_situation
from standoff.study.removal import claims_of
from standoff.study.trials import Outcome, Trials, exact_question, settled
from standoff.study.variation import AS_IT_IS, Variation

CAVEAT = "These are the model's levers, not a playbook."

LeverKind = Literal["option", "belief", "weight"]


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that could be otherwise, and what it would do.

    Attributes
    ----------
    kind
        `option`: the actor holds a level of an option of its own. `belief`: another actor's belief
        is corrected. `weight`: an interest or a red line of another actor weighs something else.
    path
        The option, the belief, or the claim that has the weight.
    holder
        Whose option, belief, interest or red line it is.
    now, then
        The level, the value that is believed, or the weight: as it is, and as it would be.
    chance, effect
        The probability of the question then, and by how much that is more than as it is; None if
        there is no question.
    worth, gain
        What the actor, whose levers these are, then really gets, as a discounted average payoff in
        weight units per day, and by how much that is more than as it is.
    asked_about
        Whether the question itself is about that option.
    because, source
        The belief, interest or red line in the analyst's words, and where it comes from.
    """

    kind: LeverKind
    path: str
    holder: str
    now: str
    then: str
    chance: float | None
    effect: float | None
    worth: float
    gain: float
    asked_about: bool
    because: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Levers:
    """What one actor could do about the answer to a question, or about its own lot.

    With a question, every list is ranked by the size of the effect on it; without, by the gain of
    the actor, the largest first.

    Attributes
    ----------
    actor
        Whose.
    question, situation
        The question, if there is one, and where it starts.
    central, worth
        As it is: the probability, and what the actor really gets.
    own
        What it could do itself: each level of its options held.
    beliefs
        What others believe, corrected; only what they are mistaken about.
    weights
        Other actors' interests and red lines, at the ends of their ranges, or at half and twice
        their weight where there is no range.
    impossible
        Its levels that could not be tried.
    caveat
        What belongs beside all of this.
    """

    actor: str
    question: str | None
    situation: str | None
    central: float | None
    worth: float
    own: tuple[Lever, ...]
    beliefs: tuple[Lever, ...]
    weights: tuple[Lever, ...]
    impossible: tuple[Impossible, ...]
    caveat: str = CAVEAT


def find_levers(
    crisis: Crisis,
    actor: str,
    question: str | None = None,
    *,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Levers:
    """Find what an actor could do itself, and what of others it would most want to be otherwise.

    Parameters
    ----------
    crisis
        As it is in the file.
    actor
        Whose levers.
    question
        What they are to move, which has an exact answer; by default what the actor itself gets,
        from the latest situation on.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.

    Raises
    ------
    CrisisError
        If the question asks for something lasting.
    UnknownNameError
        If the crisis has no such actor or question.
    """
    if actor not in crisis.actors:
        raise unknown("find_levers()", "actor", actor, crisis.actors)
    situation = latest_situation(crisis) if crisis.situation is None else None
    if question is not None:
        exact_question(crisis, question, "find_levers()")
        situation = crisis.questions[question].situation
    chosen, solver = settled(settings, hierarchy)
    trials = Trials(
        variation.of(crisis, situation),
        () if question is None else (question,),
        chosen,
        solver,
        worths=True,
        workers=workers,
        progress=progress,
    )
    options, impossible = levels_of(trials.crisis, present=True)
    own = [Change("held", name, level) for name, level in options if name.split(".")[0] == actor]
    beliefs = [
        Change("corrected", belief.path)
        for belief in beliefs_of(trials.changer)
        if belief.holder != actor and belief.mistaken
    ]
    weights = [
        change
        for claim in claims_of(trials.crisis)
        if claim.actor != actor and claim.kind != "belief"
        for change in shifts_of(trials.crisis, claim.path, halved=True)
    ]
    changes = [*own, *beliefs, *weights]
    outcomes = trials.outcomes([[change] for change in changes])
    levers = [
        _lever(trials, actor, question, change, outcome)
        for change, outcome in zip(changes, outcomes, strict=True)
    ]
    central = None if question is None else trials.central.chances[question]
    return Levers(
        actor=actor,
        question=question,
        situation=trials.crisis.situation,
        central=central,
        worth=trials.central.worths[actor],
        own=_ranked(levers[: len(own)]),
        beliefs=_ranked(levers[len(own) : len(own) + len(beliefs)]),
        weights=_ranked(levers[len(own) + len(beliefs) :]),
        impossible=tuple(each for each in impossible if each.variable.split(".")[0] == actor),
    )


def shifts_of(crisis: Crisis, claim: str, *, halved: bool) -> list[Change]:
    """The weight of an interest or a red line at the ends of its range.

    Where it has no range: at half and twice its weight if it may be ``halved``, otherwise nowhere.
    A claim that is taken not to hold, or weighs nothing, has no weight to shift.
    """
    actor, section, name = claim.split(".")
    entry = getattr(crisis.actors[actor], section)[name]
    weight = crisis.range_of(entry.weight)
    if entry.holds.central < 0.5 or weight.high <= 0:
        return []
    ends: Iterable[float] = (weight.low, weight.high)
    if weight.low == weight.high:
        ends = (weight.low / 2, weight.low * 2) if halved else ()
    return [Change("weight", claim, end) for end in ends]


def _lever(
    trials: Trials, actor: str, question: str | None, change: Change, outcome: Outcome
) -> Lever:
    claims = {claim.path: claim for claim in claims_of(trials.crisis)}
    claim = claims.get(change.path)
    now, then = _sides(trials, change)
    chance = effect = None
    if question is not None:
        chance = outcome.chances[question]
        effect = chance - trials.central.chances[question]
    about = variables_of(trials.crisis, question) if question is not None else frozenset()
    kinds: dict[str, LeverKind] = {"held": "option", "corrected": "belief", "weight": "weight"}
    return Lever(
        kind=kinds[change.kind],
        path=change.path,
        holder=change.path.split(".")[0],
        now=now,
        then=then,
        chance=chance,
        effect=effect,
        worth=outcome.worths[actor],
        gain=outcome.worths[actor] - trials.central.worths[actor],
        asked_about=change.path in about,
        because=claim.because if claim else None,
        source=claim.source if claim else None,
    )


def _sides(trials: Trials, change: Change) -> tuple[str, str]:
    """What a change replaces, and by what, as text."""
    crisis = trials.crisis
    if change.kind == "held":
        return crisis.start[change.path], str(change.to)
    if change.kind == "corrected":
        belief = next(b for b in beliefs_of(trials.changer) if b.path == change.path)
        return belief.thinks, belief.in_fact
    weight = crisis.range_of(value_at(crisis, f"{change.path}.weight"))
    return f"{weight.central:g}", f"{change.to:g}"


def _ranked(levers: Sequence[Lever]) -> tuple[Lever, ...]:
    def key(lever: Lever) -> float:
        return -lever.gain if lever.effect is None else -abs(lever.effect)

    return tuple(sorted(levers, key=key))
