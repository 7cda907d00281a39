"""Laws of stability that hold whatever a crisis says: what implies what, and what must not matter.

No law repeats how stability is computed. Each compares concepts, or two crises that mean the same,
or a crisis and one in which somebody can do more.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

import graph_oracle
import oracle
import random_crises as drawn
from random_graphs import random_duel, random_graph_crisis, states_of, table, unbound
from standoff.crisis import CrisisError
from standoff.game.graph import Graph, compile_graph
from standoff.solve.coalitions import none_would_leave, stable_for_coalitions
from standoff.solve.limited import limited_move
from standoff.solve.stability import CONCEPTS, stable_states
from strategies import loaded

Raw = dict[str, Any]
Named = frozenset[tuple[str, str]]
Answers = dict[str, dict[Any, set[Named]]]

IMPLIED = {"nash": ("sseq",), "sseq": ("seq", "smr"), "seq": ("gmr",), "smr": ("gmr",), "gmr": ()}


def crises(count: int, limit: int | None = None) -> Iterator[Raw]:
    """Random crises; in every second one, actors may order the states instead of weighing."""
    for seed in range(count):
        yield random_graph_crisis(seed, ordinal=seed % 2 == 1, limit=limit)


def answers(raw: Raw) -> Answers:
    """The stable states of every actor, each state as a set of levels by variable."""
    graph = compile_graph(loaded(raw))
    return by_levels(graph, stable_states(graph))


def joint_answers(raw: Raw) -> Answers:
    """The same of every coalition, which is a set of names."""
    graph = compile_graph(loaded(raw))
    found = by_levels(graph, stable_for_coalitions(graph))
    return {
        c: {frozenset(names): states for names, states in by.items()} for c, by in found.items()
    }


def by_levels(graph: Graph, stable: dict[str, dict[Any, np.ndarray]]) -> Answers:
    space = graph.space
    names = [frozenset(space.state(index).items()) for index in np.ndindex(space.shape)]
    return {
        concept: {
            name: {names[place] for place in np.flatnonzero(cells)} for name, cells in by.items()
        }
        for concept, by in stable.items()
    }


# ------------------------------------------------------------------------- what implies what


def test_a_stricter_concept_keeps_fewer_states() -> None:
    for raw in crises(100):
        found = answers(raw)
        for concept, weaker in IMPLIED.items():
            for other in weaker:
                for actor, states in found[concept].items():
                    assert states <= found[other][actor], (concept, other)


def test_a_stricter_concept_keeps_fewer_states_for_coalitions_too() -> None:
    for raw in crises(40, limit=16):
        found = joint_answers(raw)
        for concept, weaker in IMPLIED.items():
            for other in weaker:
                for coalition, states in found[concept].items():
                    assert states <= found[other][coalition], (concept, other)


def test_nobody_is_left_to_answer_all_together() -> None:
    for raw in crises(40, limit=16):
        found, everybody = joint_answers(raw), frozenset(raw["actors"])
        for concept in CONCEPTS:
            assert found[concept][everybody] == found["nash"][everybody]


def test_nobody_leaves_what_it_likes_best() -> None:
    for raw in crises(100):
        graph = compile_graph(loaded(raw))
        found = stable_states(graph)
        for party in graph.parties:
            best = party.rank == party.rank.max()
            for concept in CONCEPTS:
                assert found[concept][party.name][best].all()


def test_no_coalition_leaves_what_one_of_its_members_likes_best() -> None:
    for raw in crises(40, limit=16):
        graph = compile_graph(loaded(raw))
        for by_coalition in stable_for_coalitions(graph).values():
            for coalition, cells in by_coalition.items():
                for name in coalition:
                    rank = graph.party(name).rank
                    assert cells[rank == rank.max()].all()


def test_a_coalition_of_one_is_the_actor() -> None:
    for raw in crises(40, limit=24):
        graph = compile_graph(loaded(raw))
        alone, together = stable_states(graph), stable_for_coalitions(graph)
        for concept in CONCEPTS:
            for actor, cells in alone[concept].items():
                np.testing.assert_array_equal(together[concept][actor,], cells)


# --------------------------------------------------------------------------- who only watches


def with_twin(raw: Raw, actor: str) -> Raw:
    """One more actor, who wants exactly what this one does and can do nothing."""
    party = compile_graph(loaded(raw)).party(actor)
    states = states_of(raw)
    space = compile_graph(loaded(raw)).space
    grades = [int(party.rank[space.index(state)]) for state in states]
    other = copy.deepcopy(raw)
    other["actors"]["twin"] = {
        "options": {"wait": ["no", "yes"]},
        "interests": table(raw, states, grades),
        "decides": "every week",
        "looks_ahead": "30 days",
    }
    other["held"] = {**raw.get("held", {}), "twin.wait": "no"}
    return other


def without_twin(states: set[Named]) -> set[Named]:
    return {state - {("twin.wait", "no")} for state in states}


def test_an_actor_who_can_do_nothing_changes_nothing_for_the_others() -> None:
    for raw in crises(40, limit=12):
        before, after = joint_answers(raw), joint_answers(with_twin(raw, next(iter(raw["actors"]))))
        for concept in CONCEPTS:
            for coalition, states in before[concept].items():
                assert without_twin(after[concept][coalition]) == states, (concept, coalition)


def test_a_coalition_with_an_idle_twin_is_the_coalition() -> None:
    """The twin only adds its consent, which the actor gives or refuses for it anyway."""
    for raw in crises(40, limit=12):
        actor = next(iter(raw["actors"]))
        before, after = joint_answers(raw), joint_answers(with_twin(raw, actor))
        for concept in CONCEPTS:
            for coalition, states in before[concept].items():
                if actor in coalition:
                    both = without_twin(after[concept][coalition | {"twin"}])
                    assert both == states, (concept, coalition)


def test_conflicts_that_have_nothing_to_do_with_each_other_can_be_solved_apart() -> None:
    """Only where two moves running are one move: a stranger's move may come in between."""
    compared = 0
    for seed in range(0, 120, 2):
        first, second = (random_graph_crisis(seed + n, limit=8) for n in range(2))
        if any(raw["conditions"] or raw["definitions"] for raw in (first, second)):
            continue
        if not all(party.transitive for party in compile_graph(loaded(first)).parties):
            continue
        second = renamed(second)
        both = copy.deepcopy(first)
        both["actors"] |= second["actors"]
        for section in ("state", "held"):
            both[section] = {**first.get(section, {}), **second.get(section, {})}
        both["never"] = first.get("never", []) + second.get("never", [])
        alone, together = answers(first), answers(both)
        elsewhere = {frozenset(state.items()) for state in states_of(second)}
        for concept in CONCEPTS:
            for actor in first["actors"]:
                expected = {one | two for one in alone[concept][actor] for two in elsewhere}
                assert together[concept][actor] == expected, (seed, concept, actor)
        compared += 1
    assert compared > 10


