"""What other programs get: the graph of states, and the strategic game."""

from __future__ import annotations

import io
import json
import re
import sys
from random import Random
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import graph_oracle
import random_graphs
import standoff
from standoff.crisis import CrisisError
from standoff.crisis.errors import StandoffError
from standoff.present.export_gambit import to_gambit
from standoff.present.export_graph import MissingExtraError, to_graphml, to_networkx
from standoff.study.stability import Stability, find_stable

SEEDS = range(60)
CONCEPTS = graph_oracle.CONCEPTS


def drawn(seed: int) -> tuple[Stability, graph_oracle.Graph]:
    """A random crisis, as the package and as the oracle see it."""
    raw = random_graphs.random_graph_crisis(seed, ordinal=bool(seed % 2), limit=48)
    return find_stable(standoff.loads(json.dumps(raw))), graph_oracle.graph_of(raw)


def walk(**more: Any) -> Stability:
    """Two neighbours, one of them with an order only, and the weather."""
    raw: dict[str, Any] = {
        "crisis": 'A "walk" <in> the\nhills & back',
        "actors": {
            "ann": {
                "name": "Ann",
                "decides": "every day",
                "looks_ahead": "9 days",
                "options": {"walks": ["no", "yes"], "sings": ["no", "yes"]},
                "interests": {
                    "air": {"seeks": "walks", "weight": 1.5},
                    "peace": {"avoids": "bob.shouts == loudly", "weight": 0.25},
                },
            },
            "bob": {
                "name": "Bob",
                "options": {"shouts": ["no", "softly", "loudly"]},
                "priorities": ["not ann.sings", "shouts == loudly"],
            },
        },
        "conditions": {"rain": {"levels": ["no", "yes"]}},
    }
    return find_stable(standoff.loads(json.dumps(raw | more)))


# The graph --------------------------------------------------------------------------------------


def test_the_graph_has_the_states_and_moves_of_the_definition() -> None:
    pytest.importorskip("networkx")
    for seed in SEEDS:
        stability, expected = drawn(seed)
        graph = to_networkx(stability)
        names = {".".join(state): state for state in expected.states}
        assert set(graph) == set(names), seed
        variables = graph.graph["variables"].split()
        for name, data in graph.nodes(data=True):
            assert tuple(data[variable] for variable in variables) == names[name]
        moves = {
            (".".join(here), ".".join(there), actor, expected.better(actor, there, here))
            for actor in expected.actors
            for here in expected.states
            for there in expected.moves[actor][here]
        }
        found = [
            (here, there, key, data["improvement"])
            for here, there, key, data in graph.edges(keys=True, data=True)
        ]
        assert set(found) == moves, seed
        assert len(found) == len(moves)
        assert all(key == data["actor"] for _, _, key, data in graph.edges(keys=True, data=True))


def test_its_nodes_say_who_finds_what_stable_by_the_definition() -> None:
    pytest.importorskip("networkx")
    for seed in SEEDS[::3]:
        stability, expected = drawn(seed)
        graph = to_networkx(stability)
        stable = graph_oracle.stable_states(expected)
        everybody = graph_oracle.equilibria(expected)
        for state in expected.states:
            data = graph.nodes[".".join(state)]
            for concept in CONCEPTS:
                for actor in expected.actors:
                    assert data[f"stable:{concept}:{actor}"] == (state in stable[concept][actor])
                assert data[f"equilibrium:{concept}"] == (state in everybody[concept])
            for actor in expected.actors:
                worse = [s for s in expected.states if expected.better(actor, state, s)]
                ranks = {graph.nodes[".".join(s)][f"rank:{actor}"] for s in worse}
                assert data[f"rank:{actor}"] == len(ranks) + 1
                ordinal = stability.crisis.actors[actor].ordinal
                assert (f"payoff:{actor}" in data) != ordinal
                if not ordinal:
                    payoff = expected.payoffs[actor][state]
                    assert data[f"payoff:{actor}"] == pytest.approx(payoff, abs=1e-8)
        starts = [name for name, data in graph.nodes(data=True) if data["is:start"]]
        assert starts == [graph.graph["start"]]


