"""What mistakes cost: what follows if beliefs are corrected, one at a time and together.

To correct a belief is to let its holder see what is so. What others believe of that holder is left
as it is, unless theirs is corrected as well: they go on acting as if it were still mistaken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.crisis.patches import in_short
from standoff.study.asking import Progress, Settings, quiet
from standoff.study.changes import Change, Changer, value_at
from standoff.study.hierarchy import Hierarchy
from standoff.study.outlook import latest_situation
from standoff.study.removal import Claim, claims_of
from standoff.study.trials import Outcome, Trials, exact_question, settled
from standoff.study.variation import AS_IT_IS, Variation


@dataclass(frozen=True, slots=True)
class Belief:
    """What one actor believes, and what is so.

    Attributes
    ----------
    path
        Such as `north.believes.south.interests.fear.weight`.
    holder
        Who believes it.
    thinks, in_fact
        The value that it believes, and what it would see if it saw what is so; as written.
    mistaken
        Whether the two differ, at central values.
    because, source
        The belief in the analyst's words, and where it comes from.
    """

    path: str
    holder: str
    thinks: str
    in_fact: str
    mistaken: bool
    because: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What follows if some beliefs are corrected.

    Attributes
    ----------
    beliefs
        Their paths.
    holder
        Whose they are; None if they are everybody's.
    chances
        By question, the probability then.
    effects
        By question, by how much that is more than as it is.
    worths
        By actor, what it then really gets: its payoff on average, discounted at its own horizon, in
        weight units per day.
    costs
        By actor, by how much that is more than as it is: what the mistake costs it. Below zero, it
        gains by the mistake.
    """

    beliefs: tuple[str, ...]
    holder: str | None
    chances: Mapping[str, float]
    effects: Mapping[str, float]
    worths: Mapping[str, float]
    costs: Mapping[str, float]

    @property
    def largest(self) -> float:
        """The largest effect on any question, in absolute value; without questions, cost."""
        sizes = self.effects if self.effects else self.costs
        return max(map(abs, sizes.values()), default=0.0)


@dataclass(frozen=True, slots=True)
class Corrections:
    """What mistakes cost, in the probability of each question and in what each actor gets.

    Attributes
    ----------
    situation
        Where it starts.
    chances, worths
        By question and by actor, as it is.
    beliefs
        What every actor believes, in file order, right or wrong.
    one_by_one
        Each mistaken belief corrected alone, the largest effect first.
    by_holder
        For each actor that is mistaken, all its beliefs corrected.
    together
        Everybody's beliefs corrected; None if nobody is mistaken.
    """

    situation: str | None
    chances: Mapping[str, float]
    worths: Mapping[str, float]
    beliefs: tuple[Belief, ...]
    one_by_one: tuple[Correction, ...]
    by_holder: tuple[Correction, ...]
    together: Correction | None


def find_corrections(
    crisis: Crisis,
    questions: Sequence[str] | None = None,
    *,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Corrections:
    """Find what follows if each belief, all of each actor's, and all together are corrected.

    Parameters
    ----------
    crisis
        As it is in the file.
    questions
        Questions that start in one situation and have exact answers; by default all of those that
        start in the latest situation, or in that of the variation.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.

    Raises
    ------
    CrisisError
        If questions start in different situations, or one asks for something lasting.
    UnknownNameError
        If the crisis has no such question.
    """
    names, situation = _asked(crisis, questions, variation)
    chosen, solver = settled(settings, hierarchy)
    trials = Trials(
        variation.of(crisis, situation),
        names,
        chosen,
        solver,
        worths=True,
        workers=workers,
        progress=progress,
    )
    beliefs = beliefs_of(trials.changer)
    wrong = [belief for belief in beliefs if belief.mistaken]
    holders = list(dict.fromkeys(belief.holder for belief in wrong))
    groups: list[tuple[str | None, list[str]]] = [(each.holder, [each.path]) for each in wrong]
    groups += [(name, [b.path for b in beliefs if b.holder == name]) for name in holders]
    groups += [(None, [belief.path for belief in beliefs])] if wrong else []
    outcomes = trials.outcomes([[Change("corrected", p) for p in paths] for _, paths in groups])
    found = [
        _correction(holder, outcome, trials.central)
        for (holder, _), outcome in zip(groups, outcomes, strict=True)
    ]
    single = sorted(found[: len(wrong)], key=lambda each: -each.largest)
    return Corrections(
        situation=trials.crisis.situation,
        chances=trials.central.chances,
        worths=trials.central.worths,
        beliefs=beliefs,
        one_by_one=tuple(single),
        by_holder=tuple(found[len(wrong) : len(wrong) + len(holders)]),
        together=found[-1] if wrong else None,
    )


def beliefs_of(changer: Changer) -> tuple[Belief, ...]:
    """Every belief of a crisis, in file order, beside what is so."""
    claims: Iterable[Claim] = claims_of(changer.crisis)
    return tuple(_belief(changer, claim) for claim in claims if claim.kind == "belief")


def _belief(changer: Changer, claim: Claim) -> Belief:
    change = Change("corrected", claim.path)
    same = changer.is_number(change) and np.array_equal(changer.row([change]), changer.central)
    return Belief(
        path=claim.path,
        holder=claim.actor,
        thinks=in_short(value_at(changer.crisis, claim.path)),
        in_fact=in_short(changer.true_of(claim.path)),
        mistaken=not same,
        because=claim.because,
        source=claim.source,
    )


def _correction(holder: str | None, outcome: Outcome, central: Outcome) -> Correction:
    return Correction(
        beliefs=tuple(change.path for change in outcome.changes),
        holder=holder,
        chances=outcome.chances,
        effects={name: chance - central.chances[name] for name, chance in outcome.chances.items()},
        worths=outcome.worths,
        costs={name: worth - central.worths[name] for name, worth in outcome.worths.items()},
    )


def _asked(
    crisis: Crisis, questions: Sequence[str] | None, variation: Variation
) -> tuple[tuple[str, ...], str | None]:
    """The questions, and the one situation that they start in."""
    where = crisis.situation or variation.situation
    if questions is None:
        start = where or latest_situation(crisis)
        named = tuple(
            name
            for name, asked in crisis.questions.items()
            if asked.lasting is None and start in (where, asked.situation)
        )
        return named, None if crisis.situation else start
    for name in questions:
        exact_question(crisis, name, "find_corrections()")
    starts = {where or crisis.questions[name].situation for name in questions}
    if len(starts) > 1:
        listed = ", ".join(sorted(str(start) for start in starts))
        raise CrisisError(
            f"find_corrections(): the questions start in different situations ({listed}); what "
            "mistakes cost is told from one start at a time"
        )
    return tuple(questions), next(iter(starts), None)
