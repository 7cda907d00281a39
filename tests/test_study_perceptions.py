"""Who is wrong about what: every view is solved by the oracle, from its own reading of beliefs."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple, get_args

import numpy as np

import graph_oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis
from standoff.study.perceptions import (
    Corrections,
    Kind,
    Perceptions,
    find_corrections,
    find_perceptions,
    kinds_of,
    nearest_to,
    read_state,
    surprises_of,
)
from strategies import loaded
from twice import Index, Name, believing, bluff, is_left, names_in, stable_by

Raw = dict[str, Any]
Stable = Mapping[str, Mapping[str, set[Name]]]

CRISES = 48


class Seen(NamedTuple):
    """A crisis with beliefs, by the package and, view by view, by the oracle."""

    seed: int
    raw: Raw
    found: Perceptions
    names: dict[Index, Name]
    graphs: dict[tuple[str, ...], graph_oracle.Graph]
    stable: dict[tuple[str, ...], Stable]

    def named(self, cells: np.ndarray) -> set[Name]:
        return {self.names[tuple(int(i) for i in place)] for place in np.argwhere(cells)}

    def equilibria(self, by: tuple[str, ...], concept: str) -> set[Name]:
        return set.intersection(*self.stable[by][concept].values())

    def leaves(self, actor: str, concept: str, state: Name) -> bool:
        """Whether an actor leaves a state, in its own view."""
        return state not in self.stable[actor,][concept][actor]

    def lasting(self, concept: str) -> set[Name]:
        return {
            state
            for state in self.names.values()
            if not any(self.leaves(actor, concept, state) for actor in self.found.actors)
        }


def seen(raw: Raw, seed: int, situation: str | None = None) -> Seen:
    actors = list(raw["actors"])
    views = [(), *((a,) for a in actors), *((a, b) for a in actors for b in actors if a != b)]
    graphs = {by: graph_oracle.graph_of(raw, seen_by=list(by), situation=situation) for by in views}
    stable = {by: graph_oracle.stable_states(graph) for by, graph in graphs.items()}
    found = find_perceptions(loaded(raw), situation)
    return Seen(seed, raw, found, names_in(found.truth.space), graphs, stable)


@functools.cache
def crises() -> list[Seen]:
    """Some with beliefs that situations change, most without."""
    plain = [seen(believing(seed, limit=16, ordinal=seed % 4 == 0), seed) for seed in range(CRISES)]
    drawn = [(seed, random_crisis(seed)) for seed in range(40)]
    small = [(seed, raw) for seed, raw in drawn if len(raw["actors"]) < 4 and "situations" in raw]
    return plain + [seen(raw, seed, next(iter(raw["situations"]))) for seed, raw in small[:5]]


# ------------------------------------------------------------------------------------------- views


def test_every_view_is_solved_and_those_within_views() -> None:
    differing = nested = 0
    for each in crises():
        truth, views = each.found.truth, each.found.views
        assert set(views) | {()} == set(each.stable), each.seed
        for by, stable in each.stable.items():
            view = views[by] if by else truth
            for concept in CONCEPTS:
                for actor, states in stable[concept].items():
                    found = each.named(view.stable[concept][actor])
                    assert found == states, (each.seed, by, concept, actor)
            differing += len(by) == 1 and stable != each.stable[()]
            nested += len(by) == 2 and stable not in (each.stable[()], each.stable[by[:1]])
    assert differing > 40
    assert nested > 20


def test_views_that_are_alike_are_solved_once() -> None:
    for each in crises():
        digests = {
            view.crisis.digest: view for view in (each.found.truth, *each.found.views.values())
        }
        solved = {id(view) for view in (each.found.truth, *each.found.views.values())}
        assert len(solved) == len(digests), each.seed


def test_what_lasts_what_is_taken_to_and_what_is_expected_to() -> None:
    kinds = set()
    for each in crises():
        actors = each.found.actors
        for concept in CONCEPTS:
            lasting = each.lasting(concept)
            assert each.named(each.found.lasting(concept)) == lasting, each.seed
            own = each.found.own(concept)
            assert list(own) == list(actors)
            for actor in actors:
                assert each.named(own[actor]) == each.stable[actor,][concept][actor]
                taken = each.equilibria((actor,), concept)
                assert each.named(each.found.regarded(actor, concept)) == taken, each.seed
                expected = {
                    state
                    for state in each.names.values()
                    if all(
                        state in each.stable[(actor,) if o == actor else (actor, o)][concept][o]
                        for o in actors
                    )
                }
                found = each.named(each.found.expected(actor, concept))
                assert found == expected, (each.seed, concept, actor)
                kinds.add((found == taken, taken == lasting))
            doubted = {
                state
                for state in lasting
                if any(state not in each.equilibria((actor,), concept) for actor in actors)
            }
            assert each.named(each.found.inconsistent(concept)) == doubted, each.seed
            kinds.add(bool(doubted))
    assert kinds == {True, False, (True, True), (True, False), (False, True), (False, False)}


def test_perceptions_of_some_concepts_are_those_of_all() -> None:
    for each in crises()[:6]:
        few = find_perceptions(loaded(each.raw), concepts=("sseq", "nash"))
        assert few.truth.concepts == ("sseq", "nash")
        for concept in few.truth.concepts:
            np.testing.assert_array_equal(few.lasting(concept), each.found.lasting(concept))


# ------------------------------------------------------------------------------- what can be said


def kind_of(each: Seen, concept: str, state: Name) -> str:
    """From the words of the definition: does it last, would it, and who thinks so?"""
    actors = each.found.actors
    lasts = state in each.lasting(concept)
    would_last = state in each.equilibria((), concept)
    seen_by = [state in each.equilibria((actor,), concept) for actor in actors]
    if lasts and would_last:
        return "agreed" if all(seen_by) else "unseen"
    if lasts:
        return "mistaken"
    if would_last:
        return "missed"
    return "illusory" if any(seen_by) else "unstable"


def test_every_state_is_of_the_kind_that_the_definition_says_and_every_kind_occurs() -> None:
    counts = dict.fromkeys(get_args(Kind), 0)
    for each in crises():
        for concept in CONCEPTS:
            for index, name in each.names.items():
                reading = read_state(each.found, index, concept)
                kind = kind_of(each, concept, name)
                assert reading.kind == kind, (each.seed, concept, name)
                assert (reading.state, reading.concept) == (index, concept)
                counts[kind] += 1
    assert min(counts.values()) >= 5, counts


def test_a_reading_says_who_leaves_who_is_wrong_and_who_believes() -> None:
    for each in crises():
        for concept in CONCEPTS:
            for index, name in each.names.items():
                reading = read_state(each.found, index, concept)
                actors = each.found.actors
                leaves = {a for a in actors if each.leaves(a, concept, name)}
                would = {a for a in actors if name not in each.stable[()][concept][a]}
                assert set(reading.leaves) == leaves, each.seed
                assert set(reading.would_leave) == would
                assert set(reading.mistaken) == leaves ^ would
                believers = {a for a in actors if name in each.equilibria((a,), concept)}
                assert set(reading.believers) == believers
                assert set(reading.doubters) == set(actors) - believers


def test_the_kinds_of_all_states_at_once_are_those_of_each() -> None:
    for each in crises():
        for concept in CONCEPTS:
            kinds = kinds_of(each.found, concept)
            assert set(kinds) == set(get_args(Kind))
            total = sum(truth.astype(int) for truth in kinds.values())
            np.testing.assert_array_equal(total, each.found.truth.space.feasible)
            for kind, truth in kinds.items():
                assert all(kind_of(each, concept, name) == kind for name in each.named(truth))


# --------------------------------------------------------------------------------------- surprises


def axes_apart(each: Seen, one: Index, other: Index) -> int:
    """How many actors' choices differ between two states."""
    space = each.found.truth.space
    here, there = space.state(one), space.state(other)
    return len({name.rpartition(".")[0] for name in here if here[name] != there[name]})


