"""What the screen of an analysis says of the record, and what its JSON does."""

from __future__ import annotations

from dataclasses import replace

from report_sample import bare, ordered, sample
from standoff.present.json import analysis_data
from standoff.present.json_weighing import weighing_data
from standoff.present.scores_words import hindsight_words, scored_sentence, with_interval
from standoff.present.text import as_text, render
from standoff.present.weighing_words import caveat, first_sentence
from standoff.study.analysis import Analysis


def told(result: Analysis) -> str:
    whole = " ".join(render(as_text(result)).split())
    return whole[whole.index("WHAT THE RECORD SAYS") :]


def test_the_screen_says_what_there_is_of_the_record_and_where_there_is_more() -> None:
    said = told(sample())
    assert "3 dated changes up to 20 Feb 2026; `standoff record show CRISIS` has" in said
    assert "`standoff backtest CRISIS`" in said
    assert "`standoff weigh CRISIS`" in said


def test_the_screen_says_how_good_forecasts_from_then_would_have_been() -> None:
    found = sample().backtest
    assert found is not None
    assert found.table is not None
    said = scored_sentence(found)
    assert said in told(sample())
    assert hindsight_words(found.hindsight) in told(sample())
    assert said.startswith("The record decides 5 of 6 questions that 1 earlier situation asked. ")
    assert with_interval(found.table.brier) in said
    assert "Skill against base rate +" in said
    none = scored_sentence(replace(found, table=None))
    assert none == "The record decides none of 6 questions that 1 earlier situation asked."


def test_the_screen_says_which_account_is_likeliest_at_central_values() -> None:
    found = sample().weighing
    assert found is not None
    said = told(sample())
    assert first_sentence(found) in said
    assert "written most: about 20 Jan 2026 (bluff 1.5 to 1)." in said


def test_the_screen_says_how_much_of_the_record_no_account_explains() -> None:
    found = sample().weighing
    assert found is not None
    assert caveat(found).startswith("At central values one of 2 parts of the record was all")
    assert caveat(found) in told(sample())
    likelier = replace(found, clues=found.clues[:1])
    assert caveat(likelier) == ""
    assert "all but impossible" not in told(replace(sample(), weighing=likelier))


def test_the_screen_says_why_explanations_are_not_weighed() -> None:
    said = told(replace(sample(), weighing=None, unweighed="it takes long"))
    assert "The explanations are not weighed here: it takes long. `standoff weigh CRISIS`" in said
    assert "central values the record" not in said


def test_without_a_record_nothing_is_said_of_it() -> None:
    assert "RECORD" not in render(as_text(bare()))
    data = analysis_data(bare())
    assert (data["weighing"], data["unweighed"], data["backtest"]) == (None, None, None)


def test_where_there_is_no_forecast_the_record_is_there_all_the_same() -> None:
    said = told(ordered())
    assert "has the timeline" in said
    assert "weigh" not in said
    assert "backtest" not in said


def test_json_has_both_and_no_forecast_twice() -> None:
    whole = sample()
    assert whole.weighing is not None
    data = analysis_data(whole)
    assert data["weighing"] == weighing_data(whole.crisis, whole.weighing)
    assert data["backtest"]["questions"]["full"]["outcome"] is False
    assert "forecast" not in data["backtest"]["questions"]["full"]
