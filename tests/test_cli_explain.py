"""`standoff explain`: what an answer rests on, on the screen and as JSON."""

import json
from pathlib import Path

import pytest

from calling import Call

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
MINES = ("explain", STRAIT, "--question", "mines", "--workers", "1")


def test_the_first_sentence_is_the_answer_and_then_comes_what_carries_it(call: Call) -> None:
    status, out, err = call(*MINES)
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "Will the South lay mines within 30 days? Very likely (82%)." in said
    assert said.index("WHAT CARRIES IT") < said.index("WHAT WOULD CHANGE IT")
    assert "never" in said or "crosses" in said


def test_json_holds_the_shares_and_the_tipping_points(call: Call) -> None:
    found = json.loads(call(*MINES, "--json")[1])
    shares = found["attribution"]
    assert shares["by"] in ("claim", "passage")
    total = sum(each["share"] for each in shares["shares"])
    assert total == pytest.approx(shares["central"] - shares["without"], abs=1e-9)
    assert set(found["claims"]) >= {path for each in shares["shares"] for path in each["claims"]}
    assert found["answer"]["central"] == pytest.approx(shares["central"], abs=1e-3)
    lines = {point["threshold"] for point in found["tipping_points"]}
    assert lines == {0.5, 0.8, 0.95}


@pytest.mark.parametrize("by", ["claim", "passage", "actor", "kind"])
def test_the_answer_can_be_shared_out_otherwise(call: Call, by: str) -> None:
    found = json.loads(call(*MINES, "--json", "--by", by, "--orders", "2")[1])
    assert found["attribution"]["by"] == by


