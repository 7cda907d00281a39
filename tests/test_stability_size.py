"""What stability needs is estimated before it is spent, and what is too large is refused."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from random_graphs import random_duel, random_graph_crisis
from standoff.crisis import Crisis, CrisisError
from standoff.game import TooLargeError
from standoff.game.graph import compile_graph
from standoff.game.size import check_graph_size, check_running_size
from standoff.solve import coalitions
from standoff.solve.coalitions import stable_for_coalitions
from standoff.solve.limited import limited_move, why_not_limited
from standoff.solve.stability import stable_states
from standoff.study.stability import find_coalitions, find_stable, graph_of
from strategies import loaded
from twice import PACE

Raw = dict[str, Any]


def sized(
    actors: int, options: int, *, claims: int = 3, conditions: int = 0, **terms: str
) -> Crisis:
    """So many actors of so many options each; claims about the choices of two actors."""
    raw: Raw = {"crisis": "Large", "actors": {}, "conditions": {}}
    names = [f"a{a}.o{o}" for a in range(actors) for o in range(options)]
    for actor in range(actors):
        block = {"options": {f"o{n}": dict(terms) for n in range(options)}, **PACE}
        block["interests"] = {
            f"i{n}": {
                "seeks": f"{names[(n + 5 * actor) % len(names)]} or "
                f"not {names[(2 * n + options * actor) % len(names)]}",
                "weight": 2**n,
            }
            for n in range(claims)
        }
        raw["actors"][f"a{actor}"] = block
    for number in range(conditions):
        changes = [
            {"from": "no", "to": "yes", "rate": "every 9 days", "when": "a0.o0"},
            {"from": "yes", "to": "no", "rate": "every 4 days"},
        ]
        raw["conditions"][f"c{number}"] = {"levels": ["no", "yes"], "changes": changes}
    return loaded(raw)


def estimated(check: Any, crisis: Crisis) -> int:
    """The least limit that is not refused."""
    low, high = 0, 2**50
    while high - low > 1:
        middle = (low + high) // 2
        try:
            check(crisis, middle)
            high = middle
        except TooLargeError:
            low = middle
    return high


@pytest.mark.parametrize(
    ("actors", "options", "claims", "terms"),
    [
        (4, 4, 3, {}),
        (2, 8, 12, {}),
        (8, 2, 20, {}),
        (2, 9, 5, {}),
        (1, 16, 3, {}),
        (4, 4, 5, {"requires": "not a1.o1"}),
        (2, 8, 3, {"irreversible": "up"}),
    ],
)
def test_what_is_estimated_is_about_what_is_needed(
    actors: int, options: int, claims: int, terms: dict[str, str]
) -> None:
    crisis = sized(actors, options, claims=claims, **terms)
    estimate = estimated(check_graph_size, crisis)
    tracemalloc.start()
    stable_states(compile_graph(crisis))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.1 < peak / estimate < 1


@pytest.mark.parametrize(("actors", "options", "conditions"), [(2, 7, 2), (4, 3, 3), (3, 4, 1)])
def test_running_conditions_need_more_and_that_is_estimated(
    actors: int, options: int, conditions: int
) -> None:
    """The factors of the equations are not traced, so that less is measured than is needed."""
    crisis = sized(actors, options, conditions=conditions)
    estimate = estimated(check_running_size, crisis)
    assert estimate > estimated(check_graph_size, crisis)
    tracemalloc.start()
    graph_of(crisis, "running")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.1 < peak / estimate < 1


MEASURED = """
import re, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_stability_size import sized
from standoff.study.stability import graph_of

def most_used():
    said = Path("/proc/self/status").read_text()
    return 1024 * int(re.search("VmHWM:[^0-9]*([0-9]+) kB", said)[1])

