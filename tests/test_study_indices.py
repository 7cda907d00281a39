"""Sobol' indices: what is known of functions comes out, and of crises what must."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from standoff import Crisis, CrisisError, UnknownNameError, loads
from standoff.crisis.uncertain import Entry, numbered
from standoff.study import indices as module
from standoff.study.asking import Settings
from standoff.study.draws import draw
from standoff.study.indices import Index, Indices, find_indices, indices_of
from standoff.study.variation import Variation

WIDE = 2048


def ranges(*bounds: tuple[float, float]) -> list[Entry]:
    return [Entry(f"x{n}", "range", low, high) for n, (low, high) in enumerate(bounds)]


def firsts(found: Sequence[Index]) -> list[float]:
    return [each.first for each in found]


def totals(found: Sequence[Index]) -> list[float]:
    return [each.total for each in found]


# Of functions whose indices are known -----------------------------------------------------------


def test_an_additive_function_has_the_shares_of_its_terms() -> None:
    """A term a x has the variance a^2 / 12 over a range of length one."""
    entries = ranges((0, 1), (2, 3), (0, 2))
    found = indices_of(lambda x: 3 * x[:, 0] + 4 * x[:, 1] + 0.5 * x[:, 2], entries, points=WIDE)
    expected = [9 / 26, 16 / 26, 1 / 26]
    assert firsts(found.indices) == pytest.approx(expected, abs=0.02)
    assert totals(found.indices) == pytest.approx(expected, abs=0.02)
    assert sum(firsts(found.indices)) == pytest.approx(1, abs=0.02)
    assert found.variance == pytest.approx(26 / 12, rel=0.02)
    assert found.mean == pytest.approx(1.5 + 10 + 0.5, rel=0.01)
    assert found.versions == WIDE * 5
    for each, share in zip(found.indices, expected, strict=True):
        assert each.first_interval[0] <= share <= each.first_interval[1]
        assert each.first_told


def test_the_function_of_ishigami_and_homma() -> None:
    """Ishigami & Homma (1990), with a = 7 and b = 0.1: the standard case of the literature."""
    entries = ranges(*[(-math.pi, math.pi)] * 3)

    def ishigami(x: np.ndarray) -> np.ndarray:
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = indices_of(ishigami, entries, points=WIDE).indices
    assert firsts(found) == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert totals(found) == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert [each.total_told for each in found] == [True, True, True]
    assert not found[2].first_told  # alone it does nothing


def test_a_product_acts_in_combination_only() -> None:
    found = indices_of(lambda x: x[:, 0] * x[:, 1], ranges((-1, 1), (-1, 1)), points=WIDE).indices
    assert firsts(found) == pytest.approx([0, 0], abs=0.05)
    assert totals(found) == pytest.approx([1, 1], abs=0.05)


def test_a_number_without_effect_has_indices_of_exactly_zero() -> None:
    found = indices_of(lambda x: x[:, 0] ** 2, ranges((0, 1), (0, 5)), points=64).indices[1]
    assert (found.first, found.total) == (0.0, 0.0)
    assert (found.first_interval, found.total_interval) == ((0.0, 0.0), (0.0, 0.0))
    assert not found.total_told
    assert not found.first_told


def test_groups_of_an_additive_function_add_up() -> None:
    entries = ranges(*[(0, 1)] * 4)
    slopes = np.array([3.0, 4.0, 0.5, 2.0])
    one = indices_of(lambda x: x @ slopes, entries, points=WIDE).indices
    two = indices_of(lambda x: x @ slopes, entries, ["a", "b", "a", "b"], points=WIDE)
    assert [each.party for each in two.indices] == ["a", "b"]
    assert [each.numbers for each in two.indices] == [("x0", "x2"), ("x1", "x3")]
    assert two.versions == WIDE * 4
    for kind in (firsts, totals):
        a, b = kind(two.indices)
        w, x, y, z = kind(one)
        assert a == pytest.approx(w + y, abs=0.03)
        assert b == pytest.approx(x + z, abs=0.03)
        assert a + b == pytest.approx(1, abs=0.03)


def test_all_numbers_in_one_group_carry_everything() -> None:
    (all_,) = indices_of(
        lambda x: x.sum(axis=1), ranges((0, 1), (0, 1)), ["a", "a"], points=256
    ).indices
    assert all_.first == pytest.approx(1, abs=0.1)
    assert all_.total == pytest.approx(1, abs=0.1)


def test_a_claim_that_may_not_hold_is_drawn_as_it_is_for_a_forecast() -> None:
    """With probability p it has the variance p (1 - p), here 0.21 beside 1/12."""
    entries = [Entry("h", "holds", 0.2, 0.4), Entry("x", "range", 0.0, 1.0)]
    seen: list[np.ndarray] = []

    def function(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return x.sum(axis=1)

    found = indices_of(function, entries, points=WIDE).indices
    share = 0.21 / (0.21 + 1 / 12)
    assert firsts(found) == pytest.approx([share, 1 - share], abs=0.03)
    (values,) = seen
    assert set(np.unique(values[:, 0])) == {0.0, 1.0}
    assert values[:, 0].mean() == pytest.approx(0.3, abs=0.01)
    drawn = draw(entries, 1024, 3).values
    assert values[:, 0].mean() == pytest.approx(drawn[:, 0].mean(), abs=0.01)
    assert values[:, 1].mean() == pytest.approx(drawn[:, 1].mean(), abs=0.01)


def test_what_does_not_vary_has_no_shares() -> None:
    found = indices_of(lambda x: np.full(len(x), 0.3), ranges((0, 1)), points=8)
    assert (found.variance, found.mean) == (pytest.approx(0), pytest.approx(0.3))
    assert totals(found.indices) == [0.0]
    nothing = indices_of(lambda x: np.full(len(x), 0.3), [], points=8)
    assert (nothing.indices, nothing.mean, nothing.versions) == ((), 0.3, 1)


@pytest.mark.parametrize("seed", [0, 5])
def test_the_same_seed_gives_the_same_numbers(seed: int) -> None:
    entries = ranges((0, 1), (0, 1))
    one, same = (indices_of(lambda x: x[:, 0] * x[:, 1], entries, seed=seed) for _ in range(2))
    assert one == same
    assert one != indices_of(lambda x: x[:, 0] * x[:, 1], entries, seed=seed + 1)


def test_intervals_narrow_with_the_points() -> None:
    entries = ranges((0, 1), (0, 1))
    widths = [
        np.ptp(indices_of(lambda x: x[:, 0] + x[:, 1], entries, points=n).indices[0].first_interval)
        for n in (32, 128, 512, 2048)
    ]
    assert all(wide > narrow for wide, narrow in pairwise(widths))


# Of a crisis ------------------------------------------------------------------------------------

CRISIS = """\
crisis: Whether it is worth it
sources: {note: {title: A note}, memo: {title: A memo}}
actors:
  red:
    decides: every 4..6 days
    looks_ahead: 60 days
    options: {march: [no, yes]}
    interests:
      land: {seeks: march, weight: 0..2, source: note p1}
      cost: {avoids: march, weight: 0..2, holds: 50%, source: note p1}
  blue:
    decides: every 5 days
    looks_ahead: 60 days
    options: {shout: [no, yes]}
    interests:
      noise: {seeks: shout, weight: 1..3, source: memo 4}
