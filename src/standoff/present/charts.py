"""Charts: results as Vega-Lite specifications, plain dicts that any Vega-Lite program draws.

:func:`as_chart` takes a result. The other functions take several results, or a width, and are what
the report is made of. Nothing is drawn here, and nothing here imports a drawing library.
"""

from __future__ import annotations

from functools import singledispatch

from standoff.present.charts_curve import curve_chart
from standoff.present.charts_effects import Dots, effects_chart
from standoff.present.charts_fan import fan_chart
from standoff.present.charts_levels import Bar, levels_chart
from standoff.present.charts_scale import Marks, scale_chart, spans
from standoff.present.charts_shared import NARROW, WIDE, Chart
from standoff.present.charts_tornado import Carried, tornado_chart
from standoff.present.words import option, span
from standoff.study.account import Account
from standoff.study.analysis import Analysis
from standoff.study.effects import Effect
from standoff.study.forecast import Forecast
from standoff.study.outlook import Outlook

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Carried",
    "Chart",
    "Dots",
    "Marks",
    "as_chart",
    "changes",
    "curve_chart",
    "effects_chart",
    "fan_chart",
    "levels_chart",
    "scale_chart",
    "spans",
    "tornado_chart",
]


@singledispatch
def as_chart(result: object) -> Chart:
    """Return a result as a chart.

    Parameters
    ----------
    result
        A forecast (its curve over time, or the fan of its draws), an account (what carries an
        answer), an outlook (how one actor's options stand later), the
        effect of a red line (on every question), or a whole analysis (every question on one
        scale).

    Raises
    ------
    TypeError
        There is no chart for such a result.
    """
    raise TypeError(f"as_chart(): no chart for a {type(result).__name__}")


@as_chart.register
def _(result: Forecast) -> Chart:
    chart = curve_chart if result.spread is None else fan_chart
    return chart([result], title=result.asks)


@as_chart.register
def _(result: Account) -> Chart:
    found = result.attribution
    rows = [
        Carried(share.party, share.share, share.error, share.told_from_zero)
        for share in found.shares
    ]
    return tornado_chart(rows, title=f"What carries: {result.forecast.asks}")


@as_chart.register
def _(result: Outlook) -> Chart:
    view = "" if result.seen_by is None else f", as {result.seen_by} believes"
    return levels_chart(
        [Bar(option(name), "", levels) for name, levels in result.later.items()],
        title=f"{result.actor} in {span(result.days)}{view}",
    )


@as_chart.register
def _(result: Effect) -> Chart:
    rows = [Dots(name, (change,)) for name, change in changes(result).items()]
    return effects_chart(rows, title=f"What {result.path} does to each question")


@as_chart.register
def _(result: Analysis) -> Chart:
    rows = [
        Marks(
            each.asks, ((span(each.days), each.probability, each.error is not None),), spans([each])
        )
        for each in result.forecasts.values()
    ]
    return scale_chart(rows, title=result.crisis.title, width=WIDE)


def changes(effect: Effect) -> dict[str, float]:
    """Return by how much a claim raises the probability of each question."""
    return {name: effect.with_it[name] - effect.without_it[name] for name in effect.with_it}
