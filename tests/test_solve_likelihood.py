"""The likelihood of a path is what dense matrices, quadrature and simulation say that it is."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.linalg import expm

import oracle
import standoff
from random_crises import random_crisis
from standoff.crisis.uncertain import numbered
from standoff.game.drawn import Draws
from standoff.solve._exponential import exponentials
from standoff.solve.chain import Chain
from standoff.solve.likelihood import MOST_AT_ONCE, PathLikelihood, Step, path_likelihood
from standoff.solve.paths import sample_paths
from standoff.solve.rates import leaving, rate_between
from standoff.study.draws import draw
from standoff.study.hierarchy import Hierarchy
from translate import in_oracles_order

Raw = dict[str, Any]
SEEDS = range(16)

ALARM: Raw = {
    "crisis": "An alarm that sounds and is stopped, and a light that goes on for ever",
    "actors": {
        "guard": {
            "decides": "every 5 days",
            "looks_ahead": "30 days",
            "options": {"watch": ["no", "yes"]},
            "interests": {"sleep": {"avoids": "watch", "weight": "0.5..1"}},
        }
    },
    "conditions": {
        "alarm": {
            "levels": ["silent", "loud"],
            "changes": [
                {"from": "silent", "to": "loud", "rate": "0.2..0.4 per day"},
                {"from": "loud", "to": "silent", "rate": "0.5 per day"},
            ],
        },
        "light": {"changes": [{"from": "no", "to": "yes", "rate": "0.1 per day"}]},
    },
}


@dataclass
class Observed:
    """A path among the oracle's states, and the same in steps."""

    chain: Chain
    start: tuple[int, ...]
    entries: list[list[Step]]
    generator: np.ndarray
    states: list[tuple[str, ...]]
    first: int
    days: float


def chain_of(raw: Raw, **settings: Any) -> Chain:
    return Hierarchy(**settings).chain(standoff.loads(json.dumps(raw)))


def levels_at(chain: Chain, state: tuple[str, ...], raw: Raw) -> tuple[int, ...]:
    names = list(oracle.variables(raw))
    return chain.game.space.index(dict(zip(names, state, strict=True)))


def observed(seed: int, moves: int = 3, sizes: tuple[int, ...] | None = None) -> Observed:
    """A random crisis, random moves that it can make, and random intervals, some overlapping."""
    raw, rng = random_crisis(seed), np.random.default_rng(seed)
    chain, states = chain_of(raw), oracle.states(raw)
    crisis = oracle.prepared(raw, {})
    generator = oracle.generator_of(crisis, 4, 1.5)
    first = here = states.index(oracle.start_state(raw))
    steps: list[Step] = []
    for number in range(moves):
        used = {step.axis for step in steps} if sizes else set()
        ways = [
            there
            for there in np.flatnonzero(generator[here] > 0)
            if there != here and axis_of(chain, raw, states, here, int(there)) not in used
        ]
        if not ways:
            break
        there = int(rng.choice(ways))
        axis = axis_of(chain, raw, states, here, there)
        begin = float(2 * number + rng.integers(0, 3))
        end = begin + float(rng.integers(1, 4))
        steps.append(Step(axis, levels_at(chain, states[there], raw)[axis], begin, end))
        here = there
    cut, entries = 0, []
    for size in sizes or [1] * len(steps):
        entries.append(steps[cut : cut + size])
        cut += size
    start = levels_at(chain, states[first], raw)
    return Observed(chain, start, [e for e in entries if e], generator, states, first, 12.0)


