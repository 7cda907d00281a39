"""What carries an answer: how much of a probability each claim, and each passage, is worth.

The probability with all claims is compared with that without any. What lies between is shared out
among the claims by their Shapley values [1]_: what a claim adds on average when the claims are put
in one after the other, in every order. The shares add up to the difference, equal claims get
equal shares, and a claim without effect gets none. A party to the game may also be everything
that one passage, one actor or one kind of claim says.

With few parties every set of them is solved for and the values are exact; with many, orders are
drawn, each together with its reverse, and the standard error of each share says what the draws
leave open.

References
----------
.. [1] Shapley, L. S. (1953), "A value for n-person games", Contributions to the Theory of Games II.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import comb, sqrt
from typing import Literal

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.crisis.uncertain import numbered
from standoff.game.game import Floats
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.batch import answer_all
from standoff.study.engines import engine_for
from standoff.study.ensemble import AnswerVersions
from standoff.study.hierarchy import Hierarchy
from standoff.study.removal import Claim, Removal, claims_of
from standoff.study.variation import AS_IT_IS, Variation

Grouping = Literal["claim", "passage", "actor", "kind"]

MOST_EXACT = 10
"""With more parties than this, orders are drawn instead of solving for every set."""

ORDERS = 8
"""Orders that are drawn unless another number is asked for; half of them are reverses."""

NO_SOURCE = "no source"


@dataclass(frozen=True, slots=True)
class Share:
    """What one party carries.

    Attributes
    ----------
    party
        The path of a claim, a passage, an actor or a kind.
    claims
        The paths of the claims it stands for.
    share
        Its Shapley value: a difference of probabilities.
    error
        Its standard error; 0 where the values are exact.
    alone
        What the probability loses without this party alone.
    """

    party: str
    claims: tuple[str, ...]
    share: float
    error: float
    alone: float

    @property
    def told_from_zero(self) -> bool:
        """Whether it can be told from zero: beyond two errors, and a hundredth of a point."""
        return abs(self.share) > max(2 * self.error, 1e-4)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What carries the answer to one question.

    Attributes
    ----------
    question
        Which.
    by
        What the parties are.
    central
        The probability with every claim.
    without
        The probability without any of them.
    shares
        The largest first.
    orders
        How many orders were drawn; 0 if the shares are exact.
    seed
        Of the orders.
    stays
        Paths of claims that could not be left out.
    """

    question: str
    by: Grouping
    central: float
    without: float
    shares: tuple[Share, ...]
    orders: int
    seed: int
    stays: tuple[str, ...]