def test_a_surprise_is_what_one_takes_for_stable_and_another_leaves() -> None:
    number = 0
    for each in crises():
        actors = each.found.actors
        for concept in CONCEPTS:
            for actor in actors:
                surprises = list(surprises_of(each.found, actor, concept))
                found = [(each.names[s.move.source], s.move.actor) for s in surprises]
                expected = {
                    (state, other)
                    for state in each.equilibria((actor,), concept)
                    for other in actors
                    if other != actor and each.leaves(other, concept, state)
                }
                assert len(found) == len(expected), (each.seed, concept, actor)
                assert set(found) == expected, (each.seed, concept, actor)
                assert all((s.actor, s.concept) == (actor, concept) for s in surprises)
                number += len(found)
    assert number > 200


def test_what_surprises_is_the_best_move_that_the_other_sees_nothing_to_fear_from() -> None:
    not_the_best = 0
    for each in crises():
        for concept in CONCEPTS:
            for actor in each.found.actors:
                for surprise in surprises_of(each.found, actor, concept):
                    other = surprise.move.actor
                    graph = each.graphs[other,]
                    here, there = (
                        each.names[i] for i in (surprise.move.source, surprise.move.target)
                    )
                    assert is_left(graph, concept, other, here, there), (each.seed, surprise)
                    better = [
                        state
                        for state in graph.improvements(other, here)
                        if graph.better(other, state, there)
                    ]
                    assert not any(is_left(graph, concept, other, here, s) for s in better)
                    not_the_best += bool(better)
    assert not_the_best > 2


