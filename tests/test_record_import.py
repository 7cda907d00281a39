"""From event data to entries of a record."""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import standoff
from standoff.crisis import Crisis, CrisisError
from standoff.study.record_import import ImportedRecord, import_record, write_table
from test_study_record import crisis_with

HEAD = "event_id,event_date,event_type,event_mode,actor,recipient,intensity,publication_date\n"
MAPPING = """
date: event_date
source: plover {event_id}
because: "{actor} {event_type} {recipient}"
rules:
  - when: {actor: SOU, event_type: AGREE}
    sets: {south.mines: no}
  - when: {actor: SOU, event_type: [ASSAULT, COERCE], intensity: {at_least: 7}}
    sets: {south.mines: yes, south.appeal: yes}
  - when: {actor: NOR, event_mode: {contains: blockade}, recipient: {not: [PAT]}}
    sets: {north.blockade: full}
    disputed: true
    because: "The {event_mode} of {actor}."
"""
ROWS = (
    "e1,2026-01-09,ASSAULT,mines,SOU,NOR,9,",  # before the situation begins
    "e2,2026-01-12,ASSAULT,mines,SOU,NOR,6.5,",  # too mild
    "e3,2026-01-13,ASSAULT,mines,SOU,NOR,7,",
    "e4,2026-01-14,COERCE,mines,SOU,NOR,10,",  # already so
    "e5,2026-01-15,COERCE,sea blockade,NOR,SOU,4,",
    "e6,2026-01-15,COERCE,sea blockade,NOR,PAT,4,",  # not of that recipient
    "e7,2026-01-16,AGREE,,SOU,NOR,,",
    "e8,2026-01-16,ASSAULT,,SOU,NOR,9,",  # the same day: the first rule wins
    "e9,soon,ASSAULT,,SOU,NOR,9,",
    "e10,2026-01-17,PROTEST,,PAT,SOU,,",
)


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., ImportedRecord]:
    """Import some rows by a mapping."""

    def run(
        rows: str | None = None,
        mapping: str = MAPPING,
        crisis: Crisis | None = None,
        name: str = "events.csv",
    ) -> ImportedRecord:
        text = HEAD + "".join(f"{row}\n" for row in ROWS) if rows is None else rows
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / "map.yaml").write_text(mapping)
        return import_record(crisis or crisis_with(), tmp_path / name, tmp_path / "map.yaml")

    return run


def test_only_rows_that_match_and_change_something_become_entries(
    imported: Callable[..., ImportedRecord],
) -> None:
    found = imported()
    assert [(str(each.date), dict(each.sets)) for each in found.entries] == [
        ("2026-01-13", {"south.mines": "yes", "south.appeal": "yes"}),
        ("2026-01-15", {"north.blockade": "full"}),
        ("2026-01-16", {"south.mines": "no"}),
    ]
    assert [each.source for each in found.entries] == ["plover e3", "plover e5", "plover e7"]
    assert [each.because for each in found.entries] == [
        "SOU ASSAULT NOR",
        "The sea blockade of NOR.",
        "SOU AGREE NOR",
    ]
    assert [each.disputed for each in found.entries] == [False, True, False]


def test_every_row_that_became_no_entry_is_counted(imported: Callable[..., ImportedRecord]) -> None:
    found = imported()
    assert (found.rows, found.matched, found.undated, found.early) == (10, 7, 1, 1)
    assert (found.repeated, found.contradicting) == (2, 1)
    assert dict(found.unmatched) == {"ASSAULT": 1, "COERCE": 1, "PROTEST": 1}
    assert sum(found.unmatched.values()) == found.rows - found.matched
    assert found.impossible == ()
    assert found.undeclared == ("plover",)


def test_what_was_imported_is_a_record(
    imported: Callable[..., ImportedRecord], tmp_path: Path
) -> None:
    found = imported()
    crisis = crisis_with()
    for name in ("record.csv", "record.parquet"):
        (tmp_path / name).write_bytes(write_table(found.entries, Path(name)))
        text = standoff.dumps(crisis) + f"record: {{file: {name}}}\n"
        text = text.replace("actors:", "sources: {plover: {title: Events}}\nactors:", 1)
        (tmp_path / "crisis.yaml").write_text(text)
        assert standoff.load(tmp_path).record == found.entries


def test_what_became_known_later_says_when(imported: Callable[..., ImportedRecord]) -> None:
    mapping = MAPPING + "reported: {column: publication_date, format: '%d.%m.%Y'}\n"
    rows = HEAD + "e1,2026-01-13,ASSAULT,mines,SOU,NOR,7,19.01.2026\n"
    (entry,) = imported(rows, mapping).entries
    assert entry.known == datetime.date(2026, 1, 19)
    (entry,) = imported(rows.replace("19.01.2026", "soon"), mapping).entries
    assert entry.known == datetime.date(2026, 1, 13)


@pytest.mark.parametrize(
    ("date", "form", "first"),
    [
        ("20260113", "%Y%m%d", "2026-01-13"),
        ("13 Jan 2026", "%d %b %Y", "2026-01-13"),
        ("2026-01-13T08:15:00Z", None, "2026-01-13"),
        ("2026-01-13 08:15", None, "2026-01-13"),
        ("2026-01-12/2026-01-14", None, "2026-01-12"),
    ],
)
def test_dates_are_read_as_the_data_writes_them(
    imported: Callable[..., ImportedRecord], date: str, form: str | None, first: str
) -> None:
    column = "event_date" if form is None else f"{{column: event_date, format: '{form}'}}"
    mapping = MAPPING.replace("date: event_date", f"date: {column}")
    (entry,) = imported(f"{HEAD}e1,{date},ASSAULT,mines,SOU,NOR,7,\n", mapping).entries
    assert str(entry.date.first) == first


