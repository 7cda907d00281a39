"""Scenarios: planted kinds of outcome, and planted reasons for them, are found again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from standoff import Crisis, CrisisError, UnknownNameError, loads
from standoff.crisis.uncertain import numbered
from standoff.study import extras
from standoff.study.asking import Request, Settings
from standoff.study.cited import uncertain_in
from standoff.study.clusters import find_clusters
from standoff.study.ensemble import Ensemble
from standoff.study.rules import find_separators, inside
from standoff.study.scenarios import Limit, Rule, Scenarios, find_scenarios, scenarios_of
from standoff.study.spread import Spread
from standoff.study.variation import Variation

CRISIS = """\
crisis: Two sides
sources:
  note: {title: A note}
  memo: {title: A memo}
actors:
  red:
    decides: every 2..4 days
    looks_ahead: 60 days
    options: {march: [no, yes], talk: [no, yes]}
    interests:
      land: {seeks: march, weight: major, because: It wants the land., source: note p1}
      calm: {seeks: not march, weight: 1..5, holds: 50%, source: "note p2; memo 7"}
      pride: {seeks: talk, weight: minor}
    believes:
      blue.interests.home.weight: {value: minor, source: note p3}
  blue:
    decides: every 5 days
    looks_ahead: 60 days
    options: {leave: [no, yes]}
    interests:
      home: {avoids: red.march, weight: moderate, source: memo 2}
conditions:
  snow:
    levels: [none, deep]
    source: memo 9
    changes:
      - from: none
        to: deep
        rate: 20..60% within 10 days
        times: [{factor: 1..3, when: red.talk}]
situations:
  spring: {as_of: 2026-03-01}
  autumn:
    as_of: 2026-09-01
    with: {red.interests.land.weight: {value: decisive, because: News., source: memo 3}}
questions:
  march_30: {asks: A march?, situation: spring, event: red.march, within: 30 days}
  march_90: {asks: A march?, situation: spring, event: red.march, within: 90 days}
  blue_leaves_30: {asks: Leaving?, situation: spring, event: blue.leave, within: 30 days}
  late: {asks: A march?, situation: autumn, event: red.march, within: 30 days}
