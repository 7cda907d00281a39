"""The bottom line: what every question comes to, on one scale, and over time."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TypeAlias

from standoff.crisis import Crisis
from standoff.present.alike import Alike, alike, by_situation, horizon
from standoff.present.charts import (
    NARROW,
    WIDE,
    Marks,
    curve_chart,
    fan_chart,
    scale_chart,
    spans,
)
from standoff.present.charts_shared import day_text
from standoff.present.draws_words import interval, two_groups
from standoff.present.html import Content, Markup, element, joined
from standoff.present.report_shared import chance, dated, figure, section
from standoff.present.report_stability_start import verdict
from standoff.present.wording import likely, said
from standoff.present.words import called, counted, listed, span
from standoff.study.analysis import Analysis
from standoff.study.forecast import Forecast

_APART = 0.02  # from here on it is said what an answer is at central values

_Group: TypeAlias = tuple[str | None, tuple[Alike, ...]]
"""Where questions start, and the questions."""


def bottom_line(result: Analysis) -> Markup:
    """Return the answer to every question, by where it starts."""
    groups = _groups(result)
    if not groups:
        return section("answers", "Bottom line", _without_answers(result))
    return section(
        "answers",
        "Bottom line",
        [
            [_heading(result, place, len(groups) > 1), element("ul", map(_answer, there),
                                                               class_="answers")]
            for place, there in groups
        ],
        _estimates(result),
        _what_draws_are(result),
    )  # fmt: skip


def _without_answers(result: Analysis) -> Content:
    """What is stable, and why nothing more is said."""
    return [
        element("p", _no_question(result)),
        verdict(result.survey),
        element("p", element("a", "Why, and what would last", href="#stability")),
    ]


def _no_question(result: Analysis) -> str:
    crisis = result.crisis
    ordering = [called(crisis, name) for name, actor in crisis.actors.items() if actor.ordinal]
    if not ordering:
        return "The crisis asks no question."
    says = "only orders the states: it says what it prefers"
    if len(ordering) > 1:
        says = "only order the states: they say what they prefer"
    said = f"There is no forecast, because {listed(ordering)} {says}, not how much."
    if crisis.questions:
        said += f" {counted(len(crisis.questions), 'question')} cannot be answered."
    return f"{said} What is stable follows all the same."


def on_one_scale(result: Analysis) -> Markup | None:
    """Return every question on one axis."""
    groups = _groups(result)
    if not groups:
        return None
    rows: list[Marks | str] = []
    for place, there in groups:
        if len(groups) > 1:
            rows.append(_since(result.crisis, place))
        rows += [
            Marks(group.wording, tuple(map(_mark, group.forecasts)), spans(group.forecasts))
            for group in there
        ]
    return section(
        "scale",
        "All questions on one scale",
        element(
            "p",
            _what_dots_are(result),
            " The bands are the likelihood words of ICD 203.",
        ),
        figure(
            scale_chart(rows, width=WIDE),
            "scale-chart",
            "Every question as a dot on an axis of probability. "
            + " ".join(_summary(group) for _, there in groups for group in there),
            narrow=scale_chart(rows, width=NARROW),
        ),
    )


def _what_dots_are(result: Analysis) -> str:
    if not result.draws:
        return (
            "Each dot is the probability that the answer is yes; two dots on a line are two "
            "horizons (d: days, y: years)."
        )
    return (
        "Each dot is the probability that the answer is yes, the mean over "
        f"{counted(result.draws, 'draw')}; each horizon has a line of its own (d: days, y: "
        "years). The thick line holds the middle half of the draws, the thin one 90% of them."
    )


def over_time(result: Analysis) -> Markup | None:
    """Return the curve of every question, questions that differ in their horizon in one."""
    groups = _groups(result)
    if not groups:
        return None
    return section(
        "curves",
        "Over time",
        element(
            "p",
            "How likely a yes is if the question ran only to that day. Dots mark the horizons "
            "that are asked about.",
            f" To the right of each fan stand the {counted(result.draws, 'draw')}: the longer a "
            "bar, the more of them end there."
            if result.draws
            else None,
        ),
        _legend() if result.draws else None,
        [_multiples(result, groups[:1]), _multiples(result, groups[1:])],
    )


def _multiples(result: Analysis, groups: list[_Group]) -> Content:
    """Curves side by side, under one heading or each with its own date."""
    if not groups:
        return None
    if len(groups) == 1:
        ((place, there),) = groups
        heading = element("h3", _since(result.crisis, place))
        curves = [_curve(group, None) for group in there]
    else:
        heading = element("h3", "From other dates")
        curves = [
            _curve(group, _since(result.crisis, place))
            for place, there in groups
            for group in there
        ]
    return [heading, element("div", curves, class_="multiples")]


def _groups(result: Analysis) -> list[_Group]:
    groups = alike(result.crisis, result.forecasts.values())
    return list(by_situation(groups, result.situation).items())


def _since(crisis: Crisis, situation: str | None) -> str:
    if situation is None:
        return "From the state that the file gives"
    return f"From {dated(crisis, situation)}"


def _heading(result: Analysis, situation: str | None, several: bool) -> Content:
    if not several:
        return None
    return element("h3", _since(result.crisis, situation))


def _answer(group: Alike) -> Markup:
    resolves = _resolution(group)
    return element(
        "li",
        element(
            "div",
            element("p", group.wording, class_="asks"),
            element("p", element("span", "Resolves", class_="label"), " ", resolves,
                    class_="resolves") if resolves else None,
        ),
        element(
            "div",
            [
                [element("p", answer(each), " ",
                         element("span", horizon(question, each), class_="by")),
                 left_open(each)]
                for question, each in zip(group.questions, group.forecasts, strict=True)
            ],
            class_="said",
        ),
    )  # fmt: skip


def _resolution(group: Alike) -> str:
    """How the questions resolve; where they differ, each later one with its horizon."""
    said: dict[str, list[str]] = {}
    for question, each in zip(group.questions, group.forecasts, strict=True):
        if question.resolves:
            said.setdefault(question.resolves, []).append(span(each.days))
    first = group.questions[0].resolves
    return " ".join(
        text if text == first else f"{', '.join(times)}: {text}" for text, times in said.items()
    )


def answer(each: Forecast) -> Markup:
    """Return the answer to a question, to stand out."""
    if each.spread is not None:
        return chance(each.probability)
    return chance(each.probability, each.error)


def left_open(each: Forecast) -> Content:
    """Return what the draws leave open about an answer, if there were any."""
    if each.spread is None:
        return None
    groups = two_groups(each.spread)
    apart = abs(each.probability - each.central) >= _APART
    central = f"; at central values {likely(each.central)}" if apart else ""
    return [
        element("p", f"{interval(each.spread)}{central}", class_="interval"),
        element("p", groups, class_="interval") if groups else None,
    ]


def _estimates(result: Analysis) -> Content:
    estimated = next((each for each in result.forecasts.values() if each.error is not None), None)
    if estimated is None or result.draws:
        return None
    drawn = counted(estimated.settings.paths, "sampled trajectory", "sampled trajectories")
    return element(
        "p",
        f"Where a standard error is given, the probability is estimated from {drawn} "
        f"(seed {estimated.settings.seed}). All others are exact for these claims.",
        class_="note",
    )


def _what_draws_are(result: Analysis) -> Content:
    """What the numbers of an answer with draws are."""
    if not result.draws:
        return None
    return element(
        "p",
        f"Each probability with an interval is the mean over {counted(result.draws, 'draw')}: each "
        "takes one value "
        "from every range in the file and decides every claim that may not hold. Nine of ten "
        "draws lie in the interval. Behind ± stands the standard error of the mean: how far more "
        "draws might move it.",
        class_="note",
    )


def _mark(each: Forecast) -> tuple[str, float, bool]:
    return span(each.days), each.probability, each.error is not None


def _summary(group: Alike) -> str:
    answers = "; ".join(f"{span(each.days)}: {said(each)}" for each in group.forecasts)
    return f"{group.wording} {answers}."


def _curve(group: Alike, since: str | None) -> Markup:
    last = group.forecasts[-1]
    turn = _turning_point(last)
    drawn = last.spread is not None
    return figure(
        fan_chart(group.forecasts) if drawn else curve_chart(group.forecasts),
        f"curve-{group.first.question}",
        f"Probability over time{' and what the draws leave open' if drawn else ''}. "
        f"{_summary(group)}",
        element("p", since, class_="note") if since else None,
        element("p", group.wording, class_="asks"),
        [element("p", f"{span(each.days)}: {said(each)}") for each in group.forecasts]
        if drawn
        else None,
        element("p", turn, class_="note") if turn else None,
    )


def _legend() -> Markup:
    """What the lines and bands of a fan are."""

    def sample(*shapes: Content) -> Markup:
        return element("svg", shapes, aria_hidden="true", width="40", height="18",
                       viewBox="0 0 40 18")  # fmt: skip

    def band(opacity: str) -> Markup:
        return element("rect", x="1", y="3", width="38", height="12", fill="var(--accent)",
                       fill_opacity=opacity)  # fmt: skip

    def line(colour: str, width: str, dash: str | None = None) -> Markup:
        return element("path", d="M1 9H39", stroke=f"var(--{colour})", stroke_width=width,
                       stroke_dasharray=dash)  # fmt: skip

    entries: list[tuple[Content, str]] = [
        (line("accent", "2.2"), "mean of the draws"),
        (line("accent", "1.4", "1 2.5"), "median"),
        (line("ink", "1.3", "5 3"), "at central values"),
        (joined(band("0.16"), band("0.28")), "middle half of the draws (25-75%)"),
        (band("0.16"), "90% of the draws (5-95%)"),
    ]
    return element(
        "ul",
        [element("li", sample(shape), text) for shape, text in entries],
        class_="legend",
    )


def _turning_point(each: Forecast) -> str:
    """When an event that is asked for within a time becomes more likely than not."""
    even = dict(each.quantiles).get(0.5)
    if not even:
        return ""
    days = math.ceil(even)
    day = "" if each.as_of is None else f" ({day_text(each.as_of + timedelta(days))})"
    values = "" if each.spread is None else ", at central values"
    return f"More likely than not from day {days}{day}{values}."