# ----------------------------------------------------------------------------------- names, order

NAMES = (*drawn.ACTORS, *drawn.OPTIONS, *drawn.CONDITIONS, *drawn.DEFINITIONS)
LEVELS = ("low", "mid", "high", "none", "some", "full", "aside", "yield_")
NEW_NAMES = {
    old: f"z{number:02}"
    for number, old in enumerate(sorted({*NAMES, *LEVELS}, reverse=True), start=10)
}


def text_renamed(text: str) -> str:
    return re.sub(r"\w+", lambda found: NEW_NAMES.get(found[0], found[0]), text)


def renamed(value: Any) -> Any:
    """Every name and level replaced, wherever it stands, and their alphabetical order reversed."""
    if isinstance(value, dict):
        return {text_renamed(key): renamed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each) for each in value]
    return text_renamed(value) if isinstance(value, str) else value


def state_renamed(states: set[Named]) -> set[Named]:
    return {
        frozenset((text_renamed(name), text_renamed(level)) for name, level in state)
        for state in states
    }


def test_renaming_changes_names_only() -> None:
    for raw in crises(60):
        before, after = answers(raw), answers(renamed(raw))
        for concept in CONCEPTS:
            for actor, states in before[concept].items():
                assert after[concept][NEW_NAMES[actor]] == state_renamed(states)


def shuffled(raw: Raw, rng: Random) -> Raw:
    """The same crisis with its actors, their options, and what is never so in another order."""
    other = copy.deepcopy(raw)
    other["actors"] = dict(rng.sample(list(other["actors"].items()), len(other["actors"])))
    for block in other["actors"].values():
        block["options"] = dict(rng.sample(list(block["options"].items()), len(block["options"])))
    if "never" in other:
        other["never"] = rng.sample(other["never"], len(other["never"]))
    return other


def test_the_order_of_actors_and_options_changes_nothing() -> None:
    for seed, raw in enumerate(crises(60)):
        assert answers(shuffled(raw, Random(seed))) == answers(raw)


def test_the_order_of_actors_changes_nothing_for_coalitions() -> None:
    for seed, raw in enumerate(crises(30, limit=16)):
        assert joint_answers(shuffled(raw, Random(seed))) == joint_answers(raw)


