"""Red lines, and what each of them does to the answers."""

from __future__ import annotations

from standoff.crisis import Crisis
from standoff.present.alike import Alike, alike
from standoff.present.charts import Dots, changes, effects_chart
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import plain, statement
from standoff.present.report_shared import (
    chance,
    code,
    figure,
    reasons,
    scrolling,
    section,
    stacking,
    weight,
)
from standoff.present.wording import points
from standoff.present.words import called, counted, span
from standoff.study.analysis import Analysis
from standoff.study.effects import Effect

_WORTH_A_LINE = 0.0095


def red_lines(result: Analysis) -> Markup | None:
    """Return every red line, those that change most first; None if there can be none."""
    title = "What the red lines do"
    known = [
        f"{actor}.red_lines.{name}"
        for actor, claims in result.crisis.actors.items()
        for name in claims.red_lines
    ]
    if not known:
        if result.outlooks is None:
            return None
        return section("red-lines", title, element("p", "The crisis has no red lines."))
    effects = {effect.path: effect for effect in result.effects if effect.with_it}
    known.sort(key=lambda path: -abs(effects[path].largest[1]) if path in effects else 0.0)
    groups = alike(
        result.crisis,
        [each for name, each in result.forecasts.items()
         if any(name in effect.with_it for effect in effects.values())],
    )  # fmt: skip
    return section(
        "red-lines",
        title,
        element(
            "p",
            _intro(list(effects.values()), result.outlooks is not None),
            " All numbers are at central values." if result.draws and effects else None,
        ),
        _overview(result.crisis, [effects[path] for path in known if path in effects]),
        [_red_line(result, path, effects.get(path), groups) for path in known],
        _every_effect(result.crisis, [effects[path] for path in known if path in effects], groups),
    )


def _intro(effects: list[Effect], forecast: bool) -> str:
    if not effects:
        why = "No question starts where the actors do" if forecast else "There is no forecast"
        return (
            "A red line is a loss that an actor takes if something happens and it does not "
            f"respond. {why}, so there is nothing to move."
        )
    asked = counted(len(effects[0].with_it), "question")
    return (
        "A red line is a loss that an actor takes if something happens and it does not respond. "
        f"Each is left out in turn and {asked} asked again. Points are percentage points that the "
        "red line adds to a probability (or takes from it)."
    )


def _overview(crisis: Crisis, effects: list[Effect]) -> Content:
    if not any(abs(effect.largest[1]) >= 0.0005 for effect in effects):
        return element("p", "No red line moves any question by 0.1 points.") if effects else None
    rows = [
        Dots(_named(crisis, effect.path), tuple(changes(effect).values())) for effect in effects
    ]
    said = "; ".join(
        f"{_named(crisis, effect.path)}: {points(effect.largest[1])} at most" for effect in effects
    )
    return figure(
        effects_chart(rows),
        "red-lines-chart",
        f"What each red line does to the questions. {said}.",
        element("p", "Each dot is a question; the number is that of the largest effect.",
                class_="note"),
    )  # fmt: skip


def _named(crisis: Crisis, path: str) -> str:
    actor, _, name = path.split(".")
    return f"{called(crisis, actor)}: {plain(name)}"


def _red_line(
    result: Analysis, path: str, effect: Effect | None, groups: tuple[Alike, ...]
) -> Markup:
    crisis = result.crisis
    actor, _, name = path.split(".")
    line = crisis.actors[actor].red_lines[name]
    there = _weight_there(result, actor, name)
    never = line.then.strip() == "false"
    response = "no response is possible" if never else statement(crisis, line.then, actor)
    return element(
        "article",
        element("h3", _named(crisis, path), id=f"effect-{actor}-{name}"),
        element(
            "dl",
            _entry("If", statement(crisis, line.if_, actor), " ", code(line.if_)),
            _entry("Response", response, None if never else [" ", code(line.then)]),
            _entry("Weight", weight(crisis, line.weight), there),
            _entry("Holds", str(line.holds)) if line.holds.central < 1 else None,
        ),
        reasons(crisis, line.because, line.source),
        _effects(effect, groups) if effect is not None else None,
        class_="card",
        aria_labelledby=f"effect-{actor}-{name}",
    )


def _entry(term: str, *said: Content) -> Markup:
    return element("div", element("dt", term), element("dd", said))


def _weight_there(result: Analysis, actor: str, name: str) -> str | None:
    """The weight in the situation that is looked at, if it is another there."""
    crisis = result.crisis
    if result.situation is None or crisis.situation is not None:
        return None
    patch = crisis.situations[result.situation].with_
    entry = patch.get(f"{actor}.red_lines.{name}.weight")
    if entry is None:
        return None
    return f"; in {plain(result.situation)}: {weight(crisis, entry.value)}"


def _effects(effect: Effect, groups: tuple[Alike, ...]) -> Content:
    """The questions that a red line moves by a point or more."""
    moved = changes(effect)
    rows = [
        (moved[each.question], group.wording, span(each.days), each.question)
        for group in groups
        for each in group.forecasts
        if abs(moved.get(each.question, 0.0)) >= _WORTH_A_LINE
    ]
    if not rows:
        return element("p", "It moves no question by a point.", class_="note")
    rows.sort(key=lambda row: -abs(row[0]))
    return stacking(
        "Questions that it moves by a point or more",
        ("Question", "Without it", "With it", "Effect"),
        [
            (
                [f"{wording} ", element("span", time, class_="by")],
                chance(effect.without_it[name]),
                chance(effect.with_it[name]),
                element("span", points(change), class_="effect"),
            )
            for change, wording, time, name in rows
        ],
    )


def _every_effect(crisis: Crisis, effects: list[Effect], groups: tuple[Alike, ...]) -> Content:
    """Every red line and every question in one table."""
    if not effects or not groups:
        return None
    table = element(
        "table",
        element("caption", "What each red line adds to each question, in percentage points"),
        element(
            "thead",
            element(
                "tr",
                element("td"),
                [element("th", _named(crisis, effect.path), scope="col") for effect in effects],
            ),
        ),
        element(
            "tbody",
            [
                element(
                    "tr",
                    element("th", f"{group.wording} ",
                            element("span", span(each.days), class_="by"), scope="row"),
                    [_in_points(changes(effect)[each.question]) for effect in effects],
                )
                for group in groups
                for each in group.forecasts
            ],
        ),
        class_="matrix",
    )  # fmt: skip
    return [element("h3", "Every effect"), scrolling(table, "Every effect, in points")]


def _in_points(change: float) -> Markup:
    said = points(change).removesuffix(" points").removesuffix(" point")
    small = abs(change) < _WORTH_A_LINE
    return element("td", "0" if said == "no change" else said, class_="same" if small else "effect")
