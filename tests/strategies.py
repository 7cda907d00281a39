"""Hypothesis strategies: crises as plain dictionaries of the file's form, and games as arrays.

`crises` draws small crises that use every feature which can change a probability and that shrink
well. Every name in them is used for one thing only, every statement writes `actor.option` in full,
and a state with at most one variable off its default is always feasible. Only if asked for, some
actors put statements or states in an order instead of weighing claims; no forecast is made of that.

`flows` draws the generator of a chain without a crisis: any shape, any kind of mover.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from standoff.crisis import Crisis
from standoff.game import Axis, Drift, Game, Mover, Space
from standoff.solve._flow import Flow, Policy, tempo_gates

Raw = dict[str, Any]

ACTORS = ("ada", "bob", "cyd")
OPTIONS = ("push", "arm")
CONDITIONS = ("front", "mood")
LEVELS = (("no", "yes"), ("low", "mid", "high"))
FORMS = ("within", "at", "throughout", "until")
ORDERS = ("priorities", "ranking")
ASPECTS = ("weight", "weight", "holds", "precision", "decides", "nested")


def loaded(raw: Raw) -> Crisis:
    """The crisis that a dictionary describes: as a file of it would be read, but much sooner."""
    return Crisis.model_validate(raw)


# ----------------------------------------------------------------------------------------- crises


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers with one decimal: few digits, so that failing examples are easy to read."""
    return st.integers(low, high).map(lambda number: number / 10)


def spans(low: int, high: int) -> st.SearchStrategy[str]:
    """A number of days as text."""
    return tenths(low, high).map(lambda number: f"{number} days")


def levels_of(raw: Raw) -> dict[str, tuple[str, ...]]:
    """Every option as `actor.option` and every condition, with its levels."""
    options = {
        f"{actor}.{name}": tuple(option["levels"])
        for actor, block in raw["actors"].items()
        for name, option in block["options"].items()
    }
    return options | {name: tuple(block["levels"]) for name, block in raw["conditions"].items()}


def statements(levels: dict[str, tuple[str, ...]]) -> st.SearchStrategy[str]:
    """Statements over variables, nested a little; no atom is always true or always false."""
    atom = st.sampled_from(
        [
            f"{name} {sign} {level}"
            for name, known in levels.items()
            for sign in ("==", "!=", ">=", "<")
            for level in (known if sign in ("==", "!=") else known[1:])
        ]
    )
    joint = st.sampled_from(("({}) and ({})", "({}) or ({})", "not (({}) and ({}))"))
    pair = st.builds(str.format, joint, atom, atom)
    nested = st.builds(str.format, joint, pair, atom)
    return st.one_of(atom, atom.map("not ({})".format), pair, nested)


@st.composite
def crises(
    draw: st.DrawFn,
    *,
    actors: tuple[int, int] = (1, 3),
    conditions: tuple[int, int] = (0, 2),
    most_states: int = 40,
    believing: bool = True,
    ordinal: bool = False,
) -> Raw:
    """A whole crisis, with one situation and a question of each exact form."""
    raw: Raw = {"crisis": "Drawn", "actors": {}, "conditions": {}, "definitions": {}}
    for actor in ACTORS[: draw(st.integers(*actors))]:
        number = draw(st.integers(1, 2))
        raw["actors"][actor] = {"options": {n: draw(_options()) for n in OPTIONS[:number]}}
    for name in CONDITIONS[: draw(st.integers(*conditions))]:
        raw["conditions"][name] = {"levels": list(draw(st.sampled_from(LEVELS)))}
    _shrink_to(raw, most_states)
    levels = levels_of(raw)
    for name, condition in raw["conditions"].items():
        condition["changes"] = draw(_changes(name, levels))
    for actor, block in raw["actors"].items():
        _write_actor(draw, actor, block, levels)
        if ordinal and draw(st.integers(0, 2)):
            _order_instead(draw, block, levels)
    if draw(st.booleans()):
        raw["definitions"]["clash"] = draw(statements(levels))
    raw["never"] = draw(_never(levels))
    if believing:
        for actor, block in raw["actors"].items():
            block["believes"] = draw(patches(raw, believer=actor))
    raw["situations"] = {"later": draw(_situations(raw))}
    raw["questions"] = draw(_questions(raw))
    return raw


