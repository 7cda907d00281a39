"""The oracle is right where the answer can be worked out by hand, and the random crises are varied.

Every number here comes from a formula written out in the test, not from the package.
"""

from __future__ import annotations

import json
import keyword
import math
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oracle
from random_crises import SMALL, random_crisis, random_variant

Raw = dict[str, Any]


def lone(**block: Any) -> Raw:
    """A crisis with one actor, `a`; nothing to want unless the block says so."""
    actor = {"decides": "every 5 days", "looks_ahead": "20 days", "options": {"go": ["no", "yes"]}}
    return {"actors": {"a": {**actor, **block}}, "questions": {}}


def asking(raw: Raw, **question: str) -> Raw:
    return {**raw, "questions": {"q": question}}


def weather(up: str = "0.1 per day", down: str = "0.25 per day", **more: Any) -> Raw:
    changes = [
        {"from": "calm", "to": "storm", "rate": up, **more},
        {"from": "storm", "to": "calm", "rate": down},
    ]
    return {**lone(), "conditions": {"weather": {"levels": ["calm", "storm"], "changes": changes}}}


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# ------------------------------------------------------------------------------------- quantities


@pytest.mark.parametrize(
    ("text", "per_day"),
    [
        ("every 30 days", 1 / 30),
        ("every week", 1 / 7),
        ("every 2..4 weeks", 1 / 21),
        ("0.05 per day", 0.05),
        ("1..2 per month", 1.5 / 30.44),
        ("3 per year", 3 / 365.25),
        ("70% within 5 days", -math.log(0.3) / 5),
        ("60..80% within 4..6 days", -math.log(0.3) / 5),
        ("60%..80% within 5 days", -math.log(0.3) / 5),
    ],
)
def test_rates_take_the_midpoints_of_their_numbers(text: str, per_day: float) -> None:
    assert oracle.rate(text) == pytest.approx(per_day, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        (0.3, 0.3),
        ("80%", 0.8),
        ("0.6..0.9", 0.75),
        ("20%..60%", 0.4),
        ("unlikely", 0.325),
        ("roughly even chance", 0.5),
        ("likely", 0.675),
        ("certain", 1),
    ],
)
def test_how_likely_a_claim_is(text: object, probability: float) -> None:
    assert oracle.chance(text) == pytest.approx(probability, rel=1e-14)


def test_weights_are_numbers_ranges_or_words_of_a_scale() -> None:
    assert [oracle.weight(w, {}) for w in (2, 0.5, "1..2", "minor")] == [2, 0.5, 1.5, 1]
    assert [oracle.weight(w, {}) for w in ("negligible", "moderate", "major", "decisive")] == [
        *(0.25, 2.25, 4.5, 9)
    ]
    assert oracle.weight("minor", {"minor": "1..3"}) == 2


# ---------------------------------------------------------------------------- conditions by formula


@pytest.mark.parametrize("days", [0.5, 7, 60])
def test_a_condition_with_two_levels_follows_its_exponentials(days: float) -> None:
    up, down, fade = 0.1, 0.25, 1 - math.exp(-0.35 * days)
    time = f"{days} days"
    by_form = {
        ("at", "weather == storm"): up / (up + down) * fade,
        ("within", "weather == storm"): 1 - math.exp(-up * days),
        ("throughout", "weather == calm"): math.exp(-up * days),
        ("within", "weather == calm"): 1,
        ("throughout", "weather == storm"): 0,
    }
    for (form, event), expected in by_form.items():
        raw = asking(weather(), event=event, **{form: time})
        assert oracle.answer(raw, "q") == pytest.approx(expected, abs=1e-12)
    raw = asking(weather(), event="weather == storm", at=time)
    share = up / (up + down) * (1 - fade / (0.35 * days))
    assert oracle.share_of_time(raw, "q") == pytest.approx(share, abs=1e-12)
    chances = oracle.distribution(raw, at=days)
    storm = sum(chance for state, chance in chances.items() if state[-1] == "storm")
    assert storm == pytest.approx(oracle.answer(raw, "q"), abs=1e-12)
    assert oracle.answer(raw, "q", horizon=2 * days) > oracle.answer(raw, "q")


