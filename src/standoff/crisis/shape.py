"""From plain data to a crisis, with everything about its shape that is wrong.

When data does not have the shape of a crisis, its faulty parts are put right provisionally (a
misspelt key gets the name it was meant to have, a value that cannot be read is taken away), so
that the rest can be checked too and a user sees all faults at once. The names that went with what
was taken away are remembered: that something else mentions them is no fault of its own.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from standoff.crisis.errors import BadValue, listed, nearest
from standoff.crisis.faults import Path, Problem
from standoff.crisis.keys import description, keys_of, model_at, named
from standoff.crisis.model import Crisis
from standoff.crisis.patches import ORDERS, PACE

_ROUNDS = 12
_TYPES = {
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
_MERGE = "write the entries out: YAML 1.2 does not merge mappings"
_STAND_INS: dict[str, Any] = {
    "weight": 1,
    "rate": "every 1 day",
    "every": "1 day",
    "looks_ahead": "1 day",
    "decides": "every 1 day",
    "as_of": "2000-01-01",
    "date": "2000-01-01",
    "asks": "",
    "claim": "",
    "title": "",
    "crisis": "",
    "event": "false",
    "if": "false",
    "when": "false",
    "factor": 1,
    "sets": {},
    "actors": {},
    "prefers": "true",
    "concept": "nash",
    "states": "true",
}
"""What takes the place of a missing or unreadable entry while the rest is checked."""


_SECTION_CODES = {
    "conditions": ("SO017", "SO021", "SO024"),
    "definitions": ("SO017",),
    "sources": ("SO022",),
    "situations": ("SO019",),
    "questions": ("SO018",),
    "explanations": ("SO020",),
}
"""Which unknown names cannot be judged when a whole section could not be read."""


@dataclass
class Shaped:
    """What could be made of the data of a file.

    Attributes
    ----------
    crisis
        The crisis, or None if not even a provisional one could be made.
    problems
        What is wrong with its shape.
    gone
        Names that belonged to what was taken away.
    quiet
        Codes of faults that cannot be judged because a whole section was taken away.
    """

    crisis: Crisis | None
    problems: list[Problem] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    repair: _Repair | None = None

    def consequence(self, problem: Problem) -> bool:
        """Return whether a problem only follows from what was taken away."""
        if self.problems and problem.path == ("actors",):
            return True
        words = re.split(r"\W+", problem.given)
        return problem.code in self.quiet or not self.gone.isdisjoint(words)

    def written(self, path: Path) -> Path:
        """Return the path in the file that a path in the crisis stands for."""
        return self.repair.written(path) if self.repair else path


def shape(data: Any) -> Shaped:
    """Return the crisis that data describes, and what is wrong with its shape."""
    if not isinstance(data, Mapping):
        kind = "a list" if isinstance(data, list) else "text"
        problem = Problem(
            "SO011",
            f"a crisis file is a mapping, not {kind}",
            label="the file begins here",
            help="begin with `crisis: TITLE` and `actors:`",
        )
        return Shaped(None, [problem])
    known = keys_of(Crisis)
    if data and not any(key in known or nearest(key, known) for key in data):
        problem = Problem(
            "SO011",
            "this does not look like a crisis: it has none of a crisis's sections",
            (next(iter(data)),),
            on_key=True,
            label="the file begins here",
            help="begin with `crisis: TITLE` and `actors:`",
        )
        return Shaped(None, [problem])
    try:
        return Shaped(Crisis.model_validate(data))
    except ValidationError as err:
        return _Repair(copy.deepcopy(dict(data))).run(err)


class _Repair:
    """One provisional repair of one file's data."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.gone: set[str] = set()
        self.quiet: set[str] = set()
        self.renamed: dict[Path, str] = {}
        self.kept: dict[Path, list[int]] = {}
        self.seen: set[Path] = set()

    def run(self, err: ValidationError) -> Shaped:
        for _ in range(_ROUNDS):
            self.round(err)
            try:
                crisis = Crisis.model_validate(self.data)
            except ValidationError as again:
                err = again
            else:
                return Shaped(
                    None if ("actors",) in self.seen else crisis,
                    self.problems,
                    self.gone,
                    self.quiet,
                    self,
                )
        return Shaped(None, self.problems)

    def round(self, err: ValidationError) -> None:
        """Report and put right the errors of one validation."""
        earlier = set(self.seen)
        errors = [_Error.of(each) for each in err.errors(include_url=False)]
        self.unknown_keys([each for each in errors if each.kind == "extra_forbidden"], errors)
        # First say what is wrong, then put it right: taking items out of a list moves the others.
        drops: set[Path] = set()
        for each in errors:
            if each.kind == "extra_forbidden":
                continue
            path = self.actual(each.path)
            missing = each.path[-1:] if each.kind == "missing" else ()
            place = self.written((*path, *missing))
            if not any(_related(place, other) for other in earlier):
                self.problems.append(self.problem(each, path))
            self.seen |= {place, self.written(self.actual(each.base))}
            if missing and self.stands_in(path, str(missing[0])):
                continue
            if each.cause and each.cause.code == "SO030" and "situations" not in self.data:
                self.rename((), "situation", "situations")
                continue
            drops.add(self.actual(each.path[:-1]) if each.path[-1:] == ("[key]",) else path)
        for path in sorted(drops, key=_last_first, reverse=True):
            self.drop(path)

    # Unknown keys -------------------------------------------------------------------------------

    def unknown_keys(self, extras: list[_Error], errors: list[_Error]) -> None:
        """Report keys nobody knows; a misspelt one is not also a missing one."""
        for each in extras:
            holder, key = self.actual(each.path[:-1]), str(each.path[-1])
            model = model_at(each.path[:-1])
            known = keys_of(model) if model else []
            here = self.at(holder)
            missing = [
                other
                for other in errors
                if other.kind == "missing" and other.path[:-1] == each.path[:-1]
            ]
            wanted = [name for name in known if name not in here]
            near = nearest(key, wanted) or nearest(key, known)
            siblings = [other for other in extras if other.path[:-1] == each.path[:-1]]
            guessed = near is None and len(missing) == 1 and len(siblings) == 1
            if guessed:
                near = str(missing[0].path[-1])
                self.seen.add(self.written((*holder, key)))  # so its value is not judged
            self.problems.append(
                Problem(
                    "SO030",
                    f"{named(holder, model)} has no key `{key}`",
                    self.written((*holder, key)),
                    on_key=True,
                    label=f"known: {some}" if (some := listed(known)) else "",
                    help=f"did you mean `{near}`?" if near else _MERGE if key == "<<" else "",
                )
            )
            if near is None and {"levels", "options"} & set(wanted):
                self.gone.add(str(holder[-1]) if holder else "")
            if near in wanted:
                self.rename(holder, key, near)
                for other in missing:
                    if str(other.path[-1]) == near:
                        errors.remove(other)
            else:
                self.drop((*holder, key))

    # What to say --------------------------------------------------------------------------------

    def problem(self, error: _Error, path: Path) -> Problem:
        written = self.written(path)
        if error.cause is not None:
            bad = error.cause
            return Problem(
                bad.code,
                bad.message,
                written,
                on_key=error.on_key,
                label=bad.label,
                help=bad.help,
            )
        if error.kind == "missing":
            model = model_at(error.path[:-1])
            name = error.path[-1]
            return Problem(
                "SO031",
                f"{named(path, model)} needs the key `{name}`",
                written,
                on_key=True,
                label=f"`{name}` is missing",
                help=f"`{name}`: {text}" if (text := description(model, str(name))) else "",
            )
        wanted = _TYPES.get(error.kind, "something else")
        model = model_at(error.path) if wanted == "a mapping" else None
        keys = f"its keys: {listed(keys_of(model))}" if model else ""
        return Problem(
            "SO032",
            f"expected {wanted}, got {_given(error.value)}",
            written,
            label=f"this should be {wanted}",
            help=keys or _example(error.path, wanted),
        )

    # The data -----------------------------------------------------------------------------------

    def actual(self, path: Path) -> Path:
        """Return the part of a path that is in the data, without what its short forms leave out."""
        found: Path = ()
        here: Any = self.data
        for step in path:
            inside = isinstance(here, dict) and step in here
            if isinstance(here, list) and isinstance(step, int):
                inside = step < len(here)
            if inside:
                here, found = here[step], (*found, step)
        return found

    def at(self, path: Path) -> Any:
        here: Any = self.data
        for step in path:
            here = here[step]
        return here

    def drop(self, path: Path) -> None:
        """Take something away, with the names that stood in it."""
        if not path:
            return
        holder = self.at(path[:-1])
        if isinstance(holder, list):
            self._drop_item(holder, path)
        elif isinstance(holder, dict) and path[-1] in holder:
            self.gone |= set(_names_in({path[-1]: holder[path[-1]]}))
            if path[0] == "actors" and path[2:] == ("options",):
                self.gone.add(str(path[1]))
            if path[-1] == "levels":
                self.gone.add(str(path[-2]))
            if len(path) == 1:
                self.quiet.update(_SECTION_CODES.get(str(path[0]), ()))
            del holder[path[-1]]
            if path[0] == "actors" and path[-1] in ORDERS:
                for key in PACE[:2]:  # an actor without an order needs them
                    holder.setdefault(key, _STAND_INS[key])

    def _drop_item(self, holder: list[Any], path: Path) -> None:
        position = path[-1]
        assert isinstance(position, int)
        self.gone |= set(_names_in(holder[position]))
        if path[-2:-1] == ("levels",) or path[-3:-2] == ("options",):
            holder[position] = f"taken_away_{position}"  # the number of levels still counts
            self.gone.add(str(path[-3] if path[-2] == "levels" else path[-2]))
            return
        kept = self.kept.setdefault(path[:-1], list(range(len(holder))))
        del kept[position], holder[position]

    def rename(self, holder: Path, key: str, name: str) -> None:
        mapping = self.at(holder)
        entries = [(name if each == key else each, value) for each, value in mapping.items()]
        mapping.clear()
        mapping.update(entries)
        self.renamed[(*holder, name)] = key

    def stands_in(self, holder: Path, key: str) -> bool:
        """Put something harmless in the place of a missing entry, if there is such a thing."""
        mapping = self.at(holder)
        known = key in _STAND_INS and isinstance(mapping, dict)
        if known:
            mapping[key] = copy.deepcopy(_STAND_INS[key])
        return known

    def written(self, path: Path) -> Path:
        """Return the path in the file that a path in the repaired data came from."""
        found: Path = ()
        for position, step in enumerate(path):
            here = path[:position]
            if isinstance(step, int) and here in self.kept and step < len(self.kept[here]):
                step = self.kept[here][step]
            found = (*found, self.renamed.get((*here, step), step))
        return found


