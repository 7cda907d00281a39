"""The report with draws: intervals, fans, what carries an answer and would change it, scenarios."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from report_sample import bare, crisis_of, drawn, ordered, raw, sample
from standoff.crisis.citations import citations
from standoff.present.account_words import labelled
from standoff.present.charts import Carried, Chart, as_chart, fan_chart, tornado_chart
from standoff.present.draws_words import interval, two_groups
from standoff.present.json import analysis_data
from standoff.present.report import PARTS, report_html
from standoff.present.report_account import MOST_BARS
from standoff.present.report_changes import changes
from standoff.present.svg import drawing
from standoff.present.text import as_text, render
from standoff.present.wording import between, likely, percent, points
from standoff.study.analysis import Analysis, analyse
from standoff.study.spread import Spread
from test_report import NASTY, Page, poisoned

MORE = {"scenarios", "why", "changes", "corrections"}
"""Sections that there are only with draws, or with an answer explained."""


@pytest.fixture(scope="module")
def source() -> str:
    return report_html(drawn())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


@cache
def part(name: str) -> str:
    """One section of the report, as HTML."""
    return section_of(drawn(), name)


def section_of(result: Analysis, name: str) -> str:
    return next(each.build(result) or "" for each in PARTS if each.identifier == name)


def said_in(markup: str) -> str:
    return Page(markup).text


def layers(chart: Chart, kind: str) -> list[Any]:
    return [each for each in chart["layer"] if each["mark"]["type"] == kind]


def spread(values: list[float]) -> Spread:
    """What some draws would leave open, without a fan."""
    known = np.array(values)
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else float("nan")
    low, high = np.quantile(known, (0.05, 0.95))
    nothing = np.zeros((1, 5))
    return Spread(len(known), 0, known, float(known.mean()), error, (float(low), float(high)),
                  np.zeros(1), nothing, nothing[:, 0])  # fmt: skip


# Intervals ----------------------------------------------------------------------------------------


def test_every_answer_stands_beside_what_the_draws_leave_open() -> None:
    bottom = said_in(part("answers"))
    for forecast in drawn().forecasts.values():
        assert forecast.spread is not None
        assert likely(forecast.probability) in bottom
        assert f"5-95% of draws: {between(*forecast.spread.interval)}" in bottom
    full = drawn().forecasts["full"].spread
    assert full is not None
    assert f"mean ± {100 * full.error:.1f} points" in bottom
    assert "mean over 32 draws" in bottom


def test_an_answer_that_is_another_at_central_values_says_so() -> None:
    full = drawn().forecasts["full"]
    assert abs(full.probability - full.central) > 0.02
    assert said_in(part("answers")).count("at central values") == 1
    assert f"at central values {likely(full.central)}" in said_in(part("answers"))


def test_the_interval_in_words() -> None:
    assert interval(spread([0.02, 0.09, 0.21])) == "5-95% of draws: 3-20%; mean ± 5.5 points"
    assert interval(spread([0.3, 0.3001])).endswith("mean ± under 0.1 points")
    assert interval(spread([0.3, 0.3])) == "5-95% of draws: 30%"
    assert interval(spread([0.3])) == "5-95% of draws: 30%"  # no error can be told from one


def test_draws_that_fall_into_two_groups_are_told() -> None:
    split = two_groups(spread([0.1] * 3 + [0.2] * 4 + [0.6] * 3))
    assert split == "The draws fall into two groups: 70% of them give 10-20%, and 30% give 60%."
    assert two_groups(spread([0.1, 0.15, 0.2, 0.25, 0.3])) == ""
    assert two_groups(spread([0.1] * 99 + [0.6])) == ""  # one stray draw is no group
    assert "fall into two groups" in part("answers")


def test_the_scale_shows_what_draws_leave_open_about_each_horizon() -> None:
    chart = as_chart(drawn())
    thin = next(
        each
        for each in layers(chart, "rule")
        if each["data"]["values"] and "low" in each["data"]["values"][0]
    )
    shown = [(each["low"], each["lower"], each["upper"], each["high"])
             for each in thin["data"]["values"]]  # fmt: skip
    for forecast, ends in zip(drawn().forecasts.values(), shown, strict=True):
        assert forecast.spread is not None
        assert ends == pytest.approx(np.delete(forecast.spread.fan[-1], 2))


# Fans ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(raw()["questions"]))
def test_a_fan_holds_the_numbers_of_its_spread(name: str) -> None:
    forecast = drawn().forecasts[name]
    known = forecast.spread
    assert known is not None
    chart = as_chart(forecast)
    outer, inner = (each["data"]["values"] for each in layers(chart, "area"))
    for n, (day, row, mean) in enumerate(zip(known.days, known.fan, known.mean, strict=True)):
        values = inner[n]
        assert outer[n] == values
        assert values["day"] == pytest.approx(day, abs=1e-6)
        names = ("low", "lower", "median", "upper", "high")
        assert [values[each] for each in names] == pytest.approx(row)
        assert values["mean"] == pytest.approx(mean)
    drawn_lines = {each["encoding"]["y"]["field"]: each for each in layers(chart, "line")}
    assert set(drawn_lines) == {"median", "mean", "central"}
    central = [(each["day"], each["central"])
               for each in drawn_lines["central"]["data"]["values"]]  # fmt: skip
    assert np.array(central) == pytest.approx(np.array(forecast.curve), abs=1e-6)
    dashes = {tuple(each["mark"].get("strokeDash", ())) for each in layers(chart, "line")}
    assert len(dashes) == 3  # lines are not told apart by colour alone


def test_the_draws_at_the_end_of_a_fan_are_all_there() -> None:
    forecast = drawn().forecasts["full"]
    assert forecast.spread is not None
    (bars,) = (each["data"]["values"] for each in layers(as_chart(forecast), "rect"))
    assert sum(bar["draws"] for bar in bars) == 32
    for bar in bars:
        inside = (forecast.spread.values >= bar["low"] - 0.004) & (
            forecast.spread.values < bar["high"] + 0.004
        )
        assert bar["draws"] == inside.sum()


def test_a_fan_marks_the_mean_at_every_horizon() -> None:
    pair = [drawn().forecasts["mines"], drawn().forecasts["mines_later"]]
    (points_,) = layers(fan_chart(pair), "point")
    shown = [(each["day"], each["mean"]) for each in points_["data"]["values"]]
    assert shown == [(each.days, each.probability) for each in pair]


def test_there_is_a_fan_for_every_question_with_draws_and_a_legend_in_words() -> None:
    over_time = part("curves")
    assert over_time.count('role="img"') == 7  # mines within 30 and 90 days share one
    for said in ("mean of the draws", "median", "at central values", "(25-75%)", "(5-95%)"):
        assert said in over_time
    assert "what the draws leave open" in over_time


@pytest.mark.parametrize("chart", ["fan", "account", "bars", "nothing"])
def test_new_charts_use_the_palette_and_nothing_else(chart: str) -> None:
    rows = [Carried("a", 0.3, 0.01), Carried("b", -0.2), Carried("c", 0.01, 0.02, told=False)]
    charts = {
        "fan": lambda: as_chart(drawn().forecasts["full"]),
        "account": lambda: as_chart(drawn().accounts["full"]),
        "bars": lambda: tornado_chart(rows, title="What carries it"),
        "nothing": lambda: tornado_chart([]),
    }
    there = drawing(charts[chart](), "test", "A test")
    assert not re.search(r'(?:fill|stroke)="(?!none|var\()', there)


# What carries an answer ---------------------------------------------------------------------------


def test_bars_reach_from_nought_to_their_share() -> None:
    rows = [Carried("a", 0.3, 0.01), Carried("b", -0.2), Carried("c", 0.01, 0.02, told=False)]
    chart = tornado_chart(rows)
    looks = [each for each in layers(chart, "rect") if each["data"]["values"]]
    bars = [(each["mark"], bar) for each in looks for bar in each["data"]["values"]]
    assert [(bar["zero"], bar["share"]) for _, bar in bars] == [(0, 0.3), (0, -0.2), (0, 0.01)]
    assert ["strokeDash" in mark for mark, _ in bars] == [False, False, True]
    whiskers = next(each["data"]["values"] for each in layers(chart, "rule")
                    if each["data"]["values"] and "low" in each["data"]["values"][0])  # fmt: skip
    assert [(each["low"], each["high"]) for each in whiskers] == [
        (pytest.approx(0.28), pytest.approx(0.32)),
        (pytest.approx(-0.03), pytest.approx(0.05)),
    ]
    said = json.dumps(chart, ensure_ascii=False)
    assert all(text in said for text in ('"+30 points"', '"−20 points"', '"+1 point"'))


@pytest.mark.parametrize("width", [330, 860])
def test_an_infinite_error_is_not_drawn(width: int) -> None:
    chart = tornado_chart([Carried("a", 0.3, float("inf"), told=False)], width=width)
    assert "Infinity" not in json.dumps(chart)


def test_every_bar_is_cited_to_its_passage_in_the_analysts_words() -> None:
    account, crisis = drawn().accounts["full"], drawn().crisis
    shown = [each for each in account.attribution.shares if abs(each.share) >= 0.005][:MOST_BARS]
    assert len(shown) >= 3
    items = re.findall(r"<li>(.*?)</li>", part("why"), re.S)
    assert len(items) == len(shown)
    assert any("trade passes" in item for item in items)
    for share, item in zip(shown, items, strict=True):
        said = said_in(f"<div>{item}</div>")
        assert said.startswith(points(share.share))
        for path in share.claims:
            claim = account.claims[path]
            assert (claim.because or "") in said
            for each in citations(claim.source):
                assert f"{crisis.sources[each.source].title} , {each.place}".rstrip(", ") in said
            assert claim.source or "No source given" in said


def test_what_cannot_be_told_from_zero_is_hollow_and_named() -> None:
    whole = drawn()
    account = whole.accounts["full"]
    first, second, *rest = account.attribution.shares
    shares = (first, replace(second, error=abs(second.share)), *rest)
    doubted = replace(account, attribution=replace(account.attribution, shares=shares, orders=8))
    markup = section_of(replace(whole, accounts={"full": doubted}), "why")
    assert "Hollow bars cannot be told from zero." in markup
    named = markup[markup.index("Not to be told from zero: ") :].split("</p>")[0]
    assert labelled(second, whole.crisis) in named
    assert labelled(first, whole.crisis) not in named
    assert "stroke-dasharray" in markup


def test_what_would_change_it_says_from_what_to_what() -> None:
    account = drawn().accounts["full"]
    markup = part("changes")
    central = account.attribution.central
    crossed = [point for point in account.tipping if point.value is not None]
    assert crossed
    for point in crossed:
        verb = "rises to" if point.threshold > central else "falls below"
        pattern = rf"{verb} {point.threshold:.0%} \([a-z ]+\) at {point.value:.3g}"
        assert re.search(pattern, said_in(markup))
        assert f"Now {point.present:.3g}, looked at from 0 to 20" in markup


def test_events_levers_and_the_smallest_change_are_there() -> None:
    found = drawn().what_if["full"]
    said = said_in(part("changes"))
    event = next(each for each in found.events.events if not each.asked_about)
    assert abs(event.effect) >= 0.005
    assert points(event.effect) in said
    assert found.smallest is not None
    assert "The smallest change that would" in said
    (levers,) = found.levers
    assert levers.caveat in said
    assert "Levers of patron" in said


def test_what_a_mistake_costs_is_there_with_its_source() -> None:
    found = drawn().corrections
    assert found is not None
    (alone,) = found.one_by_one
    moved = replace(alone, effects={**alone.effects, "full": 0.07})
    changed = replace(drawn(), corrections=replace(found, one_by_one=(moved,)))
    said = said_in(section_of(changed, "corrections"))
    assert "Will the blockade be full in 20 days? +7 points , to" in said
    assert "negligible; in fact major" in said
    assert "The patron blinked last year." in said
    assert "Strait brief , p7" in said


def test_a_mistake_that_costs_nothing_is_named_only() -> None:
    found = drawn().corrections
    assert found is not None
    (alone,) = found.one_by_one
    nothing = replace(alone, effects=dict.fromkeys(alone.effects, 0.0),
                      costs=dict.fromkeys(alone.costs, 0.0))  # fmt: skip
    changed = replace(drawn(), corrections=replace(found, one_by_one=(nothing,)))
    said = said_in(section_of(changed, "corrections"))
    assert "Corrected alone, these change hardly anything: Northland believes of patron" in said
    assert "Moves most" not in said


# Scenarios and robustness -------------------------------------------------------------------------


def test_scenarios_show_what_each_answers_and_what_leads_to_it() -> None:
    found = drawn().scenarios
    assert found is not None
    said = said_in(part("scenarios"))
    assert len(found.scenarios) > 1
    for number, each in enumerate(found.scenarios, 1):
        assert f"{number}. {each.name}" in said
        assert f"{percent(each.share)} of the draws ({len(each.draws)} of 32)" in said
        for outcome in each.outcomes:
            mean = percent(outcome.probability, estimated=True)
            assert f"{mean} {between(*outcome.interval)}" in said
        assert each.separated
        for rule in each.rules:
            assert rule.density is not None
            assert f"{percent(rule.density)} of the draws belong here (density)" in said
            assert f"it is so in {percent(rule.coverage)} (coverage)" in said
    assert "in the other draws" in said


def test_draws_of_one_kind_are_not_called_scenarios() -> None:
    found = drawn().scenarios
    assert found is not None
    one = replace(found, scenarios=found.scenarios[:1], silhouette=None, separations=())
    alone = replace(drawn(), scenarios=one)
    said = said_in(section_of(alone, "scenarios"))
    assert "They do not fall into kinds" in said
    assert "How it typically goes" in said
    assert "What leads to it" not in said


def test_a_story_is_dated() -> None:
    found = drawn().scenarios
    assert found is not None
    story = found.scenarios[0].story
    assert story is not None
    assert story.steps
    said = said_in(part("scenarios"))
    for step in story.steps:
        assert f"{10 + round(step.day)} Jan 2026" in said or step.day > 21
    assert "How it typically goes" in said


def test_shades_of_scenarios_never_stand_without_their_number() -> None:
    cells = re.findall(r'<td class="shade(\d)">(.*?)</td>', part("scenarios"))
    assert cells
    for shade, cell in cells:
        number = re.search(r"<strong>(?:above |below )?(\d+)%", cell)
        assert number is not None
        assert abs(int(number[1]) / 100 * 7 - int(shade) - 0.5) <= 0.6


def test_expectations_say_in_what_share_of_draws_they_hold() -> None:
    said = said_in(part("expectations"))
    for each in drawn().robustness.values():
        if each.share is not None and each.error:
            assert f"holds in {percent(each.share)} of 32 draws" in said
    assert any(each.share for each in drawn().robustness.values())


# The whole page -----------------------------------------------------------------------------------


def test_the_page_is_whole(page: Page) -> None:
    assert page.open == []
    known = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(known)) == len(known)
    for tag, attributes in page.tags:
        assert (attributes.get("href") or "#").startswith("#")
        if tag == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
    names = [tag for tag, _ in page.tags]
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(headings))
    links = {each["href"] for tag, each in page.tags if tag == "a"}
    sections = [each["id"] for tag, each in page.tags if tag == "section"]
    assert {f"#{name}" for name in sections} <= links
    assert set(sections) >= MORE


@pytest.mark.parametrize("result", [sample, ordered, bare])
def test_without_draws_and_accounts_there_are_no_empty_sections(result: Any) -> None:
    whole = Page(report_html(result()))
    sections = {str(each["id"]) for tag, each in whole.tags if tag == "section"}
    assert not sections & MORE
    for part_ in PARTS:
        built = part_.build(result())
        assert built is None or len(said_in(built)) > len(part_.title) + 10
    assert "of draws:" not in whole.text
    assert "± " not in whole.text


def test_nobody_mistaken_leaves_no_section_on_mistakes() -> None:
    data = raw()
    data["actors"]["north"].pop("believes")
    data["questions"] = {"mines": data["questions"]["mines"]}
    result = analyse(crisis_of(data | {"expects": {}}), explained=["mines"])
    assert section_of(result, "corrections") == ""
    assert section_of(result, "why") != ""


def test_no_text_of_a_crisis_can_become_markup_with_draws_either() -> None:
    data = poisoned(raw())
    data["questions"] = {"full": data["questions"]["full"]}
    data["expects"] = {}
    hostile = analyse(crisis_of(data), draws=16, explained=["full"])
    source = report_html(hostile)
    there = Page(source)
    assert there.open == []
    assert {each.get("type") for tag, each in there.tags if tag == "script"} == {"application/json"}
    assert not [each for _, each in there.tags if {"onerror", "onclick"} & set(each)]
    assert "img" not in {tag for tag, _ in there.tags}
    for name in ("why", "changes", "scenarios", "curves"):
        assert "alert(1)" in said_in(section_of(hostile, name))
    assert "\x1b" not in render(as_text(hostile))
    assert NASTY.split()[0] in there.text


def test_the_json_carries_all_of_it(page: Page) -> None:
    inside = json.loads(page.blocks["standoff-results"])
    assert inside == json.loads(json.dumps(analysis_data(drawn()), default=str))
    whole = drawn()
    assert inside["draws"] == 32
    account = inside["accounts"]["full"]
    assert account["attribution"]["central"] == pytest.approx(whole.forecasts["full"].central)
    assert account["answer"]["probability"] == whole.forecasts["full"].probability
    spread_ = whole.forecasts["war"].spread
    assert spread_ is not None
    assert inside["questions"]["war"]["spread"]["values"] == spread_.values.tolist()
    assert [each["share"] for each in inside["scenarios"]["scenarios"]] == [
        each.share for each in whole.scenarios.scenarios
    ]
    assert inside["what_if"]["full"]["levers"][0]["actor"] == "patron"
    assert inside["beliefs"]["situation"] == "january"
    assert inside["expectations"]["sooner"]["draws"] == 32


def test_changes_of_an_answer_can_be_told_without_what_else_there_might_be() -> None:
    alone = replace(drawn(), what_if={}, corrections=None)
    said = said_in(changes(alone) or "")
    assert "Weights at which it would tip" in said
    assert "If something were otherwise" not in said


# On the screen ------------------------------------------------------------------------------------


def test_the_screen_says_what_carries_the_answer_and_what_would_change_it() -> None:
    text = render(as_text(drawn()))
    said = " ".join(text.split())
    for heading in ("WHAT CARRIES THE ANSWER", "WHAT WOULD CHANGE IT", "SCENARIOS"):
        assert f"\n{heading}\n" in text
    assert text.index("BOTTOM LINE") < text.index("WHAT CARRIES") < text.index("SCENARIOS")
    full = drawn().forecasts["full"]
    assert likely(full.probability, interval=full.interval) in said
    for share in drawn().accounts["full"].attribution.shares[:5]:
        if share.told_from_zero:
            assert points(share.share) in said
    assert drawn().scenarios is not None
    for each in drawn().scenarios.scenarios:
        assert f"{each.name}: {percent(each.share)} of the draws" in said
    assert "Share of 32 draws in which they hold" in said


def test_without_draws_the_screen_has_none_of_it() -> None:
    text = render(as_text(sample()))
    for heading in ("WHAT CARRIES THE ANSWER", "WHAT WOULD CHANGE IT", "SCENARIOS"):
        assert heading not in text
