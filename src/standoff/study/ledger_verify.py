"""Does a ledger fit together? Every hash, every link, and what was revealed against its seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from standoff.study.ledger_entries import KINDS, ORIGIN, Entry, LedgerError, canonical, commitment


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a ledger fits together.

    Attributes
    ----------
    place
        Where it is.
    entries
        How many there are.
    head
        The hash of the last; noted elsewhere, it shows later that none is missing.
    fault
        The first thing that does not fit, in a sentence; None if everything does.
    at
        The number of the entry where it was found.
    """

    place: str
    entries: int
    head: str
    fault: str | None = None
    at: int | None = None

    @property
    def fits(self) -> bool:
        """Whether everything fits."""
        return self.fault is None


def verify(place: str, entries: Sequence[Entry], head: str | None = None) -> Verification:
    """Look at every entry of a ledger.

    Parameters
    ----------
    place
        Where it is.
    entries
        All of them, in their order.
    head
        The beginning of a hash that was noted earlier, and must be that of one of them.
    """
    last = entries[-1].hash if entries else ORIGIN
    previous, known = ORIGIN, dict[str, Entry]()
    for number, entry in enumerate(entries, 1):
        if fault := _fault(entry, number, previous, known):
            return Verification(place, len(entries), last, fault, number)
        previous = entry.hash
        known[entry.id] = entry
    if head is not None and not any(each.hash.startswith(head.lower()) for each in entries):
        fault = (
            f"no entry has the hash {head}: the ledger is not the one that it was noted from, or "
            "its end is missing"
        )
        return Verification(place, len(entries), last, fault)
    return Verification(place, len(entries), last)


def _fault(entry: Entry, number: int, previous: str, known: dict[str, Entry]) -> str | None:
    if entry.number != number:
        return f"entry {number} is missing: the next one is {entry.number} ({entry.id})"
    if not entry.fits:
        return f"{entry.id} does not fit its hash: something in it was changed after it was written"
    if entry.previous != previous:
        before = f"entry {number - 1}" if number > 1 else "nothing, as the first"
        return f"{entry.id} does not follow from {before}: something before it was changed"
    try:
        return _unsound(entry, known)
    except LedgerError as err:
        return str(err)


def _unsound(entry: Entry, known: dict[str, Entry]) -> str | None:
    """What is wrong with an entry that is in its place."""
    body = entry.body
    if entry.kind not in KINDS:
        return f"{entry.id} is of a kind that there is not: {entry.kind}"
    if entry.kind in ("kept", "sealed"):
        return None
    about = known.get(str(body.get("of")))
    if about is None or about.kind not in ("kept", "sealed"):
        return f"{entry.id} is about {body.get('of')}, which is no forecast before it"
    if entry.kind == "revealed":
        published = about.body.get("commitment")
        content = body.get("body")
        text = canonical(content) if isinstance(content, dict) else ""
        if commitment(str(body.get("nonce")), text) != published:
            return f"{entry.id} is not what {about.id} sealed: it does not fit the published hash"
    return None
