"""The entries of a ledger: what one says, and how each is tied to the one before.

The hash of an entry is the SHA-256 of its canonical text: its fields as JSON with sorted keys,
without spaces, in ASCII, among them the hash of the entry before. So an entry cannot be changed,
taken out or put in between without every later hash failing to fit. Only whoever noted a hash
elsewhere can tell that the end of a ledger is missing, or that all of it was written anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from standoff.crisis.errors import StandoffError

Kind = Literal["kept", "resolved", "corrected", "sealed", "revealed"]
KINDS: tuple[Kind, ...] = get_args(Kind)

ORIGIN = "0" * 64
"""What stands for the hash before the first entry."""

STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


class LedgerError(StandoffError):
    """A ledger that cannot be read or written, or an entry that it cannot take."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has a place.

    Attributes
    ----------
    stem
        What its name begins with; its number in the ledger follows.
    kind, body
        As of an entry; the body as plain data.
    """

    stem: str
    kind: Kind
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a ledger, as it is stored.

    Attributes
    ----------
    number
        Its place, from 1.
    id
        Its name: that of the question, or its kind, and its number.
    kind
        `kept`, `resolved`, `corrected`, `sealed` or `revealed`.
    when
        The instant at which it was written, in UTC, to the microsecond, as text.
    who
        Who wrote it.
    text
        What it says, as canonical JSON.
    previous
        The hash of the entry before, 64 zeros for the first.
    hash
        Its own.
    """

    number: int
    id: str
    kind: str
    when: str
    who: str
    text: str
    previous: str
    hash: str

    @property
    def fits(self) -> bool:
        """Whether the hash is that of what stands in the entry."""
        return self.hash == hash_of(
            self.number, self.id, self.kind, self.when, self.who, self.text, self.previous
        )

    @property
    def body(self) -> dict[str, Any]:
        """What it says, as plain data.

        Raises
        ------
        LedgerError
            If it is not what standoff writes.
        """
        try:
            body = json.loads(self.text)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise unreadable(self)
        return body

    @property
    def written(self) -> datetime:
        """The instant at which it was written."""
        try:
            return datetime.strptime(self.when, STAMP).replace(tzinfo=UTC)
        except ValueError:
            raise unreadable(self) from None


def unreadable(entry: Entry) -> LedgerError:
    """Return the error for an entry that standoff did not write so."""
    return LedgerError(
        f"entry {entry.number} of the ledger ({entry.id}) is not as standoff writes one; "
        "`standoff ledger verify` says what no longer fits"
    )


def chained(draft: Draft, number: int, who: str, now: datetime, previous: str) -> Entry:
    """Return a draft as the entry that follows the one with the hash ``previous``."""
    name, when, text = f"{draft.stem}-{number}", now.astimezone(UTC).strftime(STAMP), ""
    text = canonical(draft.body)
    own = hash_of(number, name, draft.kind, when, who, text, previous)
    return Entry(number, name, draft.kind, when, who, text, previous, own)


def hash_of(
    number: int, name: str, kind: str, when: str, who: str, text: str, previous: str
) -> str:
    """Return the hash of an entry with these fields, in hexadecimal."""
    fields = {
        "number": number,
        "id": name,
        "kind": kind,
        "when": when,
        "who": who,
        "body": text,
        "previous": previous,
    }
    return hashlib.sha256(canonical(fields).encode("ascii")).hexdigest()


def canonical(data: Mapping[str, Any]) -> str:
    """Return plain data as JSON that is the same for the same data.

    Examples
    --------
    >>> canonical({"b": 0.25, "a": ["yes", None]})
    '{"a":["yes",null],"b":0.25}'
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def commitment(nonce: str, text: str) -> str:
    """Return what a sealed entry publishes: the SHA-256 of a nonce and, after it, the content.

    Parameters
    ----------
    nonce
        64 hexadecimal digits, drawn for this entry alone; without it nobody can try out contents.
    text
        The content, as canonical JSON.
    """
    return hashlib.sha256(f"{nonce}{text}".encode("ascii", "surrogatepass")).hexdigest()
