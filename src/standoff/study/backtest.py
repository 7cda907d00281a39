"""Would it have been right before? Forecasts of earlier situations against the later record.

Every situation with a date asks its own questions. They are answered from its state and its claims
alone: no forecast looks at the record, and a situation knows nothing of those that follow. The
record then says how each came out, as far as it goes; what it does not decide stays open.

That is a test of an account, not of anybody's foresight. The claims were written when the outcome
was known, and what a situation says was believed is a reconstruction; how many of its claims cite
a source that was published only later is counted, and goes with every table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from numpy.typing import ArrayLike

from standoff.crisis import Crisis, citations
from standoff.crisis.edtf import EventDate
from standoff.crisis.errors import BadValue, CrisisError
from standoff.crisis.uncertain import numbered
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.batch import answer_all, forecasts_of
from standoff.study.ensemble import draw_answers
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.ledger_assessment import if_nothing_changes
from standoff.study.ledger_scores import BASE_RATE, PERSISTENCE, UNIFORM
from standoff.study.outcomes import Answered, resolution
from standoff.study.record import record_end
from standoff.study.removal import claims_of
from standoff.study.scores import RESAMPLES, ScoreTable, base_rates, score_table
from standoff.study.variation import AS_IT_IS


@dataclass(frozen=True, slots=True)
class Backcast:
    """What one situation would have forecast, and how it came out.

    Attributes
    ----------
    forecast
        The forecast.
    resolution
        What the record says; its outcome is None where it does not say.
    unchanged
        How the question comes out if nothing ever changes.
    """

    forecast: Forecast
    resolution: Answered
    unchanged: bool

    @property
    def outcome(self) -> bool | None:
        """Whether the answer came out as yes; None if the record leaves it open."""
        return self.resolution.outcome


@dataclass(frozen=True, slots=True)
class Hindsight:
    """How much of what a situation claims is from sources of a later date.

    Attributes
    ----------
    situation, as_of
        The situation.
    later
        How many claims cite nothing that was published by then.
    dated
        How many cite anything with a date of publication.
    """

    situation: str
    as_of: date
    later: int
    dated: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """What earlier situations would have forecast, against the later record.

    Attributes
    ----------
    crisis
        As it is in the file.
    until
        The day up to which the record was read.
    backcasts
        By date of the situation, then in the order of the file.
    table
        The scores of those that the record decides; None if it decides none.
    hindsight
        For each situation.
    undated
        Questions that belong to no situation: nothing says when they were asked.
    settings, draws
        What it was computed with.
    """

    crisis: Crisis
    until: date
    backcasts: tuple[Backcast, ...]
    table: ScoreTable | None
    hindsight: tuple[Hindsight, ...]
    undated: tuple[str, ...]
    settings: Settings
    draws: int

    @property
    def resolved(self) -> tuple[Backcast, ...]:
        """Those that the record decides."""
        return tuple(each for each in self.backcasts if each.outcome is not None)

    @property
    def open(self) -> tuple[Backcast, ...]:
        """Those that it leaves open."""
        return tuple(each for each in self.backcasts if each.outcome is None)


def backtest(
    crisis: Crisis,
    *,
    before: date | None = None,
    until: date | None = None,
    draws: int = 0,
    depth: int = DEPTH,
    tau: float = TAU,
    seed: int = 0,
    resamples: int = RESAMPLES,
    workers: int = 1,
    hierarchy: Hierarchy | None = None,
    progress: Progress = quiet,
) -> Backtest:
    """Ask the questions of earlier situations, and score the answers by the later record.

    Parameters
    ----------
    crisis
        As it is in the file, in no situation.
    before
        Only situations before this day; by default those before the record ends.
    until
        The day up to which the record is read; by default its end.
    draws
        How many draws to take; the mean over them is scored. Without draws, central values.
    depth, tau, seed, workers, hierarchy, progress
        As for :func:`standoff.study.forecast.forecast`.
    resamples
        Of the bootstrap.

    Raises
    ------
    CrisisError
        If there is no record, or no situation before it ends asks anything.
    """
    end = until or record_end(crisis)
    if not crisis.record or end is None:
        raise CrisisError("backtest(): the crisis has no `record`, so nothing says what happened")
    names = earlier_questions(crisis, before=before, until=end)
    if not names:
        raise CrisisError(
            f"backtest(): no question belongs to a situation before {min(before or end, end)}"
        )
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    settings = Settings(depth, solver.tau, seed)
    found = _answers(crisis, names, settings, solver, draws, workers, progress)
    return backtest_of(crisis, found, until=end, settings=settings, draws=draws,
                       resamples=resamples)  # fmt: skip


def backtest_of(
    crisis: Crisis,
    forecasts: Mapping[str, Forecast],
    *,
    until: date,
    settings: Settings,
    draws: int = 0,
    resamples: int = RESAMPLES,
) -> Backtest:
    """Score answers that are there already; see :func:`backtest`.

    Parameters
    ----------
    crisis
        As it is in the file, in no situation.
    forecasts
        Of questions that belong to situations, in the order in which they are to be listed.
    until
        The day up to which the record is read.
    settings, draws
        What the answers were computed with; the seed serves the bootstrap too.
    resamples
        Of the bootstrap.
    """
    backcasts = tuple(
        Backcast(
            forecast=each,
            resolution=resolution(crisis, name, until),
            unchanged=if_nothing_changes(situated(crisis, name, AS_IT_IS), crisis.questions[name]),
        )
        for name, each in forecasts.items()
    )
    situations = dict.fromkeys(each.resolution.situation for each in backcasts)
    return Backtest(
        crisis=crisis,
        until=until,
        backcasts=backcasts,
        table=_table(crisis, backcasts, settings.seed, resamples),
        hindsight=tuple(hindsight(crisis, name) for name in situations),
        undated=tuple(n for n, each in crisis.questions.items() if each.situation is None),
        settings=settings,
        draws=draws,
    )


def earlier_questions(
    crisis: Crisis, *, before: date | None = None, until: date | None = None
) -> tuple[str, ...]:
    """Return the questions of situations before the record ends, by date.

    Parameters
    ----------
    crisis
        The crisis.
    before
        Only situations before this day.
    until
        The day up to which the record is read; by default its end.
    """
    end = until or record_end(crisis)
    if end is None:
        return ()
    first = min(before, end) if before else end
    days = {
        name: crisis.situations[question.situation].as_of
        for name, question in crisis.questions.items()
        if question.situation is not None
    }
    return tuple(sorted((name for name, day in days.items() if day < first), key=days.__getitem__))


def _answers(
    crisis: Crisis,
    names: Sequence[str],
    settings: Settings,
    solver: Hierarchy,
    draws: int,
    workers: int,
    progress: Progress,
) -> Mapping[str, Forecast]:
    asked = [Request(name) for name in names]
    known = numbered(crisis)[0] if draws else crisis
    first = 1 if draws else workers  # what is solved in this process is where the draws start
    answers = answer_all(known, asked, settings, solver, workers=first, progress=progress)
    found = forecasts_of(names, iter(answers))
    if draws:
        ensemble = draw_answers(
            crisis,
            asked,
            settings,
            draws=draws,
            hierarchy=solver,
            workers=workers,
            progress=progress,
        )
        spreads = dict(zip(names, ensemble.spreads, strict=True))
        found = {name: each.spread_by(spreads[name]) for name, each in found.items()}
    return found


def _table(
    crisis: Crisis, backcasts: Sequence[Backcast], seed: int, resamples: int
) -> ScoreTable | None:
    resolved = [each for each in backcasts if each.outcome is not None]
    if not resolved:
        return None
    outcomes = [bool(each.outcome) for each in resolved]
    groups = [_alike(crisis, each.forecast.question) for each in resolved]
    references: dict[str, ArrayLike] = {
        BASE_RATE: base_rates(outcomes, groups),
        PERSISTENCE: [float(each.unchanged) for each in resolved],
        UNIFORM: [0.5] * len(resolved),
    }
    said = [each.forecast.probability for each in resolved]
    return score_table(outcomes, said, references, groups=groups, seed=seed, resamples=resamples)


def _alike(crisis: Crisis, name: str) -> tuple[object, ...]:
    """What questions have in common that differ in their horizon only: they are one question."""
    question = crisis.questions[name]
    return (question.situation, question.form, question.event, question.until, question.lasting)


def hindsight(crisis: Crisis, situation: str) -> Hindsight:
    """Count the claims of a situation that rest on nothing published by its day."""
    as_of = crisis.situations[situation].as_of
    later = dated = 0
    for claim in claims_of(crisis.in_situation(situation)):
        days = [
            day
            for each in citations(claim.source)
            if each.source in crisis.sources
            and (day := _published(crisis.sources[each.source].published)) is not None
        ]
        dated += bool(days)
        later += bool(days) and min(days) > as_of
    return Hindsight(situation, as_of, later, dated)


def _published(text: str | None) -> date | None:
    """The first day on which a source may have been published."""
    try:
        return None if text is None else EventDate.parse(text).first
    except BadValue:
        return None
