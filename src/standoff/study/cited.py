"""The numbers of a crisis that are uncertain where a question is asked, and who says so.

A file has numbers for every situation and explanation; an answer depends on those of one
situation only. Each number is cited: to the claim that it belongs to, and through it to a source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from standoff.crisis import Crisis, citations
from standoff.crisis.actors import Interest, RedLine
from standoff.crisis.patches import Believed
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.setting import Change, Factor
from standoff.crisis.tempo import Tempo
from standoff.crisis.times import Rate, Span
from standoff.crisis.uncertain import Entry

Unit = Literal["weight", "days", "chance", "number", "claim"]

_Used = tuple[Any, Unit, str | None]
"""A numbered quantity, its unit, and when it counts."""

_IN_RATES: dict[str, tuple[Unit, ...]] = {
    "every": ("days",),
    "per": ("number",),
    "within": ("chance", "days"),
}


_KINDS = {
    "interests": "interest",
    "red_lines": "red line",
    "believes": "belief",
    "decides": "pace",
    "looks_ahead": "pace",
    "precision": "pace",
}


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One uncertain number, cited.

    Attributes
    ----------
    place
        Its column in the values of a draw.
    path
        What it is about, as a patch path: `north.interests.cost.weight`, `weather.calm.storm`.
    situation
        The situation whose patch says it; None if the crisis itself does.
    position, among
        Which of the numbers of its path it is, from 1, and how many that path has: a rate such as
        `70..80% within 2..3 days` has two.
    kind
        `range`: a number from `low` to `high`. `holds`: whether a claim holds; `low` and `high`
        are then the bounds of its probability.
    low, high
        In the unit.
    unit
        `weight`, `days`, `chance` (from 0 to 1), `number`, or `claim` for one that may not hold.
    said
        As it was written: `major`, `1..2`, `likely`.
    when
        The statement that must be true for it to count, if there is one.
    because, source
        The claim that it belongs to, in the analyst's words, and where that comes from.
    """

    place: int
    path: str
    situation: str | None
    position: int
    among: int
    kind: Literal["range", "holds"]
    low: float
    high: float
    unit: Unit
    said: str
    when: str | None
    because: str | None
    source: str | None

    @property
    def key(self) -> str:
        """Its path, with its position where the path has several numbers: no two are equal."""
        return self.path if self.among == 1 else f"{self.path}#{self.position}"

    @property
    def holder(self) -> str:
        """The actor or the condition that it belongs to."""
        return self.path.partition(".")[0]

    @property
    def kind_of_claim(self) -> str:
        """What kind of thing says it: an interest, a belief, how fast an actor acts, ..."""
        parts = self.path.split(".")
        return _KINDS[parts[1]] if len(parts) != 3 else "change of a condition"

    @property
    def passages(self) -> tuple[str, ...]:
        """The passages that its claim is read from, such as `essay p10`."""
        return tuple(
            f"{each.source} {place.strip()}".strip()
            for each in citations(self.source)
            for place in each.place.split(",")
        )


def uncertain_in(
    here: Crisis, entries: Sequence[Entry], crisis: Crisis | None = None
) -> tuple[Uncertain, ...]:
    """Every uncertain number that answers in a crisis may depend on, in file order.

    Parameters
    ----------
    here
        Numbered, in its situation and changed: what a question is asked of.
    entries
        What is at each place.
    crisis
        The one that was put in the situation, which says what situations claim; by default
        ``here``.
    """
    used = {each.number: (each, unit, when) for each, unit, when in _quantities_of(here)}
    found = []
    for place, (each, unit, when) in sorted(used.items()):
        entry = entries[place]
        if not entry.uncertain:
            continue
        alike = [n for n, other in enumerate(entries) if other.path == entry.path and n in used]
        path, situation, claim = _claim(crisis or here, entry.path)
        found.append(
            Uncertain(
                place=place,
                path=path,
                situation=situation,
                position=alike.index(place) + 1,
                among=len(alike),
                kind=entry.kind,
                low=entry.low,
                high=entry.high,
                unit=unit,
                said=str(each),
                when=when,
                because=getattr(claim, "because", None),
                source=getattr(claim, "source", None),
            )
        )
    return tuple(found)


def _quantities_of(crisis: Crisis) -> Iterator[_Used]:
    for actor in crisis.actors.values():
        claims: Iterable[Interest | RedLine] = (
            *actor.interests.values(),
            *actor.red_lines.values(),
        )
        for claim in claims:
            yield from _quantities(claim.weight)
            yield from _quantities(claim.holds)
        for value in (actor.decides, actor.looks_ahead, actor.precision):
            yield from _quantities(value)
        yield from _quantities(tuple(actor.believes.values()))
    for condition in crisis.conditions.values():
        yield from _quantities(condition.changes)


def _quantities(value: Any, when: str | None = None) -> Iterator[_Used]:
    """The numbered quantities in a value."""
    match value:
        case tuple():
            for each in value:
                yield from _quantities(each, when)
        case Believed():
            yield from _quantities(value.value)
        case Tempo():
            yield from _quantities(value.every, value.when)
        case Factor():
            yield from _quantities(value.factor, value.when)
        case Change():
            yield from _quantities(value.rate, value.when)
            yield from _quantities(value.times)
        case Rate():
            for each, unit in zip(value.numbers, _IN_RATES[value.form], strict=True):
                if each.number is not None:
                    yield each, unit, when
        case Weight(range=Range(number=int()) as meant):
            yield meant, "weight", None
        case Likelihood(number=int()):
            yield value, "claim", None
        case Span(number=int()):
            yield value, "days", when
        case Range(number=int()):
            yield value, "number", when


def _claim(crisis: Crisis, path: str) -> tuple[str, str | None, object]:
    """The patch path of an entry, the situation that says it, and the claim that it is of."""
    situation = None
    if path.startswith("situations."):
        _, situation, _, path = path.split(".", 3)
        claim: object = crisis.situations[situation].with_.get(path)
        if getattr(claim, "source", None) or getattr(claim, "because", None):
            return path, situation, claim
    parts = path.split(".")
    if parts[0] in crisis.conditions:
        condition = crisis.conditions[parts[0]]
        change = next(each for each in condition.changes if [each.from_, each.to] == parts[1:])
        return path, situation, change if change.source else condition
    actor = crisis.actors[parts[0]]
    if parts[1] == "believes":
        return path, situation, actor.believes.get(path.split(".", 2)[2])
    if parts[1] in ("interests", "red_lines"):
        return path, situation, getattr(actor, parts[1])[parts[2]]
    return path, situation, None
