"""What every ledger does, wherever it lies: tests that each kind of store runs."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from standoff.crisis.errors import UnknownNameError
from standoff.study.ledger import Ledger, LedgerError
from standoff.study.ledger_assessment import Assessment
from standoff.study.ledger_entries import ORIGIN, Draft, chained, hash_of
from standoff.study.variation import Variation

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def assessment(**changes: Any) -> Assessment:
    """A forecast to keep: seven in ten that the South lays mines in June 2026."""
    known: dict[str, Any] = {
        "question": "mines",
        "asks": "Will the South lay mines within 30 days?",
        "form": "within",
        "event": "south.mines",
        "days": 30.0,
        "probability": 0.7,
        "central": 0.6999999999999999,
        "words": "likely",
        "now": False,
        "unchanged": False,
        "crisis": "Die Straße – \u202e\x00",
        "digest": "ab" * 32,
        "version": "0.1.0",
        "resolves": "Reported by two agencies.",
        "situation": "june",
        "as_of": date(2026, 6, 1),
        "closes": date(2026, 7, 1),
        "interval": (0.1, 0.9),
        "draws": 64,
        "lineage": ("in situation june", "under bluff"),
        "variation": Variation(under="bluff", with_={"a.b.c.weight": "major"}),
    }
    return Assessment(**(known | changes))


AFTER = date(2026, 7, 2)
"""The first day on which the forecast above can have come out as no."""

Open = Callable[..., Ledger]

_WRITER = """
import json, sys
from standoff.study.ledger_entries import Draft
from standoff.study.ledger_store import store_of
store = store_of(sys.argv[1])
draft = Draft("mines", "kept", json.loads(sys.argv[4]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    (entry,) = store.add(lambda _read: [draft], sys.argv[2])
    print(entry.id, flush=True)
"""


def writer(where: str, who: str, count: int) -> subprocess.Popen[str]:
    """A process that keeps one forecast after the other, and says the name of each."""
    given = (where, who, str(count), json.dumps(assessment().data()))
    run = [sys.executable, "-c", _WRITER, *given]
    return subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def go(*processes: subprocess.Popen[str]) -> None:
    """Let processes write that have started."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


class LedgerContract:
    """Each kind of store gives `where`, `open_ledger` and `meddle`.

    `meddle` runs SQL on the table as somebody who owns the database may, triggers or not.
    """

    def meddle(self, where: str, *statements: str, triggers: bool = False) -> None:
        raise NotImplementedError

    @contextmanager
    def refused(self) -> Iterator[None]:
        raise NotImplementedError
        yield

    # Keeping --------------------------------------------------------------------------------

    def test_what_is_kept_comes_back_as_it_was(self, open_ledger: Open) -> None:
        kept = [assessment(), assessment(question="other-one", closes=None, as_of=None, draws=0)]
        open_ledger().keep_assessments(kept, who="Ann Ägypten")
        found = open_ledger().forecasts()
        assert [each.assessment for each in found] == kept
        assert [each.id for each in found] == ["mines-1", "other-one-2"]
        assert {each.entry.who for each in found} == {"Ann Ägypten"}
        assert all(timedelta() <= datetime.now(UTC) - each.entry.written < timedelta(minutes=5)
                   for each in found)  # fmt: skip

    def test_each_entry_follows_from_the_one_before(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        for _ in range(3):
            ledger.keep_assessments([assessment(), assessment()])
        entries = ledger.entries()
        assert [each.number for each in entries] == [1, 2, 3, 4, 5, 6]
        assert [each.previous for each in entries] == [ORIGIN, *(e.hash for e in entries[:-1])]
        found = ledger.verify()
        assert (found.fits, found.entries, found.head) == (True, 6, entries[-1].hash)

    def test_either_all_are_kept_or_none(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        bad = [assessment(), assessment(probability=float("nan"))]
        with pytest.raises(ValueError, match="JSON"):
            ledger.keep_assessments(bad)
        assert len(ledger.entries()) == 1

    def test_an_empty_name_is_signed_as_unknown(self, open_ledger: Open) -> None:
        (entry,) = open_ledger().keep_assessments([assessment()], who=" \x00\n ")
        assert entry.who == "unknown"
        assert open_ledger().verify().fits

    # Resolving ------------------------------------------------------------------------------

    def test_a_resolution_and_its_corrections_are_entries_of_their_own(
        self, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        first = ledger.resolve("mines-1", "no", source="Reuters", today=AFTER, who="bob")
        before = ledger.entries()
        fix = ledger.resolve("1", "yes", source="ICRC", note="late news", correct=True, today=AFTER)
        assert ledger.entries()[: len(before)] == before
        (kept,) = ledger.forecasts()
        assert kept.outcome is True
        assert [(each.outcome, each.source, each.corrects) for each in kept.resolutions] == [
            ("no", "Reuters", False),
            ("yes", "ICRC", True),
        ]
        assert [first.kind, fix.kind] == ["resolved", "corrected"]
        assert ledger.find(fix.id).id == "mines-1"

    def test_what_was_resolved_by_mistake_can_be_opened_again(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        ledger.resolve("mines-1", "no", source="a", today=AFTER)
        ledger.resolve("mines-1", "open", source="the wrong one", correct=True, today=AFTER)
        assert ledger.find("1").outcome is None
        with pytest.raises(LedgerError, match="only a correction"):
            ledger.resolve("mines-1", "open", source="again", today=AFTER)
        ledger.resolve("mines-1", "yes", source="b", today=AFTER)
        assert ledger.find("1").outcome is True

    def test_a_second_resolution_is_refused_and_says_how_to_correct(
        self, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        with pytest.raises(LedgerError, match="not resolved yet"):
            ledger.resolve("mines-1", "no", source="a", today=AFTER, correct=True)
        ledger.resolve("mines-1", "no", source="a", today=AFTER, who="bob")
        with pytest.raises(LedgerError, match=r"no, by bob.*add --correct"):
            ledger.resolve("mines-1", "yes", source="b", today=AFTER)
        assert len(ledger.entries()) == 2

    def test_an_unknown_forecast_is_refused_with_the_nearest(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        with pytest.raises(UnknownNameError, match="Did you mean 'mines-1'"):
            ledger.resolve("mine-1", "yes", source="a")
        with pytest.raises(LedgerError, match="needs a source"):
            ledger.resolve("mines-1", "yes", source=" ")

    def test_only_keeping_a_forecast_begins_a_ledger(self, open_ledger: Open) -> None:
        for add in (
            lambda: open_ledger().resolve("mines-1", "yes", source="a"),
            lambda: open_ledger().reveal("mines-1"),
        ):
            for _ in range(2):  # the second time it would be there, had the first one made it
                with pytest.raises(LedgerError, match=r"there is no ledger.*keep CRISIS"):
                    add()

    # Sealing --------------------------------------------------------------------------------

    def test_a_sealed_forecast_publishes_a_hash_and_nothing_else(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        (entry,) = ledger.keep_assessments([assessment()], sealed=True)
        assert list(entry.body) == ["commitment"]
        assert "mines" not in repr(entry)
        (kept,) = ledger.forecasts()
        assert kept.assessment is None
        with pytest.raises(LedgerError, match="ledger reveal sealed-1"):
            ledger.resolve("sealed-1", "yes", source="a")

    def test_what_is_revealed_is_what_was_sealed(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()], sealed=True)
        (sealed,) = ledger.forecasts()
        entry = ledger.reveal("sealed-1")
        (kept,) = ledger.forecasts()
        assert kept.assessment == assessment()
        assert kept.entry == sealed.entry  # it is as old as its seal
        assert kept.revealed == entry.id
        assert ledger.verify().fits
        with pytest.raises(LedgerError, match="revealed already"):
            ledger.reveal("sealed-1")
        ledger.keep_assessments([assessment()])
        with pytest.raises(LedgerError, match="never sealed"):
            ledger.reveal("mines-3")

    def test_a_lost_seal_is_said_plainly(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()], sealed=True)
        (file,) = ledger.seals.iterdir()
        file.unlink()
        with pytest.raises(LedgerError, match="nobody can show what was sealed"):
            ledger.reveal("sealed-1")
        assert len(ledger.entries()) == 1

    def test_another_content_does_not_open_a_seal(self, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()], sealed=True)
        (file,) = ledger.seals.iterdir()
        content = json.loads(file.read_text())
        content["body"]["probability"] = 0.2
        file.write_text(json.dumps(content))
        with pytest.raises(LedgerError, match="not what sealed-1 sealed"):
            ledger.reveal("sealed-1")

    # What nobody may do ---------------------------------------------------------------------

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE standoff_ledger SET who = 'eve' WHERE number = 1",
            "DELETE FROM standoff_ledger WHERE number = 2",
            "INSERT INTO standoff_ledger SELECT 9, 'x-9', 'kept', at, who, body, hash, 'h' "
            "FROM standoff_ledger WHERE number = 2",
            "INSERT INTO standoff_ledger SELECT 3, 'x-3', 'kept', at, who, body, 'p', 'h' "
            "FROM standoff_ledger WHERE number = 2",
        ],
    )
    def test_the_database_itself_refuses_to_rewrite(
        self, where: str, open_ledger: Open, statement: str
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment(), assessment()])
        before = ledger.entries()
        with self.refused():
            self.meddle(where, statement, triggers=True)
        assert ledger.entries() == before

    @pytest.mark.parametrize(
        ("statement", "at", "said"),
        [
            ("UPDATE standoff_ledger SET body = replace(body, '0.7', '0.9') WHERE number = 2",
             2, "mines-2 does not fit its hash"),
            ("UPDATE standoff_ledger SET who = 'eve' WHERE number = 3", 3, "does not fit"),
            ("UPDATE standoff_ledger SET at = replace(at, '2', '1') WHERE number = 1", 1, "change"),
            ("UPDATE standoff_ledger SET body = 'no JSON' WHERE number = 1", 1, "mines-1"),
            ("DELETE FROM standoff_ledger WHERE number = 2", 2, "entry 2 is missing"),
            ("DELETE FROM standoff_ledger WHERE number = 1", 1, "entry 1 is missing"),
        ],
    )  # fmt: skip
    def test_tampering_is_found_at_its_first_place(
        self, where: str, open_ledger: Open, statement: str, at: int, said: str
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment() for _ in range(4)])
        self.meddle(where, statement)
        found = ledger.verify()
        assert not found.fits
        assert found.at == at
        assert said in str(found.fault)

    def test_an_entry_rewritten_with_a_new_hash_breaks_the_next_link(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment() for _ in range(3)])
        old = ledger.entries()[1]
        new = hash_of(2, old.id, old.kind, old.when, "eve", old.text, old.previous)
        self.meddle(
            where, f"UPDATE standoff_ledger SET who = 'eve', hash = '{new}' WHERE number = 2"
        )
        found = ledger.verify()
        assert (found.at, "does not follow from entry 2" in str(found.fault)) == (3, True)

    def test_a_missing_end_is_found_with_a_hash_noted_earlier(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment() for _ in range(3)])
        head = ledger.verify().head
        assert ledger.verify(head[:12].upper()).fits
        self.meddle(where, "DELETE FROM standoff_ledger WHERE number = 3")
        assert ledger.verify().fits  # nobody can tell without it
        assert "its end is missing" in str(ledger.verify(head).fault)

    def test_nothing_is_added_after_an_entry_that_was_changed(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        self.meddle(where, "UPDATE standoff_ledger SET who = 'eve' WHERE number = 1")
        with pytest.raises(LedgerError, match=r"mines-1, does not fit its hash.*ledger verify"):
            ledger.keep_assessments([assessment()])
        assert len(ledger.entries()) == 1

    def test_a_body_that_nobody_wrote_is_refused_in_a_sentence(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        for body in ("no JSON", "[]", "{}", '{"question": 1}', "[" * 100_000):
            self.meddle(where, f"UPDATE standoff_ledger SET body = '{body}'")
            with pytest.raises(LedgerError, match="`standoff ledger verify`"):
                ledger.forecasts()

    def test_a_revealed_content_that_does_not_fit_its_seal_is_found(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()], sealed=True)
        last = ledger.reveal("1")
        body = last.body | {"body": assessment(probability=0.01).data()}
        forged = chained(Draft("revealed", "revealed", body), 2, "eve", NOW, last.previous)
        self.meddle(
            where,
            "DELETE FROM standoff_ledger WHERE number = 2",
            "INSERT INTO standoff_ledger VALUES ("
            + ", ".join("'" + str(value) + "'" for value in dataclasses.astuple(forged))
            + ")",
        )
        found = ledger.verify()
        assert (found.at, "not what sealed-1 sealed" in str(found.fault)) == (2, True)

    def test_a_ledger_of_a_newer_version_is_left_alone(self, where: str, open_ledger: Open) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        self.meddle(where, self.newer)
        for use in (ledger.entries, lambda: ledger.keep_assessments([assessment()]), ledger.ready):
            with pytest.raises(LedgerError, match="newer standoff"):
                use()

    newer = ""
    """What makes a ledger one of a newer version."""

    def test_a_table_of_another_layout_is_refused_in_a_sentence(
        self, where: str, open_ledger: Open
    ) -> None:
        ledger = open_ledger()
        ledger.keep_assessments([assessment()])
        self.meddle(where, "ALTER TABLE standoff_ledger RENAME COLUMN who TO author")
        for use in (ledger.entries, lambda: ledger.keep_assessments([assessment()])):
            with pytest.raises(LedgerError, match="not laid out as standoff lays it out"):
                use()

    # Several at once, and sudden ends ----------------------------------------------------------

    def test_two_writers_at_once_both_land_and_chain(self, where: str, open_ledger: Open) -> None:
        count = 40
        pair = [writer(where, who, count) for who in ("ann", "bob")]
        go(*pair)  # also: neither finds a ledger yet
        said = [process.communicate(timeout=60)[0].split() for process in pair]
        assert [process.returncode for process in pair] == [0, 0]
        entries = open_ledger().entries()
        assert open_ledger().verify().fits
        assert sorted(said[0] + said[1]) == sorted(each.id for each in entries)
        assert len(entries) == 2 * count
        assert [each.who for each in entries].count("ann") == count

    def test_a_writer_that_is_killed_loses_nothing_it_had_kept(
        self, where: str, open_ledger: Open
    ) -> None:
        known = 0
        processes = [writer(where, "ann", 10_000) for _ in range(2)]
        for most, process in zip((2, 15), processes, strict=True):
            go(process)
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(most)]
            process.kill()
            said += process.stdout.readlines()
            process.wait()
            process.stdout.close()
            assert process.stdin is not None
            process.stdin.close()
            names = [name.strip() for name in said if name.endswith("\n")]
            ledger = open_ledger()
            entries = ledger.entries()
            assert ledger.verify().fits
            assert [each.id for each in entries[known : known + len(names)]] == names
            assert len(entries) - known - len(names) in (0, 1)  # kept, and not yet said so
            known = len(entries)
        ledger.keep_assessments([assessment()])
        assert ledger.verify().fits
