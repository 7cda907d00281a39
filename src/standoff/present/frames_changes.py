"""Frames of changes: what an actor could do, what mistakes cost, the smallest change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.present.frames import as_frame, table
from standoff.study.levers import Levers
from standoff.study.mistakes import Correction, Corrections
from standoff.study.smallest import SmallestChange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame


@as_frame.register(Levers)
def _(result: Levers) -> DataFrame:
    """A row for each lever: what the actor could do, then beliefs, then weights."""
    return table(
        (
            (result.actor, result.question, each.kind, each.path, each.holder, each.now, each.then,
             each.chance, each.effect, each.worth, each.gain, each.asked_about, each.source)
            for each in (*result.own, *result.beliefs, *result.weights)
        ),
        actor="text", question="text", kind="text", path="text", holder="text", now="text",
        then="text", chance="number", effect="number", worth="number", gain="number",
        asked_about="truth", source="text",
    )  # fmt: skip


@as_frame.register(Corrections)
def _(result: Corrections) -> DataFrame:
    """A row for each correction and each question or actor that it moves.

    ``scope`` is `one` for a belief alone, `holder` for all of one actor's, `all` for everybody's.
    Of a question, ``value`` is its probability then; of an actor, what it then gets, in weight
    units per day; ``change`` is by how much that is more than as it is.
    """
    scopes: list[tuple[str, Correction]] = [
        *(("one", each) for each in result.one_by_one),
        *(("holder", each) for each in result.by_holder),
        *([("all", result.together)] if result.together is not None else []),
    ]
    return table(
        (
            (scope, each.holder, ", ".join(each.beliefs), *row)
            for scope, each in scopes
            for row in _moved(each)
        ),
        scope="text", holder="text", beliefs="text", question="text", actor="text", value="number",
        change="number",
    )  # fmt: skip


def _moved(each: Correction) -> Iterator[tuple[str | None, str | None, float, float]]:
    for question, chance in each.chances.items():
        yield question, None, chance, each.effects[question]
    for actor, worth in each.worths.items():
        yield None, actor, worth, each.costs[actor]


@as_frame.register(SmallestChange)
def _(result: SmallestChange) -> DataFrame:
    """A row for each change of each set; none if no set that was tried does it."""
    return table(
        (
            (result.question, result.threshold, result.central, number, each.chance, change.kind,
             change.path, None if change.to is None else str(change.to))
            for number, each in enumerate(result.sets, 1)
            for change in each.changes
        ),
        question="text", threshold="number", central="number", set="count", chance="number",
        kind="text", path="text", to="text",
    )  # fmt: skip