graph_of(sized(2, 2, conditions=1), "running")
before = most_used()
graph_of(sized(2, 7, conditions=3), "running")
print(most_used() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_the_factors_of_the_equations_are_in_the_estimate() -> None:
    script = MEASURED.format(tests=str(Path(__file__).parent))
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    estimate = estimated(check_running_size, sized(2, 7, conditions=3))
    assert 0.3 < int(ran.stdout) / estimate < 1.2


def test_a_refusal_names_the_states_the_need_the_limit_and_a_way_out() -> None:
    crisis = sized(3, 3)
    needed = estimated(check_graph_size, crisis)
    assert check_graph_size(crisis, needed) == 512
    with pytest.raises(TooLargeError) as refused:
        find_stable(crisis, memory=needed - 1)
    said = str(refused.value)
    assert "512 states" in said
    assert "more than the limit of" in said
    assert "Drop or hold some options or conditions, for example a2.o2 (2 levels)" in said
    assert "raise the limit (--memory)" in said
    assert find_stable(crisis, memory=needed).space.size == 512


def test_conditions_that_are_held_take_no_room_and_those_that_run_do() -> None:
    few, many = sized(3, 3, conditions=0), sized(3, 3, conditions=6)
    assert check_graph_size(many) == check_graph_size(few) == 512
    needed = estimated(check_graph_size, many)
    assert find_stable(many, memory=needed).space.size == 512
    assert check_running_size(many) == 512 * 64
    with pytest.raises(TooLargeError, match="32,768 states"):
        find_stable(many, conditions="running", memory=needed)
    enough = estimated(check_running_size, many)
    assert find_stable(many, conditions="running", memory=enough).space.size == 512
    still = many.holding(dict.fromkeys(many.conditions, "no"))
    assert find_stable(still, conditions="running", memory=needed).space.size == 512


@pytest.mark.parametrize(("actors", "options"), [(40, 1), (10, 4), (1, 40)])
def test_forty_options_are_refused_before_anything_is_spent(actors: int, options: int) -> None:
    crisis = sized(actors, options)
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="1,099,511,627,776 states"):
        find_stable(crisis)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


# -------------------------------------------------------------------------------- not computed


def test_coalitions_of_too_many_states_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only states that can be are counted."""
    for seed in range(12):
        graph = compile_graph(loaded(random_graph_crisis(seed, limit=16)))
        states = int(graph.space.feasible.sum())
        monkeypatch.setattr(coalitions, "MOST_STATES", states)
        assert stable_for_coalitions(graph, ["nash"])
        monkeypatch.setattr(coalitions, "MOST_STATES", states - 1)
        with pytest.raises(CrisisError, match=f"this one has {states}.*--holding"):
            stable_for_coalitions(graph, ["nash"])


def test_four_thousand_states_are_the_most_that_coalitions_are_computed_for() -> None:
    stability = find_stable(sized(2, 7))
    with pytest.raises(CrisisError, match="up to 4,096 states, and this one has 16,384"):
        find_coalitions(stability)


def test_limited_moves_are_refused_with_an_example_of_why() -> None:
    raw = random_duel(1)
    graph = compile_graph(loaded(raw))
    assert why_not_limited(graph) == ""
    with pytest.raises(CrisisError, match="at least 1 move ahead, not -1"):
        limited_move(graph, -1)
    pair = random_duel(1)
    claims = sorted(pair["actors"]["amber"]["interests"].values(), key=lambda aim: aim["weight"])
    claims[-1]["weight"] = claims[-2]["weight"]
    with pytest.raises(CrisisError, match="never indifferent between two states, and amber is"):
        limited_move(compile_graph(loaded(pair)), 2)
    three = compile_graph(sized(3, 1))
    with pytest.raises(CrisisError, match=r"not defined here: it needs two actors, and .* has 3"):
        limited_move(three, 2)
    tied = compile_graph(sized(2, 1, claims=1))
    with pytest.raises(CrisisError, match="never indifferent") as refused:
        limited_move(tied, 2)
    actor, one, other = _example(str(refused.value))
    assert one.keys() == other.keys()
    party = tied.party(actor)
    states = {
        tuple(sorted(levels.items())): party.rank[index]
        for index in tied.space
        if (levels := tied.space.state(index))
    }
    alike = [rank for levels, rank in states.items() if one.items() <= dict(levels).items()]
    others = [rank for levels, rank in states.items() if other.items() <= dict(levels).items()]
    assert set(alike) & set(others)


def _example(said: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Who is indifferent between which levels."""
    before, pair = said.split(" is, for example between ")
    one, other = (
        dict(level.split(" = ") for level in levels.split(", ")) for levels in pair.split(" and ")
    )
    return before.split()[-1], one, other
