"""Every number of a crisis, and which of them are uncertain.

Numbering them gives each a place in a list, so that many versions of a crisis that differ in
numbers only can be computed at once. The places travel with the values: in every view of the
crisis (in a situation, as an actor sees it) it is known where a number comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from standoff.crisis.fields import Model
from standoff.crisis.frozen import Frozen
from standoff.crisis.model import Crisis
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.times import Rate, Span

_M = TypeVar("_M", bound=Model)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a crisis.

    Attributes
    ----------
    path
        What it is about: `north.interests.cost.weight`, `weather.calm.storm`,
        `situations.january.with.south.interests.survive.weight`.
    kind
        `range`: a number from `low` to `high`. `holds`: whether a claim holds; `low` and `high`
        are then the bounds of its probability.
    low, high
        In the units of the quantity: weight units, days, or a plain number.
    """

    path: str
    kind: Literal["range", "holds"]
    low: float
    high: float

    @property
    def central(self) -> float:
        """The number at central values; whether a claim holds is 1 or 0."""
        middle = (self.low + self.high) / 2
        return middle if self.kind == "range" else float(middle >= 0.5)

    @property
    def uncertain(self) -> bool:
        """Whether draws may differ in it."""
        if self.kind == "range":
            return self.low < self.high
        return 0 < (self.low + self.high) / 2 < 1


def numbered(crisis: Crisis) -> tuple[Crisis, tuple[Entry, ...]]:
    """Number every quantity of a crisis, in file order.

    Returns
    -------
    tuple
        The same crisis (it is equal and has the same digest), whose quantities know their
        places; and what is at each place.
    """
    found: list[Entry] = []

    def number(path: str, value: Any) -> Any:
        """The value with its quantities numbered."""
        if isinstance(value, Weight):
            meant = replace(crisis.range_of(value), text=str(value))
            return Weight(range=_entered(found, path, meant))
        if isinstance(value, Likelihood):
            return _entered(found, path, value, "holds")
        if isinstance(value, Range | Span):
            return _entered(found, path, value)
        if isinstance(value, Rate):
            numbers = tuple(_entered(found, path, each) for each in value.numbers)
            return replace(value, numbers=numbers)
        if isinstance(value, tuple):
            return tuple(number(path, each) for each in value)
        if isinstance(value, Model):
            return _with(value, {key: number(path, getattr(value, key)) for key in _numeric(value)})
        return value

    def patch(path: str, entries: Any) -> Any:
        return Frozen(
            {
                key: _with(entry, {"value": number(f"{path}.{key}", entry.value)})
                for key, entry in entries.items()
            }
        )

    actors = {}
    for name, actor in crisis.actors.items():
        changes: dict[str, Any] = {
            section: Frozen(
                {
                    key: _with(
                        claim,
                        {
                            part: number(f"{name}.{section}.{key}.{part}", getattr(claim, part))
                            for part in ("weight", "holds")
                        },
                    )
                    for key, claim in getattr(actor, section).items()
                }
            )
            for section in ("interests", "red_lines")
        }
        for part in ("decides", "looks_ahead", "precision"):
            changes[part] = number(f"{name}.{part}", getattr(actor, part))
        changes["believes"] = patch(f"{name}.believes", actor.believes)
        actors[name] = _with(actor, changes)
    conditions = {
        name: _with(
            condition,
            {
                "changes": tuple(
                    number(f"{name}.{change.from_}.{change.to}", change)
                    for change in condition.changes
                )
            },
        )
        for name, condition in crisis.conditions.items()
    }
    patched = {
        section: Frozen(
            {
                name: _with(entry, {"with_": patch(f"{section}.{name}.with", entry.with_)})
                for name, entry in getattr(crisis, section).items()
            }
        )
        for section in ("situations", "explanations")
    }
    changed = {"actors": Frozen(actors), "conditions": Frozen(conditions), **patched}
    return _with(crisis, changed), tuple(found)


def _entered(
    found: list[Entry], path: str, value: Any, kind: Literal["range", "holds"] = "range"
) -> Any:
    found.append(Entry(path, kind, value.low, value.high))
    return replace(value, number=len(found) - 1)


def _numeric(value: Model) -> Iterable[str]:
    """The fields of a change, a factor or a tempo that have numbers in them."""
    return [key for key in ("every", "rate", "times", "factor") if key in type(value).model_fields]


def _with(model: _M, changes: dict[str, Any]) -> _M:
    """A copy with other values, which keeps what does not depend on numbers."""
    copied = model.model_copy(update=changes)
    kept = {"vocabulary", "digest"}
    for key in copied.__dict__.keys() - type(model).model_fields.keys() - kept:
        del copied.__dict__[key]
    return copied
