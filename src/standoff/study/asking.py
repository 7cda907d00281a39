"""How questions are asked: which one, of what variation of a crisis, and with which settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from standoff.crisis import Crisis, Question
from standoff.crisis.errors import unknown
from standoff.study.hierarchy import DEPTH, TAU
from standoff.study.variation import AS_IT_IS, Variation

Progress = Callable[[str, float], None]
"""Called with what has just been done and the share that is done."""

PATHS = 4000
"""Trajectories drawn for a question that asks for something lasting."""

POINTS = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """What a forecast was computed with.

    Attributes
    ----------
    depth, tau
        Of the cognitive hierarchy.
    seed
        Of every trajectory drawn.
    paths
        Trajectories per question that needs them.
    """

    depth: int = DEPTH
    tau: float = TAU
    seed: int = 0
    paths: int = PATHS


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One question of one variation.

    Attributes
    ----------
    question, variation
        What to ask, and of what.
    depth
        How deep actors think, if not as in the settings.
    brief
        Whether the central probability is all that is wanted.
    """

    question: str
    variation: Variation = AS_IT_IS
    depth: int | None = None
    brief: bool = False


def quiet(_what: str, _share: float) -> None:
    """Report no progress."""


def situated(crisis: Crisis, question: str, variation: Variation) -> Crisis:
    """The crisis that a question is asked of: in its situation, and changed."""
    if question not in crisis.questions:
        raise unknown("forecast()", "question", question, crisis.questions)
    return variation.of(crisis, crisis.questions[question].situation)


def longest_alike(crisis: Crisis, question: Question) -> float:
    """The longest horizon, in days, of the questions that differ from one in their horizon only."""
    return max(
        other.horizon.central
        for other in crisis.questions.values()
        if (other.form, other.event, other.until, other.situation)
        == (question.form, question.event, question.until, question.situation)
    )
