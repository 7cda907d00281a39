"""The report: one page that stands alone, says everything, and can be trusted with any text."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import standoff
from report_sample import bare, crisis_of, raw, sample
from standoff.crisis.citations import citations
from standoff.present.html import data_block, element, escaped
from standoff.present.json import analysis_data
from standoff.present.report import report_html, write_report
from standoff.present.report_shared import dated
from standoff.present.scores_words import outcome_words
from standoff.present.weighing_words import first_sentence
from standoff.present.wording import likely, points
from standoff.study.analysis import Analysis, analyse
from standoff.study.survey import Mistakes
from standoff.study.variation import Variation

VOID = {"meta", "br", "hr", "img", "link", "wbr", "input"}


class Page(HTMLParser):
    """What is on a page: its elements, its text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.blocks: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["script"]:
            self.blocks[str(self.tags[-1][1]["id"])] = data
        elif self.open[-1:] != ["style"]:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture(scope="module")
def source() -> str:
    return report_html(sample())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# It stands alone ----------------------------------------------------------------------------------


def test_every_tag_is_closed(page: Page) -> None:
    assert page.open == []


def test_nothing_is_fetched_from_anywhere(source: str, page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "action", "background", "poster"} & attributes.keys()
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    style = " ".join(re.findall(r"<style>(.*?)</style>", source, re.S))
    style += " ".join(value or "" for _, each in page.tags for value in each.values())
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", style)


def test_there_is_no_script_that_runs(page: Page) -> None:
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert {each.get("type") for each in scripts} == {"application/json"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript")


def test_every_id_is_unique_and_every_reference_leads_somewhere(page: Page) -> None:
    known = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(known)) == len(known)
    for _, attributes in page.tags:
        if target := attributes.get("href"):
            assert target.removeprefix("#") in known
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in known


def test_it_is_one_document_in_one_language(source: str, page: Page) -> None:
    assert source.startswith('<!DOCTYPE html>\n<html lang="en">')
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == names.count("main") == source.split("</head>")[0].count("<title>")
    assert names.count("h1") == 1
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_every_list_says_how_it_is_laid_out(source: str) -> None:
    """Without a class its dots hang out of the page; those of the contents have none."""
    assert source.count("<ul>") == source[: source.index("</nav>")].count("<ul>") > 0


def test_every_chart_has_a_description(page: Page) -> None:
    drawn = [attributes for tag, attributes in page.tags if tag == "svg"]
    charts = [each for each in drawn if each.get("aria-hidden") != "true"]  # samples of a legend
    assert len(charts) >= 8
    assert all(each["role"] == "img" and each["aria-labelledby"] for each in charts)


def test_the_same_analysis_gives_the_same_bytes(source: str) -> None:
    assert report_html(sample()) == source


def test_a_report_goes_where_it_is_told(tmp_path: Path) -> None:
    whole = bare()
    assert write_report(whole, tmp_path / "deep" / "folder") == tmp_path / "deep/folder/report.html"
    path = write_report(whole, str(tmp_path / "here.html"))
    assert path.read_bytes().decode() == report_html(whole)
    assert write_report(whole, tmp_path / "here.html") == path


# It says everything -------------------------------------------------------------------------------


def test_every_answer_is_a_word_with_its_number(page: Page) -> None:
    bottom = page.text[page.text.index("Bottom line From") : page.text.index("All questions on")]
    for forecast in sample().forecasts.values():
        assert likely(forecast.central, error=forecast.error) in bottom
        if forecast.closes is not None:
            assert f"{forecast.closes.day} " in bottom
    assert "Resolves Announced by the South. 90 days: As for 30 days, or photographed." in bottom
    assert "standard error" in bottom
    assert "almost no chance (0%)" in bottom  # what can never be is exact


