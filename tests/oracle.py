"""The definitions of behaviour in time, written a second time: explicit states, dense matrices.

Nothing here is shared with the package, nothing is clever, and everything costs at least the
square of the number of states. It reads the plain nested dictionary that a crisis file holds.

States. A state is a tuple with one level per variable: all options in file order, then all
conditions. The states are those of the product in which no ``never`` statement is true.

Moves. ``moves[i][s, t]`` is true where actor i can go from s to t in one decision: s and t differ
in its own options at most, none of them is held, no ``irreversible`` is broken, and the
``requires`` of every option that rises is true in s.

Payoffs. ``u_i`` sums the central weights of i's interests (plus where a sought statement is true,
minus where an avoided one is) and subtracts a red line's weight where its ``if`` is true and its
``then`` is not. A claim whose central ``holds`` is under one half counts for nothing.

One actor's problem. With r = 1 / looks_ahead, L(s) = 1 / (mean days to its next decision in s),
b(s) = precision (r + L(s)) and G the generator of all that it does not control,

    r V = u + L (M[V] - V) + G V,        M[V](s) = log(mean_{t in moves(s)} exp(b(s) V(t))) / b(s).

The derivative of M is the logit policy P(t|s) = exp(b(s) V(t)) / sum, so Newton's step from V is
the linear system (r + L - L P - G) V' = u + L (M[V] - P V). M is convex and the matrix is a
strictly dominant M-matrix, so from any start the steps rise monotonically (after the first one) to
the only solution; they stop at rounding error and the residual is then checked.

The hierarchy. policy(C, i, 0) stays. policy(C, i, k) solves i's problem in C as seen by i, where
G holds the conditions' rates and, for every other j, L_j (sum_{l<k} f(l) policy(view, j, l) - 1),
with f proportional to the Poisson density of mean tau.

The forecast. The generator is Q = sum_i L_i (policy(C, i, K) - 1) + conditions, and the answers are
entries of exp(Q T), with the rows of Q set to zero in the states where a question is decided.
"""

from __future__ import annotations

import ast
import copy
import functools
import itertools
import json
import math
import operator
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import expm

Raw = dict[str, Any]
State = tuple[str, ...]

DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
SCALE = {
    "negligible": "0..0.5",
    "minor": "0.5..1.5",
    "moderate": "1.5..3",
    "major": "3..6",
    "decisive": "6..12",
}
LIKELIHOODS = {
    "almost no chance": "1..5",
    "remote": "1..5",
    "very unlikely": "5..20",
    "highly improbable": "5..20",
    "unlikely": "20..45",
    "improbable": "20..45",
    "roughly even chance": "45..55",
    "roughly even odds": "45..55",
    "likely": "55..80",
    "probable": "55..80",
    "very likely": "80..95",
    "highly probable": "80..95",
    "almost certain": "95..99",
    "nearly certain": "95..99",
    "certain": "100",
}
VARIANT = {"situation", "holding", "starting", "without", "with", "seen_by", "depth", "tau"}

# ---------------------------------------------------------------------- quantities: central values


def number(value: object) -> float:
    """A number, or the midpoint of a range such as ``1..2``."""
    low, _, high = str(value).partition("..")
    return (float(low) + float(high or low)) / 2


def chance(value: object) -> float:
    """A probability, a percentage, a range of either, or a likelihood word."""
    text = str(value)
    if text in LIKELIHOODS:
        return number(LIKELIHOODS[text]) / 100
    return number(text.replace("%", "")) / 100 if "%" in text else number(text)


def weight(value: object, scale: dict[str, str]) -> float:
    """A number, a range, or a word of the scale."""
    return number(({**SCALE, **scale}).get(str(value), value))


def days(text: str) -> float:
    """``30 days``, ``1..2 weeks``, ``month``."""
    *count, unit = text.split()
    return number(count[0] if count else 1) * DAYS[unit.rstrip("s")]


def rate(text: str) -> float:
    """``every 3 days``, ``0.1 per week``, ``70% within 5 days``: events per day."""
    if text.startswith("every "):
        return 1 / days(text.removeprefix("every "))
    if " per " in text:
        count, unit = text.split(" per ")
        return number(count) / DAYS[unit]
    share, span = text.split(" within ")
    return -math.log(1 - chance(share)) / days(span)