def test_until_is_a_race_and_its_goal_wins_at_once() -> None:
    raw = weather()
    changes = [{"from": "open", "to": "signed", "rate": "0.2 per day"}]
    raw["conditions"]["talks"] = {"levels": ["open", "signed"], "changes": changes}
    race = asking(raw, event="weather == calm", until="talks == signed", within="6 days")
    expected = 0.2 / 0.3 * (1 - math.exp(-0.3 * 6))
    assert oracle.answer(race, "q") == pytest.approx(expected, abs=1e-12)
    assert oracle.answer(race, "q", starting={"weather": "storm"}) == 0
    both = {"weather": "storm", "talks": "signed"}
    assert oracle.answer(race, "q", starting=both) == 1


def test_one_jump_that_ends_the_event_and_reaches_the_goal_counts() -> None:
    raw = lone(options={"x": {}, "y": {}}) | {"never": ["a.x and not a.y", "a.y and not a.x"]}
    raw = asking(raw, event="not a.x", until="a.y", within="10 days")
    assert oracle.answer(raw, "q") == pytest.approx(1 - math.exp(-10 / 5 / 2), abs=1e-12)


def test_when_and_times_are_read_before_the_change_and_all_that_apply_multiply() -> None:
    times = [
        {"factor": 3, "when": "a.go"},
        {"factor": "1..3", "when": "weather == calm"},
        {"factor": 7, "when": "weather == storm"},
    ]
    raw = asking(weather(times=times), event="weather == storm", within="2 days")
    expected = {"no": 1 - math.exp(-0.4), "yes": 1 - math.exp(-1.2)}
    for level, chance in expected.items():
        assert oracle.answer(raw, "q", holding={"a.go": level}) == pytest.approx(chance, abs=1e-12)
    raw = asking(weather(when="a.go"), event="weather == storm", within="2 days")
    assert oracle.answer(raw, "q", holding={"a.go": "no"}) == 0


def test_a_condition_does_not_change_into_a_state_that_cannot_be() -> None:
    raw = asking(weather(), event="weather == storm", within="2 days")
    raw["never"] = ["weather == storm and a.go"]
    assert oracle.answer(raw, "q", holding={"a.go": "yes"}) == 0
    assert oracle.answer(raw, "q", holding={"a.go": "no"}) == pytest.approx(1 - math.exp(-0.2))
    assert len(oracle.states(raw)) == 3


# ------------------------------------------------------------------------------ one actor's choice


def test_precision_one_means_one_weight_unit_multiplies_the_odds_by_e() -> None:
    for precision, weight in [(1, 1), (2, 1), (2, 2.25), (0.5, 4)]:
        raw = lone(interests={"x": {"seeks": "go", "weight": weight}}, precision=precision)
        for moves in oracle.policy(raw, "a", 1).values():
            assert moves[("yes",)] == pytest.approx(sigmoid(precision * weight), abs=1e-12)
        raw = asking(raw, event="a.go", within="3 days")
        hits = 1 - math.exp(-3 / 5 * sigmoid(precision * weight))
        assert oracle.answer(raw, "q") == pytest.approx(hits, abs=1e-12)


@pytest.mark.parametrize(
    ("holds", "odds"), [(0.5, 1), ("roughly even odds", 1), ("49%", 0), ("30..60%", 0)]
)
def test_a_claim_counts_in_full_from_one_half_on(holds: object, odds: int) -> None:
    raw = lone(interests={"x": {"seeks": "go", "weight": 1, "holds": holds}}, precision=1)
    assert oracle.policy(raw, "a", 1)[("no",)][("yes",)] == pytest.approx(sigmoid(odds), abs=1e-12)