def axis_of(chain: Chain, raw: Raw, states: list[tuple[str, ...]], here: int, there: int) -> int:
    one, other = (levels_at(chain, states[each], raw) for each in (here, there))
    (axis,) = (place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return axis


def index_of(seen: Observed, place: tuple[int, ...]) -> int | None:
    """Number of a state among the oracle's, if it can be."""
    space = seen.chain.game.space
    if not space.feasible[place]:
        return None
    return seen.states.index(in_oracles_order(space, place))


def dense(seen: Observed, count: int | None = None) -> float:
    """The same from the oracle's generator: every order by itself, on all states of each stage.

    With a count, that the first entries come about, whatever follows.
    """
    entries = seen.entries if count is None else seen.entries[:count]
    orders = itertools.product(*(itertools.permutations(entry) for entry in entries))
    return sum(_in_order(seen, list(itertools.chain(*order)), count) for order in orders)


def _in_order(seen: Observed, steps: list[Step], count: int | None) -> float:
    size, stages = len(seen.states), len(steps) + 1
    path, place = [seen.first], list(seen.start)
    for step in steps:
        place[step.axis] = step.point
        found = index_of(seen, tuple(place))
        if found is None:
            return 0.0
        path.append(found)
    times = sorted({0.0, seen.days, *(t for s in steps for t in (s.earliest, s.latest))})
    mass = np.zeros((stages, size))
    mass[0, seen.first] = 1.0
    for begin, end in itertools.pairwise(times):
        whole = np.zeros((stages * size, stages * size))
        for stage in range(stages):
            block = slice(stage * size, (stage + 1) * size)
            if count is None or stage < stages - 1:
                whole[block, block] = np.diag(seen.generator.diagonal())
            if stage < stages - 1 and steps[stage].earliest <= begin < steps[stage].latest:
                source, target = path[stage], path[stage + 1]
                rate = seen.generator[source, target]
                whole[stage * size + source, (stage + 1) * size + target] = rate
        mass = (mass.reshape(-1) @ expm(whole * (end - begin))).reshape(stages, size)
        for stage, step in enumerate(steps):
            if step.latest <= end:
                mass[: stage + 1] = 0.0
    return float(mass[-1].sum())


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=1e-6)


