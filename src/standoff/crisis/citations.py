"""Citations: a source and a place in it, such as `brief p4`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation.

    Attributes
    ----------
    source
        The key of the source.
    place
        Where in it, as written; empty for the whole.
    column
        Where the source's key stands in the text, in characters from 0.
    """

    source: str
    place: str
    column: int


def citations(text: str | None) -> Iterator[Citation]:
    """Yield what a `source` cites; several citations are separated by semicolons.

    Examples
    --------
    >>> [(each.source, each.place) for each in citations("brief p4, p7; record 12")]
    [('brief', 'p4, p7'), ('record', '12')]
    """
    for part in re.finditer(r"[^;]+", text or ""):
        words = part[0].strip()
        if words:
            source, _, place = words.partition(" ")
            yield Citation(source, place.strip(), part.start() + part[0].index(words))
