"""A ledger in a file: what is kept stays as it was, whatever happens to the file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

import standoff
from ledger_contract import AFTER, LedgerContract, Open, assessment
from standoff.study.ledger import Ledger, LedgerError
from standoff.study.ledger_assessment import Assessment, assess
from standoff.study.ledger_kept import others_open, too_early
from standoff.study.variation import Variation

HERE = str(Path(__file__).parent)
STRAIT = f"{HERE}/test_cli_strait.yaml"


@pytest.fixture
def where(tmp_path: Path) -> str:
    return str(tmp_path / "led?ger #1.sqlite")  # as a URI it would mean something else


@pytest.fixture
def open_ledger(where: str) -> Open:
    return lambda: Ledger(where)


class TestInAFile(LedgerContract):
    newer = "PRAGMA user_version = 2"

    def meddle(self, where: str, *statements: str, triggers: bool = False) -> None:
        with closing(sqlite3.connect(where)) as raw:
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in [] if triggers else names:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            raw.commit()

    @contextmanager
    def refused(self) -> Iterator[None]:
        with pytest.raises(sqlite3.IntegrityError, match=r"ledger"):
            yield

    def test_replacing_a_row_is_refused_too(self, where: str, open_ledger: Open) -> None:
        open_ledger().keep_assessments([assessment(), assessment()])
        values = "'kept', at, 'eve', body, hash, 'new' FROM standoff_ledger WHERE number = 2"
        replace = "INSERT OR REPLACE INTO standoff_ledger SELECT"
        for row in (
            "2, 'mines-2'",
            "3, 'mines-1'",
        ):  # the second follows, under a name that is taken
            with self.refused():
                self.meddle(where, f"{replace} {row}, {values}", triggers=True)
        assert len(open_ledger().entries()) == 2


# How an entry can be checked by hand ------------------------------------------------------------


def test_the_hash_of_an_entry_is_the_sha256_of_its_canonical_text(open_ledger: Open) -> None:
    (entry,) = open_ledger().keep_assessments([assessment()], who="ann")
    quoted = entry.text.replace("\\", "\\\\").replace('"', '\\"')
    text = (
        f'{{"body":"{quoted}","id":"mines-1","kind":"kept","number":1,"previous":"{"0" * 64}",'
        f'"when":"{entry.when}","who":"ann"}}'
    )
    assert hashlib.sha256(text.encode()).hexdigest() == entry.hash
    assert entry.text.isascii()


def test_the_seal_is_the_sha256_of_the_nonce_and_the_content(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.keep_assessments([assessment()], sealed=True)
    (file,) = ledger.seals.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    entry = ledger.reveal("1")
    nonce, sealed = entry.body["nonce"], entry.text.split('{"body":', 1)[1].rsplit(',"nonce":')[0]
    published = ledger.entries()[0].body["commitment"]
    assert hashlib.sha256(f"{nonce}{sealed}".encode()).hexdigest() == published
    assert len(nonce) == 64


def test_two_seals_of_the_same_forecast_do_not_look_alike(open_ledger: Open) -> None:
    ledger = open_ledger()
    one, other = ledger.keep_assessments([assessment(), assessment()], sealed=True)
    assert one.text != other.text
    assert len(list(ledger.seals.iterdir())) == 2


def test_a_seal_that_cannot_be_written_seals_nothing(where: str, tmp_path: Path) -> None:
    (tmp_path / "seals").write_text("not a folder")
    with pytest.raises(LedgerError, match="nothing was sealed"):
        Ledger(where).keep_assessments([assessment()], sealed=True)
    assert not Path(where).exists()


# When a question can have come out --------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "yes", "no"),
    [
        ("within", True, False),
        ("until", True, True),
        ("lasting", True, False),
        ("throughout", False, True),
        ("at", False, False),
    ],
)
def test_only_what_has_happened_resolves_a_question_before_it_closes(
    form: str, yes: bool, no: bool
) -> None:
    kept = assessment(form=form)
    last = date(2026, 7, 1)
    assert (too_early(kept, "yes", last) == "") is yes
    assert (too_early(kept, "no", last) == "") is no
    assert too_early(kept, "yes", AFTER) == too_early(kept, "no", AFTER) == ""


def test_what_must_last_comes_out_as_no_only_once_it_could_have_lasted() -> None:
    kept = assessment(form="lasting", lasting=10.0)
    assert "2026-07-11" in too_early(kept, "no", date(2026, 7, 11))
    assert too_early(kept, "no", date(2026, 7, 12)) == ""


def test_a_question_without_a_date_can_be_resolved_at_any_time() -> None:
    assert too_early(assessment(closes=None), "no", date(2000, 1, 1)) == ""


def test_too_early_is_refused_unless_it_is_insisted_on(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.keep_assessments([assessment()])
    early = date(2026, 6, 3)
    with pytest.raises(LedgerError, match=r"2026-07-01.*2026-06-03.*--early"):
        ledger.resolve("mines-1", "no", source="a", today=early)
    ledger.resolve("mines-1", "no", source="a", today=early, early=True)
    (resolution,) = ledger.find("mines-1").resolutions
    assert resolution.early


def test_a_resolution_in_time_is_not_marked_as_early(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.keep_assessments([assessment()])
    ledger.resolve("mines-1", "no", source="a", today=AFTER, early=True)
    assert not ledger.find("mines-1").resolutions[0].early


# What is kept of a forecast ---------------------------------------------------------------------


def test_everything_that_a_score_and_a_post_mortem_need_is_kept(open_ledger: Open) -> None:
    crisis = standoff.load(STRAIT)
    variation = Variation(under="bluff", starting={"south.appeal": "yes"})
    result = standoff.forecast(crisis, "mines", variation=variation, draws=2)
    open_ledger().keep(crisis, [result], variation=variation)
    kept = open_ledger().find("mines-1").known
    assert kept == assess(crisis, result, variation)
    assert kept.probability == result.probability
    assert (kept.interval, kept.draws, kept.central) == (result.interval, 2, result.central)
    assert (kept.digest, kept.crisis) == (crisis.digest, crisis.title)
    assert kept.lineage == (
        "in situation january",
        "under bluff",
        "starting with south.appeal = yes",
    )
    assert kept.variation == variation
    assert (kept.as_of, kept.closes) == (date(2026, 1, 10), date(2026, 2, 9))
    assert kept.resolves == "Announced by the South, or reported by two independent agencies."


@pytest.mark.parametrize(
    ("question", "starting", "now", "unchanged"),
    [
        ("mines", {}, False, False),
        ("mines", {"south.mines": "yes"}, True, True),
        ("open", {}, True, False),  # the patron does not come
        ("open", {"patron.stance": "arm"}, True, True),
        ("calm", {}, True, True),
    ],
)
def test_what_persistence_would_have_said_is_kept(
    question: str, starting: dict[str, str], now: bool, unchanged: bool
) -> None:
    crisis = standoff.load(STRAIT)
    variation = Variation(starting=starting)
    result = standoff.forecast(crisis, question, variation=variation, depth=0, paths=10)
    kept = assess(crisis, result, variation)
    assert (kept.now, kept.unchanged) == (now, unchanged)


def test_a_kept_forecast_is_read_although_a_later_standoff_adds_to_it() -> None:
    data = assessment().data() | {"new": 1}
    assert Assessment.of(data) == assessment()
    with pytest.raises(ValueError, match="not a kept forecast"):
        Assessment.of({"question": "mines"})


def test_other_forecasts_of_the_same_question_are_found(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.keep_assessments([assessment(), assessment(probability=0.1), assessment(crisis="b")])
    known = ledger.forecasts()
    assert [each.id for each in others_open(known, known[0])] == ["mines-2"]


def test_a_forecast_kept_after_it_closed_is_told_from_the_others(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.keep_assessments([assessment(closes=date(2020, 1, 1)), assessment(closes=date.max)])
    assert [each.late for each in ledger.forecasts()] == [True, False]


# What may happen to a file ----------------------------------------------------------------------


def test_where_nothing_was_kept_there_is_no_ledger_and_none_is_made(where: str) -> None:
    with pytest.raises(LedgerError, match="there is no ledger; `standoff keep CRISIS`"):
        Ledger(where).entries()
    Ledger(where).ready()
    assert not Path(where).exists()


def test_an_empty_file_is_a_ledger_that_has_not_begun(where: str) -> None:
    Path(where).touch()
    assert Ledger(where).entries() == ()
    Ledger(where).keep_assessments([assessment()])
    assert Ledger(where).verify().fits


def test_the_file_is_written_ahead_and_nothing_lies_beside_it_afterwards(where: str) -> None:
    Ledger(where).keep_assessments([assessment()])
    with closing(sqlite3.connect(where)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    Ledger(where).verify()
    assert os.listdir(Path(where).parent) == [Path(where).name]


def test_a_file_of_another_kind_is_left_as_it_is(where: str) -> None:
    text = "crisis: The strait\n" * 100
    Path(where).write_text(text)
    for use in (Ledger(where).entries, lambda: Ledger(where).keep_assessments([assessment()]),
                Ledger(where).ready):  # fmt: skip
        with pytest.raises(LedgerError, match=r"led\?ger #1.sqlite: this is a file of another"):
            use()
    assert Path(where).read_text() == text


def test_a_database_of_something_else_is_left_as_it_is(where: str) -> None:
    with closing(sqlite3.connect(where)) as raw:
        raw.execute("CREATE TABLE birds (name)")
    before = Path(where).read_bytes()
    for use in (Ledger(where).entries, lambda: Ledger(where).keep_assessments([assessment()])):
        with pytest.raises(LedgerError, match="a database of something else"):
            use()
    assert Path(where).read_bytes() == before


def test_a_folder_or_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="this is a folder"):
        Ledger(tmp_path).keep_assessments([assessment()])
    missing = Ledger(tmp_path / "missing" / "l.sqlite")
    for use in (missing.ready, lambda: missing.keep_assessments([assessment()])):
        with pytest.raises(LedgerError, match=r"there is no folder .*missing; make it"):
            use()


def test_a_damaged_file_is_said(where: str) -> None:
    Ledger(where).keep_assessments([assessment() for _ in range(40)])
    content = bytearray(Path(where).read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    Path(where).write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(where).entries()


def test_a_log_cut_off_anywhere_costs_only_what_came_last(where: str, tmp_path: Path) -> None:
    """What a power cut may leave: a part of what was being written."""
    count = 6
    with closing(sqlite3.connect(where)) as reader:  # as long as somebody reads, the log stays
        Ledger(where).keep_assessments([assessment()])
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM standoff_ledger").fetchall()
        for _ in range(count - 1):
            Ledger(where).keep_assessments([assessment()])
        log = Path(f"{where}-wal").read_bytes()
        copy = tmp_path / "copy.sqlite"
        found = []
        for cut in range(0, len(log) + 1, len(log) // 23):
            shutil.copy(where, copy)
            Path(f"{copy}-wal").write_bytes(log[:cut])
            Path(f"{copy}-shm").unlink(missing_ok=True)
            ledger = Ledger(copy)
            assert ledger.verify().fits
            found.append(len(ledger.entries()))
            ledger.keep_assessments([assessment()])
            assert ledger.verify().fits
        assert found == sorted(found)
        assert found[-1] >= count - 1
        assert len(set(found)) > 2


_FILL = """
import json, resource, sys
from standoff.study.ledger_entries import Draft, LedgerError
from standoff.study.ledger_store import store_of
from standoff.study.ledger_verify import verify
where, limit, body = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
store, kept = store_of(where), 0
def keep():
    return len(store.add(lambda _read: [Draft("mines", "kept", body)] * 20, "ann"))
