"""Import of `.gmcr` files: graph models as the program gmcr-py saves them.

Such a file is JSON. `options` are taken or not; each decision maker has some of them by index,
and prefers states by statements in order of importance or by a ranking of numbered states. A
state's number is its rank among the feasible states by the sum of 2^k over the options k that are
taken. What of it a crisis cannot say is refused or noted, never dropped silently.
"""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.crisis.gmcr_file import DecisionMaker, GmcrFile, gmcr_file
from standoff.crisis.model import Crisis
from standoff.crisis.naming import identifier
from standoff.crisis.plain_json import Part, read_json
from standoff.crisis.read import loads
from standoff.crisis.write import WIDTH, dumps
from standoff.crisis.yes_no import AnyPairs

_MOST_ENTRIES = 8_000
"""Rankings with more entries are written as statements, which take fewer."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A crisis made from another program's file.

    Attributes
    ----------
    crisis
        The crisis.
    names
        What the file calls each option (`actor.option`) and condition.
    notes
        What was left out, could not be said, or was decided on the way: sentences, most with
        their place in the file.
    """

    crisis: Crisis
    names: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The crisis as the text of a file, with the names and the notes as comments."""
        (source,) = self.crisis.sources.values()
        lines = [f"Made from {source.title} by `standoff import`.", "", "The options in that file:"]
        width = max(map(len, self.names), default=0)
        lines += [f"  {variable:{width}}  {name}" for variable, name in self.names.items()]
        lines += ["", "Notes:"] if self.notes else []
        for note in self.notes:
            lines += textwrap.wrap(
                note, WIDTH - 2, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
            )
        comments = "".join(f"# {_printable(line)}".rstrip() + "\n" for line in lines)
        return f"{comments}\n{dumps(self.crisis)}"


def read_gmcr(path: str | os.PathLike[str]) -> Imported:
    """Return the crisis that a `.gmcr` file describes.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    CrisisError
        It is not such a file, contradicts itself, or says what no crisis can say, such as an
        option that belongs to two decision makers. The message names the place.
    """
    file = Path(path)
    raw, names, notes = raw_crisis(read_json(file), file.stem)
    return Imported(loads(json.dumps(raw), str(file)), names, notes)


def raw_crisis(whole: Part, title: str) -> tuple[dict[str, Any], dict[str, str], tuple[str, ...]]:
    """Return the data of a crisis, what the file calls its options, and the notes.

    Parameters
    ----------
    whole
        The JSON document.
    title
        What the crisis is called if the document does not say.
    """
    found, notes = gmcr_file(whole)
    writer = _Writer(found)
    raw = writer.crisis(Path(whole.file).name, title)
    for k, option in enumerate(found.options):
        if option.owner is None:
            notes.append(
                f"options[{k}] belongs to no decision maker: it became the condition "
                f"`{writer.variables[k]}`, which stays as it is in an analysis of stability"
            )
    for i, maker in enumerate(found.makers):
        for statement in maker.overlooks:
            notes.append(
                f"decisionMakers[{i}].misperceptions: {maker.name} does not perceive the states "
                f"with `{writer.statement(statement)}`; a crisis cannot say so: left out"
            )
    where = ", ".join(f"`{name}`" for name in raw.get("state", {}))
    notes.append(
        "the file does not say where the conflict stands; the crisis starts with every option at "
        f"`no`{f', except {where}, since that state is not feasible' if where else ''}: "
        "change `state`"
    )
    names = {writer.variables[k]: option.name for k, option in enumerate(found.options)}
    return raw, names, tuple(notes)


class _Writer:
    """What a file says, in the words of a crisis."""

    def __init__(self, file: GmcrFile) -> None:
        self.file = file
        self.actors: list[str] = []
        self.keys = [""] * len(file.options)
        self.variables = [""] * len(file.options)
        for i, maker in enumerate(file.makers):
            self.actors.append(identifier(maker.name, self.actors, "actor"))
            own: list[str] = []
            for k in self.own(i):
                own.append(identifier(file.options[k].name, own, "option"))
                self.keys[k], self.variables[k] = own[-1], f"{self.actors[i]}.{own[-1]}"
        for k in self.own(None):
            # No option's name either: inside its actor's block that would hide the condition.
            taken = [*self.actors, *self.keys]
            self.keys[k] = self.variables[k] = identifier(file.options[k].name, taken, "condition")

    def own(self, owner: int | None) -> list[int]:
        """Return which options a decision maker has; for None, those that nobody has."""
        return [k for k, option in enumerate(self.file.options) if option.owner == owner]

    def crisis(self, name: str, title: str) -> dict[str, Any]:
        """Return the data of the crisis."""
        file = self.file
        states = sum(len(t) for m in file.makers if m.prefers for t in m.prefers.ranking or ())
        brief = states * (2 * len(file.options) + 1) > _MOST_ENTRIES
        raw = {
            "crisis": file.title or title or name,
            "summary": file.summary,
            "sources": {
                "gmcr": {"title": f"{name} ({file.written_by})" if file.written_by else name}
            },
            "actors": {
                self.actors[i]: self.actor(i, maker, brief) for i, maker in enumerate(file.makers)
            },
            "conditions": {self.keys[k]: self.condition(k) for k in self.own(None)},
            "never": [self.statement(statement) for statement in file.never],
            "state": {
                variable: "yes" for k, variable in enumerate(self.variables) if file.first >> k & 1
            },
        }
        return {key: value for key, value in raw.items() if value}

    def actor(self, i: int, maker: DecisionMaker, brief: bool) -> dict[str, Any]:
        """Return the data of one actor; if brief, states are written as statements."""
        data: dict[str, Any] = {
            "name": maker.name or self.actors[i],
            "source": f"gmcr decisionMakers[{i}]",
            "options": {self.keys[k]: self.option(k) for k in self.own(i)},
        }
        if maker.prefers is None:
            # One place for every state: an order that prefers none.
            data |= {"because": "The file states no preferences.", "ranking": ["true"]}
        elif maker.prefers.ranking is None:
            data["priorities"] = [self.statement(each, i) for each in maker.prefers.priorities]
        else:
            write = self.state_in_words if brief else self.state
            ranking = [[write(state, i) for state in tied] for tied in maker.prefers.ranking]
            data["ranking"] = [tied[0] if len(tied) == 1 else tied for tied in ranking]
        return data

    def option(self, k: int) -> Any:
        """Return the data of one option."""
        direction = self.file.options[k].direction
        levels = ["no", "yes"]
        return {"levels": levels, "irreversible": direction} if direction else levels

    def condition(self, k: int) -> dict[str, Any]:
        """Return the data of the condition that stands for an option that nobody has."""
        return {
            "levels": ["no", "yes"],
            "because": f"An option (“{self.file.options[k].name}”) that no decision maker has.",
            "source": f"gmcr options[{k}]",
        }

    def statement(self, statement: AnyPairs, actor: int | None = None) -> str:
        """Return a statement as text, for an actor's block or outside any."""
        texts = []
        for pairs in statement:
            text = " and ".join(self.taken(k, taken, actor) for k, taken in pairs)
            texts.append(f"({text})" if len(pairs) > 1 and len(statement) > 1 else text or "true")
        return " or ".join(texts) or "false"

    def state(self, state: int, actor: int) -> dict[str, str]:
        """Return a state as levels by name."""
        return {
            self.called(k, actor): "yes" if state >> k & 1 else "no" for k in range(len(self.keys))
        }

    def state_in_words(self, state: int, actor: int) -> str:
        """Return a state as a statement."""
        return " and ".join(
            self.taken(k, bool(state >> k & 1), actor) for k in range(len(self.keys))
        )

    def taken(self, k: int, taken: bool, actor: int | None) -> str:
        return f"{'' if taken else 'not '}{self.called(k, actor)}"

    def called(self, k: int, actor: int | None) -> str:
        """Return what an option is called; an actor's own need no prefix in its block."""
        return self.keys[k] if self.file.options[k].owner == actor else self.variables[k]


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
