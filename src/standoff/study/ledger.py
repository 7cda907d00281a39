"""A ledger of forecasts: kept before the outcome is known, resolved after, never rewritten.

Entries are only ever added (:mod:`standoff.study.ledger_entries` ties each to the one before): a
forecast, sealed or open; what a sealed one said; how it came out; a correction of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from getpass import getuser
from pathlib import Path
from typing import Literal

from standoff.crisis import Crisis
from standoff.study.forecast import Forecast
from standoff.study.ledger_assessment import Assessment, assess
from standoff.study.ledger_entries import Draft, Entry, LedgerError
from standoff.study.ledger_kept import (
    Kept,
    Outcome,
    Resolution,
    check_open,
    folded,
    found,
    too_early,
)
from standoff.study.ledger_seals import FOLDER, read_seal, seal, store_seal
from standoff.study.ledger_sqlite import SqliteStore
from standoff.study.ledger_store import Reader, store_of
from standoff.study.ledger_verify import Verification, verify
from standoff.study.variation import AS_IT_IS, Variation


class Ledger:
    """A ledger of forecasts in a file, or in a database of a team.

    Parameters
    ----------
    where
        A file, made with the first entry; or ``postgresql+psycopg://user@host/database``.
    seals
        The folder of what sealed forecasts say; by default `seals` beside the file, or in the
        current folder.

    Attributes
    ----------
    place
        Where it is, without any password.

    Raises
    ------
    LedgerError
        If ``where`` is neither; every method raises it with a sentence if the ledger cannot be
        read or written, or cannot take an entry.

    Examples
    --------
    >>> import standoff, tempfile
    >>> from standoff.crisis import template
    >>> crisis = standoff.loads(template("The strait"))
    >>> name = next(iter(crisis.questions))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ledger = standoff.Ledger(f"{folder}/ledger.sqlite")
    ...     (kept,) = ledger.keep(crisis, [standoff.forecast(crisis, name)], who="ann")
    ...     resolved = ledger.resolve(kept.id, "yes", source="Archive, box 3", who="bob")
    ...     ledger.verify().fits, [each.outcome for each in ledger.forecasts()]
    (True, [True])
    """

    def __init__(self, where: str | Path, *, seals: str | Path | None = None) -> None:
        self._store = store_of(str(where))
        self.place = self._store.place
        beside = self._store.path.parent if isinstance(self._store, SqliteStore) else Path()
        self.seals = Path(seals) if seals is not None else beside / FOLDER

    # Reading ------------------------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry, in their order."""
        return self._store.read()

    def forecasts(self) -> tuple[Kept, ...]:
        """Return every forecast with what became of it, in the order in which they were kept."""
        return self.kept_in(self.entries())

    @staticmethod
    def kept_in(entries: Sequence[Entry]) -> tuple[Kept, ...]:
        """Return the forecasts that some entries keep, with what the others among them say."""
        return tuple(folded(entries).values())

    def find(self, name: str) -> Kept:
        """Return one forecast, by the name or the number of its entry, or of one about it.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        entries = self.entries()
        for each in entries:
            if name in (each.id, str(each.number)) and each.kind not in ("kept", "sealed"):
                name = str(each.body.get("of"))
        return found(folded(entries), name)

    def verify(self, head: str | None = None) -> Verification:
        """Look at every hash and link.

        Parameters
        ----------
        head
            A hash noted earlier, or its beginning, that one entry must have.
        """
        return verify(self.place, self.entries(), head)

    def ready(self) -> None:
        """Raise what keeping a forecast would raise, before any long work is done for it."""
        self._store.ready()

    # Adding -------------------------------------------------------------------------------------

    def keep(
        self,
        crisis: Crisis,
        forecasts: Iterable[Forecast],
        *,
        variation: Variation = AS_IT_IS,
        sealed: bool = False,
        who: str | None = None,
    ) -> tuple[Entry, ...]:
        """Keep forecasts: all of them, or none.

        Parameters
        ----------
        crisis
            As it is in the file.
        forecasts
            Of its questions.
        variation
            What was changed for them.
        sealed
            Whether to publish their hashes only; what they say goes to a file in ``seals``.
        who
            By default the user's name on this machine.
        """
        kept = [assess(crisis, each, variation) for each in forecasts]
        return self.keep_assessments(kept, sealed=sealed, who=who)

    def keep_assessments(
        self, kept: Sequence[Assessment], *, sealed: bool = False, who: str | None = None
    ) -> tuple[Entry, ...]:
        """Keep assessments, as :meth:`keep` does."""
        if not sealed:
            drafts = [Draft(each.question, "kept", each.data()) for each in kept]
            return self._store.add(lambda _read: drafts, name_of(who))
        made = [seal(each.data()) for each in kept]
        for each in made:  # first, and left there if the rest fails: a seal too many harms nobody
            store_seal(self.seals, each)
        published = [Draft("sealed", "sealed", {"commitment": each.commitment}) for each in made]
        return self._store.add(lambda _read: published, name_of(who))

    def reveal(self, name: str, *, who: str | None = None) -> Entry:
        """Say what a sealed forecast said, for everybody to check against what it published.

        Raises
        ------
        LedgerError
            If there is no ledger, it is not sealed, or its seal is lost or another.
        """
        self.entries()  # only keeping a forecast begins a ledger

        def make(read: Reader) -> list[Draft]:
            about = found(folded(read()), name, "reveal()")
            if about.commitment is None:
                raise LedgerError(f"{about.id} was never sealed: it is open to read")
            if about.revealed is not None:
                raise LedgerError(f"{about.id} has been revealed already, by {about.revealed}")
            opened = read_seal(self.seals, about.id, about.commitment)
            body = {"of": about.id, "nonce": opened.nonce, "body": dict(opened.body)}
            return [Draft("revealed", "revealed", body)]

        return self._store.add(make, name_of(who))[0]

    def resolve(
        self,
        name: str,
        outcome: Outcome,
        *,
        source: str,
        note: str | None = None,
        early: bool = False,
        correct: bool = False,
        who: str | None = None,
        today: date | None = None,
    ) -> Entry:
        """Say how a question came out.

        Parameters
        ----------
        name
            The forecast.
        outcome
            `yes` or `no`; `open`, in a correction, takes back what was said.
        source, note
            From what it is known, and anything else.
        early
            Whether to resolve before the question has closed although nothing that happened
            can have settled it.
        correct
            Whether this corrects an earlier resolution; that one stays in the ledger.
        who
            By default the user's name on this machine.
        today
            The present day in UTC, unless another is given.

        Raises
        ------
        LedgerError
            If there is no ledger, it has been resolved already, or it is too early.
        UnknownNameError
            If there is no such forecast.
        """
        if not source.strip():
            raise LedgerError("a resolution needs a source: who reported it, and where")
        day = datetime.now(UTC).date() if today is None else today
        self.entries()  # only keeping a forecast begins a ledger

        def make(read: Reader) -> list[Draft]:
            about = found(folded(read()), name, "resolve()")
            check_open(about, outcome, correct)
            soon = outcome != "open" and too_early(about.known, outcome, day)
            if soon and not early:
                raise LedgerError(soon)
            body = {"of": about.id, "outcome": outcome, "source": source, "note": note}
            kind: Literal["corrected", "resolved"] = "corrected" if correct else "resolved"
            return [Draft(kind, kind, {**body, "early": bool(soon)})]

        return self._store.add(make, name_of(who))[0]


def name_of(who: str | None) -> str:
    """Return the name to sign with: the one given, or the user's on this machine."""
    if who is None:
        try:
            who = getuser()
        except (OSError, KeyError):
            who = ""
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in who).split())
    return clean or "unknown"


__all__ = ["Kept", "Ledger", "LedgerError", "Outcome", "Resolution"]