def test_questions_that_differ_in_their_horizon_share_a_line(page: Page) -> None:
    bottom = page.text[page.text.index("Bottom line From") : page.text.index("All questions on")]
    assert bottom.count("Will the South lay mines?") == 1
    assert "within 30 days, by 9 Feb 2026" in bottom
    assert "within 90 days, by 10 Apr 2026" in bottom
    assert "after 20 days, on 30 Jan 2026" in bottom
    assert "all the time for 10 days, to 20 Jan 2026" in bottom
    assert "beginning within 30 days, by 9 Feb 2026, and lasting 10 days" in bottom


def test_questions_are_sorted_by_where_they_start(page: Page) -> None:
    assert page.text.index("From 10 January 2026") < (
        page.text.index("From the state that the file gives")
    )


def test_every_question_stands_there_as_it_was_asked(page: Page) -> None:
    for question in sample().crisis.questions.values():
        assert question.asks in page.text


def test_what_actors_do_is_there_in_every_view(page: Page) -> None:
    outlooks = sample().outlooks
    for outlook in outlooks.outlooks:
        for chance in (levels[name] for levels in outlook.later.values() for name in levels):
            if len(outlook.later) == 1:
                assert likely(chance) in page.text
    assert "blockade: partial → full" in page.text
    assert "As Northland believes" in page.text


def test_differences_of_five_points_are_marked_and_smaller_ones_are_not(source: str) -> None:
    outlooks = sample().outlooks
    here = outlooks.of("patron").later["patron.stance"]["arm"]
    seen = outlooks.of("patron", "north").later["patron.stance"]["arm"]
    assert abs(seen - here) > 0.05
    assert f'<td class="differs">{likely(seen)} <span class="off">{points(seen - here)}' in source
    for cell in re.findall(r'<span class="off">([^<]*)', source):
        assert int(re.findall(r"\d+", cell)[0]) >= 5


def test_red_lines_show_what_they_do_to_each_question(page: Page) -> None:
    for effect in sample().effects:
        for name, without in effect.without_it.items():
            said = points(effect.with_it[name] - without).removesuffix("s").removesuffix(" point")
            assert ("0" if said == "no change" else said) in page.text
    assert "south: mines is yes south.mines" in page.text  # the condition, in words and as written
    assert "blockade is at least partial blockade >= partial" in page.text


def test_expectations_that_fail_come_first(page: Page) -> None:
    assert [verdict.holds for verdict in sample().verdicts.values()] == [True, False, True]
    fails = page.text.index("Does not hold The South never lays mines.")
    assert fails < page.text.index("Holds Mines are likelier than a full blockade.")
    assert "2 of 3 hold." in page.text
    for verdict in sample().verdicts.values():
        for number in (verdict.more_likely, verdict.than, verdict.chance):
            assert number is None or likely(number) in page.text
    assert "without Northland: red line mines" in page.text
    assert "held so that patron: stance is arm" in page.text


def claims_in(node: Any) -> list[dict[str, Any]]:
    """Every part of a crisis that has a source."""
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = [claim for each in inside for claim in claims_in(each)]
    return (
        [node, *found] if isinstance(node, dict) and isinstance(node.get("source"), str) else found
    )


def test_every_claim_stands_next_to_its_source(source: str, page: Page) -> None:
    crisis = sample().crisis
    said = squeezed(page.text)
    found = claims_in(raw())
    assert len(found) >= 8
    for claim in found:
        for each in citations(claim["source"]):
            known = crisis.sources[each.source]
            grade = f"{known.reliability}{known.credibility}"
            assert (
                squeezed(f"{known.title}, {each.place} {grade}" if each.place else known.title)
                in said
            )
        if "because" in claim:
            assert squeezed(claim["because"] + crisis.sources["brief"].title) in said
    assert 'Harbour talk</a> <span class="grade">F6</span> <span class="warned">disputed' in source


def test_a_claim_without_a_source_says_so(page: Page) -> None:
    assert "No source given" in page.text


def test_the_rest_of_the_file_is_there(page: Page) -> None:
    for said in (
        "confrontation Northland: blockade is full and south: mines is yes",
        "What can never be",
        "Is it bluffing?",
        "1. 4 Jan 2026: Northland: blockade is partial",
        "2. about 20 Jan 2026: south: appeal is yes It asks for help.",
        "3. 20 Feb 2026: Northland: blockade is full (disputed)",
        "B, usually reliable; 2, probably true",
        "in fact major",
        "From calm to storm: every 30 days",
        "at the start northland: blockade is partial".capitalize(),
        "depth 4, tau 1.5, seed 0",
    ):
        assert squeezed(said).lower() in squeezed(page.text).lower(), said