def test_tabs_and_parquet_are_read_as_well(
    imported: Callable[..., ImportedRecord], tmp_path: Path
) -> None:
    text = HEAD + "".join(f"{row}\n" for row in ROWS)
    plain = imported()
    assert imported(text.replace(",", "\t"), name="events.txt") == plain
    frame = pl.read_csv(text.encode(), schema_overrides={"intensity": pl.Float64})
    frame.write_parquet(tmp_path / "events.parquet")
    found = import_record(crisis_with(), tmp_path / "events.parquet", tmp_path / "map.yaml")
    assert found == plain


def test_a_change_that_the_crisis_does_not_allow_is_said(
    imported: Callable[..., ImportedRecord],
) -> None:
    mapping = MAPPING.replace("north.blockade: full", "north.annex: yes")
    found = imported(mapping=mapping)
    assert [place for place, _ in found.impossible] == [1]
    assert "requires `blockade == full`" in found.impossible[0][1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("south.mines: no}", "south.mine: no}", "SO024.*did you mean `south.mines`"),
        ("south.mines: no}", "south.mines: on}", "SO016.*`south.mines` has no level `on`"),
        ("actor: NOR", "actr: NOR", "SO084.*did you mean `actor`"),
        ("{event_id}", "{id}", "SO084.*no column `id`"),
        ("date: event_date", "date: day", "SO084.*no column `day`"),
        ("at_least", "at_lest", "SO030.*did you mean `at_least`"),
        ("at_least: 7", "at_least: many", "SO032.*expected a number"),
        ("sets: {south.mines: no}", "", "SO031.*`sets` is missing"),
        ("date: event_date\n", "", "SO031.*needs the key `date`"),
        ("rules:", "rule:", "SO0"),
        ("rules:", "rules: []\nrest:", "SO043"),
        ("actor: SOU, event_type: AGREE", "actor: {not: }", "SO0"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_at_its_place(
    imported: Callable[..., ImportedRecord], old: str, new: str, said: str
) -> None:
    assert old in MAPPING
    with pytest.raises(CrisisError, match=f"(?s){said}") as caught:
        imported(mapping=MAPPING.replace(old, new, 1))
    assert all(fault.line for fault in caught.value.faults)


def test_files_that_are_not_there_or_no_tables_are_refused(
    imported: Callable[..., ImportedRecord], tmp_path: Path
) -> None:
    imported()
    with pytest.raises(CrisisError, match="there is no file"):
        import_record(crisis_with(), tmp_path / "nothing.csv", tmp_path / "map.yaml")
    with pytest.raises(CrisisError, match=r"not a regular file"):
        import_record(crisis_with(), tmp_path / "events.csv", tmp_path / "nothing.yaml")
    with pytest.raises(CrisisError, match="event data is a table"):
        import_record(crisis_with(), tmp_path / "events.xlsx", tmp_path / "map.yaml")
    with pytest.raises(CrisisError, match="the table cannot be read"):
        imported("PAR1", name="events.parquet")
    with pytest.raises(CrisisError, match=r"events.csv:3: the row has 9 cells, and the head has 8"):
        imported(f"{HEAD}{ROWS[0]}\n{ROWS[1]},\n")
    with pytest.raises(CrisisError, match=r"events.txt:2: the row has 9 cells"):
        imported(f"{HEAD}{ROWS[0]},\n".replace(",", "\t"), name="events.txt")
    with pytest.raises(CrisisError, match="the table cannot be read"):
        imported("")


def test_without_polars_a_word_says_how_to_get_it(
    imported: Callable[..., ImportedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(CrisisError, match=r"polars: pip install 'standoff\[tables\]'"):
        imported()


def test_a_hundred_thousand_rows_give_what_reading_them_one_by_one_gives(
    imported: Callable[..., ImportedRecord],
) -> None:
    rng = random.Random(5)
    start = datetime.date(2026, 1, 1)
    rows = [
        (
            start + datetime.timedelta(days=place * 60 // 100_000),
            rng.choice(("ASSAULT", "AGREE", "CONSULT", "PROTEST")),
            rng.choice(("NOR", "SOU", "PAT")),
            rng.randint(0, 10),
        )
        for place in range(100_000)
    ]
    rng.shuffle(rows)
    mapping = """
date: event_date
rules:
  - {when: {event_type: ASSAULT, actor: SOU, intensity: {at_least: 10}}, sets: {south.mines: yes}}
  - {when: {event_type: [AGREE], actor: SOU}, sets: {south.mines: no}}
"""
    rows = [row for row in rows if row[0].toordinal() % 3 or row[3] < 10]  # some days of peace
    text = "event_id,event_date,event_type,actor,intensity\n" + "".join(
        f"e{place},{date},{kind},{actor},{force}\n"
        for place, (date, kind, actor, force) in enumerate(rows)
    )
    found = imported(text, mapping)
    seen: dict[datetime.date, set[tuple[str, str]]] = {}
    for day, kind, actor, force in rows:
        if kind != "ASSAULT" or force == 10:
            seen.setdefault(day, set()).add((kind, actor))
    wanted, now = [], "no"
    for each in range(61):
        date = start + datetime.timedelta(days=each)
        kinds = seen.get(date, set())
        level = "yes" if ("ASSAULT", "SOU") in kinds else "no" if ("AGREE", "SOU") in kinds else now
        if date > datetime.date(2026, 1, 10) and level != now:
            wanted.append((str(date), level))
            now = level
    assert [(str(each.date), each.sets["south.mines"]) for each in found.entries] == wanted
    assert len(wanted) > 10
    assert found.rows == len(rows)