class SpelledOut(ast.NodeTransformer):
    """Every comparison written as the set of levels for which it is true."""

    def __init__(self, levels: dict[str, list[str]], actor: str | None) -> None:
        self.levels, self.actor = levels, actor

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        order, other = self.levels[self._name(node.left)], node.comparators[0]
        known = ast.unparse(other).strip("{}").split(", ")
        if isinstance(other, ast.Set):
            return self._among(node.left, known)
        compare, at = oracle.COMPARE[type(node.ops[0])], order.index(known[0])
        chosen = [level for place, level in enumerate(order) if compare(place, at)]
        return self._among(node.left, chosen)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._among(node, ["yes"]) if self._name(node) in self.levels else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._among(node, ["yes"])

    def _name(self, node: ast.expr) -> str:
        own = f"{self.actor}.{ast.unparse(node)}"
        return own if own in self.levels else ast.unparse(node)

    @staticmethod
    def _among(variable: ast.expr, levels: list[str]) -> ast.expr:
        return ast.parse(f"{ast.unparse(variable)} in {{{', '.join(levels)}}}", mode="eval").body


def spelled_out(raw: Raw) -> Raw:
    """The same crisis with no statement that depends on the order of levels."""
    levels = oracle.variables(raw)

    def walk(value: Any, actor: str | None, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: walk(each, actor, name) for name, each in value.items()}
        if isinstance(value, list):
            return [walk(each, actor, key) for each in value]
        if key in ("requires", "seeks", "avoids", "if", "then", "prefers", "priorities", "ranking"):
            spelled = SpelledOut(levels, actor).visit(ast.parse(value, mode="eval"))
            return ast.unparse(spelled)
        return value

    other = copy.deepcopy(raw)
    for actor, block in other["actors"].items():
        for part in ("options", "interests", "red_lines", "priorities"):
            if part in block:
                block[part] = walk(block[part], actor, part)
        block |= {"ranking": ranking_of(raw, actor)} if "ranking" in block else {}
    other["never"] = walk(raw.get("never", []), None, "if")
    for name, text in raw["definitions"].items():
        other["definitions"][name] = walk(text, None, "if")
    for block in other["conditions"].values():
        block["changes"] = []
    other["state"] = dict(zip(levels, oracle.start_state(raw), strict=True))
    return other


def test_the_order_of_levels_changes_nothing_where_nothing_depends_on_it() -> None:
    """Where a level counts as more than another only restrictions and comparisons can tell."""
    turned = 0
    for seed, raw in enumerate(crises(60)):
        other = spelled_out(raw)
        for block in other["actors"].values():
            for name, said in block["options"].items():
                if isinstance(said, list):
                    block["options"][name] = said[::-1] if seed % 2 else said[1:] + said[:1]
                    turned += 1
        assert answers(other) == answers(raw)
    assert turned > 60


# ------------------------------------------------------------------------------------ how much


def with_weights(raw: Raw, changed: Callable[[float], float]) -> Raw:
    other = copy.deepcopy(raw)
    for block in other["actors"].values():
        for section in ("interests", "red_lines"):
            for claim in block.get(section, {}).values():
                claim["weight"] = changed(oracle.weight(claim["weight"], raw.get("scale", {})))
    return other


@pytest.mark.parametrize("factor", [0.01, 3.7, 1000])
def test_only_proportions_of_weights_matter(factor: float) -> None:
    for raw in crises(40):
        assert answers(with_weights(raw, lambda weight: factor * weight)) == answers(raw)


def test_what_is_sought_in_every_state_changes_nothing() -> None:
    for raw in crises(40):
        other = copy.deepcopy(raw)
        for block in other["actors"].values():
            if "interests" in block:
                block["interests"]["always"] = {"seeks": "true", "weight": 17.3}
        assert answers(other) == answers(raw)


def test_only_the_order_of_ranks_matters() -> None:
    for seed, raw in enumerate(crises(60)):
        rng, graph = Random(seed), compile_graph(loaded(raw))
        parties = []
        for party in graph.parties:
            most = int(party.rank.max())
            higher = np.array([0, *sorted(rng.sample(range(1, 900), most))], dtype=np.uint16)
            parties.append(replace(party, rank=higher[party.rank]))
        stretched = replace(graph, parties=tuple(parties))
        before, after = stable_states(graph), stable_states(stretched)
        for concept in CONCEPTS:
            for actor, cells in before[concept].items():
                np.testing.assert_array_equal(after[concept][actor], cells)


def ranking_of(raw: Raw, actor: str) -> list[list[dict[str, str]]]:
    """All states from the best to the worst, those that tie together."""
    graph = compile_graph(loaded(raw))
    rank = graph.party(actor).rank
    entries: list[list[dict[str, str]]] = [[] for _ in range(int(rank.max()))]
    for index in graph.space:
        levels = graph.space.state(index)
        moving = {name: level for name, level in levels.items() if name not in raw["conditions"]}
        entries[-int(rank[index])].append(moving)
    return entries


