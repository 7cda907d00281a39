"""`standoff stability`, and what other commands say of stability, as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import standoff
from calling import Call
from standoff.cli.commands import stability as command
from standoff.solve.stability import CONCEPTS
from standoff.study.stability import find_stable
from standoff.study.variation import Variation

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
STABILITY = ("stability", STRAIT, "--situation", "january")
KEYS = (
    *("crisis", "digest", "situation", "situations", "lineage", "conditions", "start", "states"),
    *("stable", "equilibria", "ranked", "at_start", "coalitions", "no_coalition", "perceptions"),
    *("draws", "shares", "limited_move", "settings", "not_computed"),
)


def document(call: Call, *arguments: str, status: int = 0) -> Any:
    """The JSON document that a command prints, and nothing else."""
    found, out, err = call(*arguments, "--json")
    assert found == status, err or out
    assert err == ""
    return json.loads(out)


def told(call: Call, *arguments: str) -> str:
    """What a command prints to be read, on one line."""
    status, out, err = call(*arguments)
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    return " ".join(out.split())


# The contract -----------------------------------------------------------------------------------


def test_the_document_has_the_keys_of_the_contract(call: Call) -> None:
    found = document(call, *STABILITY)
    assert tuple(found) == KEYS
    assert found["situation"] == "january"
    assert found["lineage"] == ["in situation january"]
    assert found["settings"] == {"concept": "seq", "conditions": "held", "draws": 128, "seed": 0}
    assert tuple(found["stable"]) == CONCEPTS == command.CONCEPTS
    assert len(found["states"]) == 54
    assert {state["weather"] for state in found["states"]} == {"calm"}
    assert found["perceptions"]["concept"] == "seq"
    assert found["limited_move"] is None


@pytest.mark.parametrize(
    ("options", "variation"),
    [
        ((), Variation(situation="january")),
        (("--seen-by", "north"), Variation(situation="january", seen_by=("north",))),
        (
            ("--seen-by", "south", "--seen-by", "north"),
            Variation(situation="january", seen_by=("south", "north")),
        ),
        (
            ("--holding", "patron.stance=fight", "--starting", "weather=storm"),
            Variation(
                situation="january",
                holding={"patron.stance": "fight"},
                starting={"weather": "storm"},
            ),
        ),
        (
            ("--without", "north.red_lines.mines", "--under", "bluff"),
            Variation(situation="january", without=("north.red_lines.mines",), under="bluff"),
        ),
        (
            ("--with", "south.interests.alone.weight=negligible"),
            Variation(situation="january", with_={"south.interests.alone.weight": "negligible"}),
        ),
    ],
)
def test_views_change_what_is_asked(
    call: Call, options: tuple[str, ...], variation: Variation
) -> None:
    found = document(call, *STABILITY, *options, "--draws", "0")
    stability = find_stable(standoff.load(STRAIT), variation=variation)
    states = [stability.space.state(index) for index in stability.space]
    assert found["states"] == states
    assert found["lineage"] == list(stability.crisis.lineage)
    for concept in CONCEPTS:
        truth = stability.equilibria(concept)
        stays = [i for i, index in enumerate(stability.space) if truth[index]]
        assert found["equilibria"][concept] == stays


def test_the_same_seed_gives_the_same_bytes(call: Call) -> None:
    assert call(*STABILITY, "--json")[1] == call(*STABILITY, "--json")[1]
    assert call(*STABILITY)[1] == call(*STABILITY)[1]
    assert document(call, *STABILITY, "--draws", "8", "--seed", "3")["settings"]["seed"] == 3


def test_without_draws_there_are_no_shares(call: Call) -> None:
    found = document(call, *STABILITY, "--draws", "0")
    assert (found["shares"], found["draws"]) == (None, None)
    assert found["ranked"][0]["shares"] == {}


def test_conditions_may_run(call: Call) -> None:
    found = document(call, *STABILITY, "--conditions", "running")
    assert found["conditions"] == "running"
    assert found["shares"] is None
    assert found["not_computed"] == ["Shares of draws are taken with conditions held."]


def test_another_concept_is_what_is_told_by(call: Call) -> None:
    assert "Judged by nash" in told(call, *STABILITY, "--concept", "nash")
    assert document(call, *STABILITY, "--concept", "nash")["perceptions"]["concept"] == "nash"


def test_limited_moves_are_for_two_who_are_never_indifferent(call: Call) -> None:
    found = document(call, "stability", "chicken", "--limited", "1")["limited_move"]
    assert found["moves"] == 1
    nash = document(call, "stability", "chicken")["stable"]["nash"]
    assert found["stable"] == nash, "who looks one move ahead looks at no answer"
    assert "If each looks 1 move ahead" in told(call, "stability", "chicken", "--limited", "1")


def test_a_crisis_that_is_too_large_to_list_is_refused_before_it_is_solved(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.present.json_stability.MOST_LISTED", 53)
    monkeypatch.setattr("standoff.study.survey.survey_stability", None)
    error = document(call, *STABILITY, status=2)["error"]
    assert "this crisis has 54, more than 53" in error


def test_text_is_made_of_crises_with_more_states_than_are_listed(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.present.json_stability.MOST_LISTED", 53)
    assert "of 54" in told(call, *STABILITY)


# What is to be read -----------------------------------------------------------------------------


def test_the_crisis_as_it_stands_names_the_situations_it_has(call: Call) -> None:
    text = told(call, "stability", STRAIT)
    assert "The crisis as it stands, in none of its situations. It has autumn, january." in text
    assert document(call, "stability", STRAIT)["situation"] is None
    assert document(call, "stability", STRAIT)["situations"] == ["autumn", "january"]
    assert "As of 2026-01-10 (january)." in told(call, *STABILITY)


def test_a_crisis_that_can_only_be_in_a_situation_says_so(call: Call) -> None:
    status, out, err = call("stability", "karabakh-2020")
    assert (status, out) == (2, "")
    assert "can never be" in err
    assert "--situation april-2016 or" in err


def test_views_are_named(call: Call) -> None:
    assert "Views: as seen by south; as seen by north." in told(
        call, *STABILITY, "--seen-by", "south", "--seen-by", "north"
    )


def test_one_state_is_explained(call: Call) -> None:
    state = "south.appeal=yes, patron.stance=arm"
    text = told(call, *STABILITY, "--explain", state)
    assert "The state with The South: appeal yes; patron: stance arm is an equilibrium by" in text
    found = document(call, *STABILITY, "--explain", state)
    assert found["differs"] == {"south.appeal": "yes", "patron.stance": "arm"}
    assert found["equilibrium"] == list(CONCEPTS)
    start = document(call, *STABILITY, "--explain", "start")
    assert start["differs"] == {}
    assert start["state"]["north.blockade"] == "partial"
    assert "The state at the start is" in told(call, *STABILITY, "--explain", "start")


def test_the_state_that_the_screen_proposes_can_be_explained(call: Call) -> None:
    text = told(call, *STABILITY)
    assert call(*STABILITY, "--explain", text.rpartition("--explain ")[2])[0] == 0


# Nonsense ---------------------------------------------------------------------------------------

REFUSED = {
    "two situations": (("--situation", "autumn"), "once only"),
    "actor": (("--seen-by", "nroth"), "Did you mean 'north'?"),
    "concept": (("--concept", "esq"), "did you mean `seq`?"),
    "conditions": (("--conditions", "runing"), "did you mean `running`?"),
    "draws below none": (("--draws", "-1"), "--draws: `-1` is not a whole number"),
    "too many draws": (("--draws", "100001"), "from 0 to 100000"),
    "seed": (("--seed", "x"), "--seed: "),
    "no move": (("--limited", "0"), "at least 1 move"),
    "limited moves of three": (("--limited", "2"), "it needs two actors, and this crisis has 3"),
    "option": (("--explain", "south.mine=yes"), "Did you mean 'south.mines'?"),
    "level": (("--explain", "patron.stance=figth"), "Did you mean 'fight'?"),
    "no level": (("--explain", "patron.stance"), "--explain takes NAME=LEVEL"),
    "two levels": (("--explain", "weather=calm,weather=storm"), "two values"),
    "condition that is held": (("--explain", "weather=storm"), "--starting weather=storm"),
    "option that is held": (
        ("--explain", "south.mines=yes", "--holding", "south.mines=no"),
        "south.mines is held at 'no'",
    ),
    "state that can never be": (
        ("--explain", "north.annex=yes,south.mines=yes"),
        "can never be (north.annex and south.mines)",
    ),
    "memory": (("--memory", "1kB"), "more than the limit"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_refused_in_a_sentence(call: Call, what: str) -> None:
    options, said = REFUSED[what]
    status, out, err = call(*STABILITY, *options)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert said in document(call, *STABILITY, *options, status=2)["error"]


def test_an_unknown_situation_is_refused(call: Call) -> None:
    status, out, err = call("stability", STRAIT, "--situation", "januray")
    assert (status, out) == (2, "")
    assert "Did you mean 'january'?" in err


def test_conditions_cannot_run_where_an_actor_only_orders_states(
    call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "storm.yaml"
    weather = {"weather": {"levels": ["calm", "storm"], "changes": []}}
    actor = {"options": {"act": ["no", "yes"]}, "priorities": ["act"]}
    file.write_text(json.dumps({"crisis": "S", "actors": {"a": actor}, "conditions": weather}))
    assert call("stability", str(file))[0] == 0
    status, out, err = call("stability", str(file), "--conditions", "running")
    assert (status, out) == (2, "")
    assert "only in what order" in " ".join(err.split())


# Other commands ---------------------------------------------------------------------------------


def test_a_forecast_of_what_is_only_ordered_is_refused(call: Call) -> None:
    status, out, err = call("forecast", "chicken")
    assert (status, out) == (2, "")
    assert "only in what order" in " ".join(err.split())


def test_expectations_about_stability_are_documents(call: Call) -> None:
    found = document(call, "test", "chicken")
    verdict = found["one_gives_way"]
    assert verdict["holds"] is True
    assert (verdict["form"], verdict["concepts"]) == ("equilibria", ["nash", "seq"])
    assert (verdict["for"], verdict["states"], verdict["against"]) == ([], 2, [])
    assert verdict["more_likely"] is None
    text = told(call, "test", "chicken")
    assert "exactly these 2 states are equilibria (nash and seq)" in text
    assert document(call, "test", STRAIT, status=1)["mined"]["form"] is None


def test_expectations_about_stability_that_fail_say_what_speaks_against_them(
    call: Call, tmp_path: Path
) -> None:
    text = Path(STRAIT).read_text().split("expects:")[0] + (
        "expects:\n"
        "  it:\n"
        "    claim: All is well.\n"
        "    stable: {concept: nash, states: 'true', situation: january}\n"
    )
    file = tmp_path / "crisis.yaml"
    file.write_text(text)
    verdict = document(call, "test", str(file), status=1)["it"]
    assert (verdict["form"], verdict["states"], len(verdict["against"])) == ("stable", 54, 3)
    status, out, _ = call("test", str(file))
    assert status == 1
    printed = " ".join(out.split())
    assert all(sentence in printed for sentence in verdict["against"])
    assert "expected these 54 states are stable for every actor (nash), in situation" in printed


def test_run_tells_what_would_last(call: Call, tmp_path: Path) -> None:
    status, out, _ = call("run", STRAIT, "--explain", "none", "--out", str(tmp_path))
    assert status == 0
    text = " ".join(out.split())
    assert "WHAT WOULD LAST The state at the start does not last: The South would leave" in text
    assert "Who was wrong about what, conditions running:" in text
    found = document(call, "run", STRAIT, "--explain", "none", "--out", str(tmp_path))["stability"]
    assert list(found["situations"]) == ["autumn", "january"]
    assert found["counts"]["nash"] == 5
    assert found["perceptions"]["counts"]["agreed"] == 5


def test_run_works_where_nothing_can_be_forecast(call: Call, tmp_path: Path) -> None:
    status, out, err = call("run", "chicken", "--out", str(tmp_path))
    assert (status, err) == (0, "")
    text = " ".join(out.split())
    assert "There is no forecast: a forecast needs to know how much actors want things" in text
    assert "The state at the start does not last" in text
    found = document(call, "run", "chicken", "--out", str(tmp_path))
    assert (found["outlooks"], found["questions"]) == (None, {})
    assert found["stability"]["counts"] == {"nash": 2, "gmr": 3, "smr": 3, "seq": 2, "sseq": 2}


def test_show_says_what_actors_prefer_who_only_order_states(call: Call) -> None:
    assert "prefers 1. {course: straight, second.course: swerve}" in told(call, "show", "chicken")
    ranking = document(call, "show", "chicken")["actors"]["first"]["ranking"]
    assert ranking[0] == [{"course": "straight", "second.course": "swerve"}]
