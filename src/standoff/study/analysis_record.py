"""What an analysis makes of the record: its explanations weighed, and a backtest.

Both are there unasked, so neither may take long: explanations are weighed at central values alone,
and the backtest scores forecasts that the analysis has made anyway.
"""

from __future__ import annotations

from collections.abc import Mapping

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.study.analysis_plan import QUICK_WEIGHING, work_of_weighing
from standoff.study.asking import Progress, Settings
from standoff.study.backtest import Backtest, backtest_of, earlier_questions
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.record import record_end
from standoff.study.variation import AS_IT_IS, Variation
from standoff.study.weighed import Weighing
from standoff.study.weighing import weigh


def weighing_of(
    crisis: Crisis,
    variation: Variation,
    settings: Settings,
    hierarchy: Hierarchy,
    progress: Progress,
) -> tuple[Weighing | None, str]:
    """Weigh the explanations of a crisis at central values, if that is quick.

    Returns
    -------
    tuple
        The weighing, or None and why not; that is empty where there is nothing to be weighed.
    """
    work = work_of_weighing(crisis, variation)
    if not work:
        return None, ""
    if work > QUICK_WEIGHING:
        return None, "it takes long for a crisis of this size"
    try:
        return weigh(crisis, draws=0, settings=settings, hierarchy=hierarchy,
                     progress=progress), ""  # fmt: skip
    except CrisisError as error:  # no reason to withhold everything else
        return None, str(error).removeprefix("weigh(): ")


def backtest_from(
    crisis: Crisis,
    variation: Variation,
    forecasts: Mapping[str, Forecast],
    settings: Settings,
) -> Backtest | None:
    """Score the forecasts that an analysis made of earlier situations; None if there are none."""
    end = record_end(crisis)
    if variation != AS_IT_IS or crisis.situation is not None or not crisis.record or end is None:
        return None
    earlier = {name: forecasts[name] for name in earlier_questions(crisis) if name in forecasts}
    if not earlier:
        return None
    spreads = [each.spread for each in earlier.values() if each.spread is not None]
    draws = spreads[0].draws if spreads else 0
    return backtest_of(crisis, earlier, until=end, settings=settings, draws=draws)
