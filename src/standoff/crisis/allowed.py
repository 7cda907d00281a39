"""Whether a crisis lets happen what its record says: which moves there are, in plain Python.

The same rules as those of the arrays (:mod:`standoff.game.compile`), looked up one state at a
time, so that a file can be checked without building any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standoff.crisis.errors import listed
from standoff.crisis.model import Crisis
from standoff.crisis.possible import rules_of
from standoff.crisis.setting import Change
from standoff.crisis.statements import Statement, is_true, mentioned

_MOST_ORDERED = 8
"""Up to how many moves of one entry every order is tried."""

Levels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a move cannot be.

    Attributes
    ----------
    variable
        The option or condition that it is about.
    message, label, help
        What to say of it.
    """

    variable: str
    message: str
    label: str = ""
    help: str = ""


class Moves:
    """What the actors and conditions of a crisis can do in a state."""

    def __init__(self, crisis: Crisis) -> None:
        self.crisis = crisis
        self.never = rules_of(crisis)
        self.requires: dict[str, Statement] = {}
        for name, actor in crisis.actors.items():
            for key, option in actor.options.items():
                if option.requires is not None:
                    self.requires[f"{name}.{key}"] = crisis.statement(option.requires, name)

    def refused(self, moves: Mapping[str, Levels], levels: Levels) -> Refused | None:
        """Return why some moves cannot follow each other in any order, or None if they can.

        Parameters
        ----------
        moves
            What each mover changes.
        levels
            The state before them.
        """
        todo = list(moves.items())
        if len(todo) <= _MOST_ORDERED and self._some_order(todo, dict(levels)):
            return None
        now = dict(levels)
        while todo:
            reasons = [self.why_not(mover, changed, now) for mover, changed in todo]
            possible = [place for place, reason in enumerate(reasons) if reason is None]
            if not possible:
                return reasons[0]
            now.update(todo.pop(possible[0])[1])
        return None

    def _some_order(self, todo: Sequence[tuple[str, Levels]], levels: Levels) -> bool:
        dead: set[frozenset[str]] = set()

        def reachable(left: Sequence[tuple[str, Levels]], now: Levels) -> bool:
            names = frozenset(mover for mover, _ in left)
            if names in dead:
                return False
            for place, (mover, changed) in enumerate(left):
                if self.why_not(mover, changed, now) is None:
                    rest = [*left[:place], *left[place + 1 :]]
                    if not rest or reachable(rest, {**now, **changed}):
                        return True
            dead.add(names)
            return False

        return not todo or reachable(todo, levels)

    def why_not(self, mover: str, changed: Levels, levels: Levels) -> Refused | None:
        """Return why a mover cannot change some levels in a state, or None if it can."""
        for variable in changed:
            if variable in self.crisis.held:
                level = self.crisis.held[variable]
                return Refused(variable, f"`{variable}` is held at `{level}`", "nobody can move it")
        state = {name: self.crisis.variables[name].index(level) for name, level in levels.items()}
        if mover in self.crisis.conditions:
            reason = self._drift(mover, changed[mover], state)
        else:
            reason = self._decision(mover, changed, state)
        return reason or self._never(changed, {**levels, **changed})

    def _decision(self, actor: str, changed: Levels, state: Mapping[str, int]) -> Refused | None:
        for variable, level in changed.items():
            option = self.crisis.actors[actor].options[variable.partition(".")[2]]
            before, after = state[variable], option.levels.index(level)
            was = f"from `{option.levels[before]}` to `{level}`"
            wrong_way = (
                (option.irreversible == "up" and after < before and "can only rise")
                or (option.irreversible == "down" and after > before and "can only fall")
                or (option.irreversible == "fixed" and before != 0 and "is fixed once it has moved")
            )
            if wrong_way:
                return Refused(
                    variable,
                    f"`{variable}` cannot go {was}: it {wrong_way}",
                    "`irreversible` forbids it",
                )
            needed = self.requires.get(variable)
            if needed is not None and after > before and not is_true(needed, state):
                return Refused(
                    variable,
                    f"`{variable}` cannot rise {was} in the state before it",
                    f"it requires `{option.requires}`",
                    self._at_that_time(needed, state),
                )
        return None

    def _drift(self, condition: str, level: str, state: Mapping[str, int]) -> Refused | None:
        held = self.crisis.conditions[condition]
        before = held.levels[state[condition]]
        ways = {change.to: change for change in held.changes if change.from_ == before}
        if level not in ways:
            known = listed(ways)
            return Refused(
                condition,
                f"`{condition}` has no change from `{before}` to `{level}`",
                f"it changes to {known}" if known else f"it never leaves `{before}`",
                "give the change a rate under `changes`, or write the steps in between",
            )
        return self._rate(condition, ways[level], state)

    def _rate(self, condition: str, change: Change, state: Mapping[str, int]) -> Refused | None:
        what = f"`{condition}` cannot go from `{change.from_}` to `{change.to}`"
        if change.when is not None:
            needed = self.crisis.statement(change.when)
            if not is_true(needed, state):
                return Refused(
                    condition,
                    f"{what} in the state before it",
                    f"only when `{change.when}`",
                    self._at_that_time(needed, state),
                )
        for factor in change.times:
            stopped = factor.factor.high == 0 and self.crisis.statement(factor.when)
            if stopped and is_true(stopped, state):
                return Refused(
                    condition,
                    f"{what} in the state before it",
                    f"its rate is zero when `{factor.when}`",
                    self._at_that_time(stopped, state),
                )
        return None

    def _never(self, changed: Levels, levels: Levels) -> Refused | None:
        state = {name: self.crisis.variables[name].index(level) for name, level in levels.items()}
        for text, rule in self.never:
            if is_true(rule, state):
                named = [name for name in mentioned(rule) if name in changed]
                return Refused(
                    named[0] if named else next(iter(changed)),
                    "this leads to a state that can never be",
                    f"`never` rules out: {text}",
                    self._at_that_time(rule, state, "then"),
                )
        return None

    def _at_that_time(
        self, statement: Statement, state: Mapping[str, int], when: str = "before it"
    ) -> str:
        """Say which levels a statement met."""
        known = self.crisis.variables
        said = listed(f"{name} is `{known[name][state[name]]}`" for name in mentioned(statement))
        return f"{when} {said}" if said else ""