kept += keep()
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    for _ in range(2000):
        kept += keep()
except LedgerError as err:
    print(err)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
entries = store.read()
print(kept, len(entries), verify(where, entries).fits)
"""
BODY = json.dumps(assessment().data())


def _filled(found: subprocess.CompletedProcess[str]) -> str:
    assert found.returncode == 0, found.stderr
    told, counts = found.stdout.strip().splitlines()
    kept, entries, fits = counts.split()
    assert (kept, fits) == (entries, "True")
    assert int(kept) > 20
    return told


def test_a_full_disk_loses_nothing_that_was_kept(where: str) -> None:
    pytest.importorskip("resource")
    run = [sys.executable, "-c", _FILL, where, "300000", BODY]
    told = _filled(subprocess.run(run, capture_output=True, text=True, timeout=60))
    assert "nothing was added; what was kept before is still there" in told


def test_a_full_file_system_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no `unshare` to mount a small file system with")
    (tmp_path / "fill.py").write_text(_FILL)
    (tmp_path / "disk").mkdir()
    mount = 'mount -t tmpfs -o size=600k none disk && exec "$0" fill.py disk/l.sqlite 0 "$1"'
    run = [unshare, "--mount", "sh", "-c", mount, sys.executable, BODY]
    found = subprocess.run(run, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    if found.returncode and "Traceback" not in found.stderr:
        pytest.skip("a small file system cannot be mounted here")
    assert "the disk is full, and nothing was added" in _filled(found)


_READ_ONLY = """
import json, os, sys
from standoff.study.ledger_entries import Draft, LedgerError
from standoff.study.ledger_store import store_of
from standoff.study.ledger_verify import verify
warm, *files = map(store_of, sys.argv[2:])
draft = Draft("mines", "kept", json.loads(sys.argv[1]))
warm.add(lambda _read: [draft], "ann"), warm.read()  # what it imports, it has imported
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for store in files:
    entries = store.read()
    print(len(entries), verify("", entries).fits)
    for use in (store.ready, lambda: store.add(lambda _read: [draft], "ann")):
        try:
            use()
        except LedgerError as err:
            print(err)
"""


def test_a_file_that_may_only_be_read_can_be_read(tmp_path: Path) -> None:
    folders = {Path(tempfile.mkdtemp()): mode for mode in (0o555, 0o777)}
    try:
        for folder, mode in folders.items():
            Ledger(folder / "l.sqlite").keep_assessments([assessment()])
            (folder / "l.sqlite").chmod(0o444)
            folder.chmod(mode)
        files = [str(folder / "l.sqlite") for folder in folders]
        run = [sys.executable, "-c", _READ_ONLY, BODY, str(tmp_path / "warm.sqlite"), *files]
        found = subprocess.run(run, capture_output=True, text=True, timeout=60)
        assert found.returncode == 0, found.stderr
        said = found.stdout.strip().splitlines()
        assert said[::3] == ["1 True", "1 True"]
        refusals = said[1:3] + said[4:]
        assert len(refusals) == 4
        assert all("may only be read, and nothing was added" in each for each in refusals)
    finally:
        for folder in folders:
            folder.chmod(0o755)
            shutil.rmtree(folder)


def test_what_is_no_ledger_at_all_is_refused() -> None:
    with pytest.raises(LedgerError, match=r"mysql://.*no kind of ledger"):
        Ledger("mysql://ann:secret@host/db")
