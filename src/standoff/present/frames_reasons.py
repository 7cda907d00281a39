"""Frames of reasons: what carries an answer, what would change it, what its spread comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from standoff.present.frames import as_frame, table
from standoff.study.account import Account
from standoff.study.attribution import Attribution
from standoff.study.effects import Effect
from standoff.study.events import Events
from standoff.study.indices import Indices
from standoff.study.removal import Claim
from standoff.study.scenarios import Scenarios
from standoff.study.tipping import TippingPoint

if TYPE_CHECKING:
    from pandas import DataFrame


@as_frame.register(Account)
def _(result: Account) -> DataFrame:
    """What carries the answer, each party with the passages of its claims."""
    return _shares(result.attribution, result.claims)


@as_frame.register(Attribution)
def _(result: Attribution) -> DataFrame:
    return _shares(result, {})


def _shares(found: Attribution, claims: Mapping[str, Claim]) -> DataFrame:
    return table(
        (
            (each.party, found.by, each.share, each.error, each.alone, each.told_from_zero,
             len(each.claims), _listed(each.claims),
             _listed(dict.fromkeys(passage for path in each.claims if path in claims
                                   for passage in claims[path].passages)))
            for each in found.shares
        ),
        party="text", by="text", share="number", error="number", alone="number",
        told_from_zero="truth", claims="count", paths="text", passages="text",
    )  # fmt: skip


def _listed(texts: Iterable[str]) -> str | None:
    return ", ".join(texts) or None


@as_frame.register(TippingPoint)
def _(result: TippingPoint) -> DataFrame:
    return table(
        [(result.path, result.present, result.threshold, result.value, result.low, result.high)],
        path="text", present="number", threshold="number", value="number", low="number",
        high="number",
    )  # fmt: skip


@as_frame.register(Effect)
def _(result: Effect) -> DataFrame:
    return table(
        (
            (result.path, question, result.with_it[question], result.without_it[question],
             result.source)
            for question in result.with_it
        ),
        path="text", question="text", with_it="number", without_it="number", source="text",
    )  # fmt: skip


@as_frame.register(Events)
def _(result: Events) -> DataFrame:
    return table(
        (
            (each.variable, each.level, each.how, each.chance, each.effect, each.asked_about)
            for each in result.events
        ),
        variable="text", level="text", how="text", chance="number", effect="number",
        asked_about="truth",
    )  # fmt: skip


@as_frame.register(Scenarios)
def _(result: Scenarios) -> DataFrame:
    """A row for each scenario and question."""
    return table(
        (
            (number, each.name, each.share, len(each.draws), outcome.question,
             outcome.probability, *outcome.interval, outcome.otherwise, each.density,
             each.coverage, each.separated)
            for number, each in enumerate(result.scenarios, 1)
            for outcome in each.outcomes
        ),
        scenario="count", name="text", share="number", draws="count", question="text",
        probability="number", low="number", high="number", otherwise="number", density="number",
        coverage="number", separated="truth",
    )  # fmt: skip


@as_frame.register(Indices)
def _(result: Indices) -> DataFrame:
    """A row for each party; an estimate that is not told from zero may lie below it."""
    return table(
        (
            (each.party, result.by, len(each.numbers), each.first, *each.first_interval,
             each.first_told, each.total, *each.total_interval, each.total_told)
            for each in result.indices
        ),
        party="text", by="text", numbers="count", first="number", first_low="number",
        first_high="number", first_told="truth", total="number", total_low="number",
        total_high="number", total_told="truth",
    )  # fmt: skip
