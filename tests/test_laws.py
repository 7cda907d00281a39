"""Laws that every crisis obeys, whatever it says: what must not matter, and what must agree.

Crises are drawn by Hypothesis and shrink to small ones. No law repeats the solver's own steps:
each compares two ways of asking, or two crises that mean the same.
"""

from __future__ import annotations

import copy
import json
import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standoff.crisis import Crisis
from standoff.game import Drift, Game, Mover, Space, compile_game
from standoff.solve.chain import at_time, distribution
from standoff.solve.policy import choices_at
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import Variation
from strategies import FORMS, Raw, crises, levels_of, loaded

CLOSE = 1e-7


def answers(crisis: Crisis, *, depth: int = 3, situation: str | None = "later") -> dict[str, float]:
    """The central probability of every question, and the share of time, in a situation."""
    hierarchy, asked = Hierarchy(depth=depth), Variation(situation=situation)
    found = {}
    for form in crisis.questions:
        answer = forecast(crisis, form, variation=asked, depth=depth, hierarchy=hierarchy)
        found[form], found[f"{form}, share"] = answer.central, answer.share_of_time
    return found


def same(first: dict[str, float], second: dict[str, float]) -> None:
    assert first.keys() == second.keys()
    for form, chance in first.items():
        assert second[form] == pytest.approx(chance, abs=CLOSE), form


# -------------------------------------------------------------------------------------- names

NEW_NAMES = {
    "ada": "zoe", "bob": "yan", "cyd": "abe",
    "push": "tug", "arm": "zap",
    "front": "aisle", "mood": "zeal",
    "clash": "brawl", "later": "soon",
    "low": "x3", "mid": "x2", "high": "x1",
    "within": "q4", "at": "q3", "throughout": "q2", "until": "q1",
}  # fmt: skip
FORM_KEYS = set(FORMS)


