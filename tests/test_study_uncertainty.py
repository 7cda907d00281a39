"""Shares of draws: every draw is one crisis, and the oracle solves each of them by itself."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import pytest

import graph_oracle
import oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis
from random_graphs import random_graph_crisis
from standoff.crisis import Crisis, CrisisError
from standoff.crisis.uncertain import Entry, numbered
from standoff.study import uncertainty
from standoff.study.draws import draw
from standoff.study.stability import find_stable
from standoff.study.uncertainty import Shares, find_shares
from strategies import loaded
from twice import Twice, claims_of, doubtful, twice

Raw = dict[str, Any]

CRISES, DRAWS, MANY = 18, 16, 1024


class Doubtful(NamedTuple):
    """A claim whose weight or truth a draw decides."""

    path: str
    weight: Entry
    holds: float


def uncertain_claims(crisis: Crisis) -> tuple[Doubtful, ...]:
    entries = {entry.path: entry for entry in numbered(crisis)[1]}
    claims = [path.removesuffix(".weight") for path in entries if path.endswith(".weight")]
    return tuple(
        Doubtful(path, weight, (holds.low + holds.high) / 2)
        for path in claims
        if ".believes." not in path and ".with." not in path
        for weight, holds in [(entries[f"{path}.weight"], entries[f"{path}.holds"])]
        if weight.uncertain or holds.uncertain
    )


def draw_weights(crisis: Crisis, count: int, seed: int) -> dict[str, np.ndarray]:
    """What each draw makes of the claims it decides; 0 where one does not hold."""
    entries = [
        entry
        if entry.path.split(".")[1] in ("interests", "red_lines") and entry.path.count(".") == 3
        else Entry(entry.path, entry.kind, entry.central, entry.central)
        for entry in numbered(crisis)[1]
    ]
    places = {(entry.path, entry.kind): place for place, entry in enumerate(entries)}
    values = draw(entries, count, seed).values
    return {
        claim.path: values[:, places[f"{claim.path}.weight", "range"]]
        * values[:, places[f"{claim.path}.holds", "holds"]]
        for claim in uncertain_claims(crisis)
    }


@functools.cache
def pairs() -> list[tuple[int, Raw, Twice]]:
    raws = [doubtful(seed, limit=16, ordinal=seed % 3 == 2) for seed in range(CRISES)]
    return [(seed, raw, twice(raw)) for seed, raw in enumerate(raws)]


def bounds(value: object, scale: Raw) -> tuple[float, float]:
    """The ends of a range of weights, as the oracle reads words and numbers."""
    low, _, high = str({**oracle.SCALE, **scale}.get(str(value), value)).partition("..")
    return float(low), float(high or low)


def claim_at(raw: Raw, path: str) -> Raw:
    actor, section, name = path.split(".")
    return raw["actors"][actor][section][name]


def is_uncertain(raw: Raw, path: str) -> bool:
    claim = claim_at(raw, path)
    low, high = bounds(claim["weight"], raw.get("scale", {}))
    return low < high or 0 < oracle.chance(claim.get("holds", 1)) < 1


def drawn_crisis(weights: dict[str, np.ndarray], number: int) -> Raw:
    """One draw as a variant for the oracle: what is in force, and what is left out."""
    chosen = {path: float(drawn[number]) for path, drawn in weights.items()}
    with_: Raw = {}
    for path, weight in chosen.items():
        if weight:
            with_ |= {f"{path}.weight": weight, f"{path}.holds": 1}
    return {"with": with_, "without": [path for path, weight in chosen.items() if not weight]}


def same(found: Shares, other: Shares) -> bool:
    return all(
        np.array_equal(found.equilibria[c], other.equilibria[c])
        and all(np.array_equal(found.stable[c][a], other.stable[c][a]) for a in found.stable[c])
        for c in CONCEPTS
    )


# ------------------------------------------------------------------------------------------ draws


@pytest.mark.parametrize("seed", range(12))
def test_the_claims_that_are_not_certain_are_found_in_file_order(seed: int) -> None:
    for raw in (random_crisis(seed), doubtful(seed)):
        found = uncertain_claims(loaded(raw))
        assert [claim.path for claim in found] == [
            p for p in claims_of(raw) if is_uncertain(raw, p)
        ]
        for claim in found:
            said = claim_at(raw, claim.path)
            low, high = bounds(said["weight"], raw.get("scale", {}))
            assert (claim.weight.low, claim.weight.high) == pytest.approx((low, high))
            assert claim.holds == pytest.approx(oracle.chance(said.get("holds", 1)))


def claims(**said: Raw) -> Raw:
    """One actor with these interests."""
    interests = {name: {"seeks": "go", **claim} for name, claim in said.items()}
    block = {"decides": "every day", "looks_ahead": "9 days", "options": {"go": ["no", "yes"]}}
    return {"crisis": "Draws", "actors": {"a": {**block, "interests": interests}}}


SAID: dict[str, tuple[Raw, tuple[float, float], float]] = {
    "range": ({"weight": "1..3"}, (1, 3), 1),
    "word": ({"weight": "major"}, (3, 6), 1),
    "doubt": ({"weight": 2, "holds": 0.3}, (2, 2), 0.3),
    "percent": ({"weight": 2, "holds": "85%"}, (2, 2), 0.85),
    "between": ({"weight": "0..4", "holds": "0.2..0.6"}, (0, 4), 0.4),
    "likely": ({"weight": "10..20", "holds": "likely"}, (10, 20), 0.675),
    "hardly": ({"weight": "1..2", "holds": 0}, (1, 2), 0),
}


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_weights_fill_their_ranges_evenly_and_claims_hold_as_often_as_said(seed: int) -> None:
    """One point in each of as many equal parts of a range as there are draws."""
    crisis = loaded(claims(**{name: said for name, (said, _, _) in SAID.items()}))
    weights = draw_weights(crisis, MANY, seed)
    assert list(weights) == [f"a.interests.{name}" for name in SAID]
    for name, (_, (low, high), holds) in SAID.items():
        drawn = weights[f"a.interests.{name}"]
        assert drawn.shape == (MANY,)
        assert abs((drawn > 0).mean() - holds) <= 2 / MANY, name
        if holds == 1:
            parts = np.floor((drawn - low) / (high - low) * MANY).astype(int)
            assert sorted(parts) == list(range(MANY)), name
            assert drawn.mean() == pytest.approx((low + high) / 2, abs=(high - low) / MANY)
        elif holds:
            there = drawn[drawn > 0]
            assert there.min() >= low
            assert there.max() <= high
            assert there.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low) + 1e-12)


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_claims_are_drawn_independently(seed: int) -> None:
    weights = draw_weights(loaded(claims(**{n: s for n, (s, _, _) in SAID.items()})), MANY, seed)
    drawn = np.array([weights[f"a.interests.{name}"] for name in SAID if name != "hardly"])
    assert np.abs(np.corrcoef(drawn) - np.eye(len(drawn))).max() < 0.08


def test_a_claim_that_is_certain_is_not_drawn() -> None:
    raw = claims(sure={"weight": 2}, never={"weight": 2, "holds": 0}, point={"weight": "2..2"})
    assert uncertain_claims(loaded(raw)) == ()
    assert draw_weights(loaded(raw), 8, 0) == {}


def test_red_lines_are_drawn_too() -> None:
    raw = claims()
    line = {"if": "go", "weight": "1..2"}
    raw["actors"]["a"]["red_lines"] = {"line": line, "sure": {**line, "weight": 1}}
    assert [claim.path for claim in uncertain_claims(loaded(raw))] == ["a.red_lines.line"]


def test_the_draws_are_the_first_ones_of_a_sequence_whatever_their_number() -> None:
    for dimensions in (0, 1, 5):
        entries = [Entry(f"x{n}", "range", 0.0, 1.0) for n in range(dimensions)]
        many = draw(entries, 64, 3).values
        assert many.shape == (64, dimensions)
        for count in (1, 2, 17, 63):
            np.testing.assert_array_equal(draw(entries, count, 3).values, many[:count])
    assert (draw(entries, 64, 3).values != draw(entries, 64, 4).values).any()


# ----------------------------------------------------------------------------------------- shares


def test_shares_count_the_draws_in_which_a_state_is_stable() -> None:
    open_shares = 0
    for seed, raw, each in pairs():
        weights = draw_weights(each.crisis, DRAWS, seed)
        found = find_shares(each.stability, DRAWS, seed)
        assert (found.draws, found.seed) == (DRAWS, seed)
        assert found.uncertain == tuple(weights)
        once = [
            graph_oracle.stable_states(graph_oracle.graph_of(raw, **drawn_crisis(weights, number)))
            for number in range(DRAWS)
        ]
        for concept in CONCEPTS:
            for actor in each.explicit.actors:
                for index, name in each.names.items():
                    count = sum(name in stable[concept][actor] for stable in once)
                    assert found.stable[concept][actor][index] == count / DRAWS, (seed, concept)
            for index, name in each.names.items():
                count = sum(
                    all(name in states for states in stable[concept].values()) for stable in once
                )
                assert found.equilibria[concept][index] == count / DRAWS, (seed, concept)
                open_shares += 0 < count < DRAWS
    assert open_shares > 100


def test_states_that_cannot_be_have_no_share() -> None:
    seen = 0
    for _, _, each in pairs():
        feasible, shares = each.stability.space.feasible, find_shares(each.stability, 4)
        seen += not feasible.all()
        for concept in CONCEPTS:
            assert not shares.equilibria[concept][~feasible].any()
            assert not any(share[~feasible].any() for share in shares.stable[concept].values())
    assert seen > 5


def test_a_draw_is_the_crisis_with_its_weights_patched_in() -> None:
    """The same by way of the package's own views."""
    for seed, _, each in pairs()[:6]:
        weights, total = draw_weights(each.crisis, 4, seed), dict.fromkeys(CONCEPTS, 0.0)
        for number in range(4):
            crisis = each.crisis
            for path, drawn in weights.items():
                if drawn[number]:
                    patch = {f"{path}.weight": float(drawn[number]), f"{path}.holds": "certain"}
                    crisis = crisis.patched(patch)
                else:
                    crisis = crisis.without(path)
            stability = find_stable(crisis)
            total = {c: total[c] + stability.equilibria(c) for c in CONCEPTS}
        shares = find_shares(each.stability, 4, seed)
        for concept in CONCEPTS:
            np.testing.assert_array_equal(shares.equilibria[concept], total[concept] / 4)


