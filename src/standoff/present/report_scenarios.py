"""The kinds of outcome that draws have: what each answers, what leads to it, how it goes."""

from __future__ import annotations

from datetime import timedelta

from standoff.crisis import Crisis
from standoff.present.alike import Alike, alike
from standoff.present.charts_shared import day_text
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import plain, variable
from standoff.present.report_shared import bar, chance, cited, dated, scrolling, section
from standoff.present.scenario_words import limit_in_words, when, why_so_many
from standoff.present.theme import STEPS
from standoff.present.wording import between, percent
from standoff.present.words import counted, span
from standoff.study.analysis import Analysis
from standoff.study.scenarios import Outcome, Rule, Scenario, Scenarios
from standoff.study.stories import Step, Story

_ROWS = 8
_WORTH_A_ROW = 0.05


def scenarios(result: Analysis) -> Markup | None:
    """Return the scenarios; None if none were looked for."""
    found = result.scenarios
    if found is None:
        return None
    return section(
        "scenarios",
        "Scenarios",
        element("p", _introduction(result.crisis, found)),
        _kinds(result, found) if len(found.scenarios) > 1 else _only(result, found),
        element("p", _notes(found), class_="note"),
    )


def _introduction(crisis: Crisis, found: Scenarios) -> str:
    since = "" if found.situation is None else f" from {dated(crisis, found.situation)}"
    return (
        f"What the ranges in the file leave open, as a few kinds of outcome: "
        f"{counted(found.draws, 'draw')} of {counted(found.numbers, 'uncertain number')}, put "
        f"together by what they answer to the {counted(len(found.questions), 'question')}{since}."
    )


def _kinds(result: Analysis, found: Scenarios) -> Content:
    return [
        _answers(result, found),
        [_scenario(result, found, each, number) for number, each in enumerate(found.scenarios, 1)],
    ]


def _only(result: Analysis, found: Scenarios) -> Content:
    """What there is to say if all draws are of one kind."""
    (only,) = found.scenarios
    return [
        element("p", "They do not fall into kinds: their answers differ by degrees, as the "
                     "intervals above say."),
        _story(result, only.story) if only.story is not None else None,
    ]  # fmt: skip


# What each answers --------------------------------------------------------------------------------


def _answers(result: Analysis, found: Scenarios) -> Content:
    """Every question in every scenario, those in which they differ most first."""
    groups = alike(result.crisis, [result.forecasts[name] for name in found.questions])
    rows = [(group, each.question) for group in groups for each in group.forecasts]
    rows.sort(key=lambda row: -_apart(found, row[1]))
    count = min(_ROWS, sum(_apart(found, name) >= _WORTH_A_ROW for _, name in rows))
    first, rest = rows[: max(1, count)], rows[max(1, count) :]
    return [
        element("h3", "What each answers"),
        _table(result, found, first, "The questions that tell the scenarios apart"),
        element(
            "details",
            element("summary", f"The other {counted(len(rest), 'question')}"),
            _table(result, found, rest, "The other questions"),
        )
        if rest
        else None,
    ]


def _apart(found: Scenarios, question: str) -> float:
    chances = [_outcome(each, question).probability for each in found.scenarios]
    return max(chances) - min(chances)


def _outcome(scenario: Scenario, question: str) -> Outcome:
    return next(each for each in scenario.outcomes if each.question == question)


def _table(
    result: Analysis, found: Scenarios, rows: list[tuple[Alike, str]], caption: str
) -> Markup:
    table = element(
        "table",
        element("caption", f"{caption}: the mean in each, and where 90% of its draws lie"),
        element(
            "thead",
            element(
                "tr",
                element("td"),
                [
                    element("th", element("strong", f"{number}. {percent(each.share)}"),
                            f" {each.name}", scope="col")
                    for number, each in enumerate(found.scenarios, 1)
                ],
            ),
        ),
        element(
            "tbody",
            [
                element(
                    "tr",
                    element("th", f"{group.wording} ",
                            element("span", span(result.forecasts[name].days), class_="by"),
                            scope="row"),
                    [_cell(_outcome(each, name)) for each in found.scenarios],
                )
                for group, name in rows
            ],
        ),
        class_="heat",
    )  # fmt: skip
    return scrolling(table, caption)


def _cell(outcome: Outcome) -> Markup:
    shade = min(STEPS - 1, int(outcome.probability * STEPS))
    return element(
        "td",
        element("strong", percent(outcome.probability, estimated=True)),
        " ",
        element("span", between(*outcome.interval)),
        class_=f"shade{shade}",
    )


# One scenario -------------------------------------------------------------------------------------


