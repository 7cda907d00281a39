"""The JSON Schema of a crisis file, generated from the models.

Editors use it to complete names and to mark mistakes while one types. It describes the shape of a
file; what names refer to is checked by `standoff check`.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from standoff.crisis.model import Crisis

FILE_NAME = "crisis.schema.json"


def schema_path() -> Path:
    """Return where the schema lies in this installation."""
    return Path(str(resources.files("standoff.crisis") / FILE_NAME))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a crisis file as plain data."""
    generated = Crisis.model_json_schema(by_alias=True, schema_generator=_Generator)
    generated["properties"].pop("lineage", None)
    definitions = generated.pop("$defs")
    return {
        "$schema": _Generator.schema_dialect,
        "title": "A crisis",
        **_tidy(generated),
        "$defs": {name: _tidy(definitions[name]) for name in sorted(definitions)},
    }


class _Generator(GenerateJsonSchema):
    """Leaves defaults out: they are our types, and an editor has no use for them."""

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])


def _tidy(schema: Any) -> Any:
    """Leave out made-up titles, and all of a description but its first paragraph."""
    if isinstance(schema, str):
        return schema.split("\n\n")[0]
    if isinstance(schema, dict):
        return {
            key: _tidy(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_tidy(value) for value in schema] if isinstance(schema, list) else schema


def schema_text() -> str:
    """Return the JSON Schema of a crisis file as text, the same text every time.

    Examples
    --------
    >>> schema_text() == schema_path().read_text("utf-8")
    True
    """
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    """Write the schema into the package; a test fails while it is not up to date."""
    schema_path().write_text(schema_text(), "utf-8")