def test_what_the_record_says_of_the_explanations_is_there(page: Page) -> None:
    found = sample().weighing
    assert found is not None
    assert found.draws == 0
    assert first_sentence(found) in page.text
    told = page.text[page.text.index("Each account at central values") :]
    assert f"Bluff Is it bluffing? log-likelihood {found.accounts['bluff'].central:.2f}" in told
    assert "standoff weigh CRISIS averages over the ranges; by the size of a crisis" in told


def test_explanations_that_are_not_weighed_are_said_not_to_be() -> None:
    large = replace(sample(), weighing=None, unweighed="it takes long for a crisis of this size")
    text = Page(report_html(large)).text
    assert "They are not weighed here: it takes long for a crisis of this size." in text
    assert "standoff weigh CRISIS" in text


def test_the_backtest_is_there(page: Page) -> None:
    found = sample().backtest
    assert found is not None
    told = page.text[page.text.index("Would it have been right before?") :]
    for each in found.backcasts:
        assert outcome_words(found.crisis, each) in told
        assert likely(each.forecast.central, error=each.forecast.error) in told


def test_the_reader_is_told_what_the_words_and_numbers_mean(page: Page) -> None:
    assert "How to read this" in page.text
    assert "very unlikely 5% to below 20%" in page.text
    assert "What the numbers are not" in page.text


def test_the_contents_list_every_section(page: Page) -> None:
    links = [each["href"] for tag, each in page.tags if tag == "a" and each.get("href")]
    sections = [f"#{each['id']}" for tag, each in page.tags if tag == "section"]
    assert len(sections) == 17
    assert set(sections) <= set(links)


def test_nothing_uncertain_is_called_certain(page: Page) -> None:
    axis = page.text.count("100%")
    curves = sum(tag == "svg" for tag, _ in page.tags)
    assert axis <= curves  # as the end of an axis only
    zeros = re.findall(r"\w+ \w+ \(0%\)", page.text)
    assert set(zeros) <= {"no chance (0%)"}


# What is inside -----------------------------------------------------------------------------------


def test_the_crisis_inside_is_the_crisis(page: Page) -> None:
    assert standoff.loads(page.blocks["standoff-crisis"]) == sample().crisis


def test_the_results_inside_are_the_results(page: Page) -> None:
    inside = json.loads(page.blocks["standoff-results"])
    assert inside == json.loads(json.dumps(analysis_data(sample()), default=str))
    assert inside["questions"]["mines"]["central"] == sample().forecasts["mines"].central


def test_the_lineage_inside_names_the_views(page: Page) -> None:
    lineage = json.loads(page.blocks["standoff-lineage"])
    assert lineage["outlooks"] == ["in situation january"]
    assert lineage["questions"]["mines"] == ["in situation january"]


# Any text -----------------------------------------------------------------------------------------

NASTY = (
    '"><script>alert(1)</script></title></style></textarea><!-- <img src=x onerror=alert(2)> '
    "' onclick='x' --> ]]> &lt; \u2028 </script > {{x}} ${y} \\u003c 100%"
)


