"""What each actor is about to do, as it is and as the others believe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from standoff.crisis import Crisis
from standoff.present.charts import Bar, levels_chart
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import plain
from standoff.present.report_shared import (
    chance,
    dated,
    figure,
    open_chance,
    scrolling,
    section,
)
from standoff.present.report_views import LEAST, Row, Rows, most_striking, others, rows_of
from standoff.present.wording import likely, points
from standoff.present.words import called, listed, option, span
from standoff.study.analysis import Analysis
from standoff.study.outlook import Outlooks

NOTICEABLE = 0.05
"""From this difference on, what an actor believes is marked."""


def actors(result: Analysis) -> Markup | None:
    """Return the section on all actors, and on the conditions; None without a forecast."""
    crisis, outlooks = result.crisis, result.outlooks
    if outlooks is None:
        return None
    tables = {
        name: rows_of(crisis, outlooks, name)
        for name, actor in crisis.actors.items()
        if actor.options
    }
    return section(
        "actors",
        "What each actor is about to do",
        element("p", _from(result), " ", _how_to_read(outlooks)),
        most_striking(crisis, outlooks, tables),
        [_actor(crisis, outlooks, name, rows) for name, rows in tables.items()],
        _conditions(outlooks),
    )


def _from(result: Analysis) -> str:
    if result.situation is None:
        return "Starting from the state that the file gives."
    return f"Starting from {dated(result.crisis, result.situation)}."


def _how_to_read(outlooks: Outlooks) -> str:
    return (
        "The next decision is what the actor does when it next decides, if nothing else has "
        f"changed by then. After {span(outlooks.days)} everything may have changed."
    )


def _actor(crisis: Crisis, outlooks: Outlooks, actor: str, rows: Rows) -> Markup:
    here = outlooks.of(actor)
    now = listed(f"{plain(option(each))} {plain(outlooks.start[each])}" for each in here.later)
    decides = "At its next decision:" if rows.now else "It never decides: at depth 0 nobody moves."
    lead = element(
        "div",
        element("p", f"Now {now}. Decides every {span(here.every)} on average."),
        element("p", decides),
        element(
            "ul",
            [
                element("li", f"{row.label}, ", chance(open_chance(row.here)))
                for row in rows.now
                if row.here >= LEAST
            ],
            class_="plain",
        )
        if rows.now
        else None,
    )
    return element(
        "article",
        element("h3", called(crisis, actor), id=f"actor-{actor}"),
        element("div", lead, _chart(crisis, outlooks, actor), class_="pair"),
        _table(crisis, outlooks, actor, rows),
        aria_labelledby=f"actor-{actor}",
    )


def _chart(crisis: Crisis, outlooks: Outlooks, actor: str) -> Markup:
    """How the actor's options stand later, and in the views that differ."""
    here = outlooks.of(actor)
    bars = []
    for name, levels in here.later.items():
        views: dict[tuple[float, ...], list[str]] = {}
        for viewer in others(crisis, actor):
            seen = outlooks.of(actor, viewer).later[name]
            if max(abs(seen[level] - levels[level]) for level in levels) >= NOTICEABLE:
                key = tuple(round(chance, 3) for chance in seen.values())
                views.setdefault(key, []).append(viewer)
        bars.append(Bar(plain(option(name)), "as it is" if views else "", levels))
        for viewers in views.values():
            said = listed(called(crisis, viewer) for viewer in viewers)
            seen = outlooks.of(actor, viewers[0]).later[name]
            bars.append(Bar(plain(option(name)), f"as seen by {said}", seen))
    said = "; ".join(_spread(plain(option(name)), levels) for name, levels in here.later.items())
    return figure(
        levels_chart(bars),
        f"levels-of-{actor}",
        f"Options of {called(crisis, actor)} after {span(here.days)}. {said}.",
        element("p", f"After {span(here.days)}", class_="asks"),
    )


def _spread(name: str, levels: Mapping[str, float]) -> str:
    return f"{name}: " + ", ".join(
        f"{plain(level)} {likely(open_chance(chance))}" for level, chance in levels.items()
    )


def _table(crisis: Crisis, outlooks: Outlooks, actor: str, rows: Rows) -> Content:
    views = others(crisis, actor)
    if not views:
        return None
    name = called(crisis, actor)
    head = element(
        "tr",
        element("td"),
        element("th", "As it is", scope="col"),
        [element("th", f"As {called(crisis, view)} believes", scope="col") for view in views],
    )
    parts = (("At its next decision", rows.now), (f"After {span(outlooks.days)}", rows.later))
    bodies = [
        element(
            "tbody",
            element("tr", element("td", title, colspan=len(views) + 2, class_="part")),
            [_cells(row, views) for row in part],
        )
        for title, part in parts
        if part
    ]
    caption = element("caption", f"{name}: as it is, and as the others believe")
    table = element("table", caption, element("thead", head), bodies, class_="views")
    return scrolling(table, f"{name} in every view")


def _cells(row: Row, views: tuple[str, ...]) -> Markup:
    return element(
        "tr",
        element("th", row.label, scope="row"),
        element("td", likely(open_chance(row.here))),
        [_cell(row.seen[view], row.here) for view in views],
    )


def _cell(seen: float, here: float) -> Markup:
    if abs(seen - here) < NOTICEABLE:
        return element("td", likely(open_chance(seen)), class_="same")
    mark = element("span", points(seen - here), class_="off")
    return element("td", likely(open_chance(seen)), " ", mark, class_="differs")


def _conditions(outlooks: Outlooks) -> Content:
    if not outlooks.conditions:
        return None
    bars = [Bar(plain(name), "", levels) for name, levels in outlooks.conditions.items()]
    said = [_spread(plain(name), levels) for name, levels in outlooks.conditions.items()]
    return element(
        "article",
        element("h3", "Conditions", id="conditions-title"),
        element(
            "div",
            element(
                "ul",
                [
                    element(
                        "li",
                        f"{plain(name)}, now {plain(outlooks.start[name])}. ",
                        f"After {span(outlooks.days)}: ",
                        list(_spelled(levels)),
                        ".",
                    )
                    for name, levels in outlooks.conditions.items()
                ],
                class_="plain",
            ),
            figure(
                levels_chart(bars),
                "levels-conditions",
                f"Conditions after {span(outlooks.days)}. {'; '.join(said)}.",
                element("p", f"After {span(outlooks.days)}", class_="asks"),
            ),
            class_="pair",
        ),
        aria_labelledby="conditions-title",
    )


def _spelled(levels: Mapping[str, float]) -> Iterator[Content]:
    for place, (level, each) in enumerate(levels.items()):
        yield [", " if place else "", f"{plain(level)} ", chance(open_chance(each))]