def test_a_graphml_file_is_read_by_networkx_as_the_same_graph() -> None:
    networkx = pytest.importorskip("networkx")
    for seed in SEEDS[::4]:
        stability, _ = drawn(seed)
        graph = to_networkx(stability)
        text = to_graphml(stability)
        again = networkx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
        assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
        assert list(again.edges(data=True)) == list(graph.edges(data=True))
        assert {k: v or "" for k, v in again.graph.items() if k in graph.graph} == graph.graph
        ends = [
            edge.get("id") for edge in ElementTree.fromstring(text).iter() if "edge" in edge.tag
        ]
        assert len(set(ends)) == len(ends)


def test_names_with_signs_of_xml_and_of_control_survive() -> None:
    text = to_graphml(walk(crisis='a "b" <c> & \x1b \uffff d'))
    root = ElementTree.fromstring(text)
    assert 'a "b" <c> & ? ? d' in [each.text for each in root.iter()]


def test_names_of_states_do_not_change_with_what_else_is_possible() -> None:
    few = to_graphml(walk(never=["ann.walks and bob.shouts == softly"]))
    many = to_graphml(walk())
    nodes = [set(re.findall(r'<node id="([^"]+)"', text)) for text in (few, many)]
    assert nodes[0] < nodes[1]
    assert (len(nodes[0]), len(nodes[1])) == (10, 12)
    assert "no.yes.loudly.no" in nodes[1]


def test_conditions_stay_as_they_are_and_views_are_told() -> None:
    crisis = walk().crisis.starting("rain", "yes")
    text = to_graphml(find_stable(crisis))
    assert "yes.yes.no.yes" in text
    assert "yes.yes.no.no" not in text
    assert "starting with rain = yes; holding rain = yes" in text


def test_the_same_crisis_gives_the_same_bytes_in_the_order_of_the_crisis() -> None:
    text = to_graphml(walk())
    assert text == to_graphml(walk())
    nodes = re.findall(r'<node id="([^"]+)"', text)
    edges = re.findall(r'source="([^"]+)" target="([^"]+)">\n.*>(\w+)</data>', text)
    assert len(edges) == 60
    assert edges == sorted(edges, key=lambda e: (nodes.index(e[0]), e[2], nodes.index(e[1])))


def test_only_the_concepts_asked_for_are_in_the_graph() -> None:
    text = to_graphml(find_stable(walk().crisis, concepts=("seq",)))
    assert re.findall(r'attr.name="equilibrium:(\w+)"', text) == ["seq"]


def test_a_graph_that_is_too_large_is_refused_unless_asked_for() -> None:
    stability = walk()  # 12 states; 12 * (3 + 2) moves
    assert to_graphml(stability, most=60).count("<edge") == 60
    with pytest.raises(StandoffError, match="more than 59 moves, and at most 59 are exported"):
        to_graphml(stability, most=59)
    with pytest.raises(StandoffError, match="the graph has 12 states, and at most 11 are"):
        to_graphml(stability, most=11)
    assert to_graphml(stability, most=None) == to_graphml(stability)


def test_without_networkx_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(MissingExtraError) as err:
        to_networkx(walk())
    assert str(err.value).endswith("NetworkX is not installed: `pip install 'standoff[graph]'`")
    assert isinstance(err.value, StandoffError)
    assert isinstance(err.value, ImportError)
    assert to_graphml(walk())


# The game ---------------------------------------------------------------------------------------


def parsed(text: str) -> tuple[list[str], list[list[str]], np.ndarray]:
    """Players, strategies, and payoffs with one axis per player and a last one for whose they are.

    Read as Gambit documents the format: the strategy of the first player changes fastest.
    """
    words = re.findall(r'"[^"]*"|[{}]|[^\s{}"]+', text)
    assert words[:3] == ["NFG", "1", "R"]
    groups: list[list[str]] = []
    depth, rest = 0, []
    for word in words[4:]:
        if word == "{":
            depth += 1
            groups.append([])
        elif word == "}":
            depth -= 1
        elif depth:
            groups[-1].append(word.strip('"'))
        else:
            rest.append(word)
    players, _, *strategies = groups
    numbers = [float(word) for word in rest[1:]]  # after the comment
    shape = [len(each) for each in strategies]
    table = np.array(numbers).reshape([*reversed(shape), len(players)])
    return players, strategies, table.transpose([*reversed(range(len(shape))), len(shape)])


