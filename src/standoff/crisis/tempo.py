"""How often an actor decides."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, PlainSerializer

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import AlsoWritten, Model, OneOrList, StatementText
from standoff.crisis.times import Span


class Tempo(Model):
    """A mean time between decisions, and when it applies."""

    model_config = ConfigDict(json_schema_extra=AlsoWritten({"type": "string"}))

    every: Span
    """The mean time between its decisions, such as `2 days`."""
    when: StatementText | None = None
    """Where it applies; the last in a list has none, so that it applies everywhere else."""

    @property
    def rate(self) -> float:
        """Decisions per day, at the central time."""
        return 1 / self.every.central


def _as_list(value: Any) -> Any:
    """Accept `every 6 days`, one mapping, or a list of either."""
    if value is None:
        raise BadValue(
            "SO032",
            "expected a time, got nothing",
            label="nothing follows",
            help="write for example `every 6 days`",
        )
    entries = value if isinstance(value, list | tuple) else [value]
    return [
        {"every": entry} if not isinstance(entry, dict | Tempo) and entry is not None else entry
        for entry in entries
    ]


def _last_is_open(value: tuple[Tempo, ...]) -> tuple[Tempo, ...]:
    if not value:
        raise BadValue("SO039", "`decides` is empty", help="write for example `every 6 days`")
    if value[-1].when is not None:
        raise BadValue(
            "SO039",
            "the last entry of `decides` has a `when`, so some states have no time at all",
            label="applies only in some states",
            help="end the list with an entry that has only `every`",
            at=(len(value) - 1, "when"),
        )
    for position, tempo in enumerate(value[:-1]):
        if tempo.when is None:
            raise BadValue(
                "SO039",
                "an entry of `decides` without `when` hides those after it",
                label="applies in every state",
                help="put it last, or say when it applies",
                at=(position,),
            )
    return value


def _written(value: tuple[Tempo, ...]) -> Any:
    if len(value) == 1:
        return f"every {value[0].every}"
    return [
        {"every": str(tempo.every)} | ({"when": tempo.when} if tempo.when is not None else {})
        for tempo in value
    ]


Decides = Annotated[
    tuple[Tempo, ...],
    BeforeValidator(_as_list),
    AfterValidator(_last_is_open),
    PlainSerializer(_written),
    OneOrList(),
]
"""The times between an actor's decisions: the first whose `when` holds applies."""