# ------------------------------------------------------------------------------ views: plain dicts


def patch(crisis: Raw, changes: dict[str, Any]) -> None:
    """Set what each path names, in place; a belief is stored with its holder."""
    for path, entry in changes.items():
        value = _plain(entry)
        owner, field, *rest = path.split(".")
        if owner in crisis["conditions"]:
            (to,) = rest
            _change(crisis, owner, field, to)["rate"] = value
        elif field == "believes":
            crisis["actors"][owner]["believes"][".".join(rest)] = value
        elif rest:
            claim, aspect = rest
            crisis["actors"][owner][field][claim][aspect] = value
        else:
            crisis["actors"][owner][field] = value


def _plain(entry: Any) -> Any:
    """The value of an entry that may also say why."""
    return entry["value"] if isinstance(entry, dict) else entry


def _change(crisis: Raw, condition: str, source: str, target: str) -> Raw:
    (found,) = (
        change
        for change in crisis["conditions"][condition]["changes"]
        if (change["from"], change["to"]) == (source, target)
    )
    return found


def drop(crisis: Raw, path: str) -> None:
    """An interest or a red line weighs nothing from now on; a belief is gone."""
    owner, field, rest = path.split(".", 2)
    if field == "believes":
        del crisis["actors"][owner]["believes"][rest]
    else:
        crisis["actors"][owner][field][rest]["weight"] = 0


def as_seen_by(crisis: Raw, actor: str) -> Raw:
    """The actor's version, in which others believe what it says they do and nothing else."""
    if not any(other["believes"] for other in crisis["actors"].values()):
        return crisis
    view = copy.deepcopy(crisis)
    for other in view["actors"].values():
        other["believes"] = {}
    patch(view, crisis["actors"][actor]["believes"])
    return view


def prepared(raw: Raw, variant: dict[str, Any]) -> Raw:
    """The one crisis that is asked about: situation, then patches, then whose view it is."""
    unknown = set(variant) - VARIANT
    if unknown:
        raise TypeError(f"no such variation: {sorted(unknown)}")
    crisis = _complete(raw)
    situation = raw["situations"][variant["situation"]] if variant.get("situation") else {}
    patch(crisis, situation.get("with", {}))
    patch(crisis, variant.get("with") or {})
    for path in _listed(variant.get("without")):
        drop(crisis, path)
    crisis["held"] = {**raw.get("held", {}), **(variant.get("holding") or {})}
    crisis["state"] = {
        **situation.get("state", {}),
        **raw.get("state", {}),
        **(variant.get("starting") or {}),
        **crisis["held"],
    }
    for actor in _listed(variant.get("seen_by")):
        crisis = as_seen_by(crisis, actor)
    return crisis


def _complete(raw: Raw) -> Raw:
    """A deep copy of what matters, with every section present and every belief a plain value."""
    empty = {"actors": {}, "conditions": {}, "definitions": {}, "scale": {}, "never": []}
    crisis = copy.deepcopy({section: raw.get(section, empty[section]) for section in empty})
    for actor in crisis["actors"].values():
        for section in ("interests", "red_lines", "believes"):
            actor.setdefault(section, {})
        actor["believes"] = {path: _plain(entry) for path, entry in actor["believes"].items()}
    return crisis