def test_the_same_seed_gives_the_same_shares_and_another_seed_others() -> None:
    differ = 0
    for _, _, each in pairs()[:8]:
        first = find_shares(each.stability, DRAWS, 5)
        assert same(first, find_shares(each.stability, DRAWS, 5))
        differ += not same(first, find_shares(each.stability, DRAWS, 6))
    assert differ > 4


@pytest.mark.parametrize("batch", [1, 70, 200])
def test_how_many_draws_are_solved_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    whole = [find_shares(each.stability, 13, 1) for _, _, each in pairs()[:10]]
    monkeypatch.setattr(uncertainty, "_BATCH", batch)
    for (_, _, each), expected in zip(pairs()[:10], whole, strict=True):
        assert same(find_shares(each.stability, 13, 1), expected)


def test_without_uncertain_claims_every_draw_is_the_central_one() -> None:
    certain = 0
    for seed in range(20):
        stability = find_stable(loaded(random_graph_crisis(seed, ordinal=True, limit=24)))
        shares = find_shares(stability, 7)
        if not shares.uncertain:
            certain += 1
            for concept in CONCEPTS:
                np.testing.assert_array_equal(
                    shares.equilibria[concept], stability.equilibria(concept).astype(float)
                )
                for actor, truth in stability.stable[concept].items():
                    np.testing.assert_array_equal(shares.stable[concept][actor], truth)
    assert certain > 5


def test_only_the_concepts_that_were_computed_have_shares() -> None:
    stability = find_stable(pairs()[0][2].crisis, concepts=("seq",))
    shares = find_shares(stability, 4)
    assert list(shares.stable) == list(shares.equilibria) == ["seq"]
    every = find_shares(pairs()[0][2].stability, 4)
    np.testing.assert_array_equal(shares.equilibria["seq"], every.equilibria["seq"])


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(CrisisError, match="at least 1 draw, not 0"):
        find_shares(pairs()[0][2].stability, 0)
    raw = claims(aim={"weight": "1..2"})
    raw["conditions"] = {
        "war": {
            "levels": ["no", "yes"],
            "changes": [{"from": "no", "to": "yes", "rate": "every week"}],
        }
    }
    running = find_stable(loaded(raw), conditions="running")
    with pytest.raises(CrisisError, match="conditions held"):
        find_shares(running, 4)
