"""Writing a crisis as a file that a person would have written.

Sections come in the order of the design, one claim stands on one line where it fits, prose is
folded. Reading the result gives an equal crisis.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from standoff.crisis.compose import plain_value
from standoff.crisis.model import Crisis
from standoff.crisis.setting import Observation

WIDTH = 100
_ALWAYS_BLOCK = frozenset(
    {
        (),
        ("actors",),
        ("actors", "*"),
        ("actors", "*", "options"),
        ("actors", "*", "interests"),
        ("actors", "*", "red_lines"),
        ("actors", "*", "priorities"),
        ("actors", "*", "ranking"),
        ("actors", "*", "believes"),
        ("conditions",),
        ("conditions", "*"),
        ("conditions", "*", "changes"),
        ("sources",),
        ("definitions",),
        ("never",),
        ("situations",),
        ("situations", "*"),
        ("questions",),
        ("questions", "*"),
        ("explanations",),
        ("record",),
        ("expects",),
        ("expects", "*"),
    }
)
"""Where every entry has a line of its own even if all would fit on one; `*` is any name."""


def dumps(crisis: Crisis) -> str:
    """Return the crisis as the text of a file.

    Views are written as what they have made of the crisis; the lineage is not written.

    Examples
    --------
    >>> import standoff
    >>> from standoff.crisis import template
    >>> crisis = standoff.loads(template("The strait"))
    >>> standoff.loads(standoff.dumps(crisis)) == crisis
    True
    """
    lines: list[str] = []
    for key, value in crisis.data().items():
        if lines and isinstance(value, Mapping | list | tuple):
            lines.append("")
        lines += _entry(key, value, 0, (key,))
    return "\n".join(lines) + "\n"


def dumps_record(entries: Iterable[Observation]) -> str:
    """Return entries as the `record:` section of a file."""
    data = [entry.model_dump(exclude_defaults=True) for entry in entries]
    return "\n".join(_entry("record", data, 0, ("record",))) + "\n"


def _entry(key: str, value: Any, indent: int, path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of one entry of a mapping."""
    name = _scalar(key, inside_flow=False)
    head = f"{' ' * indent}{name}:"
    flow = _flow(value)
    fits = len(head) + 1 + len(flow) <= WIDTH and "\n" not in flow
    if not isinstance(value, Mapping | list | tuple):
        yield from _text(head, value, flow, fits, indent)
    elif not value or (fits and path not in _ALWAYS_BLOCK and _starred(path) not in _ALWAYS_BLOCK):
        yield f"{head} {flow}"
    elif isinstance(value, Mapping):
        yield head
        for inner, entry in value.items():
            yield from _entry(inner, entry, indent + 2, (*path, inner))
    else:
        yield head
        for item in value:
            yield from _item(item, indent + 2, (*path, "*"))


def _starred(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with every second step, which is a name, replaced by a star."""
    return tuple("*" if position % 2 else step for position, step in enumerate(path))


def _item(item: Any, indent: int, path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of one item of a list."""
    dash = f"{' ' * indent}- "
    flow = _flow(item)
    if len(dash) + len(flow) <= WIDTH or not isinstance(item, Mapping) or not item:
        yield dash + (flow if isinstance(item, Mapping | list | tuple) else _scalar(item, False))
        return
    lines: list[str] = []
    for key, value in item.items():
        lines += _entry(key, value, indent + 2, (*path, key))
    yield dash + lines[0][indent + 2 :]
    yield from lines[1:]


def _text(head: str, value: Any, flow: str, fits: bool, indent: int) -> Iterator[str]:
    """Yield the lines of a scalar, folding long prose where folding changes nothing."""
    plain = _scalar(value, inside_flow=False)
    words = value.split(" ") if isinstance(value, str) else []
    foldable = (
        len(head) + len(plain) >= WIDTH
        and all(words)
        and all(sign.isprintable() for sign in str(value))
    )
    if not foldable:
        yield f"{head} {plain}"
        return
    yield f"{head} >-"
    line = " " * (indent + 1)
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line.strip():
            yield line
            line = " " * (indent + 1)
        line += f" {word}"
    yield line


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        entries = ", ".join(f"{_scalar(key)}: {_flow(entry)}" for key, entry in value.items())
        return f"{{{entries}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_flow(item) for item in value)}]"
    return _scalar(value)


def _scalar(value: Any, inside_flow: bool = True) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    return value if _safe(value, inside_flow) else _quoted(value)


def _safe(text: str, inside_flow: bool) -> bool:
    """Return whether a text can stand without quotation marks and be read back as it is."""
    if not isinstance(plain_value(text), str) or text != text.strip() or not text.isprintable():
        return False
    if re.search(r":( |$)| #|\ufeff", text) or (inside_flow and re.search(r"[\[\]{},:]", text)):
        return False
    return bool(re.match(r"[^\W_]|[(.]", text)) and not text.startswith(("---", "..."))


def _quoted(text: str) -> str:
    """Return a text in double quotation marks, everything unusual escaped."""
    escaped = []
    for sign in text:
        if sign in '"\\':
            escaped.append("\\" + sign)
        elif sign == "\n":
            escaped.append("\\n")
        elif sign.isprintable() and sign != "\ufeff":
            escaped.append(sign)
        else:
            code = ord(sign)
            escaped.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return f'"{"".join(escaped)}"'
