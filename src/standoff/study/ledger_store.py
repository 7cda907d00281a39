"""Where the entries of a ledger lie: one table, to which rows are only ever added.

A store reads all entries, and adds some in one transaction that nobody else's can come into. The
two kinds differ in how that is secured (:mod:`standoff.study.ledger_sqlite`,
:mod:`standoff.study.ledger_postgres`); in both, triggers of the database refuse to change or
delete a row, and to add one that does not follow from the last.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError

from standoff.study.ledger_entries import KINDS, ORIGIN, Draft, Entry, LedgerError, chained

LAYOUT = 1
"""The layout of the table; a later one is refused, and left alone."""

PATIENCE = 30
"""Seconds to wait for others who are writing."""

TABLE = Table(
    "standoff_ledger",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, CheckConstraint(f"kind in {KINDS}"), nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
)
"""Texts throughout, so that what comes back is what was hashed, byte for byte."""

Reader = Callable[[], tuple[Entry, ...]]


class Store(ABC):
    """Where the entries of one ledger lie.

    Attributes
    ----------
    place
        Where, to show: a path, or a URL without its password.
    """

    place: str

    @abstractmethod
    def read(self) -> tuple[Entry, ...]:
        """Return all entries, in their order.

        Raises
        ------
        LedgerError
            If there is no ledger, or it cannot be read.
        """

    @abstractmethod
    def ready(self) -> None:
        """Raise what adding an entry would raise, as far as can be told without adding one."""

    @abstractmethod
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction that excludes every other, on a table that is there."""

    @abstractmethod
    def _told(self, err: DBAPIError) -> LedgerError:
        """Return what an error of the database comes to, in a sentence."""

    def add(self, make: Callable[[Reader], Sequence[Draft]], who: str) -> tuple[Entry, ...]:
        """Add entries: all of them, or none.

        Parameters
        ----------
        make
            Given a function that reads the entries so far, returns what to add. It is called when
            nobody else can write any more, so that what it has seen stays so.
        who
            Who writes.

        Raises
        ------
        LedgerError
            If they could not be added; then the ledger is as it was.
        """
        try:
            with contextmanager(self._writing)() as connection:
                drafts = make(lambda: self._entries(connection))
                return self._chain(connection, drafts, who)
        except DBAPIError as err:
            raise self._told(err) from None

    def _chain(
        self, connection: Connection, drafts: Sequence[Draft], who: str
    ) -> tuple[Entry, ...]:
        query = select(TABLE).order_by(TABLE.c.number.desc()).limit(1)
        row = connection.execute(query).first()
        last = None if row is None else _entry(row)
        if last is not None and not last.fits:
            raise LedgerError(
                f"{self.place}: the last entry, {last.id}, does not fit its hash, so nothing is "
                "added after it; `standoff ledger verify` says more, and --ledger names another"
            )
        number, previous = (0, ORIGIN) if last is None else (last.number, last.hash)
        added: list[Entry] = []
        for draft in drafts:
            number += 1
            entry = chained(draft, number, who, datetime.now(UTC), previous)
            values = dict(zip(TABLE.columns.keys(), astuple(entry), strict=True))
            connection.execute(insert(TABLE).values(values))
            previous = entry.hash
            added.append(entry)
        return tuple(added)

    @staticmethod
    def _entries(connection: Connection) -> tuple[Entry, ...]:
        query = select(TABLE).order_by(TABLE.c.number)
        return tuple(_entry(row) for row in connection.execute(query))


def _entry(row: Sequence[object]) -> Entry:
    """Return a row as an entry, whatever somebody may have put in it."""
    place = row[0] if isinstance(row[0], int) else -1
    return Entry(place, *(text if isinstance(text, str) else repr(text) for text in row[1:]))


def newer(place: str, layout: int) -> LedgerError:
    """Return the error for a ledger that a later standoff has written."""
    return LedgerError(
        f"{place}: this ledger was written by a newer standoff (layout {layout}, and this one "
        f"knows {LAYOUT}); nothing was changed: update standoff to use it"
    )


def store_of(where: str) -> Store:
    """Return the store at a file or a URL.

    Parameters
    ----------
    where
        A file, or a URL such as ``postgresql+psycopg://user@host/database``.

    Raises
    ------
    LedgerError
        If it is neither.
    CrisisError
        If the library that it takes is not installed.
    """
    if "://" not in where:
        from standoff.study.ledger_sqlite import SqliteStore

        return SqliteStore(where)
    scheme = where.partition("://")[0]
    if scheme in ("postgresql+psycopg", "postgresql", "postgres"):
        from standoff.study.ledger_postgres import PostgresStore

        return PostgresStore(f"postgresql+psycopg://{where.partition('://')[2]}")
    raise LedgerError(
        f"ledger: `{scheme}://` is no kind of ledger; give a file, or a URL that begins with "
        "postgresql+psycopg://"
    )