def pure_equilibria(payoffs: np.ndarray) -> set[tuple[int, ...]]:
    """Where nobody has a better strategy against those of the others, by the definition."""
    players = range(payoffs.ndim - 1)
    return {
        here
        for here in np.ndindex(payoffs.shape[:-1])
        if not any(
            payoffs[(*here[:i], other, *here[i + 1 :], i)] > payoffs[(*here, i)]
            for i in players
            for other in range(payoffs.shape[i])
        )
    }


def free_for_all(seed: int) -> Stability:
    """A random crisis in which everybody can do what it likes; half of them weigh, half rank."""
    rng = Random(f"free, {seed}")
    options = {
        name: {f"o{k}": ["a", "b", "c"][: rng.choice((2, 2, 3))] for k in range(rng.choice((1, 2)))}
        for name in "pqrs"[: rng.choice((2, 3, 3, 4))]
    }
    levels = [(f"{n}.{o}", level) for n, own in options.items() for o in own for level in own[o]]
    raw: dict[str, Any] = {"crisis": "free", "actors": {}, "conditions": {"w": ["no", "yes"]}}
    for name, own in options.items():
        wanted = [f"{v} == {x} or {u} != {y}" for (v, x), (u, y) in
                  (rng.sample(levels, 2) for _ in range(4))]  # fmt: skip
        block: dict[str, Any] = {"options": own}
        if rng.random() < 0.5:
            block["priorities"] = wanted
        else:
            block |= {"decides": "every day", "looks_ahead": "1 day"}
            block["interests"] = {
                f"i{k}": {"seeks": text, "weight": rng.randint(1, 40) / 8}
                for k, text in enumerate(wanted)
            }
        raw["actors"][name] = block
    return find_stable(standoff.loads(json.dumps(raw)), concepts=("nash",))


def test_a_game_has_the_strategies_and_payoffs_of_the_crisis() -> None:
    players, strategies, payoffs = parsed(to_gambit(walk()))
    assert players == ["Ann", "Bob"]
    assert strategies == [
        [
            "walks=no, sings=no",
            "walks=no, sings=yes",
            "walks=yes, sings=no",
            "walks=yes, sings=yes",
        ],
        ["shouts=no", "shouts=softly", "shouts=loudly"],
    ]
    ann = [[0, 0, -0.25], [0, 0, -0.25], [1.5, 1.5, 1.25], [1.5, 1.5, 1.25]]
    bob = [[3, 3, 4], [1, 1, 2], [3, 3, 4], [1, 1, 2]]
    assert payoffs[..., 0].tolist() == ann
    assert payoffs[..., 1].tolist() == bob


def test_equilibria_of_the_game_are_nash_equilibria_of_the_crisis() -> None:
    found = 0
    for seed in SEEDS:
        stability = free_for_all(seed)
        _, strategies, payoffs = parsed(to_gambit(stability))
        expected = stability.equilibria("nash")
        assert [len(each) for each in strategies] == list(expected.shape[1:])
        wanted = {tuple(int(i) for i in index[1:]) for index in np.argwhere(expected)}
        assert pure_equilibria(payoffs) == wanted, seed
        found += len(wanted)
    assert found > len(SEEDS)


def test_gambit_reads_the_game() -> None:
    gambit = pytest.importorskip("pygambit")
    for stability in [walk(), *map(free_for_all, SEEDS[:10])]:
        text = to_gambit(stability)
        game = gambit.read_nfg(io.BytesIO(text.encode()))
        players, strategies, payoffs = parsed(text)
        assert [player.label for player in game.players] == players
        assert [[s.label for s in player.strategies] for player in game.players] == strategies
        for index in np.ndindex(payoffs.shape[:-1]):
            outcome = game[index]
            for i, player in enumerate(game.players):
                assert float(outcome[player]) == pytest.approx(payoffs[(*index, i)], abs=1e-12)


