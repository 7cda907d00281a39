"""A ledger in one file, with SQLite.

What is written is on the disk before a command says so (write-ahead log, full synchronisation);
a writer takes the lock before it looks at the last entry, so that two at once come one after the
other. A file on a disk that several machines share is not safe: for a team there is PostgreSQL.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from standoff.study.ledger_entries import Entry, LedgerError
from standoff.study.ledger_store import LAYOUT, PATIENCE, TABLE, Store, newer

APPLICATION = 0x53744F66
"""Says in the file's header whose database it is."""

_TRIGGERS = (
    """CREATE TRIGGER standoff_ledger_no_update BEFORE UPDATE ON standoff_ledger
    BEGIN SELECT RAISE(ABORT, 'nothing in a ledger is ever rewritten'); END""",
    """CREATE TRIGGER standoff_ledger_no_delete BEFORE DELETE ON standoff_ledger
    BEGIN SELECT RAISE(ABORT, 'nothing in a ledger is ever deleted'); END""",
    # Also stops INSERT OR REPLACE, which deletes without saying so.
    """CREATE TRIGGER standoff_ledger_in_order BEFORE INSERT ON standoff_ledger
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM standoff_ledger)
      OR NEW.previous IS NOT coalesce(
        (SELECT hash FROM standoff_ledger ORDER BY number DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000')
      OR EXISTS (SELECT 1 FROM standoff_ledger WHERE id = NEW.id OR hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'an entry of a ledger follows from the last one'); END""",
)


class SqliteStore(Store):
    """A ledger in a file.

    Parameters
    ----------
    file
        Its path; made with the first entry.
    """

    def __init__(self, file: str) -> None:
        self.path = Path(os.path.abspath(os.path.expanduser(file)))
        self.place = str(self.path)

    def read(self) -> tuple[Entry, ...]:
        """Return all entries; the file is neither made nor changed."""
        self._be_a_file()
        if not self.path.exists():
            raise LedgerError(
                f"{self.place}: there is no ledger; `standoff keep CRISIS` begins one, and "
                "--ledger or STANDOFF_LEDGER names another"
            )
        modes = ["mode=rw", "mode=ro"] if self._writable() else ["mode=ro"]
        if not self._has_log():  # then the file alone is everything, and may lie where none can be
            modes.append("immutable=1")
        for mode in modes:
            try:
                return self._read(mode)
            except DBAPIError as err:
                if mode == modes[-1] or _name(err).split("_")[1] not in _NOT_OPEN:
                    raise self._told(err) from None
        raise AssertionError("one of them was the last")

    def ready(self) -> None:
        """Raise what adding an entry would raise; makes no file."""
        self._be_a_file()
        self._have_a_folder()
        if not self._writable():
            raise LedgerError(f"{self.place}: {_SENTENCES['SQLITE_READONLY']}")
        if self.path.exists():
            self.add(lambda _read: (), "")

    def _read(self, mode: str) -> tuple[Entry, ...]:
        engine = self._engine(mode)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            return self._entries(connection) if self._known(connection) else ()

    def _writing(self) -> Iterator[Connection]:
        self._be_a_file()
        self._have_a_folder()
        engine = self._engine("mode=rwc")
        with engine.connect() as connection:
            self._known(connection)  # before anything of a file that is not ours is touched
            self._log_ahead(connection)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                if not self._known(connection):
                    TABLE.create(connection)
                    for trigger in _TRIGGERS:
                        connection.exec_driver_sql(trigger)
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
                    connection.exec_driver_sql(f"PRAGMA user_version = {LAYOUT}")
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                if _raw(connection).in_transaction:
                    connection.exec_driver_sql("ROLLBACK")
                raise

    def _engine(self, mode: str) -> Engine:
        uri = f"{self.path.as_uri()}?{mode}"

        def connect() -> sqlite3.Connection:
            raw = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
            raw.execute("PRAGMA synchronous = FULL")
            return raw

        return create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def _known(self, connection: Connection) -> bool:
        """Whether the file is a ledger; not yet, if it is empty."""
        application = _pragma(connection, "application_id")
        layout = _pragma(connection, "user_version")
        if application == APPLICATION:
            if layout > LAYOUT:
                raise newer(self.place, layout)
            return True
        count = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if application or layout or count:
            raise LedgerError(
                f"{self.place}: this is a database of something else, and is left as it is; name "
                "another file with --ledger"
            )
        return False

    def _log_ahead(self, connection: Connection) -> None:
        """Turn the write-ahead log on; SQLite does not wait for others by itself here."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                return
            except DBAPIError as err:
                if not _name(err).startswith("SQLITE_BUSY") or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _be_a_file(self) -> None:
        if self.path.is_dir():
            raise LedgerError(
                f"{self.place}: this is a folder; name the ledger's file, such as "
                f"{self.path / 'standoff-ledger.sqlite'}"
            )

    def _have_a_folder(self) -> None:
        if not self.path.parent.is_dir():
            raise LedgerError(
                f"{self.place}: there is no folder {self.path.parent}; make it, or name another "
                "file with --ledger"
            )

    def _writable(self) -> bool:
        folder = os.access(self.path.parent, os.W_OK | os.X_OK)
        return folder and (os.access(self.path, os.W_OK) or not self.path.exists())

    def _has_log(self) -> bool:
        log = Path(f"{self.place}-wal")
        return log.exists() and log.stat().st_size > 0

    def _told(self, err: DBAPIError) -> LedgerError:
        name = _name(err)
        for part, sentence in _SENTENCES.items():
            if name.startswith(part):
                return LedgerError(f"{self.place}: {sentence}")
        said = str(err.orig).strip()
        return LedgerError(f"{self.place}: the ledger could not be used: {said}")


_NOT_OPEN = ("CANTOPEN", "READONLY", "IOERR")
_KEPT = "what was kept before is still there"

_SENTENCES = {
    "SQLITE_FULL": f"the disk is full, and nothing was added; {_KEPT}: make room and try again",
    "SQLITE_IOERR": "the disk did not take or give what it should (full, over a limit, or at "
    f"fault), and nothing was added; {_KEPT}: make room and try again",
    "SQLITE_READONLY": "the file, or its folder, may only be read, and nothing was added; name "
    "another with --ledger, or ask for leave to write",
    "SQLITE_CANTOPEN": "the file could not be opened; is it, and its folder, yours to read and "
    "write? Entries not yet in it lie beside it, in the file that ends in -wal",
    "SQLITE_PERM": "the file is not yours to open; name another with --ledger",
    "SQLITE_NOTADB": "this is a file of another kind, not a ledger, and is left as it is; name "
    "another file with --ledger",
    "SQLITE_CORRUPT": "the file is damaged; keep it as it is, and go back to a copy of it",
    "SQLITE_BUSY": f"somebody else has been writing for {PATIENCE} seconds, and nothing was "
    "added; try again",
    "SQLITE_CONSTRAINT": "the ledger refused the entry, and nothing was added: `standoff ledger "
    "verify` says whether somebody changed it",
    "SQLITE_ERROR": "the table in it is not laid out as standoff lays it out; keep it as it is, "
    "and name another file with --ledger",
}
"""What to say, by the beginning of SQLite's name for what went wrong."""


def _name(err: DBAPIError) -> str:
    return str(getattr(err.orig, "sqlite_errorname", None) or "SQLITE_UNKNOWN")


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
