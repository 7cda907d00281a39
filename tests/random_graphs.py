"""Random crises for tests of stability, in the form of a crisis file: plain nested dictionaries.

`random_graph_crisis` draws a crisis of two to four actors and at most `LARGE` states once its
conditions are held; most are much smaller. What matters to stability is frequent in it: ties, few
payoffs that say the same about all states, moves that cannot be undone, moves that become possible
only after another one (so that two steps reach what one step does not), states that cannot be.
`random_duel` draws two actors who are never indifferent, as limited moves need them. The same
seed gives the same crisis.
"""

from __future__ import annotations

import copy
import math
from random import Random
from typing import Any

import oracle
import random_crises as drawn

Raw = dict[str, Any]

SMALLEST, LARGE, TABLE, DUEL = 4, 150, 16, 24
LIMITS = (8, 12, 16, 24, 24, 36, 48, 48, LARGE)
ACTORS = (2, 2, 3, 3, 4)
WEIGHTS = (1, 1, 1, 2, 2, 3)


def random_graph_crisis(seed: int, *, ordinal: bool = False, limit: int | None = None) -> Raw:
    """Draw a crisis; with ``ordinal`` some actors only rank the states."""
    rng = Random(f"a graph, {seed}")
    limit = limit or rng.choice(LIMITS)
    while True:
        raw = _setting(rng, rng.choice([n for n in ACTORS if 2**n <= limit]), limit)
        states = states_of(raw)
        if SMALLEST <= len(states) <= limit:
            break
    for actor in raw["actors"]:
        _write_preferences(rng, raw, actor, states, ordinal)
    return raw


def random_duel(seed: int) -> Raw:
    """Draw a crisis of two actors, each of whom has a strict order of all states."""
    rng = Random(f"a duel, {seed}")
    while True:
        raw = _setting(rng, 2, DUEL)
        states = states_of(raw)
        if len(states) >= SMALLEST:
            break
    for block in raw["actors"].values():
        order = rng.sample(range(len(states)), len(states))
        block["interests"] = table(raw, states, order)
    return raw


def unbound(raw: Raw, actor: str) -> Raw:
    """The crisis in which this actor can go from any combination of its levels to any other."""
    other = copy.deepcopy(raw)
    options = other["actors"][actor]["options"]
    for name, said in options.items():
        if isinstance(said, dict):
            options[name] = said["levels"]
    return other


# ------------------------------------------------------------------------------ states and moves


def _setting(rng: Random, actors: int, limit: int) -> Raw:
    """Everything but what the actors want."""
    raw = _variables(rng, actors, limit)
    if rng.random() < 0.3:
        drawn._write_definitions(rng, raw)
    drawn._write_conditions(rng, raw)
    free = rng.choice((0, 0, 0, 0, 0.3, 1))
    for actor, block in raw["actors"].items():
        if rng.random() >= free:
            _write_options(rng, raw, actor)
        block |= {"decides": "every week", "looks_ahead": "30 days"}
    if rng.random() < 0.6:
        raw["never"] = [_never(rng, raw) for _ in range(rng.choice((1, 1, 2, 3)))]
    _write_start(rng, raw)
    return raw


def _variables(rng: Random, actors: int, limit: int) -> Raw:
    raw: Raw = {"crisis": "A random graph", "actors": {}, "conditions": {}, "definitions": {}}
    for actor in drawn.ACTORS[:actors]:
        names = rng.sample(drawn.OPTIONS, rng.choice((1, 2, 2, 2, 3)))
        raw["actors"][actor] = {"options": {name: drawn._option_levels(rng) for name in names}}
    while _size(raw) > limit:
        options = rng.choice(list(raw["actors"].values()))["options"]
        if large := [name for name, levels in options.items() if len(levels) > 2]:
            options[large[0]] = list(rng.choice(drawn.TWO_LEVELS))
        elif len(options) > 1:
            options.popitem()
    if rng.random() < 0.2:
        raw["conditions"]["front"] = {"levels": drawn._option_levels(rng)}
    return raw


def _size(raw: Raw) -> int:
    return math.prod(len(levels) for levels in drawn._levels_of(raw).values())


def _write_options(rng: Random, raw: Raw, actor: str) -> None:
    """Levels, and what may not be done; often one move prepares another."""
    options = raw["actors"][actor]["options"]
    before = dict(zip([*options][1:], options, strict=False))
    first = {name: levels[0] for name, levels in options.items()}
    is_ladder = rng.random() < 0.85
    for option, levels in list(options.items()):
        terms: Raw = {}
        if rng.random() < 0.15:
            terms["irreversible"] = rng.choice(("up", "down", True))
        if is_ladder and option in before:
            terms["requires"] = (
                f"{before[option]} {rng.choice(('!=', '!=', '!=', '=='))} {first[before[option]]}"
            )
        elif rng.random() < 0.4:
            terms["requires"] = _required(rng, raw, actor)
        options[option] = {"levels": levels, **terms} if terms else levels


def _required(rng: Random, raw: Raw, actor: str) -> str:
    """Mostly about the actor's own options."""
    scope = drawn._scope(rng, raw, actor)
    own, others = drawn._split(scope, actor)
    parts = [drawn._about_any(rng, own if rng.random() < 0.7 else others)]
    if rng.random() < 0.25:
        parts.append(drawn._about_any(rng, scope))
    return rng.choice((" and ", " or ")).join(parts)


