"""A ledger for a team, in a PostgreSQL database.

Whoever writes first takes a lock of the database's own, which needs no right on the table: a role
that may only read and add to ``standoff_ledger`` can keep forecasts and change none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from standoff.study.extras import need
from standoff.study.ledger_entries import Entry, LedgerError
from standoff.study.ledger_store import LAYOUT, PATIENCE, TABLE, Store, newer

_LOCK = 0x5374616E646F6666  # one number for all ledgers of a database: they wait for each other
_SECRET = re.compile("password|passfile|key|secret|token", re.IGNORECASE)

_SET_UP = (
    "CREATE TABLE standoff_ledger_layout (layout integer NOT NULL)",
    f"INSERT INTO standoff_ledger_layout VALUES ({LAYOUT})",
    """CREATE FUNCTION standoff_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'nothing in a ledger is ever rewritten or deleted'; END $$""",
    """CREATE TRIGGER standoff_ledger_rows BEFORE UPDATE OR DELETE ON standoff_ledger
    FOR EACH ROW EXECUTE FUNCTION standoff_ledger_refuse()""",
    """CREATE TRIGGER standoff_ledger_all BEFORE TRUNCATE ON standoff_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION standoff_ledger_refuse()""",
    """CREATE FUNCTION standoff_ledger_follow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM standoff_ledger)
        OR NEW.previous <> coalesce(
          (SELECT hash FROM standoff_ledger ORDER BY number DESC LIMIT 1), repeat('0', 64))
      THEN RAISE EXCEPTION 'an entry of a ledger follows from the last one'; END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER standoff_ledger_in_order BEFORE INSERT ON standoff_ledger
    FOR EACH ROW EXECUTE FUNCTION standoff_ledger_follow()""",
)


class PostgresStore(Store):
    """A ledger in a PostgreSQL database.

    Parameters
    ----------
    url
        ``postgresql+psycopg://user:password@host:port/database``; what is left out comes from
        PostgreSQL's own environment variables and password file.
    """

    def __init__(self, url: str) -> None:
        need("psycopg", extra="postgres", why="a ledger in PostgreSQL")
        try:
            self._url = make_url(url)
        except (ArgumentError, ValueError):  # their words may hold what was taken for the password
            raise LedgerError(
                "ledger: the URL cannot be read; it has the form "
                "postgresql+psycopg://user:password@host:port/database, with %40 for an @ in a name"
            ) from None
        self.place = shown(self._url)

    def read(self) -> tuple[Entry, ...]:
        """Return all entries."""
        try:
            with self._engine().connect() as connection:
                if not self._known(connection):
                    raise LedgerError(
                        f"{self.place}: there is no ledger in this database; "
                        "`standoff keep CRISIS` begins one"
                    )
                return self._entries(connection)
        except DBAPIError as err:
            raise self._told(err) from None

    def ready(self) -> None:
        """Raise what adding an entry would raise, as far as connecting tells."""
        try:
            with self._engine().connect() as connection:
                self._known(connection)
        except DBAPIError as err:
            raise self._told(err) from None

    def _writing(self) -> Iterator[Connection]:
        with self._engine().begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if not self._known(connection):
                TABLE.create(connection)
                for statement in _SET_UP:
                    connection.exec_driver_sql(statement)
            yield connection

    def _engine(self) -> Engine:
        wait = {} if "connect_timeout" in self._url.query else {"connect_timeout": 10}
        return create_engine(self._url, poolclass=NullPool, connect_args=wait)

    def _known(self, connection: Connection) -> bool:
        if not inspect(connection).has_table("standoff_ledger_layout"):
            return False
        found = connection.exec_driver_sql("SELECT max(layout) FROM standoff_ledger_layout")
        layout = int(found.scalar_one() or LAYOUT)
        if layout > LAYOUT:
            raise newer(self.place, layout)
        return True

    def _told(self, err: DBAPIError) -> LedgerError:
        state = str(getattr(err.orig, "sqlstate", None) or "")
        for part, sentence in _SENTENCES.items():
            if state.startswith(part):
                return LedgerError(f"{self.place}: {sentence}")
        said = " ".join(self._without_password(str(err.orig)).split())
        if err.connection_invalidated or not state:
            return LedgerError(
                f"{self.place}: the database cannot be reached ({said}); is it running, and are "
                "the host, the name and the password right?"
            )
        return LedgerError(f"{self.place}: the ledger could not be used: {said}")

    def _without_password(self, text: str) -> str:
        secrets = [self._url.password, *_secrets(self._url).values()]
        for secret in filter(None, secrets):
            text = text.replace(str(secret), "***")
        return text


_SENTENCES = {
    "53": "the database has no room left (disk, memory or connections), and nothing was added; "
    "what was kept before is still there: make room and try again",
    "42501": "your role may not do that; to keep forecasts it needs to read and to add to "
    "standoff_ledger, to begin a ledger also to make tables",
    "25006": "the database may only be read, and nothing was added",
    "55P03": f"somebody else has been writing for {PATIENCE} seconds, and nothing was added; try "
    "again",
    "3D000": "there is no such database; `createdb` makes one",
    "28": "the database does not let you in: name or password are wrong, or not allowed from here",
    "42": "the table in it is not laid out as standoff lays it out; keep it as it is, and name "
    "another database",
    "P0001": "the ledger refused the entry, and nothing was added: `standoff ledger verify` says "
    "whether somebody changed it",
    "23": "the ledger refused the entry, and nothing was added: `standoff ledger verify` says "
    "whether somebody changed it",
}
"""What to say, by the beginning of PostgreSQL's code for what went wrong."""


def shown(url: URL) -> str:
    """Return a URL without anything secret in it.

    Examples
    --------
    >>> shown(make_url("postgresql+psycopg://ann:s3cret@db.example.org/team?sslpassword=x"))
    'postgresql+psycopg://ann:***@db.example.org/team?sslpassword=***'
    """
    hidden = url.set(query={**url.query, **dict.fromkeys(_secrets(url), "HIDDEN")})
    return hidden.render_as_string(hide_password=True).replace("=HIDDEN", "=***")


def _secrets(url: URL) -> dict[str, object]:
    return {name: value for name, value in url.query.items() if _SECRET.search(name)}