def test_the_nearest_surprises_come_first() -> None:
    distances = set()
    for each in crises():
        start = each.found.truth.start
        for actor in each.found.actors:
            places = [s.move.source for s in surprises_of(each.found, actor, "seq")]
            away = [axes_apart(each, place, start) for place in places]
            assert away == sorted(away), each.seed
            distances |= set(away)
    assert distances >= {0, 1, 2}


def test_states_are_sorted_by_how_many_choices_differ_from_the_start() -> None:
    for each in crises():
        space, start = each.found.truth.space, each.found.truth.start
        found = nearest_to(start, space.feasible)
        assert sorted(found) == sorted(each.names)
        away = [axes_apart(each, state, start) for state in found]
        assert all(first <= second for first, second in pairwise(away))


# ------------------------------------------------------------------------------------- corrections


class Corrected(NamedTuple):
    """What an actor would do and think, by the oracle, with some of its beliefs struck out."""

    stays: set[Name]
    regards: set[Name]


def corrected(raw: Raw, actor: str, concept: str, *paths: str) -> Corrected:
    edited = copy.deepcopy(raw)
    for path in paths:
        del edited["actors"][actor]["believes"][path]
    stable = stable_by(graph_oracle.graph_of(edited, seen_by=actor), concept)
    return Corrected(stable[actor], set.intersection(*stable.values()))


@functools.cache
def corrections() -> list[tuple[Seen, str, Corrections, dict[tuple[str, ...], Corrected]]]:
    """By actor and the path struck out, and by actor alone for all of them."""
    found = []
    for number, each in enumerate(crises()[:CRISES]):
        concept = ("seq", "sseq", "seq", "smr")[number % 4]
        expected = {}
        for actor, block in each.raw["actors"].items():
            believes = list(block.get("believes", {}))
            for path in believes:
                expected[actor, path] = corrected(each.raw, actor, concept, path)
            if believes:
                expected[actor,] = corrected(each.raw, actor, concept, *believes)
        found.append((each, concept, find_corrections(each.found, concept), expected))
    return found