"""
NAMES = ("march_30", "march_90", "blue_leaves_30")
REQUESTS = [Request(name) for name in NAMES]
LAND, CALM, HOLDS, HOME = (
    "red.interests.land.weight",
    "red.interests.calm.weight",
    "red.interests.calm.holds",
    "blue.interests.home.weight",
)


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return loads(CRISIS)


def place(crisis: Crisis, path: str) -> int:
    return next(n for n, each in enumerate(numbered(crisis)[1]) if each.path == path)


def ensemble_of(crisis: Crisis, values: np.ndarray, outcomes: np.ndarray) -> Ensemble:
    """An ensemble that answers what a test says."""
    spreads = [
        Spread(
            draws=len(line),
            seed=0,
            values=line,
            probability=float(line.mean()),
            error=0.0,
            interval=(0.0, 1.0),
            days=np.zeros(1),
            fan=np.zeros((1, 5)),
            mean=np.zeros(1),
        )
        for line in outcomes.T
    ]
    return Ensemble(numbered(crisis)[1], values, tuple(spreads))


def values_of(crisis: Crisis, draws: int, seed: int = 0) -> np.ndarray:
    """Values of every number, each drawn by itself."""
    generator = np.random.default_rng(seed)
    entries = numbered(crisis)[1]
    columns = [
        generator.uniform(each.low, each.high, draws)
        if each.kind == "range"
        else generator.integers(0, 2, draws).astype(float)
        for each in entries
    ]
    return np.array(columns).T


def outcomes_of(kinds: np.ndarray, seed: int = 1, noise: float = 0.02) -> np.ndarray:
    """Answers to the three questions, of a kind for each draw, with a little noise."""
    means = np.array([[0.9, 0.95, 0.1], [0.2, 0.3, 0.1], [0.5, 0.6, 0.7]])
    scatter = np.random.default_rng(seed).normal(0.0, noise, (len(kinds), 3))
    return np.clip(means[kinds] + scatter, 0.0, 1.0)


def planted(crisis: Crisis, draws: int) -> tuple[Ensemble, np.ndarray]:
    """Two kinds: a march where land weighs above 4.5 and the claim of calm does not hold."""
    values = values_of(crisis, draws)
    kinds = np.where(
        (values[:, place(crisis, LAND)] > 4.5) & (values[:, place(crisis, HOLDS)] == 0), 0, 1
    )
    return ensemble_of(crisis, values, outcomes_of(kinds)), kinds


def found(crisis: Crisis, ensemble: Ensemble, seed: int = 0) -> Scenarios:
    return scenarios_of(crisis, REQUESTS, ensemble, Settings(seed=seed), stories=False)


# Which kinds there are --------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [64, 300])
def test_planted_kinds_are_recovered(crisis: Crisis, draws: int) -> None:
    kinds = np.random.default_rng(5).choice(3, draws, p=(0.2, 0.5, 0.3))
    result = found(crisis, ensemble_of(crisis, values_of(crisis, draws), outcomes_of(kinds)))
    assert len(result.scenarios) == 3
    sets = {tuple(np.flatnonzero(kinds == kind)) for kind in range(3)}
    assert {each.draws for each in result.scenarios} == sets
    shares = [each.share for each in result.scenarios]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(4))
def test_draws_spread_evenly_are_one_scenario(crisis: Crisis, seed: int) -> None:
    outcomes = np.random.default_rng(seed).uniform(0.2, 0.8, (128, 3))
    result = found(crisis, ensemble_of(crisis, values_of(crisis, 128), outcomes), seed)
    (only,) = result.scenarios
    assert (only.name, only.share, only.rules, result.measured) == ("all draws", 1.0, (), None)
    assert [each.otherwise for each in only.outcomes] == [None] * 3
    assert len(result.separations) == 5


def test_answers_that_hardly_differ_are_one_scenario_however_clearly_they_separate(
    crisis: Crisis,
) -> None:
    kinds = np.arange(64) % 2
    outcomes = 0.5 + 0.01 * kinds[:, None] * np.ones(3)
    result = found(crisis, ensemble_of(crisis, values_of(crisis, 64), outcomes))
    assert len(result.scenarios) == 1


def test_kinds_that_are_close_to_each_other_are_not_told_apart() -> None:
    outcomes = 0.5 + 0.03 * (np.arange(64) % 2)[:, None] * np.ones(3)
    outcomes[0] += 0.06
    found = find_clusters(outcomes, 2, 0)
    assert found.labels.max() == 0
    assert [each.allowed for each in found.separations] == [False]
    assert find_clusters(0.5 + 3 * (outcomes - 0.5), 2, 0).labels.max() == 1


@pytest.mark.parametrize("draws", [64, 400])
def test_slices_of_what_has_no_gaps_are_no_kinds_of_their_own(draws: int) -> None:
    outcomes = np.random.default_rng(4).uniform(0.2, 0.7, (draws, 1))
    outcomes[: draws // 2] = 0.99
    found = find_clusters(outcomes, 6, 0)
    assert set(found.labels[: draws // 2]) != set(found.labels[draws // 2 :])
    assert found.labels.max() == 1
    assert found.silhouette is not None
    assert found.silhouette > 0.7


def test_a_few_odd_draws_are_no_scenario(crisis: Crisis) -> None:
    kinds = np.ones(64, dtype=int)
    kinds[:3] = 0
    result = found(crisis, ensemble_of(crisis, values_of(crisis, 64), outcomes_of(kinds)))
    assert all(len(each.draws) >= 5 for each in result.scenarios)


def test_there_are_at_most_as_many_as_asked_for() -> None:
    corners = np.eye(8)[np.arange(160) % 8] * 0.9
    for most in (2, 4, 6):
        assert find_clusters(corners, most, 0).labels.max() + 1 <= most


def test_the_order_of_draws_does_not_matter(crisis: Crisis) -> None:
    ensemble, _ = planted(crisis, 96)
    order = np.random.default_rng(3).permutation(96)
    mixed = ensemble_of(
        crisis,
        ensemble.values[order],
        np.array([each.values[order] for each in ensemble.spreads]).T,
    )
    one, other = found(crisis, ensemble), found(crisis, mixed)
    back = [
        replace(
            each,
            draws=tuple(sorted(int(order[row]) for row in each.draws)),
            typical=tuple(int(order[row]) for row in each.typical),
        )
        for each in other.scenarios
    ]
    assert tuple(back) == one.scenarios
    assert other.separations == one.separations


# What separates them ----------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [128, 600])
def test_planted_rules_are_recovered(crisis: Crisis, draws: int) -> None:
    ensemble, kinds = planted(crisis, draws)
    result = found(crisis, ensemble)
    assert result.measured == ("held out" if draws >= 256 else "cross-validated")
    stay, march = result.scenarios
    assert march.draws == tuple(np.flatnonzero(kinds == 0))
    assert march.separated
    assert stay.separated
    (rule,) = march.rules
    limits = {each.number.path: each for each in rule.limits}
    assert limits.keys() == {LAND, HOLDS}
    assert limits[HOLDS].holds is False
    assert limits[LAND].low == pytest.approx(4.5, abs=0.15)
    assert limits[LAND].high is None
    assert rule.density is not None
    assert rule.density > 0.9
    assert rule.coverage > 0.9
    # What is not inside one box is covered by two.
    first, second = stay.rules
    assert {each.number.path for each in first.limits + second.limits} == {LAND, HOLDS}
    assert stay.coverage > 0.9


def test_each_limit_cites_the_claim_that_it_is_of(crisis: Crisis) -> None:
    (rule,) = found(crisis, planted(crisis, 128)[0]).scenarios[1].rules
    numbers = {each.number.path: each.number for each in rule.limits}
    land = numbers[LAND]
    assert (land.because, land.source, land.passages) == (
        "It wants the land.",
        "note p1",
        ("note p1",),
    )
    assert (land.said, land.low, land.high, land.unit) == ("major", 3.0, 6.0, "weight")
    assert numbers[HOLDS].passages == ("note p2", "memo 7")
    assert numbers[HOLDS].unit == "claim"


def rows_inside(rule: Rule, values: np.ndarray) -> np.ndarray:
    """Which draws are inside a rule, one by one."""

    def lies(limit: Limit, value: float) -> bool:
        if limit.holds is not None:
            return bool(value) is limit.holds
        low = -math.inf if limit.low is None else limit.low
        return low < value <= (math.inf if limit.high is None else limit.high)

    return np.array(
        [all(lies(each, row[each.number.place]) for each in rule.limits) for row in values]
    )


def test_density_and_coverage_are_those_of_draws_held_out(crisis: Crisis) -> None:
    """Recomputed on every draw they come out close, and on those held out exactly."""
    from sklearn.model_selection import StratifiedShuffleSplit

    values = values_of(crisis, 400)
    noisy = np.random.default_rng(9).random(400) < 0.25
    member = (values[:, place(crisis, CALM)] > 3.4) ^ noisy
    split = StratifiedShuffleSplit(1, test_size=1 / 3, random_state=7)
    _, kept = next(split.split(values, member))
    separators = find_separators(values, member, 7)
    assert separators.measured == "held out"
    (limits, measure), *_ = separators.rules
    here = inside(limits, values)
    hits = int((here & member)[kept].sum())
    assert measure.density == hits / int(here[kept].sum())
    assert measure.coverage == hits / int(member[kept].sum())
    assert measure.inside == int(here[kept].sum()) / len(kept)
    assert measure.density == pytest.approx((here & member).sum() / here.sum(), abs=0.1)
    assert separators.separates


def test_a_rule_says_of_draws_what_its_limits_say(crisis: Crisis) -> None:
    ensemble, kinds = planted(crisis, 600)
    (rule,) = found(crisis, ensemble).scenarios[1].rules
    here = rows_inside(rule, ensemble.values)
    assert (here & (kinds == 0)).sum() / here.sum() == pytest.approx(rule.density, abs=0.05)
    assert (here & (kinds == 0)).sum() / (kinds == 0).sum() == pytest.approx(
        rule.coverage, abs=0.05
    )


@pytest.mark.parametrize("draws", [64, 300])
@pytest.mark.parametrize("seed", range(5))
def test_kinds_that_no_number_brings_about_are_not_separated(draws: int, seed: int) -> None:
    """On the draws it was found on, a rule for nothing would look fair: there are 80 numbers."""
    generator = np.random.default_rng(seed)
    values, member = generator.random((draws, 80)), generator.random(draws) < 0.4
    separators = find_separators(values, member, seed)
    assert not separators.separates
    density = separators.together.density
    assert density is None or density == pytest.approx(0.4, abs=0.2)


@pytest.mark.parametrize("band", [(0.3, 0.6), (0.4, 0.7)])
def test_a_rule_may_bound_one_number_on_both_sides(band: tuple[float, float]) -> None:
    values = np.random.default_rng(1).random((400, 4))
    separators = find_separators(values, (values[:, 2] > band[0]) & (values[:, 2] < band[1]), 0)
    ((limits, measure),) = separators.rules
    assert limits.keys() == {2}
    assert limits[2] == pytest.approx(band, abs=0.02)
    assert measure.density == pytest.approx(1.0, abs=0.05)


def test_a_bound_itself_lies_below_the_cut() -> None:
    values = np.array([[1.0], [1.5], [2.0], [2.5]])
    assert inside({0: (1.0, 2.0)}, values).tolist() == [False, True, True, False]


def test_a_rule_has_at_most_three_limits(crisis: Crisis) -> None:
    generator = np.random.default_rng(0)
    values = generator.random((500, 6))
    member = (values > 0.2).all(axis=1)
    separators = find_separators(values, member, 0)
    assert max(len(limits) for limits, _ in separators.rules) <= 3
    assert len(separators.rules) <= 3


# Names and numbers ------------------------------------------------------------------------------


def test_names_say_what_tells_scenarios_apart_and_are_distinct(crisis: Crisis) -> None:
    kinds = np.arange(90) % 3
    result = found(crisis, ensemble_of(crisis, values_of(crisis, 90), outcomes_of(kinds)))
    names = [each.name for each in result.scenarios]
    assert sorted(names) == [
        "blue leaves most likely",
        "march least likely",
        "march most likely",
    ]
    by_name = {each.name: each for each in result.scenarios}
    assert by_name["march most likely"].telling[0] in ("march_30", "march_90")
    two = found(crisis, planted(crisis, 96)[0])
    assert [each.name for each in two.scenarios] == ["march less likely", "march more likely"]


def test_what_a_scenario_answers_is_the_mean_of_its_draws(crisis: Crisis) -> None:
    ensemble, kinds = planted(crisis, 96)
    march = found(crisis, ensemble).scenarios[1]
    for outcome, spread in zip(march.outcomes, ensemble.spreads, strict=True):
        own = spread.values[kinds == 0]
        assert outcome.probability == pytest.approx(own.mean())
        assert outcome.otherwise == pytest.approx(spread.values[kinds == 1].mean())
        assert outcome.interval == pytest.approx(tuple(np.quantile(own, (0.05, 0.95))))


def test_the_numbers_are_those_of_the_situation_that_is_asked_about(crisis: Crisis) -> None:
    base, entries = numbered(crisis)
    spring = {each.key: each for each in uncertain_in(base.in_situation("spring"), entries, crisis)}
    autumn = {each.key: each for each in uncertain_in(base.in_situation("autumn"), entries, crisis)}
    assert spring[LAND].said == "major"
    assert spring[LAND].situation is None
    assert autumn[LAND].situation == "autumn"
    assert (autumn[LAND].low, autumn[LAND].high) == (6.0, 12.0)
    assert (autumn[LAND].because, autumn[LAND].source) == ("News.", "memo 3")
    believed = spring["red.believes.blue.interests.home.weight"]
    assert (believed.source, believed.holder, believed.unit) == ("note p3", "red", "weight")
    rate, factor = spring["snow.none.deep#1"], spring["snow.none.deep#3"]
    assert (rate.unit, rate.source, rate.when) == ("chance", "memo 9", None)
    assert (factor.unit, factor.when, factor.among) == ("number", "red.talk", 3)
    assert "snow.none.deep#2" not in spring  # ten days are certain
    assert spring["red.decides"].unit == "days"
    assert spring[HOLDS].kind == "holds"
    assert [each.place for each in spring.values()] == sorted(e.place for e in spring.values())


# Stories, and the whole -------------------------------------------------------------------------

SEQUENCE = """\
crisis: One thing after the other
actors:
  clerk:
    decides: every 2 days
    looks_ahead: 100 days
    precision: 50
    options: {stamp: {levels: [no, yes], requires: letter == read}}
    interests:
      order: {seeks: stamp, weight: 5..6}
      ink: {avoids: stamp, weight: 1}