def test_two_options_are_chosen_together_by_the_payoff_of_their_combination() -> None:
    block = {
        "options": {"x": ["no", "yes"], "y": {"levels": ["low", "mid", "high"]}},
        "interests": {
            "both": {"seeks": "x and y >= mid", "weight": 1.2},
            "cost": {"avoids": "y == high", "weight": "0.5..0.9"},
            "doubt": {"seeks": "not x", "weight": 50, "holds": "unlikely"},
        },
        "red_lines": {"line": {"if": "y != low", "then": "x", "weight": 0.4}},
        "precision": 1.5,
    }
    payoff = {
        ("no", "low"): 0,
        ("no", "mid"): -0.4,
        ("no", "high"): -0.7 - 0.4,
        ("yes", "low"): 0,
        ("yes", "mid"): 1.2,
        ("yes", "high"): 1.2 - 0.7,
    }
    total = sum(math.exp(1.5 * u) for u in payoff.values())
    for moves in oracle.policy(lone(**block), "a", 4).values():
        assert moves == pytest.approx({s: math.exp(1.5 * u) / total for s, u in payoff.items()})


def test_a_tempo_that_varies_along_the_actors_own_moves() -> None:
    """With D = V(yes) - V(no) the two equations subtract to one in D, solved by bisection."""
    decides = [{"every": "2 days", "when": "go"}, {"every": "8 days"}]
    interests = {"x": {"seeks": "go", "weight": 0.8}}
    raw = lone(decides=decides, interests=interests, precision=1.3)
    discount, fast, slow = 1 / 20, 1 / 2, 1 / 8
    beta_yes, beta_no = 1.3 * (discount + fast), 1.3 * (discount + slow)

    def fault(gap: float) -> float:
        gain_yes = math.log((1 + math.exp(-beta_yes * gap)) / 2) / beta_yes
        gain_no = math.log((1 + math.exp(beta_no * gap)) / 2) / beta_no
        return discount * gap - 0.8 - fast * gain_yes + slow * gain_no

    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if fault(middle) > 0 else (middle, high)
    moves = oracle.policy(raw, "a", 2)
    assert moves[("yes",)][("yes",)] == pytest.approx(sigmoid(beta_yes * low), abs=1e-12)
    assert moves[("no",)][("yes",)] == pytest.approx(sigmoid(beta_no * low), abs=1e-12)


def test_the_mean_is_over_the_moves_that_are_possible_staying_included() -> None:
    """From `yes` there is one move only, so V(yes) = w / r; V(no) is one equation."""
    options = {"go": {"irreversible": "up"}}
    raw = lone(options=options, interests={"x": {"avoids": "go", "weight": 0.1}})
    rate, discount = 1 / 5, 1 / 20
    beta = 2 * (rate + discount)
    solved = oracle.values(raw, "a", 1)
    yes, no = solved[("yes",)], solved[("no",)]
    assert yes == pytest.approx(-0.1 * 20, rel=1e-12)
    mean = math.log((math.exp(beta * yes) + math.exp(beta * no)) / 2) / beta
    assert discount * no == pytest.approx(rate * (mean - no), abs=1e-12)


def test_what_an_option_forbids() -> None:
    options = {
        "up": {"levels": ["low", "mid", "high"], "irreversible": "up"},
        "down": {"levels": ["low", "mid", "high"], "irreversible": "down"},
        "once": {"levels": ["low", "mid", "high"], "irreversible": True},
        "asks": {"levels": ["low", "mid", "high"], "requires": "other == mid"},
        "other": ["low", "mid"],
    }

    def reached(option: str, level: str, other: str = "low") -> set[str]:
        start = dict.fromkeys(options, "low") | {option: level, "other": other}
        moves = oracle.policy(lone(options=options), "a", 0)[tuple(start.values())]
        place = list(options).index(option)
        return {there[place] for there in moves}

    everything = {"low", "mid", "high"}
    assert reached("up", "mid") == {"mid", "high"}
    assert reached("down", "mid") == {"low", "mid"}
    assert reached("once", "low") == everything
    assert reached("once", "mid") == {"mid"}
    assert reached("asks", "mid") == {"low", "mid"}
    assert reached("asks", "low") == {"low"}
    assert reached("asks", "low", other="mid") == everything


