"""Results as plain data, and as the JSON that every command prints with `--json`.

Probabilities are numbers between 0 and 1, dates are ISO 8601, times are in days. A key that has
no value is there with null, so that a program need not ask whether it is there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.crisis import Crisis, Fault
    from standoff.study.analysis import Analysis
    from standoff.study.asking import Settings
    from standoff.study.effects import Effect
    from standoff.study.expectations import Verdict
    from standoff.study.forecast import Forecast
    from standoff.study.outlook import Outlook, Outlooks
    from standoff.study.robustness import Robustness
    from standoff.study.spread import Spread


def dumps(data: Any, *, ascii_only: bool = False) -> str:
    """Return plain data as JSON, the same text for the same data.

    Parameters
    ----------
    data
        Mappings, sequences, texts, numbers, dates and None.
    ascii_only
        Whether to write other signs as escapes.

    Notes
    -----
    A list of plain values takes one line, and so does every :class:`OneLine`: a crisis has
    thousands of states.

    Examples
    --------
    >>> print(dumps({"day": datetime.date(2020, 11, 1), "curve": [[0.0, 0.0], [1.0, 0.07]]}))
    {
      "day": "2020-11-01",
      "curve": [
        [0.0, 0.0],
        [1.0, 0.07]
      ]
    }
    """
    encoder = json.JSONEncoder(ensure_ascii=ascii_only, allow_nan=False, default=_written)
    return "".join(_laid_out(data, "\n", encoder.encode))


class OneLine(dict[str, Any]):
    """A mapping that is written on one line."""


def _laid_out(data: Any, margin: str, encode: Callable[[Any], str]) -> Iterator[str]:
    inner = f"{margin}  "
    opening = "{" if isinstance(data, Mapping) else "["
    if isinstance(data, Mapping) and data and not isinstance(data, OneLine):
        for key, value in data.items():
            yield f"{opening}{inner}{encode(str(key))}: "
            yield from _laid_out(value, inner, encode)
            opening = ","
        yield f"{margin}}}"
    elif isinstance(data, list | tuple) and any(_nested(value) for value in data):
        for value in data:
            yield f"{opening}{inner}"
            yield from _laid_out(value, inner, encode)
            opening = ","
        yield f"{margin}]"
    else:
        yield encode(data)


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _written(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON for a {type(value).__name__}")


def forecast_data(result: Forecast) -> dict[str, Any]:
    """Return one forecast: the keys of `standoff forecast`, and where it comes from."""
    spread = result.spread
    return {
        "asks": result.asks,
        "central": result.central,
        "probability": result.probability if spread is not None else None,
        "interval": None if spread is None else list(spread.interval),
        "draws": 0 if spread is None else spread.draws,
        "words": result.words,
        "error": result.error,
        "situation": result.situation,
        "as_of": result.as_of,
        "closes": result.closes,
        "days": result.days,
        "share_of_time": result.share_of_time,
        "quantiles": [list(pair) for pair in result.quantiles],
        "curve": [list(point) for point in result.curve],
        "spread": None if spread is None else spread_data(spread),
        "lineage": list(result.lineage),
        "settings": settings_data(result.settings),
        "seed": result.settings.seed,
    }


def spread_data(spread: Spread) -> dict[str, Any]:
    """Return what draws leave open: the whole distribution, and the fan over time."""
    return {
        "seed": spread.seed,
        "error": spread.error,
        "values": [float(value) for value in spread.values],
        "mean": [
            [float(day), float(mean)] for day, mean in zip(spread.days, spread.mean, strict=True)
        ],
        "fan": [
            [float(day), *map(float, row)] for day, row in zip(spread.days, spread.fan, strict=True)
        ],
    }


def forecasts_data(crisis: Crisis, results: Mapping[str, Forecast]) -> dict[str, Any]:
    """Return forecasts by question, as `standoff forecast --json` prints them."""
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "questions": {name: forecast_data(result) for name, result in results.items()},
    }


def settings_data(settings: Settings) -> dict[str, Any]:
    """Return what something was computed with."""
    return {
        "depth": settings.depth,
        "tau": settings.tau,
        "seed": settings.seed,
        "paths": settings.paths,
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return one expectation; the keys of the forms that it does not have are null or empty."""
    return {
        "holds": verdict.holds,
        "claim": verdict.claim,
        "more_likely": verdict.more_likely,
        "than": verdict.than,
        "by": verdict.by,
        "chance": verdict.chance,
        "at_least": verdict.at_least,
        "at_most": verdict.at_most,
        "form": verdict.form,
        "concepts": list(verdict.concepts),
        "for": list(verdict.whom),
        "states": verdict.states if verdict.form is not None else None,
        "against": list(verdict.against),
        "source": verdict.source,
    }


def verdicts_data(
    verdicts: Mapping[str, Verdict], shares: Mapping[str, Robustness] | None = None
) -> dict[str, Any]:
    """Return expectations by name, as `standoff test --json` prints them.

    Parameters
    ----------
    verdicts
        At central values.
    shares
        In what share of draws each holds, if there were any.
    """
    from standoff.present.json_changes import robustness_data

    return {
        name: verdict_data(verdict) | (robustness_data(shares[name]) if shares else {})
        for name, verdict in verdicts.items()
    }