def _listed(names: str | Iterable[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else list(names or [])


# --------------------------------------------------------------------------- states and statements

COMPARE = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda position, positions: position in positions,
    ast.NotIn: lambda position, positions: position not in positions,
}


class World:
    """What no patch can change: variables, feasible states, who can move where, truths."""

    def __init__(self, crisis: Raw) -> None:
        self.crisis = crisis
        self.variables: dict[str, list[str]] = {
            f"{actor}.{option}": _levels(said)
            for actor, block in crisis["actors"].items()
            for option, said in block["options"].items()
        } | {name: block["levels"] for name, block in crisis["conditions"].items()}
        product = itertools.product(*self.variables.values())
        self.states: list[State] = [state for state in product if self._feasible(state)]
        self.index = {state: number for number, state in enumerate(self.states)}
        self.place = {name: place for place, name in enumerate(self.variables)}
        self._truths: dict[tuple[str, str | None], np.ndarray] = {}

    def _feasible(self, state: State) -> bool:
        return not any(self.is_true(text, state) for text in self.crisis["never"])

    def start(self, levels: dict[str, str]) -> int:
        """The index of the state with these levels and the default ones elsewhere."""
        return self.index[tuple(levels.get(name, ls[0]) for name, ls in self.variables.items())]

    def truth(self, text: str, actor: str | None = None) -> np.ndarray:
        """One truth value per state."""
        if (text, actor) not in self._truths:
            values = [self.is_true(text, state, actor) for state in self.states]
            self._truths[text, actor] = np.array(values, dtype=bool)
        return self._truths[text, actor]

    def is_true(self, text: str, state: State, actor: str | None = None) -> bool:
        """One statement in one state; bare names are ``actor``'s options first."""
        levels = dict(zip(self.variables, state, strict=True))
        return self._value(_parsed(text), levels, actor)

    def _value(self, node: ast.expr, levels: dict[str, str], actor: str | None) -> bool:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self._value(part, levels, actor) for part in parts)
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(self._value(part, levels, actor) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return not self._value(part, levels, actor)
            case ast.Compare(left=left, ops=[how], comparators=[right]):
                name = self._variable(left, actor)
                assert name is not None, ast.dump(left)
                order = self.variables[name]
                return COMPARE[type(how)](order.index(levels[name]), _positions(right, order))
            case ast.Name(id="true" | "false" as word):
                return word == "true"
            case _:
                return self._alone(node, levels, actor)

    def _alone(self, node: ast.expr, levels: dict[str, str], actor: str | None) -> bool:
        name = self._variable(node, actor)
        if name is None:
            assert isinstance(node, ast.Name), ast.dump(node)
            return self._value(_parsed(self.crisis["definitions"][node.id]), levels, None)
        assert self.variables[name] == ["no", "yes"], f"{name} cannot stand alone"
        return levels[name] == "yes"

    def _variable(self, node: ast.expr, actor: str | None) -> str | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return f"{node.value.id}.{node.attr}"
        assert isinstance(node, ast.Name), ast.dump(node)
        own = f"{actor}.{node.id}"
        if own in self.variables:
            return own
        return node.id if node.id in self.variables else None

    @functools.cached_property
    def moves(self) -> dict[str, np.ndarray]:
        """For every actor a square table: can it go from this state to that one?"""
        tables = {}
        for actor in self.crisis["actors"]:
            table = np.zeros((len(self.states), len(self.states)), dtype=bool)
            for here, state in enumerate(self.states):
                for there in self._reached(actor, state):
                    table[here, there] = True
            tables[actor] = table
        return tables

    def _reached(self, actor: str, state: State) -> list[int]:
        choices = [
            [level for level in order if self._may_set(actor, name, state, level)]
            if name.startswith(f"{actor}.")
            else [state[self.place[name]]]
            for name, order in self.variables.items()
        ]
        return [self.index[there] for there in itertools.product(*choices) if there in self.index]

    def _may_set(self, actor: str, name: str, state: State, level: str) -> bool:
        order, now = self.variables[name], state[self.place[name]]
        said = self.crisis["actors"][actor]["options"][name.split(".")[1]]
        terms = said if isinstance(said, dict) else {}
        irreversible = terms.get("irreversible", False)
        rise = order.index(level) - order.index(now)
        if rise == 0:
            return True
        if name in self.crisis["held"]:
            return False
        if (irreversible == "up" and rise < 0) or (irreversible == "down" and rise > 0):
            return False
        if irreversible is True and now != order[0]:
            return False
        needed = terms.get("requires", "true") if rise > 0 else "true"
        return self.is_true(needed, state, actor)


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def _levels(said: list[str] | Raw) -> list[str]:
    return said if isinstance(said, list) else said.get("levels", ["no", "yes"])


def _positions(node: ast.expr, order: list[str]) -> int | list[int]:
    if isinstance(node, ast.Set):
        return [order.index(part.id) for part in node.elts if isinstance(part, ast.Name)]
    assert isinstance(node, ast.Name), ast.dump(node)
    return order.index(node.id)


# ------------------------------------------------------------------- one crisis, state by state


def payoffs(crisis: Raw, world: World, actor: str) -> np.ndarray:
    """Weight units per day, one per state."""
    block = crisis["actors"][actor]
    total = np.zeros(len(world.states))
    for claim in block["interests"].values():
        sign, text = (1, claim["seeks"]) if "seeks" in claim else (-1, claim["avoids"])
        total += sign * _central_weight(crisis, claim) * world.truth(text, actor)
    for line in block["red_lines"].values():
        answered = world.truth(line.get("then", "false"), actor)
        total -= _central_weight(crisis, line) * (world.truth(line["if"], actor) & ~answered)
    return total


def _central_weight(crisis: Raw, claim: Raw) -> float:
    included = chance(claim.get("holds", 1)) >= 0.5
    return weight(claim["weight"], crisis["scale"]) if included else 0.0


def decision_rates(crisis: Raw, world: World, actor: str) -> np.ndarray:
    """Decisions per day in every state: the first tempo whose ``when`` is true."""
    said = crisis["actors"][actor]["decides"]
    if isinstance(said, str):
        return np.full(len(world.states), rate(said))
    rates = np.zeros(len(world.states))
    for tempo in reversed(said):
        applies = world.truth(tempo.get("when", "true"), actor)
        rates[applies] = 1 / days(tempo["every"])
    return rates


def condition_generator(crisis: Raw, world: World) -> np.ndarray:
    """The generator of everything that no actor controls."""
    generator = np.zeros((len(world.states), len(world.states)))
    for name, condition in crisis["conditions"].items():
        if name in crisis["held"]:
            continue
        for change in condition["changes"]:
            _add_change(generator, world, world.place[name], change)
    return generator


def _add_change(generator: np.ndarray, world: World, place: int, change: Raw) -> None:
    rates = np.full(len(world.states), rate(change["rate"]))
    rates[~world.truth(change.get("when", "true"))] = 0
    for factor in change.get("times", []):
        rates[world.truth(factor["when"])] *= number(factor["factor"])
    for here, state in enumerate(world.states):
        target = (*state[:place], change["to"], *state[place + 1 :])
        if state[place] == change["from"] and target in world.index:
            generator[here, world.index[target]] += rates[here]
            generator[here, here] -= rates[here]


# ------------------------------------------------------------------------------ one actor's problem


def mellowmax(values: np.ndarray, beta: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """The log-mean-exp of the values within reach, at sharpness ``beta`` of the state."""
    scaled = np.where(moves, beta[:, None] * values[None, :], -np.inf)
    top = scaled.max(axis=1)
    mean = np.exp(scaled - top[:, None]).sum(axis=1) / moves.sum(axis=1)
    return (top + np.log(mean)) / beta


def logit(values: np.ndarray, beta: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """The chance of every move from every state; rows sum to one."""
    scaled = np.where(moves, beta[:, None] * values[None, :], -np.inf)
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


class Problem(NamedTuple):
    """What one actor faces; everything per state, ``others`` a generator."""

    payoff: np.ndarray
    discount: float
    rates: np.ndarray
    beta: np.ndarray
    moves: np.ndarray
    others: np.ndarray


def residual(problem: Problem, values: np.ndarray) -> float:
    """The largest fault of the equation for the values, relative to its own size."""
    gain = problem.rates * (mellowmax(values, problem.beta, problem.moves) - values)
    fault = problem.discount * values - problem.payoff - gain - problem.others @ values
    size = problem.discount * abs(values).max() + abs(problem.payoff).max()
    return float(abs(fault).max() / size) if size else 0.0


def solve(problem: Problem) -> np.ndarray:
    """The values: Newton's steps until they no longer move, then the residual is checked."""
    payoff, discount, rates, beta, moves, others = problem
    values = np.zeros_like(payoff)
    for _ in range(500):
        chances = logit(values, beta, moves)
        matrix = np.diag(discount + rates) - rates[:, None] * chances - others
        constant = payoff + rates * (mellowmax(values, beta, moves) - chances @ values)
        last, values = values, np.linalg.solve(matrix, constant)
        if abs(values - last).max() <= 1e-13 * abs(values).max():
            break
    if (fault := residual(problem, values)) > 1e-12:
        raise ArithmeticError(f"the values do not solve their equation: residual {fault:.1e}")
    return values


# ------------------------------------------------------------------------------------ the hierarchy


def poisson_weights(depth: int, tau: float) -> np.ndarray:
    """How likely an actor of this depth thinks each smaller depth is."""
    density = np.array([tau**level / math.factorial(level) for level in range(depth)])
    return density / density.sum()


def policies(crisis: Raw, actor: str, depth: int, tau: float) -> np.ndarray:
    """The chance of every move of an actor that sees the crisis its own way."""
    if depth == 0:
        return np.eye(len(_world(crisis).states))
    return _solved(_rules(as_seen_by(crisis, actor)), actor, depth, tau)[1]


def generator_of(crisis: Raw, depth: int, tau: float) -> np.ndarray:
    """The generator of the chain in which every actor has this depth."""
    world = _world(crisis)
    total = condition_generator(crisis, world)
    for actor in crisis["actors"]:
        policy = policies(crisis, actor, depth, tau)
        total += _decisions(decision_rates(crisis, world, actor), policy)
    return total


def _decisions(rates: np.ndarray, policy: np.ndarray) -> np.ndarray:
    return rates[:, None] * (policy - np.eye(len(rates)))


@functools.lru_cache(maxsize=128)
def _solved(rules: str, actor: str, depth: int, tau: float) -> tuple[np.ndarray, np.ndarray]:
    """Values and policy of an actor in what is already its own view."""
    view = json.loads(rules)
    world = _world(view)
    problem = _problem(view, world, actor, depth, tau)
    values = solve(problem)
    policy = logit(values, problem.beta, problem.moves)
    values.setflags(write=False)
    policy.setflags(write=False)
    return values, policy


def _problem(view: Raw, world: World, actor: str, depth: int, tau: float) -> Problem:
    rates = decision_rates(view, world, actor)
    discount = 1 / days(view["actors"][actor]["looks_ahead"])
    beta = number(view["actors"][actor].get("precision", 2)) * (discount + rates)
    others = condition_generator(view, world)
    for other in view["actors"]:
        if other != actor:
            expected = sum(
                share * policies(view, other, level, tau)
                for level, share in enumerate(poisson_weights(depth, tau))
            )
            others += _decisions(decision_rates(view, world, other), expected)
    payoff = payoffs(view, world, actor)
    return Problem(payoff, discount, rates, beta, world.moves[actor], others)


def _rules(crisis: Raw) -> str:
    """What policies depend on, as text: two views with the same rules are solved once."""
    sections = ("actors", "conditions", "definitions", "never", "scale", "held")
    return json.dumps({section: crisis[section] for section in sections})


def _world(crisis: Raw) -> World:
    options = {name: {"options": block["options"]} for name, block in crisis["actors"].items()}
    conditions = {name: {"levels": block["levels"]} for name, block in crisis["conditions"].items()}
    fixed = {section: crisis[section] for section in ("definitions", "never", "held")}
    return _world_of(json.dumps({"actors": options, "conditions": conditions, **fixed}))


@functools.lru_cache(maxsize=16)
def _world_of(fixed: str) -> World:
    return World(json.loads(fixed))


# ---------------------------------------------------------------------------------- what is asked


def variables(raw: Raw) -> dict[str, list[str]]:
    """Every option as ``actor.option``, then every condition, with its levels in order."""
    return dict(_world(prepared(raw, {})).variables)


def states(raw: Raw) -> list[State]:
    """Every feasible state: levels in the order of `variables`."""
    return list(_world(prepared(raw, {})).states)


def start_state(raw: Raw, **variant: Any) -> State:
    """The state at time 0; a `KeyError` where it is not feasible."""
    crisis = prepared(raw, variant)
    world = _world(crisis)
    return world.states[world.start(crisis["state"])]


def steps(raw: Raw, **variant: Any) -> dict[State, set[State]]:
    """Where each state can go in one jump: somebody's move, or a condition's change."""
    crisis = prepared(raw, variant)
    world = _world(crisis)
    possible = condition_generator(crisis, world) > 0
    for moves in world.moves.values():
        possible |= moves
    return {
        here: {world.states[column] for column in np.flatnonzero(possible[row])} - {here}
        for row, here in enumerate(world.states)
    }


def where(raw: Raw, text: str, actor: str | None = None) -> set[State]:
    """The states in which a statement is true, as read inside an actor's block if one is given."""
    world = _world(prepared(raw, {}))
    return {world.states[number] for number in np.flatnonzero(world.truth(text, actor))}


def answer(raw: Raw, question_name: str, *, horizon: float | None = None, **variant: Any) -> float:
    """The probability of a question, at its own horizon or at one given in days."""
    question = raw["questions"][question_name]
    world, generator, start = _chain(raw, {"situation": question.get("situation"), **variant})
    time = _horizon(question) if horizon is None else horizon
    event = world.truth(question["event"])
    never = np.zeros_like(event)
    if "at" in question:
        return float(_row(generator, start, time)[event].sum())
    if "throughout" in question:
        return 1 - _reaches(generator, start, time, ~event, never)
    if "until" in question:
        until = world.truth(question["until"])
        return _reaches(generator, start, time, until, ~event & ~until)
    return _reaches(generator, start, time, event, never)


def share_of_time(raw: Raw, question_name: str, **variant: Any) -> float:
    """The expected part of the question's time during which its event is true."""
    question = raw["questions"][question_name]
    world, generator, start = _chain(raw, {"situation": question.get("situation"), **variant})
    size, time = len(world.states), _horizon(question)
    with_integral = np.zeros((size + 1, size + 1))
    with_integral[:size, :size] = generator
    with_integral[:size, size] = world.truth(question["event"])
    return float(_row(with_integral, start, time)[size] / time)


def distribution(
    raw: Raw, situation: str | None = None, *, at: float, **variant: Any
) -> dict[State, float]:
    """The chance of every feasible state after ``at`` days."""
    world, generator, start = _chain(raw, {"situation": situation, **variant})
    return dict(zip(world.states, _row(generator, start, at).tolist(), strict=True))


def policy(
    raw: Raw,
    actor: str,
    depth: int,
    situation: str | None = None,
    seen_by: str | list[str] | None = None,
    **variant: Any,
) -> dict[State, dict[State, float]]:
    """The chance of each possible move from each state, staying included."""
    crisis = prepared(raw, {"situation": situation, "seen_by": seen_by, **variant})
    world = _world(crisis)
    chances = policies(crisis, actor, depth, variant.get("tau", 1.5))
    return {
        here: {
            there: float(chances[row, column])
            for column, there in enumerate(world.states)
            if world.moves[actor][row, column]
        }
        for row, here in enumerate(world.states)
    }


def values(raw: Raw, actor: str, depth: int, **variant: Any) -> dict[State, float]:
    """What each state is worth to an actor of depth 1 or more."""
    crisis = prepared(raw, variant)
    view = _rules(as_seen_by(crisis, actor))
    solved, _ = _solved(view, actor, depth, variant.get("tau", 1.5))
    return dict(zip(_world(crisis).states, solved.tolist(), strict=True))


def _chain(raw: Raw, variant: dict[str, Any]) -> tuple[World, np.ndarray, int]:
    crisis = prepared(raw, variant)
    world = _world(crisis)
    generator = generator_of(crisis, variant.get("depth", 4), variant.get("tau", 1.5))
    return world, generator, world.start(crisis["state"])


def _horizon(question: Raw) -> float:
    return days(next(question[form] for form in ("within", "at", "throughout") if form in question))


def _row(generator: np.ndarray, start: int, time: float) -> np.ndarray:
    return expm(generator * time)[start]


def _reaches(
    generator: np.ndarray, start: int, time: float, goal: np.ndarray, dead: np.ndarray
) -> float:
    """The chance to enter ``goal`` by the time without entering ``dead`` before."""
    stopped = generator.copy()
    stopped[goal | dead] = 0
    return float(_row(stopped, start, time)[goal].sum())
