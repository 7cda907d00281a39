"""`standoff record`, as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import standoff
from calling import Call
from test_record_import import HEAD, MAPPING, ROWS
from test_study_record import crisis_with, said


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there are a crisis, event data and a mapping."""
    monkeypatch.chdir(tmp_path)
    sources = {"plover": {"title": "Event data"}}
    crisis = crisis_with(said("2026-01-20", south__mines="yes"), sources=sources)
    Path("strait.yaml").write_text(standoff.dumps(crisis))
    Path("events.csv").write_text(HEAD + "".join(f"{row}\n" for row in ROWS))
    Path("map.yaml").write_text(MAPPING)


def document(call: Call, *arguments: str, status: int = 0) -> Any:
    found, out, err = call(*arguments, "--json")
    assert (found, err) == (status, ""), err or out
    return json.loads(out)


IMPORT = ("record", "import", "strait.yaml", "events.csv", "--mapping", "map.yaml")


def test_show_prints_the_timeline(call: Call) -> None:
    status, out, err = call("record", "show", "strait.yaml")
    assert (status, err) == (0, "")
    assert "20 Jan 2026" in out
    assert "south.mines: no -> yes" in out


def test_show_gives_json(call: Call) -> None:
    data = document(call, "record", "show", "karabakh-2020")
    assert data["ends"] == "2020-11-01"
    assert len(data["record"]) == 10
    assert data["segments"][0]["situation"] == "april-2016"


def test_import_prints_entries_that_can_be_pasted_into_a_crisis(call: Call) -> None:
    status, out, err = call(*IMPORT)
    assert (status, err) == (0, "")
    assert out.startswith("# 3 entries of 10 rows.\n")
    assert "PROTEST" in out
    assert "declared" not in out
    text = Path("strait.yaml").read_text().partition("record:")[0]
    Path("whole.yaml").write_text(text + out)
    assert [str(entry.date) for entry in standoff.load("whole.yaml").record] == [
        "2026-01-13", "2026-01-15", "2026-01-16",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["record.csv", "record.parquet", "record.yaml"])
def test_import_writes_a_file_once(call: Call, name: str) -> None:
    status, out, err = call(*IMPORT, "--out", name)
    assert (status, err) == (0, "")
    assert f"Wrote {name}." in out
    if not name.endswith("yaml"):
        text = Path("strait.yaml").read_text().partition("record:")[0]
        Path("whole.yaml").write_text(f"{text}record: {{file: {name}}}\n")
        assert len(standoff.load("whole.yaml").record) == 3
    status, _, err = call(*IMPORT, "--out", name)
    assert status == 2
    assert "exists already" in err
    assert call(*IMPORT, "--out", name, "--force")[0] == 0


def test_import_gives_json(call: Call) -> None:
    data = document(call, *IMPORT)
    assert (data["rows"], data["matched"], data["file"]) == (10, 7, None)
    assert data["unmatched"] == {"ASSAULT": 1, "COERCE": 1, "PROTEST": 1}
    assert data["entries"][0]["sets"] == {"south.mines": "yes", "south.appeal": "yes"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("record",), "is missing"),
        (("record", "shwo", "strait.yaml"), "did you mean `show`?"),
        (("record", "show"), "is missing"),
        (("record", "show", "strait.yaml", "events.csv"), "takes no `events.csv`"),
        (("record", "import", "strait.yaml"), "FILE is missing"),
        (("record", "import", "strait.yaml", "events.csv"), "--mapping MAP is missing"),
        ((*IMPORT, "--out", "record.xlsx"), "neither .csv, .parquet nor .yaml"),
        ((*IMPORT[:3], "nothing.csv", *IMPORT[4:]), "there is no file `nothing.csv`"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_check_shows_what_is_wrong_with_the_record(call: Call) -> None:
    text = Path("strait.yaml").read_text().replace("south.mines: yes}", "south.mines: no}")
    Path("strait.yaml").write_text(text)
    status, out, _ = call("check", "strait.yaml")
    assert status == 0
    assert "SW013" in out
