"""The bottom line: what every question comes to, on one scale, and over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from standoff.crisis import Crisis
from standoff.present.alike import Alike, alike, by_situation, horizon
from standoff.present.charts import NARROW, WIDE, Marks, curve_chart, scale_chart
from standoff.present.charts_shared import day_text
from standoff.present.html import Content, Markup, element, joined
from standoff.present.in_words import plain
from standoff.present.report_shared import chance, figure, long_day, section
from standoff.present.wording import likely
from standoff.present.words import counted, span
from standoff.study.analysis import Analysis
from standoff.study.forecast import Forecast


def bottom_line(result: Analysis) -> Markup:
    """Return the answer to every question, by where it starts."""
    groups = _groups(result)
    if not groups:
        return section("answers", "Bottom line", element("p", "The crisis asks no question."))
    return section(
        "answers",
        "Bottom line",
        [
            [_heading(result, place, len(groups) > 1), element("ul", map(_answer, there),
                                                               class_="answers")]
            for place, there in groups
        ],
        _estimates(result.forecasts.values()),
    )  # fmt: skip


def on_one_scale(result: Analysis) -> Markup | None:
    """Return every question on one axis."""
    groups = _groups(result)
    if not groups:
        return None
    rows: list[Marks | str] = []
    for place, there in groups:
        if len(groups) > 1:
            rows.append(_since(result.crisis, place))
        rows += [Marks(group.wording, tuple(map(_mark, group.forecasts))) for group in there]
    return section(
        "scale",
        "All questions on one scale",
        element(
            "p",
            "Each dot is the probability that the answer is yes; two dots on a line are two "
            "horizons (d: days, y: years). The bands are the likelihood words of ICD 203.",
        ),
        figure(
            scale_chart(rows, width=WIDE),
            "scale-chart",
            "Every question as a dot on an axis of probability. "
            + " ".join(_summary(group) for _, there in groups for group in there),
            narrow=scale_chart(rows, width=NARROW),
        ),
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
        ),
        [
            [
                _heading(result, place, len(groups) > 1),
                element("div", map(_curve, there), class_="multiples"),
            ]
            for place, there in groups
        ],
    )


def _groups(result: Analysis) -> list[tuple[str | None, tuple[Alike, ...]]]:
    groups = alike(result.crisis, result.forecasts.values())
    return list(by_situation(groups, result.situation).items())


def _since(crisis: Crisis, situation: str | None) -> str:
    if situation is None:
        return "From the state that the file gives"
    return f"From {long_day(crisis.situations[situation].as_of)} ({plain(situation)})"


def _heading(result: Analysis, situation: str | None, several: bool) -> Content:
    if not several:
        return None
    return element("h3", _since(result.crisis, situation))


def _answer(group: Alike) -> Markup:
    resolutions: dict[str, list[str]] = {}
    for question, each in zip(group.questions, group.forecasts, strict=True):
        if question.resolves:
            resolutions.setdefault(question.resolves, []).append(span(each.days))
    resolves = " ".join(
        text if len(resolutions) == 1 else f"{', '.join(times)}: {text}"
        for text, times in resolutions.items()
    )
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
                element("p", chance(each.central, each.error), " ",
                        element("span", horizon(question, each), class_="by"))
                for question, each in zip(group.questions, group.forecasts, strict=True)
            ],
            class_="said",
        ),
    )  # fmt: skip


def _estimates(forecasts: Iterable[Forecast]) -> Content:
    estimated = next((each for each in forecasts if each.error is not None), None)
    if estimated is None:
        return None
    drawn = counted(estimated.settings.paths, "sampled trajectory", "sampled trajectories")
    return element(
        "p",
        f"Where a standard error is given, the probability is estimated from {drawn} "
        f"(seed {estimated.settings.seed}). All others are exact for these claims.",
        class_="note",
    )


def _mark(each: Forecast) -> tuple[str, float, bool]:
    return span(each.days), each.central, each.error is not None


def _summary(group: Alike) -> str:
    said = "; ".join(
        f"{span(each.days)}: {likely(each.central, error=each.error)}" for each in group.forecasts
    )
    return f"{group.wording} {said}."


def _curve(group: Alike) -> Markup:
    return figure(
        curve_chart(group.forecasts),
        f"curve-{group.first.question}",
        f"Probability over time. {_summary(group)}",
        element("p", group.wording, class_="asks"),
        element("p", joined(*_moments(group)), class_="note") if any(_moments(group)) else None,
    )


def _moments(group: Alike) -> Iterator[str]:
    """When an event that is asked for within a time becomes more likely than not."""
    last = group.forecasts[-1]
    even = dict(last.quantiles).get(0.5)
    if even is not None and even > 0:
        day = "" if last.as_of is None else f" ({day_text(_after(last, even))})"
        yield f"More likely than not from day {max(1, round(even))}{day}."