@dataclass(frozen=True)
class _Error:
    """One error of pydantic, with our own cause of it if there is one."""

    kind: str
    path: Path
    value: Any
    cause: BadValue | None
    base: Path

    @classmethod
    def of(cls, details: Any) -> _Error:
        cause = details.get("ctx", {}).get("error")
        own = cause if isinstance(cause, BadValue) else None
        path = tuple(details["loc"]) + (own.at if own else ())
        return cls(details["type"], path, details["input"], own, tuple(details["loc"]))

    @property
    def on_key(self) -> bool:
        return bool(self.path and self.path[-1] == "[key]") or bool(
            self.cause and self.cause.on_key
        )


def _last_first(path: Path) -> tuple[tuple[int, str], ...]:
    """Order paths so that, reversed, later items of a list come before earlier ones."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _related(one: Path, other: Path) -> bool:
    """Return whether one path contains the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _names_in(value: Any) -> Iterator[str]:
    """Yield what data declares: keys, and levels in lists; not what its prose mentions."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from [inner] if isinstance(inner, str) else _names_in(inner)


def _given(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"the number `{value}`" if isinstance(value, int | float) else "text"


def _example(path: Path, wanted: str) -> str:
    key = path[-1] if path else ""
    if key == "levels" or path[-2:-1] == ("options",):
        return "list the levels, as in `[none, partial, full]`"
    if wanted == "a list" and isinstance(key, str):
        return "put each entry on a line of its own, after `- `"
    return ""