def renamed(raw: Raw) -> Raw:
    """Every name replaced, in keys, paths and statements; the order is as it was."""
    pattern = re.compile(r"\b(" + "|".join(set(NEW_NAMES) - FORM_KEYS) + r")(?=\b|_)")

    def text(value: str) -> str:
        return pattern.sub(lambda found: NEW_NAMES[found[0]], value)

    def walk(value: object) -> object:
        if isinstance(value, dict):
            return {text(key): walk(each) for key, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        return text(value) if isinstance(value, str) else value

    changed = walk(raw)
    assert isinstance(changed, dict)
    changed["questions"] = {NEW_NAMES[name]: q for name, q in changed["questions"].items()}
    return changed


@given(crises())
def test_renaming_changes_names_only(raw: Raw) -> None:
    other = renamed(raw)
    assert not set(re.findall(r"\w+", json.dumps(other["actors"]))) & {"ada", "push", "high"}
    found = answers(loaded(raw))
    twice = answers(loaded(other), situation="soon")
    for form, chance in found.items():
        head, *tail = form.split(",")
        assert twice[",".join([NEW_NAMES[head], *tail])] == chance
    game, second = compile_game(loaded(raw)), compile_game(loaded(other))
    assert [axis.points for axis in game.space.axes] == [axis.points for axis in second.space.axes]
    assert [NEW_NAMES[axis.name] for axis in game.space.axes] == [a.name for a in second.space.axes]


# -------------------------------------------------------------------------------------- order


def reordered(raw: Raw, section: str, order: list[str]) -> Raw:
    other = copy.deepcopy(raw)
    other[section] = {name: other[section][name] for name in order}
    return other


@given(crises(actors=(2, 3)), st.data())
def test_permuting_actors_permutes_axes_only(raw: Raw, data: st.DataObject) -> None:
    order = data.draw(st.permutations(list(raw["actors"])))
    assume(order != list(raw["actors"]))
    other = loaded(reordered(raw, "actors", order))
    _same_up_to_axes(compile_game(loaded(raw)), compile_game(other))
    same(answers(loaded(raw)), answers(other))


@given(crises(conditions=(2, 2)))
def test_permuting_conditions_permutes_axes_only(raw: Raw) -> None:
    other = loaded(reordered(raw, "conditions", list(raw["conditions"])[::-1]))
    _same_up_to_axes(compile_game(loaded(raw)), compile_game(other))
    same(answers(loaded(raw)), answers(other))


def _same_up_to_axes(first: Game, second: Game) -> None:
    """The second game's arrays are the first's, transposed."""
    names = [axis.name for axis in first.space.axes]
    to = [names.index(axis.name) for axis in second.space.axes]
    assert [first.space.axes[i] for i in to] == list(second.space.axes)
    assert tuple(first.start[i] for i in to) == second.start
    np.testing.assert_array_equal(first.space.feasible.transpose(to), second.space.feasible)
    movers = {mover.name: mover for mover in first.movers}
    assert movers.keys() == {mover.name for mover in second.movers}
    for mover in second.movers:
        mine = movers[mover.name]
        np.testing.assert_allclose(mine.payoff.transpose(to), mover.payoff, atol=1e-12)
        np.testing.assert_array_equal(mine.rate.transpose(to), mover.rate)


def test_interests_and_red_lines_have_no_order() -> None:
    @settings(max_examples=10)
    @given(crises())
    def law(raw: Raw) -> None:
        other = copy.deepcopy(raw)
        for block in other["actors"].values():
            block["interests"] = dict(reversed(block["interests"].items()))
        same(answers(loaded(raw), depth=2), answers(loaded(other), depth=2))

    law()


# ----------------------------------------------------------------------------------- holding


def sliced(game: Game, held: dict[str, str]) -> Game:
    """The part of a game in which variables have the levels held, without what cannot be there."""
    space = game.space
    wanted = {v: space.levels[v].index(level) for v, level in held.items()}
    kept = [
        [
            place
            for place, point in enumerate(axis.points)
            if all(level == wanted.get(v, level) for v, level in zip(axis.variables, point,
                                                                     strict=True))
        ]
        for axis in space.axes
    ]  # fmt: skip
    inside = space.feasible[np.ix_(*kept)]
    for number, axis in enumerate(space.axes):
        others = tuple(i for i in range(len(kept)) if i != number)
        possible = np.asarray(inside.any(axis=others)).reshape(-1)
        if axis.variables != (axis.name,):  # a strategy that cannot be is no strategy
            kept[number] = [p for p, can in zip(kept[number], possible, strict=True) if can]
    axes = tuple(
        type(axis)(axis.name, axis.variables, tuple(axis.points[p] for p in places))
        for axis, places in zip(space.axes, kept, strict=True)
    )

    def cut(array: np.ndarray) -> np.ndarray:
        return array[np.ix_(*(k if n > 1 else [0] for k, n in zip(kept, array.shape, strict=True)))]

    part = Space(axes, space.levels, cut(space.feasible), {})
    movers = []
    for mover in game.movers:
        allowed = mover.allowed
        if allowed is not None:
            i, places = mover.axis, kept[mover.axis]
            shape = (*space.shape[:i], space.shape[i], space.shape[i], *space.shape[i + 1 :])
            chosen = (*kept[:i], places, places, *kept[i + 1 :])
            outer, along, inner = part.lines(i)
            allowed = allowed.reshape(shape)[np.ix_(*chosen)].reshape(outer, along, along, inner)
        movers.append(
            Mover(
                mover.name, mover.axis, cut(mover.payoff), cut(mover.rate),
                mover.discount, mover.precision, allowed,
            )
        )  # fmt: skip
    drifts = [
        Drift(drift.axis, drift.source, drift.target, cut_beside(drift, kept))
        for drift in game.drifts
        if len(kept[drift.axis]) == space.shape[drift.axis]
    ]
    start = tuple(k.index(i) for k, i in zip(kept, game.start, strict=True))
    return Game(part, tuple(movers), tuple(drifts), start, game.lineage)


def cut_beside(drift: Drift, kept: list[list[int]]) -> np.ndarray:
    """A drift's rate on the part kept; its own axis has length one."""
    chosen = [[0] if i == drift.axis or n == 1 else kept[i] for i, n in enumerate(drift.rate.shape)]
    return drift.rate[np.ix_(*chosen)]


def beside(space: Space, axis: int) -> tuple[int, ...]:
    return tuple(1 if i == axis else n for i, n in enumerate(space.shape))


@settings(max_examples=60)
@given(crises(), st.data())
def test_holding_then_compiling_equals_compiling_then_slicing(
    raw: Raw, data: st.DataObject
) -> None:
    crisis, levels = loaded(raw), levels_of(raw)
    names = data.draw(st.lists(st.sampled_from(sorted(levels)), min_size=1, max_size=2,
                               unique=True))  # fmt: skip
    held = {name: data.draw(st.sampled_from(levels[name])) for name in names}
    try:
        small = compile_game(crisis.holding(held))
    except ValueError:  # a start that can never be
        assume(False)
    large = sliced(compile_game(crisis.starting(held)), held)
    assert small.space.axes == large.space.axes
    assert small.start == large.start
    np.testing.assert_array_equal(small.space.feasible, large.space.feasible)
    feasible, shape = small.space.feasible, small.space.shape
    for mine, theirs in zip(small.movers, large.movers, strict=True):
        assert (mine.name, mine.axis) == (theirs.name, theirs.axis)
        assert (mine.discount, mine.precision) == (theirs.discount, theirs.precision)
        np.testing.assert_array_equal(mine.payoff, theirs.payoff)
        rates = [np.broadcast_to(mover.rate, shape) for mover in (mine, theirs)]
        np.testing.assert_array_equal(*rates)
        assert (mine.allowed is None) == (theirs.allowed is None)
        if mine.allowed is not None and theirs.allowed is not None:
            here = feasible.reshape(small.space.lines(mine.axis))[:, :, None, :]
            np.testing.assert_array_equal(mine.allowed & here, theirs.allowed & here)
    assert len(small.drifts) == len(large.drifts)
    for mine, theirs in zip(small.drifts, large.drifts, strict=True):
        assert (mine.axis, mine.source, mine.target) == (theirs.axis, theirs.source, theirs.target)
        across = [np.broadcast_to(d.rate, beside(small.space, mine.axis)) for d in (mine, theirs)]
        np.testing.assert_array_equal(*across)


@given(crises(), st.data())
def test_what_is_held_stays_as_it_is(raw: Raw, data: st.DataObject) -> None:
    crisis, levels = loaded(raw), levels_of(raw)
    name = data.draw(st.sampled_from(sorted(levels)))
    level = data.draw(st.sampled_from(levels[name]))
    chain = Hierarchy(depth=2).chain(crisis.holding(name, level))
    space = chain.game.space
    stays = space.level(name) == levels[name].index(level)
    assert float((distribution(chain, 30.0) * stays).sum()) == pytest.approx(1, abs=1e-9)


# ---------------------------------------------------------------------------- probabilities, time


@given(crises())
def test_answers_are_probabilities(raw: Raw) -> None:
    for chance in answers(loaded(raw)).values():
        assert -1e-12 <= chance <= 1 + 1e-12


@given(crises(), st.integers(1, 9))
def test_within_and_until_never_fall_with_time_and_throughout_never_rises(
    raw: Raw, factor: int
) -> None:
    longer = copy.deepcopy(raw)
    for question in longer["questions"].values():
        for key in ("within", "at", "throughout"):
            if key in question:
                days = float(question[key].split()[0])
                question[key] = f"{days * (1 + factor / 5)} days"
    short, long = answers(loaded(raw), depth=2), answers(loaded(longer), depth=2)
    assert long["within"] >= short["within"] - 1e-9
    assert long["until"] >= short["until"] - 1e-9
    assert long["throughout"] <= short["throughout"] + 1e-9


@given(crises())
def test_the_chance_of_something_and_of_its_opposite_add_up(raw: Raw) -> None:
    other = copy.deepcopy(raw)
    for question in other["questions"].values():
        question["event"] = f"not ({question['event']})"
    one, opposite = answers(loaded(raw), depth=2), answers(loaded(other), depth=2)
    assert one["at"] + opposite["at"] == pytest.approx(1, abs=1e-9)
    assert one["throughout"] + opposite["within"] == pytest.approx(1, abs=1e-9)
    assert one["within"] + opposite["throughout"] == pytest.approx(1, abs=1e-9)
    assert one["at, share"] + opposite["at, share"] == pytest.approx(1, abs=1e-9)


@settings(max_examples=10)
@given(crises(most_states=24))
def test_a_horizon_can_be_split_in_two(raw: Raw) -> None:
    crisis = loaded(raw)
    hierarchy = Hierarchy(depth=2)
    chain = hierarchy.chain(crisis)
    space = chain.game.space
    event = space.truth(crisis.statement(raw["questions"]["at"]["event"]))
    middle, onwards = distribution(chain, 7.0), 0.0
    for index in space:
        if middle[index] > 1e-12:
            there = hierarchy.chain(crisis.starting(space.state(index)))
            onwards += middle[index] * at_time(there, event, 4.5).at(4.5)
    assert onwards == pytest.approx(at_time(chain, event, 11.5).at(11.5), abs=1e-9)


# ------------------------------------------------------------------------------------ units


@given(crises(), st.sampled_from((0.5, 20.0, 1e4)))
def test_a_constant_added_to_an_actors_payoffs_changes_nothing(raw: Raw, constant: float) -> None:
    other = copy.deepcopy(raw)
    for number, block in enumerate(other["actors"].values()):
        kind = "seeks" if number % 2 else "avoids"
        block["interests"]["anyway"] = {kind: "true", "weight": constant}
    same(answers(loaded(raw)), answers(loaded(other)))


@given(crises(), st.sampled_from((0.01, 3.0, 1e3)))
def test_weights_times_a_number_and_precision_by_it_change_nothing(raw: Raw, factor: float) -> None:
    other = copy.deepcopy(raw)
    for block in other["actors"].values():
        block["precision"] /= factor
        for claim in [*block["interests"].values(), *block["red_lines"].values()]:
            claim["weight"] *= factor
    scale_patches(other, factor)
    same(answers(loaded(raw)), answers(loaded(other)))
    game, policies = responses(loaded(raw))
    _, scaled = responses(loaded(other))
    for mover in game.movers:
        for index in game.space:
            mine, theirs = policies[mover.name](index), scaled[mover.name](index)
            np.testing.assert_allclose(mine, theirs, atol=CLOSE)


def scale_patches(raw: Raw, factor: float) -> None:
    """The same in beliefs, which say weights and precisions too, and in situations."""
    patches = [block["believes"] for block in raw["actors"].values()]
    for patch in [*patches, raw["situations"]["later"]["with"]]:
        for path, value in patch.items():
            if path.endswith(".weight"):
                patch[path] = value * factor
            elif path.endswith(".precision"):
                patch[path] = value / factor


def responses(crisis: Crisis, depth: int = 2):
    """For every actor, what it does at a decision in a state of the crisis as it is."""
    hierarchy = Hierarchy(depth=depth)
    game = hierarchy.game(crisis)

    def at(mover: Mover):
        response = hierarchy.response(crisis, mover.name, depth)
        return lambda index: choices_at(game, mover, response.policy, index)

    return game, {mover.name: at(mover) for mover in game.movers}


@given(crises(), st.sampled_from((0.1, 7.0, 24.0)))
def test_time_may_be_told_in_any_unit(raw: Raw, factor: float) -> None:
    """All times longer by a factor, horizons included: the same answers."""
    pattern = re.compile(r"([\d.]+) days")

    def longer(value: object) -> object:
        if isinstance(value, dict):
            return {key: longer(each) for key, each in value.items()}
        if isinstance(value, list):
            return [longer(each) for each in value]
        if isinstance(value, str):
            return pattern.sub(lambda found: f"{float(found[1]) * factor!r} days", value)
        return value

    other = longer(raw)
    assert isinstance(other, dict)
    same(answers(loaded(raw)), answers(loaded(other)))


# -------------------------------------------------------------------------------- what is not there


@given(crises(actors=(1, 2)))
def test_an_actor_that_can_do_nothing_and_that_nobody_minds_changes_nothing(raw: Raw) -> None:
    other = copy.deepcopy(raw)
    other["actors"]["idle"] = {
        "decides": "every 2 days",
        "looks_ahead": "30 days",
        "options": {"wave": {"levels": ["no", "yes"], "requires": "false"}},
        "interests": {"x": {"seeks": raw["questions"]["at"]["event"], "weight": 2}},
    }
    same(answers(loaded(raw)), answers(loaded(other)))


@given(crises(), st.sampled_from(("interests", "red_lines")))
def test_a_claim_of_no_weight_or_that_does_not_hold_is_no_claim(raw: Raw, section: str) -> None:
    with_it, without = copy.deepcopy(raw), copy.deepcopy(raw)
    for number, (actor, block) in enumerate(with_it["actors"].items()):
        claim: Raw = {"weight": 0} if number % 2 else {"weight": 9, "holds": 0.49}
        text = {"seeks": f"{actor}.push != no"} if section == "interests" else {"if": "true"}
        if section == "interests" and "low" in levels_of(raw)[f"{actor}.push"]:
            text = {"seeks": f"{actor}.push == high"}
        block[section]["nothing"] = {**text, **claim}
    same(answers(loaded(without)), answers(loaded(with_it)))


@given(crises(believing=False))
def test_where_nobody_believes_anything_false_every_view_is_the_truth(raw: Raw) -> None:
    raw["situations"]["later"]["with"] = {
        path: value
        for path, value in raw["situations"]["later"]["with"].items()
        if ".believes." not in path
    }
    crisis = loaded(raw).in_situation("later")
    truth = answers(crisis, situation=None)
    for actor in crisis.actors:
        same(truth, answers(crisis.as_seen_by(actor), situation=None))


@settings(max_examples=15)
@given(crises(actors=(2, 3)))
def test_what_an_actor_does_depends_on_its_own_view_only(raw: Raw) -> None:
    """Its policy in the crisis is its policy in the crisis as it sees it.

    Not so for what it believes of others' beliefs: in its own view they are facts that it does
    not believe anything about.
    """
    for block in raw["actors"].values():
        block["believes"] = {p: v for p, v in block["believes"].items() if ".believes." not in p}
    crisis, hierarchy = loaded(raw), Hierarchy(depth=3)
    for actor in crisis.actors:
        mine = hierarchy.response(crisis, actor, 3).policy
        seen = hierarchy.response(crisis.as_seen_by(actor), actor, 3).policy
        for first, second in zip(mine.weights, seen.weights, strict=True):
            np.testing.assert_array_equal(first, second)


@given(crises(actors=(1, 1), conditions=(0, 0), believing=False))
def test_alone_an_actor_is_as_deep_as_it_will_ever_be(raw: Raw) -> None:
    same(answers(loaded(raw), depth=1), answers(loaded(raw), depth=4))


@given(crises())
def test_at_depth_zero_no_option_changes(raw: Raw) -> None:
    crisis = loaded(raw)
    chain = Hierarchy(depth=0).chain(crisis)
    chances, space = distribution(chain, 25.0), chain.game.space
    for name, level in crisis.start.items():
        if "." in name:
            there = space.level(name) == space.levels[name].index(level)
            assert float((chances * there).sum()) == pytest.approx(1, abs=1e-9)
    if not raw["conditions"]:
        assert math.isclose(float(chances[chain.game.start]), 1, abs_tol=1e-12)
