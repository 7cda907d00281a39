"""The generator that is never written out does what the matrix would, however it is cut up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.solve import _blocks
from standoff.solve._flow import Flow, Policy, mixture, tempo_gates
from strategies import KINDS, DrawnFlow, flows, random_flow

seeds = st.integers(0, 2**16)


def matrix(drawn: DrawnFlow) -> np.ndarray:
    """The generator, transition by transition, from what a mover and a drift are said to be."""
    space = drawn.game.space
    number = {index: flat for flat, index in enumerate(np.ndindex(space.shape))}
    table = np.zeros((space.size, space.size))
    for mover, policy, share in drawn.parts:
        rates = np.broadcast_to(mover.rate, space.shape)
        gates = tempo_gates(drawn.game, mover)
        known = [] if gates is None else [rate for rate, _ in gates]
        for here, row in number.items():
            kind = known.index(rates[here]) if known and mover.allowed is None else 0
            chances = policy.weights[kind]
            table[row, row] -= share * rates[here]
            for place in range(space.shape[mover.axis]):
                there = (*here[: mover.axis], place, *here[mover.axis + 1 :])
                if mover.allowed is None:
                    chance = chances.reshape(space.shape)[there]
                else:
                    along = space.shape[mover.axis]
                    before, after = space.shape[: mover.axis], space.shape[mover.axis + 1 :]
                    whole = chances.reshape((*before, along, along, *after))
                    at = (*here[: mover.axis], here[mover.axis], place, *here[mover.axis + 1 :])
                    chance = whole[at]
                table[row, number[there]] += rates[here] * chance
    for drift in drawn.game.drifts:
        shape = tuple(1 if i == drift.axis else n for i, n in enumerate(space.shape))
        rates = np.broadcast_to(drift.rate, shape)
        for here, row in number.items():
            if here[drift.axis] == drift.source:
                there = (*here[: drift.axis], drift.target, *here[drift.axis + 1 :])
                rate = rates[(*here[: drift.axis], 0, *here[drift.axis + 1 :])]
                table[row, number[there]] += rate
                table[row, row] -= rate
    return table


@contextmanager
def cut(threads_from: int, block: int, short: int, workers: int = 2) -> Iterator[None]:
    """Sweep as a machine with other sizes would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_blocks, "THREADED_FROM", threads_from)
        patch.setattr(_blocks, "_BLOCK", block)
        patch.setattr(_blocks, "_SHORT", short)
        patch.setattr(_blocks, "_SHORT_IN_LARGE", short)
        patch.setattr(_blocks, "workers", lambda: workers)
        _blocks.pool.cache_clear()
        yield
    _blocks.pool.cache_clear()


