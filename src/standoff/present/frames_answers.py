"""Frames of answers: forecasts, draws, outlooks, expectations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from standoff.present.frames import as_frame, table
from standoff.study.analysis import Analysis
from standoff.study.ensemble import Ensemble
from standoff.study.expectations import Verdict
from standoff.study.forecast import Forecast
from standoff.study.outlook import Outlook, Outlooks
from standoff.study.robustness import Robustness
from standoff.study.spread import Spread

if TYPE_CHECKING:
    from pandas import DataFrame


@as_frame.register(Forecast)
def _(result: Forecast) -> DataFrame:
    low, high = result.interval or (None, None)
    draws = 0 if result.spread is None else result.spread.draws
    return table(
        [
            (result.question, result.asks, result.situation, result.as_of, result.closes,
             result.days, result.probability, low, high, result.central, result.error,
             result.words, draws)
        ],
        question="text", asks="text", situation="text", as_of="date", closes="date",
        days="number", probability="number", low="number", high="number", central="number",
        error="number", words="text", draws="count",
    )  # fmt: skip


@as_frame.register(Analysis)
def _(result: Analysis) -> DataFrame:
    """Its forecasts."""
    return as_frame(dict(result.forecasts))


@as_frame.register(Spread)
def _(result: Spread) -> DataFrame:
    return table(enumerate(map(float, result.values)), draw="count", probability="number")


@as_frame.register(Ensemble)
def _(result: Ensemble, *, questions: Sequence[str] = ()) -> DataFrame:
    """What each draw took, number by number, and what it answers.

    The answers are called as ``questions`` says, or `answer 1` and so on.
    """
    places = [place for place, each in enumerate(result.entries) if each.uncertain]
    known = Counter(result.entries[place].path for place in places)
    seen: Counter[str] = Counter()
    names = ["draw"]
    for place in places:
        path = result.entries[place].path
        seen[path] += 1
        names.append(path if known[path] == 1 else f"{path}#{seen[path]}")
    asked = list(questions) or [f"answer {n}" for n in range(1, len(result.spreads) + 1)]
    if len(asked) != len(result.spreads):
        raise ValueError(
            f"frame(): the ensemble answers {len(result.spreads)} requests, not {len(asked)}"
        )
    rows = (
        (number, *(float(row[place]) for place in places),
         *(float(spread.values[number]) for spread in result.spreads))
        for number, row in enumerate(result.values)
    )  # fmt: skip
    kinds = dict.fromkeys(names[1:] + asked, "number")
    return table(rows, draw="count", **kinds)  # type: ignore[arg-type]


@as_frame.register(Outlook)
def _(result: Outlook) -> DataFrame:
    return _levels([result])


@as_frame.register(Outlooks)
def _(result: Outlooks) -> DataFrame:
    return _levels(result.outlooks)


def _levels(outlooks: Iterable[Outlook]) -> DataFrame:
    """How likely each level of each option is after some days, in each view."""
    return table(
        (
            (each.actor, each.seen_by, variable, level, chance, each.days)
            for each in outlooks
            for variable, levels in each.later.items()
            for level, chance in levels.items()
        ),
        actor="text", seen_by="text", variable="text", level="text", probability="number",
        days="number",
    )  # fmt: skip


@as_frame.register(Verdict)
def _(result: Verdict) -> DataFrame:
    return table(
        [
            (result.name, result.claim, result.holds, result.more_likely, result.than, result.by,
             result.chance, result.at_least, result.at_most, result.form, result.source)
        ],
        name="text", claim="text", holds="truth", more_likely="number", than="number", by="text",
        chance="number", at_least="number", at_most="number", form="text", source="text",
    )  # fmt: skip


@as_frame.register(Robustness)
def _(result: Robustness) -> DataFrame:
    return table(
        [(result.name, result.share, result.error, result.draws, result.why_not or None)],
        name="text", share="number", error="number", draws="count", why_not="text",
    )  # fmt: skip
