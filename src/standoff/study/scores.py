r"""How good probabilities were, once it is known how things came out.

The Brier score of one binary question is :math:`(p - o)^2`, from 0 (right and certain) to 1, and
its log score :math:`\ln p` of what happened, with p clipped to 0.1-99.9%, from -6.9 to almost 0.
Skill compares with what somebody without the model would have said: :math:`1 - S / S_{ref}`, the
share of that one's score that is saved; below zero, that one did better.

Intervals are from the 5th to the 95th percentile of bootstrap samples, in which whole questions
are drawn, so that several forecasts of one question count as one piece of evidence. With 20
questions or more the probabilities are also compared with what happened, by the likelihood word
they had (calibration).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standoff.crisis.errors import CrisisError
from standoff.study.calibration import Calibration, calibrate

Floats = NDArray[np.float64]

CLIP = 0.001
"""Probabilities are taken to be this far from 0 and 1 for the log score."""

RESAMPLES = 2000
LEAST_CALIBRATED = 20
"""Fewer questions than this say nothing of calibration."""

_TAILS = (0.05, 0.95)
_AT_ONCE = 2**22  # numbers drawn at once


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions.

    Attributes
    ----------
    value
        The mean.
    interval
        The 5th and 95th percentile of the bootstrap; None with a single question.
    """

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Skill:
    """How much better the probabilities were than a reference.

    Attributes
    ----------
    reference
        Its name.
    n
        For how many forecasts the reference says anything; the scores here are of those alone.
    brier, log
        The skill by each score; minus infinity where the reference made no error at all.
    reference_brier, reference_log
        The reference's own mean scores.
    """

    reference: str
    n: int
    brier: Estimate
    log: Estimate
    reference_brier: float
    reference_log: float


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """How good probabilities were.

    Attributes
    ----------
    n, questions
        How many forecasts, of how many questions.
    yes
        How many forecasts are of questions that came out as yes.
    brier
        Mean of (p - o)^2, from 0 to 1; lower is better.
    log
        Mean of ln p of what happened; higher is better.
    skills
        Against each reference that says anything.
    calibration
        With :data:`LEAST_CALIBRATED` questions or more.
    resamples, seed
        Of the bootstrap.
    """

    n: int
    questions: int
    yes: int
    brier: Estimate
    log: Estimate
    skills: tuple[Skill, ...]
    calibration: Calibration | None
    resamples: int
    seed: int


