"""Which model describes which part of a file, and what its keys are and mean."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from standoff.crisis.faults import Path
from standoff.crisis.fields import Model
from standoff.crisis.model import Crisis
from standoff.crisis.patches import Believed


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models_in(inner)


def _is_container(annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    if origin in (Mapping, tuple) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return True
    return any(_is_container(inner) for inner in typing.get_args(annotation))


_PATCHES = frozenset({"believes", "with"})


def model_at(path: Path) -> type[Model] | None:
    """Return the model of the mapping at a path, as pydantic gives it (no short forms)."""
    model: type[Model] | None = Crisis
    position = 0
    while position < len(path):
        if model is None:
            return None
        step = path[position]
        annotation = next(
            (
                info.annotation
                for name, info in model.model_fields.items()
                if (info.alias or name) == step
            ),
            None,
        )
        position += 1
        if step in _PATCHES:
            model, container = Believed, True
        else:
            model = next(_models_in(annotation), None)
            container = _is_container(annotation)
        if container:
            if position == len(path):
                return None
            position += 1
    return model


def keys_of(model: type[Model]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if name != "lineage"]


def named(path: Path, model: type[Model] | None) -> str:
    """Name a mapping of the file: `the actor `north``, `a change`, `the crisis`."""
    if model is None or model is Crisis:
        return "a crisis"
    words = {
        "RedLine": "red line",
        "Tempo": "entry of `decides`",
        "Observation": "entry of the record",
        "Side": "side of an expectation",
        "Standing": "entry",
        "Factor": "entry of `times`",
    }
    kind = words.get(model.__name__, model.__name__.lower())
    if issubclass(model, Believed):
        kind = "entry of a patch"
    last = path[-1] if path else ""
    if isinstance(last, str) and model.__name__ not in ("Side", "Tempo"):
        return f"the {kind} `{last}`"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _descriptions() -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what each required key says, from the models themselves."""
    todo: list[type[Model]] = [Crisis]
    done: set[type[Model]] = set()
    while todo:
        model = todo.pop()
        if model in done:
            continue
        done.add(model)
        for name, info in model.model_fields.items():
            todo.extend(_models_in(info.annotation))
            if info.description:
                text = info.description.strip().rstrip(".:")
                yield (model.__name__, info.alias or name), text[0].lower() + text[1:]


_DESCRIBED = dict(_descriptions())


def description(model: type[Model] | None, key: str) -> str:
    return _DESCRIBED.get((model.__name__ if model else "", key), "")
