"""What an actor may do and how its options may stand, in every view: the numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.present.html import Content, element
from standoff.present.in_words import plain
from standoff.present.report_shared import chance, open_chance, stacking
from standoff.present.words import called, listed, option, span
from standoff.study.outlook import Outlook, Outlooks

LEAST = 0.01
"""A move less likely than this in every view is not worth a line of its own."""

_STRIKING = 0.10
_MOST_STRIKING = 6
_MOST_MOVES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What may be so: in words, how likely it is, and how likely in the view of each other."""

    label: str
    here: float
    seen: Mapping[str, float]

    @property
    def most(self) -> float:
        """How likely it is in the view in which it is likeliest."""
        return max(self.here, *self.seen.values(), 0.0)


@dataclass(frozen=True, slots=True)
class Rows:
    """What one actor may do at its next decision, and how its options may stand later."""

    now: tuple[Row, ...]
    later: tuple[Row, ...]


def others(crisis: Crisis, actor: str) -> tuple[str, ...]:
    """Return everyone who has a view of an actor."""
    return tuple(name for name in crisis.actors if name != actor)


def rows_of(crisis: Crisis, outlooks: Outlooks, actor: str) -> Rows:
    """Return the numbers of one actor in every view."""
    return Rows(_moves(crisis, outlooks, actor), _levels(crisis, outlooks, actor))


def _moves(crisis: Crisis, outlooks: Outlooks, actor: str) -> tuple[Row, ...]:
    """What the actor may do at its next decision, the likeliest first, and all the rest."""

    def chances(outlook: Outlook) -> dict[tuple[tuple[str, str], ...], float]:
        return {tuple(changed.items()): chance for changed, chance in outlook.now}

    seen = {name: chances(outlooks.of(actor, name)) for name in others(crisis, actor)}
    rows = [
        Row(
            _move(dict(move), outlooks.start),
            chance,
            {name: there.get(move, 0.0) for name, there in seen.items()},
        )
        for move, chance in chances(outlooks.of(actor)).items()
    ]
    rows.sort(key=lambda row: -row.most)
    count = min(_MOST_MOVES, sum(row.most >= LEAST for row in rows))
    shown, rest = sorted(rows[:count], key=lambda row: -row.here), rows[count:]
    if any(row.most for row in rest):
        together = {name: sum(row.seen[name] for row in rest) for name in seen}
        shown.append(Row("anything else", sum(row.here for row in rest), together))
    return tuple(shown)


def _move(changed: Mapping[str, str], start: Mapping[str, str]) -> str:
    if not changed:
        return "stays as it is"
    return listed(
        f"{plain(option(name))}: {plain(start[name])} → {plain(level)}"
        for name, level in changed.items()
    )


def _levels(crisis: Crisis, outlooks: Outlooks, actor: str) -> tuple[Row, ...]:
    """How likely each level is later; of two levels the second says it all."""
    return tuple(
        Row(
            f"{plain(option(name))}: {plain(level)}",
            levels[level],
            {
                view: outlooks.of(actor, view).later[name][level]
                for view in others(crisis, actor)
            },
        )
        for name, levels in outlooks.of(actor).later.items()
        for level in list(levels)[1 if len(levels) == 2 else 0 :]
    )  # fmt: skip


def most_striking(crisis: Crisis, outlooks: Outlooks, tables: Mapping[str, Rows]) -> Content:
    """Return the largest errors that somebody makes about somebody else.

    Of each actor and each view the largest; views that agree about it share a line.
    """
    found: dict[tuple[str, str, Row, int], list[str]] = {}
    for actor, rows in tables.items():
        known = [(row, "at its next decision") for row in rows.now]
        known += [(row, f"after {span(outlooks.days)}") for row in rows.later]
        for viewer in others(crisis, actor):
            row, when = max(known, key=lambda each: abs(each[0].seen[viewer] - each[0].here))
            if abs(row.seen[viewer] - row.here) >= _STRIKING:
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