def poisoned(node: Any, key: str = "") -> Any:
    """Put nasty words into every text of a crisis that is prose."""
    if isinstance(node, dict):
        return {name: poisoned(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [poisoned(each, key) for each in node]
    prose = {"crisis", "summary", "title", "author", "because", "asks", "resolves", "claim", "name"}
    return f"{node} {NASTY}" if key in prose and isinstance(node, str) else node


def nasty() -> Analysis:
    """The sample with nasty words in all of its prose, not computed again."""
    whole = sample()
    crisis = crisis_of(poisoned(raw()))
    there = crisis.in_situation("january")

    def elsewhere(told: Mistakes) -> Mistakes:
        views = told.perceptions
        return replace(
            told,
            perceptions=replace(
                views,
                truth=replace(views.truth, crisis=there),
                views={by: replace(view, crisis=there) for by, view in views.views.items()},
            ),
        )

    assert whole.survey.mistakes is not None
    assert whole.weighing is not None
    assert whole.backtest is not None
    return replace(
        whole,
        crisis=crisis,
        weighing=replace(
            whole.weighing,
            accounts={
                name: replace(each, asks=f"{each.asks} {NASTY}")
                for name, each in whole.weighing.accounts.items()
            },
        ),
        backtest=replace(
            whole.backtest,
            crisis=crisis,
            backcasts=tuple(
                replace(each, forecast=replace(each.forecast, asks=f"{each.forecast.asks} {NASTY}"))
                for each in whole.backtest.backcasts
            ),
        ),
        survey=replace(
            whole.survey,
            stability=replace(whole.survey.stability, crisis=there),
            mistakes=elsewhere(whole.survey.mistakes),
        ),
        situations={name: elsewhere(told) for name, told in whole.situations.items()},
        forecasts={
            name: replace(each, asks=crisis.questions[name].asks)
            for name, each in whole.forecasts.items()
        },
        verdicts={
            name: replace(each, claim=crisis.expects[name].claim)
            for name, each in whole.verdicts.items()
        },
    )


def test_no_text_of_a_crisis_can_become_markup(page: Page) -> None:
    source = report_html(nasty())
    there = Page(source)
    assert there.open == []
    plain = [(tag, sorted(attributes)) for tag, attributes in page.tags if tag not in TEXTUAL]
    assert [(tag, sorted(each)) for tag, each in there.tags if tag not in TEXTUAL] == plain
    assert "alert(1)" in there.text
    assert standoff.loads(there.blocks["standoff-crisis"]) == nasty().crisis


TEXTUAL = {"tspan", "text", "g", "path", "line", "svg", "rect"}
"""Elements whose number depends on how long texts are."""


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "&amp;", "\u2028\u2029", "]]>"])
def test_a_data_block_cannot_be_left(text: str) -> None:
    block = data_block({"a": text}, "x")
    inside = block.split(">", 1)[1].rsplit("<", 1)[0]
    assert "<" not in inside
    assert json.loads(inside) == {"a": text}


def test_elements_escape_what_they_hold() -> None:
    assert element("p", "<b>", ["&", None], title='"') == '<p title="&quot;">&lt;b&gt;&amp;</p>'
    assert element("br") == "<br>"
    assert escaped("a\x00b\x1bc\ud800") == "a\ufffdb\ufffdc\ufffd"
    assert html.unescape(escaped("'\"<>&")) == "'\"<>&"


# Little, and other than usual ---------------------------------------------------------------------


def test_a_crisis_with_one_actor_and_nothing_else_has_a_report() -> None:
    page = Page(report_html(bare()))
    assert page.open == []
    for said in ("The crisis asks no question.", "no red lines", "no expectations", "no sources"):
        assert said in page.text


def test_a_report_names_the_views_that_were_taken() -> None:
    changed = analyse(
        crisis_of(raw() | {"expects": {}, "questions": {}}),
        variation=Variation(holding={"patron.stance": "arm"}, seen_by=("south",)),
    )
    text = Page(report_html(changed)).text
    assert "Views holding patron.stance = arm; as seen by south" in text


def test_at_depth_nought_nobody_moves() -> None:
    still = analyse(crisis_of(raw() | {"expects": {}}), depth=0)
    page = Page(report_html(still))
    assert "It never decides: at depth 0 nobody moves." in page.text


def test_a_date_is_followed_by_a_name_only_if_that_says_more() -> None:
    data = raw()
    data["situations"]["january_2026"] = data["situations"]["january"]
    data["situations"]["thaw"] = data["situations"]["january"]
    crisis = crisis_of(data)
    assert dated(crisis, "january_2026") == "10 January 2026"
    assert dated(crisis, "thaw") == "10 January 2026 (thaw)"