def test_the_comment_says_what_payoffs_mean() -> None:
    assert "The payoffs of Bob are ranks (1 is worst): only their order" in to_gambit(walk())
    assert to_gambit(walk()).count("weight units") == 1
    ranked = to_gambit(find_stable(standoff.load("prisoners-dilemma"), concepts=()))
    assert "weight units" not in ranked
    held = to_gambit(find_stable(walk().crisis.holding("ann.sings", "yes")))
    assert "Of the crisis holding ann.sings = yes; holding rain = no." in held
    assert parsed(held)[1][0] == ["walks=no, sings=yes", "walks=yes, sings=yes"]


def test_titles_and_names_are_one_line_without_quotation_marks() -> None:
    text = to_gambit(walk())
    assert text.startswith("NFG 1 R \"A 'walk' <in> the hills & back\"\n")
    assert text.isascii()
    assert "  " not in "".join(re.findall('"[^"]*"', text))


@pytest.mark.parametrize(
    ("names", "key", "players"),
    [
        (("Ann", "Ann"), "bob", ["ann", "bob"]),
        (("Änn", "Bob “B” O’Shea"), "bob", ["Ann", "Bob 'B' O'Shea"]),
        (("Анна", "Bob"), "bob", ["ann", "bob"]),
        (("Анна", "Боб"), "боб", ["player 1", "player 2"]),
        (("Who?", "Bob"), "bob", ["Who?", "Bob"]),
    ],
)
def test_names_that_gambit_cannot_read_are_replaced_all_in_one_way(
    names: tuple[str, str], key: str, players: list[str]
) -> None:
    text = json.dumps(walk().crisis.data(), ensure_ascii=False).replace('"bob', f'"{key}')
    raw = json.loads(text)
    for actor, name in zip(raw["actors"].values(), names, strict=True):
        actor["name"] = name
    found = to_gambit(find_stable(standoff.loads(json.dumps(raw))))
    assert parsed(found)[0] == players
    assert found.isascii()


def test_levels_that_gambit_cannot_read_are_numbered() -> None:
    text = json.dumps(walk().crisis.data(), ensure_ascii=False).replace("softly", "тихо")
    _, strategies, _ = parsed(to_gambit(find_stable(standoff.loads(text))))
    assert strategies[1] == ["strategy 1", "strategy 2", "strategy 3"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"never": ["rain", "ann.walks and bob.shouts == loudly"]},
            "every combination of strategies can happen; here `never` rules some out: "
            "ann.walks and bob.shouts == loudly",
        ),
        (
            {"options": {"shouts": {"levels": ["no", "softly"], "irreversible": "up"}}},
            "bob cannot always move as it likes (`irreversible` or `requires` of bob.shouts), and",
        ),
        ({"alone": True}, "there is only one actor: a strategic game has two or more players"),
    ],
)
def test_what_is_no_strategic_game_is_refused(change: dict[str, Any], message: str) -> None:
    data = json.loads(json.dumps(walk().crisis.data()))
    if change.pop("alone", False):
        del data["actors"]["bob"], data["actors"]["ann"]["interests"]["peace"]
    if "options" in change:
        data["actors"]["bob"] |= {"options": change["options"], "priorities": ["not ann.sings"]}
        data["actors"]["ann"]["interests"]["peace"]["avoids"] = "bob.shouts == softly"
        change = {}
    with pytest.raises(CrisisError) as err:
        to_gambit(find_stable(standoff.loads(json.dumps(data | change))))
    assert message in str(err.value)


def test_a_limit_that_never_binds_does_not_matter() -> None:
    data = json.loads(json.dumps(walk().crisis.data()))
    data["actors"]["bob"]["options"]["shouts"] = {
        "levels": ["no", "softly", "loudly"],
        "requires": "ann.walks or not ann.walks",
    }
    free = to_gambit(find_stable(standoff.loads(json.dumps(data))))
    assert free == to_gambit(walk())


def test_a_game_that_is_too_large_is_refused_unless_asked_for() -> None:
    with pytest.raises(StandoffError, match="the game has 12 states, and at most 11 are exported"):
        to_gambit(walk(), most=11)
    assert to_gambit(walk(), most=12) == to_gambit(walk(), most=None)
