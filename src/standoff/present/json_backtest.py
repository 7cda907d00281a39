"""A backtest as plain data."""

from __future__ import annotations

from typing import Any

from standoff.present.json import forecast_data, settings_data
from standoff.present.json_scores import score_table_data
from standoff.study.backtest import Backcast, Backtest


def backtest_data(found: Backtest, *, forecasts: bool = True) -> dict[str, Any]:
    """Return a backtest, as `standoff backtest --json` prints it.

    Parameters
    ----------
    found
        The backtest.
    forecasts
        Whether with its forecasts, which may be told elsewhere.
    """
    return {
        "crisis": found.crisis.title,
        "digest": found.crisis.digest,
        "until": found.until,
        "questions": {
            each.forecast.question: _backcast_data(each, forecasts) for each in found.backcasts
        },
        "open": [each.forecast.question for each in found.open],
        "undated": list(found.undated),
        "scores": score_table_data(found.table),
        "hindsight": {
            each.situation: {"as_of": each.as_of, "later": each.later, "dated": each.dated}
            for each in found.hindsight
        },
        "draws": found.draws,
        "settings": settings_data(found.settings),
        "seed": found.settings.seed,
    }


def _backcast_data(each: Backcast, forecasts: bool) -> dict[str, Any]:
    answer = each.resolution
    found: dict[str, Any] = {
        "outcome": answer.outcome,
        "day": answer.day,
        "entry": answer.entry,
        "disputed": answer.disputed,
        "doubtful": answer.doubtful,
        "closes": answer.closes,
        "unchanged": each.unchanged,
    }
    return found | ({"forecast": forecast_data(each.forecast)} if forecasts else {})
