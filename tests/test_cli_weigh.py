"""`standoff weigh`: which explanation the record speaks for, on the screen and as JSON."""

import json
from pathlib import Path

import pytest

from calling import Call
from dam import dam


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "dam.yaml"
    path.write_text(json.dumps(dam()))
    return str(path)


FEW = ("--draws", "64", "--workers", "1")


def test_it_says_what_the_record_says(call: Call, file: str) -> None:
    status, out, err = call("weigh", file, *FEW)
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert said.index("The dam") < said.index("record") < said.index("THE ACCOUNTS")
    assert "64 draws of each account, seed 0" in said


def test_json_is_one_document_and_the_same_twice(call: Call, file: str) -> None:
    first = call("weigh", file, *FEW, "--json", "--seed", "3")
    assert first == call("weigh", file, *FEW, "--json", "--seed", "3")
    found = json.loads(first[1])
    assert list(found["accounts"]) == ["as_written", "greed", "fear"]
    assert (found["seed"], found["draws"]) == (3, 64)


def test_what_is_kept_serves_again_and_one_that_is_stopped_says_how_to_go_on(
    call: Call, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "kept"
    how = ("weigh", file, *FEW, "--json")
    assert call(*how, "--store", str(store)) == call(*how)
    assert {each.name[:6] for each in store.iterdir()} == {"draws-"}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("standoff.study.likelihood.RecordVersions.solve", stop)
    assert call(*how, "--store", str(store))[0] == 0
    status, out, err = call(*how, "--seed", "1", "--store", str(store))
    assert (status, out) == (130, "")
    assert err.startswith(f"the draws so far are kept in {store}; the same command goes on")


def test_with_no_draws_it_says_what_holds_at_central_values(call: Call, file: str) -> None:
    status, out, err = call("weigh", file, "--draws", "0", "--workers", "1")
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "At central values the record is likeliest under the crisis as written" in said
    assert "this is no posterior" in said
    data = json.loads(call("weigh", file, "--draws", "0", "--json")[1])
    assert data["known"] is False
    assert data["accounts"]["greed"]["log_likelihood_central"] < 0


def test_one_explanation_one_situation_and_a_day_can_be_chosen(call: Call, file: str) -> None:
    one = json.loads(call("weigh", file, *FEW, "--json", "--explanation", "greed")[1])
    assert list(one["accounts"]) == ["as_written", "greed"]
    asked = ("--situation", "summer", "--until", "2025-05-25")
    part = json.loads(call("weigh", file, *FEW, "--json", *asked)[1])
    assert [each["entry"] for each in part["clues"]] == [3, None]
    assert part["until"] == "2025-05-25"
    known = json.loads(call("weigh", file, *FEW, "--json", "--known-by", "2025-06-04")[1])
    assert 2 not in [each["entry"] for each in known["clues"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--draws", "1"), "--draws"),
        (("--draws", "0", "--store", "here"), "--store is about draws, and there are to be none"),
        (("--draws", "many"), "whole number"),
        (("--until", "yesterday"), "`yesterday` is not a day"),
        (("--known-by", "2025-02-30"), "not a day"),
        (("--explanation", "gred"), "greed"),
        (("--situation", "sumer"), "summer"),
        (("--until", "2025-02-01"), "no day of the record"),
    ],
)
def test_what_cannot_be_weighed_is_refused(
    call: Call, file: str, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call("weigh", file, *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_crisis_without_explanations_is_refused_in_a_sentence(call: Call) -> None:
    status, _, err = call("weigh", "chicken")
    assert status == 2
    assert "only in what order" in err