def test_a_source_can_be_retracted(call: Call) -> None:
    status, out, err = call(*MINES, "--retract", "brief")
    assert (status, err) == (0, "")
    assert out.startswith("Without brief: ")
    found = json.loads(call(*MINES, "--retract", "brief", "--json")[1])["retracted"]
    assert found["brief"]["mines"]["central"] == pytest.approx(0.816, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", STRAIT), "--question is missing"),
        (("explain", STRAIT, "--question", "mine"), "mines"),
        ((*MINES, "--by", "clam"), "claim"),
        ((*MINES, "--orders", "1"), "--orders"),
        ((*MINES, "--retract", "nobody"), "no claim cites"),
        (("explain", STRAIT, "--question", "calm"), "lasting"),
        (("explain", "chicken", "--question", "x"), "standoff stability"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err


QUICKLY = ("--by", "kind")

# What would change it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "title"),
    [("events", "EVENTS"), ("beliefs", "BELIEFS"), ("smallest", "THE SMALLEST CHANGE")],
)
def test_a_part_can_be_asked_for_alone(call: Call, part: str, title: str) -> None:
    status, out, err = call(*MINES, "--only", part)
    assert (status, err) == (0, "")
    assert "very likely (82%)" in out.lower()
    titles = ("WHAT CARRIES IT", "EVENTS", "BELIEFS", "THE SMALLEST CHANGE")
    assert [each for each in titles if each in out] == [title]
    data = json.loads(call(*MINES, "--only", part, "--json")[1])
    key = "smallest_change" if part == "smallest" else part
    assert "attribution" not in data
    assert data[key] is not None
    assert [name for name in ("events", "beliefs", "smallest_change") if data[name]] == [key]
    assert data["answer"]["central"] == pytest.approx(0.816, abs=0.001)


def test_by_default_every_part_is_there_and_what_more_can_be_asked(call: Call) -> None:
    out = " ".join(call(*MINES, *QUICKLY)[1].split())
    titles = (
        "WHAT WOULD CHANGE IT",
        "EVENTS",
        "BELIEFS",
        "THE SMALLEST CHANGE",
        "More can be asked",
    )
    places = [out.index(title) for title in titles]
    assert places == sorted(places)
    assert "--levers ACTOR" in out


def test_events_say_what_was_tried_and_what_the_question_is_about(call: Call) -> None:
    out = " ".join(call(*MINES, "--only", "events")[1].split())
    assert "Northland: blockade is full: 57% (−25 points) if so at the start" in out
    assert "The question itself is about The South: mines." in out
    data = json.loads(call(*MINES, "--only", "events", "--json")[1])["events"]
    (full,) = (
        each for each in data["events"]
        if (each["level"], each["how"]) == ("full", "starting")
    )  # fmt: skip
    assert full["effect"] == pytest.approx(full["chance"] - data["central"])
    assert data["present"]["north.blockade"] == "partial"


def test_what_cannot_be_is_named(call: Call) -> None:
    out = call(*MINES, "--only", "events", "--starting", "south.mines=yes")[1]
    said = " ".join(out.split())
    assert "Northland: annex is yes (never: north.annex and south.mines)" in said


def test_beliefs_are_cited_and_told_for_every_question_if_that_is_asked(call: Call) -> None:
    out = " ".join(call(*MINES, "--only", "beliefs")[1].split())
    assert "Northland believes of patron: interest treaty, weight: negligible; in fact major" in out
    assert "The patron blinked last year. (brief p7)" in out
    data = json.loads(call(*MINES, "--only", "beliefs", "--every-question", "--json")[1])
    assert set(data["beliefs"]["chances"]) == {"mines", "mines_90", "annexed"}
    assert set(data["beliefs"]["worths"]) == {"north", "south", "patron"}
    assert data["beliefs"]["one_by_one"][0]["costs"].keys() == data["beliefs"]["worths"].keys()


def test_nobody_mistaken_is_said(call: Call) -> None:
    without = ("--without", "north.believes.patron.interests.treaty.weight")
    assert "Nobody is mistaken: none is held." in call(*MINES, "--only", "beliefs", *without)[1]


def test_levers_carry_their_caveat(call: Call) -> None:
    status, out, _ = call(*MINES, "--only", "events", "--levers", "south", "--levers", "patron")
    assert status == 0
    assert out.count("These are the model's levers, not a playbook.") == 2
    assert "LEVERS OF THE SOUTH" in out
    said = " ".join(out.split())
    assert "(the question itself is about it)" in said
    data = json.loads(call(*MINES, "--only", "events", "--levers", "south", "--json")[1])
    (levers,) = data["levers"]
    assert levers["caveat"] == "These are the model's levers, not a playbook."
    assert {each["holder"] for each in levers["weights"]} == {"north", "patron"}
    assert {each["path"] for each in levers["own"]} == {"south.mines", "south.appeal"}


def test_the_smallest_change_says_what_was_tried(call: Call) -> None:
    out = " ".join(call(*MINES, "--only", "smallest")[1].split())
    assert "One change takes it below 50%; 1 way to do it. 0%: Northland: annex held at yes" in out
    assert "That is every set up to that size." in out
    data = json.loads(call(*MINES, "--only", "smallest", "--threshold", "90%", "--json")[1])
    found = data["smallest_change"]
    assert (found["threshold"], found["size"], found["exhaustive"]) == (0.9, 1, True)
    assert all(each["chance"] >= 0.9 for each in found["sets"])


def test_a_large_crisis_is_not_searched_unasked(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.study.smallest.QUICK", 100)
    out = " ".join(call(*MINES, *QUICKLY)[1].split())
    assert "THE SMALLEST CHANGE It was not looked for" in out
    assert "`--smallest` looks for" in out
    assert json.loads(call(*MINES, *QUICKLY, "--json")[1])["smallest_change"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "event"), "events"),
        (("--levers", "nort"), "north"),
        (("--threshold", "1.5"), "probability"),
        (("--threshold", "half"), "30%"),
        (("--threshold", "0"), "probability"),
    ],
)
def test_what_cannot_be_changed_is_refused(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*MINES, *arguments)
    assert (status, out) == (2, "")
    assert said in err