@st.composite
def _options(draw: st.DrawFn) -> Raw:
    option: Raw = {"levels": list(draw(st.sampled_from(LEVELS)))}
    kind = draw(st.sampled_from((None,) * 9 + ("up", "down", True)))
    if kind is not None:
        option["irreversible"] = kind
    return option


def _shrink_to(raw: Raw, most_states: int) -> None:
    """Make three levels two, from the end, until there are few enough states."""
    blocks = [o for block in raw["actors"].values() for o in block["options"].values()]
    for block in reversed(blocks + list(raw["conditions"].values())):
        if math.prod(len(levels) for levels in levels_of(raw).values()) > most_states:
            block["levels"] = list(LEVELS[0])


@st.composite
def _changes(draw: st.DrawFn, name: str, levels: dict[str, tuple[str, ...]]) -> list[Raw]:
    known = levels[name]
    pairs = [(a, b) for a in known for b in known if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=3, unique=True))
    changes = []
    for source, target in chosen:
        change: Raw = {"from": source, "to": target, "rate": f"every {draw(spans(20, 300))}"}
        if draw(st.booleans()):
            change["times"] = [{"factor": draw(tenths(2, 30)), "when": draw(statements(levels))}]
        if draw(st.integers(0, 3)) == 0:
            change["when"] = draw(statements(levels))
        changes.append(change)
    return changes


def _write_actor(
    draw: st.DrawFn, actor: str, block: Raw, levels: dict[str, tuple[str, ...]]
) -> None:
    some = statements(levels)
    first = next(iter(block["options"].values()))
    if draw(st.integers(0, 5)) == 0:
        first["requires"] = draw(some)
    block["decides"] = draw(_tempos(levels))
    block["looks_ahead"] = draw(spans(50, 600))
    block["precision"] = draw(tenths(3, 30))
    block["interests"] = {
        f"{actor}_aim{number}": {
            draw(st.sampled_from(("seeks", "avoids"))): draw(some),
            "weight": draw(tenths(1, 30)),
        }
        for number in range(draw(st.integers(1, 2)))
    }
    block["red_lines"] = {}
    if draw(st.booleans()):
        line = {"if": draw(some), "then": draw(some), "weight": draw(tenths(1, 40))}
        block["red_lines"][f"{actor}_line"] = line


def _order_instead(draw: st.DrawFn, block: Raw, levels: dict[str, tuple[str, ...]]) -> None:
    """Take an actor's weighted claims away, and perhaps its pace, and give it an order."""
    gone = ["interests", "red_lines"]
    if draw(st.booleans()):
        gone += ["decides", "looks_ahead", "precision"]
    for key in gone:
        del block[key]
    order = draw(st.sampled_from(ORDERS))
    block[order] = draw(orders(order, levels))


def orders(order: str, levels: dict[str, tuple[str, ...]]) -> st.SearchStrategy[list[Any]]:
    """Priorities or a ranking, with every form that an entry of them may have."""
    text = statements(levels)
    if order == "priorities":
        explained = text.map(lambda each: {"prefers": each, "because": "So it is said."})
        return st.lists(st.one_of(text, explained), min_size=1, max_size=4)
    pattern = st.one_of(text, patterns(levels))
    return st.lists(
        st.one_of(pattern, st.lists(pattern, min_size=1, max_size=2)), min_size=1, max_size=5
    )


def patterns(levels: dict[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, str]]:
    """Levels of some variables, at least one."""
    some = st.lists(st.sampled_from(sorted(levels)), min_size=1, max_size=3, unique=True)
    return some.flatmap(
        lambda names: st.fixed_dictionaries({n: st.sampled_from(levels[n]) for n in names})
    )


