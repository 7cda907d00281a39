"""Whether a question came true, by the record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from standoff.crisis import Crisis, Question
from standoff.crisis.errors import CrisisError, unknown
from standoff.study.record import Step, is_true_in, record_end, states_over_time


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether a question came true, by the record.

    Attributes
    ----------
    question, form
        Its name and which of the five forms it has.
    situation, as_of, closes
        Where it was asked, and from when to when it ran.
    outcome
        True or false; None while it is still open at the end of what is known.
    day
        When that was settled; None while it is open.
    entry
        The entry of `crisis.record` that settled it, counted from 0; None if it was settled by the
        state at the beginning, by a situation, or by nothing happening.
    disputed
        Whether that entry is disputed.
    doubtful
        Whether the outcome would be another one if events had come on the first, or all on the
        last, of the days on which they may have happened.
    seen_until
        The last day that was looked at.
    """

    question: str
    form: str
    situation: str
    as_of: datetime.date
    closes: datetime.date
    outcome: bool | None
    day: datetime.date | None
    entry: int | None
    disputed: bool
    doubtful: bool
    seen_until: datetime.date


def resolution(
    crisis: Crisis,
    question: str,
    until: datetime.date | None = None,
    *,
    known_by: datetime.date | None = None,
) -> Answered:
    """Return whether a question came true, by the record.

    A question of a situation runs from the end of that day, over later situations if it runs that
    long; what became true on day d counts if d is not after its last day.

    Parameters
    ----------
    crisis
        The crisis.
    question
        The name of a question.
    until, known_by
        As for :func:`observed_path`: what is known ends there.

    Raises
    ------
    UnknownNameError
        There is no such question.
    CrisisError
        The question belongs to no situation, so nothing says when it was asked.
    """
    if question not in crisis.questions:
        raise unknown("resolution()", "question", question, crisis.questions)
    asked = crisis.questions[question]
    situation = asked.situation or crisis.situation
    if situation is None:
        raise CrisisError(
            f"resolution(): the question {question!r} belongs to no situation, so nothing says "
            "when it was asked; give it one, or put the crisis in one"
        )
    as_of = crisis.situations[situation].as_of
    seen = max(as_of, until or known_by or record_end(crisis) or as_of)
    found = {
        counted: _settled(
            crisis,
            asked,
            states_over_time(crisis, until=seen, known_by=known_by, counted=counted),
            as_of,
            (seen - as_of).days,
        )
        for counted in ("first", "middle", "last")
    }
    outcome, step, day = found["middle"]
    entry = None if step is None or step.day <= as_of else step.entry
    length = asked.horizon.central + (asked.lasting.central if asked.lasting else 0)
    return Answered(
        question=question,
        form=asked.form,
        situation=situation,
        as_of=as_of,
        closes=_after(as_of, length),
        outcome=outcome,
        day=None if day is None else _after(as_of, day),
        entry=entry,
        disputed=entry is not None and crisis.record[entry].disputed,
        doubtful=len({each[0] for each in found.values()}) > 1,
        seen_until=seen,
    )


_Settled = tuple[bool | None, Step | None, float | None]
"""The outcome, the step that settled it, and after how many days."""


def _settled(
    crisis: Crisis,
    asked: Question,
    steps: Sequence[Step],
    as_of: datetime.date,
    seen: int,
) -> _Settled:
    """Answer a question from the states after a day, of which so many days are known."""
    days = asked.horizon.central
    before = [step for step in steps if step.day <= as_of]
    after = [step for step in steps if as_of < step.day]
    run = [(max(0, (step.day - as_of).days), step) for step in (*before[-1:], *after)]
    event = [(day, step, is_true_in(crisis, asked.event, step)) for day, step in run]
    within = [each for each in event if each[0] <= days]
    if asked.form == "lasting":
        return _lasting(asked, event, seen)
    if asked.form == "until":
        for day, step, true in within:
            reached = is_true_in(crisis, asked.until or "true", step)
            if reached or not true:
                return reached, step, float(day)
        return (False, None, days) if seen >= days else (None, None, None)
    if asked.form == "at":
        if seen < days:
            return None, None, None
        true = within[-1][2]
        turns = [step for (_, step, now), (_, _, was) in
                 zip(within[1:], within, strict=False) if now != was]  # fmt: skip
        return true, turns[-1] if turns else None, days
    wanted = asked.form == "within"
    for day, step, true in within:
        if true == wanted:
            return wanted, step, float(day)
    return (not wanted, None, days) if seen >= days else (None, None, None)


def _lasting(asked: Question, event: Sequence[tuple[int, Step, bool]], seen: int) -> _Settled:
    assert asked.lasting is not None
    days, lasts = asked.horizon.central, asked.lasting.central
    since: tuple[int, Step] | None = None
    for day, step, true in [*event, (seen, None, False)]:
        if true and since is None and step is not None and day <= days:
            since = day, step
        elif not true and since is not None:
            if day - since[0] >= lasts:
                return True, since[1], since[0] + lasts
            if step is None:
                return None, None, None
            since = None
    if seen < days:
        return None, None, None
    if [true for day, _, true in event if day <= days][-1]:  # a spell that then was too short
        return False, None, next(day for day, _, true in event if day > days and not true)
    return False, None, days


def _after(day: datetime.date, days: float) -> datetime.date:
    return day + datetime.timedelta(days=int(days))
