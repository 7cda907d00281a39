"""The crisis: the whole written model, immutable, and what can be asked of it.

`Crisis` holds what the file says. Its properties answer the questions that everything after it
asks: which variables are there, what is the state at time 0, what does this statement mean. Its
views are one-line methods here and functions in `standoff.crisis.views`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from standoff.crisis import views
from standoff.crisis.actors import Actor
from standoff.crisis.asked import Explanation, Question
from standoff.crisis.errors import BadValue, CrisisError, unknown
from standoff.crisis.expected import Expectation
from standoff.crisis.fields import (
    AlsoWritten,
    Label,
    List,
    Model,
    Name,
    State,
    StatementText,
    Table,
    Text,
)
from standoff.crisis.frozen import Frozen
from standoff.crisis.preferences import Pattern
from standoff.crisis.quantities import SCALE, Range, Weight
from standoff.crisis.setting import Condition, Observation, Situation, Source
from standoff.crisis.statements import Statement
from standoff.crisis.syntax import BadStatement
from standoff.crisis.vocabulary import Vocabulary

if TYPE_CHECKING:
    from standoff.crisis.faults import Fault


_TABLE = {
    "type": "object",
    "properties": {"file": {"type": "string", "pattern": r"\.(csv|parquet)$"}},
    "required": ["file"],
    "additionalProperties": False,
}


def _one_situation(value: Any) -> Any:
    if isinstance(value, Mapping):
        raise BadValue(
            "SO030",
            "`situation` is the name of one situation, not the section that describes them",
            help="did you mean `situations`?",
            on_key=True,
        )
    return value


class Crisis(Model):
    """A crisis as one analyst wrote it down.

    Two crises are equal when they say the same; how they came about (`lineage`) does not matter.

    Examples
    --------
    >>> import standoff
    >>> crisis = standoff.loads('''
    ... crisis: Two neighbours
    ... actors:
    ...   north:
    ...     decides: every 6 days
    ...     looks_ahead: 60 days
    ...     options: {blockade: [none, partial, full]}
    ...     interests: {trade: {avoids: blockade == full, weight: major}}
    ... ''')
    >>> crisis.holding("north.blockade", "partial").start
    {'north.blockade': 'partial'}
    >>> crisis.holding("north.blockade", "partial").lineage
    ('holding north.blockade = partial',)
    """

    title: Text = Field(alias="crisis")
    """What the crisis is called."""
    summary: Text | None = None
    """What it is about, in a sentence or two."""
    scale: Table[Name, Range] = Frozen()
    """What weight words mean here, where it differs from the default."""
    sources: Table[Label, Source] = Frozen()
    """Where the claims come from."""
    actors: Table[Name, Actor]
    """The parties that decide."""
    conditions: Table[Name, Condition] = Frozen()
    """What no actor controls."""
    definitions: Table[Name, StatementText] = Frozen()
    """Names for statements."""
    never: List[StatementText] = ()
    """Statements that are never true: states that cannot be."""
    state: State = Frozen()
    """Levels at time 0, whatever the situation says."""
    held: State = Frozen()
    """Levels that nobody and nothing can change."""
    situation: Annotated[Text | None, BeforeValidator(_one_situation)] = None
    """The situation that the crisis has been put in; its patch is then already applied."""
    situations: Table[Label, Situation] = Frozen()
    """Dates, with the state and what is different at that time."""
    questions: Table[Label, Question] = Frozen()
    """What is asked."""
    explanations: Table[Label, Explanation] = Frozen()
    """Rival versions of the crisis."""
    record: Annotated[List[Observation], AlsoWritten(_TABLE)] = ()
    """What was observed, with dates; or `{file: record.csv}`, a table beside the crisis."""
    expects: Table[Label, Expectation] = Frozen()
    """The assessment's own conclusions: tests of the model."""
    lineage: tuple[str, ...] = Field(default=(), exclude=True)
    """The views that led from the file to this crisis, one line each; not part of equality."""

    # What everything else asks of it ------------------------------------------------------------

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that statements may use; shared by all views, which change no names."""
        variables = {
            f"{actor_name}.{option_name}": option.levels
            for actor_name, actor in self.actors.items()
            for option_name, option in actor.options.items()
        }
        variables |= {name: condition.levels for name, condition in self.conditions.items()}
        options = {name: tuple(actor.options) for name, actor in self.actors.items()}
        return Vocabulary(Frozen(variables), Frozen(options), self.definitions)

    @property
    def variables(self) -> Mapping[str, tuple[str, ...]]:
        """The levels of every option (`actor.option`) and then every condition, in file order."""
        return self.vocabulary.variables

    @property
    def start(self) -> dict[str, str]:
        """The level of every variable at time 0.

        The default, unless the situation says otherwise, unless `state` does, unless `held` does.
        """
        levels = {name: known[0] for name, known in self.variables.items()}
        if self.situation is not None:
            levels.update(self.situations[self.situation].state)
        levels.update(self.state)
        levels.update(self.held)
        return levels

    @property
    def as_of(self) -> datetime.date | None:
        """The date of day 0: that of the situation the crisis is in, if it is in one."""
        return None if self.situation is None else self.situations[self.situation].as_of

    def statement(self, text: str, actor: str | None = None) -> Statement:
        """Return what a text states, with names resolved and definitions written out.

        Parameters
        ----------
        text
            Such as `blockade == full and not south.mines`.
        actor
            The actor in whose block it stands, whose options need no prefix.

        Raises
        ------
        CrisisError
            The text is not a statement or uses an unknown name.
        """
        if actor is not None and actor not in self.actors:
            raise unknown("statement()", "actor", actor, self.actors)
        try:
            return self.vocabulary.statement(text, actor)
        except BadStatement as err:
            raise CrisisError(_sentences(f"statement `{text}`", err)) from None

    def pattern(
        self, pattern: Pattern | Mapping[str, str] | str, actor: str | None = None
    ) -> Statement:
        """Return what a pattern of states says: that a state has these levels, or a statement.

        Parameters
        ----------
        pattern
            Such as `{"north.blockade": "full", "weather": "calm"}`, or the text of a statement.
        actor
            The actor in whose block it stands, whose options need no prefix.

        Raises
        ------
        CrisisError
            It is no pattern, or uses an unknown name or level.

        Examples
        --------
        >>> import standoff
        >>> from standoff.crisis import template
        >>> standoff.loads(template("The strait")).pattern({"mines": "yes"}, "south")
        All(operands=(Among(variable='south.mines', levels=frozenset({1})),))
        """
        if actor is not None and actor not in self.actors:
            raise unknown("pattern()", "actor", actor, self.actors)
        try:
            read = Pattern.parse(pattern)
        except (BadValue, ValidationError) as err:
            raise CrisisError(f"pattern(): {views.said(err)}") from None
        try:
            return self.vocabulary.pattern(read, actor)
        except BadStatement as err:
            raise CrisisError(_sentences(f"pattern `{read}`", err)) from None

    def range_of(self, weight: Weight) -> Range:
        """Return the range of numbers that a weight stands for, by the scale of this crisis.

        Examples
        --------
        >>> from standoff.crisis import Weight, template
        >>> import standoff
        >>> standoff.loads(template("The strait")).range_of(Weight.parse("major"))
        Range(low=3.0, high=6.0, text='', number=None)
        """
        if weight.range is not None:
            return weight.range
        word = weight.word or ""
        known = {**SCALE, **self.scale}
        if word not in known:
            raise unknown("range_of()", "weight word", word, known)
        return known[word]

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of everything the crisis says, in hexadecimal; equal for equal crises."""
        text = json.dumps(_canonical(self.data()), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def data(self) -> dict[str, Any]:
        """Return what the file would say, as plain data, leaving out what is at its default."""
        return self.model_dump(exclude_defaults=True)

    def warnings(self, today: datetime.date | None = None) -> tuple[Fault, ...]:
        """Return what is legal in this crisis and probably not meant.

        Parameters
        ----------
        today
            If given, questions that are already in the past at that day are among the warnings.
        """
        from standoff.crisis.lints import warnings_of

        return warnings_of(self, today)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Crisis) and self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        return self.title

    def __repr__(self) -> str:
        return f"<Crisis {self.title!r} {' · '.join(self.lineage)}>".replace(" >", ">")

    # Views --------------------------------------------------------------------------------------

    def as_seen_by(self, *actors: str) -> Crisis:
        """Return the crisis as an actor sees it (then as that one sees the next one seeing it)."""
        return views.as_seen_by(self, *actors)

    def in_situation(self, name: str) -> Crisis:
        """Return the crisis at one of its situations, with what is different then."""
        return views.in_situation(self, name)

    def under(self, explanation: str) -> Crisis:
        """Return the crisis as it would be if an explanation were true."""
        return views.under(self, explanation)

    def without(self, *paths: str) -> Crisis:
        """Return the crisis without some of its claims, given by path."""
        return views.without(self, *paths)

    def starting(self, levels: Mapping[str, str] | str, level: str | None = None) -> Crisis:
        """Return the crisis with other levels at time 0."""
        return views.starting(self, levels, level)

    def holding(self, levels: Mapping[str, str] | str, level: str | None = None) -> Crisis:
        """Return the crisis with levels that nobody can change, from time 0 on."""
        return views.holding(self, levels, level)

    def patched(self, patch: Mapping[str, Any]) -> Crisis:
        """Return the crisis with other values at some paths."""
        return views.patched(self, patch)


_UNORDERED = frozenset(
    {"believes", "with", "state", "held", "holding", "starting", "sets", "ranking", "states"}
)


def _canonical(data: Any, key: str = "") -> Any:
    """Sort what has no order (patches, states, patterns), so that equal crises have equal text."""
    if isinstance(data, dict):
        unordered = key.rpartition(".")[2] in _UNORDERED
        items = sorted(data.items()) if unordered else data.items()
        return {name: _canonical(value, key if name == "value" else name) for name, value in items}
    if isinstance(data, list | tuple):
        return [_canonical(value, key) for value in data]
    return data.isoformat() if isinstance(data, datetime.date) else data


def _sentences(where: str, err: BadStatement) -> str:
    said = "; ".join(
        fault.message + (f" ({fault.label})" if fault.label else "") for fault in err.faults
    )
    helps = "; ".join(dict.fromkeys(fault.help for fault in err.faults if fault.help))
    return f"in the {where}: {said}" + (f". {helps[0].upper()}{helps[1:]}" if helps else "")
