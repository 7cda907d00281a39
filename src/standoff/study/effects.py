"""What each red line does: the questions asked again without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.study.forecast import forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.variation import Variation


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


def red_line_effects(
    crisis: Crisis,
    questions: tuple[str, ...],
    *,
    depth: int = DEPTH,
    tau: float = TAU,
    hierarchy: Hierarchy | None = None,
) -> Iterator[Effect]:
    """What every red line does to some questions, one red line at a time.

    Parameters
    ----------
    crisis
        The crisis as it is in the file.
    questions
        Names of the questions to ask; those answered from trajectories are better left out,
        since their error would hide a small effect.
    depth, tau, hierarchy
        As for :func:`standoff.study.forecast.forecast`.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)

    def answers(variation: Variation) -> dict[str, float]:
        return {
            name: forecast(crisis, name, variation=variation, depth=depth, hierarchy=solver).central
            for name in questions
        }

    as_it_is = answers(Variation())
    for actor, claims in crisis.actors.items():
        for name, line in claims.red_lines.items():
            path = f"{actor}.red_lines.{name}"
            without = answers(Variation(without=(path,)))
            yield Effect(path, line.because, line.source, as_it_is, without)
