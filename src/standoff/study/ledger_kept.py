"""The forecasts in a ledger: what was kept, and what later entries say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from standoff.crisis.errors import unknown
from standoff.study.ledger_assessment import Assessment
from standoff.study.ledger_entries import Entry, LedgerError, unreadable

Outcome = Literal["yes", "no", "open"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a question came out.

    Attributes
    ----------
    entry
        The entry that says so.
    outcome
        `yes` or `no`; `open` if a correction took an earlier one back.
    source, note
        From what it is known, and anything else.
    early
        Whether it was resolved before the question closed.
    when, who
        When, and by whom.
    corrects
        Whether it corrects an earlier one.
    """

    entry: str
    outcome: Outcome
    source: str
    note: str | None
    early: bool
    when: datetime
    who: str
    corrects: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast in a ledger, and what became of it.

    Attributes
    ----------
    entry
        The entry that keeps or seals it; its name and instant are the forecast's.
    assessment
        What was kept; None as long as it is sealed.
    commitment
        What a sealed one published.
    revealed
        The name of the entry that revealed it.
    resolutions
        How it came out, and every correction, in their order.
    """

    entry: Entry
    assessment: Assessment | None
    commitment: str | None = None
    revealed: str | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def id(self) -> str:
        """Its name."""
        return self.entry.id

    @property
    def resolution(self) -> Resolution | None:
        """The one that stands, if there is one."""
        last = self.resolutions[-1] if self.resolutions else None
        return None if last is None or last.outcome == "open" else last

    @property
    def outcome(self) -> bool | None:
        """Whether the answer came out as yes; None if it is open."""
        return None if self.resolution is None else self.resolution.outcome == "yes"

    @property
    def known(self) -> Assessment:
        """What was kept.

        Raises
        ------
        LedgerError
            If it is sealed.
        """
        if self.assessment is None:
            raise LedgerError(
                f"{self.id} is sealed, so nobody can tell what it asks; first "
                f"`standoff ledger reveal {self.id}`"
            )
        return self.assessment

    @property
    def late(self) -> bool:
        """Whether it was kept after its question had closed: then it is no forecast."""
        closes = None if self.assessment is None else self.assessment.closes
        return closes is not None and self.entry.written.date() > closes


def folded(entries: Sequence[Entry]) -> dict[str, Kept]:
    """Return every forecast by its name, with what later entries say of it.

    Raises
    ------
    LedgerError
        If an entry is not as standoff writes one.
    """
    known: dict[str, Kept] = {}
    for entry in entries:
        body = entry.body
        try:
            if entry.kind == "kept":
                known[entry.id] = Kept(entry, Assessment.of(body))
            elif entry.kind == "sealed":
                known[entry.id] = Kept(entry, None, commitment=str(body["commitment"]))
            else:
                known[body["of"]] = _with(known[body["of"]], entry, body)
        except (KeyError, TypeError, ValueError):
            raise unreadable(entry) from None
    return known


def _with(about: Kept, entry: Entry, body: Mapping[str, Any]) -> Kept:
    """Return a forecast with what one more entry says of it."""
    if entry.kind == "revealed":
        said = Assessment.of(body["body"])
        return Kept(about.entry, said, about.commitment, entry.id, about.resolutions)
    if body["outcome"] not in ("yes", "no", "open"):
        raise ValueError(body["outcome"])
    resolution = Resolution(
        entry=entry.id,
        outcome=body["outcome"],
        source=str(body["source"]),
        note=body["note"],
        early=bool(body["early"]),
        when=entry.written,
        who=entry.who,
        corrects=entry.kind == "corrected",
    )
    given = (*about.resolutions, resolution)
    return Kept(about.entry, about.assessment, about.commitment, about.revealed, given)


def found(known: Mapping[str, Kept], name: str, where: str = "ledger()") -> Kept:
    """Return a forecast by its name or its number."""
    for each in known.values():
        if name in (each.id, str(each.entry.number)):
            return each
    raise unknown(where, "forecast", name, known)


def others_open(known: Iterable[Kept], kept: Kept) -> list[Kept]:
    """Return the other forecasts of the same question that are not resolved."""
    return [
        each
        for each in known
        if each.assessment is not None
        and each.id != kept.id
        and each.outcome is None
        and each.assessment.same == kept.known.same
    ]


def check_open(about: Kept, outcome: Outcome, correct: bool) -> None:
    """Refuse an outcome that the entries so far leave no room for."""
    stands = about.resolution
    if stands is not None and not correct:
        raise LedgerError(
            f"{about.id} was resolved already: {stands.outcome}, by {stands.who} on "
            f"{stands.when.date()} ({stands.entry}); nothing is rewritten, and a correction is a "
            "new entry: add --correct"
        )
    if not about.resolutions and correct:
        raise LedgerError(f"{about.id} is not resolved yet, so there is nothing to correct")
    if outcome == "open" and (not correct or stands is None):
        raise LedgerError(f"{about.id}: only a correction takes back what was said: add --correct")


def too_early(about: Assessment, outcome: str, today: date) -> str:
    """Return why a question cannot have come out so by a day; empty if it can.

    What has happened has happened: `within`, `until` and `lasting` can come out as yes before they
    close, `throughout` and `until` as no.
    """
    last = about.decided_by if outcome == "no" else about.closes
    if last is None or today > last:
        return ""
    settled = {
        "within": ("yes",),
        "until": ("yes", "no"),
        "lasting": ("yes",),
        "throughout": ("no",),
    }
    if outcome in settled.get(about.form, ()):
        return ""
    return (
        f"{about.question} counts everything up to the end of {last}, and today is {today} (UTC): "
        f"it cannot have come out as {outcome} yet; resolve it after that day, or add --early"
    )