def test_holding_freezes_an_option_and_counts_fewer_moves() -> None:
    interests = {"x": {"seeks": "go and (stay or not stay)", "weight": 0.7}}
    two = lone(options={"go": {}, "stay": {}}, interests=interests)
    one = lone(interests={"x": {"seeks": "go", "weight": 0.7}})
    held = oracle.policy(two, "a", 1, holding={"a.stay": "yes"})
    free = oracle.policy(one, "a", 1)
    for (level,), moves in free.items():
        expected = {(there, "yes"): chance for (there,), chance in moves.items()}
        assert held[level, "yes"] == pytest.approx(expected, abs=1e-12)
    question = {"event": "a.stay", "within": "9 days"}
    assert oracle.answer(asking(two, **question), "q", holding={"a.stay": "no"}) == 0
    assert oracle.answer(asking(two, **question), "q", holding={"a.stay": "yes"}) == 1
    storm = asking(weather(), event="weather == storm", within="9 days")
    assert oracle.answer(storm, "q", holding={"weather": "calm"}) == 0


def test_enormous_weights_do_not_overflow() -> None:
    raw = lone(interests={"x": {"seeks": "go", "weight": 1e6}}, looks_ahead="50 years")
    assert oracle.policy(raw, "a", 1)[("no",)] == pytest.approx({("no",): 0, ("yes",): 1})


# ------------------------------------------------------------------------------------ the hierarchy


def test_poisson_weights_are_renormalised_over_the_smaller_depths() -> None:
    assert oracle.poisson_weights(1, 1.5).tolist() == [1]
    assert oracle.poisson_weights(3, 1.5) == pytest.approx(np.array([1, 1.5, 1.125]) / 3.625)


def test_at_depth_zero_nobody_moves_but_conditions_change() -> None:
    raw = weather()
    raw["actors"]["a"]["interests"] = {"x": {"seeks": "go", "weight": 5}}
    assert oracle.answer(asking(raw, event="a.go", within="99 days"), "q", depth=0) == 0
    storm = asking(raw, event="weather == storm", within="3 days")
    assert oracle.answer(storm, "q", depth=0) == pytest.approx(1 - math.exp(-0.3))
    assert oracle.policy(raw, "a", 0)["no", "calm"]["no", "calm"] == 1


@pytest.mark.parametrize("seed", [14, 23])
def test_newton_finds_what_plain_iteration_converges_to(seed: int) -> None:
    """V <- (u + L M[V] + sum of rates times V there) / (r + L + sum of rates), from nothing."""
    crisis = oracle.as_seen_by(oracle.prepared(random_crisis(seed), {}), "amber")
    world = oracle.World(crisis)
    problem = oracle._problem(crisis, world, "amber", 3, 1.5)
    payoff, discount, rates, beta, moves, others = problem
    leaving = -np.diag(others)
    arriving = others + np.diag(leaving)
    values = np.zeros(len(payoff))
    for _ in range(3000):
        gained = rates * oracle.mellowmax(values, beta, moves)
        values = (payoff + gained + arriving @ values) / (discount + rates + leaving)
    assert oracle.residual(problem, values) < 1e-12
    solved = oracle.solve(problem)
    assert oracle.residual(problem, solved) < 1e-12
    assert abs(solved - values).max() < 1e-10 * abs(values).max()


def three() -> Raw:
    """Everybody's best move depends on the others' moves."""

    def block(text: str, other: str, pace: int) -> Raw:
        return {
            "decides": f"every {pace} days",
            "looks_ahead": "40 days",
            "options": {"go": ["no", "yes"]},
            "interests": {
                "x": {"seeks": f"go and {text}", "weight": 1.5},
                "y": {"avoids": f"go and not {other}.go", "weight": 1},
            },
        }

    actors = {
        "a": block("b.go", "c", 4),
        "b": block("not c.go", "a", 3),
        "c": block("a.go", "b", 5),
    }
    return {"actors": actors, "questions": {"q": {"event": "a.go and b.go", "at": "9 days"}}}


def as_matrix(raw: Raw, actor: str, depth: int) -> np.ndarray:
    table, places = oracle.policy(raw, actor, depth), oracle.states(raw)
    return np.array([[table[here].get(there, 0) for there in places] for here in places])


