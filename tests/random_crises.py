"""Random crises in the form of a crisis file, for tests that compare two ways of answering.

`random_crisis` draws a whole crisis and `random_variant` a way to ask about it. Both are plain
nested dictionaries, the same for the same seed; ``json.dumps`` of a crisis is a valid file. What
is drawn is small (at most `SMALL` feasible states), but uses every feature that can change a
probability, in the forms in which a user may write it. Rates, horizons and weights are chosen so
that most answers are neither nearly 0 nor nearly 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import oracle

Raw = dict[str, Any]
Patch = tuple[str, Any]
State = tuple[str, ...]
Steps = dict[State, set[State]]

SMALL, LARGE = 120, 300
ACTORS = ("amber", "basalt", "cedar", "delta")
OPTIONS = ("press", "seal", "court", "mass", "strike")
CONDITIONS = ("front", "mood")
DEFINITIONS = ("clash", "lull", "alarm")
TWO_LEVELS = (("no", "yes"), ("no", "yes"), ("low", "high"), ("high", "low"), ("press", "yield_"))
THREE_LEVELS = (("none", "some", "full"), ("low", "mid", "high"), ("aside", "press", "mass"))
FORMS = ("within", "at", "throughout", "until")


def random_crisis(seed: int, *, small: bool = True) -> Raw:
    """Draw a crisis with at most `SMALL` (or else `LARGE`) feasible states."""
    rng = Random(f"a crisis, {seed}")
    raw = _variables(rng, SMALL if small else LARGE)
    _write_definitions(rng, raw)
    _write_conditions(rng, raw)
    _write_actors(rng, raw)
    _write_never(rng, raw)
    for holder in raw["actors"]:
        _write_beliefs(rng, raw, holder)
    _write_situations(rng, raw)
    _write_questions(rng, raw)
    if rng.random() < 0.15:
        raw["scale"] = {"minor": "0.4..1", "moderate": "1..2.5"}
    return raw


def random_variant(raw: Raw, seed: int) -> Raw:
    """Draw what to change when asking; every question's start stays feasible."""
    rng = Random(f"a variant, {seed}")
    variant: Raw = {}
    for key in ("holding", "starting"):
        if rng.random() < 0.3:
            variant[key] = _feasible_levels(rng, raw, variant, key)
    if rng.random() < 0.7:
        variant["depth"] = rng.choice((0, 1, 1, 2, 2, 3, 3, 4))
    if rng.random() < 0.3:
        paths = _sample(rng, _claims(raw), rng.choice((1, 1, 2)))
        variant["without"] = paths[0] if len(paths) == 1 else paths
    if rng.random() < 0.4:
        changes = dict(_patch_entry(rng, raw) for _ in range(rng.randint(1, 3)))
        dropped = variant.get("without", ())
        dropped = (dropped,) if isinstance(dropped, str) else tuple(dropped)
        variant["with"] = {p: value for p, value in changes.items() if not p.startswith(dropped)}
    if rng.random() < 0.4:
        names = rng.sample(list(raw["actors"]), rng.choice((1, 1, 2)))
        variant["seen_by"] = names[0] if len(names) == 1 else names
    return {key: value for key, value in variant.items() if value not in ({}, [])}


# ------------------------------------------------------------------------------- names and levels


def _variables(rng: Random, limit: int) -> Raw:
    """Actors with options and conditions with levels; nothing else yet."""
    number = rng.choice((2, 2, 3, 3, 4))
    while True:
        raw: Raw = {"crisis": "A random crisis", "actors": {}, "conditions": {}, "definitions": {}}
        for actor in ACTORS[:number]:
            names = rng.sample(OPTIONS, rng.choice((1, 1, 2)))
            raw["actors"][actor] = {"options": {name: _option_levels(rng) for name in names}}
        for condition in CONDITIONS[: rng.choice((0, 1, 1, 2))]:
            raw["conditions"][condition] = {"levels": _option_levels(rng)}
        if 16 <= math.prod(len(levels) for levels in _levels_of(raw).values()) <= limit:
            return _with_shadows(rng, raw)


def _option_levels(rng: Random) -> list[str]:
    return list(rng.choice(TWO_LEVELS if rng.random() < 0.6 else THREE_LEVELS))


def _with_shadows(rng: Random, raw: Raw) -> Raw:
    """Sometimes let a condition have the name of somebody's option."""
    if raw["conditions"] and rng.random() < 0.2:
        option = rng.choice([name for block in raw["actors"].values() for name in block["options"]])
        renamed = rng.choice(list(raw["conditions"]))
        raw["conditions"] = {
            option if name == renamed else name: block for name, block in raw["conditions"].items()
        }
    return raw