def test_a_ranking_of_all_states_says_as_much_as_weights_do() -> None:
    for raw in crises(40, limit=24):
        other = copy.deepcopy(raw)
        for actor, block in other["actors"].items():
            for key in ("interests", "red_lines", "priorities", "ranking"):
                block.pop(key, None)
            block["ranking"] = ranking_of(raw, actor)
        assert answers(other) == answers(raw)


def test_each_priority_is_a_weight_twice_the_next() -> None:
    compared = 0
    for raw in crises(80):
        other = copy.deepcopy(raw)
        for block in other["actors"].values():
            if "priorities" in block:
                entries = block.pop("priorities")
                texts = [e["prefers"] if isinstance(e, dict) else e for e in entries]
                block["interests"] = {
                    f"aim{number}": {"seeks": text, "weight": 2 ** (len(texts) - number)}
                    for number, text in enumerate(texts)
                }
                block |= {"decides": "every week", "looks_ahead": "30 days"}
                compared += 1
        assert answers(other) == answers(raw)
    assert compared > 15


# ----------------------------------------------------------------------------- what can be done


def test_whoever_can_do_more_stays_less_and_makes_others_stay_more() -> None:
    changed = 0
    for seed, raw in enumerate(crises(80)):
        freed = Random(seed).choice(list(raw["actors"]))
        before, after = answers(raw), answers(unbound(raw, freed))
        for concept in CONCEPTS:
            for actor, states in before[concept].items():
                if actor == freed:
                    assert states >= after[concept][actor], (concept, actor)
                else:
                    assert states <= after[concept][actor], (concept, actor)
                changed += states != after[concept][actor]
    assert changed > 100


def test_holding_an_option_is_slicing_it_out() -> None:
    """What is held cannot be moved, so the rest of the states are not there for anybody."""
    compared = 0
    for seed, raw in enumerate(crises(80)):
        rng, explicit = Random(seed), graph_oracle.graph_of(raw)
        variables = list(oracle.variables(raw))
        name = rng.choice([name for name in variables if "." in name])
        state = rng.choice(explicit.states)
        level = state[variables.index(name)]
        try:
            held = compile_graph(loaded(raw).holding(name, level))
        except CrisisError:  # the start cannot be
            continue
        place = variables.index(name)
        part = graph_oracle.stable_states(explicit.part(lambda s, p=place, v=level: s[p] == v))
        for concept, by_actor in by_levels(held, stable_states(held)).items():
            for actor, states in by_actor.items():
                expected = {frozenset(zip(variables, s, strict=True)) for s in part[concept][actor]}
                assert states == expected, (seed, concept, actor)
        compared += 1
    assert compared > 50


def test_how_conditions_change_does_not_matter() -> None:
    compared = 0
    for raw in crises(80):
        if raw["conditions"]:
            other = copy.deepcopy(raw)
            for block in other["conditions"].values():
                block["changes"] = []
            assert answers(other) == answers(raw)
            compared += 1
    assert compared > 5


# ---------------------------------------------------------------------------------- limited moves


def test_looking_one_move_ahead_is_nash() -> None:
    for seed in range(60):
        graph = compile_graph(loaded(random_duel(seed)))
        for actor, cells in limited_move(graph, 1).items():
            np.testing.assert_array_equal(stable_states(graph)["nash"][actor], cells)


@pytest.mark.parametrize("horizon", [2, 3, 6])
def test_neither_names_nor_order_nor_amounts_matter_to_limited_moves(horizon: int) -> None:
    for seed in range(40):
        raw = random_duel(seed)
        found = limited(raw, horizon)
        assert limited(shuffled(raw, Random(seed)), horizon) == found
        assert limited(with_weights(raw, lambda weight: weight**2), horizon) == found
        after = limited(renamed(raw), horizon)
        assert after == {NEW_NAMES[actor]: state_renamed(found[actor]) for actor in found}


def limited(raw: Raw, horizon: int) -> dict[str, set[Named]]:
    graph = compile_graph(loaded(raw))
    return by_levels(graph, {"limited": limited_move(graph, horizon)})["limited"]


# ----------------------------------------------------------------------------------- all together


def test_what_no_coalition_would_leave_is_an_equilibrium() -> None:
    for raw in crises(40, limit=16):
        graph = compile_graph(loaded(raw))
        lasting = none_would_leave(stable_for_coalitions(graph))
        for concept, by_actor in stable_states(graph).items():
            equilibria = np.logical_and.reduce(list(by_actor.values()))
            assert not (lasting[concept] & ~equilibria).any()
