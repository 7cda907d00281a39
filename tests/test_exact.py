"""Every answer agrees with the oracle, which shares no code with the package.

Random crises are compared in blocks of ten: every question as it is and in one random variant,
the distribution over states at a time, the share of time, the policies state by state. The last
tests make sure that the crises compared use everything that can change an answer.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pytest

import oracle
import standoff
from random_crises import random_crisis, random_variant
from standoff.crisis import Crisis
from standoff.solve.chain import distribution
from standoff.solve.policy import Status, choices_at
from standoff.study.forecast import forecast
from standoff.study.hierarchy import DEPTH, Hierarchy
from translate import drawn, in_oracles_order, variation

Raw = dict[str, Any]

CRISES, BLOCK = 200, 10
CLOSE = 1e-7


class Answer(NamedTuple):
    """The same probability, twice."""

    seed: int
    question: str
    variant: str
    mine: float
    theirs: float


class Compared(NamedTuple):
    """What one block of crises gave."""

    answers: list[Answer]
    features: Counter[str]


@functools.cache
def compared(block: int) -> Compared:
    """Ask both about every question of ten crises: as it is, and in a variant of each."""
    answers, features = [], Counter[str]()
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        raw = random_crisis(seed)
        crisis, hierarchy = standoff.loads(json.dumps(raw)), Hierarchy()
        elsewhere = [{"situation": name} for name in raw.get("situations", {}) if seed % 3 == 0]
        for variant in ({}, random_variant(raw, seed), *elsewhere[-1:]):
            depth = variant.get("depth", DEPTH)
            for name in raw["questions"]:
                answer = forecast(
                    crisis, name, variation=variation(variant), depth=depth, hierarchy=hierarchy
                )
                theirs = oracle.answer(raw, name, **variant)
                answers.append(Answer(seed, name, repr(variant), answer.central, theirs))
                if not variant and seed % 2:
                    share = oracle.share_of_time(raw, name)
                    answers.append(Answer(seed, name, "share", answer.share_of_time, share))
            features.update(what_is_solved(hierarchy, crisis, variant, depth))
    return Compared(answers, features)


def what_is_solved(hierarchy: Hierarchy, crisis: Crisis, variant: Raw, depth: int) -> set[str]:
    """In words, what the solver met: as arrays, where a feature of the file has its effect."""
    asked = variation(variant).of(crisis)
    game = hierarchy.game(asked)
    found = {f"variant: {key}" for key in variant} | {f"depth {depth}"}
    found |= {f"{len(game.movers)} movers", f"{len(game.space.axes) - len(game.movers)} conditions"}
    if not game.space.feasible.all():
        found.add("infeasible states")
    strategies = (
        np.prod([len(option.levels) for option in crisis.actors[mover.name].options.values()])
        for mover in game.movers
    )
    if any(len(game.space.axes[m.axis]) < n for m, n in zip(game.movers, strategies, strict=True)):
        found.add("a strategy that cannot be, or is held")
    for mover in game.movers:
        if mover.allowed is not None:
            found.add("a restricted mover")
            found |= {"a restricted mover whose tempo varies"} if mover.rate.size > 1 else set()
        elif mover.rate.shape[mover.axis] > 1:
            found.add("a mover whose tempo follows its own option")
        elif mover.rate.size > 1:
            found.add("a mover whose tempo follows others")
        else:
            found.add("a free mover")
    for drift in game.drifts:
        found.add("a rate that varies" if drift.rate.size > 1 else "a constant rate")
    views = [asked.as_seen_by(actor) for actor in asked.actors]
    if any(view.actors != asked.actors for view in views):
        found.add("a false belief")
    if any(view.conditions != asked.conditions for view in views):
        found.add("a false belief about a rate")
    seconds = [view.as_seen_by(actor) for view in views for actor in view.actors]
    if len({json.dumps(v.data()["actors"], default=str) for v in seconds}) > len(asked.actors):
        found.add("a belief about a belief")
    if asked.situation is not None and crisis.situations[asked.situation].with_:
        found.add("a situation that changes something")
    return found


MET = """
depth 0; depth 1; depth 2; depth 3; depth 4
variant: holding; variant: starting; variant: without; variant: with; variant: seen_by
variant: situation; 2 movers; 3 movers; 4 movers; 0 conditions; 1 conditions; 2 conditions
infeasible states; a strategy that cannot be, or is held; a restricted mover
a restricted mover whose tempo varies; a mover whose tempo follows its own option
a mover whose tempo follows others; a free mover; a rate that varies; a constant rate
a false belief; a false belief about a rate; a belief about a belief
a situation that changes something
"""


# -------------------------------------------------------------------------------------- agreement


@pytest.mark.parametrize("block", range(CRISES // BLOCK))
def test_every_answer_agrees_with_the_oracle(block: int) -> None:
    wrong = [a for a in compared(block).answers if not abs(a.mine - a.theirs) <= CLOSE]
    assert wrong == []


def test_the_crises_compared_meet_every_feature_of_the_solver() -> None:
    counts = Counter[str]()
    for block in range(CRISES // BLOCK):
        counts += compared(block).features
    wanted = [feature.strip() for feature in MET.replace("\n", ";").split(";") if feature.strip()]
    rare = {feature: counts[feature] for feature in wanted if counts[feature] < 8}
    assert not rare


def test_most_answers_compared_are_neither_nearly_certain_nor_nearly_impossible() -> None:
    answers = [
        answer
        for block in range(CRISES // BLOCK)
        for answer in compared(block).answers
        if answer.variant != "share"
    ]
    assert len(answers) >= 8 * CRISES
    assert sum(0.01 < answer.theirs < 0.99 for answer in answers) >= 0.5 * len(answers)
    for form in ("within", "at", "throughout", "until"):
        of_form = [a for a in answers if a.question.startswith(form)]
        assert sum(0.01 < answer.theirs < 0.99 for answer in of_form) >= 0.4 * len(of_form)


@pytest.mark.parametrize("block", range(4))
def test_the_distribution_at_a_time_agrees_with_the_oracle(block: int) -> None:
    for seed in range(block * 10, (block + 1) * 10):
        raw, variant, crisis = drawn(seed)
        depth, days = seed % 5, 1.5 * (1 + seed % 17)
        chain = Hierarchy(depth=depth).chain(crisis)
        chances, space = distribution(chain, days), chain.game.space
        theirs = oracle.distribution(raw, at=days, depth=depth, **variant)
        seen = {in_oracles_order(space, index): chances[index] for index in space}
        # A held option leaves states in the oracle that nothing can reach.
        assert chances.sum() == pytest.approx(1, abs=1e-12), seed
        assert chances[~space.feasible].sum() == 0, seed
        for state, chance in theirs.items():
            assert seen.pop(state, 0.0) == pytest.approx(chance, abs=CLOSE), (seed, state)
        assert not seen, seed


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("block", range(4))
def test_policies_agree_with_the_oracle_in_every_state(block: int, depth: int) -> None:
    for seed in range(block * 8, (block + 1) * 8):
        raw, variant, crisis = drawn(seed)
        actor = list(raw["actors"])[(seed + depth) % len(raw["actors"])]
        hierarchy = Hierarchy()
        response = hierarchy.response(crisis, actor, depth)
        assert response.status is Status.CONVERGED
        game = hierarchy.game(hierarchy.view(crisis, actor))
        (mover,) = (mover for mover in game.movers if mover.name == actor)
        theirs = oracle.policy(raw, actor, depth, **variant)
        for index in game.space:
            chances = choices_at(game, mover, response.policy, index)
            mine = {}
            for place, chance in enumerate(chances):
                moved = (*index[: mover.axis], place, *index[mover.axis + 1 :])
                if game.space.feasible[moved]:
                    mine[in_oracles_order(game.space, moved)] = float(chance)
                else:
                    assert chance == 0, (seed, index)
            possible = theirs[in_oracles_order(game.space, index)]
            assert {s for s, chance in mine.items() if chance > 0} <= possible.keys()
            for state, chance in possible.items():
                assert mine[state] == pytest.approx(chance, abs=CLOSE), (seed, index, state)


@pytest.mark.parametrize("tau", [0.3, 4.0])
def test_answers_agree_with_the_oracle_for_other_means_of_the_depth(tau: float) -> None:
    for seed in range(200, 208):
        raw = random_crisis(seed)
        crisis = standoff.loads(json.dumps(raw))
        for depth in (2, 5):
            hierarchy = Hierarchy(depth=depth, tau=tau)
            for name in raw["questions"]:
                mine = forecast(crisis, name, depth=depth, hierarchy=hierarchy).central
                theirs = oracle.answer(raw, name, depth=depth, tau=tau)
                assert mine == pytest.approx(theirs, abs=CLOSE), (seed, name, depth)


def test_answers_agree_with_the_oracle_in_larger_crises() -> None:
    for seed in range(4):
        raw = random_crisis(seed, small=False)
        crisis, hierarchy = standoff.loads(json.dumps(raw)), Hierarchy()
        for name in raw["questions"]:
            mine = forecast(crisis, name, hierarchy=hierarchy).central
            assert mine == pytest.approx(oracle.answer(raw, name), abs=CLOSE), (seed, name)
