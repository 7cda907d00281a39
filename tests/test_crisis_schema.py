"""The JSON Schema that editors complete against."""

from __future__ import annotations

import re
from typing import Any

import pytest

import standoff
from crisis_examples import STRAIT
from standoff.crisis import schema, schema_path, schema_text, template
from standoff.crisis.compose import compose

SCHEMA = schema()


def test_the_schema_in_the_package_is_up_to_date() -> None:
    """Write it anew with `python -c "from standoff.crisis.schema import write; write()"`."""
    assert schema_path().read_text("utf-8") == schema_text()


def accepted(value: Any, rule: dict[str, Any]) -> bool:
    """Validate by the few words of JSON Schema that ours uses; another word is an error here."""
    unknown = rule.keys() - {
        "$ref", "$schema", "$defs", "title", "description", "anyOf", "type", "properties", "items",
        "additionalProperties", "required", "enum", "minimum", "maximum", "format", "const",
        "minItems",
    }  # fmt: skip
    assert not unknown
    if "$ref" in rule:
        return accepted(value, SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")])
    if "anyOf" in rule and not any(accepted(value, each) for each in rule["anyOf"]):
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    kinds = rule.get("type", [])
    if kinds and not any(
        _is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    ):
        return False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return rule.get("minimum", value) <= value <= rule.get("maximum", value)
    if isinstance(value, list):
        return all(accepted(item, rule.get("items", {})) for item in value)
    if isinstance(value, dict) and "type" in rule:
        known, other = rule.get("properties", {}), rule.get("additionalProperties", True)
        if any(key not in value for key in rule.get("required", [])):
            return False
        return all(
            accepted(item, known[key])
            if key in known
            else other and (other is True or accepted(item, other))
            for key, item in value.items()
        )
    return True


def _is(value: Any, kind: str) -> bool:
    types: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
        "number": (int, float), "integer": int,
    }  # fmt: skip
    return isinstance(value, types[kind]) and (kind == "boolean" or not isinstance(value, bool))


@pytest.mark.parametrize(
    "text", [STRAIT, template("A crisis"), standoff.dumps(standoff.loads(STRAIT))]
)
def test_an_editor_accepts_what_standoff_accepts(text: str) -> None:
    assert accepted(compose(text, "x")[0].data, SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("interests:\n      open_sea", "interest:\n      open_sea"),
        ("weight: decisive", "wieght: decisive"),
        ("levels: [calm, storm]", "levels: calm"),
        ("looks_ahead: 60 days", "looks_ahead: [60]"),
        ("irreversible: up", "irreversible: sideways"),
    ],
)
def test_an_editor_marks_what_standoff_refuses(old: str, new: str) -> None:
    text = STRAIT.replace(old, new, 1)
    assert text != STRAIT
    assert not accepted(compose(text, "x")[0].data, SCHEMA)


def test_every_key_is_described() -> None:
    def keys(rule: Any) -> Any:
        if isinstance(rule, dict):
            for name, inner in rule.get("properties", {}).items():
                yield name, inner
                yield from keys(inner)
            for inner in (rule.get("$defs") or {}).values():
                yield from keys(inner)
            for inner in rule.get("anyOf", []):
                yield from keys(inner)

    described = {name for name, rule in keys(SCHEMA) if "description" in rule}
    assert {name for name, _ in keys(SCHEMA)} - described == set()
    assert not re.search(r"class|pydantic|standoff\.", schema_text())