conditions:
  snow: {levels: [none, deep], changes: [{from: none, to: deep, rate: every 10..30 days}]}
situations:
  now: {as_of: 2026-01-01}
  later: {as_of: 2026-02-01, with: {red.interests.land.weight: {value: 1..4, source: memo 9}}}
questions:
  march: {asks: A march?, situation: now, event: red.march, within: 20 days}
  late_march: {asks: A march?, situation: later, event: red.march, within: 20 days}
  quiet: {asks: Quiet?, situation: now, event: not red.march, lasting: 5 days, within: 20 days}
"""


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return loads(CRISIS)


@pytest.fixture(scope="module")
def found(crisis: Crisis) -> Indices:
    return find_indices(crisis, "march", points=64)


def test_what_a_question_does_not_depend_on_has_a_total_index_of_zero(found: Indices) -> None:
    assert found.by == "number"
    by_party = {each.party: each for each in found.indices}
    assert by_party.keys() == {
        "red.decides",
        "red.interests.land.weight",
        "red.interests.cost.weight",
        "red.interests.cost.holds",
        "blue.interests.noise.weight",
        "snow.none.deep",
    }
    for idle in ("blue.interests.noise.weight", "snow.none.deep"):
        assert by_party[idle].total == pytest.approx(0, abs=1e-6)
    assert by_party["red.interests.land.weight"].total_told
    assert list(found.indices) == sorted(found.indices, key=lambda each: -each.total)
    assert found.versions == 64 * (6 + 2)
    assert 0 < found.variance < 0.25
    assert 0 < found.probability < 1


def test_numbers_can_be_looked_at_by_passage_actor_and_kind(crisis: Crisis) -> None:
    expected = {
        "passage": {"note p1", "memo 4", "no source"},
        "actor": {"red", "blue", "snow"},
        "kind": {"interest", "pace", "change of a condition"},
    }
    for by, parties in expected.items():
        some = find_indices(crisis, "march", by=by, points=8)
        assert {each.party for each in some.indices} == parties
        assert sorted(key for each in some.indices for key in each.numbers) == sorted(some.numbers)
        assert some.versions == 8 * (len(parties) + 2)


def test_where_there_are_many_numbers_they_are_looked_at_by_passage(
    crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_NUMBERS", 5)
    assert find_indices(crisis, "march", points=2).by == "passage"


def test_numbers_are_those_of_the_situation_and_are_cited(crisis: Crisis) -> None:
    late = find_indices(crisis, "late_march", points=2)
    land = late.numbers["red.interests.land.weight"]
    assert (land.low, land.high, land.source, land.situation) == (1, 4, "memo 9", "later")
    assert late.situation == "later"


def test_what_is_changed_first_is_no_longer_uncertain(crisis: Crisis) -> None:
    variation = Variation(with_={"red.interests.land.weight": 1})
    changed = find_indices(crisis, "march", variation=variation, points=2)
    assert "red.interests.land.weight" not in changed.numbers
    assert any("red.interests.land.weight" in line for line in changed.lineage)


def test_a_crisis_without_uncertainty_has_no_indices() -> None:
    exact = CRISIS
    for written in ("4..6", "0..2", "1..3", "10..30", "1..4"):
        exact = exact.replace(written, written[0] if written != "10..30" else "20")
    exact = exact.replace("every 4 days", "every 5 days").replace(", holds: 50%", "")
    nothing = find_indices(loads(exact.replace("weight: 0,", "weight: 1,")), "march", points=2)
    assert (nothing.indices, nothing.versions, nothing.variance) == ((), 1, 0.0)


def test_bytes_do_not_depend_on_processes(crisis: Crisis, found: Indices) -> None:
    assert find_indices(crisis, "march", points=64, workers=2) == found


def test_what_cannot_be_analysed_is_refused(crisis: Crisis) -> None:
    with pytest.raises(CrisisError, match="quiet asks for something lasting"):
        find_indices(crisis, "quiet")
    with pytest.raises(CrisisError, match="a power of two, such as 128, not 100"):
        find_indices(crisis, "march", points=100)
    with pytest.raises(CrisisError, match="a power of two, such as 2, not 0"):
        find_indices(crisis, "march", points=0)
    with pytest.raises(UnknownNameError, match="march"):
        find_indices(crisis, "marsh")


def test_the_seed_is_that_of_the_settings(crisis: Crisis) -> None:
    other = find_indices(crisis, "march", points=8, settings=Settings(seed=7))
    assert other.seed == 7
    assert other.indices != find_indices(crisis, "march", points=8).indices


def test_every_number_drawn_has_a_place(crisis: Crisis, found: Indices) -> None:
    _, entries = numbered(crisis)
    for key, number in found.numbers.items():
        assert entries[number.place].uncertain
        assert number.key == key