def outlook_data(outlook: Outlook) -> dict[str, Any]:
    """Return what one actor is about to do, in one view."""
    return {
        "actor": outlook.actor,
        "seen_by": outlook.seen_by,
        "every": outlook.every,
        "now": [
            {"changes": dict(changed), "probability": chance} for changed, chance in outlook.now
        ],
        "later": {variable: dict(levels) for variable, levels in outlook.later.items()},
        "days": outlook.days,
    }


def outlooks_data(outlooks: Outlooks) -> dict[str, Any]:
    """Return what every actor is about to do, in every view."""
    return {
        "situation": outlooks.situation,
        "days": outlooks.days,
        "lineage": list(outlooks.lineage),
        "actors": [outlook_data(outlook) for outlook in outlooks.outlooks],
        "conditions": {name: dict(levels) for name, levels in outlooks.conditions.items()},
    }


def effect_data(effect: Effect) -> dict[str, Any]:
    """Return what leaving one claim out does to each question."""
    return {
        "path": effect.path,
        "because": effect.because,
        "source": effect.source,
        "questions": {
            name: {"with": effect.with_it[name], "without": effect.without_it[name]}
            for name in effect.with_it
        },
    }


def analysis_data(result: Analysis) -> dict[str, Any]:
    """Return everything that `standoff run` computed."""
    from standoff.present.json_account import account_data
    from standoff.present.json_backtest import backtest_data
    from standoff.present.json_changes import (
        corrections_data,
        events_data,
        levers_data,
        smallest_data,
    )
    from standoff.present.json_scenarios import scenarios_data
    from standoff.present.json_stability import stability_in_short
    from standoff.present.json_weighing import weighing_data

    outlooks = result.outlooks
    return {
        **forecasts_data(result.crisis, result.forecasts),
        "situation": result.situation,
        "states": result.states,
        "feasible": result.feasible,
        "outlooks": None if outlooks is None else outlooks_data(outlooks),
        "stability": stability_in_short(result.survey, result.situations),
        "red_lines": [effect_data(effect) for effect in result.effects],
        "expectations": verdicts_data(result.verdicts, result.robustness),
        "draws": result.draws,
        "accounts": {
            name: account_data(result.crisis, each) for name, each in result.accounts.items()
        },
        "what_if": {
            name: {
                "events": events_data(each.events),
                "smallest_change": None if each.smallest is None else smallest_data(each.smallest),
                "levers": [levers_data(those) for those in each.levers],
            }
            for name, each in result.what_if.items()
        },
        "beliefs": None if result.corrections is None else corrections_data(result.corrections),
        "scenarios": None
        if result.scenarios is None
        else scenarios_data(result.crisis, result.scenarios),
        "weighing": None
        if result.weighing is None
        else weighing_data(result.crisis, result.weighing),
        "unweighed": result.unweighed or None,
        "backtest": None
        if result.backtest is None
        else backtest_data(result.backtest, forecasts=False),
        "lineage": list(result.survey.stability.crisis.lineage),
        "settings": settings_data(result.settings),
        "seed": result.settings.seed,
    }


def crisis_data(crisis: Crisis, *, states: int, possible: int | None) -> dict[str, Any]:
    """Return what is in a crisis, as `standoff show --json` prints it.

    Parameters
    ----------
    crisis
        The crisis.
    states, possible
        How many combinations of levels it has, and how many of them can be, if that was counted.
    """
    return {
        "crisis": crisis.title,
        "summary": crisis.summary,
        "digest": crisis.digest,
        "states": states,
        "possible": possible,
        "actors": {
            name: {
                "name": actor.name or name,
                "options": {key: list(option.levels) for key, option in actor.options.items()},
                "interests": list(actor.interests),
                "red_lines": list(actor.red_lines),
                "priorities": [priority.prefers for priority in actor.priorities],
                "ranking": [[pattern.written() for pattern in entry] for entry in actor.ranking],
                "believes": list(actor.believes),
            }
            for name, actor in crisis.actors.items()
        },
        "conditions": {name: list(each.levels) for name, each in crisis.conditions.items()},
        "situations": {name: each.as_of for name, each in crisis.situations.items()},
        "questions": {name: each.asks for name, each in crisis.questions.items()},
        "explanations": {name: each.asks for name, each in crisis.explanations.items()},
        "expectations": {name: each.claim for name, each in crisis.expects.items()},
        "sources": {
            name: {
                "title": each.title,
                "author": each.author,
                "published": each.published,
                "reliability": each.reliability,
                "credibility": each.credibility,
                "mark": each.mark,
            }
            for name, each in crisis.sources.items()
        },
        "record": len(crisis.record),
    }


def faults_data(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return faults and warnings, as `standoff check --json` prints them."""
    return [fault.as_json() for fault in faults]