def best_of(raw: Raw, actor: str, expected: dict[str, np.ndarray]) -> np.ndarray:
    """One actor's policy by plain iteration, for the crises of `three`: nothing but go and not."""
    places = oracle.states(raw)
    own = list(raw["actors"]).index(actor)
    speed = {n: 1 / float(block["decides"].split()[1]) for n, block in raw["actors"].items()}
    other = {"a": "c", "b": "a", "c": "b"}[actor]
    wish = {"a": lambda a, b, c: b, "b": lambda a, b, c: not c, "c": lambda a, b, c: a}[actor]
    payoff = []
    for state in places:
        going = dict(zip("abc", [level == "yes" for level in state], strict=True))
        first = raw["actors"][actor]["interests"]["x"]["weight"] * wish(**going)
        payoff.append(going[actor] * (first - (not going[other])))
    same = [
        [[s[k] == t[k] for k in range(3) if k != own] == [True, True] for t in places]
        for s in places
    ]
    discount, rate = 1 / 40, speed[actor]
    beta = 2 * (discount + rate)
    values = np.zeros(8)
    for _ in range(3000):
        mean = np.where(same, np.exp(beta * (values - values.max())), 0).sum(axis=1) / 2
        flow = np.array(payoff) + rate * (values.max() + np.log(mean) / beta)
        flow += sum(speed[j] * chances @ values for j, chances in expected.items())
        values = flow / (discount + rate + sum(speed[j] for j in expected))
    odds = np.where(same, np.exp(beta * (values - values.max())), 0)
    return odds / odds.sum(axis=1, keepdims=True)


def test_the_first_depths_by_plain_iteration() -> None:
    raw = three()
    stay = np.eye(8)
    first = {j: best_of(raw, j, {k: stay for k in "abc" if k != j}) for j in "abc"}
    half = {j: (stay + 1.5 * first[j]) / 2.5 for j in "abc"}
    second = best_of(raw, "a", {j: half[j] for j in "bc"})
    assert as_matrix(raw, "a", 1) == pytest.approx(first["a"], abs=1e-10)
    assert as_matrix(raw, "a", 2) == pytest.approx(second, abs=1e-10)
    assert abs(first["a"] - second).max() > 0.01


def test_a_nested_belief_moves_only_what_the_believer_expects_of_the_believer_within() -> None:
    """a thinks that b thinks that c weighs `x` as 0: the truth, and a's own c, keep 1.5."""
    plain, believing, other = three(), three(), three()
    believing["actors"]["a"]["believes"] = {"b.believes.c.interests.x.weight": 0}
    other["actors"]["c"]["interests"]["x"]["weight"] = 0
    stay = np.eye(8)
    density = np.array([1, 1.5, 1.125]) / 3.625
    expected = {
        j: density[0] * stay + density[1] * as_matrix(world, j, 1) + density[2] * second
        for j, world, second in [
            ("b", other, as_matrix(other, "b", 2)),
            ("c", plain, as_matrix(plain, "c", 2)),
        ]
    }
    by_hand = best_of(plain, "a", expected)
    assert as_matrix(believing, "a", 3) == pytest.approx(by_hand, abs=1e-10)
    assert abs(as_matrix(plain, "a", 3) - by_hand).max() > 1e-3
    for actor in "bc":
        assert np.array_equal(as_matrix(believing, actor, 3), as_matrix(plain, actor, 3))
    in_view = oracle.policy(believing, "c", 3, seen_by=["a", "b"])
    assert in_view == oracle.policy(other, "c", 3)
    assert oracle.policy(believing, "c", 3, seen_by="a") == oracle.policy(plain, "c", 3)


# -------------------------------------------------------------------------------------------- views


