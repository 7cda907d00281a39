"""Stability as text and as data: what a reader is told, and that it is what was computed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

import random_crises
import standoff
from standoff.crisis import Crisis
from standoff.present.json import OneLine, dumps
from standoff.present.json_stability import stability_data, stability_in_short, state_data
from standoff.present.stability_words import share_words
from standoff.present.text import as_text, render
from standoff.study.analysis import analyse
from standoff.study.expectations import check_expectations
from standoff.study.one_state import survey_state
from standoff.study.perceptions import find_perceptions, kinds_of, read_state
from standoff.study.stability import find_stable
from standoff.study.survey import Survey, compare_situations, survey_stability

STRAIT = Path(__file__).with_name("test_cli_strait.yaml")


def crisis_of(raw: dict[str, Any]) -> Crisis:
    return standoff.loads(json.dumps(raw))


def told(result: object, **what: object) -> str:
    """What a reader reads, on one line."""
    return " ".join(render(as_text(result, **what)).split())


def deterrence(*, fears: str = "5", answers: str = "1", **more: Any) -> Crisis:
    """One could attack the other, which answers if its honour outweighs its costs of 3.

    Parameters
    ----------
    fears
        How much the first believes the other's honour to weigh.
    answers
        How much it weighs.
    """
    pace = {"decides": "every 6 days", "looks_ahead": "60 days"}
    return crisis_of(
        {
            "crisis": "Deterrence",
            "actors": {
                "hawk": {
                    **pace,
                    "name": "The hawk",
                    "options": {"attack": ["no", "yes"]},
                    "interests": {
                        "gain": {"seeks": "attack and not dove.answer", "weight": 2},
                        "harm": {"avoids": "attack and dove.answer", "weight": 5},
                    },
                    "believes": {
                        "dove.red_lines.honour.weight": {
                            "value": fears,
                            "because": "It said so.",
                            "source": "talk p3",
                        }
                    },
                },
                "dove": {
                    **pace,
                    "options": {"answer": ["no", "yes"]},
                    "interests": {"cost": {"avoids": "answer", "weight": 3}},
                    "red_lines": {
                        "honour": {"if": "hawk.attack", "then": "answer", "weight": answers}
                    },
                },
            },
            "sources": {"talk": {"title": "Talk"}},
            **more,
        }
    )


def ordinal(**more: Any) -> Crisis:
    """Chicken, by what the two prefer and not how much."""
    actors = {
        name: {
            "options": {"course": ["swerve", "straight"]},
            "ranking": [
                {"course": "straight", f"{other}.course": "swerve"},
                {"course": "swerve", f"{other}.course": "swerve"},
                {"course": "swerve", f"{other}.course": "straight"},
                {"course": "straight", f"{other}.course": "straight"},
            ],
        }
        for name, other in (("east", "west"), ("west", "east"))
    }
    return crisis_of({"crisis": "Chicken", "actors": actors, **more})


@pytest.fixture(scope="module")
def strait() -> Crisis:
    return standoff.load(STRAIT)


@pytest.fixture(scope="module")
def january(strait: Crisis) -> Survey:
    return survey_stability(strait, "january")


# The first sentence -----------------------------------------------------------------------------


def test_first_it_is_said_whether_the_start_lasts_and_who_leaves_for_where(january: Survey) -> None:
    lines = render(as_text(january)).splitlines()
    assert lines[:2] == ["The strait", ""]
    assert lines[2].startswith("The state at the start does not last: The South would leave it")
    assert "(appeal no -> yes)" in told(january)
    assert "Improvements lead from there to one that would: The South: appeal yes;" in told(january)


def test_a_start_that_lasts_by_mistake_is_said_to() -> None:
    text = told(survey_stability(deterrence(fears="5", answers="1")))
    assert "The state at the start lasts: no actor would leave it." in text
    assert (
        "It lasts only because The hawk is wrong: knowing better, The hawk would leave it" in text
    )
    assert (
        "But as The hawk sees it: The hawk could change attack no -> yes (2 instead of 0)" in text
    )
    assert "But then dove: answer no -> yes, which leaves it at −5." in text


def test_a_start_that_is_left_by_mistake_is_said_to_be() -> None:
    text = told(survey_stability(deterrence(fears="1", answers="5")))
    assert "does not last: The hawk would leave it (attack no -> yes)" in text
    assert "It would last if nobody were wrong." in text


def test_who_leaves_goes_for_the_best_that_nothing_stops() -> None:
    crisis = crisis_of(
        {
            "crisis": "Probing",
            "actors": {
                "hawk": {
                    "options": {"attack": ["no", "probe", "full"]},
                    "priorities": ["not dove.answer", "attack == full", "attack == probe"],
                },
                "dove": {
                    "options": {"answer": ["no", "yes"]},
                    "priorities": ["hawk.attack != full or answer", "not answer"],
                },
            },
        }
    )
    text = told(survey_stability(crisis))
    assert "hawk would leave it (attack no -> probe); no answer" in text
    assert "hawk could change attack no -> full (1st of 6 instead of 3rd of 6). But then" in text


def test_by_nash_nobody_reckons_with_answers() -> None:
    text = told(survey_stability(deterrence(fears="5", answers="5"), concept="nash"))
    assert "The state at the start does not last: The hawk would leave it" in text
    assert "Judged by nash" in text
    assert "The hawk could change attack no -> yes (2 instead of 0)." in text


# Who holds what up ------------------------------------------------------------------------------


def test_a_sanction_is_the_moves_that_make_it_with_payoffs() -> None:
    crisis = deterrence(fears="5", answers="5")
    text = told(survey_stability(crisis))
    assert "The hawk could change attack no -> yes (2 instead of 0). But then dove: answer" in text
    assert "no -> yes, which leaves it at −5." in text
    state = told(survey_state(crisis, {}))
    assert "an equilibrium by gmr, smr, seq and sseq, and not by nash" in state
    assert "nash nothing stops it" in state
    assert "gmr, smr, seq, sseq dove: answer no -> yes; that leaves it at −5, with a way" in state
    assert "way back to 0 and no further" in state


def test_concepts_that_agree_share_a_line() -> None:
    text = render(as_text(survey_state(ordinal(), {})))
    assert text.count("nash, seq, sseq  nothing stops it") == 2
    assert "course swerve -> straight (1st of 4 instead of 2nd of 4)" in text
    assert "gmr, smr         west: course swerve -> straight; that leaves it at 4th of" in text


def test_concepts_by_which_other_moves_stop_it_do_not() -> None:
    crisis = crisis_of(
        {
            "crisis": "Escape",
            "actors": {
                "hawk": {
                    "options": {"attack": ["no", "feint", "full"]},
                    "ranking": [
                        {"attack": "full", "dove.answer": "no"},
                        {"attack": "feint", "dove.answer": "mild"},
                        {"attack": "no", "dove.answer": "no"},
                        "true",
                    ],
                },
                "dove": {
                    "options": {"answer": ["no", "mild", "harsh"]},
                    "priorities": ["hawk.attack == full and answer > no", "answer == mild"],
                },
            },
        }
    )
    text = told(survey_state(crisis, {}))
    assert "gmr, seq dove: answer no -> mild; that leaves it at 4th of 4 smr, sseq dove:" in text
    assert "answer no -> harsh; that leaves it at 4th of 4, with no way back up" in text


def test_states_are_named_by_what_differs_from_the_start(january: Survey) -> None:
    text = render(as_text(january))
    assert "  -  The South: appeal yes; patron: stance arm\n" in text
    assert "(gmr or smr):\n\n  -  as at the start\n" in render(as_text(survey_stability(ordinal())))


def test_the_way_there_is_a_sequence_of_moves(january: Survey) -> None:
    way = "way there The South: appeal no -> yes; then patron: stance aside -> arm"
    assert way in told(january)


def test_equilibria_of_which_the_same_is_to_be_said_stand_together(january: Survey) -> None:
    text = render(as_text(january))
    assert re.search(r"\n  -  Northland: blockade none; .*\n  -  Northland: blockade none, ", text)


def test_draws_are_told_in_words_with_the_number() -> None:
    unsure = deterrence(fears="5", answers="1..5")
    text = told(survey_stability(unsure, draws=64))
    assert re.search(r"seq and sseq in about half of 64 draws \(\d\d%\)", text)
    assert "draws" not in told(survey_stability(unsure, draws=0))
    sure = told(survey_stability(deterrence()))
    assert "draws" not in sure, "where nothing is uncertain they say nothing"


def test_words_for_shares_are_never_rounded_into_all_or_none() -> None:
    for draws in (3, 128, 100_000):
        for count in (1, draws // 2, draws - 1):
            text = share_words(count / draws, draws)
            assert not text.startswith(("all", "none"))
            assert "(0%)" not in text
            assert "(100%)" not in text
    assert share_words(0.0, 8) == "none of 8 draws"


def test_coalitions_that_would_leave_are_named() -> None:
    dilemma = standoff.load("prisoners-dilemma")
    text = told(survey_stability(dilemma))
    assert "together would leave it" in text
    assert "coalitions none would leave it" in text


# Who is wrong about what ------------------------------------------------------------------------


def test_a_belief_that_makes_the_difference_is_cited() -> None:
    text = told(survey_stability(deterrence(fears="5", answers="1")))
    assert "This belief of The hawk makes the difference:" in text
    assert "dove: red line honour, weight: 5, in fact 1 It said so. (talk p3)" in text


def test_a_surprise_is_the_move_that_makes_it() -> None:
    text = told(survey_stability(deterrence(fears="1", answers="5")))
    assert "The hawk takes to last - The hawk: attack yes but then dove: answer no -> yes" in text


def test_nobody_wrong_is_one_line() -> None:
    assert "all see the crisis as it is" in told(survey_stability(ordinal()))


@pytest.mark.parametrize("seed", range(12))
def test_every_state_is_of_the_kind_that_a_look_at_it_alone_gives(seed: int) -> None:
    crisis = crisis_of(random_crises.random_crisis(seed))
    views = find_perceptions(crisis, next(iter(crisis.situations), None))
    for concept in ("nash", "seq"):
        kinds = kinds_of(views, concept)
        for state in views.truth.space:
            reading = read_state(views, state, concept)
            assert [kind for kind, truth in kinds.items() if truth[state]] == [reading.kind]


def test_one_state_is_explained_as_its_mistaken_actors_see_it() -> None:
    text = told(survey_state(deterrence(fears="5", answers="1"), {}))
    assert "It lasts, but only because of what The hawk believes." in text
    assert "As The hawk sees it, it would stay by gmr, smr, seq and sseq; would leave by" in text
    assert "This belief of The hawk makes the difference:" in text


def test_situations_are_compared_in_a_table() -> None:
    situations = {
        "early": {"as_of": "2020-01-01"},
        "late": {"as_of": "2021-01-01", "with": {"dove.red_lines.honour.weight": 5}},
    }
    crisis = deterrence(fears="5", answers="1", situations=situations)
    text = told(analyse(crisis))
    table = text[text.index("2020-01-01 early") : text.index("WHAT EACH ACTOR")]
    assert table.startswith("2020-01-01 early lasts by mistake 1 state: hawk")
    assert "2021-01-01 late lasts, as all nothing nobody expect" in table
    kinds = {name: each.start.kind for name, each in compare_situations(crisis).items()}
    assert kinds == {"early": "mistaken", "late": "agreed"}


def test_without_situations_the_mistakes_are_told_in_short() -> None:
    wrong = told(analyse(deterrence(fears="5", answers="1")))
    assert "1 state lasts only because The hawk is wrong. The hawk would be surprised" in wrong
    right = told(analyse(deterrence(fears="1", answers="1")))
    assert "Nobody's mistakes change what lasts, or would surprise them." in right


# Layout -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_no_line_is_wider_than_it_may_be(january: Survey, width: int) -> None:
    shown = (
        january,
        survey_stability(ordinal()),
        survey_state(deterrence(), {}),
        survey_stability(deterrence(fears="1", answers="5")),
    )
    for result in shown:
        lines = render(as_text(result), width=width).splitlines()
        assert max(map(cell_len, lines)) <= width
        assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("seed", range(12))
def test_anything_can_be_told(seed: int) -> None:
    crisis = crisis_of(random_crises.random_crisis(seed))
    for situation in (None, *crisis.situations):
        result = survey_stability(crisis, situation, draws=8)
        assert "The state at the start" in told(result)
        state = result.equilibria[0].state if result.equilibria else result.stability.start
        levels = result.stability.space.state(state)
        assert told(survey_state(crisis, levels, situation))


def test_conditions_that_run_are_said_to(strait: Crisis) -> None:
    text = told(survey_stability(strait, "january", conditions="running"))
    assert "Conditions run:" in text
    assert "Shares of draws are taken with conditions held." in text
    assert "Conditions are held" in told(survey_stability(strait, "january"))
    assert "onditions" not in told(survey_stability(ordinal()))


# Data -------------------------------------------------------------------------------------------


def crises() -> list[Any]:
    named = [standoff.load(name) for name in ("chicken", "elmira", "prisoners-dilemma")]
    drawn = [crisis_of(random_crises.random_crisis(seed)) for seed in range(8)]
    mine = [deterrence(), deterrence(fears="1", answers="5"), ordinal(), standoff.load(STRAIT)]
    return [*named, *mine, *drawn]


@pytest.mark.parametrize("number", range(15))
def test_the_document_says_what_was_computed(number: int) -> None:
    crisis = crises()[number]
    situation = next(iter(crisis.situations), None)
    found = json.loads(dumps(stability_data(survey_stability(crisis, situation, draws=4))))
    stability = find_stable(crisis, situation)
    space = stability.space
    assert found["states"] == [space.state(index) for index in space]
    assert found["states"][found["start"]] == stability.crisis.start
    assert set(found["states"][0]) == set(crisis.variables)
    feasible = list(space)
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        assert list(found["stable"][concept]) == list(crisis.actors)
        for actor, truth in stability.stable[concept].items():
            stays = [i for i, index in enumerate(feasible) if truth[index]]
            assert found["stable"][concept][actor] == stays
        everybody = set.intersection(*map(set, found["stable"][concept].values()))
        assert set(found["equilibria"][concept]) == everybody
        for actor in crisis.actors:
            alone = found["coalitions"][concept][actor]
            assert alone == found["stable"][concept][actor]
        together = set.intersection(*map(set, found["coalitions"][concept].values()))
        assert set(found["no_coalition"][concept]) == together
        assert len(found["shares"]["equilibria"][concept]) == len(feasible)
    for each in found["ranked"]:
        start = found["states"][found["start"]]
        assert {**start, **each["differs"]} == found["states"][each["state"]]
        assert all(each["state"] in found["equilibria"][concept] for concept in each["concepts"])
        at = found["start"]
        for move in each["path"] or []:
            assert move["from"] == at
            at = move["to"]
            before, after = found["states"][move["from"]], found["states"][at]
            assert {**before, **move["changes"]} == after
            assert all(name.startswith(f"{move['actor']}.") for name in move["changes"])
        assert each["path"] is None or at == each["state"]


@pytest.mark.parametrize("seed", range(8))
def test_the_document_says_what_every_view_says(seed: int) -> None:
    crisis = crisis_of(random_crises.random_crisis(seed))
    situation = next(iter(crisis.situations), None)
    views = find_perceptions(crisis, situation)
    found = stability_data(survey_stability(crisis, situation, draws=0))["perceptions"]
    if found is None:
        assert not any(a.believes for a in views.truth.crisis.actors.values())
        return
    everything = set(range(len(list(views.truth.space))))
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        for actor in crisis.actors:
            own = stability_data(survey_stability(views.truth.crisis.as_seen_by(actor), draws=0))
            view = found["views"][actor]
            assert view["equilibria"][concept] == own["equilibria"][concept]
            assert view["stays"][concept] == own["stable"][concept][actor]
        stays = [set(found["views"][actor]["stays"][concept]) for actor in crisis.actors]
        assert set(found["hypergame"][concept]) == set.intersection(*stays)
        kinds = [set(states) for states in found["kinds"][concept].values()]
        assert set.union(*kinds) == everything
        assert sum(map(len, kinds)) == len(everything)
        seen = [set(found["views"][a]["equilibria"][concept]) for a in crisis.actors]
        assert set(found["inconsistent"][concept]) == (
            set(found["hypergame"][concept]) - set.intersection(*seen)
        )


def test_corrections_and_surprises_are_in_the_document() -> None:
    found = stability_data(survey_stability(deterrence(fears="5", answers="1")))["perceptions"]
    assert found["start"]["kind"] == "mistaken"
    assert found["corrections"] == [
        {
            "actor": "hawk",
            "belief": "dove.red_lines.honour.weight",
            "value": "5",
            "stays": False,
            "because": "It said so.",
            "source": "talk p3",
        }
    ]
    found = stability_data(survey_stability(deterrence(fears="1", answers="5")))["perceptions"]
    surprise = found["surprises"][0]
    assert surprise["actor"] == "hawk"
    assert surprise["move"]["changes"] == {"dove.answer": "yes"}


def test_a_state_as_data_has_every_cell() -> None:
    found = state_data(survey_state(deterrence(fears="5", answers="1"), {"hawk.attack": "yes"}))
    assert found["state"] == {"hawk.attack": "yes", "dove.answer": "no"}
    assert found["differs"] == {"hawk.attack": "yes"}
    assert {(cell["actor"], cell["concept"]) for cell in found["cells"]} == {
        (actor, concept)
        for actor in ("hawk", "dove")
        for concept in ("nash", "gmr", "smr", "seq", "sseq")
    }
    start = state_data(survey_state(deterrence(fears="5", answers="1"), {}))
    assert start["equilibrium"] == ["gmr", "smr"]
    assert list(start["own_views"]) == ["hawk"]
    (better,) = start["own_views"]["hawk"][3]["improvements"]
    assert (better["had"], better["gets"], better["ends"]) == (0.0, 2.0, -5.0)


def test_the_short_form_needs_no_list_of_states(strait: Crisis, january: Survey) -> None:
    found = stability_in_short(january, compare_situations(strait))
    assert found["counts"]["nash"] == len(stability_data(january)["equilibria"]["nash"])
    assert list(found["situations"]) == ["autumn", "january"]
    assert "states" not in found
    assert "state" not in found["ranked"][0]


def test_plain_lists_and_marked_mappings_take_one_line() -> None:
    data = {"a": [1, 2], "b": [OneLine(x=1, y=[2]), {"z": []}], "c": {}, "d": [], "e": None}
    assert json.loads(dumps(data)) == data
    assert dumps(data).splitlines()[1:4] == [
        '  "a": [1, 2],',
        '  "b": [',
        '    {"x": 1, "y": [2]},',
    ]


# Expectations, and crises without amounts -------------------------------------------------------


UNLIKE = [
    {"east.course": "swerve", "west.course": "straight"},
    {"east.course": "straight", "west.course": "swerve"},
]


def expects(form: str, **standing: Any) -> dict[str, Any]:
    return {"it": {"claim": "So it is.", form: {"concept": "nash", **standing}}}


@pytest.mark.parametrize(
    ("form", "standing", "holds", "said"),
    [
        (
            "equilibria",
            {"states": UNLIKE},
            True,
            "exactly these 2 states are equilibria (nash)",
        ),
        (
            "equilibria",
            {"states": ["true"], "concept": ["nash", "seq"]},
            False,
            "expected exactly these 4 states are equilibria (nash and seq)",
        ),
        ("equilibria", {"states": []}, False, "expected no state is an equilibrium (nash)"),
        (
            "stable",
            {"states": UNLIKE},
            True,
            "these 2 states are stable for every actor (nash)",
        ),
        (
            "stable",
            {"states": "true", "for": ["east", "west"]},
            False,
            "these 4 states are stable for east and west together (nash)",
        ),
        (
            "unstable",
            {"states": {"east.course": "straight", "west.course": "straight"}, "for": "east"},
            True,
            "this 1 state is not stable for east (nash)",
        ),
        (
            "unstable",
            {"states": UNLIKE},
            False,
            "none of these 2 states is stable for every actor (nash)",
        ),
    ],
)
def test_what_is_expected_of_stability_is_told(
    form: str, standing: dict[str, Any], holds: bool, said: str
) -> None:
    crisis = ordinal(expects=expects(form, **standing))
    verdict = check_expectations(crisis)["it"]
    assert verdict.holds is holds
    text = told(verdict, crisis=crisis)
    assert said in text
    assert text.startswith("holds" if holds else "FAILS")
    if not holds:
        assert f"found {verdict.against[0]}" in text
        assert all(sentence in text for sentence in verdict.against)


def test_an_expectation_names_its_views() -> None:
    crisis = deterrence(
        fears="5",
        answers="1",
        expects=expects("stable", states="hawk.attack", seen_by="hawk", conditions="running"),
    )
    text = told(check_expectations(crisis)["it"], crisis=crisis)
    assert "as seen by hawk, with conditions running" in text


def test_without_amounts_there_is_no_forecast_and_one_sentence_says_why() -> None:
    questions = {"q": {"asks": "Crash?", "event": "east.course == straight", "within": "9 days"}}
    forecast = {"claim": "Likely.", "chance": "q", "at_least": "1%"}
    crisis = ordinal(
        questions=questions, expects={**expects("stable", states="true"), "q": forecast}
    )
    text = told(analyse(crisis))
    assert text.count("a forecast needs to know how much actors want things") == 1
    assert "east, west say only in what order" in text
    assert "The state at the start does not last" in text
    assert "WHAT EACH ACTOR IS ABOUT TO DO" not in text
    assert "1 expectation asks for a forecast and could not be tried." in text


def test_what_actors_that_only_order_states_prefer_is_shown() -> None:
    text = told(ordinal())
    assert "prefers 1. {course: straight, west.course: swerve}" in text
    assert "None" not in text
    assert "decides" not in text
    crisis = crisis_of(
        {
            "crisis": "Wishes",
            "actors": {"a": {"options": {"act": ["no", "yes"]}, "priorities": ["act", "not act"]}},
        }
    )
    assert "prefers 1. act 2. not act" in told(crisis)
