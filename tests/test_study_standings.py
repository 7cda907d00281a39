"""What is expected of stability, judged a second time from the oracle's sets of states."""

from __future__ import annotations

import functools
import re
from random import Random
from typing import Any

import pytest

import graph_oracle
import oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis, random_variant
from random_graphs import random_graph_crisis
from standoff.crisis import CrisisError
from standoff.study import standings
from standoff.study.expectations import Verdict, check_expectations, requests_of, verdicts_of
from standoff.study.standings import MOST_AGAINST
from strategies import loaded
from twice import Name, bluff, running_graph

Raw = dict[str, Any]

FORMS = ("equilibria", "stable", "unstable")


# ------------------------------------------------------------------ drawn, and judged by the oracle


class Judged:
    """The graph of one crisis in one view, and what stands where in it."""

    def __init__(self, raw: Raw, view: Raw) -> None:
        self.variables = list(oracle.variables(raw))
        self.raw = raw
        view = dict(view)
        graph_of = graph_oracle.graph_of
        if view.pop("conditions", "held") == "running":
            graph_of = running_graph
        self.graph = graph_of(raw, **view)
        crisis = oracle.prepared(raw, view)
        world = oracle.World(crisis)
        self.start = world.states[world.start(crisis["state"])]

    @functools.cached_property
    def stable(self) -> dict[str, dict[str, set[Name]]]:
        return graph_oracle.stable_states(self.graph)

    def matched(self, patterns: list[Any]) -> set[Name]:
        found: set[Name] = set()
        for pattern in patterns:
            text = graph_oracle._as_text(pattern)
            found |= oracle.where(self.raw, text) & set(self.graph.states)
        return found

    def standing(self, concept: str, whom: list[str]) -> set[Name]:
        """The states that are stable for everybody, for one actor, or for a coalition."""
        if not whom:
            return set.intersection(*self.stable[concept].values())
        if len(whom) == 1:
            return self.stable[concept][whom[0]]
        members = tuple(actor for actor in self.graph.actors if actor in whom)
        return {
            state
            for state in self.graph.states
            if graph_oracle.is_stable_for_coalition(self.graph, concept, members, state)
        }

    def wrong(self, form: str, said: Raw) -> list[tuple[str, Name]]:
        """Everything that contradicts an expectation, concept by concept."""
        matched = self.matched(listed(said["states"]))
        found = []
        for concept in listed(said["concept"]):
            stands = self.standing(concept, listed(said.get("for", [])))
            against = {
                "equilibria": stands ^ matched,
                "stable": matched - stands,
                "unstable": matched & stands,
            }[form]
            found += [(concept, state) for state in against]
        return found

    def sentence(self, concept: str, state: Name, whom: list[str]) -> str:
        differ = [
            f"{variable} = {level}"
            for variable, level, first in zip(self.variables, state, self.start, strict=True)
            if level != first
        ]
        stands = "stable" if state in self.standing(concept, whom) else "not stable"
        place = ", ".join(differ) or "as at the start"
        return f"{place}: {stands} for {' and '.join(whom) or 'every actor'} ({concept})"


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def draw_standing(rng: Random, judged: Judged, form: str) -> Raw:
    """One expectation, as often right as not, in any of the ways in which it may be written."""
    graph = judged.graph
    concepts = rng.sample(CONCEPTS, rng.choice((1, 1, 1, 2, 3)))
    said: Raw = {"concept": concepts if len(concepts) > 1 or rng.random() < 0.2 else concepts[0]}
    whom: list[str] = []
    if form != "equilibria" and rng.random() < 0.7:
        whom = rng.sample(graph.actors, rng.randint(1, len(graph.actors)))
        said["for"] = whom if len(whom) > 1 or rng.random() < 0.5 else whom[0]
    right = set.intersection(*(judged.standing(concept, whom) for concept in concepts))
    pool = sorted(set(graph.states) - right if form == "unstable" else right)
    if rng.random() < 0.4 or (not pool and form != "equilibria"):
        pool = sorted(graph.states)
    many = len(pool) if form == "equilibria" and rng.random() < 0.8 else rng.randint(1, 3)
    chosen = rng.sample(pool, min(len(pool), many))
    patterns = [draw_pattern(rng, judged, state) for state in chosen]
    said["states"] = patterns[0] if len(patterns) == 1 and rng.random() < 0.5 else patterns
    return said