def test_a_belief_hides_the_truth_and_the_situation_from_its_holder_only() -> None:
    raw = three()
    raw["actors"]["a"]["believes"] = {"b.interests.x.weight": {"value": 3, "because": "So."}}
    raw["situations"] = {
        "later": {
            "as_of": "2026-01-10",
            "state": {"c.go": "yes"},
            "with": {"b.interests.x.weight": 2, "c.believes.b.interests.x.weight": 0.5},
        }
    }

    def weight_of_x(*seen_by: str, **variant: Any) -> float:
        crisis = oracle.prepared(raw, {"seen_by": seen_by, **variant})
        return crisis["actors"]["b"]["interests"]["x"]["weight"]

    assert [weight_of_x(*v) for v in ("", "a", "b", "c", "ac")] == [1.5, 3, 1.5, 1.5, 3]
    later = {"situation": "later"}
    assert [weight_of_x(*v, **later) for v in ("", "a", "b", "c", "ca")] == [2, 3, 2, 0.5, 0.5]
    assert weight_of_x("a", without="b.interests.x") == 3
    assert weight_of_x(without=["b.interests.x"], **later) == 0
    assert weight_of_x("a", without="a.believes.b.interests.x.weight", **later) == 2
    assert weight_of_x(**later, **{"with": {"b.interests.x.weight": 7}}) == 7
    assert weight_of_x("a", **{"with": {"a.believes.b.interests.x.weight": 7}}) == 7
    assert oracle.start_state(raw, situation="later") == ("no", "no", "yes")
    start = oracle.start_state(raw, situation="later", starting={"c.go": "no", "a.go": "yes"})
    assert start == ("yes", "no", "no")


def test_rates_and_tempos_can_be_believed_but_the_forecast_uses_the_true_ones() -> None:
    raw = asking(weather(), event="weather == storm", within="2 days")
    raw["actors"]["b"] = lone()["actors"]["a"]
    raw["actors"]["b"]["believes"] = {"weather.calm.storm": "0.5 per day", "a.decides": "every day"}
    raw["actors"]["a"]["believes"] = {"weather.calm.storm": "0.9 per day", "b.decides": "every day"}
    assert oracle.answer(raw, "q") == pytest.approx(1 - math.exp(-0.2))
    assert oracle.answer(raw, "q", seen_by="b") == pytest.approx(1 - math.exp(-1))
    go = asking(raw, event="a.go", within="2 days")
    assert oracle.answer(go, "q") == pytest.approx(1 - math.exp(-0.2))
    assert oracle.answer(go, "q", seen_by="b") == pytest.approx(1 - math.exp(-1))


def test_names_are_the_actors_own_options_first_and_levels_are_those_of_the_left_side() -> None:
    raw = {
        **lone(options={"level": ["low", "high"]}),
        "conditions": {"level": {"levels": ["high", "low"], "changes": []}},
        "definitions": {"outside": "level > high", "deep": "outside and not a.level == high"},
    }

    def where(text: str, actor: str | None = None) -> set[tuple[str, ...]]:
        return oracle.where(raw, text, actor)

    low_low, low_high = ("low", "low"), ("low", "high")
    assert where("level == low", "a") == {low_low, low_high}
    assert where("level == low") == {low_low, ("high", "low")}
    assert where("outside", "a") == where("outside") == {low_low, ("high", "low")}
    assert where("deep", "a") == {low_low}
    assert where("a.level in {low} and not (level < low or false)", None) == {low_low}
    assert where("level <= low and true", "a") == {low_low, low_high}


def test_an_unknown_variation_is_refused() -> None:
    raw = asking(lone(), event="a.go", within="3 days")
    with pytest.raises(TypeError, match="no such variation"):
        oracle.answer(raw, "q", hold={"a.go": "no"})


# ----------------------------------------------------------------------------------- random crises


SEEDS = range(200)


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Raw, Raw]]:
    return [(raw := random_crisis(seed), random_variant(raw, seed)) for seed in SEEDS]