def both(flow: Flow, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The two sweeps of the same random vector."""
    x = np.random.default_rng(seed).normal(size=flow.size)
    return flow.apply(x).copy(), flow.push(x).copy()


# ---------------------------------------------------------------------------------- the definition


@settings(max_examples=120)
@given(flows(), seeds)
def test_both_sweeps_are_products_with_the_matrix(drawn: DrawnFlow, seed: int) -> None:
    flow, table = drawn.built(), matrix(drawn)
    x = np.random.default_rng(seed).normal(size=flow.size)
    np.testing.assert_allclose(flow.apply(x), table @ x, atol=1e-12)
    np.testing.assert_allclose(flow.push(x), x @ table, atol=1e-12)


@settings(max_examples=60)
@given(flows(), seeds)
def test_backward_and_forward_are_adjoint(drawn: DrawnFlow, seed: int) -> None:
    flow, rng = drawn.built(), np.random.default_rng(seed)
    x, y = rng.normal(size=(2, flow.size))
    assert x @ flow.apply(y) == pytest.approx(flow.push(x) @ y, rel=1e-10, abs=1e-10)


@settings(max_examples=60)
@given(flows())
def test_nothing_is_gained_or_lost_in_states_that_can_be(drawn: DrawnFlow) -> None:
    flow = drawn.built()
    feasible = drawn.game.space.feasible.reshape(-1)
    assert np.abs(flow.apply(np.ones(flow.size))[feasible]).max(initial=0) < 1e-12


@settings(max_examples=60)
@given(flows(), seeds)
def test_what_can_be_never_flows_to_what_cannot(drawn: DrawnFlow, seed: int) -> None:
    flow, feasible = drawn.built(), drawn.game.space.feasible.reshape(-1)
    mass = np.random.default_rng(seed).random(flow.size) * feasible
    assert np.abs(flow.push(mass)[~feasible]).max(initial=0) == 0


@settings(max_examples=60)
@given(flows())
def test_the_diagonal_is_the_rate_of_every_decision_and_change(drawn: DrawnFlow) -> None:
    space, expected = drawn.game.space, np.zeros(drawn.game.space.shape)
    for mover, _, share in drawn.parts:
        expected += share * mover.rate
    for drift in drawn.game.drifts:
        place = tuple(
            slice(drift.source, drift.source + 1) if i == drift.axis else slice(None)
            for i in range(len(space.shape))
        )
        expected[place] += drift.rate
    np.testing.assert_allclose(drawn.built().diagonal, expected.reshape(-1), rtol=1e-13)


@settings(max_examples=80)
@given(flows(), st.booleans(), seeds)
def test_adding_an_actor_to_a_flow_is_the_flow_with_that_actor(
    drawn: DrawnFlow, blocked: bool, seed: int
) -> None:
    parts = [
        (mover, Policy(tuple(w / share for w in policy.weights)), 1.0)
        for mover, policy, share in drawn.parts
    ]
    if not parts:
        return
    whole = both(DrawnFlow(drawn.game, tuple(parts)).built(), seed)
    with cut(1, 8, 4) if blocked else nullcontext():
        for number, (mover, policy, _) in enumerate(parts):
            base = Flow.of(drawn.game, [part for part in parts if part[0] is not mover])
            before = both(base, seed)
            joined = base.plus(mover, policy)
            for mine, theirs in zip(both(joined, seed), whole, strict=True):
                np.testing.assert_allclose(mine, theirs, atol=1e-12, err_msg=str(number))
            for mine, theirs in zip(both(base, seed), before, strict=True):
                np.testing.assert_array_equal(mine, theirs)


@settings(max_examples=30)
@given(flows())
def test_a_mixture_of_policies_is_the_mixture_of_their_flows(drawn: DrawnFlow) -> None:
    if not drawn.parts:
        return
    mover, policy, share = drawn.parts[-1]
    other = Policy(tuple(np.roll(weights, 1) for weights in policy.weights))
    mixed = mixture([0.3, 0.7], [policy, other])
    for one, first, second in zip(mixed.weights, policy.weights, other.weights, strict=True):
        np.testing.assert_allclose(one, 0.3 * first + 0.7 * second, atol=1e-15)
    sweeps = [
        both(Flow.of(drawn.game, [(mover, each, share)]), 1)[0] for each in (policy, other, mixed)
    ]
    np.testing.assert_allclose(sweeps[2], 0.3 * sweeps[0] + 0.7 * sweeps[1], atol=1e-12)


def test_sweeping_leaves_what_it_is_given_alone() -> None:
    drawn = random_flow(np.random.default_rng(1), (2, 3, 4), ["free", "gated"], [1, 1], holes=False)
    flow, x = drawn.built(), np.arange(24.0)
    flow.apply(x)
    flow.push(x)
    np.testing.assert_array_equal(x, np.arange(24.0))


# ---------------------------------------------------------------------- cut up, on several threads


cuts = st.tuples(
    st.just(1), st.sampled_from((1, 4, 16, 64, 1024)), st.sampled_from((1, 4, 32, 10**6)),
    st.integers(1, 3),
)  # fmt: skip


@settings(max_examples=150)
@given(flows(), cuts, seeds)
def test_the_cut_up_sweep_equals_the_plain_one(
    drawn: DrawnFlow, sizes: tuple[int, int, int, int], seed: int
) -> None:
    with cut(10**9, 1, 1):
        plain = both(drawn.built(), seed)
    with cut(*sizes):
        blocked = both(drawn.built(), seed)
    for mine, theirs in zip(blocked, plain, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-12)


LARGE = [
    ((2, 3, 8, 16, 8), ["free", "gated", "restricted"]),
    ((3, 2, 16, 4, 32), ["free", "free", "free"]),
    ((4, 5, 6, 7, 8), ["restricted", "tempo", "gated", "free"]),
    ((64, 96), ["free", "gated"]),
    ((2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2), ["free", "restricted", "gated"] * 3),
    ((5, 1, 40, 1, 6, 1), ["free", "gated", "free", "restricted", "free"]),
]


@pytest.mark.parametrize(("shape", "kinds"), LARGE)
@pytest.mark.parametrize("block", [64, 512, 4096])
def test_a_large_game_is_swept_alike_by_one_thread_and_by_several(
    shape: tuple[int, ...], kinds: list[str], block: int
) -> None:
    rng = np.random.default_rng(len(shape))
    shares = [0.7 if i == 1 else 1.0 for i in range(len(kinds))]
    drawn = random_flow(rng, shape, kinds, shares, holes=len(shape) % 2 == 0)
    with cut(10**9, block, 1):
        plain = both(drawn.built(), 5)
    for workers, short in ((1, 32), (2, 32), (3, 4)):
        with cut(1, block, short, workers):
            flow = drawn.built()
            assert len(flow._sweeper.phases[0]) == workers
            for mine, theirs in zip(both(flow, 5), plain, strict=True):
                np.testing.assert_allclose(mine, theirs, atol=1e-11)


@pytest.mark.parametrize("kind", KINDS)
def test_a_game_above_the_threshold_is_swept_as_below_it(kind: str) -> None:
    shape = (4, 16, 16, 16, 16)
    assert np.prod(shape) == _blocks.THREADED_FROM
    drawn = random_flow(np.random.default_rng(2), shape, [kind] * 4, [1.0] * 4, holes=False)
    flow = drawn.built()
    assert len(flow._sweeper.phases[0]) == (os.cpu_count() or 1)
    with cut(10**9, 1, 1):
        plain = both(drawn.built(), 3)
    for mine, theirs in zip(both(flow, 3), plain, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-10)


def test_the_blocks_of_a_phase_write_to_different_places() -> None:
    drawn = random_flow(np.random.default_rng(3), *LARGE[0], [1, 1, 1], holes=False)
    with cut(1, 256, 32, 3):
        for phase in drawn.built()._sweeper.phases:
            stretches = sorted(
                (block.stretch.start, block.stretch.stop) for blocks in phase for block in blocks
            )
            assert stretches[0][0] == 0
            assert all(stop == start for (_, stop), (start, _) in pairwise(stretches))
