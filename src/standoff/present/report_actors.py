"""What each actor is about to do, as it is and as the others believe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.present.charts import Bar, levels_chart
from standoff.present.html import Content, Markup, element, joined
from standoff.present.in_words import plain
from standoff.present.report_shared import (
    chance,
    dated,
    figure,
    open_chance,
    scrolling,
    section,
    stacking,
)
from standoff.present.wording import likely, points
from standoff.present.words import called, listed, option, span
from standoff.study.analysis import Analysis
from standoff.study.outlook import Outlook, Outlooks

NOTICEABLE = 0.05
"""From this difference on, what an actor believes is marked."""

_STRIKING = 0.10
_MOST_STRIKING = 6
_MOST_MOVES = 6
_LEAST = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """One line of an actor's table: what may be so, and how likely that is in each view."""

    label: str
    here: float
    seen: Mapping[str, float]


def actors(result: Analysis) -> Markup:
    """Return the section on all actors, and on the conditions."""
    crisis, outlooks = result.crisis, result.outlooks
    start = outlooks.start
    tables = {
        name: (_moves(crisis, outlooks, name, start), _later(crisis, outlooks, name))
        for name, actor in crisis.actors.items()
        if actor.options
    }
    return section(
        "actors",
        "What each actor is about to do",
        element("p", _from(result), " ", _how_to_read(outlooks)),
        _most_striking(crisis, tables, outlooks),
        [_actor(crisis, outlooks, name, *rows, start) for name, rows in tables.items()],
        _conditions(outlooks, start),
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


def _views(crisis: Crisis, actor: str) -> tuple[str, ...]:
    return tuple(name for name in crisis.actors if name != actor)


# Rows of numbers ----------------------------------------------------------------------------------


def _moves(
    crisis: Crisis, outlooks: Outlooks, actor: str, start: Mapping[str, str]
) -> tuple[_Row, ...]:
    """What the actor may do at its next decision, the likeliest first, and all the rest."""

    def chances(outlook: Outlook) -> dict[tuple[tuple[str, str], ...], float]:
        return {tuple(changed.items()): chance for changed, chance in outlook.now}

    here = chances(outlooks.of(actor))
    seen = {name: chances(outlooks.of(actor, name)) for name in _views(crisis, actor)}
    rows = [
        _Row(
            _move(dict(move), start),
            chance,
            {name: there.get(move, 0.0) for name, there in seen.items()},
        )
        for move, chance in here.items()
    ]
    rows.sort(key=lambda row: -max(row.here, *row.seen.values(), 0.0))
    shown = [row for row in rows if max(row.here, *row.seen.values(), 0.0) >= _LEAST]
    rest = [row for row in rows if row not in shown[:_MOST_MOVES]]
    shown = sorted(shown[:_MOST_MOVES], key=lambda row: -row.here)
    if not any(row.here for row in rest):
        return tuple(shown)
    names = {name: sum(row.seen[name] for row in rest) for name in seen}
    return (*shown, _Row("anything else", sum(row.here for row in rest), names))


def _move(changed: Mapping[str, str], start: Mapping[str, str]) -> str:
    if not changed:
        return "stays as it is"
    return listed(
        f"{plain(option(name))}: {plain(start[name])} → {plain(level)}"
        for name, level in changed.items()
    )


def _later(crisis: Crisis, outlooks: Outlooks, actor: str) -> tuple[_Row, ...]:
    """How likely each level is later; of two levels the second says it all."""
    rows = []
    for name, levels in outlooks.of(actor).later.items():
        for level in list(levels)[1 if len(levels) == 2 else 0 :]:
            seen = {
                view: outlooks.of(actor, view).later[name][level] for view in _views(crisis, actor)
            }
            rows.append(_Row(f"{plain(option(name))}: {plain(level)}", levels[level], seen))
    return tuple(rows)


# What stands out ----------------------------------------------------------------------------------


def _most_striking(
    crisis: Crisis, tables: Mapping[str, tuple[tuple[_Row, ...], ...]], outlooks: Outlooks
) -> Content:
    """The largest errors that somebody makes about somebody else."""
    times = ("at its next decision", f"after {span(outlooks.days)}")
    found: dict[tuple[str, str, _Row, int], list[str]] = {}
    for actor, parts in tables.items():
        for viewer in _views(crisis, actor):
            off = max(
                ((row, when) for when, rows in zip(times, parts, strict=True) for row in rows),
                key=lambda each: abs(each[0].seen[viewer] - each[0].here),
                default=None,
            )
            if off is not None and abs(off[0].seen[viewer] - off[0].here) >= _STRIKING:
                row, when = off
                key = (actor, when, row, round(100 * row.seen[viewer]))
                found.setdefault(key, []).append(viewer)
    if not found:
        return element("p", "No actor is off about another by 10 points or more.", class_="note")
    ranked = sorted(found.items(), key=lambda each: -abs(each[0][3] - 100 * each[0][2].here))
    return [
        element("h3", "Who is most wrong about whom"),
        stacking(
            "The largest differences",
            ("Who", "About whom", "What", "Believes", "As it is"),
            [
                (
                    listed(called(crisis, each) for each in viewers),
                    called(crisis, actor),
                    [f"{row.label}, ", element("span", when, class_="by")],
                    chance(open_chance(row.seen[viewers[0]])),
                    chance(open_chance(row.here)),
                )
                for (actor, when, row, _), viewers in ranked[:_MOST_STRIKING]
            ],
        ),
    ]


# One actor ----------------------------------------------------------------------------------------


def _actor(
    crisis: Crisis,
    outlooks: Outlooks,
    actor: str,
    moves: tuple[_Row, ...],
    later: tuple[_Row, ...],
    start: Mapping[str, str],
) -> Markup:
    name, here = called(crisis, actor), outlooks.of(actor)
    now = listed(f"{plain(option(each))} {plain(start[each])}" for each in here.later)
    lead = element(
        "div",
        element("p", f"Now {now}. Decides every {span(here.every)} on average."),
        element("p", "At its next decision:" if moves else "It never decides: nobody moves at "
                "depth 0."),
        element(
            "ul",
            [
                element("li", f"{row.label}, ", chance(open_chance(row.here)))
                for row in moves
                if row.here >= _LEAST
            ],
            class_="plain",
        ),
    )  # fmt: skip
    return element(
        "article",
        element("h3", name, id=f"actor-{actor}"),
        element("div", lead, _chart(crisis, outlooks, actor), class_="pair"),
        _table(crisis, outlooks, actor, moves, later),
        aria_labelledby=f"actor-{actor}",
    )


def _chart(crisis: Crisis, outlooks: Outlooks, actor: str) -> Markup:
    """How the actor's options stand later, and in the views that differ."""
    here = outlooks.of(actor)
    bars = []
    for name, levels in here.later.items():
        views: dict[tuple[float, ...], list[str]] = {}
        for viewer in _views(crisis, actor):
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


def _table(
    crisis: Crisis,
    outlooks: Outlooks,
    actor: str,
    moves: tuple[_Row, ...],
    later: tuple[_Row, ...],
) -> Content:
    views = _views(crisis, actor)
    if not views:
        return None
    name = called(crisis, actor)
    head = element(
        "tr",
        element("td"),
        element("th", "As it is", scope="col"),
        [element("th", f"As {called(crisis, view)} believes", scope="col") for view in views],
    )
    parts = (
        ("At its next decision", moves),
        (f"After {span(outlooks.days)}", later),
    )
    bodies = [
        element(
            "tbody",
            element(
                "tr",
                element("td", title, colspan=len(views) + 2, class_="part"),
            ),
            [_cells(row, views) for row in rows],
        )
        for title, rows in parts
        if rows
    ]
    caption = element("caption", f"{name}: as it is, and as the others believe")
    table = element("table", caption, element("thead", head), bodies, class_="views")
    return scrolling(table, f"{name} in every view")


def _cells(row: _Row, views: tuple[str, ...]) -> Markup:
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


def _conditions(outlooks: Outlooks, start: Mapping[str, str]) -> Content:
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
                        f"{plain(name)}, now {plain(start[name])}. After {span(outlooks.days)}: ",
                        joined(*_spelled(levels)),
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