@st.composite
def _tempos(draw: st.DrawFn, levels: dict[str, tuple[str, ...]]) -> str | list[Raw]:
    if draw(st.booleans()):
        return f"every {draw(spans(10, 150))}"
    first = {"every": draw(spans(10, 150)), "when": draw(statements(levels))}
    return [first, {"every": draw(spans(10, 150))}]


@st.composite
def _never(draw: st.DrawFn, levels: dict[str, tuple[str, ...]]) -> list[str]:
    """Statements that are false wherever at most one variable is off its default."""
    if len(levels) < 2 or draw(st.booleans()):
        return []
    first, second = draw(st.lists(st.sampled_from(sorted(levels)), min_size=2, max_size=2,
                                  unique=True))  # fmt: skip
    top = levels[second][-1]
    return [f"{first} != {levels[first][0]} and {second} == {top}"]


@st.composite
def patches(draw: st.DrawFn, raw: Raw, *, believer: str | None = None, nested: bool = True) -> Raw:
    """New values by path; about everybody but the believer if there is one."""
    patch: Raw = {}
    for actor, block in raw["actors"].items():
        if actor == believer or draw(st.booleans()):
            continue
        claims = [f"interests.{name}" for name in block.get("interests", ())]
        claims += [f"red_lines.{name}" for name in block.get("red_lines", ())]
        kind = draw(st.sampled_from(ASPECTS))
        order = next((each for each in ORDERS if each in block), None)
        if order and (kind in ("weight", "holds") or (kind != "nested" and "decides" not in block)):
            patch[f"{actor}.{order}"] = draw(orders(order, levels_of(raw)))
            continue
        if kind in ("weight", "holds"):
            value = draw(tenths(0, 50) if kind == "weight" else st.sampled_from((0.2, 0.9)))
            patch[f"{actor}.{draw(st.sampled_from(claims))}.{kind}"] = value
        elif kind == "precision":
            patch[f"{actor}.precision"] = draw(tenths(3, 30))
        elif kind == "decides":
            patch[f"{actor}.decides"] = draw(_tempos(levels_of(raw)))
        elif nested:
            inner = draw(patches(raw, believer=actor, nested=False))
            patch |= {f"{actor}.believes.{path}": value for path, value in inner.items()}
    for name, condition in raw["conditions"].items():
        change = condition["changes"][0]
        if draw(st.integers(0, 3)) == 0:
            path = f"{name}.{change['from']}.{change['to']}"
            patch[path] = f"every {draw(spans(20, 300))}"
    return patch


@st.composite
def _situations(draw: st.DrawFn, raw: Raw) -> Raw:
    levels = levels_of(raw)
    situation: Raw = {"as_of": "2026-03-01", "with": draw(patches(raw))}
    name = draw(st.sampled_from(sorted(levels)))
    situation["state"] = {name: draw(st.sampled_from(levels[name]))}
    return situation


@st.composite
def _questions(draw: st.DrawFn, raw: Raw) -> Raw:
    levels = levels_of(raw)
    event, goal = draw(statements(levels)), draw(statements(levels))
    if raw["definitions"] and draw(st.booleans()):
        event = f"clash or ({event})"
    days = draw(spans(20, 400))
    questions: Raw = {}
    for form in FORMS:
        asked = {"within": days, "until": goal} if form == "until" else {form: days}
        questions[form] = {"asks": f"{form}?", "event": event, **asked}
    return questions


# ---------------------------------------------------------------------------------------- flows


@dataclass(frozen=True)
class DrawnFlow:
    """A flow and what it was made of: a mover may follow its policy in a share of decisions."""

    game: Game
    parts: tuple[tuple[Mover, Policy, float], ...]

    def built(self) -> Flow:
        return Flow.of(self.game, self.parts)