def draw_pattern(rng: Random, judged: Judged, state: Name) -> str | dict[str, str]:
    """The state exactly, or with some levels left open, or as a statement."""
    levels = dict(zip(judged.variables, state, strict=True))
    if rng.random() < 0.3:
        levels = {
            name: levels[name] for name in rng.sample(list(levels), rng.randint(1, len(levels)))
        }
    if rng.random() < 0.4:
        return " and ".join(f"({name} == {level})" for name, level in levels.items())
    return levels


def draw_expectations(raw: Raw, views: list[Raw], seed: int) -> dict[str, tuple[str, Raw, Judged]]:
    rng = Random(f"expectations, {seed}")
    drawn = {}
    for view in views:
        judged = Judged(raw, view)
        for form in FORMS * 2:
            said = {**draw_standing(rng, judged, form), **view}
            if form != "equilibria" and said["states"] == []:
                continue
            drawn[f"e{len(drawn)}"] = form, said, judged
    return drawn


def check(raw: Raw, drawn: dict[str, tuple[str, Raw, Judged]], seed: int) -> list[Verdict]:
    """Every verdict is that of the oracle; the verdicts."""
    raw = {**raw, "expects": {n: {"claim": f"{n}?", f: s} for n, (f, s, _) in drawn.items()}}
    verdicts = check_expectations(loaded(raw))
    assert list(verdicts) == list(drawn)
    for name, verdict in verdicts.items():
        form, said, judged = drawn[name]
        whom, concepts = listed(said.get("for", [])), listed(said["concept"])
        wrong = judged.wrong(form, said)
        assert verdict.holds == (not wrong), (seed, name, said)
        assert verdict.form == form
        assert verdict.concepts == tuple(concepts)
        assert verdict.whom == tuple(whom)
        assert verdict.states == len(judged.matched(listed(said["states"])))
        assert (verdict.name, verdict.claim, verdict.source) == (name, f"{name}?", None)
        assert (verdict.chance, verdict.more_likely, verdict.than, verdict.by) == (None,) * 4
        assert len(verdict.against) == min(MOST_AGAINST, len(wrong)), (seed, name)
        known = {judged.sentence(concept, state, whom) for concept, state in wrong}
        assert len(set(verdict.against)) == len(verdict.against)
        assert set(verdict.against) <= known, (seed, name)
        order = [concepts.index(re.findall(r"\((\w+)\)$", each)[0]) for each in verdict.against]
        assert order == sorted(order), "concept by concept, as they are named"
    return list(verdicts.values())


def test_verdicts_follow_from_the_definitions() -> None:
    verdicts: list[Verdict] = []
    for seed in range(40):
        raw = random_graph_crisis(seed, limit=16, ordinal=seed % 2 == 1)
        verdicts += check(raw, draw_expectations(raw, [{}], seed), seed)
    for form in FORMS:
        assert {each.holds for each in verdicts if each.form == form} == {True, False}
        assert sum(each.holds for each in verdicts if each.form == form) > 10
        assert any(each.holds and len(each.concepts) > 1 for each in verdicts if each.form == form)
    assert {len(each.whom) for each in verdicts} >= {0, 1, 2, 3}
    assert any(len(each.against) == MOST_AGAINST for each in verdicts)
    assert any(each.states > 5 for each in verdicts)


def test_verdicts_are_given_in_every_view() -> None:
    """Situations, starts, what is held, left out, patched, seen by somebody, and conditions."""
    used: set[str] = set()
    verdicts: list[Verdict] = []
    for seed in range(12):
        raw = random_crisis(seed)
        if len(raw["actors"]) == 4:
            continue
        variant = {k: v for k, v in random_variant(raw, seed).items() if k != "depth"}
        views: list[Raw] = [variant, {"conditions": "running"}]
        if situations := list(raw.get("situations", {})):
            views.append({"situation": situations[0], **variant})
            views.append({"situation": situations[-1], "conditions": "running"})
        used |= {key for view in views for key in view}
        verdicts += check(raw, draw_expectations(raw, views, seed), seed)
    assert used == {
        *("situation", "starting", "holding", "with", "without", "seen_by", "conditions"),
    }
    assert sum(each.holds for each in verdicts) > 50
    assert sum(not each.holds for each in verdicts) > 50


# ------------------------------------------------------------------------------------ one by one


def verdict_of(raw: Raw, **said: Any) -> Verdict:
    expects = {"it": {"claim": "It follows.", "because": "So.", **said}}
    return check_expectations(loaded({**raw, "expects": expects}))["it"]