def test_each_belief_is_corrected_alone_and_all_of_an_actors_together() -> None:
    for each, concept, found, expected in corrections():
        assert {*found.single, *((actor,) for actor in found.all)} == set(expected)
        assert set(found.before) == set(found.all)
        for actor, before in found.before.items():
            assert each.named(before.stays) == each.stable[actor,][concept][actor]
            assert each.named(before.regards) == each.equilibria((actor,), concept)
        for key, then in {**found.single, **{(a,): s for a, s in found.all.items()}}.items():
            assert each.named(then.stays) == expected[key].stays, (each.seed, key)
            assert each.named(then.regards) == expected[key].regards, (each.seed, key)


def test_an_actor_that_is_wrong_about_nothing_sees_what_is_so() -> None:
    for each, concept, found, _ in corrections():
        for actor, then in found.all.items():
            assert each.named(then.stays) == each.stable[()][concept][actor]
            assert each.named(then.regards) == each.equilibria((), concept)


def test_corrections_are_those_that_change_what_their_holder_does() -> None:
    changes, together = set(), 0
    for each, concept, found, expected in corrections():
        for index, name in each.names.items():
            was = {a: name in each.stable[a,][concept][a] for a in found.before}
            changed = [
                (key[0], key[1], name in then.stays)
                for key, then in expected.items()
                if len(key) == 2 and (name in then.stays) != was[key[0]]
            ]
            said = found.of(index)
            assert [(c.actor, c.path, c.stays) for c in said] == changed, (each.seed, name)
            changes |= {stays for _, _, stays in changed}
            alone = {actor for actor, _, _ in changed}
            only = [
                actor
                for actor in found.before
                if actor not in alone and (name in expected[actor,].stays) != was[actor]
            ]
            assert list(found.only_together(index)) == only, (each.seed, name)
            together += len(only)
    assert changes == {True, False}
    assert together


def test_eyes_are_opened_by_what_changes_whether_a_state_is_taken_for_an_equilibrium() -> None:
    number = not_by_own_doing = 0
    for each, concept, found, expected in corrections():
        for index, name in each.names.items():
            for actor in each.found.actors:
                said = [c.path for c in found.opening_eyes(actor, index)]
                taken = name in each.equilibria((actor,), concept)
                changed = [
                    key[1]
                    for key, then in expected.items()
                    if len(key) == 2 and key[0] == actor and (name in then.regards) != taken
                ]
                assert said == changed, (each.seed, name, actor)
                for correction in found.opening_eyes(actor, index):
                    then = expected[actor, correction.path]
                    assert correction.stays == (name in then.stays)
                number += len(said)
                not_by_own_doing += sum(
                    (name in expected[actor, path].stays)
                    == (name in each.stable[actor,][concept][actor])
                    for path in said
                )
    assert number > 50
    assert not_by_own_doing > 20


def test_a_correction_says_what_is_believed_and_where_that_comes_from() -> None:
    perceptions = find_perceptions(loaded(bluff()))
    found = find_corrections(perceptions, "seq")
    (correction,) = found.of(perceptions.truth.start)
    assert correction.actor == "north"
    assert correction.path == "south.interests.war.weight"
    assert correction.value == "5"
    assert (correction.because, correction.source) == ("It says so.", "brief p4")
    assert correction.stays is False


def test_of_two_beliefs_that_each_suffice_neither_is_corrected_alone() -> None:
    raw = bluff()
    raw["actors"]["south"]["interests"]["pride"] = {"seeks": "fight", "weight": 0}
    raw["actors"]["north"]["believes"]["south.interests.pride.weight"] = 2
    perceptions = find_perceptions(loaded(raw))
    start = perceptions.truth.start
    found = find_corrections(perceptions, "seq")
    assert found.of(start) == ()
    assert found.only_together(start) == ("north",)
    del raw["actors"]["north"]["believes"]["south.interests.pride.weight"]
    one = find_corrections(find_perceptions(loaded(raw)), "seq")
    assert len(one.of(start)) == 1
    assert one.only_together(start) == ()
