"""The claims of a crisis, and what it is without them, in numbers.

To leave out an interest or a red line is to give it no weight; to leave out a belief is to let its
holder see what is so, or, where it is ascribed to another, what the one who ascribes it sees. Both
change numbers only, so that many sets of claims can be left out at once
(:class:`standoff.study.versions.Versions`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from standoff.crisis import Crisis, citations
from standoff.crisis.patches import is_belief
from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.changes import form_of, places_of, value_at
from standoff.study.draws import central_values

Kind = Literal["interest", "red line", "belief"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim that can be left out.

    Attributes
    ----------
    path
        As for :meth:`standoff.crisis.Crisis.without`.
    actor
        Whose interest, red line or belief it is.
    kind
        Which of the three.
    because, source
        Where it comes from, as written.
    """

    path: str
    actor: str
    kind: Kind
    because: str | None
    source: str | None

    @property
    def passages(self) -> tuple[str, ...]:
        """The passages of sources that it is read from: `essay p10`, or a source as a whole."""
        return tuple(
            f"{each.source} {place.strip()}".strip()
            for each in citations(self.source)
            for place in each.place.split(",")
        )


def claims_of(crisis: Crisis) -> tuple[Claim, ...]:
    """Every claim of a crisis that can be left out, in file order."""
    found: list[Claim] = []
    for name, actor in crisis.actors.items():
        sections: tuple[tuple[str, Kind, Mapping[str, object]], ...] = (
            ("interests", "interest", actor.interests),
            ("red_lines", "red line", actor.red_lines),
            ("believes", "belief", actor.believes),
        )
        for section, kind, entries in sections:
            for key, entry in entries.items():
                because = getattr(entry, "because", None)
                source = getattr(entry, "source", None)
                found.append(Claim(f"{name}.{section}.{key}", name, kind, because, source))
    return tuple(found)


class Removal:
    """Leaves claims of a crisis out, in numbers.

    Parameters
    ----------
    crisis
        In the situation and variation that are asked about, and numbered.
    entries
        Its numbers.

    Attributes
    ----------
    claims
        The claims that are numbers. A belief of another form than what its holder would see
        instead, such as a time where the truth depends on the state, is not; it stays.
    """

    def __init__(self, crisis: Crisis, entries: Sequence[Entry]) -> None:
        self._central = central_values(entries)
        self._places: dict[str, list[int]] = {}
        self._instead: dict[str, tuple[str, ...]] = {}
        claims = claims_of(crisis)
        beliefs = {claim.path for claim in claims if claim.kind == "belief"}
        for claim in claims:
            if claim.kind == "belief":
                seen = (claim.path, *_without_holder(claim.path, beliefs))
                values = [value_at(crisis, path) for path in seen]
                if all(form_of(value) == form_of(values[0]) for value in values):
                    self._places |= {
                        path: places_of(value) for path, value in zip(seen, values, strict=True)
                    }
                    self._instead[claim.path] = seen[1:]
            else:
                self._places[claim.path] = places_of(value_at(crisis, f"{claim.path}.weight"))
        self.claims = tuple(
            claim
            for claim in claims
            if claim.path in self._instead or (claim.kind != "belief" and self._places[claim.path])
        )

    def values(self, left_out: Sequence[Iterable[str]]) -> Floats:
        """The numbers without some claims, one row for each set of their paths."""
        rows = np.tile(self._central, (len(left_out), 1))
        for row, paths in zip(rows, map(set, left_out), strict=True):
            for path in paths - self._instead.keys():
                row[self._places[path]] = 0.0
            for path in paths & self._instead.keys():
                # Whatever is seen instead, a belief that is kept or the truth, is in its place now.
                seen = next(each for each in self._instead[path] if each not in paths)
                row[self._places[path]] = row[self._places[seen]]
        return rows


def _without_holder(path: str, beliefs: Collection[str]) -> Iterator[str]:
    """What is seen in place of a belief that is left out: the first of these that is not.

    Without what an actor ascribes to another, the other sees it as the actor does; without what
    the actor believes itself, it is as it is.
    """
    holders, subject = [], path
    while is_belief(subject):
        holder, _, subject = subject.split(".", 2)
        holders.append(holder)
    while holders:
        holders.pop()
        seen = "".join(f"{holder}.believes." for holder in holders) + subject
        if not holders or seen in beliefs:
            yield seen