# --------------------------------------------------------------- against dense matrices


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_are_the_entries_of_the_dense_generator(seed: int) -> None:
    raw = random_crisis(seed)
    chain, states = chain_of(raw), oracle.states(raw)
    generator = oracle.generator_of(oracle.prepared(raw, {}), 4, 1.5)
    places = [levels_at(chain, state, raw) for state in states]
    for here in range(0, len(states), 7):
        assert leaving(chain, places[here])[0] == pytest.approx(-generator[here, here], rel=1e-6)
        found = [rate_between(chain, places[here], there)[0] for there in places]
        found[here] = generator[here, here]
        np.testing.assert_allclose(found, generator[here], rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sizes", [None, (2, 1), (3,)])
def test_a_path_is_as_likely_as_dense_matrices_say(
    seed: int, sizes: tuple[int, ...] | None
) -> None:
    seen = observed(seed, 3, sizes)
    found = path_likelihood(seen.chain, seen.start, seen.entries, seen.days)
    assert close(math.exp(found.total[0]), dense(seen))
    for count in range(1, len(seen.entries) + 1):
        assert close(math.exp(found.prefixes[0, count - 1]), dense(seen, count))


def test_the_paths_that_are_compared_have_intervals_that_overlap_and_intervals_that_do_not() -> (
    None
):
    pairs = [(a, b) for seed in SEEDS for (a,), (b,) in itertools.pairwise(observed(seed).entries)]
    assert any(a.latest > b.earliest for a, b in pairs)
    assert any(a.latest <= b.earliest for a, b in pairs)


# ----------------------------------------------------------------------------- by hand


def alarm(*entries: list[Step], days: float = 10.0) -> PathLikelihood:
    """What was observed of the alarm, with a guard who never decides."""
    return path_likelihood(chain_of(ALARM, depth=0), (0, 0, 0), entries, days)


RISE, FALL, QUIET = 0.3, 0.5, 0.1
"""Per day: the alarm sounds, is stopped, and the light goes on, which always may happen."""


def test_that_nothing_happens_is_survival() -> None:
    assert alarm(days=10.0).total[0] == pytest.approx(-(RISE + QUIET) * 10)
    assert alarm(days=10_000.0).total[0] == pytest.approx(-(RISE + QUIET) * 10_000)


def test_a_day_is_integrated_over() -> None:
    found = alarm([Step(0, 1, 4.0, 5.0)])
    exact, _ = quad(
        lambda t: math.exp(-(RISE + QUIET) * t) * RISE * math.exp(-(FALL + QUIET) * (10 - t)), 4, 5
    )
    assert close(math.exp(found.total[0]), exact)
    alone, _ = quad(lambda t: math.exp(-(RISE + QUIET) * t) * RISE, 4, 5)
    assert close(math.exp(found.prefixes[0, 0]), alone)


def test_two_moves_on_one_day_are_integrated_over_in_their_order() -> None:
    found = alarm([Step(0, 1, 4.0, 5.0)], [Step(0, 0, 4.0, 5.0)])
    exact, _ = dblquad(
        lambda b, a: math.exp(-(RISE + QUIET) * (a + 10 - b) - (FALL + QUIET) * (b - a)),
        4, 5, lambda a: a, 5,
    )  # fmt: skip
    assert close(math.exp(found.total[0]), RISE * FALL * exact)


def test_a_time_that_is_known_exactly_gives_a_density() -> None:
    found = alarm([Step(0, 1, 4.0, 4.0)])
    exact = -(RISE + QUIET) * 4 + math.log(RISE) - (FALL + QUIET) * 6
    assert found.total[0] == pytest.approx(exact)
    short = alarm([Step(0, 1, 4.0, 4.0 + 1e-6)])
    assert short.total[0] - math.log(1e-6) == pytest.approx(exact, abs=1e-5)


def test_two_exact_moves_of_one_entry_count_as_two_that_are_nearly_exact() -> None:
    exact = alarm([Step(0, 1, 4.0, 4.0), Step(1, 1, 4.0, 4.0)])
    nearly = alarm([Step(0, 1, 4.0, 4.0 + 1e-5), Step(1, 1, 4.0, 4.0 + 1e-5)])
    assert nearly.total[0] - 2 * math.log(1e-5) == pytest.approx(exact.total[0], abs=1e-4)


def test_a_move_may_be_known_for_as_little_as_nothing() -> None:
    """Within the whole time: one minus that it never happens, where nothing else can."""
    found = path_likelihood(chain_of(ALARM, depth=0), (1, 0, 0), [[Step(1, 1, 0.0, 10.0)]], 10.0)
    alone = quad(lambda t: math.exp(-(FALL + QUIET) * t) * QUIET, 0, 10)[0]
    assert close(math.exp(found.prefixes[0, 0]), alone)


def test_years_of_silence_and_an_all_but_impossible_move_are_not_lost() -> None:
    slow = json.loads(json.dumps(ALARM).replace("0.1 per day", "1e-280 per day"))
    chain = chain_of(slow, depth=0)
    found = path_likelihood(chain, (0, 0, 0), [[Step(1, 1, 0.0, 9000.0)]], 9000.0)
    # Whenever it was, the alarm was silent for all the days: it makes no difference when.
    exact = -RISE * 9000 + math.log(1e-280) + math.log(9000)
    assert found.total[0] == pytest.approx(exact, rel=1e-9)


def test_what_happens_is_what_entries_say_and_then_that_nothing_follows() -> None:
    found = alarm([Step(0, 1, 1.0, 2.0)], [Step(0, 0, 3.0, 5.0)], [Step(1, 1, 4.0, 6.0)])
    assert found.contributions.shape == (1, 4)
    assert found.contributions.sum() == pytest.approx(found.total[0])
    assert (found.contributions < 0).all()


# ---------------------------------------------------------------------------- laws


@pytest.mark.parametrize("seed", SEEDS)
def test_how_time_is_cut_makes_no_difference(seed: int) -> None:
    """An entry that changes nothing cuts time, and so does a move that is known to half a day."""
    seen = observed(seed)
    whole = path_likelihood(seen.chain, seen.start, seen.entries, seen.days)
    first, *rest = seen.entries[0]
    middle = (first.earliest + first.latest) / 2
    halves = [
        path_likelihood(
            seen.chain, seen.start,
            [[Step(first.axis, first.point, begin, end), *rest], *seen.entries[1:]], seen.days,
        )
        for begin, end in ((first.earliest, middle), (middle, first.latest))
    ]  # fmt: skip
    total = np.logaddexp(halves[0].total, halves[1].total)
    np.testing.assert_allclose(total, whole.total, rtol=1e-9)
    empty = path_likelihood(seen.chain, seen.start, [[], *seen.entries, []], seen.days)
    np.testing.assert_allclose(empty.total, whole.total, rtol=1e-12)
    np.testing.assert_allclose(empty.prefixes[:, 1:-1], whole.prefixes, rtol=1e-12)
    assert empty.prefixes[0, 0] == 0.0
    assert empty.prefixes[0, -1] == whole.prefixes[0, -1]


@pytest.mark.parametrize("seed", SEEDS)
def test_within_an_entry_the_order_makes_no_difference(seed: int) -> None:
    seen = observed(seed, 3, (3,))
    totals = [
        path_likelihood(seen.chain, seen.start, [list(order)], seen.days).total[0]
        for order in itertools.permutations(seen.entries[0])
    ]
    np.testing.assert_allclose(totals, totals[0], rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_draws_are_the_same_together_and_one_by_one(seed: int) -> None:
    raw, seen = random_crisis(seed), observed(seed)
    crisis, entries = numbered(standoff.loads(json.dumps(raw)))
    values = draw(entries, 6, seed).values
    central = Hierarchy()

    def found(rows: slice) -> PathLikelihood:
        chain = Hierarchy(draws=Draws(values[rows]), central=central, tolerance=1e-6).chain(crisis)
        return path_likelihood(chain, seen.start, seen.entries, seen.days)

    together = found(slice(None))
    for row in range(0, 6, 2):
        pair = found(slice(row, row + 2))
        assert pair.total.tobytes() == together.total[row : row + 2].tobytes()
        assert pair.prefixes.tobytes() == together.prefixes[row : row + 2].tobytes()


# ------------------------------------------------------------------ what cannot be


def test_what_the_chain_cannot_do_is_impossible_from_that_entry_on() -> None:
    found = alarm([Step(0, 1, 1.0, 2.0)], [Step(2, 1, 3.0, 4.0)], [Step(0, 0, 5.0, 6.0)])
    assert found.total[0] == -math.inf
    assert np.isfinite(found.prefixes[0]).tolist() == [True, False, False]
    assert found.impossible == 1
    assert found.contributions[0].tolist()[1:] == [-math.inf] * 3
    assert alarm([Step(0, None, 1.0, 2.0)]).impossible == 0
    assert alarm([Step(0, 1, 1.0, 2.0)]).impossible is None


def test_moves_that_come_in_the_wrong_order_are_impossible() -> None:
    assert alarm([Step(0, 1, 4.0, 5.0)], [Step(1, 1, 1.0, 2.0)]).impossible == 1


@pytest.mark.parametrize(
    "entries",
    [
        [[Step(0, 1, 5.0, 4.0)]],
        [[Step(0, 1, -1.0, 4.0)]],
        [[Step(0, 1, 1.0, 14.0)]],
        [[Step(0, 1, 1.0, 2.0)] * (MOST_AT_ONCE + 1)],
    ],
)
def test_what_is_no_observation_is_refused(entries: list[list[Step]]) -> None:
    with pytest.raises(ValueError, match=r"interval|most"):
        alarm(*entries)


# ------------------------------------------------------------------ against simulation


def test_simulated_crises_take_the_path_as_often_as_it_is_likely() -> None:
    chain = chain_of(ALARM)
    count, days = 150_000, 6.0
    entries = [[Step(0, 1, 1.0, 2.0), Step(2, 1, 0.0, 3.0)], [Step(0, 0, 2.0, 5.0)]]
    exact = math.exp(path_likelihood(chain, (0, 0, 0), entries, days).total[0])
    paths = sample_paths(chain, days, count, 7)
    space = chain.game.space
    hits = 0
    for times, states in zip(paths.times.T, paths.states.T, strict=True):
        real = np.flatnonzero(np.diff(states) != 0) + 1
        real = real[times[real] < days]
        if len(real) != 3:
            continue
        seen = [np.unravel_index(states[place], space.shape) for place in real]
        when = times[real]
        moved = [tuple(int(i) for i in each) for each in seen]
        if moved[1] != (1, 0, 1) or moved[2] != (0, 0, 1):
            continue
        first = {(1, 0, 0): (0, 1), (0, 0, 1): (1, 0)}.get(moved[0])
        if first is None:
            continue
        loud, watch = (when[each] for each in first)
        hits += 1 < loud <= 2 and watch <= 3 and 2 < when[2] <= 5
    error = math.sqrt(exact * (1 - exact) / count)
    assert exact * count > 150
    assert abs(hits / count - exact) < 4 * error


# ------------------------------------------------------------------ the exponential


def test_the_exponential_is_that_of_scipy_and_is_accurate_in_every_entry() -> None:
    rng = np.random.default_rng(1)
    generators = np.triu(rng.random((20, 5, 5)) * 10.0 ** rng.integers(-3, 2, (20, 1, 1)), 1)
    generators -= np.apply_along_axis(np.diag, 1, rng.random((20, 5)) * 40)
    np.testing.assert_allclose(exponentials(generators), expm(generators), rtol=1e-9, atol=1e-14)
    tiny = np.array([[[-1.0, 1e-150, 0.0], [0.0, -2.0, 1e-150], [0.0, 0.0, -3.0]]])
    found = exponentials(tiny)[0]
    assert found[0, 1] == pytest.approx(1e-150 * (math.exp(-1) - math.exp(-2)), rel=1e-12)
    exact = 1e-300 * (math.exp(-1) - 2 * math.exp(-2) + math.exp(-3)) / 2
    assert found[0, 2] == pytest.approx(exact, rel=1e-12)
