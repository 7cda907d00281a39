"""A ledger in PostgreSQL does what one in a file does, in a real server started here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from ledger_contract import LedgerContract, Open, assessment
from standoff.cli import main
from standoff.study.ledger import Ledger, LedgerError
from standoff.study.ledger_postgres import PostgresStore

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")

PASSWORD = "s3cr+t/w%rd"
ESCAPED = "s3cr+t%2Fw%25rd"
_numbers = count()


@dataclass(frozen=True)
class Server:
    """A server of PostgreSQL that lives as long as the tests of this file."""

    folder: Path
    port: int

    def url(self, database: str, user: str = "standoff") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}&port={self.port}"

    def over_tcp(self, database: str, password: str) -> str:
        return f"postgresql+psycopg://reader:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, database: str, *statements: str) -> None:
        where = {"host": str(self.folder), "port": self.port, "user": "standoff"}
        with psycopg.connect(dbname=database, autocommit=True, **where) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if os.environ.get("CI"):
        pytest.skip("no PostgreSQL is started where CI is set")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: its initdb and pg_ctl are not to be found")
    folder = Path(tempfile.mkdtemp(prefix="standoff-pg-"))
    data, log = folder / "data", folder / "log"
    server = Server(folder, _free_port())
    try:
        as_other = _owned(folder)
        access = ["--username=standoff", "--auth-local=trust", "--auth-host=scram-sha-256"]
        make = [str(programs / "initdb"), "-D", str(data), "-E", "UTF8", "--no-sync", *access]
        _done([*as_other, *make], folder)
        options = f"-k {folder} -p {server.port} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [*as_other, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        _done([*control, "-l", str(log), "-o", options, "start"], folder)
        try:
            yield server
        finally:
            _done([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    return next((each for each in places if (each / "pg_ctl").exists()), None)


def _owned(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: how to run it as its own user, who then owns the folder."""
    if os.geteuid() != 0:
        return []
    runuser = shutil.which("runuser")
    try:
        shutil.chown(folder, "postgres")
    except LookupError:
        runuser = None
    if runuser is None:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it as")
    folder.chmod(0o755)
    return [runuser, "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _done(run: list[str], folder: Path) -> None:
    with (folder / "said").open("w+") as said:  # a pipe would stay open in the server
        status = subprocess.run(run, stdout=said, stderr=said, cwd="/", timeout=60).returncode
        said.seek(0)
        assert status == 0, said.read()


@pytest.fixture
def where(server: Server) -> str:
    name = f"team{next(_numbers)}"
    server.run("postgres", f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture
def open_ledger(where: str, tmp_path: Path) -> Open:
    return lambda: Ledger(where, seals=tmp_path / "seals")


def database(where: str) -> str:
    return where.split("@/")[1].split("?")[0]


class TestInPostgres(LedgerContract):
    newer = "UPDATE standoff_ledger_layout SET layout = 2"

    @pytest.fixture(autouse=True)
    def _known_server(self, server: Server) -> None:
        self.server = server

    def meddle(self, where: str, *statements: str, triggers: bool = False) -> None:
        off = [] if triggers else ["ALTER TABLE standoff_ledger DISABLE TRIGGER USER"]
        self.server.run(database(where), *off, *statements)

    @contextmanager
    def refused(self) -> Iterator[None]:
        with pytest.raises(psycopg.errors.RaiseException, match="ledger"):
            yield

    def test_the_table_cannot_be_emptied(self, where: str, open_ledger: Open) -> None:
        open_ledger().keep_assessments([assessment()])
        with self.refused():
            self.meddle(where, "TRUNCATE standoff_ledger", triggers=True)
        assert len(open_ledger().entries()) == 1


def test_a_role_that_may_only_read_and_add_can_keep_and_resolve(
    server: Server, where: str, open_ledger: Open, tmp_path: Path
) -> None:
    open_ledger().keep_assessments([assessment()], who="ann")
    name = database(where)
    server.run(
        name,
        "DROP ROLE IF EXISTS keeper",
        "CREATE ROLE keeper LOGIN",
        "GRANT SELECT, INSERT ON standoff_ledger TO keeper",
        "GRANT SELECT ON standoff_ledger_layout TO keeper",
    )
    ledger = Ledger(server.url(name, "keeper"), seals=tmp_path)
    ledger.keep_assessments([assessment()], who="bob")
    ledger.resolve("mines-1", "yes", source="a")
    assert ledger.verify().fits
    server.run(name, "REVOKE INSERT ON standoff_ledger FROM keeper")
    with pytest.raises(LedgerError, match="your role may not do that"):
        ledger.keep_assessments([assessment()])
    server.run(name, f"REASSIGN OWNED BY keeper TO standoff; DROP OWNED BY keeper; ALTER DATABASE {name} SET default_transaction_read_only = on")  # noqa: E501  # fmt: skip
    with pytest.raises(LedgerError, match="may only be read"):
        open_ledger().keep_assessments([assessment()])
    assert open_ledger().verify().fits


def test_a_password_is_used_and_never_shown(
    server: Server,
    where: str,
    open_ledger: Open,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_ledger().keep_assessments([assessment()])
    name = database(where)
    server.run(
        name,
        f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
        "GRANT SELECT ON standoff_ledger, standoff_ledger_layout TO reader",
    )
    monkeypatch.setenv("STANDOFF_LEDGER", server.over_tcp(name, ESCAPED))
    in_query = ESCAPED.replace("+", "%2B")
    for arguments, status in (
        (["ledger"], 0),
        (["ledger", "--json"], 0),
        (["ledger", "verify"], 0),
        (["ledger", "show", "mines-7"], 2),
        (["resolve", "1", "--outcome", "yes", "--source", "a"], 2),
        (["ledger", "--ledger", server.over_tcp(name, f"{ESCAPED}x")], 2),
        (["ledger", "--json", "--ledger", server.over_tcp("nowhere", ESCAPED)], 2),
        (["ledger", "--ledger", server.over_tcp(name, "s3cr+t/w%rd@x")], 2),
        (["ledger", "--ledger", f"postgresql://reader@/{name}?host=127.0.0.1&password={in_query}"
                                f"&port={server.port}"], 0),
    ):  # fmt: skip
        assert main(arguments) == status, arguments
        said = "".join(capsys.readouterr())
        assert "s3cr" not in said, arguments
        assert "Traceback" not in said
        assert "should not" not in said


def test_a_password_in_the_words_of_the_driver_is_taken_out() -> None:
    store = PostgresStore("postgresql+psycopg://ann:s3cret@host/db?sslpassword=hidden")
    told = store._told(OperationalError("SELECT 1", None, Exception("no s3cret, hidden, host")))
    assert "no ***, ***, host" in str(told)


def test_what_is_wrong_with_a_server_is_said_in_a_sentence(server: Server, where: str) -> None:
    with pytest.raises(LedgerError, match="there is no ledger in this database"):
        Ledger(where).entries()
    with pytest.raises(LedgerError, match="cannot be reached"):
        Ledger(server.url("nowhere")).entries()
    gone = f"postgresql+psycopg://ann@127.0.0.1:{_free_port()}/db"
    for use in (Ledger(gone).entries, Ledger(gone).ready):
        with pytest.raises(LedgerError, match="cannot be reached"):
            use()
    with pytest.raises(LedgerError, match="the URL cannot be read"):
        Ledger("postgresql://ann:pass@word:x@host:port/db")


def test_a_server_without_room_says_so(server: Server, where: str, open_ledger: Open) -> None:
    open_ledger().keep_assessments([assessment()])
    full = "RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'No space left on device'"
    server.run(
        database(where),
        f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {full}; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON standoff_ledger "
        "FOR EACH ROW EXECUTE FUNCTION full_disk()",
    )
    with pytest.raises(LedgerError, match="no room left"):
        open_ledger().keep_assessments([assessment(), assessment()])
    assert len(open_ledger().entries()) == 1
    assert open_ledger().verify().fits
