"""`standoff import` and `standoff export`, as their users meet them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import standoff
from calling import Call

WELL = {
    "decisionMakers": [
        {"name": "Upper Village", "options": [0], "preferences": [[[1, "N"]], [[0, "Y"]]]},
        {"name": "Lower Village", "options": [1], "preferences": [[[0, "N"]]], "colour": "red"},
    ],
    "options": [
        {"name": "Fence the Well", "permittedDirection": "both"},
        {"name": "Sue", "permittedDirection": "both"},
    ],
    "infeasibles": [],
    "useManualPreferenceRanking": False,
}
ISLAND = {
    "crisis": "The island",
    "actors": {
        name: {"options": {"lands": ["no", "yes"]}, "priorities": ["lands"]} for name in "ab"
    },
    "situations": {
        "may": {"as_of": "2026-05-01", "state": {"a.lands": "yes"}},
        "june": {"as_of": "2026-06-01", "state": {"b.lands": "yes"}},
    },
    "never": ["not a.lands and not b.lands"],
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where some files are."""
    monkeypatch.chdir(tmp_path)
    Path("well.gmcr").write_text(json.dumps(WELL))
    Path("island.yaml").write_text(json.dumps(ISLAND))


def document(call: Call, *arguments: str, status: int = 0) -> Any:
    """The JSON document that a command prints, and nothing else."""
    found, out, err = call(*arguments, "--json")
    assert (found, err) == (status, ""), err or out
    return json.loads(out)


# Import -----------------------------------------------------------------------------------------


def test_import_writes_a_crisis_and_says_what_became_of_the_rest(call: Call) -> None:
    status, out, err = call("import", "well.gmcr")
    assert (status, err) == (0, "")
    assert out.startswith("Wrote well.yaml from well.gmcr: 2 actors, 2 options.\n")
    assert "  upper_village (Upper Village): fence_the_well\n" in out
    assert "- decisionMakers[1].colour is not understood and left out" in out
    assert "`standoff stability well.yaml`" in out
    assert max(map(len, out.splitlines())) <= 80
    crisis = standoff.load("well.yaml")
    assert crisis.actors["lower_village"].name == "Lower Village"
    assert call("check", "well.yaml")[0] == 0
    assert "upper_village.fence_the_well  Fence the Well" in Path("well.yaml").read_text()


def test_import_leaves_what_is_there_alone_unless_forced(call: Call) -> None:
    Path("well.yaml").write_text("mine")
    status, out, err = call("import", "well.gmcr")
    assert (status, out) == (2, "")
    assert "`well.yaml` exists already, and is left as it is" in err
    assert "--force" in err
    assert Path("well.yaml").read_text() == "mine"
    assert call("import", "well.gmcr", "--force")[0] == 0
    assert standoff.load("well.yaml").title == "well"


def test_import_never_writes_over_the_file_it_reads(call: Call) -> None:
    status, _, err = call("import", "well.gmcr", "--out", "./well.gmcr", "--force")
    assert status == 2
    assert "is the file that is read" in err
    assert json.loads(Path("well.gmcr").read_text()) == WELL


@pytest.mark.parametrize(
    ("out", "file"),
    [("w.yaml", "w.yaml"), ("new/w.yaml", "new/w.yaml"), ("there", "there/well.yaml")],
)
def test_import_writes_where_it_is_told(call: Call, out: str, file: str) -> None:
    Path("there").mkdir()
    assert call("import", "well.gmcr", "--out", out)[0] == 0
    assert standoff.load(file).title == "well"


def test_import_to_standard_output_writes_no_file(call: Call) -> None:
    status, out, _ = call("import", "well.gmcr", "--out", "-")
    assert status == 0
    assert standoff.loads(out).title == "well"
    data = document(call, "import", "well.gmcr", "--out", "-")
    assert (data["file"], data["text"]) == (None, out)
    assert not Path("well.yaml").exists()


def test_import_as_json(call: Call) -> None:
    data = document(call, "import", "well.gmcr")
    assert data["file"] == "well.yaml"
    assert data["actors"] == {"upper_village": "Upper Village", "lower_village": "Lower Village"}
    assert data["options"]["upper_village.fence_the_well"] == "Fence the Well"
    assert data["digest"] == standoff.load("well.yaml").digest
    assert data["notes"][0].startswith("decisionMakers[1].colour")
    assert data["text"] is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("import",), "FILE.gmcr is missing"),
        (("import", "wel.gmcr"), "Is `well.gmcr` meant?"),
        (("import", "island.yaml"), "`island.yaml` is no .gmcr file"),
        (("import", "bad.gmcr"), "bad.gmcr:1:1: this is not JSON"),
        (("import", "well.gmcr", "--out", "well.gmcr/w.yaml"), "is a file, not a folder"),
        (("import", "long.gmcr"), "the crisis would have"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    call: Call, given: tuple[str, ...], message: str
) -> None:
    Path("bad.gmcr").write_text("nonsense")
    Path("long.gmcr").write_text(json.dumps(WELL | {"title": "a" * 300_000}))
    before = sorted(Path().iterdir())
    status, out, err = call(*given)
    assert (status, out) == (2, "")
    assert message in " ".join(err.split())
    assert "Traceback" not in err
    assert sorted(Path().iterdir()) == before
    assert message in document(call, *given, status=2)["error"]


