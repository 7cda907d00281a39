"""The claims of a crisis, and what it is without them, in numbers.

To leave out an interest or a red line is to give it no weight; to leave out a belief is to let its
holder see what is so. Both change numbers only, so that many sets of claims can be left out at
once (:class:`standoff.study.ensemble.Versions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from standoff.crisis import Crisis, citations
from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
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
    entries
        The numbers of the crisis, in the situation and variation that are asked about.
    claims
        The claims that may be left out.

    Attributes
    ----------
    claims
        Those of them that are numbers. A belief about how often somebody decides, or about the
        order in which it prefers states, may not be; it stays.
    """

    def __init__(self, entries: Sequence[Entry], claims: Iterable[Claim]) -> None:
        self._central = central_values(entries)
        columns: dict[str, list[int]] = {}
        for place, entry in enumerate(entries):
            columns.setdefault(entry.path, []).append(place)
        self._changes: dict[str, list[tuple[int, float]]] = {}
        for claim in claims:
            changes = self._without(claim, columns)
            if changes is not None:
                self._changes[claim.path] = changes
        self.claims = tuple(claim for claim in claims if claim.path in self._changes)

    def _without(
        self, claim: Claim, columns: Mapping[str, list[int]]
    ) -> list[tuple[int, float]] | None:
        if claim.kind != "belief":
            return [(place, 0.0) for place in columns[f"{claim.path}.weight"]]
        believed = columns.get(claim.path, [])
        true = columns.get(claim.path.split(".", 2)[2], [])
        if len(believed) != len(true) or not believed:
            return None
        return [(place, float(self._central[so])) for place, so in zip(believed, true, strict=True)]

    def values(self, left_out: Sequence[Iterable[str]]) -> Floats:
        """The numbers without some claims, one row for each set of their paths."""
        rows = np.tile(self._central, (len(left_out), 1))
        for row, paths in zip(rows, left_out, strict=True):
            for path in paths:
                for place, value in self._changes[path]:
                    row[place] = value
        return rows
