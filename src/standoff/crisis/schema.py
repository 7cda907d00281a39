"""The JSON Schema of a crisis file, generated from the models.

Editors use it to complete names and to mark mistakes while one types. It describes the shape of a
file; what names refer to is checked by `standoff check`.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from standoff.crisis.model import Crisis

FILE_NAME = "crisis.schema.json"


def schema_path() -> Path:
    """Return where the schema lies in this installation."""
    return Path(str(resources.files("standoff.crisis") / FILE_NAME))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a crisis file as plain data."""
    generated = Crisis.model_json_schema(by_alias=True)
    generated["properties"].pop("lineage", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **{key: value for key, value in generated.items() if key != "$defs"},
        "title": "A crisis",
        "$defs": generated["$defs"],
    }


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


if __name__ == "__main__":
    write()
