"""Names for scenarios, in words, from what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.crisis import Crisis

if TYPE_CHECKING:
    from standoff.study.scenario_parts import Outcome

ONLY = "all draws"
"""The name of a scenario that is the only one."""

_TELLING = 0.05
_MOST_TELLING = 4
_IN_A_NAME = 2
_ORDINALS = ("", "second ", "third ", "fourth ", "fifth ", "sixth ")


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the questions that tell what it stands for from the others."""

    name: str
    telling: tuple[str, ...]


def names_of(crisis: Crisis, answered: Sequence[tuple[Outcome, ...]]) -> tuple[Named, ...]:
    """Name scenarios by the questions whose answers differ most from those of the other draws.

    Parameters
    ----------
    crisis
        Has the questions.
    answered
        For each scenario, its answer to each question, the questions in one order.
    """
    if len(answered) == 1:
        return (Named(ONLY, ()),)
    names = []
    for own in answered:
        telling = _telling(crisis, own)
        first, *others = [each for each in telling if _apart(each, answered)] or telling[:1]
        said = [first, *(o for o in others if abs(o.difference) >= abs(first.difference) / 2)]
        parts = [
            f"{label_of(crisis, each.question)} {_rank(each, answered)}"
            for each in said[:_IN_A_NAME]
        ]
        names.append(Named(", ".join(parts), tuple(each.question for each in telling)))
    return tuple(names)


def label_of(crisis: Crisis, name: str) -> str:
    """A question's name in words, without the horizon at its end.

    Examples
    --------
    `russian_combat_30`, which is asked within 30 days, is called `russian combat`.
    """
    short, _, number = name.rpartition("_")
    days = crisis.questions[name].horizon.central
    bare = short if short and re.fullmatch(r"\d+", number) and float(number) == days else name
    return re.sub(r"[_-]+", " ", bare).strip() or name


def _telling(crisis: Crisis, own: tuple[Outcome, ...]) -> list[Outcome]:
    """The outcomes that differ most; one of those that ask the same with other horizons."""
    found: dict[object, Outcome] = {}
    for each in sorted(own, key=lambda each: -abs(each.difference)):
        question = crisis.questions[each.question]
        found.setdefault((question.event, question.until, question.lasting), each)
    first, *others = found.values()
    return [first, *(each for each in others if abs(each.difference) >= _TELLING)][:_MOST_TELLING]


def _chances(question: str, answered: Sequence[tuple[Outcome, ...]]) -> list[float]:
    """What every scenario answers to a question."""
    return [each.probability for own in answered for each in own if each.question == question]


def _apart(own: Outcome, answered: Sequence[tuple[Outcome, ...]]) -> bool:
    """Whether no other scenario answers about the same, so that a rank means something."""
    apart = sorted(abs(own.probability - each) for each in _chances(own.question, answered))
    return apart[1] >= _TELLING


def _rank(own: Outcome, answered: Sequence[tuple[Outcome, ...]]) -> str:
    """How a scenario's answer stands among those of all: `more likely`, `second most likely`."""
    chances = _chances(own.question, answered)
    above = sum(chance > own.probability for chance in chances)
    if len(chances) == 2:
        return "less likely" if above else "more likely"
    if above == len(chances) - 1:
        return "least likely"
    return f"{_ORDINALS[above]}most likely"
