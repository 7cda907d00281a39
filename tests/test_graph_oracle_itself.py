"""The oracle of stability is right where the answer is published or can be worked out by hand.

The last tests make sure that the random graphs are of the kind that can tell concepts, and wrong
ways to compute them, apart.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from graph_oracle import (
    CONCEPTS,
    Graph,
    equilibria,
    graph_of,
    is_gmr,
    is_nash,
    is_seq,
    is_smr,
    is_sseq,
    is_strict,
    limited_move,
    none_would_leave,
    stable_for_coalitions,
    stable_states,
)
from random_graphs import LARGE, SMALLEST, random_duel, random_graph_crisis

Raw = dict[str, Any]


def graph(moves: dict[str, str], payoffs: dict[str, str]) -> Graph:
    """One-letter states; moves as `ab ba`, a payoff as the states from the worst to the best.

    States between brackets tie: in `a(bc)`, b and c are better than a and as good as each other.
    """
    grades: dict[str, dict[str, float]] = {}
    for actor, order in payoffs.items():
        grades[actor], grade, inside = {}, 0, False
        for sign in order:
            if sign in "()":
                inside = sign == "("
                grade += inside
            else:
                grade += not inside
                grades[actor][sign] = grade
    states = sorted(next(iter(grades.values())))
    tables: dict[str, dict[str, set[str]]] = {actor: {} for actor in payoffs}
    for actor, pairs in moves.items():
        for source, target in pairs.split():
            tables[actor].setdefault(source, set()).add(target)
    return Graph(states, tables, grades)


def letters(found: dict[str, set[Any]]) -> dict[str, str]:
    return {name: "".join(sorted(states)) for name, states in found.items()}


# ------------------------------------------------------------- published games of two actors
# a: both give way, b: only the second one does, c: only the first one does, d: neither does

TWO_BY_TWO = {"ann": "ab ba cd dc", "bob": "ac ca bd db"}


@functools.cache
def dilemma() -> Graph:
    return graph(TWO_BY_TWO, {"ann": "cdab", "bob": "bdac"})


@functools.cache
def chicken() -> Graph:
    return graph(TWO_BY_TWO, {"ann": "dcab", "bob": "dbac"})


def test_prisoners_dilemma_actor_by_actor() -> None:
    found = {concept: letters(stable) for concept, stable in stable_states(dilemma()).items()}
    assert found == {
        "nash": {"ann": "bd", "bob": "cd"},
        "gmr": {"ann": "abd", "bob": "acd"},
        "smr": {"ann": "abd", "bob": "acd"},
        "seq": {"ann": "abd", "bob": "acd"},
        "sseq": {"ann": "abd", "bob": "acd"},
    }


def test_prisoners_dilemma_has_the_published_equilibria() -> None:
    """Fang, Hipel and Kilgour 1993: the foresight of one countermove makes cooperation stable."""
    assert letters(equilibria(dilemma())) == {
        "nash": "d",
        "gmr": "ad",
        "smr": "ad",
        "seq": "ad",
        "sseq": "ad",
    }


def test_both_would_leave_the_trap_of_the_prisoners_together() -> None:
    assert stable_for_coalitions(dilemma())["nash"]["ann", "bob"] == set("abc")
    assert none_would_leave(dilemma()) == {
        "nash": set(),
        "gmr": {"a"},
        "smr": {"a"},
        "seq": {"a"},
        "sseq": {"a"},
    }


def test_chicken_has_the_published_equilibria() -> None:
    assert letters(equilibria(chicken())) == {
        "nash": "bc",
        "gmr": "abc",
        "smr": "abc",
        "seq": "bc",
        "sseq": "bc",
    }


@pytest.mark.parametrize(
    ("horizon", "ann", "bob"),
    [(0, "abcd", "abcd"), (1, "bc", "bc"), (2, "b", "c"), (3, "ab", "ac"), (8, "ab", "ac")],
)
def test_limited_moves_in_chicken(horizon: int, ann: str, bob: str) -> None:
    """One move ahead is nash; with two, whoever gave way alone hopes to win; with three, not."""
    assert letters(limited_move(chicken(), horizon)) == {"ann": ann, "bob": bob}


@pytest.mark.parametrize(("horizon", "ann"), [(1, "bd"), (2, "abd"), (3, "bd"), (4, "bd")])
def test_limited_moves_along_a_line(horizon: int, ann: str) -> None:
    """Only a to b, by ann, b to c, by bob, and c to d, by ann, are possible.

    From the worst to the best, ann has c a b d and bob b d a c. One ahead, ann goes from a to b.
    Two ahead she sees bob go on to c, and stays. Three ahead she sees him expect her to go on to
    d, which he still prefers to b, and so she goes.
    """
    line = graph({"ann": "ab cd", "bob": "bc"}, {"ann": "cabd", "bob": "bdac"})
    assert letters(limited_move(line, horizon)) == {"ann": ann, "bob": "acd"}


@pytest.mark.parametrize(("ann_prefers", "stable_two_ahead"), [("dacb", False), ("dcab", True)])
def test_limited_moves_go_for_what_comes_of_them(ann_prefers: str, stable_two_ahead: bool) -> None:
    """From a, ann can go to b, from where bob goes on to d, or to c, where things end."""
    fork = graph({"ann": "ab ac", "bob": "bd"}, {"ann": ann_prefers, "bob": "abdc"})
    assert "a" not in limited_move(fork, 1)["ann"]
    assert ("a" in limited_move(fork, 2)["ann"]) is stable_two_ahead


def test_limited_moves_are_refused_where_nobody_agrees_on_them() -> None:
    with pytest.raises(ValueError, match="two actors"):
        limited_move(graph(TWO_BY_TWO, {"ann": "cdab", "bob": "b(da)c"}), 2)
    with pytest.raises(ValueError, match="two actors"):
        limited_move(graph(TWO_BY_TWO, {"ann": "cdab", "bob": "bdac", "eve": "abcd"}), 2)


# ------------------------------------------------------------------- a published game of three


@functools.cache
def elmira() -> Graph:
    """The dispute over Elmira's aquifer: nine states; the ministry, the plant and the town.

    Hipel, Kilgour, Fang and Peng 1997: the ministry may modify its order, the plant accept it or
    close down, the town insist. State 9 is the plant closed.
    """
    return graph(
        {
            "ministry": "12 34 56 78",
            "plant": "13 19 24 29 39 49 57 59 68 69 79 89",
            "town": "15 26 37 48 51 62 73 84",
        },
        {"ministry": "962158437", "plant": "627395841", "town": "924681537"},
    )


def test_elmira_has_the_published_equilibria() -> None:
    found = letters(equilibria(elmira()))
    assert found["nash"] == found["seq"] == "589"
    assert found["gmr"] == found["smr"] == "14589"


def test_ministry_and_plant_leave_elmiras_status_quo_together() -> None:
    """Published: from 5 to 8 both gain, so of the three equilibria only 8 and 9 stay."""
    leaving = stable_for_coalitions(elmira())["nash"]["ministry", "plant"]
    assert "5" not in leaving
    assert letters(none_would_leave(elmira()))["nash"] == "89"


# ------------------------------------------------------------------------------ sanctions, by hand


def verdicts(graph: Graph, actor: str, state: str = "s") -> str:
    """The names of the concepts under which the state is stable for the actor."""
    tests = {"nash": is_nash, "gmr": is_gmr, "smr": is_smr, "seq": is_seq, "sseq": is_sseq}
    return " ".join(name for name, is_stable in tests.items() if is_stable(graph, actor, state))


def test_a_sanction_may_take_both_opponents() -> None:
    """Ann gains from s to t; bob goes on to u and only from there cal to z, which hurts her."""
    moves = {"ann": "st", "bob": "tu", "cal": "uz"}
    both = graph(moves, {"ann": "zstu", "bob": "stuz", "cal": "stuz"})
    assert verdicts(both, "ann") == "gmr smr seq sseq"
    idle = graph(moves, {"ann": "zstu", "bob": "stuz", "cal": "stzu"})
    assert verdicts(idle, "ann") == "gmr smr"  # cal would lose by the second step


def test_each_step_of_a_credible_sanction_improves_on_the_state_before_it() -> None:
    """Bob loses by t to u, whatever the end z is worth to him."""
    moves = {"ann": "st", "bob": "tu", "cal": "uz"}
    assert verdicts(graph(moves, {"ann": "zstu", "bob": "ustz", "cal": "stuz"}), "ann") == "gmr smr"


def test_an_opponent_may_move_twice_but_not_twice_in_a_row() -> None:
    """Bob can go t to u and v to z; only cal, who can go u to v, makes the two a sanction."""
    moves = {"ann": "st", "bob": "tu vz", "cal": "uv"}
    order = {"ann": "zstuv", "bob": "stuvz", "cal": "stuvz"}
    assert verdicts(graph(moves, order), "ann") == "gmr smr seq sseq"
    moves = {"ann": "st", "bob": "tu uz", "cal": "vz"}
    assert verdicts(graph(moves, order), "ann") == ""  # bob alone would have to move twice


def test_the_same_state_can_be_reached_by_two_movers_and_left_by_the_other() -> None:
    """Bob and cal can both go t to u; after bob's, bob may not go u to z, after cal's he may."""
    moves = {"ann": "st", "bob": "tu uz", "cal": "tu"}
    order = {"ann": "zstu", "bob": "stuz", "cal": "stuz"}
    assert verdicts(graph(moves, order), "ann") == "gmr smr seq sseq"
    unwilling = order | {"cal": "sutz"}
    assert verdicts(graph(moves, unwilling), "ann") == "gmr smr"


def test_a_sanction_is_weak_and_an_improvement_strict() -> None:
    moves = {"ann": "st", "bob": "tz"}
    assert verdicts(graph(moves, {"ann": "(sz)t", "bob": "stz"}), "ann") == "gmr smr seq sseq"
    assert verdicts(graph(moves, {"ann": "szt", "bob": "stz"}), "ann") == ""
    assert verdicts(graph(moves, {"ann": "(st)z", "bob": "stz"}), "ann") == (
        "nash gmr smr seq sseq"
    )
    assert verdicts(graph(moves, {"ann": "zst", "bob": "s(tz)"}), "ann") == "gmr smr"


def test_an_escape_undoes_the_sanction_it_starts_from() -> None:
    """From z ann can move on to e: better than s or not."""
    moves = {"ann": "st ze", "bob": "tz"}
    assert verdicts(graph(moves, {"ann": "zset", "bob": "stze"}), "ann") == "gmr seq"
    assert verdicts(graph(moves, {"ann": "zest", "bob": "stze"}), "ann") == "gmr smr seq sseq"
    assert verdicts(graph(moves, {"ann": "z(se)t", "bob": "stze"}), "ann") == "gmr smr seq sseq"


def test_an_escape_is_one_move() -> None:
    """From z ann can go to x and from there to e, but z to e is two moves in a row."""
    moves = {"ann": "st zx xe", "bob": "tz"}
    assert verdicts(graph(moves, {"ann": "zxset", "bob": "stzxe"}), "ann") == "gmr smr seq sseq"


def test_symmetric_sequential_is_more_than_symmetric_and_sequential() -> None:
    """Bob would go to y, which ann can escape from; z she cannot escape, but bob loses by it."""
    moves = {"ann": "st ye", "bob": "ty tz"}
    assert verdicts(graph(moves, {"ann": "zyset", "bob": "zstye"}), "ann") == "gmr smr seq"


def test_every_improvement_must_be_answered() -> None:
    """Ann has two ways to gain; bob can answer only one of them."""
    order = {"ann": "zstu", "bob": "stuz"}
    assert verdicts(graph({"ann": "st su", "bob": "tz"}, order), "ann") == ""
    assert verdicts(graph({"ann": "st su", "bob": "tz uz"}, order), "ann") == "gmr smr seq sseq"


# ----------------------------------------------------------------------------- coalitions, by hand


def test_a_coalition_moves_by_legal_sequences() -> None:
    """Bob, then ann, reach g, which both prefer; where bob alone must move twice, they do not."""
    order = {"ann": "smg", "bob": "msg"}
    free = stable_for_coalitions(graph({"ann": "mg", "bob": "sm"}, order))
    assert free["nash"]["ann", "bob"] == set("mg") - {"m"}
    stuck = stable_for_coalitions(graph({"bob": "sm mg", "ann": ""}, order))
    assert "s" in stuck["nash"]["ann", "bob"]
    assert "s" in stuck["nash"]["bob",]


def test_a_coalition_leaves_only_for_what_all_its_members_prefer() -> None:
    """Ann does not move, and yet it takes her consent."""
    moves = {"ann": "", "bob": "sg"}
    assert (
        "s" in stable_for_coalitions(graph(moves, {"ann": "gs", "bob": "sg"}))["nash"]["ann", "bob"]
    )
    assert (
        "s"
        not in stable_for_coalitions(graph(moves, {"ann": "sg", "bob": "sg"}))["nash"]["ann", "bob"]
    )


def test_one_loser_in_the_coalition_is_sanction_enough() -> None:
    """From g eve goes to h, no better than s for bob and better for ann; from h they can escape."""
    moves = {"ann": "sg", "bob": "", "eve": "gh"}
    order = {"ann": "sghe", "bob": "hsge", "eve": "sghe"}
    found = stable_for_coalitions(graph(moves, order))
    assert [c for c in CONCEPTS if "s" in found[c]["ann", "bob"]] == ["gmr", "smr", "seq", "sseq"]
    escape = stable_for_coalitions(graph(moves | {"bob": "he"}, order))
    assert [c for c in CONCEPTS if "s" in escape[c]["ann", "bob"]] == ["gmr", "seq"]
    gmr = found["gmr"]
    assert "s" not in gmr["ann", "bob", "eve"]  # nobody is left to sanction them


@pytest.mark.parametrize("seed", range(40))
def test_a_coalition_of_one_is_the_actor(seed: int) -> None:
    """Two definitions in the oracle, one of them for one actor, give the same."""
    drawn = graph_of(random_graph_crisis(seed, limit=24))
    alone, together = stable_states(drawn), stable_for_coalitions(drawn)
    for concept in CONCEPTS:
        for actor in drawn.actors:
            assert together[concept][actor,] == alone[concept][actor]


# --------------------------------------------------------------------------------- read from a file


def crisis(**more: Any) -> Raw:
    """Two actors; the second one may mass only after it has called up its reserves."""
    pace = {"decides": "every week", "looks_ahead": "30 days"}
    wish = {"aim": {"seeks": "b.mass", "weight": 1}}
    calm = {"from": "calm", "to": "storm", "rate": "every week"}
    raw = {
        "actors": {
            "a": {"options": {"go": ["no", "yes"]}, "interests": wish, **pace},
            "b": {
                "options": {
                    "call": {"irreversible": "up"},
                    "mass": {"requires": "call"},
                },
                "interests": {
                    "aim": {"seeks": "mass and not a.go", "weight": 2},
                    "cost": {"avoids": "call", "weight": 1},
                },
                **pace,
            },
        },
        "conditions": {"weather": {"levels": ["calm", "storm"], "changes": [calm]}},
        "never": ["weather == storm and a.go"],
    }
    return {**raw, **more}


def shown(moves: dict[Any, set[Any]]) -> list[str]:
    return sorted(f"{'/'.join(s)} {'/'.join(t)}" for s, ts in moves.items() for t in ts)


def test_requires_and_irreversible_make_moves_that_are_not_transitive() -> None:
    found = graph_of(crisis())
    assert len(found.states) == 8
    by_a = {(call, mass) for _, call, mass, _ in found.states}
    assert len(by_a) == 4
    for go in ("no", "yes"):
        moves = {
            (call, mass): {there[1:3] for there in found.moves["b"][go, call, mass, "calm"]}
            for call, mass in by_a
        }
        assert shown(moves) == [
            "no/no yes/no",
            "no/yes no/no",
            "no/yes yes/no",
            "no/yes yes/yes",
            "yes/no yes/yes",
            "yes/yes yes/no",
        ]


def test_conditions_stay_where_they_start_and_states_that_cannot_be_are_absent() -> None:
    found = graph_of(crisis(state={"weather": "storm"}))
    assert {state[0] for state in found.states} == {"no"}
    assert {state[3] for state in found.states} == {"storm"}
    assert all(not tos for tos in found.moves["a"].values())
    assert found.payoffs["b"]["no", "yes", "yes", "storm"] == 1


def test_a_held_option_is_a_part_of_the_graph() -> None:
    whole, held = graph_of(crisis()), graph_of(crisis(held={"b.call": "yes"}))
    part = whole.part(lambda state: state[1] == "yes")
    assert held.states == part.states
    assert held.moves == part.moves
    assert graph_of(crisis(), holding={"b.call": "yes"}).moves == part.moves


def with_preferences(**said: Any) -> dict[str, float]:
    raw = crisis()
    del raw["conditions"], raw["never"], raw["actors"]["b"]["interests"]
    raw["actors"]["b"] |= said
    values = graph_of(raw).payoffs["b"]
    return {"".join(level[0] for level in state): value for state, value in values.items()}


def order(values: dict[str, float]) -> list[str]:
    """States from best to worst, those that tie together; each as the first letters of levels."""
    grades = sorted(set(values.values()), reverse=True)
    return [" ".join(sorted(s for s, v in values.items() if v == grade)) for grade in grades]


def test_the_first_priority_outweighs_all_later_ones() -> None:
    found = with_preferences(priorities=["not a.go", {"prefers": "mass"}, "call"])
    assert order(found) == ["nyy", "nny", "nyn", "nnn", "yyy", "yny", "yyn", "ynn"]


def test_states_that_agree_on_all_priorities_tie() -> None:
    assert order(with_preferences(priorities=["mass or call"])) == [
        "nny nyn nyy yny yyn yyy",
        "nnn ynn",
    ]


def test_a_state_takes_the_place_of_the_first_entry_it_matches() -> None:
    ranking = [{"mass": "yes", "a.go": "no"}, [{"b.call": "no", "mass": "no"}, "a.go and mass"]]
    assert order(with_preferences(ranking=ranking)) == ["nny nyy", "nnn ynn yny yyy", "nyn yyn"]


@pytest.mark.parametrize(("small", "ties"), [(1e-10, True), (1e-8, False)])
def test_payoffs_that_hardly_differ_tie(small: float, ties: bool) -> None:
    found = with_preferences(interests={"aim": {"seeks": "mass", "weight": small}})
    assert found["nny"] != found["nnn"]
    raw = crisis()
    raw["actors"]["b"]["interests"] = {"aim": {"seeks": "mass", "weight": small}}
    drawn = graph_of(raw)
    mass, none = ("no", "yes", "yes", "calm"), ("no", "yes", "no", "calm")
    assert drawn.better("b", mass, none) is not ties
    assert is_nash(drawn, "b", none) is ties


# -------------------------------------------------------------------------------- the random graphs

DRAWN = 300


@functools.cache
def some(ordinal: bool = False) -> list[Graph]:
    return [graph_of(random_graph_crisis(seed, ordinal=ordinal)) for seed in range(DRAWN)]


@functools.cache
def results() -> list[dict[str, dict[str, set[Any]]]]:
    return [stable_states(drawn) for drawn in some()]


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_the_same_seed_gives_the_same_crisis_in_another_process() -> None:
    drawn = "[r.random_graph_crisis(7), r.random_duel(7)]"
    code = f"import json, random_graphs as r; print(json.dumps({drawn}))"
    there = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert json.loads(there) == [random_graph_crisis(7), random_duel(7)]
    assert random_graph_crisis(7) != random_graph_crisis(8)


def test_random_graphs_are_small_and_of_every_kind() -> None:
    sizes = [len(drawn.states) for drawn in some()]
    assert min(sizes) == SMALLEST
    assert 100 < max(sizes) <= LARGE
    assert {len(drawn.actors) for drawn in some()} == {2, 3, 4}
    text = json.dumps([random_graph_crisis(seed) for seed in range(DRAWN)])
    for feature in ("up", "down"):
        assert text.count(f'"irreversible": "{feature}"') > 20
    assert text.count('"irreversible": true') > 20
    for key in ("never", "held", "red_lines", "state"):
        assert text.count(f'"{key}":') > 10


def is_transitive(graph: Graph, actor: str) -> bool:
    moves = graph.moves[actor]
    return all(
        end == start or end in moves[start]
        for start in graph.states
        for middle in moves[start]
        for end in moves[middle]
    )


def test_moves_are_often_not_transitive_and_payoffs_often_tie() -> None:
    assert share([any(not is_transitive(g, a) for a in g.actors) for g in some()]) > 0.4
    assert share([not is_strict(g) for g in some()]) > 0.9
    varied = [len(set(g.payoffs[a].values())) > 1 for g in some() for a in g.actors]
    assert share(varied) > 0.95


def test_the_five_concepts_differ_from_each_other() -> None:
    for one, two in combinations(CONCEPTS, 2):
        assert share([found[one] != found[two] for found in results()]) > 0.3, (one, two)
    told = [
        found["sseq"][a] != found["seq"][a] & found["smr"][a]
        for found in results()
        for a in found["nash"]
    ]
    assert sum(told) > 20
    for concept in CONCEPTS:
        cells = sum(len(s) for found in results() for s in found[concept].values())
        assert 0.5 < cells / sum(len(g.states) * len(g.actors) for g in some()) < 0.85


def test_ordinal_crises_say_so_in_all_ways() -> None:
    blocks = [
        block
        for seed in range(DRAWN)
        for block in random_graph_crisis(seed, ordinal=True)["actors"].values()
    ]
    for key in ("priorities", "ranking", "interests"):
        assert share([key in block for block in blocks]) > 0.15
    assert 0.1 < share(["decides" not in block for block in blocks]) < 0.5
    assert not any(
        "priorities" in b or "ranking" in b
        for s in range(50)
        for b in random_graph_crisis(s)["actors"].values()
    )


def test_duels_are_strict_and_further_horizons_differ() -> None:
    duels = [graph_of(random_duel(seed)) for seed in range(60)]
    assert all(is_strict(duel) and len(duel.actors) == 2 for duel in duels)
    found = [[limited_move(duel, horizon) for horizon in range(1, 5)] for duel in duels]
    for place, (near, far) in enumerate(pairwise(range(1, 5))):
        assert share([each[near - 1] != each[far - 1] for each in found]) > 0.2, place
    for duel, each in zip(duels, found, strict=True):
        assert each[0] == stable_states(duel)["nash"]