def _scenario(result: Analysis, found: Scenarios, scenario: Scenario, number: int) -> Markup:
    crisis = result.crisis
    identifier = f"scenario-{number}"
    draws = f"{percent(scenario.share)} of the draws ({len(scenario.draws)} of {found.draws})"
    return element(
        "article",
        element("h3", f"{number}. {scenario.name}", id=identifier),
        element("p", bar(scenario.share), draws),
        _telling(crisis, scenario),
        _rules(crisis, scenario),
        _story(result, scenario.story) if scenario.story is not None else None,
        class_="card",
        aria_labelledby=identifier,
    )


def _telling(crisis: Crisis, scenario: Scenario) -> Content:
    """The answers that tell it from the others."""
    if not scenario.telling:
        return None
    return element(
        "ul",
        [
            element("li", crisis.questions[each.question].asks, " ", *_told(each))
            for each in (_outcome(scenario, name) for name in scenario.telling)
        ],
        class_="plain",
    )


def _told(outcome: Outcome) -> tuple[Content, ...]:
    if outcome.otherwise is None:
        return (chance(outcome.probability, None, outcome.interval),)
    return (
        chance(outcome.probability, None, outcome.interval),
        "; in the other draws ",
        chance(outcome.otherwise),
    )


def _rules(crisis: Crisis, scenario: Scenario) -> Content:
    heading = element("h4", "What leads to it")
    if not scenario.separated:
        return [heading, element("p", "No claim or range, nor few of them together, tells it from "
                                      "the other draws.", class_="note")]  # fmt: skip
    several = len(scenario.rules) > 1
    return [
        heading,
        [_rule(crisis, each, place > 0) for place, each in enumerate(scenario.rules)],
        element("p", f"Together: density {percent(scenario.density or 0.0)}, coverage "
                     f"{percent(scenario.coverage)}.", class_="note")
        if several
        else None,
    ]  # fmt: skip


def _rule(crisis: Crisis, rule: Rule, again: bool) -> Content:
    where = "If this is so" if len(rule.limits) == 1 else "Where all of this is so"
    density = "no draw is inside"
    if rule.density is not None:
        density = f"{where}, {percent(rule.density)} of the draws belong here (density)"
    return [
        element("p", "Or:", class_="note") if again else None,
        element(
            "ul",
            [
                element(
                    "li",
                    element("p", limit_in_words(crisis, each), class_="claim"),
                    element("p", each.number.because, class_="because")
                    if each.number.because
                    else None,
                    element("p", cited(crisis, each.number.source), class_="cite"),
                )
                for each in rule.limits
            ],
            class_="plain",
        ),
        element(
            "p",
            f"{density}; of those that belong here, it is so in "
            f"{percent(rule.coverage)} (coverage).",
            class_="note",
        ),
    ]


def _story(result: Analysis, story: Story) -> Content:
    heading = element("h3" if result.scenarios and len(result.scenarios.scenarios) == 1 else "h4",
                      "How it typically goes")  # fmt: skip
    if not story.steps and not story.besides:
        return [heading, element("p", f"Nothing changes in most of {span(story.days)}.")]
    return [
        heading,
        _steps(result, story.steps),
        [element("p", "More often than in the other scenarios:", class_="note"),
         _steps(result, story.besides)]
        if story.besides
        else None,
    ]  # fmt: skip


def _steps(result: Analysis, steps: tuple[Step, ...]) -> Content:
    if not steps:
        return None
    return element("ol", [_step(result, each) for each in steps], class_="story")


def _step(result: Analysis, step: Step) -> Markup:
    crisis = result.crisis
    share = percent(step.share, estimated=True)
    day = _date(result, step.day)
    return element(
        "li",
        element("span", day or when(step.day, step.early, step.late), class_="day"),
        element(
            "span",
            f"{variable(crisis, step.variable)} becomes {plain(step.level)} ",
            element("span", f"in {share} of trajectories", class_="by"),
            element("span", f"; {when(step.day, step.early, step.late)}", class_="by")
            if day
            else None,
        ),
    )


def _date(result: Analysis, day: float) -> str:
    """The date of a day of the story, if it starts at one."""
    if result.situation is None or result.situation not in result.crisis.situations:
        return ""
    return day_text(result.crisis.situations[result.situation].as_of + timedelta(round(day)))


def _notes(found: Scenarios) -> str:
    said = (
        "Dates are medians, with the days between which half of the cases lie, and in how many of "
        "the trajectories it happens at all; trajectories are those of the most typical draws."
    )
    if not any(each.story for each in found.scenarios):
        said = ""
    said = f"{why_so_many(found)} {said}".strip()
    if found.measured is None:
        return said
    how = (
        "a third of the draws, held out when the rules were found"
        if found.measured == "held out"
        else "draws that were left out when the rules were found"
    )
    return (
        f"{said} Density is the share of the draws inside a rule that belong to the scenario, "
        "coverage the share of the scenario's draws that are inside; both are measured on "
        f"{how}."
    )