def attribute(
    crisis: Crisis,
    question: str,
    *,
    by: Grouping = "claim",
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    orders: int = ORDERS,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Attribution:
    """Share out the answer to a question among the claims that it rests on.

    Parameters
    ----------
    crisis
        As it is in the file.
    question
        Which; one that asks for something lasting has no exact answer and is refused.
    by
        What the parties are.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.
    orders
        How many orders are drawn where there are many parties; at least 2.

    Raises
    ------
    CrisisError
        If the question asks for something lasting, or fewer than two orders are to be drawn.
    """
    chosen = settings or Settings()
    changed, entries = numbered(situated(crisis, question, variation))
    if changed.questions[question].lasting is not None:
        raise CrisisError(
            f"attribute(): {question} asks for something lasting, which is estimated and not exact"
        )
    removal = Removal(changed, entries)
    parties = parties_of(removal.claims, by)
    paths = list(parties.values())
    central = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    versions = AnswerVersions(changed, [Request(question)], chosen, central)

    exact = len(paths) <= MOST_EXACT
    if not exact and orders < 2:
        raise CrisisError(f"attribute(): it takes at least 2 orders, not {orders}")
    everyone = frozenset(range(len(paths)))
    with engine_for(versions, workers=workers) as engine:

        def chances(kept: Sequence[frozenset[int]]) -> Floats:
            left_out = [
                set(chain.from_iterable(paths[n] for n in range(len(paths)) if n not in some))
                for some in kept
            ]
            lines = versions.answer(removal.values(left_out), engine=engine, progress=progress)
            return lines[0][:, -1]

        worth = _Worth(chances)
        worth.learn([everyone, frozenset(), *(everyone - {n} for n in everyone)])
        if exact:
            shares, errors, drawn = _exact(worth, len(paths)), np.zeros(len(paths)), 0
        else:
            shares, errors, drawn = *_sampled(worth, len(paths), orders, chosen.seed), orders
    found = (
        Share(name, tuple(claims), float(shares[n]), float(errors[n]),
              worth[everyone] - worth[everyone - {n}])
        for n, (name, claims) in enumerate(parties.items())
    )  # fmt: skip
    known = {claim.path for claim in removal.claims}
    return Attribution(
        question=question,
        by=by,
        central=worth[everyone],
        without=worth[frozenset()],
        shares=tuple(sorted(found, key=lambda each: -abs(each.share))),
        orders=drawn,
        seed=chosen.seed,
        stays=tuple(each.path for each in claims_of(changed) if each.path not in known),
    )


def parties_of(claims: Iterable[Claim], by: Grouping) -> dict[str, list[str]]:
    """The paths of the claims of each party.

    A claim that cites several passages belongs to the first.
    """
    parties: dict[str, list[str]] = {}
    for claim in claims:
        match by:
            case "claim":
                name = claim.path
            case "passage":
                name = next(iter(claim.passages), NO_SOURCE)
            case "actor":
                name = claim.actor
            case "kind":
                name = claim.kind
        parties.setdefault(name, []).append(claim.path)
    return parties


class _Worth:
    """The probability with each set of parties, solved for once."""

    def __init__(self, chances: Callable[[Sequence[frozenset[int]]], Floats]) -> None:
        self._chances = chances
        self._known: dict[frozenset[int], float] = {}

    def learn(self, sets: Iterable[frozenset[int]]) -> None:
        new = [each for each in dict.fromkeys(sets) if each not in self._known]
        if new:
            self._known.update(zip(new, map(float, self._chances(new)), strict=True))

    def __getitem__(self, some: frozenset[int]) -> float:
        return self._known[some]


def _exact(worth: _Worth, count: int) -> Floats:
    sets = [frozenset(n for n in range(count) if number >> n & 1) for number in range(2**count)]
    worth.learn(sets)
    shares = np.zeros(count)
    for some in sets:
        for n in range(count):
            if n not in some:
                weight = 1 / (count * comb(count - 1, len(some)))
                shares[n] += weight * (worth[some | {n}] - worth[some])
    return shares


def _sampled(worth: _Worth, count: int, orders: int, seed: int) -> tuple[Floats, Floats]:
    """Shares and their standard errors, from orders drawn in pairs."""
    generator = np.random.default_rng(seed)
    pairs = []
    for _ in range(-(-orders // 2)):
        order = [int(n) for n in generator.permutation(count)]
        pairs.append((order, order[::-1]))
    everywhere = [order for pair in pairs for order in pair]
    worth.learn(frozenset(order[:size]) for order in everywhere for size in range(count + 1))

    def added(order: list[int]) -> Floats:
        gains = np.zeros(count)
        for place, n in enumerate(order):
            before = frozenset(order[:place])
            gains[n] = worth[before | {n}] - worth[before]
        return gains

    means = np.array([(added(one) + added(other)) / 2 for one, other in pairs])
    errors = (
        means.std(axis=0, ddof=1) / sqrt(len(pairs)) if len(pairs) > 1 else np.full(count, np.inf)
    )
    return means.mean(axis=0), errors


def retract(
    crisis: Crisis,
    passage: str,
    questions: Iterable[str] | None = None,
    *,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
) -> dict[str, tuple[float, float]]:
    """What every answer becomes without a source, or without one passage of it.

    Parameters
    ----------
    crisis
        As it is in the file.
    passage
        A source (`essay`), or a passage (`essay p10`).
    questions
        Which; all that have an exact answer by default.
    settings, hierarchy, workers
        As for :func:`attribute`.

    Returns
    -------
    dict
        For each question, the probability as it is and without.

    Raises
    ------
    CrisisError
        If no claim cites it.
    """
    chosen = settings or Settings()
    central = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    names = [
        name
        for name in (crisis.questions if questions is None else questions)
        if crisis.questions[name].lasting is None
    ]
    answers: dict[str, tuple[float, float]] = {}
    cited = False
    by_situation: dict[str | None, list[str]] = {}
    for name in names:
        by_situation.setdefault(crisis.questions[name].situation, []).append(name)
    for together in by_situation.values():
        here = situated(crisis, together[0], AS_IT_IS)
        gone = tuple(
            claim.path
            for claim in claims_of(here)
            if any(each == passage or each.split(" ")[0] == passage for each in claim.passages)
        )
        cited = cited or bool(gone)
        asked = [
            Request(name, left, brief=True)
            for left in (AS_IT_IS, Variation(without=gone))
            for name in together
        ]
        found = answer_all(here, asked, chosen, central, workers=workers)
        for name, now, without in zip(
            together, found[: len(together)], found[len(together) :], strict=True
        ):
            answers[name] = now.central, without.central
    if not cited:
        known = sorted({each for claim in claims_of(crisis) for each in claim.passages})
        raise CrisisError(
            f"retract(): no claim cites `{passage}`; cited are {', '.join(known) or 'none'}"
        )
    return answers