def brier_scores(outcomes: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return the Brier score of each forecast, (p - o)^2.

    Examples
    --------
    >>> brier_scores([1, 0], [0.75, 0.5]).tolist()
    [0.0625, 0.25]
    """
    return np.asarray(np.square(np.asarray(probabilities, float) - np.asarray(outcomes, float)))


def log_scores(outcomes: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return the log score of each forecast, ln p of what happened, p clipped to 0.1-99.9%.

    Examples
    --------
    >>> log_scores([1, 0], [0.5, 1.0]).round(3).tolist()
    [-0.693, -6.908]
    """
    clipped = np.clip(np.asarray(probabilities, float), CLIP, 1 - CLIP)
    return np.asarray(np.log(np.where(np.asarray(outcomes, float) > 0.5, clipped, 1 - clipped)))


def score_table(
    outcomes: ArrayLike,
    probabilities: ArrayLike,
    references: Mapping[str, ArrayLike] | None = None,
    *,
    groups: Sequence[Hashable] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> ScoreTable:
    """Score probabilities, and compare them with those of references.

    Parameters
    ----------
    outcomes
        Shape ``(n,)``: 1 or true for yes, 0 or false for no.
    probabilities
        Shape ``(n,)``, between 0 and 1.
    references
        By name, what each would have said, shape ``(n,)``, NaN where it says nothing.
    groups
        For each forecast what question it is of; by default each is of its own.
    seed, resamples
        Of the bootstrap.

    Raises
    ------
    CrisisError
        If there is nothing to score, or the numbers are not what they should be.
    """
    came, said = np.asarray(outcomes, float), np.asarray(probabilities, float)
    _check(came, said)
    of = _numbered(range(len(came)) if groups is None else groups, len(came))
    draws = _Bootstrap(of, resamples, seed)
    brier, log = brier_scores(came, said), log_scores(came, said)
    questions = int(of.max()) + 1
    skills = (
        _skill(name, came, (brier, log), np.asarray(other, float), draws)
        for name, other in (references or {}).items()
    )
    enough = questions >= LEAST_CALIBRATED
    return ScoreTable(
        n=len(came),
        questions=questions,
        yes=int(came.sum()),
        brier=draws.mean(brier),
        log=draws.mean(log),
        skills=tuple(each for each in skills if each is not None),
        calibration=calibrate(came, said) if enough else None,
        resamples=resamples,
        seed=seed,
    )


def base_rates(outcomes: ArrayLike, groups: Sequence[Hashable] | None = None) -> Floats:
    """Return for each forecast the share of yes among all others: those of other questions.

    Its own question is left out, for nobody knew its outcome; NaN where there is no other.

    Examples
    --------
    >>> base_rates([1, 0, 0]).tolist()
    [0.0, 0.5, 0.5]
    """
    came = np.asarray(outcomes, float)
    of = _numbered(range(len(came)) if groups is None else groups, len(came))
    yes = np.bincount(of, came)
    count = np.bincount(of)
    # The forecasts of one question have one outcome: they count as one.
    share = yes / count
    others = len(share) - 1
    with np.errstate(invalid="ignore"):
        return np.asarray((share.sum() - share[of]) / (others or nan))


class _Bootstrap:
    """Means, and ratios of means, when whole questions are drawn again and again."""

    def __init__(self, of: NDArray[np.intp], resamples: int, seed: int) -> None:
        self.of, self.resamples, self.seed = of, resamples, seed

    def mean(self, values: Floats) -> Estimate:
        return Estimate(
            float(values.mean()), self._interval([values, np.ones_like(values)], _ratio)
        )

    def skill(self, values: Floats, reference: Floats, here: NDArray[np.bool_]) -> Estimate:
        """One less the ratio of two means over the forecasts that are ``here``."""
        sums = [np.where(here, values, 0.0), np.where(here, reference, 0.0)]
        own, other = (float(each.sum()) for each in sums)
        value = float(_skill_of(np.array([own]), np.array([other]))[0])
        return Estimate(value, self._interval(sums, _skill_of, here))

    def _interval(
        self,
        values: Sequence[Floats],
        combine: Callable[[Floats, Floats], Floats],
        here: NDArray[np.bool_] | None = None,
    ) -> tuple[float, float] | None:
        of = self.of if here is None else self.of[here]
        chosen, of = np.unique(of, return_inverse=True)
        count = len(chosen)
        if count < 2 or not self.resamples:
            return None
        totals = [np.bincount(of, each if here is None else each[here]) for each in values]
        generator = np.random.default_rng(self.seed)
        found: list[Floats] = []
        left, most = self.resamples, max(1, _AT_ONCE // count)
        while left:
            drawn = generator.integers(count, size=(min(left, most), count))
            found.append(combine(*(total[drawn].sum(axis=1) for total in totals)))
            left -= len(drawn)
        # No averaging of neighbours: one of them may be minus infinity.
        low, high = np.quantile(np.concatenate(found), _TAILS, method="inverted_cdf")
        return float(low), float(high)


def _ratio(total: Floats, count: Floats) -> Floats:
    return np.asarray(total / count)


def _skill_of(own: Floats, other: Floats) -> Floats:
    """One less a ratio; 0 where both are without error, minus infinity where the other alone is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        skill = 1 - own / other
    return np.asarray(np.where(other == 0, np.where(own == 0, 0.0, -inf), skill))


def _skill(
    name: str, came: Floats, scores: tuple[Floats, Floats], other: Floats, draws: _Bootstrap
) -> Skill | None:
    if other.shape != came.shape:
        raise CrisisError(f"score_table(): {name} has {other.shape} values, not {came.shape}")
    here = np.isfinite(other)
    if not here.any():
        return None
    if ((other[here] < 0) | (other[here] > 1)).any():
        raise CrisisError(f"score_table(): {name} has probabilities that are not between 0 and 1")
    reference = brier_scores(came, other), log_scores(came, other)
    brier, log = (draws.skill(*pair, here) for pair in zip(scores, reference, strict=True))
    means = [float(each[here].mean()) for each in reference]
    return Skill(name, int(here.sum()), brier, log, *means)


def _check(came: Floats, said: Floats) -> None:
    if came.ndim != 1 or came.shape != said.shape:
        raise CrisisError(
            f"score_table(): outcomes have the shape {came.shape} and probabilities {said.shape}; "
            "both are one list, of the same length"
        )
    if not len(came):
        raise CrisisError("score_table(): there is nothing to score")
    if not np.isin(came, (0.0, 1.0)).all():
        raise CrisisError("score_table(): an outcome is 1 for yes or 0 for no")
    if not ((said >= 0) & (said <= 1)).all():
        raise CrisisError("score_table(): a probability is between 0 and 1")


def _numbered(groups: Sequence[Hashable], n: int) -> NDArray[np.intp]:
    if len(groups) != n:
        raise CrisisError(f"score_table(): {len(groups)} groups are given for {n} forecasts")
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(each, len(known)) for each in groups], dtype=np.intp)
