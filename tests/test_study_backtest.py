"""A backtest: earlier situations answer, the later record decides, and nothing leaks back."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest

import standoff
from standoff.crisis.errors import CrisisError
from standoff.present.json import dumps
from standoff.present.json_backtest import backtest_data
from standoff.present.report_scores import backtest as section
from standoff.present.text import as_text, render
from standoff.study.backtest import Backtest, backtest, hindsight
from standoff.study.forecast import forecast
from standoff.study.scores import brier_scores
from strait import strait


def recorded(**changes: Any) -> Any:
    """The strait, asked in two situations, and what then happened."""
    raw = strait()
    raw["situations"]["march"] = {"as_of": "2026-03-01", "state": {"north.blockade": "full"}}
    raw["questions"] |= {
        "full_soon": {"asks": "Full in 30 days?", "situation": "autumn",
                      "event": "north.blockade == full", "within": "30 days"},
        "full_later": {"asks": "Full in 150 days?", "situation": "autumn",
                       "event": "north.blockade == full", "within": "150 days"},
        "some": {"asks": "Some blockade on new year's day?", "situation": "autumn",
                 "event": "north.blockade >= partial", "at": "92 days"},
        "after": {"asks": "Still full?", "situation": "march",
                  "event": "north.blockade == full", "throughout": "5 days"},
    }  # fmt: skip
    raw["record"] = [
        {"date": "2025-11-20", "sets": {"north.blockade": "partial"}, "because": "Patrols."},
        {"date": "2026-02-20", "sets": {"north.blockade": "full"}, "disputed": True},
    ]
    return standoff.loads(dumps(raw | changes))


CRISIS = recorded()


@pytest.fixture(scope="module")
def result() -> Backtest:
    return backtest(CRISIS, resamples=200)


def test_situations_before_the_record_ends_answer_their_own_questions(result: Backtest) -> None:
    names = [each.forecast.question for each in result.backcasts]
    assert names[:3] == ["full_soon", "full_later", "some"]
    assert set(names[3:]) == {"mines", "mines_later", "annexed", "truce"}
    assert result.until == date(2026, 3, 1)
    assert result.undated == ("open", "calm")
    for each in result.backcasts:
        own = forecast(CRISIS, each.forecast.question)
        assert each.forecast.central == pytest.approx(own.central, abs=1e-9)
        assert each.forecast.situation == CRISIS.questions[each.forecast.question].situation


def test_the_record_decides_what_it_can_and_leaves_the_rest_open(result: Backtest) -> None:
    outcomes = {each.forecast.question: each.outcome for each in result.backcasts}
    assert outcomes["full_soon"] is False
    assert outcomes["full_later"] is True
    assert outcomes["some"] is True
    assert outcomes["mines"] is False
    assert outcomes["mines_later"] is None
    assert {each.forecast.question for each in result.open} >= {"mines_later", "annexed"}
    assert len(result.resolved) + len(result.open) == len(result.backcasts)


def test_the_scores_are_of_what_the_record_decides(result: Backtest) -> None:
    assert result.table is not None
    said = [each.forecast.probability for each in result.resolved]
    came = [bool(each.outcome) for each in result.resolved]
    assert result.table.n == len(said)
    assert result.table.brier.value == pytest.approx(float(brier_scores(came, said).mean()))
    skills = {each.reference: each for each in result.table.skills}
    assert list(skills) == ["base rate", "persistence", "uniform"]
    still = [each.unchanged for each in result.resolved]
    wrong = sum(one != other for one, other in zip(still, came, strict=True))
    assert skills["persistence"].reference_brier == pytest.approx(wrong / len(came))
    # Two horizons of one question are one piece of evidence.
    assert result.table.questions == result.table.n - 1


def test_nothing_that_came_later_enters_a_forecast(result: Backtest) -> None:
    raw = strait()
    later = {"date": "2025-12-20", "sets": {"south.mines": "yes"}}
    other = recorded(record=[later], situations=raw["situations"] | {
        "march": {"as_of": "2026-03-01", "state": {"south.mines": "yes"},
                  "with": {"south.interests.survive.weight": "negligible"}}})  # fmt: skip
    found = backtest(other, resamples=0, until=date(2026, 3, 1))
    before = {each.forecast.question: each for each in result.backcasts}
    for each in found.backcasts:
        assert each.forecast.central == before[each.forecast.question].forecast.central


def test_days_can_be_chosen() -> None:
    early = backtest(CRISIS, before=date(2026, 1, 1), until=date(2025, 12, 1), resamples=0)
    assert [each.forecast.question for each in early.resolved] == ["full_soon"]
    assert [each.forecast.question for each in early.open] == ["full_later", "some"]
    assert early.table is not None
    assert early.table.brier.interval is None
    with pytest.raises(CrisisError, match="no question belongs to a situation before 2020"):
        backtest(CRISIS, before=date(2020, 1, 1))


def test_without_a_record_there_is_nothing_to_test_against() -> None:
    with pytest.raises(CrisisError, match="no `record`"):
        backtest(recorded(record=[]))


def test_draws_are_scored_by_their_mean() -> None:
    found = backtest(CRISIS, before=date(2026, 1, 1), draws=4, resamples=0)
    assert found.draws == 4
    assert all(each.forecast.spread is not None for each in found.backcasts)
    said = [each.forecast.probability for each in found.resolved]
    assert said != [each.forecast.central for each in found.resolved]
    came = [bool(each.outcome) for each in found.resolved]
    assert found.table is not None
    assert found.table.brier.value == pytest.approx(float(brier_scores(came, said).mean()))


def test_claims_from_later_sources_are_counted() -> None:
    raw = strait()
    raw["sources"] = {
        "old": {"title": "Old", "published": "2025-08"},
        "new": {"title": "New", "published": "2026"},
        "vague": {"title": "Vague"},
    }
    interests = raw["actors"]["north"]["interests"]
    interests["open_sea"]["source"] = "old p1"
    interests["cost"]["source"] = "new p1; vague p2"
    raw["actors"]["south"]["interests"]["survive"]["source"] = "new p1; old p2"
    raw["actors"]["patron"]["interests"]["blood"]["source"] = "vague p1"
    crisis = standoff.loads(dumps(raw))
    autumn, january = (hindsight(crisis, name) for name in ("autumn", "january"))
    assert (autumn.later, autumn.dated) == (1, 3)
    assert (january.later, january.dated) == (0, 3)


def test_the_text_says_what_was_said_what_came_and_how_good_that_was(result: Backtest) -> None:
    said = " ".join(render(as_text(result)).split())
    assert "(p − o)² of each binary question" in said
    assert "Came out: yes, on 2026-02-20" in said
    assert "disputed" in said
    assert "Came out: no, by 2025-10-31" in said
    assert "not told from zero" in said or "+" in said
    assert "fewer than 20 resolved questions" in said
    assert "Still open on 2026-03-01, and not scored:" in said
    assert all(len(row) <= 80 for row in render(as_text(result)).splitlines())


def test_the_section_of_the_report_says_the_same_as_the_text(result: Backtest) -> None:
    said = str(section(result))
    assert said.count("<tr>") >= len(result.backcasts) + 4
    for each in result.backcasts:
        assert each.forecast.asks in html.unescape(said)
    assert "(p − o)² of each binary question" in said
    assert "not told from zero" in said
    assert section(None) is None


def test_what_the_crisis_says_cannot_break_out_of_the_report() -> None:
    raw = strait()["questions"]["mines"] | {"asks": "<script>alert(1)</script>?"}
    found = backtest(recorded(questions={"mines": raw}), resamples=0)
    assert "<script>" not in str(section(found))


def test_the_data_has_every_question_and_the_scores(result: Backtest) -> None:
    data = backtest_data(result)
    assert data["questions"]["full_later"]["outcome"] is True
    assert data["questions"]["full_later"]["disputed"] is True
    assert data["scores"]["brier"]["value"] == result.table.brier.value  # type: ignore[union-attr]
    assert data["open"] == [each.forecast.question for each in result.open]
    assert dumps(data)


def test_the_shipped_crisis_is_tested_against_its_own_record() -> None:
    crisis = standoff.load("karabakh-2020")
    found = backtest(crisis, before=date(2020, 9, 1), until=date(2020, 11, 1), resamples=0)
    outcomes = {each.forecast.question: each.outcome for each in found.backcasts}
    assert outcomes["war_from_july_2020"] is True
    assert outcomes["war_from_summer_2019"] is False  # it came weeks after that year was over
    assert outcomes["clash_from_april_2016"] is True
    assert outcomes["courting_after_april_2016"] is True
    assert outcomes["war_after_april_2016"] is False
    assert {each.situation for each in found.hindsight} == {
        "april-2016", "after-april-2016", "summer-2018", "summer-2019", "july-2020"
    }  # fmt: skip
    assert all(each.later == each.dated > 0 for each in found.hindsight)
