"""The names that statements may use, and what the definitions among them stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from standoff.crisis.patterns import resolve_levels
from standoff.crisis.preferences import Pattern
from standoff.crisis.resolve import Resolved, resolve
from standoff.crisis.statements import Statement
from standoff.crisis.syntax import BadStatement, StatementFault, parse


@dataclass
class Vocabulary:
    """The names that statements of one crisis may use, and the statements resolved so far.

    No view of a crisis changes its names, so a crisis and all its views share one vocabulary.

    Attributes
    ----------
    variables
        Every option as `actor.option` and every condition by name, with its levels.
    options
        For each actor, the names of its options.
    definitions
        The text of each definition.
    """

    variables: Mapping[str, tuple[str, ...]]
    options: Mapping[str, tuple[str, ...]]
    definitions: Mapping[str, str]
    _resolved: dict[tuple[str, str | None], Statement] = field(default_factory=dict)
    _inlined: dict[str, Resolved] = field(default_factory=dict)

    @property
    def conditions(self) -> list[str]:
        """The names of the conditions."""
        return [name for name in self.variables if "." not in name]

    def statement(self, text: str, actor: str | None = None) -> Statement:
        """Return the statement a text stands for, read inside an actor's block or outside any.

        Raises
        ------
        BadStatement
            With everything that is wrong with it.
        """
        key = (text, actor)
        if key not in self._resolved:
            self._resolved[key] = resolve(self, text, actor).statement
        return self._resolved[key]

    def pattern(self, pattern: Pattern, actor: str | None = None) -> Statement:
        """Return the statement that a pattern stands for, read inside an actor's block or outside.

        Raises
        ------
        BadStatement
            With everything that is wrong with it.
        """
        if pattern.levels is None:
            return self.statement(pattern.text, actor)
        return resolve_levels(self, pattern.levels, actor)

    def variable(self, name: str, actor: str | None = None) -> str | None:
        """Return the variable that a name stands for: first an option of the actor; or None."""
        own = f"{actor}.{name}"
        if actor is not None and own in self.variables:
            return own
        return name if name in self.variables else None

    def definition(self, name: str) -> Resolved | None:
        """Return a definition, or None if it is broken (then `broken` says why)."""
        return None if name in self.broken else self._inlined.get(name)

    @cached_property
    def broken(self) -> Mapping[str, tuple[StatementFault, ...]]:
        """What is wrong with definitions; nothing for one that only uses a broken one.

        Each is resolved after those it uses, so that no chain of definitions is too long.
        """
        uses = {name: list(self._uses(text)) for name, text in self.definitions.items()}
        broken: dict[str, tuple[StatementFault, ...]] = {}
        self.__dict__["broken"] = broken  # what is found so far is asked for along the way
        while circle := _circle(uses):
            broken |= self._circular(circle)
            uses = {name: used for name, used in uses.items() if name not in circle}
        for name in TopologicalSorter(uses).static_order():
            if name in broken:
                continue
            try:
                found = resolve(self, self.definitions[name], None)
            except BadStatement as err:
                broken[name] = err.faults
            else:
                self._inlined[name] = found
                if found.uses_broken:
                    broken[name] = ()
        return broken

    def _uses(self, text: str) -> Iterator[str]:
        """Yield the definitions that a text uses: bare names outside comparisons."""
        try:
            todo: list[ast.expr] = [parse(text)]
        except BadStatement:
            return
        while todo:
            node = todo.pop()
            if isinstance(node, ast.BoolOp):
                todo.extend(node.values)
            elif isinstance(node, ast.UnaryOp):
                todo.append(node.operand)
            elif isinstance(node, ast.Name) and node.id not in self.variables:
                yield from [node.id] if node.id in self.definitions else []

    def _circular(self, circle: list[str]) -> dict[str, tuple[StatementFault, ...]]:
        """Return one fault for a circle, at the definition that comes first in the file."""
        order = list(self.definitions)
        start = circle.index(min(circle, key=order.index))
        circle = circle[start:] + circle[:start]
        shown = " -> ".join(f"`{name}`" for name in [*circle, circle[0]])
        message = f"definitions go round in a circle: {shown}"
        if len(circle) == 1:
            message = f"the definition `{circle[0]}` is in terms of itself"
        fault = StatementFault(
            "SO065",
            message,
            length=0,
            label="comes back to where it started",
            help="say at least one of them without the others",
        )
        return {**dict.fromkeys(circle, ()), circle[0]: (fault,)}


def _circle(uses: Mapping[str, list[str]]) -> list[str]:
    """Return definitions that use one another in a circle, each the next, or none."""
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as err:
        backwards: list[str] = err.args[1]
        return backwards[:0:-1]
    return []
