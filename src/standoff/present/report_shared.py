"""The pieces that every section of the report is made of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from standoff.crisis import Crisis, Source, Weight
from standoff.crisis.citations import citations
from standoff.present.charts import Chart
from standoff.present.html import Content, Markup, element, joined
from standoff.present.in_words import plain
from standoff.present.svg import drawing
from standoff.present.wording import likely

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""Of a source, in the Admiralty code."""

CREDIBILITY = {
    1: "confirmed by other independent sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""Of what a source says, in the Admiralty code."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def long_day(day: datetime.date) -> str:
    """Return a date in full.

    Examples
    --------
    >>> long_day(datetime.date(2020, 11, 1))
    '1 November 2020'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dated(crisis: Crisis, situation: str) -> str:
    """Return the date of a situation, and its name if that says more.

    Examples
    --------
    `1 November 2020` · `20 August 2018 (summer 2018)`
    """
    day, name = long_day(crisis.situations[situation].as_of), plain(situation)
    known = set(name.lower().split()) <= set(day.lower().split())
    return day if known else f"{day} ({name})"


def section(identifier: str, title: str, *content: Content) -> Markup:
    """Return one section of the report."""
    heading = element("h2", title, id=f"{identifier}-title")
    return element(
        "section", heading, content, id=identifier, aria_labelledby=f"{identifier}-title"
    )


def chance(
    probability: float, error: float | None = None, interval: tuple[float, float] | None = None
) -> Markup:
    """A probability in words and numbers, to stand out."""
    said = likely(probability, error=error, interval=interval)
    return element("strong", said, class_="chance")


def open_chance(probability: float) -> float:
    """Return a probability of a choice, short of what no choice is: certain, or impossible."""
    return min(max(probability, 1e-9), 1 - 1e-9)


def bar(share: float) -> Markup:
    """Return a share as a bar, to stand before the number."""
    return element(
        "svg",
        element("rect", x="0", y="2", width="120", height="10", fill="var(--band)"),
        element("rect", x="0", y="2", width=f"{120 * share:.1f}", height="10",
                fill="var(--accent)"),
        aria_hidden="true",
        class_="share",
        width="120",
        height="14",
        viewBox="0 0 120 14",
    )  # fmt: skip


def code(text: str) -> Markup:
    """Return a statement or a path as it stands in the file."""
    return element("code", text)


def figure(
    chart: Chart, identifier: str, description: str, *caption: Content, narrow: Chart | None = None
) -> Markup:
    """Return a chart with its caption.

    Parameters
    ----------
    chart
        What is drawn.
    identifier
        Unique in the page.
    description
        What the image shows, for readers who do not see it.
    caption
        What stands above the image.
    narrow
        What is drawn instead where there is little room.
    """
    if narrow is None:
        image: Content = drawing(chart, identifier, description)
    else:
        image = joined(
            element("div", drawing(chart, f"{identifier}:wide", description), class_="wide"),
            element("div", drawing(narrow, f"{identifier}:narrow", description), class_="narrow"),
        )
    above = element("figcaption", caption) if caption else None
    return element("figure", above, image, id=identifier)


def reasons(crisis: Crisis, because: str | None, source: str | None) -> Markup:
    """Return why something is claimed, with its sources next to it."""
    return joined(
        element("p", because, class_="because") if because else None,
        element("p", cited(crisis, source), class_="cite"),
    )


def cited(crisis: Crisis, source: str | None) -> Markup:
    """Return the sources of a claim: title, place and Admiralty code."""
    found = [
        _citation(each.source, crisis.sources.get(each.source), each.place)
        for each in citations(source)
    ]
    if not found:
        return element("span", "No source given", class_="missing")
    return joined(*(joined("; " if place else None, each) for place, each in enumerate(found)))


def _citation(key: str, source: Source | None, place: str) -> Markup:
    if source is None:
        return joined(f"{key} {place}".strip())
    return joined(
        element("a", source.title, href=f"#source-{key}"),
        f", {place}" if place else None,
        [" ", element("span", grade(source), class_="grade")] if grade(source) else None,
        [" ", element("span", source.mark, class_="warned")] if source.mark else None,
    )


def grade(source: Source) -> str:
    """Return the Admiralty code of a source, such as `B2`, as far as it is given."""
    return f"{source.reliability or ''}{source.credibility or ''}"


def weight(crisis: Crisis, given: Weight) -> str:
    """Return a weight as it was written, with the numbers that a word stands for.

    Examples
    --------
    `major (3 to 6)` · `1 to 2` · `0`
    """
    known = crisis.range_of(given)
    numbers = f"{known.low:g}" if known.exact else f"{known.low:g} to {known.high:g}"
    return numbers if given.word is None else f"{given.word} ({numbers})"


def stacking(caption: str, columns: tuple[str, ...], rows: Iterable[tuple[Content, ...]]) -> Markup:
    """Return a table whose rows become blocks where there is little room.

    Parameters
    ----------
    caption
        What the table shows.
    columns
        The name of each column.
    rows
        The cells of each row; the first is its heading.
    """
    body = [
        element(
            "tr",
            element("th", first, scope="row"),
            [
                element("td", cell, data_label=column)
                for column, cell in zip(columns[1:], rest, strict=True)
            ],
        )
        for first, *rest in rows
    ]
    head = element("tr", [element("th", column, scope="col") for column in columns])
    return element(
        "table",
        element("caption", caption),
        element("thead", head),
        element("tbody", body),
        class_="stack",
    )


def scrolling(table: Markup, label: str) -> Markup:
    """Return a wide table that scrolls sideways where there is little room for it."""
    return element("div", table, class_="scroll", role="region", tabindex=0, aria_label=label)