@st.composite
def flows(draw: st.DrawFn, *, most_states: int = 120, most_axes: int = 5) -> DrawnFlow:
    """Conditions on the first axes, actors on the others, of any lengths (one included)."""
    shape = draw(st.lists(st.integers(1, 5), min_size=1, max_size=most_axes))
    while math.prod(shape) > most_states:
        longest = max(shape)
        shape[shape.index(longest)] = longest - 1
    number = draw(st.integers(0, len(shape)))
    kinds = [draw(st.sampled_from(KINDS)) for _ in shape[number:]]
    shares = [draw(st.sampled_from((1.0, 0.6))) for _ in kinds]
    holes = draw(st.booleans())
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    return random_flow(rng, tuple(shape), kinds, shares, holes=holes)


KINDS = ("free", "tempo", "gated", "restricted")


def random_flow(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    kinds: list[str],
    shares: list[float],
    *,
    holes: bool,
) -> DrawnFlow:
    """A flow with random rates and policies; the last axes are the movers', one kind each."""
    feasible = rng.random(shape) > (0.2 if holes else -1)
    axes = tuple(Axis(f"x{i}", (), tuple((k,) for k in range(n))) for i, n in enumerate(shape))
    space = Space(axes, {}, feasible, {})
    first = len(shape) - len(kinds)
    drifts = [drift for axis in range(first) for drift in _random_drifts(rng, space, axis)]
    movers = [_random_mover(rng, space, first + i, kind) for i, kind in enumerate(kinds)]
    start = tuple(int(i) for i in np.argwhere(feasible)[0]) if feasible.any() else (0,) * len(shape)
    game = Game(space, tuple(movers), tuple(drifts), start, ())
    return DrawnFlow(
        game,
        tuple(
            (mover, _random_policy(rng, game, mover, share), share)
            for mover, share in zip(movers, shares, strict=True)
        ),
    )


def _random_drifts(rng: np.random.Generator, space: Space, axis: int) -> list[Drift]:
    shape = tuple(1 if i == axis else n for i, n in enumerate(space.shape))
    drifts = []
    for source in range(space.shape[axis]):
        for target in range(space.shape[axis]):
            if source != target and rng.random() < 0.7:
                kind = shape if rng.random() < 0.6 else (1,) * len(shape)
                rate = rng.random(kind)
                if not space.feasible.all():
                    both = space.feasible.take([source], axis) & space.feasible.take([target], axis)
                    rate = rate * both
                drifts.append(Drift(axis, source, target, rate))
    return drifts


def _random_mover(rng: np.random.Generator, space: Space, axis: int, kind: str) -> Mover:
    shape = [n if rng.random() < 0.5 else 1 for n in space.shape]
    if kind != "restricted":
        shape[axis] = space.shape[axis] if kind == "gated" else 1
    if kind == "free":
        shape = [1] * len(shape)
    outer, along, inner = space.lines(axis)
    allowed = None
    if kind == "restricted":
        allowed = rng.random((outer, along, along, inner)) < 0.6
        allowed &= space.feasible.reshape(outer, 1, along, inner)
        allowed[:, np.arange(along), np.arange(along)] = True
    return Mover(
        name=f"x{axis}",
        axis=axis,
        payoff=rng.normal(size=space.shape),
        rate=rng.choice([0.3, 0.5, 1.1], size=shape),
        discount=float(rng.uniform(0.02, 0.3)),
        precision=float(rng.uniform(0.5, 3)),
        allowed=allowed,
    )


def _random_policy(rng: np.random.Generator, game: Game, mover: Mover, share: float) -> Policy:
    lines = game.space.lines(mover.axis)
    if mover.allowed is not None:
        odds = rng.random(mover.allowed.shape) * mover.allowed
        return Policy((share * odds / odds.sum(axis=2, keepdims=True),))
    gates = tempo_gates(game, mover)
    feasible = game.space.feasible.reshape(lines)
    weights = []
    for _ in range(1 if gates is None else len(gates)):
        odds = rng.random(lines) * feasible
        total = odds.sum(axis=1, keepdims=True)
        weights.append(share * odds / np.where(total == 0, 1, total))
    return Policy(tuple(weights))
