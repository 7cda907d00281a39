"""Scores in words: numbers with their intervals, and what the references stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from standoff.crisis import Crisis
from standoff.present.words import counted
from standoff.study.backtest import Backcast, Backtest, Hindsight
from standoff.study.ledger_scores import BASE_RATE, PERSISTENCE, PREVIOUS, UNIFORM
from standoff.study.scores import LEAST_CALIBRATED, Estimate, ScoreTable

BRIER = "Brier score, (p − o)² of each binary question, 0 to 1, lower is better"
LOG = "Log score, ln p of what happened, p clipped to 0.1-99.9%, higher is better"
"""Which form of each score a table uses; said in every table."""

_STAND_FOR = {
    BASE_RATE: "the base rate is the share of yes among all other questions here, each "
    "question's own outcome left out",
    PERSISTENCE: "persistence says that nothing ever changes",
    UNIFORM: "uniform says 50% to everything",
    PREVIOUS: "the previous assessment is the forecast of the same question kept before, where "
    "there is one",
}


def number(value: float) -> str:
    """Return a score with a sign that is a minus.

    Examples
    --------
    >>> number(0.0626), number(-0.693147), number(-0.0001)
    ('0.063', '−0.693', '0.000')
    """
    text = f"{abs(value):.3f}"
    return f"−{text}" if value < 0 and float(text) else text


def with_interval(given: Estimate) -> str:
    """Return a mean score with its interval.

    Examples
    --------
    >>> with_interval(Estimate(0.18, (0.1, 0.264))), with_interval(Estimate(0.18, None))
    ('0.180 (0.100 to 0.264)', '0.180 (one question: no interval)')
    """
    if given.interval is None:
        return f"{number(given.value)} (one question: no interval)"
    low, high = given.interval
    return f"{number(given.value)} ({number(low)} to {number(high)})"


def skill_words(given: Estimate) -> str:
    """Return a skill with its interval.

    Examples
    --------
    >>> skill_words(Estimate(0.123, (-0.31, 0.42))), skill_words(Estimate(-0.2, None))
    ('+0.12 (−0.31 to +0.42), not told from zero', '−0.20')
    >>> skill_words(Estimate(float("-inf"), None))
    'none: it made no error'
    """
    if not isfinite(given.value):
        return "none: it made no error"
    said = _signed(given.value)
    if given.interval is None:
        return said
    low, high = given.interval
    told = "" if low > 0 or high < 0 else ", not told from zero"
    return f"{said} ({_signed(low)} to {_signed(high)}){told}"


def _signed(value: float) -> str:
    if value < -9.995:
        return "below −10" if isfinite(value) else "no bound"
    text = f"{abs(value):.2f}"
    return text if not float(text) else f"{'+' if value > 0 else '−'}{text}"


def references_words(names: Iterable[str]) -> str:
    """Return what the references of a table stand for, in a sentence."""
    known = [_STAND_FOR[name] for name in names if name in _STAND_FOR]
    if not known:
        return "Skill is 1 − score / score of the reference."
    return f"Skill is 1 − score / score of the reference; {'; '.join(known)}."


def calibration_words(table: ScoreTable) -> str:
    """Return what can be said of calibration, in a sentence."""
    found = table.calibration
    if found is None:
        return (
            "Calibration: nothing can be said of it with fewer than "
            f"{LEAST_CALIBRATED} resolved questions, and there "
            f"{'is' if table.questions == 1 else 'are'} {table.questions}."
        )
    off = sum(not each.fits for each in found.bins)
    words = counted(len(found.bins), "likelihood word")
    fits = "in all of them" if not off else f"not in {off} of them"
    return (
        f"Calibration by {words}: what was said lies within Wilson's 90% interval of what "
        f"happened {fits}. Brier score = reliability {number(found.reliability)} − resolution "
        f"{number(found.resolution)} + uncertainty {number(found.uncertainty)} + "
        f"{number(found.rest)} within words."
    )


def outcome_words(crisis: Crisis, each: Backcast) -> str:
    """Return how a question came out by the record, in a sentence or two."""
    found = each.resolution
    if found.outcome is None:
        return f"Open: the record up to {found.seen_until} does not decide it."
    on = "by" if found.entry is None and not found.outcome else "on"
    came = f"Came out: {'yes' if found.outcome else 'no'}, {on} {found.day}"
    if found.entry is not None:
        entry = crisis.record[found.entry]
        why = entry.because or entry.source or f"entry {found.entry + 1} of the record"
        came += f" ({why.rstrip('.')}{'; disputed' if found.disputed else ''})"
    doubt = " Another day within an uncertain date would change that." if found.doubtful else ""
    return f"{came}.{doubt}"


def scored_sentence(found: Backtest) -> str:
    """Return how good the forecasts of earlier situations would have been, in a sentence or two."""
    asked = counted(len(found.backcasts), "question")
    situations = counted(len(found.hindsight), "earlier situation")
    if found.table is None:
        return f"The record decides none of {asked} that {situations} asked."
    skills = [
        f"{each.reference.replace('_', ' ')} {skill_words(each.brier)}"
        for each in found.table.skills
    ]
    return (
        f"The record decides {found.table.n} of {asked} that {situations} asked. Brier score of "
        f"the forecasts from then, lower is better: {with_interval(found.table.brier)}. Skill "
        f"against {'; '.join(skills)}."
    )


def hindsight_words(found: Sequence[Hindsight]) -> str:
    """Return how much of a backtest is hindsight, in a sentence or two."""
    dated, later = sum(each.dated for each in found), sum(each.later for each in found)
    if not dated:
        return (
            "No claim cites a source with a date of publication, so there is no telling how much "
            "of this is hindsight."
        )
    what = "This tests an account and not anybody's foresight:"
    if later == dated:
        return (
            f"{what} every claim in these situations that cites a dated source cites one "
            "published only after the situation's date."
        )
    return (
        f"{what} of {dated:,} claims in these situations that cite a dated source, {later:,} cite "
        "only what was published after the situation's date."
    )
