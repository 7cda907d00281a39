"""The graph of states: what is drawn, what is drawn as one, where it goes, and that it is safe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import combinations
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest

import standoff
from random_graphs import random_graph_crisis
from standoff.crisis import Crisis
from standoff.present.state_graph import (
    MOST_NODES,
    StateGraph,
    choose_states,
    strength,
)
from standoff.present.state_graph_layout import lay_out
from standoff.present.state_graph_svg import graph_drawing, legend
from standoff.solve.sequences import moves_of
from standoff.study.survey import Survey, survey_stability

Raw = dict[str, Any]


def crisis_of(raw: Raw) -> Crisis:
    return standoff.loads(json.dumps(raw))


def surveyed(raw: Raw) -> Survey:
    return survey_stability(crisis_of(raw), draws=0)


def actor(options: Raw, **interests: Raw) -> Raw:
    pace = {"decides": "every week", "looks_ahead": "30 days"}
    return {**pace, "options": options, "interests": interests}


def wants(statement: str, weight: float = 1.0) -> Raw:
    return {"seeks": statement, "weight": weight}


def cube(actors: int, levels: int) -> Raw:
    """Actors of whom each wants its own option as high as it gets: improvements lead everywhere."""
    names = [f"l{number}" for number in range(levels)]
    return {
        "crisis": "A cube",
        "actors": {
            f"a{number}": actor(
                {"x": names}, **{f"w{level}": wants(f"x >= {level}") for level in names[1:]}
            )
            for number in range(actors)
        },
    }


def pennies() -> Raw:
    """Nobody ever stays: the improvements go round in a circle."""
    same = "(one.side == heads and two.side == heads) or (one.side == tails and two.side == tails)"
    coin = {"side": ["heads", "tails"]}
    actors = {"one": actor(coin, w=wants(same)), "two": actor(coin, w=wants(f"not ({same})"))}
    return {"crisis": "Pennies", "actors": actors}


def at_rest() -> Raw:
    """A start that nobody can improve on, among 3 ** 4 states."""
    raw = cube(4, 3)
    for block in raw["actors"].values():
        for interest in block["interests"].values():
            interest["avoids"] = interest.pop("seeks")
    return raw


def drawn(survey: Survey, graph: StateGraph | None = None) -> str:
    crisis = survey.stability.crisis
    return graph_drawing(crisis, graph or choose_states(survey), "test", 'What <it> & "shows"')


@cache
def large() -> Survey:
    return surveyed(cube(6, 3))


SEEDS = range(30)


@cache
def random_survey(seed: int) -> Survey:
    return surveyed(random_graph_crisis(seed, ordinal=seed % 2 == 0))


# What is drawn ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_equilibrium_that_matters_is_drawn_under_its_number(seed: int) -> None:
    survey = random_survey(seed)
    for most in (MOST_NODES, 6):
        graph = choose_states(survey, most)
        for place, each in enumerate(survey.equilibria, start=1):
            (node,) = [node for node in graph.nodes if each.state in node.states]
            assert place in node.places


@pytest.mark.parametrize("seed", SEEDS)
def test_few_states_are_all_drawn_each_in_a_box_of_its_own(seed: int) -> None:
    survey = random_survey(seed)
    graph = choose_states(survey, 150)
    space = survey.stability.space
    assert graph.complete
    assert sorted(state for node in graph.nodes for state in node.states) == sorted(space)
    assert all(len(node.states) == 1 for node in graph.nodes)
    assert graph.given_up == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_boxes_say_what_is_an_equilibrium(seed: int) -> None:
    stability = random_survey(seed).stability
    for node in choose_states(random_survey(seed), 150).nodes:
        assert node.strength == strength(stability.concepts_of(node.states[0]))
        assert (node.strength == "nash") == bool(stability.equilibria("nash")[node.states[0]])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_actor_stays_where_no_arrow_of_its_own_has_a_full_tip(seed: int) -> None:
    survey = random_survey(seed)
    graph = choose_states(survey, 150)
    for name, stays in survey.stability.stable["seq"].items():
        leaving = {a.source for a in graph.arrows if a.actor == name and not a.deterred}
        for place, node in enumerate(graph.nodes):
            assert (place not in leaving) == bool(stays[node.states[0]])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_arrow_is_an_improvement_of_its_actor(seed: int) -> None:
    survey = random_survey(seed)
    stability = survey.stability
    graph = choose_states(survey, 150)
    for arrow in graph.arrows:
        (source,), (target,) = graph.nodes[arrow.source].states, graph.nodes[arrow.target].states
        assert stability.payoff(arrow.actor, target) > stability.payoff(arrow.actor, source)
        axis = stability.space.axis_of(arrow.actor)
        assert [i for i, (a, b) in enumerate(zip(source, target, strict=True)) if a != b] == [axis]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("most", [5, 12])
def test_no_more_is_drawn_than_is_readable(seed: int, most: int) -> None:
    assert len(choose_states(random_survey(seed), most).nodes) <= most


def test_the_start_comes_first_and_is_never_drawn_together_with_others() -> None:
    for survey in (large(), *map(random_survey, SEEDS)):
        first, *rest = choose_states(survey, 5).nodes
        assert first.start
        assert first.states == (survey.stability.start,)
        assert not any(node.start for node in rest)


def test_states_that_are_drawn_as_one_differ_only_in_what_is_given_up() -> None:
    survey = surveyed(cube(4, 3))
    graph = choose_states(survey)
    space = survey.stability.space
    assert not graph.complete or len(graph.nodes) < graph.total
    assert graph.given_up
    assert graph.states == sum(len(node.states) for node in graph.nodes) == 81
    for node in graph.nodes:
        kept = [
            {k: v for k, v in space.state(state).items() if k not in graph.given_up}
            for state in node.states
        ]
        assert all(each == kept[0] for each in kept)
        start = space.state(survey.stability.start)
        assert node.levels == {k: v for k, v in kept[0].items() if v != start[k]}
    boxes = [(node.start, *node.levels.items()) for node in graph.nodes]
    assert len(set(boxes)) == len(boxes)


def test_an_option_that_matters_to_nobody_is_given_up_first() -> None:
    raw = cube(3, 3)
    raw["actors"]["painter"] = actor({"colour": ["red", "green", "blue"]})
    survey = surveyed(raw)
    colours = {survey.stability.space.state(each.state)["painter.colour"] for each in
               survey.equilibria}  # fmt: skip
    assert colours == {"red", "green", "blue"}
    graph = choose_states(survey, 28)
    assert graph.given_up == ("painter.colour",)
    assert [node.strong for node in graph.nodes if node.strength == "nash"] == [3]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_arrow_between_boxes_sums_up_the_improvements_between_their_states(seed: int) -> None:
    single = choose_states(random_survey(seed), 150)
    joint = choose_states(random_survey(seed), 4)
    if single.best_only or joint.best_only:
        return
    of = {state: place for place, node in enumerate(joint.nodes) for state in node.states}
    states = [node.states[0] for node in single.nodes]
    parts: dict[tuple[int, int, str], list[tuple[Any, bool]]] = {}
    for arrow in single.arrows:
        source, target = states[arrow.source], states[arrow.target]
        if {source, target} <= of.keys() and of[source] != of[target]:
            key = (of[source], of[target], arrow.actor)
            parts.setdefault(key, []).append((source, arrow.deterred))
    assert {(a.source, a.target, a.actor) for a in joint.arrows} == parts.keys()
    for arrow in joint.arrows:
        those = parts[arrow.source, arrow.target, arrow.actor]
        assert arrow.deterred == all(deterred for _, deterred in those)
        assert arrow.always == ({at for at, _ in those} == set(joint.nodes[arrow.source].states))


def test_what_is_too_far_away_is_said_to_be_there() -> None:
    graph = choose_states(large())
    assert graph.total == 729
    assert graph.farther
    assert graph.states < 700
    assert not choose_states(surveyed(cube(4, 3))).farther


def test_if_nobody_can_improve_on_the_start_its_neighbours_are_drawn() -> None:
    survey = surveyed(at_rest())
    graph = choose_states(survey)
    assert graph.neighbours
    assert graph.nodes[0].strength == "nash"
    assert len(graph.nodes) > 5
    for node in graph.nodes[1:]:
        assert len(node.levels) == 1 or node.places
    assert any(arrow.target == 0 for arrow in graph.arrows)


def test_with_many_improvements_the_best_are_drawn_and_still_lead_everywhere() -> None:
    for survey in (surveyed(cube(3, 3)), surveyed(cube(2, 6))):
        graph = choose_states(survey)
        assert graph.best_only
        parties = survey.stability.graph.parties
        improvements = [
            target
            for state in survey.stability.space
            for party in parties
            for target in moves_of(survey.stability.graph, party, state, improving=True)
        ]
        assert len(graph.arrows) < len(improvements)
        after: dict[int, set[int]] = {place: set() for place in range(len(graph.nodes))}
        for arrow in graph.arrows:
            after[arrow.source].add(arrow.target)
        seen, waiting = {0}, [0]
        while waiting:
            new = after[waiting.pop()] - seen
            seen |= new
            waiting += new
        assert seen == graph.reached == set(range(len(graph.nodes)))
        drawn_moves = {
            (graph.nodes[a.source].states[0], graph.nodes[a.target].states[0]) for a in graph.arrows
        }
        for each in survey.equilibria:
            assert {(move.source, move.target) for move in each.path or ()} <= drawn_moves


def test_one_state_is_one_box() -> None:
    graph = choose_states(surveyed({"crisis": "Still", "actors": {"a": actor({})}}))
    assert len(graph.nodes) == graph.total == 1
    assert graph.arrows == ()
    assert graph.complete


# Where it goes ----------------------------------------------------------------------------------


def boxes_of(
    heights: list[float], layout: Any, width: float = 100.0
) -> list[tuple[float, float, float, float]]:
    return [(x, y, x + width, y + h) for (x, y), h in zip(layout.boxes, heights, strict=True)]


@pytest.mark.parametrize("seed", range(60))
def test_boxes_never_overlap_and_arrows_run_from_edge_to_edge(seed: int) -> None:
    rng = Random(seed)
    nodes = rng.choice([2, 3, 5, 12, 40])
    heights = [rng.choice([20.0, 50.0, 90.0]) for _ in range(nodes)]
    pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
    edges = rng.sample(pairs, min(len(pairs), rng.choice([1, nodes // 2, nodes, 2 * nodes])))
    layout = lay_out(100.0, heights, edges, rng.choice([300.0, 1000.0]))
    boxes = boxes_of(heights, layout)
    for (left, top, right, bottom), (x, y, to_x, to_y) in combinations(boxes, 2):
        assert right <= x + 0.01 or to_x <= left + 0.01 or bottom <= y + 0.01 or to_y <= top + 0.01
    for left, top, right, bottom in boxes:
        assert left >= -0.01
        assert top >= -0.01
        assert right <= layout.width + 0.01
        assert bottom <= layout.height + 0.01
    assert layout.routes.keys() == set(edges)
    for (source, target), route in layout.routes.items():
        for (x, y), box in ((route[0], boxes[source]), (route[-1], boxes[target])):
            along = (x in (box[0], box[2])) if layout.sideways else (y in (box[1], box[3]))
            assert along
            assert box[0] - 0.01 <= x <= box[2] + 0.01
            assert box[1] - 0.01 <= y <= box[3] + 0.01
        assert all(-0.01 <= x <= layout.width + 0.01 for x, _ in route)
        assert all(-0.01 <= y <= layout.height + 0.01 for _, y in route)


def test_an_arrow_does_not_run_through_the_boxes_of_a_layer_that_it_passes() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (0, 3)]
    heights = [40.0] * 4
    layout = lay_out(100.0, heights, edges, 1000.0)
    (x, y), *_ = layout.routes[0, 3][1:]
    for left, top, right, bottom in boxes_of(heights, layout)[1:3]:
        inside = top < y < bottom if layout.sideways else left < x < right
        assert not inside


def test_improvements_lead_onward_unless_they_go_round_in_a_circle() -> None:
    layout = lay_out(100.0, [40.0] * 4, [(0, 1), (1, 2), (2, 3), (3, 0)], 1000.0)
    assert layout.sideways
    assert [x for x, _ in layout.boxes] == sorted(x for x, _ in layout.boxes)
    back = layout.routes[3, 0]
    assert back[0][0] > back[-1][0]


@pytest.mark.parametrize("seed", range(20))
def test_the_root_is_on_the_side_where_a_reader_begins(seed: int) -> None:
    rng = Random(seed)
    pairs = [(a, b) for a in range(12) for b in range(12) if a < b]
    edges = [*((node, node + 1) for node in range(11)), *rng.sample(pairs, 10)]
    layout = lay_out(100.0, [40.0] * 12, edges, rng.choice([300.0, 5000.0]))
    across, size = (1, layout.height) if layout.sideways else (0, layout.width)
    assert layout.boxes[0][across] <= size / 2


def test_a_box_with_no_arrows_has_a_place_too() -> None:
    layout = lay_out(100.0, [40.0, 40.0, 40.0], [], 1000.0)
    assert len(set(layout.boxes)) == 3
    assert layout.apart is not None
    assert lay_out(100.0, [40.0], [], 1000.0).apart is None


# What it looks like -----------------------------------------------------------------------------

CRISES = {
    "one": {"crisis": "Still", "actors": {"a": actor({})}},
    "circle": pennies(),
    "nine": cube(2, 3),
    "forty": cube(2, 6) | {"never": ["a0.x == l5 and a1.x == l5"]},
    "many": cube(5, 3),
    "rest": at_rest(),
}


@pytest.mark.parametrize("name", CRISES)
def test_it_is_valid_xml_and_refers_to_nothing_outside(name: str) -> None:
    survey = surveyed(CRISES[name])
    text = drawn(survey)
    root = ElementTree.fromstring(text)
    assert root.tag == "svg"
    assert root.get("role") == "img"
    known = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(known)) == len(known)
    assert (root.get("aria-labelledby") or "").split() == ["test:title", "test:desc"]
    assert {"test:title", "test:desc"} <= set(known)
    for target in re.findall(r"url\(([^)]*)\)", text):
        assert target.removeprefix("#") in known
    assert not re.search(r"href|src=|<script|<style|\bon\w+=|http", text)
    assert not re.search(r"nan|inf\b", text)
    ElementTree.fromstring(f"<div>{legend(survey.stability.crisis, choose_states(survey))}</div>")


@pytest.mark.parametrize("name", CRISES)
def test_only_colours_of_the_palette_are_used(name: str) -> None:
    survey = surveyed(CRISES[name])
    text = drawn(survey) + legend(survey.stability.crisis, choose_states(survey))
    assert not re.search(r'(?:fill|stroke)="(?!none|var\(--)', text)


def test_the_same_survey_gives_the_same_bytes_in_any_process() -> None:
    script = (
        "import json, sys, standoff\n"
        "from standoff.present.state_graph import choose_states\n"
        "from standoff.present.state_graph_svg import graph_drawing\n"
        "from standoff.study.survey import survey_stability\n"
        "survey = survey_stability(standoff.loads(sys.stdin.read()), draws=0)\n"
        "crisis = survey.stability.crisis\n"
        "print(graph_drawing(crisis, choose_states(survey), 'test', 'shown'))\n"
    )
    known = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(cube(4, 3)),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in range(2)
    }
    assert len(known) == 1
    assert "<svg" in known.pop()


def test_every_box_is_there_with_its_levels_and_the_start_is_marked() -> None:
    survey = surveyed(cube(2, 3))
    text = drawn(survey)
    assert text.count("<g>") == len(choose_states(survey).nodes) == 9
    assert ">Start</text>" in text
    assert "a0 x: l2" in text
    assert '<tspan font-weight="700">1</tspan>\u2002Nash' in text
    assert "A0: x is l2 and a1: x is l2." in text  # the whole state, for whoever points at it


def test_strength_and_actors_are_told_without_colour() -> None:
    survey = surveyed(CRISES["nine"])
    text = drawn(survey)
    plain = re.sub(r'(fill|stroke)="[^"]*"', "", text)
    paths = re.findall(r"<path[^>]*marker-end[^>]*>", plain)
    dashes = {re.search(r'stroke-dasharray="([^"]*)"', path) is None for path in paths}
    assert dashes == {True, False}  # one actor's arrows are dashed, the other's are not
    assert 'rx="13"' in plain
    assert 'rx="10"' in plain  # the second outline of a Nash equilibrium


def test_actors_who_share_a_colour_do_not_share_their_dashes() -> None:
    survey = surveyed(cube(8, 2) | {"never": ["a0.x == l0 and a7.x == l1"]})
    text = drawn(survey, choose_states(survey))
    looks = {
        (re.findall(r'stroke="([^"]*)"', path)[0], *re.findall(r'dasharray="([^"]*)"', path))
        for path in re.findall(r"<path[^>]*marker-end[^>]*>", text)
    }
    assert len(looks) == 7  # a7 cannot move


def test_no_name_can_become_markup_and_long_ones_are_cut() -> None:
    raw = cube(2, 3)
    raw["actors"]["a0"]["name"] = '"><script>alert(1)</script> & <b>'
    raw["actors"]["a0"]["options"] = {
        "a_very_long_name_of_an_option_that_has_no_end": ["none", "an_equally_long_level_of_it"]
    }
    raw["actors"]["a0"]["interests"] = {
        "w": wants("a_very_long_name_of_an_option_that_has_no_end == an_equally_long_level_of_it")
    }
    survey = surveyed(raw)
    text = drawn(survey)
    ElementTree.fromstring(text)
    assert "<script" not in text
    assert "<b>" not in legend(survey.stability.crisis, choose_states(survey))
    for line in re.findall(r"<text[^>]*>([^<]*)</text>", text):
        assert len(line) <= 80


def test_arrows_between_the_same_boxes_run_side_by_side() -> None:
    survey = surveyed(CRISES["many"])
    graph = choose_states(survey)
    pairs = [(arrow.source, arrow.target) for arrow in graph.arrows]
    assert len(set(pairs)) < len(pairs)
    routes = re.findall(r'<path d="([^"]*)"[^>]*marker-end', drawn(survey, graph))
    assert len(set(routes)) == len(routes) == len(pairs)


def test_a_reader_is_told_what_is_drawn_as_one() -> None:
    text = drawn(surveyed(cube(4, 3)))
    assert "states that differ only in" in text
    assert re.search(r"Nash, 1 of \d+ states", text)