def test_an_explanation_is_put_in_force() -> None:
    raw = bluff()
    raw["explanations"] = {"proud": {"asks": "?", "with": {"south.interests.war.weight": 5}}}
    start = {"north.advance": "no", "south.fight": "no"}
    for under, holds in (({}, False), ({"under": "proud"}, True)):
        said = {"concept": "seq", "states": start, "for": "north", **under}
        assert verdict_of(raw, stable=said).holds is holds
        assert verdict_of(raw, unstable=said).holds is not holds


def test_a_belief_decides_what_is_stable_in_a_view() -> None:
    said = {"concept": ["seq", "sseq"], "states": "not north.advance and not south.fight"}
    assert not verdict_of(bluff(), stable=said).holds
    assert verdict_of(bluff(), stable={**said, "seen_by": "north"}).holds
    forgot = {**said, "seen_by": "north", "without": "north.believes.south.interests.war.weight"}
    assert not verdict_of(bluff(), stable=forgot).holds


def test_the_sentences_against_say_which_state_is_what_for_whom() -> None:
    """North advances and nobody fights: by seq that is the one equilibrium."""
    seq: Raw = {"concept": "seq"}
    no = verdict_of(bluff(), equilibria={**seq, "states": []})
    assert no.against == ("north.advance = yes: stable for every actor (seq)",)
    assert (no.holds, no.states) == (False, 0)
    wrong = verdict_of(bluff(), equilibria={**seq, "states": "not north.advance"})
    assert wrong.against == (
        "as at the start: not stable for every actor (seq)",
        "south.fight = yes: not stable for every actor (seq)",
        "north.advance = yes: stable for every actor (seq)",
    )
    assert wrong.states == 2
    alone = verdict_of(bluff(), stable={**seq, "states": "true", "for": "south"})
    assert alone.against == (
        "south.fight = yes: not stable for south (seq)",
        "north.advance = yes, south.fight = yes: not stable for south (seq)",
    )
    both = {"concept": ["nash", "gmr"], "states": {"north.advance": "yes", "south.fight": "yes"}}
    together = verdict_of(bluff(), stable={**both, "for": ["south", "north"]})
    assert together.against == tuple(
        f"north.advance = yes, south.fight = yes: not stable for south and north ({concept})"
        for concept in ("nash", "gmr")
    )
    assert together.whom == ("south", "north")


def test_that_there_is_no_equilibrium_can_be_expected() -> None:
    same = "north.advance and south.fight or not north.advance and not south.fight"
    raw = bluff()
    for actor, aim in (("north", {"seeks": same}), ("south", {"avoids": same})):
        raw["actors"][actor] |= {"interests": {"aim": {**aim, "weight": 1}}, "believes": {}}
    none = verdict_of(raw, equilibria={"concept": "nash", "states": []})
    assert (none.holds, none.states, none.against) == (True, 0, ())
    some = verdict_of(raw, equilibria={"concept": "nash", "states": "true"})
    assert (some.holds, some.states, len(some.against)) == (False, 4, 3)


