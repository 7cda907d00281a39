"""What would change an answer: each option and each condition at another level, now or for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from standoff.crisis import Crisis
from standoff.crisis.possible import broken_rule
from standoff.crisis.statements import mentioned
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.batch import answer_all
from standoff.study.hierarchy import Hierarchy
from standoff.study.trials import exact_question, settled
from standoff.study.variation import AS_IT_IS, Variation

How = Literal["starting", "holding"]


@dataclass(frozen=True, slots=True)
class Event:
    """What the answer becomes if one option or condition has another level.

    Attributes
    ----------
    variable, level
        An option such as `north.close`, or a condition, and its level.
    how
        `starting`: it has that level at time 0, and goes on from there. `holding`: it has it
        throughout, and nobody can change it.
    chance
        The probability then.
    effect
        By how much that is more than as it is.
    asked_about
        Whether the question itself is about this option or condition, so that there is little to
        learn from the effect.
    """

    variable: str
    level: str
    how: How
    chance: float
    effect: float
    asked_about: bool


@dataclass(frozen=True, slots=True)
class Impossible:
    """A level that could not be tried, since the state at the start would be one that cannot be.

    Attributes
    ----------
    variable, level
        The option or condition, and the level.
    rule
        The `never` statement that would be true, as written.
    """

    variable: str
    level: str
    rule: str


@dataclass(frozen=True, slots=True)
class Events:
    """What each option and each condition at another level would do to the answer to one question.

    Attributes
    ----------
    question, situation
        Which, and where it starts.
    central
        The probability as it is.
    present
        The level of every option and condition at the start.
    events
        The largest effect first.
    impossible
        Levels that could not be tried.
    held
        Options and conditions that cannot change as it is, and were not tried.
    """

    question: str
    situation: str | None
    central: float
    present: Mapping[str, str]
    events: tuple[Event, ...]
    impossible: tuple[Impossible, ...]
    held: tuple[str, ...]


def find_event_effects(
    crisis: Crisis,
    question: str,
    *,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Events:
    """Find what each option and condition at another level, now or for good, does to an answer.

    Every level but the present one is tried, both at the start alone and throughout.

    Parameters
    ----------
    crisis, question
        The question, which has an exact answer.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.batch.answer_all`.

    Raises
    ------
    CrisisError
        If the question asks for something lasting.
    UnknownNameError
        If the crisis has no such question.
    """
    exact_question(crisis, question, "find_event_effects()")
    chosen, solver = settled(settings, hierarchy)
    here = situated(crisis, question, variation)
    possible, impossible = levels_of(here)
    hows: tuple[How, ...] = ("starting", "holding")
    ways = [(name, level, how) for name, level in possible for how in hows]
    asked = [
        Variation(starting={name: level}) if how == "starting" else Variation(holding={name: level})
        for name, level, how in ways
    ]
    requests = [Request(question, each, brief=True) for each in (AS_IT_IS, *asked)]
    central, *chances = (
        answer.central
        for answer in answer_all(here, requests, chosen, solver, workers=workers, progress=progress)
    )
    about = variables_of(here, question)
    events = [
        Event(name, level, how, chance, chance - central, name in about)
        for (name, level, how), chance in zip(ways, chances, strict=True)
    ]
    return Events(
        question=question,
        situation=here.situation,
        central=central,
        present=here.start,
        events=tuple(sorted(events, key=lambda each: -abs(each.effect))),
        impossible=impossible,
        held=tuple(here.held),
    )


def levels_of(
    crisis: Crisis, *, present: bool = False
) -> tuple[tuple[tuple[str, str], ...], tuple[Impossible, ...]]:
    """Levels that options and conditions could have at the start, alone, and those they could not.

    Parameters
    ----------
    crisis
        In its situation.
    present
        Whether the level that each has is among them.

    Returns
    -------
    tuple
        Pairs of a variable and a level, in file order, without variables that are held already; and
        what cannot be.
    """
    start = crisis.start
    possible, impossible = [], []
    for name, levels in crisis.variables.items():
        for level in levels:
            if name in crisis.held or (level == start[name] and not present):
                continue
            rule = broken_rule(crisis, {**start, name: level})
            if rule is None:
                possible.append((name, level))
            else:
                impossible.append(Impossible(name, level, rule))
    return tuple(possible), tuple(impossible)


def variables_of(crisis: Crisis, question: str) -> frozenset[str]:
    """The options and conditions that a question itself is about."""
    asked = crisis.questions[question]
    texts = [asked.event, *([asked.until] if asked.until is not None else [])]
    return frozenset(name for text in texts for name in mentioned(crisis.statement(text)))
