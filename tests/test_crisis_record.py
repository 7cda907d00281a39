"""The record of a crisis: what is checked about it, and a record kept as a table."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import standoff
from standoff.crisis import Crisis, CrisisError, EventDate, Observation
from standoff.crisis import check_file as check
from standoff.crisis.allowed import Moves
from standoff.crisis.record_table import MOST_ENTRIES
from standoff.game import compile_game
from strait import strait
from translate import dense_drifts, dense_moves, drawn

Raw = dict[str, Any]
HEAD = "date,reported,disputed,source,because,north.blockade,south.mines,weather\n"


def with_record(*entries: Raw, **more: Any) -> Raw:
    raw = strait()
    raw["situations"] = {
        "january": {"as_of": "2026-01-10", "state": {"north.blockade": "partial"}},
        "march": {"as_of": "2026-03-01", "state": {"north.blockade": "full"}},
    }
    raw["record"] = list(entries)
    return raw | more


def loaded(*entries: Raw, **more: Any) -> Crisis:
    return standoff.loads(json.dumps(with_record(*entries, **more)))


def warned(*entries: Raw, **more: Any) -> list[tuple[str, str]]:
    found = loaded(*entries, **more).warnings()
    return [(each.code, each.where) for each in found if each.code in RECORD]


RECORD = ("SW012", "SW013", "SW014", "SW015")
FULL = {"date": "2026-02-01", "sets": {"north.blockade": "full"}}


# What the record says against the crisis ----------------------------------------------------------


def test_a_record_that_leads_from_one_situation_to_the_next_is_not_remarked_on() -> None:
    assert warned(FULL) == []


def test_a_situation_that_does_not_follow_from_the_record_is_remarked_on() -> None:
    none = {"date": "2026-02-01", "sets": {"north.blockade": "none"}}
    assert warned(none) == [("SW014", "situations.march.state")]


def test_an_entry_before_the_first_situation_may_explain_it_and_not_contradict_it() -> None:
    before = {"date": "2026-01-04", "sets": {"north.blockade": "partial"}}
    assert warned(before, FULL) == []
    before["sets"] = {"north.blockade": "full"}
    assert warned(before, FULL) == [("SW012", "record[0].sets.north.blockade")]


def test_the_day_of_a_situation_belongs_to_what_was_before_it() -> None:
    full = {"date": "2026-01-10", "sets": {"north.blockade": "full"}}
    assert ("SW012", "record[0].sets.north.blockade") in warned(full)
    full["date"] = "2026-01-11"
    assert warned(full) == []


def test_a_record_without_situations_belongs_to_none() -> None:
    raw = with_record(FULL, questions={}, expects={})
    raw["situations"] = {}
    codes = [each.code for each in standoff.loads(json.dumps(raw)).warnings()]
    assert codes.count("SW012") == 1


def test_an_entry_that_changes_nothing_is_remarked_on() -> None:
    again = {"date": "2026-02-03", "sets": {"north.blockade": "full", "south.mines": "no"}}
    assert warned(FULL, again) == [("SW013", "record[1]")]
    assert warned(FULL, {"date": "2026-02-03", "sets": {}}) == [("SW013", "record[1]")]


def test_a_date_on_both_sides_of_a_situation_is_remarked_on_unless_it_is_only_about_then() -> None:
    across = {"date": "2026-02", "sets": {"north.blockade": "full"}}
    assert warned(across) == []
    across["date"] = "2026-02-25/2026-03-03"
    assert warned(across) == [("SW015", "record[0].date")]
    across["date"] = "2026-02-26~"
    assert warned(across) == []


@pytest.mark.parametrize("first", [{"south.mines": "yes"}, {"north.blockade": "full"}])
def test_what_one_entry_sets_may_have_come_in_any_order(first: Raw) -> None:
    raw = with_record(
        {"date": "2026-01-20", "sets": {"north.annex": "yes", **first}},
    )
    raw["actors"]["north"]["options"]["annex"]["requires"] = "south.mines"
    raw["actors"]["north"]["options"]["blockade"] = {
        "levels": ["none", "partial", "full"],
        "requires": "south.mines",
    }
    raw["never"] = []
    if "south.mines" in first:
        standoff.loads(json.dumps(raw))
    else:
        with pytest.raises(CrisisError, match="SO082"):
            standoff.loads(json.dumps(raw))


def test_an_order_is_found_that_the_first_possible_move_would_spoil() -> None:
    raw = with_record({"date": "2026-01-20", "sets": {"south.mines": "yes", "weather": "storm"}})
    raw["conditions"]["weather"]["changes"][0]["when"] = "not south.mines"
    standoff.loads(json.dumps(raw))
    raw["conditions"]["weather"]["changes"][0]["when"] = "south.appeal"
    with pytest.raises(CrisisError, match=r"`weather` cannot go from `calm` to `storm`"):
        standoff.loads(json.dumps(raw))


def test_a_change_is_judged_in_the_state_that_dates_and_not_lines_lead_to() -> None:
    annexed = {"date": "2026-02-02", "sets": {"north.annex": "yes"}}
    assert loaded(annexed, FULL).record[0].date.text == "2026-02-02"
    with pytest.raises(CrisisError, match="it requires `blockade == full`"):
        loaded({**annexed, "date": "2026-01-31"}, FULL)


def test_a_held_level_cannot_be_recorded_as_changed() -> None:
    with pytest.raises(CrisisError, match=r"`north\.blockade` is held at `partial`"):
        loaded(FULL, held={"north.blockade": "partial"})


def test_a_rate_of_zero_allows_no_change() -> None:
    raw = with_record({"date": "2026-01-20", "sets": {"weather": "storm"}})
    change = raw["conditions"]["weather"]["changes"][0]
    change["times"] = [{"factor": 0, "when": "north.blockade == partial"}]
    with pytest.raises(CrisisError, match="its rate is zero when"):
        standoff.loads(json.dumps(raw))
    change["times"] = [{"factor": "0..1", "when": "north.blockade == partial"}]
    standoff.loads(json.dumps(raw))


def test_two_levels_on_one_day_contradict_each_other_and_in_one_month_do_not() -> None:
    one = {"date": "2026-02-01", "sets": {"north.blockade": "none"}}
    with pytest.raises(CrisisError, match="two entries of 2026-02-01"):
        loaded(FULL, one)
    month = "2026-01-11/2026-02-28"
    loaded({**FULL, "date": month}, {**one, "date": month})


@pytest.mark.parametrize("block", range(4))
def test_what_a_record_may_say_is_what_the_arrays_allow(block: int) -> None:
    for seed in range(block * 6, (block + 1) * 6):
        _, _, crisis = drawn(seed)
        game = compile_game(crisis)
        moves = Moves(crisis)
        allowed = {mover.name: dense_moves(game, mover.name) for mover in game.movers}
        rates = dense_drifts(game)
        states = {index: game.space.state(index) for index in game.space}
        for source, before in states.items():
            for target, after in states.items():
                changed = {n: level for n, level in after.items() if before[n] != level}
                who = {name.partition(".")[0] for name in changed}
                if len(who) != 1:
                    continue
                mover = who.pop()
                here, there = (
                    int(np.ravel_multi_index(each, game.space.shape)) for each in (source, target)
                )
                matrix = allowed.get(mover)
                possible = rates[here, there] > 0 if matrix is None else matrix[here, there]
                assert (moves.why_not(mover, changed, before) is None) == bool(possible)


def test_an_entry_is_known_from_the_last_day_of_its_date_unless_it_says_otherwise() -> None:
    entry = loaded({**FULL, "date": "2026-02-01/2026-02-03"}).record[0]
    assert entry.known == datetime.date(2026, 2, 3)
    entry = loaded({**FULL, "reported": "2026-02-09"}).record[0]
    assert entry.known == datetime.date(2026, 2, 9)


def test_an_entry_can_be_written_in_python() -> None:
    entry = Observation(date=EventDate.parse("2026-02"), sets={"north.blockade": "full"})
    assert entry.model_dump(exclude_defaults=True) == {
        "date": "2026-02",
        "sets": {"north.blockade": "full"},
    }


def test_a_crisis_with_every_kind_of_date_is_written_and_read_the_same() -> None:
    dates = ["2026-01-12", "2026-01-14~", "2026-01-16?", "2026-01-18/2026-01-20", "2026-02"]
    crisis = loaded(
        *(
            {"date": date, "sets": {"north.blockade": level}, "disputed": place == 1}
            for place, (date, level) in enumerate(
                zip(dates, ["full", "none", "partial", "none", "full"], strict=True)
            )
        )
    )
    again = standoff.loads(standoff.dumps(crisis))
    assert again == crisis
    assert [str(entry.date) for entry in again.record] == dates


# A record in a table ------------------------------------------------------------------------------


@pytest.fixture
def tabled(tmp_path: Path) -> Callable[..., Crisis]:
    """Load a crisis whose record is in a table with some text."""

    def load(table: str | pl.DataFrame, name: str = "record.csv", **more: Any) -> Crisis:
        if isinstance(table, str):
            (tmp_path / name).write_text(table, "utf-8")
        else:
            table.write_parquet(tmp_path / name)
        raw = with_record(**more) | {"record": {"file": name}}
        (tmp_path / "crisis.yaml").write_text(json.dumps(raw))
        return standoff.load(tmp_path)

    return load


def test_a_table_says_the_same_as_a_list(tabled: Callable[..., Crisis]) -> None:
    table = (
        f"{HEAD}2026-01-20,,yes,,It is said.,,yes,\n"
        "2026-02-01/2026-02-03,2026-02-09,,,,full,no,storm\n"
    )
    listed = loaded(
        {
            "date": "2026-01-20",
            "sets": {"south.mines": "yes"},
            "disputed": True,
            "because": "It is said.",
        },
        {
            "date": "2026-02-01/2026-02-03",
            "reported": "2026-02-09",
            "sets": {"north.blockade": "full", "south.mines": "no", "weather": "storm"},
        },
    )
    crisis = tabled(table)
    assert crisis == listed
    assert crisis.digest == listed.digest
    assert standoff.loads(standoff.dumps(crisis)) == crisis


def test_the_digest_covers_what_is_in_the_table(tabled: Callable[..., Crisis]) -> None:
    one = tabled(f"{HEAD}2026-02-01,,,,,full,,\n")
    other = tabled(f"{HEAD}2026-02-02,,,,,full,,\n")
    assert one != other


def test_a_parquet_file_with_days_and_truths_of_its_own_is_read_as_well(
    tabled: Callable[..., Crisis],
) -> None:
    table = pl.DataFrame(
        {
            "date": [datetime.date(2026, 1, 20), datetime.date(2026, 2, 1)],
            "disputed": [True, None],
            "north.blockade": [None, "full"],
            "south.mines": pl.Series(["yes", "no"], dtype=pl.Categorical),
        }
    )
    crisis = tabled(table, "record.parquet")
    assert [dict(entry.sets) for entry in crisis.record] == [
        {"south.mines": "yes"},
        {"south.mines": "no", "north.blockade": "full"},
    ]
    assert [entry.disputed for entry in crisis.record] == [True, False]


def test_a_parquet_file_has_rows_instead_of_lines(tabled: Callable[..., Crisis]) -> None:
    table = pl.DataFrame({"date": ["2026-02-01"], "north.blockade": ["fulll"]})
    with pytest.raises(CrisisError, match=r"row 1, column `north.blockade`: .* no level `fulll`"):
        tabled(table, "record.parquet")


def test_a_daily_table_gives_the_changes_only_each_situation_from_its_own_state(
    tabled: Callable[..., Crisis],
) -> None:
    rows = [
        ("2026-01-11", "partial", "no"),
        ("2026-01-12", "partial", "yes"),
        ("2026-01-13", "full", "yes"),
        ("2026-02-27", "full", "yes"),
        ("2026-03-02", "full", "yes"),
        ("2026-03-03", "none", "yes"),
    ]
    table = "date,north.blockade,south.mines\n" + "".join(f"{','.join(row)}\n" for row in rows)
    crisis = tabled(table, situations=with_record()["situations"])
    assert [(str(entry.date), dict(entry.sets)) for entry in crisis.record] == [
        ("2026-01-12", {"south.mines": "yes"}),
        ("2026-01-13", {"north.blockade": "full"}),
        ("2026-03-02", {"south.mines": "yes"}),
        ("2026-03-03", {"north.blockade": "none"}),
    ]


def test_rows_may_come_in_any_order_and_lines_be_empty(tabled: Callable[..., Crisis]) -> None:
    rows = ["2026-02-01,,,,,none,,", "2026-01-20,,,,,none,,", "2026-01-21,,,,,full,,"]
    crisis = tabled(HEAD + "\n\n".join(rows) + "\n")
    assert [str(entry.date) for entry in crisis.record] == [
        "2026-02-01", "2026-01-20", "2026-01-21",
    ]  # fmt: skip


def test_a_warning_about_a_table_has_its_place_there(
    tabled: Callable[..., Crisis], tmp_path: Path
) -> None:
    tabled(f'{HEAD}2026-01-20,,,,"a\nb",none,,\n2026-02-25/2026-03-03,,,,,full,,\n')
    found = [each for each in check(tmp_path) if each.code == "SW015"]
    assert [(Path(each.file).name, each.line, each.column) for each in found] == [
        ("record.csv", 4, 1)
    ]
    assert found[0].source_line == "2026-02-25/2026-03-03,,,,,full,,"


def test_a_record_file_of_a_text_has_no_place() -> None:
    with pytest.raises(CrisisError, match="a crisis given as a text has no folder"):
        standoff.loads(json.dumps(with_record() | {"record": {"file": "record.csv"}}))


def test_without_polars_a_word_says_how_to_get_it(
    tabled: Callable[..., Crisis], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(CrisisError, match=r"needs polars.*\n(.*\n)*.*standoff\[tables\]"):
        tabled(f"{HEAD}2026-02-01,,,,,full,,\n")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PAR1 not really"])
@pytest.mark.parametrize("name", ["record.csv", "record.parquet"])
def test_what_is_no_table_is_a_fault_and_no_crash(
    tabled: Callable[..., Crisis], tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(CrisisError):
        tabled("", name)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CrisisError) as caught:
        standoff.load(tmp_path)
    assert all(Path(fault.file).name == name for fault in caught.value.faults)


def test_a_record_with_more_changes_than_anybody_reads_is_refused(
    tabled: Callable[..., Crisis],
) -> None:
    day = datetime.date(1900, 1, 1)
    rows = [
        f"{day + datetime.timedelta(days=place)},{('none', 'full')[place % 2]}"
        for place in range(MOST_ENTRIES + 1)
    ]
    with pytest.raises(CrisisError, match=f"a record at most {MOST_ENTRIES:,}"):
        tabled("date,north.blockade\n" + "\n".join(rows) + "\n")


def test_a_hundred_thousand_rows_are_read_within_seconds(tabled: Callable[..., Crisis]) -> None:
    start, levels = datetime.date(2026, 1, 11), ("partial", "full", "none")
    rows = [
        f"{start + datetime.timedelta(days=place // 2000)},{levels[place // 20_000 % 3]}\n"
        for place in range(100_000)
    ]
    crisis = tabled("date,north.blockade\n" + "".join(rows))
    assert len(crisis.record) == 4
