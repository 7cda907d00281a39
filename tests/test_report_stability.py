"""What the report says of stability and of beliefs, with and without a forecast."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

import standoff
from report_sample import bare, crisis_of, ordered, ordered_raw, raw, sample
from standoff.present.html import joined
from standoff.present.report import report_html
from standoff.present.report_stability import stability
from standoff.present.report_stability_views import mistakes
from standoff.present.report_stability_words import leaving_together
from standoff.study.analysis import Analysis, analyse
from test_report import Page

Raw = dict[str, Any]


def text_of(*content: Any) -> str:
    return Page(joined(*content)).text


def stable(result: Analysis) -> str:
    return text_of(stability(result))


def wrong(result: Analysis) -> str:
    return text_of(mistakes(result))


def actor(options: Raw, believes: Raw | None = None, **interests: Raw) -> Raw:
    pace = {"decides": "every week", "looks_ahead": "30 days"}
    return {**pace, "options": options, "interests": interests, "believes": believes or {}}


def bluff(believes: Raw | None = None) -> Raw:
    """The hawk stays only because it takes the guard for prouder than it is."""
    pride = {"value": 3, "because": "It boasts.", "source": "brief p3"}
    return {
        "crisis": "Bluff",
        "sources": {"brief": {"title": "Strait brief", "reliability": "B", "credibility": 2}},
        "actors": {
            "hawk": actor(
                {"attack": ["no", "yes"]},
                {"guard.interests.pride.weight": pride} if believes is None else believes,
                gain={"seeks": "attack", "weight": 1},
                fear={"avoids": "attack and guard.fight", "weight": 2},
            ),
            "guard": actor(
                {"fight": ["no", "yes"]},
                pride={"seeks": "not hawk.attack or fight", "weight": 0.5},
                cost={"avoids": "fight", "weight": 1},
            ),
        },
    }


def library(name: str) -> Analysis:
    return analyse(standoff.load(name))


@cache
def dilemma() -> Analysis:
    return library("prisoners-dilemma")


@cache
def bluffed() -> Analysis:
    return analyse(crisis_of(bluff()))


# What is stable -----------------------------------------------------------------------------------


def test_it_begins_with_the_answer() -> None:
    assert re.match(r"What is stable The start (lasts|does not last)[^.]*\. ", stable(sample()))
    assert "What is stable The start does not last: Northland would leave it. " in stable(ordered())
    solo = stable(bare())
    assert "The start lasts: no actor has anything better to go to. Solo has nothing" in solo


def test_it_says_who_would_leave_for_where_and_what_it_gains() -> None:
    text = stable(ordered())
    assert "Northland would leave by blockade partial → full (from 2nd of 4 to 1st of 4)." in text
    assert "South and patron have nothing better to go to." in text


def test_it_says_what_stops_an_actor() -> None:
    text = stable(dilemma())
    assert "The start lasts, because of what the others would do to whoever left it." in text
    assert (
        "The first could gain by choice cooperate → defect (from 2nd of 4 to 1st of 4), but then "
        "would come The second: choice cooperate → defect, and it would have no more than before."
    ) in text


def test_it_says_where_improvements_lead_and_who_would_leave_that_together() -> None:
    text = stable(library("elmira"))
    assert "Improvements lead from there to state 1 (Local governments: insist yes)" in text
    assert "unless Ontario Ministry of the Environment and Uniroyal Chemical Ltd left it" in text
    assert "Ontario Ministry of the Environment and Uniroyal Chemical Ltd would leave tog" in text


def test_every_equilibrium_that_matters_has_a_row_with_its_concepts_and_its_way() -> None:
    for result in (sample(), ordered(), dilemma()):
        text = stable(result)
        rows = text[text.index("The equilibria that matter") :]
        for place, each in enumerate(result.survey.equilibria, start=1):
            assert f" {place} . " in rows
            assert ("Nash, and so all others" in rows) or "nash" not in each.concepts
    assert "The first: choice cooperate → defect, then The second: choice" in stable(dilemma())
    assert "2 . As at the start" in stable(dilemma())
    assert "The start itself" in stable(dilemma())


def test_draws_are_told_where_a_claim_is_uncertain_and_not_where_none_is() -> None:
    text = stable(sample())
    assert "128 draws were taken from" in text
    assert "of 128 draws" in text[text.index("The way there") :]
    assert "In draws" not in stable(dilemma())
    assert "No claim that bears on this is uncertain." in stable(dilemma())


def test_every_concept_is_explained() -> None:
    text = stable(sample())
    for concept in ("Nash", "SEQ", "SSEQ", "GMR", "SMR"):
        assert re.search(rf"\b{concept} (An actor stays|It also stays|The same)", text)


def test_it_says_what_conditions_do_and_what_would_be_if_they_ran() -> None:
    text = stable(sample())
    assert "Conditions are held as they are at the start (weather calm)" in text
    assert "With conditions running instead, as in the next section" in text
    reading = sample().situations["january"].start
    assert ("the start would last" in text) == (not reading.leaves)
    assert "onditions" not in stable(dilemma())  # it has none


def test_the_graph_has_a_caption_a_legend_and_every_equilibrium() -> None:
    html = str(stability(sample()))
    figure = html[html.index('<figure id="state-graph"') : html.index("</figure>")]
    text = text_of(joined(type(stability(sample()))(figure + "</figure>")))
    assert "A box says where a state differs from the start" in text
    for place in range(1, len(sample().survey.equilibria) + 1):
        assert re.search(rf'font-weight="700">([\d, ]+, )?{place}[<,]', figure)
    assert "Nash: nobody can improve" in text
    assert figure.count('role="img"') == 1
    assert 'class="scroll" role="region" tabindex="0"' in figure


def test_where_there_is_nothing_to_draw_a_sentence_says_so() -> None:
    still = analyse(crisis_of({"crisis": "Still", "actors": {"a": actor({})}}))
    for result in (still, bare()):
        html = str(stability(result))
        assert "<svg" not in html
        assert "there is nothing to draw" in html


def test_what_was_not_computed_is_said() -> None:
    for result in (sample(), dilemma(), ordered()):
        for sentence in result.survey.not_computed:
            assert sentence in stable(result)


def test_nothing_is_an_empty_paragraph() -> None:
    for result in (sample(), ordered(), dilemma(), bare(), bluffed()):
        written = joined(stability(result), mistakes(result))
        assert not re.search(r"<(p|li|dd|ul|figcaption)( [^>]*)?></", written)


def test_of_coalitions_that_leave_the_smallest_are_told() -> None:
    stays = {("a",): [True], ("b",): [False], ("a", "b"): [False], ("a", "c"): [False]}
    cells = {c: np.array(each) for c, each in stays.items()}
    assert leaving_together({"seq": cells}, "seq", (0,)) == [("b",), ("a", "c")]
    assert leaving_together(None, "seq", (0,)) == []


# Who is wrong -------------------------------------------------------------------------------------


def test_a_start_that_a_mistake_upholds_is_said_to_be_one() -> None:
    text = stable(bluffed())
    assert (
        "The start lasts, because of what the others would do to whoever left it. It lasts only "
        "because hawk is wrong: seeing things as they are, hawk would leave."
    ) in text
    text = wrong(bluffed())
    assert "Hawk is wrong where it matters" in text
    assert "Hawk stays only because it is wrong. Hawk takes this to last." in text


def test_the_one_correction_that_would_end_it_is_told_with_its_source() -> None:
    assert (
        "It would end if hawk saw one thing as it is, guard: interest pride: it believes 3, in "
        "fact 0.5 ( Strait brief , p3 B2 ) ."
    ) in wrong(bluffed())


def test_that_only_several_corrections_together_would_end_it_is_told() -> None:
    believes = {"guard.interests.pride.weight": 3, "guard.interests.cost.weight": 0.2}
    text = wrong(analyse(crisis_of(bluff(believes))))
    assert "No single belief of hawk does it: only several corrected together would end it." in text
    assert "saw one thing as it is" not in text


def test_a_surprise_is_told_with_its_move() -> None:
    text = wrong(bluffed())
    assert "What would surprise whom" in text
    assert "hawk guard: fight yes guard would leave: fight yes → no" in text


def test_every_belief_stands_next_to_what_is_so_and_to_its_source() -> None:
    text = wrong(bluffed())
    assert "hawk guard: interest pride 3 0.5 It boasts. Strait brief , p3 B2" in text
    text = wrong(sample())
    assert "Northland patron: interest treaty negligible major The patron blinked" in text


def test_who_is_right_about_anothers_mistake_is_told_apart() -> None:
    data = bluff()
    data["actors"]["guard"]["believes"] = {
        "hawk.believes.guard.interests.pride.weight": 3,
        "hawk.believes.guard.interests.cost.weight": 2,
    }
    text = wrong(analyse(crisis_of(data)))
    assert "Guard is right (throughout) about what hawk believes of guard: interest pride." in text
    assert "guard hawk believes of guard: interest cost 2 1 " in text


def test_each_situation_has_its_row_and_says_how_conditions_are_taken() -> None:
    data = raw()
    data["situations"]["later"] = {"as_of": "2026-03-01", "state": {"north.blockade": "full"}}
    data["questions"], data["expects"] = {}, {}
    result = analyse(crisis_of(data))
    assert list(result.situations) == ["january", "later"]
    text = wrong(result)
    assert "10 January 2026" in text
    assert "1 March 2026 (later)" in text
    assert "Conditions run in this section" in text
    assert "Conditions are held" in wrong(ordered())


def test_a_belief_says_in_which_situations_it_is_held() -> None:
    data = raw()
    data["situations"]["later"] = {
        "as_of": "2026-03-01",
        "with": {"north.believes.patron.interests.treaty.weight": "minor"},
    }
    data["questions"], data["expects"] = {}, {}
    text = wrong(analyse(crisis_of(data)))
    assert "negligible major January" in text
    assert "minor major Later" in text


def test_without_beliefs_there_is_no_such_section() -> None:
    assert mistakes(dilemma()) is None
    assert mistakes(bare()) is None
    assert 'href="#mistakes"' not in report_html(dilemma())


# Without a forecast -------------------------------------------------------------------------------


def test_a_crisis_without_a_forecast_has_no_sections_that_need_one() -> None:
    page = Page(report_html(ordered()))
    sections = {each["id"] for tag, each in page.tags if tag == "section"}
    assert sections & {"scale", "curves", "actors", "red-lines"} == set()
    assert {"answers", "stability", "mistakes", "expectations", "claims", "reading"} <= sections
    links = {each.get("href") for tag, each in page.tags if tag == "a"}
    assert {f"#{name}" for name in sections} <= links
    assert page.open == []


def test_it_says_why_there_is_no_forecast_and_what_is_stable_instead() -> None:
    text = Page(report_html(ordered())).text
    bottom = text[text.index("Bottom line There") : text.index("Why, and what would last")]
    assert (
        "There is no forecast, because Northland, south and patron only order the states: they "
        "say what they prefer, not how much. 8 questions cannot be answered."
    ) in bottom
    assert "The start does not last: Northland would leave it." in bottom


@pytest.mark.parametrize("said", ["depth", "tau", "trajector", "Likelihood words", "%"])
def test_it_does_not_speak_of_probabilities(said: str) -> None:
    data = ordered_raw() | {"questions": {}, "expects": {}, "situations": {}}
    data["conditions"], data["record"] = {}, []
    assert said not in Page(report_html(analyse(crisis_of(data)))).text


def test_orders_are_among_the_claims_with_their_reasons() -> None:
    text = Page(report_html(ordered())).text
    assert "Its speeches." in text
    assert "Priorities, the most important first south: mines is no not south.mines" in text
    assert "blockade is full blockade == full It says so. Strait brief , p4 B2" in text
    assert "Ranking of states, the best first Northland: blockade is none and mines is no" in text
    assert "mines is yes and Northland: blockade is full; or Northland: annex is no" in text
    assert "south: ranking not mines {north.blockade: none, mines: no};" in text


def test_expectations_of_stability_are_told_and_others_said_not_to_be_checked() -> None:
    text = Page(report_html(ordered())).text
    assert "2 expectations about probabilities cannot be checked" in text
    assert "Not stable Northland: blockade is full, south: mines is no and patron: stance" in text
    assert "Under Nash and SEQ" in text
    assert "Against it north.blockade = full: stable for every actor (nash)" in text
    elmira = Page(report_html(library("elmira"))).text
    assert "Equilibria exactly these states: s5, s8 or s9" in elmira
    assert "For Ontario Ministry of the Environment and Uniroyal Chemical Ltd together" in elmira


def test_one_actor_without_amounts_is_enough_to_leave_no_forecast() -> None:
    data = bluff({})
    data["actors"]["guard"] = {"options": {"fight": ["no", "yes"]}, "priorities": ["not fight"]}
    data["actors"]["hawk"]["red_lines"] = {"honour": {"if": "guard.fight", "weight": "major"}}
    text = Page(report_html(analyse(crisis_of(data)))).text
    assert "because guard only orders the states: it says what it prefers, not how much." in text
    assert "There is no forecast, so there is nothing to move." in text


def test_the_lineage_inside_has_that_of_stability() -> None:
    inside = json.loads(Page(report_html(ordered())).blocks["standoff-lineage"])
    assert inside["stability"][0] == "in situation january"
    assert inside["outlooks"] == []