def test_the_same_seed_draws_the_same_in_another_process(drawn: list[tuple[Raw, Raw]]) -> None:
    code = (
        "import json, random_crises as r; c = r.random_crisis(7);"
        "print(json.dumps([c, r.random_variant(c, 7)]))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(again.stdout) == list(drawn[7])
    assert again.stdout.strip() == json.dumps(list(drawn[7]))
    assert random_crisis(8) != random_crisis(9)


def names_in(raw: Raw) -> set[str]:
    names = {*raw["actors"], *raw["conditions"], *raw["definitions"]}
    for levels in oracle.variables(raw).values():
        names |= set(levels)
    for block in raw["actors"].values():
        names |= {*block["options"], *block["interests"], *block.get("red_lines", {})}
    return names


def test_every_crisis_is_a_small_file_with_a_feasible_start(drawn: list[tuple[Raw, Raw]]) -> None:
    for raw, variant in drawn:
        assert json.loads(json.dumps(raw)) == raw
        assert 8 <= len(oracle.states(raw)) <= SMALL
        assert all(name.isidentifier() and not keyword.iskeyword(name) for name in names_in(raw))
        for situation in (None, *raw.get("situations", {})):
            assert oracle.start_state(raw, situation=situation)
            assert oracle.start_state(raw, **variant, situation=situation)


def features(raw: Raw) -> set[str]:
    """What the crisis uses, in words."""
    found = {f"{len(raw['actors'])} actors", f"{len(raw['conditions'])} conditions"}
    text = json.dumps(raw)
    for block in raw["actors"].values():
        found |= actor_features(block)
    for condition in raw["conditions"].values():
        for change in condition["changes"]:
            found |= {key for key in ("when", "times") if key in change}
            forms = ("every", "per", "within")
            found |= {f"rate: {form}" for form in forms if form in change["rate"].split()}
            found |= {"rate with a range"} if ".." in change["rate"] else set()
    for levels in oracle.variables(raw).values():
        found.add(f"{len(levels)} levels")
    options = {name for block in raw["actors"].values() for name in block["options"]}
    if options & {*raw["conditions"], *raw["definitions"]}:
        found.add("a condition with the name of an option")
    definitions = raw["definitions"]
    if any(other in body.split() for body in definitions.values() for other in definitions):
        found.add("a definition in a definition")
    statements = json.dumps([raw["actors"], raw["conditions"], raw["questions"]])
    if any(name in statements for name in definitions):
        found.add("a definition used")
    found |= {f"{key}" for key in ("never", "scale", "situations") if key in raw}
    for situation in raw.get("situations", {}).values():
        found |= {f"situation: {key}" for key in ("state", "with") if key in situation}
        if any(".believes." in path for path in situation.get("with", {})):
            found.add("a belief in a situation")
    for question in raw["questions"].values():
        form = "until" if "until" in question else set(question) & {"within", "at", "throughout"}
        where = "in a situation" if "situation" in question else "as it is"
        found.add(f"question: {''.join(form)}, {where}")
    return found | {f"in: {word}" for word in (" in {", "true", "false", "not ") if word in text}


def actor_features(block: Raw) -> set[str]:
    found = {f"{len(block['options'])} options"}
    found.add("precision given" if "precision" in block else "precision by default")
    for option in block["options"].values():
        if isinstance(option, dict):
            found |= (
                {f"irreversible {option['irreversible']}"} if "irreversible" in option else set()
            )
            found |= {"requires"} if "requires" in option else set()
            found |= {"levels by default"} if "levels" not in option else set()
    found |= tempo_features(block["decides"], block["options"])
    for claim in [*block["interests"].values(), *block.get("red_lines", {}).values()]:
        kinds = [key for key in ("seeks", "avoids", "if", "then") if key in claim]
        found |= set(kinds) | {f"weight: {kind_of(claim['weight'])}"}
        if "if" in claim and "then" not in claim:
            found.add("a red line without a response")
        if "holds" in claim:
            included = "included" if oracle.chance(claim["holds"]) >= 0.5 else "excluded"
            found.add(f"holds: {kind_of(claim['holds'])}, {included}")
    for path, entry in block.get("believes", {}).items():
        found.add(f"belief of depth {path.count('believes') + 1}")
        found |= {"a belief with a reason"} if isinstance(entry, dict) else set()
        found.add(f"belief: {about(path)}")
    return found


def about(path: str) -> str:
    """The kind of thing that a path sets."""
    last = path.split(".")[-1]
    fields = {"weight", "holds", "decides", "looks_ahead", "precision"}
    return last if last in fields else "rate"


def tempo_features(decides: str | list[Raw], options: Raw) -> set[str]:
    if isinstance(decides, str):
        return {"decides: text"}
    found = {f"decides: {len(decides)} tempos"}
    whens = [tempo["when"].replace("(", " ").split() for tempo in decides if "when" in tempo]
    if any(option in words for words in whens for option in options):
        found.add("a tempo that follows its own option")
    return found


def kind_of(value: object) -> str:
    if isinstance(value, int | float):
        return "number"
    if ".." in str(value):
        return "range"
    return "percent" if "%" in str(value) else "word"


AT_LEAST_ONCE = """
2 actors; 3 actors; 4 actors; 0 conditions; 1 conditions; 2 conditions; 1 options; 2 options
2 levels; 3 levels; levels by default; irreversible up; irreversible down; irreversible True
requires; never; when; times; rate: every; rate: per; rate: within; rate with a range
decides: text; decides: 1 tempos; decides: 2 tempos; decides: 3 tempos
a tempo that follows its own option; precision given; precision by default
seeks; avoids; if; then; a red line without a response
weight: number; weight: range; weight: word; scale
holds: number, included; holds: number, excluded; holds: word, included; holds: word, excluded
holds: range, included; holds: range, excluded; holds: percent, included; holds: percent, excluded
a definition used; a definition in a definition; a condition with the name of an option
belief of depth 1; belief of depth 2; belief of depth 3; a belief with a reason
belief: weight; belief: holds; belief: decides; belief: looks_ahead; belief: precision
belief: rate; a belief in a situation; situations; situation: state; situation: with
question: within, as it is; question: within, in a situation
question: at, as it is; question: at, in a situation
question: throughout, as it is; question: throughout, in a situation
question: until, as it is; question: until, in a situation
in:  in {; in: true; in: false; in: not
"""


def test_two_hundred_crises_use_every_feature(drawn: list[tuple[Raw, Raw]]) -> None:
    counts = Counter(feature.strip() for raw, _ in drawn for feature in features(raw))
    wanted = [f.strip() for line in AT_LEAST_ONCE.strip().splitlines() for f in line.split(";")]
    rare = {feature: counts[feature] for feature in wanted if counts[feature] < 5}
    assert not rare


def test_two_hundred_variants_use_every_way_of_asking(drawn: list[tuple[Raw, Raw]]) -> None:
    counts = Counter(key for _, variant in drawn for key in variant)
    assert set(counts) == oracle.VARIANT - {"situation", "tau"}
    assert min(counts.values()) >= 30
    assert {variant.get("depth") for _, variant in drawn} == {None, 0, 1, 2, 3, 4}
    nested = [v for _, v in drawn if isinstance(v.get("seen_by"), list)]
    assert len(nested) >= 10


def test_most_answers_are_neither_nearly_certain_nor_nearly_impossible(
    drawn: list[tuple[Raw, Raw]],
) -> None:
    answers = [
        oracle.answer(raw, question, **change)
        for raw, variant in drawn[:20]
        for question in raw["questions"]
        for change in ({}, variant)
    ]
    assert all(-1e-12 <= answer <= 1 + 1e-12 for answer in answers)
    assert sum(0.01 < answer < 0.99 for answer in answers) >= 0.6 * len(answers)


def test_distributions_policies_and_curves_are_probabilities(drawn: list[tuple[Raw, Raw]]) -> None:
    for raw, variant in drawn[20:26]:
        chances = oracle.distribution(raw, at=10, **variant)
        assert sum(chances.values()) == pytest.approx(1, abs=1e-12)
        for actor in raw["actors"]:
            for moves in oracle.policy(raw, actor, 2).values():
                assert sum(moves.values()) == pytest.approx(1, abs=1e-12)
        name = next(name for name in raw["questions"] if name.startswith("within"))
        curve = [oracle.answer(raw, name, horizon=days, **variant) for days in (0, 1, 5, 25)]
        assert all(later >= earlier - 1e-12 for earlier, later in pairwise(curve))