def test_signs_that_would_steer_a_terminal_are_not_printed(call: Call) -> None:
    data = json.loads(json.dumps(WELL))
    data["decisionMakers"][0]["name"] = "Up\x1b[31m"
    data["\x1b[2J"] = 1
    Path("evil.gmcr").write_text(json.dumps(data))
    status, out, _ = call("import", "evil.gmcr")
    assert status == 0
    assert "\x1b" not in out + Path("evil.yaml").read_text()


# Export -----------------------------------------------------------------------------------------


def test_export_writes_a_graph_named_after_the_crisis(call: Call) -> None:
    status, out, err = call("export", "prisoners-dilemma", "--to", "graphml")
    assert (status, err) == (0, "")
    assert out == "Wrote the graph of states (4 states) to prisoners-dilemma.graphml.\n"
    text = Path("prisoners-dilemma.graphml").read_text()
    assert sum("node" in each.tag for each in ElementTree.fromstring(text).iter()) == 4


def test_export_writes_a_game(call: Call) -> None:
    status, out, _ = call("export", "prisoners-dilemma", "--to", "gambit")
    assert (status, out) == (
        0, "Wrote the strategic game (4 states) to prisoners-dilemma.nfg.\n"
    )  # fmt: skip
    assert Path("prisoners-dilemma.nfg").read_text().startswith("NFG 1 R")


def test_export_leaves_what_is_there_alone_unless_forced(call: Call) -> None:
    arguments = ("export", "prisoners-dilemma", "--to", "gambit")
    Path("prisoners-dilemma.nfg").write_text("mine")
    assert call(*arguments)[0] == 2
    assert Path("prisoners-dilemma.nfg").read_text() == "mine"
    assert call(*arguments, "--force")[0] == 0
    assert Path("prisoners-dilemma.nfg").read_text() != "mine"


def test_export_never_writes_over_the_crisis(call: Call) -> None:
    status, _, err = call(
        "export", "island.yaml", "--to", "graphml", "--situation", "may",
        "--out", "island.yaml", "--force",
    )  # fmt: skip
    assert status == 2
    assert "is the file that is read" in err


@pytest.mark.parametrize("given", ["there", "there/crisis.yaml"])
def test_a_crisis_in_a_folder_is_named_after_it(call: Call, given: str) -> None:
    Path("there").mkdir()
    Path("there/crisis.yaml").write_text(json.dumps(ISLAND))
    arguments = ("--to", "graphml", "--situation", "may")
    assert call("export", given, *arguments)[0] == 0
    assert Path("there.graphml").exists()


def test_export_takes_situations_and_views(call: Call) -> None:
    data = document(
        call, "export", "island.yaml", "--to", "graphml", "--situation", "may", "--out", "-"
    )
    assert (data["file"], data["states"]) == (None, 3)
    assert '<data key="k2">yes.no</data>' in data["text"]
    held = document(
        call, "export", "island.yaml", "--to", "graphml", "--situation", "may",
        "--holding", "a.lands=yes",
    )  # fmt: skip
    assert (held["file"], held["states"], held["text"]) == ("island.graphml", 2, None)
    assert held["lineage"] == ["in situation may", "holding a.lands = yes"]


def test_a_start_that_cannot_be_is_explained_by_the_missing_situation(call: Call) -> None:
    status, _, err = call("export", "island.yaml", "--to", "graphml")
    assert status == 2
    assert "help: name a situation: --situation may" in err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("prisoners-dilemma",), "--to is missing"),
        (("prisoners-dilemma", "--to", "gambi"), "`gambi` is not one of graphml, gambit; did you"),
        (("prisoners-dilemma", "--to", "graphml", "--most", "3"), "the graph has 4 states, and"),
        (
            ("prisoners-dilemma", "--to", "graphml", "--most", "7"),
            "the graph has more than 7 moves",
        ),
        (("prisoners-dilemma", "--to", "gambit", "--most", "3"), "the game has 4 states, and at"),
        (
            ("island.yaml", "--to", "gambit", "--situation", "may"),
            "`never` rules some out: not a.lands and not b.lands",
        ),
        (("elmira", "--to", "gambit"), "a strategic game knows no such limits"),
        (("prisoners-dilemma", "--to", "graphml", "--memory", "10"), "more than the limit"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    call: Call, given: tuple[str, ...], message: str
) -> None:
    before = sorted(Path().iterdir())
    status, out, err = call("export", *given)
    assert (status, out) == (2, "")
    assert message in " ".join(err.split())
    assert sorted(Path().iterdir()) == before


def test_export_needs_no_extra(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    assert call("export", "prisoners-dilemma", "--to", "graphml")[0] == 0


def test_what_is_imported_can_be_exported(call: Call) -> None:
    assert call("import", "well.gmcr")[0] == 0
    status, out, _ = call("export", "well.yaml", "--to", "gambit", "--out", "-")
    assert status == 0
    assert '{ "Upper Village" "Lower Village" }' in out