def test_of_many_states_against_three_are_named() -> None:
    raw = bluff()
    raw["actors"]["south"]["options"] |= {"x": ["no", "yes"], "y": ["no", "yes"]}
    verdict = verdict_of(raw, equilibria={"concept": "seq", "states": []})
    assert len(verdict.against) == MOST_AGAINST == 3
    assert not verdict.holds


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({"north.advance": "yes", "sky": "dark"}, "{north.advance: yes, sky: dark}"),
        ("north.advance and south.fight and not north.advance", "north.advance and south.fight"),
        ([{"north.advance": "no"}, "false"], "false"),
        ("north.advance and south.fight", "north.advance and south.fight"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_pattern_that_no_state_matches_is_an_error_that_names_the_expectation(
    states: Any, shown: str, form: str
) -> None:
    raw = bluff()
    changes = [{"from": "clear", "to": "dark", "rate": "every day"}]
    raw["conditions"] = {"sky": {"levels": ["clear", "dark"], "changes": changes}}
    raw["never"] = ["north.advance and south.fight"]
    with pytest.raises(CrisisError, match=r"^expects\.it: no state that can be matches `") as error:
        verdict_of(raw, **{form: {"concept": "nash", "states": states}})
    assert shown in str(error.value)
    if "sky" not in str(states):
        return
    dark = {"concept": "gmr", "states": states, "starting": {"sky": "dark"}}
    with pytest.raises(CrisisError, match="no state"):
        verdict_of(raw, **{form: {"concept": "nash", "states": states, "conditions": "running"}})
    raw["never"] = []
    assert verdict_of(raw, **{form: dark}).states == 2


def test_an_equilibrium_while_conditions_run_need_not_be_one_while_they_are_held() -> None:
    raw = bluff()
    raw["conditions"] = {
        "resolve": {
            "levels": ["weak", "strong"],
            "changes": [{"from": "weak", "to": "strong", "rate": "every 3 days"}],
        }
    }
    loss = {"avoids": "advance and resolve == strong", "weight": 2}
    raw["actors"]["north"]["interests"]["loss"] = loss
    said = {"concept": "nash", "states": {"north.advance": "no", "south.fight": "no"}}
    assert not verdict_of(raw, stable=said).holds
    assert verdict_of(raw, stable={**said, "conditions": "running"}).holds
    both = {
        "held": {"claim": "?", "unstable": {**said, "conditions": "held"}},
        "running": {"claim": "?", "unstable": {**said, "conditions": "running"}},
        "again": {"claim": "?", "unstable": said},
    }
    verdicts = check_expectations(loaded({**raw, "expects": both}))
    assert [each.holds for each in verdicts.values()] == [True, False, True]


# ---------------------------------------------------------------------- together with probabilities


def mixed() -> Raw:
    raw = bluff()
    raw["questions"] = {
        "soon": {"asks": "?", "event": "north.advance", "within": "3 days"},
        "late": {"asks": "?", "event": "north.advance", "within": "60 days"},
    }
    stands = {"concept": "seq", "states": {"north.advance": "yes", "south.fight": "no"}}
    claims: Raw = {
        "first": {"equilibria": stands},
        "second": {"more_likely": "late", "than": "soon"},
        "third": {"unstable": stands},
        "fourth": {"chance": "soon", "at_most": 1},
        "fifth": {"stable": {**stands, "for": "north"}},
        "sixth": {"more_likely": "soon", "than": "late"},
        "seventh": {"chance": "late", "at_least": 1},
    }
    raw["expects"] = {n: {"claim": n, "source": "brief p1", **c} for n, c in claims.items()}
    return raw


def test_expectations_of_all_kinds_are_judged_in_the_order_of_the_file() -> None:
    verdicts = check_expectations(loaded(mixed()))
    assert list(verdicts) == list(mixed()["expects"])
    assert [each.holds for each in verdicts.values()] == [
        True,
        True,
        False,
        True,
        True,
        False,
        False,
    ]
    forms = [each.form for each in verdicts.values()]
    assert forms == ["equilibria", None, "unstable", None, "stable", None, None]
    second, sixth = verdicts["second"], verdicts["sixth"]
    assert (second.more_likely, second.than) == (sixth.than, sixth.more_likely)
    assert verdicts["fourth"].chance == second.than
    assert verdicts["seventh"].chance == second.more_likely
    assert {each.source for each in verdicts.values()} == {"brief p1"}
    assert verdicts["third"].against == ("north.advance = yes: stable for every actor (seq)",)


def test_those_that_are_named_are_judged_in_the_order_in_which_they_are_named() -> None:
    verdicts = check_expectations(loaded(mixed()), ["sixth", "fifth", "second"])
    assert list(verdicts) == ["sixth", "fifth", "second"]
    assert [each.holds for each in verdicts.values()] == [False, True, True]


def test_what_is_expected_of_stability_asks_for_no_forecast() -> None:
    crisis = loaded(mixed())
    counts = [len(requests_of(expected)) for expected in crisis.expects.values()]
    assert counts == [0, 2, 0, 1, 0, 2, 1]
    verdicts = verdicts_of(crisis, ["first", "third"], [])
    assert [each.holds for each in verdicts.values()] == [True, False]


def test_actors_that_only_order_states_are_judged_without_a_forecast() -> None:
    raw = mixed()
    raw["expects"] = {"first": raw["expects"]["first"]}
    raw["questions"] = {}
    for actor, priorities in (("north", ["advance"]), ("south", ["not fight"])):
        raw["actors"][actor] = {
            "options": raw["actors"][actor]["options"],
            "priorities": priorities,
        }
    assert check_expectations(loaded(raw))["first"].holds


def test_each_view_is_solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = []
    whole = standings.stable_states

    def counted(graph: Any) -> Any:
        solved.append(graph)
        return whole(graph)

    monkeypatch.setattr(standings, "stable_states", counted)
    raw = mixed()
    raw["expects"] = {n: c for n, c in raw["expects"].items() if n in ("first", "third", "fifth")}
    seen = {**raw["expects"]["first"]["equilibria"], "seen_by": "north"}
    raw["expects"] |= {f"seen{n}": {"claim": "?", "stable": seen} for n in range(3)}
    assert len(check_expectations(loaded(raw))) == 6
    assert len(solved) == 2