def _never(rng: Random, raw: Raw) -> str:
    scope = drawn._scope(rng, raw)
    return " and ".join(drawn._about_any(rng, scope) for _ in range(rng.choice((2, 2, 3))))


def _write_start(rng: Random, raw: Raw) -> None:
    """Sometimes elsewhere than at the first levels, and sometimes with an option that is held."""
    levels = drawn._levels_of(raw)
    if rng.random() < 0.6:
        names = drawn._sample(rng, list(levels), 3)
        raw["state"] = {name: rng.choice(levels[name]) for name in names}
    if rng.random() < 0.1:
        name = rng.choice([name for name in levels if "." in name])
        raw["held"] = {name: rng.choice(levels[name])}


def states_of(raw: Raw) -> list[dict[str, str]]:
    """The states that the graph has, as levels by variable; none if the start cannot be."""
    world = oracle.World(oracle.prepared(raw, {}))
    start = {**raw.get("state", {}), **raw.get("held", {})}
    try:
        first = world.states[world.start(start)]
    except KeyError:
        return []
    still = {world.place[name] for name in (*raw["conditions"], *raw.get("held", {}))}
    return [
        dict(zip(world.variables, state, strict=True))
        for state in world.states
        if all(state[place] == first[place] for place in still)
    ]


# ------------------------------------------------------------------------------------ preferences


def _write_preferences(
    rng: Random, raw: Raw, actor: str, states: list[dict[str, str]], ordinal: bool
) -> None:
    block, kind = raw["actors"][actor], rng.random()
    if ordinal and kind < 0.5:
        if rng.random() < 0.5:
            del block["decides"], block["looks_ahead"]
        if kind < 0.25:
            block["priorities"] = [_priority(rng, raw, actor) for _ in range(rng.randint(2, 5))]
        else:
            block["ranking"] = _ranking(rng, raw, actor, states)
        return
    if len(states) <= TABLE and rng.random() < 0.5:
        most = rng.choice((2, 4, 9))
        grades = [rng.randint(0, most) for _ in states]
        block["interests"] = table(raw, states, grades)
        return
    scope = drawn._scope(rng, raw, actor)
    if rng.random() < 0.3:
        claims = [drawn._interest(rng, scope, actor, main=True) for _ in range(3)]
    else:
        claims = [_plain_interest(rng, raw, actor) for _ in range(rng.randint(3, 7))]
    block["interests"] = {f"aim{number}": claim for number, claim in enumerate(claims)}
    if rng.random() < 0.2:
        block["red_lines"] = {"line": drawn._red_line(rng, scope, actor)}


def _plain_interest(rng: Random, raw: Raw, actor: str) -> Raw:
    """One of few weights for what two or three variables do together."""
    return {rng.choice(("seeks", "avoids")): _joint(rng, raw, actor), "weight": rng.choice(WEIGHTS)}


def _joint(rng: Random, raw: Raw, actor: str) -> str:
    scope = drawn._scope(rng, raw, actor)
    own, others = drawn._split(scope, actor)
    parts = [drawn._about_any(rng, own), drawn._about_any(rng, others)]
    if rng.random() < 0.4:
        parts.append(drawn._about_any(rng, scope))
    return rng.choice((" and ", " and ", " or ")).join(parts)


def table(raw: Raw, states: list[dict[str, str]], grades: list[int]) -> Raw:
    """One interest per state, so that any order of the states can be had."""
    return {
        f"aim{number}": {"seeks": _exactly(raw, state), "weight": grade}
        for number, (state, grade) in enumerate(zip(states, grades, strict=True))
        if grade
    }


def _exactly(raw: Raw, state: dict[str, str]) -> str:
    moving = {name: level for name, level in state.items() if name not in raw["conditions"]}
    return " and ".join(f"{name} == {level}" for name, level in moving.items())


def _priority(rng: Random, raw: Raw, actor: str) -> str | Raw:
    text = _joint(rng, raw, actor)
    return {"prefers": text, "because": "It was drawn."} if rng.random() < 0.3 else text


def _ranking(rng: Random, raw: Raw, actor: str, states: list[dict[str, str]]) -> list[Any]:
    """Patterns that leave some states out, with one entry for others before and after them."""
    entries: list[Any] = []
    for _ in range(rng.randint(2, 7)):
        patterns = [_pattern(rng, raw, actor, states) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        entries.append(patterns if len(patterns) > 1 or rng.random() < 0.2 else patterns[0])
    return entries


def _pattern(
    rng: Random, raw: Raw, actor: str, states: list[dict[str, str]]
) -> str | dict[str, str]:
    if rng.random() < 0.3:
        return _joint(rng, raw, actor)
    state = rng.choice(states)
    moving = [name for name in state if name not in raw["conditions"]]
    named = rng.sample(moving, rng.randint(1, min(3, len(moving))))
    return {_written(rng, name, actor): state[name] for name in named}


def _written(rng: Random, name: str, actor: str) -> str:
    """An actor may leave its own name out."""
    return name.removeprefix(f"{actor}.") if rng.random() < 0.4 else name
