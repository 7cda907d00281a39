"""What each red line does: the questions asked again without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from standoff.crisis import Crisis, RedLine
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.batch import Chance, answer_all
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.variation import AS_IT_IS, Variation


@dataclass(frozen=True, slots=True)
class Effect:
    """What leaving one claim out does to the answers.

    Attributes
    ----------
    path
        The claim, such as ``russia.red_lines.armenian_soil``.
    because, source
        The claim in the analyst's words, and where it comes from.
    with_it, without_it
        For each question asked: the central probability as it is, and without the claim.
    """

    path: str
    because: str | None
    source: str | None
    with_it: Mapping[str, float]
    without_it: Mapping[str, float]

    @property
    def largest(self) -> tuple[str, float]:
        """The question that the claim moves most, and by how much it raises it."""
        changes = {name: self.with_it[name] - self.without_it[name] for name in self.with_it}
        name = max(changes, key=lambda question: abs(changes[question]))
        return name, changes[name]


def red_lines(crisis: Crisis) -> dict[str, RedLine]:
    """Every red line of a crisis, by its path."""
    return {
        f"{actor}.red_lines.{name}": line
        for actor, claims in crisis.actors.items()
        for name, line in claims.red_lines.items()
    }


def red_line_effects(
    crisis: Crisis,
    questions: Sequence[str],
    *,
    variation: Variation = AS_IT_IS,
    depth: int = DEPTH,
    tau: float = TAU,
    workers: int = 1,
    hierarchy: Hierarchy | None = None,
    progress: Progress = quiet,
) -> list[Effect]:
    """What every red line does to some questions, one red line at a time.

    Parameters
    ----------
    crisis
        The crisis as it is in the file.
    questions
        Names of the questions to ask; those answered from trajectories are better left out,
        since their error would hide a small effect.
    variation
        What to change before everything.
    depth, tau, hierarchy
        As for :func:`standoff.study.forecast.forecast`.
    workers, progress
        As for :func:`standoff.study.batch.answer_all`.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    asked = requests_of(crisis, questions, variation)
    settings = Settings(depth, solver.tau)
    answers = answer_all(crisis, asked, settings, solver, workers=workers, progress=progress)
    return effects_of(crisis, questions, answers)


def requests_of(
    crisis: Crisis, questions: Sequence[str], variation: Variation = AS_IT_IS
) -> list[Request]:
    """The questions as they are, and then without each red line."""
    left_out = [(), *((path,) for path in red_lines(crisis))]
    return [
        Request(question, replace(variation, without=(*variation.without, *paths)), brief=True)
        for paths in left_out
        for question in questions
    ]


def effects_of(
    crisis: Crisis, questions: Sequence[str], answers: Iterable[Forecast | Chance]
) -> list[Effect]:
    """Compare the answers to those requests, in the same order; no questions, no effects."""
    if not questions:
        return []
    left = iter(answers)
    as_it_is = {question: next(left).central for question in questions}
    return [
        Effect(
            path,
            line.because,
            line.source,
            as_it_is,
            {question: next(left).central for question in questions},
        )
        for path, line in red_lines(crisis).items()
    ]