def _levels_of(raw: Raw) -> dict[str, list[str]]:
    options = {
        f"{actor}.{name}": said if isinstance(said, list) else said.get("levels", ["no", "yes"])
        for actor, block in raw["actors"].items()
        for name, said in block["options"].items()
    }
    return options | {name: block["levels"] for name, block in raw["conditions"].items()}


# --------------------------------------------------------------------------------------- statements


class _Scope(NamedTuple):
    """What a statement may name: variables as written there, and definitions."""

    variables: dict[str, list[str]]
    definitions: list[str]
    conditions: tuple[str, ...]


def _scope(rng: Random, raw: Raw, actor: str | None = None) -> _Scope:
    """The names inside an actor's block, or outside of all blocks."""
    own = set(raw["actors"][actor]["options"]) if actor else set()
    written = {}
    for name, levels in _levels_of(raw).items():
        owner, _, option = name.rpartition(".")
        if owner and owner == actor and rng.random() < 0.7:
            written[option] = levels
        elif owner or name not in own:
            written[name] = levels
    conditions = tuple(name for name in raw["conditions"] if name not in own)
    return _Scope(written, [name for name in raw["definitions"] if name not in own], conditions)


def _scope_anywhere(rng: Random, raw: Raw) -> _Scope:
    """Only names that mean the same in every block."""
    options = {name for block in raw["actors"].values() for name in block["options"]}
    outside = _scope(rng, raw)
    return _Scope(
        {name: levels for name, levels in outside.variables.items() if name not in options},
        [name for name in outside.definitions if name not in options],
        tuple(name for name in outside.conditions if name not in options),
    )


def _statement(rng: Random, scope: _Scope, size: int = 2) -> str:
    kind = rng.random() if size else 0.0
    if kind < 0.5:
        return _atom(rng, scope)
    if kind < 0.62:
        inner = _statement(rng, scope, size - 1)
        return f"not {inner}" if inner.isidentifier() else f"not ({inner})"
    if kind < 0.66:
        return f"({_atom(rng, scope)} {rng.choice(('and true', 'or false'))})"
    joint = rng.choice((" and ", " or "))
    parts = [_statement(rng, scope, size - 1) for _ in range(rng.choice((2, 2, 3)))]
    return joint.join(part if " " not in part else f"({part})" for part in parts)


def _atom(rng: Random, scope: _Scope) -> str:
    if scope.definitions and rng.random() < 0.2:
        return rng.choice(scope.definitions)
    name = rng.choice(list(scope.variables))
    return _about(rng, name, scope)


def _about(rng: Random, name: str, scope: _Scope) -> str:
    """One variable compared with a level, true for some levels and false for others."""
    levels = scope.variables[name]
    if levels == ["no", "yes"] and name not in scope.conditions and rng.random() < 0.6:
        return name
    comparison = rng.choice(("==", "==", "!=", "<", "<=", ">", ">=", "in"))
    if comparison == "in":
        chosen = rng.sample(levels, rng.randint(1, len(levels) - 1))
        return f"{name} in {{{', '.join(chosen)}}}"
    possible = {"<": levels[1:], ">=": levels[1:], ">": levels[:-1], "<=": levels[:-1]}
    return f"{name} {comparison} {rng.choice(possible.get(comparison, levels))}"


def _write_definitions(rng: Random, raw: Raw) -> None:
    """Later ones may use earlier ones; the file has them in any order."""
    written: dict[str, str] = {}
    for name in DEFINITIONS[: rng.choice((0, 1, 2, 2, 3))]:
        inside = _scope(rng, raw)._replace(definitions=list(written))
        if written and rng.random() < 0.6:
            used = rng.choice(list(written))
            written[name] = f"{used} {rng.choice(('and', 'or'))} {_about_any(rng, inside)}"
        else:
            written[name] = _statement(rng, inside)
    raw["definitions"] = dict(rng.sample(list(written.items()), len(written)))


def _about_any(rng: Random, scope: _Scope) -> str:
    name = rng.choice(list(scope.variables))
    return f"({_about(rng, name, scope)})"


# --------------------------------------------------------------------------------------- quantities


def _number(rng: Random, low: float, high: float) -> str:
    """A number or, one time in three, a range."""
    first = round(rng.uniform(low, high), 2)
    if rng.random() < 0.33:
        return f"{first}..{round(first * rng.uniform(1.1, 2), 2)}"
    return str(first)


def _plain(text: str) -> float | str:
    return text if ".." in text else float(text)


