"""Changes to a crisis that may be tried: as numbers where they are numbers, and as views."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from standoff.crisis import Crisis, Likelihood, Range, Rate, Span, Weight
from standoff.crisis.patches import is_belief
from standoff.crisis.paths import Target, target_of
from standoff.crisis.tempo import Tempo
from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.draws import central_values
from standoff.study.variation import Variation

Kind = Literal["left out", "weight", "corrected", "held"]
"""What a change does.

`left out`: an interest or a red line weighs nothing. `weight`: it weighs something else.
`corrected`: the holder of a belief sees what is so. `held`: an option or a condition has a level
from the start on, and nobody can change it.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change to a crisis.

    Attributes
    ----------
    kind
        What it does.
    path
        To what: a claim such as `north.interests.cost` (for `left out` and `weight`), a belief such
        as `north.believes.south.interests.fear.weight`, an option `north.close` or a condition.
    to
        The weight, or the level; None for the other two kinds.
    """

    kind: Kind
    path: str
    to: float | str | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """What two changes must not both be about."""
        what = "weight" if self.kind in ("left out", "weight") else self.kind
        return what, self.path


class Changer:
    """Turns changes into numbers, and into views.

    Parameters
    ----------
    crisis
        In the situation and with the variation that is asked about, and numbered.
    entries
        Its numbers.
    """

    def __init__(self, crisis: Crisis, entries: Iterable[Entry]) -> None:
        self.crisis = crisis
        self.entries = tuple(entries)
        self.central = central_values(self.entries)

    def is_number(self, change: Change) -> bool:
        """Whether a change is one of numbers only, so that many can be computed at once.

        A level held is not; neither is correcting a belief whose form differs from the truth's,
        such as `every 3 days` where the truth depends on the state.
        """
        if change.kind != "corrected":
            return change.kind != "held"
        held = value_at(self.crisis, change.path)
        return all(form_of(held) == form_of(value) for value in self._so(change.path))

    def row(self, changes: Iterable[Change]) -> Floats:
        """The numbers with some changes made; those that are no numbers are passed over."""
        row = self.central.copy()
        known = tuple(changes)
        corrected = _corrected(known)
        mine = [change for change in known if self.is_number(change)]
        for change in mine:
            if change.kind in ("left out", "weight"):
                row[places_of(value_at(self.crisis, f"{change.path}.weight"))] = change.to or 0.0
        for change in mine:
            if change.kind == "corrected":
                held = value_at(self.crisis, change.path)
                row[places_of(held)] = row[places_of(self.true_of(change.path, corrected))]
        return row

    def variation(self, changes: Iterable[Change], *, numbers: bool = True) -> Variation:
        """The same changes as views of the crisis.

        Parameters
        ----------
        changes
            Which.
        numbers
            Whether those that are numbers only are among the views.
        """
        known = tuple(changes)
        corrected = _corrected(known)
        mine = [each for each in known if numbers or not self.is_number(each)]
        patch: dict[str, Any] = {
            f"{each.path}.weight": each.to or 0.0
            for each in mine
            if each.kind in ("left out", "weight")
        }
        here = self.crisis.patched(patch) if patch else self.crisis
        for each in mine:
            if each.kind == "corrected":
                patch[each.path] = self.true_of(each.path, corrected, here)
        held = {each.path: str(each.to) for each in mine if each.kind == "held"}
        return Variation(with_=patch, holding=held)

    def true_of(
        self, path: str, corrected: Collection[str] = (), crisis: Crisis | None = None
    ) -> Any:
        """What the holder of a belief would see if it saw what is so.

        A belief about another's belief is about what that one really believes, or, if it holds no
        such belief or that is corrected as well, about what is so.
        """
        here = crisis or self.crisis
        inner = path.split(".", 2)[2]
        while is_belief(inner):
            holder, _, rest = inner.split(".", 2)
            if rest in here.actors[holder].believes and inner not in corrected:
                break
            inner = rest
        return value_at(here, inner)

    def _so(self, path: str) -> Iterator[Any]:
        """Whatever may turn out to be so, whichever other beliefs are corrected as well."""
        inner = path.split(".", 2)[2]
        while is_belief(inner):
            holder, _, rest = inner.split(".", 2)
            if rest in self.crisis.actors[holder].believes:
                yield value_at(self.crisis, inner)
            inner = rest
        yield value_at(self.crisis, inner)


def value_at(crisis: Crisis, path: str) -> Any:
    """The value at the end of a patch path, as the crisis has it.

    Raises
    ------
    UnknownNameError
        If the path leads to nothing.
    """
    target: Target = target_of(crisis, path)
    if target.section == "changes":
        return crisis.conditions[target.holder].changes[target.position].rate
    holder = crisis.actors[target.holder]
    if target.section == "believes":
        return holder.believes[target.key].value
    if not target.section:
        return getattr(holder, target.field)
    return getattr(getattr(holder, target.section)[target.key], target.field)


def _corrected(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset(each.path for each in changes if each.kind == "corrected")


def form_of(value: Any) -> Any:
    """What two values have in common that differ in numbers only."""
    if isinstance(value, Rate):
        return value.form, value.days
    if isinstance(value, tuple):
        return tuple(each.when if isinstance(each, Tempo) else each for each in value)
    return type(value)


def places_of(value: Any) -> list[int]:
    """The places of the numbers in a value of a crisis that is numbered."""
    quantities: list[Range | Span | Likelihood]
    if isinstance(value, Weight):
        quantities = [value.range] if value.range is not None else []
    elif isinstance(value, Rate):
        quantities = list(value.numbers)
    elif isinstance(value, tuple):
        quantities = [each.every for each in value]
    else:
        quantities = [value]
    return [each.number for each in quantities if each.number is not None]
