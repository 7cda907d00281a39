from __future__ import annotations
import json
from pathlib import Path
from standoff.crisis.model import Crisis


def loads(text: str, name: str = "<text>") -> Crisis:
    from ruamel.yaml import YAML

    node = YAML(typ="safe", pure=True).compose(text)
    return Crisis.model_validate(plain(node))


def plain(node):
    import re

    kind = type(node).__name__
    if kind == "MappingNode":
        return {plain(k): plain(v) for k, v in node.value}
    if kind == "SequenceNode":
        return [plain(v) for v in node.value]
    text = node.value
    if node.style:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", text):
        return float(text)
    return text


def load(name: str | Path) -> Crisis:
    path = Path(name)
    if path.is_dir():
        path = path / "crisis.yaml"
    return loads(path.read_text(), str(path))