conditions:
  letter:
    levels: [sent, here, read]
    changes:
      - {from: sent, to: here, rate: every 1 day}
      - {from: here, to: read, rate: every 1 day}
  fire:
    levels: [no, yes]
    changes:
      - {from: no, to: yes, rate: every 1000 days}
questions:
  stamped: {asks: Stamped?, event: clerk.stamp, within: 60 days}
"""


def test_the_story_of_a_crisis_with_one_course_is_that_course() -> None:
    result = find_scenarios(loads(SEQUENCE), draws=8)
    story = result.scenarios[0].story
    assert story is not None
    assert [(each.variable, each.level) for each in story.steps] == [
        ("letter", "here"),
        ("letter", "read"),
        ("clerk.stamp", "yes"),
    ]
    here, read, stamp = story.steps
    assert (here.mover, stamp.mover, stamp.instead_of) == (None, "clerk", "no")
    assert story.trajectories == 1000
    assert story.days == 60
    assert story.besides == ()
    assert min(each.share for each in story.steps) > 0.99
    # The first change has an exponential time of mean 1, the second the sum of two.
    assert (here.early, here.day, here.late) == pytest.approx(
        [-math.log(1 - q) for q in (0.25, 0.5, 0.75)], rel=0.15
    )
    assert read.day == pytest.approx(1.678, rel=0.1)
    assert stamp.day > read.day


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    crisis = loads(SEQUENCE)
    one, same, other = (
        find_scenarios(crisis, draws=8, settings=Settings(seed=seed)) for seed in (1, 1, 2)
    )
    assert one == same
    assert one.scenarios[0].story != other.scenarios[0].story


DECIDED = SEQUENCE.replace("weight: 5..6", "weight: 5..6, holds: 50%, source: rules p1")


def test_a_claim_that_may_not_hold_makes_two_scenarios_with_a_story_each() -> None:
    crisis = loads(DECIDED.replace("crisis: One", "sources: {rules: {title: R}}\ncrisis: One"))
    result = find_scenarios(crisis, draws=64)
    assert {each.name for each in result.scenarios} == {
        "stamped more likely",
        "stamped less likely",
    }
    for scenario in result.scenarios:
        holds = scenario.name == "stamped more likely"
        (rule,) = scenario.rules
        (limit,) = rule.limits
        assert limit.number.path == "clerk.interests.order.holds"
        assert limit.holds is holds
        assert limit.number.source == "rules p1"
        assert (rule.density, rule.coverage, scenario.separated) == (1.0, 1.0, True)
        assert scenario.story is not None
        stamps = [each for each in scenario.story.steps if each.variable == "clerk.stamp"]
        assert (stamps[0].share > 0.99) if holds else True


def test_a_change_that_fewer_have_is_told_where_it_stands_out() -> None:
    rare = DECIDED.replace("every 2 days", "every 150 days").replace("source: rules p1", "")
    result = find_scenarios(loads(rare.replace(", }", "}")), draws=64)
    more = next(each for each in result.scenarios if each.name == "stamped more likely")
    assert more.story is not None
    assert [(each.variable, 0.2 < each.share < 0.5) for each in more.story.besides] == [
        ("clerk.stamp", True)
    ]


def test_the_questions_of_the_latest_situation_are_asked_unless_others_are_named(
    crisis: Crisis,
) -> None:
    assert find_scenarios(crisis, draws=8).questions == ("late",)
    spring = find_scenarios(crisis, draws=8, situation="spring")
    assert spring.questions == NAMES
    assert spring.situation == "spring"
    assert find_scenarios(crisis, ["march_30"], draws=8).situation == "spring"
    both = find_scenarios(crisis, ["march_30", "late"], situation="autumn", draws=8)
    assert (both.situation, both.questions) == ("autumn", ("march_30", "late"))
    already = find_scenarios(crisis.in_situation("spring"), ["late"], draws=8)
    assert already.situation == "spring"


def test_what_cannot_be_grouped_is_refused(crisis: Crisis) -> None:
    with pytest.raises(CrisisError, match=r"several situations \(autumn, spring\)"):
        find_scenarios(crisis, ["march_30", "late"])
    with pytest.raises(UnknownNameError, match="march_30"):
        find_scenarios(crisis, ["march_3"])
    with pytest.raises(UnknownNameError, match="spring"):
        find_scenarios(crisis, situation="sprung")
    ensemble, _ = planted(crisis, 16)
    elsewhere = [*REQUESTS[:2], Request("late", Variation(situation="autumn"))]
    with pytest.raises(CrisisError, match="one situation"):
        scenarios_of(crisis, elsewhere, ensemble, Settings())
    with pytest.raises(CrisisError, match="at least one question"):
        scenarios_of(crisis, [], replace(ensemble, spreads=()), Settings())


def test_without_the_library_it_says_how_to_install_it(
    crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name.partition(".")[0])

    monkeypatch.setattr(extras.importlib, "import_module", missing)
    with pytest.raises(CrisisError, match=r"pip install 'standoff\[explore\]'"):
        found(crisis, planted(crisis, 64)[0])