def _span(rng: Random, low: float, high: float) -> str:
    """A time between these numbers of days, in some unit."""
    kind = rng.random()
    if kind < 0.7:
        return f"{_number(rng, low, high)} days"
    if kind < 0.9:
        return f"{_number(rng, low / 7, high / 7)} weeks"
    return f"{_number(rng, low / 30.44, high / 30.44)} months"


def _every(rng: Random) -> str:
    return "every week" if rng.random() < 0.05 else f"every {_span(rng, 2, 14)}"


def _rate(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return f"every {_span(rng, 5, 40)}"
    if kind < 0.7:
        unit = rng.choice(("day", "week", "month"))
        factor = {"day": 1, "week": 7, "month": 30.44}[unit]
        return f"{_number(rng, 0.02 * factor, 0.15 * factor)} per {unit}"
    share = rng.choice(("70%", "40%", "55%", "30..60%", "20%..50%"))
    return f"{share} within {_span(rng, 4, 20)}"


def _weight(rng: Random) -> float | int | str:
    kind = rng.random()
    if kind < 0.3:
        return round(rng.uniform(0.2, 3), 2)
    if kind < 0.4:
        return rng.randint(1, 3)
    if kind < 0.6:
        return _plain(_number(rng, 0.3, 2))
    words = ("negligible", "minor", "minor", "moderate", "moderate", "major", "decisive")
    return rng.choice(words)


def _holds(rng: Random) -> float | str:
    numbers: tuple[float | str, ...] = (0.3, 0.75, 1, "0.6..0.9", "35%", "80%", "50..70%")
    words = ("likely", "very likely", "nearly certain", "unlikely", "improbable", "certain")
    return rng.choice(numbers + words + ("roughly even chance", "roughly even odds", "20%..60%"))


# -------------------------------------------------------------------------------- the file's blocks


def _write_conditions(rng: Random, raw: Raw) -> None:
    for block in raw["conditions"].values():
        pairs = [(a, b) for a in block["levels"] for b in block["levels"] if a != b]
        chosen = _sample(rng, pairs, rng.randint(1, min(4, len(pairs))))
        block["changes"] = [_change(rng, raw, *pair) for pair in chosen]


def _change(rng: Random, raw: Raw, source: str, target: str) -> Raw:
    change: Raw = {"from": source, "to": target, "rate": _rate(rng)}
    if rng.random() < 0.3:
        change["when"] = _statement(rng, _scope(rng, raw))
    if rng.random() < 0.4:
        change["times"] = [_factor(rng, raw) for _ in range(rng.choice((1, 1, 2)))]
    return change


def _factor(rng: Random, raw: Raw) -> Raw:
    factor = rng.choice((0.2, 0.5, 2, 3, "1.5..2.5", "0.3..0.7"))
    return {"factor": factor, "when": _statement(rng, _scope(rng, raw), 1)}


def _write_actors(rng: Random, raw: Raw) -> None:
    for actor, block in raw["actors"].items():
        scope = _scope(rng, raw, actor)
        for name, levels in block["options"].items():
            block["options"][name] = _option(rng, scope, levels)
        block["decides"] = _decides(rng, scope)
        block["looks_ahead"] = _span(rng, 8, 60)
        if rng.random() < 0.6:
            block["precision"] = rng.choice((0.4, 0.7, 1, 1.5, 3, "0.5..1", "1..2"))
        block["interests"] = {
            f"aim{number}": _interest(rng, scope, actor, main=number == 0)
            for number in range(rng.randint(1, 3))
        }
        if rng.random() < 0.45:
            block["red_lines"] = {"line": _red_line(rng, scope, actor)}


def _option(rng: Random, scope: _Scope, levels: list[str]) -> list[str] | Raw:
    terms: Raw = {}
    if rng.random() < 0.25:
        terms["irreversible"] = rng.choice(("up", "down", True))
    if rng.random() < 0.2:
        terms["requires"] = _statement(rng, scope, 1)
    if levels == ["no", "yes"] and rng.random() < 0.5:
        return terms
    return {"levels": levels, **terms} if terms or rng.random() < 0.2 else levels


def _decides(rng: Random, scope: _Scope) -> str | list[Raw]:
    if rng.random() < 0.5:
        return _every(rng)
    tempos = [
        {"every": _span(rng, 1, 20), "when": _statement(rng, scope, 1)}
        for _ in range(rng.choice((0, 1, 1, 2)))
    ]
    return [*tempos, {"every": _span(rng, 2, 14)}]


def _interest(rng: Random, scope: _Scope, actor: str, main: bool) -> Raw:
    text = _joint(rng, scope, actor) if main or rng.random() < 0.6 else _statement(rng, scope)
    value = _plain(_number(rng, 0.8, 2.5)) if main and rng.random() < 0.7 else _weight(rng)
    claim = {rng.choice(("seeks", "avoids")): text, "weight": value}
    if rng.random() < (0.1 if main else 0.5):
        claim["holds"] = _holds(rng)
    if rng.random() < 0.2:
        claim["because"] = "It was drawn."
    return claim


def _joint(rng: Random, scope: _Scope, actor: str) -> str:
    """Something that takes, or does not, both the actor itself and each of the others."""
    own, others = _split(scope, actor)
    owners = sorted({name.rpartition(".")[0] for name in others.variables})
    parts = [
        _about_any(rng, _narrowed(others, lambda name, o=owner: name.startswith(f"{o}.")))
        for owner in owners
    ]
    together = rng.choice((" and ", " or ")).join(parts)
    return f"{_about_any(rng, own)} {rng.choice(('and', 'and', 'or'))} ({together})"


def _split(scope: _Scope, actor: str) -> tuple[_Scope, _Scope]:
    """The actor's own options, and everybody else's: no condition, no definition."""

    def is_own(name: str) -> bool:
        owner = name.rpartition(".")[0]
        return owner == actor or (not owner and name not in scope.conditions)

    own = _narrowed(scope, is_own)
    return own, _narrowed(scope, lambda name: "." in name and name not in own.variables)


def _narrowed(scope: _Scope, wanted: Callable[[str], bool]) -> _Scope:
    return _Scope({n: levels for n, levels in scope.variables.items() if wanted(n)}, [], ())


def _red_line(rng: Random, scope: _Scope, actor: str) -> Raw:
    own, others = _split(scope, actor)
    line: Raw = {"if": _statement(rng, others, 1), "weight": _weight(rng)}
    if rng.random() < 0.85:
        line["then"] = _about_any(rng, own) if rng.random() < 0.6 else _statement(rng, scope, 1)
    if rng.random() < 0.3:
        line["holds"] = _holds(rng)
    return line


def _write_never(rng: Random, raw: Raw) -> None:
    """At most two statements; the default start and two thirds of the states stay possible."""
    everything = len(oracle.states(raw))
    kept: list[str] = []
    for _ in range(rng.choice((0, 1, 1, 2))):
        parts = [_about_any(rng, _scope(rng, raw)) for _ in range(2)]
        trial = {**raw, "never": [*kept, " and ".join(parts)]}
        if _can_start(trial, {}) and 3 * len(oracle.states(trial)) >= 2 * everything:
            kept = trial["never"]
    if kept:
        raw["never"] = kept


def _can_start(raw: Raw, variant: Raw) -> bool:
    try:
        oracle.start_state(raw, **variant)
    except KeyError:
        return False
    return True


# ------------------------------------------------------------------------------ patches and beliefs


def _patch_entry(rng: Random, raw: Raw, not_about: str | None = None, depth: int = 2) -> Patch:
    """A path and its new value; ``not_about`` is the actor whose belief it would be."""
    others = [actor for actor in raw["actors"] if actor != not_about]
    if depth and rng.random() < 0.3:
        holder = rng.choice(others)
        path, value = _patch_entry(rng, raw, holder, depth - 1)
        return f"{holder}.believes.{path}", value
    if raw["conditions"] and rng.random() < 0.2:
        condition = rng.choice(list(raw["conditions"]))
        change = rng.choice(raw["conditions"][condition]["changes"])
        return f"{condition}.{change['from']}.{change['to']}", _rate(rng)
    return _about_actor(rng, raw, rng.choice(others))


def _about_actor(rng: Random, raw: Raw, actor: str) -> Patch:
    block = raw["actors"][actor]
    kind = rng.random()
    if kind < 0.12:
        return f"{actor}.decides", _decides(rng, _scope_anywhere(rng, raw))
    if kind < 0.2:
        return f"{actor}.looks_ahead", _span(rng, 8, 60)
    if kind < 0.28:
        return f"{actor}.precision", rng.choice((0.5, 1, 2.5, "0.5..1.5"))
    section = rng.choice(("interests", "interests", "red_lines"))
    section = section if section in block else "interests"
    claim = rng.choice(["aim0", *block["interests"]] if section == "interests" else ["line"])
    if rng.random() < 0.25:
        return f"{actor}.{section}.{claim}.holds", _holds(rng)
    new = _weight(rng) if rng.random() < 0.5 else rng.choice((0, 3, 5))
    return f"{actor}.{section}.{claim}.weight", new


def _write_beliefs(rng: Random, raw: Raw, holder: str) -> None:
    if rng.random() < 0.65:
        entries = [_patch_entry(rng, raw, holder) for _ in range(rng.randint(1, 3))]
        raw["actors"][holder]["believes"] = {path: _explained(rng, v) for path, v in entries}


def _explained(rng: Random, value: Any) -> Any:
    return {"value": value, "because": "It was drawn."} if rng.random() < 0.3 else value


def _claims(raw: Raw) -> list[str]:
    """Everything that `without` may name."""
    return [
        f"{actor}.{section}.{name}"
        for actor, block in raw["actors"].items()
        for section in ("interests", "red_lines", "believes")
        for name in block.get(section, {})
    ]


# ------------------------------------------------------------------------ situations and questions


def _write_situations(rng: Random, raw: Raw) -> None:
    raw["situations"] = {}
    for name in ("spring", "autumn")[: rng.choice((0, 1, 2, 2))]:
        situation: Raw = {"as_of": "2026-01-10"}
        if rng.random() < 0.85:
            situation["state"] = _some_state(rng, raw)
        if rng.random() < 0.6:
            entries = [_patch_entry(rng, raw) for _ in range(rng.randint(1, 3))]
            situation["with"] = {path: _explained(rng, value) for path, value in entries}
        raw["situations"][name] = situation
    if not raw["situations"]:
        del raw["situations"]


def _some_state(rng: Random, raw: Raw) -> dict[str, str]:
    levels = _levels_of(raw)
    state = dict(zip(levels, rng.choice(oracle.states(raw)), strict=True))
    return {
        name: level
        for name, level in state.items()
        if level != levels[name][0] or rng.random() < 0.2
    }


def _write_questions(rng: Random, raw: Raw) -> None:
    raw["questions"] = {}
    for form in FORMS:
        question: Raw = {"asks": f"A question of the form {form}?", "resolves": "By the oracle."}
        if "situations" in raw and rng.random() < 0.6:
            question["situation"] = rng.choice(list(raw["situations"]))
        question |= _what_is_asked(rng, raw, form, question.get("situation"))
        raw["questions"][f"{form}_{len(raw['questions'])}"] = question


def _horizon(rng: Random) -> str:
    return rng.choice(
        ("5 days", "10 days", "20 days", "1 week", "2 weeks", "1 month", "0.1 years", "12.5 days")
    )


def _what_is_asked(rng: Random, raw: Raw, form: str, situation: str | None) -> Raw:
    """Statements and a time; mostly such that neither answer is certain at the start."""
    start, steps = oracle.start_state(raw, situation=situation), oracle.steps(raw)
    time = _horizon(rng)
    for _ in range(60):
        asked = {"event": _statement(rng, _scope(rng, raw)), form: time}
        if form == "until":
            asked["until"] = _statement(rng, _scope(rng, raw))
            asked["within"] = time
        if _is_open(raw, asked, form, start, steps) or rng.random() < 0.01:
            break
    return asked


def _is_open(raw: Raw, asked: Raw, form: str, start: State, steps: Steps) -> bool:
    """Whether the chain can both make the question true and keep it from being so."""
    event = oracle.where(raw, asked["event"])
    seen = _reachable(start, steps)
    if form == "at":
        return bool(seen & event and seen - event)
    if form == "within":
        return start not in event and bool(seen & event)
    if form == "throughout":
        return start in event and bool(seen - event)
    goal = oracle.where(raw, asked["until"])
    going_on = {state: steps[state] if state in event - goal else set() for state in steps}
    return start in event - goal and bool(_reachable(start, going_on) & goal)


def _reachable(start: State, steps: Steps) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        new = steps[waiting.pop()] - seen
        seen |= new
        waiting.extend(new)
    return seen


def _feasible_levels(rng: Random, raw: Raw, variant: Raw, key: str) -> dict[str, str]:
    """Levels for one or two variables that keep the start feasible in every situation."""
    taken = variant.get("holding", {})
    levels = {name: ls for name, ls in _levels_of(raw).items() if name not in taken}
    for _ in range(20):
        names = _sample(rng, list(levels), rng.choice((1, 1, 2)))
        chosen = {name: rng.choice(levels[name]) for name in names}
        trial = {**variant, key: chosen}
        if all(_can_start(raw, {**trial, "situation": s}) for s in _every_situation(raw)):
            return chosen
    return {}


def _every_situation(raw: Raw) -> list[str | None]:
    return [None, *raw.get("situations", {})]


def _sample(rng: Random, items: list, number: int) -> list:
    return rng.sample(items, min(number, len(items)))
