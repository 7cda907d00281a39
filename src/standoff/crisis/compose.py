"""From the text of a file to a document: YAML events in, plain data with places out.

ruamel.yaml finds the tokens; what they mean is decided here, by rules that fit on one line: only
`true` and `false` are booleans, only `null`, `~` and nothing are null, what looks like a decimal
number is one, and everything else is text. So `no`, `NO` and `2026-01-10` stay words.

Nothing in a file can make reading it expensive: the number of entries, the depth, and what
aliases may expand to are all bounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from standoff.crisis.document import Document, Place
from standoff.crisis.faults import Path, Problem
from standoff.crisis.unreadable import Unreadable, not_yaml

MOST_ENTRIES = 10_000
"""How many keys and values a file may have, aliases written out."""

DEEPEST = 40
"""How deep mappings and lists may be nested."""


_CORE_TAGS = {"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq", "null"))}


@dataclass
class _Node:
    place: Place
    kind: str
    scalar: Any = None
    entries: list[tuple[_Node, _Node]] = field(default_factory=list)
    items: list[_Node] = field(default_factory=list)
    complete: bool = True


def compose(text: str, name: str) -> tuple[Document, list[Problem]]:
    """Return the document, and the problems that do not keep the rest from being read.

    Raises
    ------
    Unreadable
        The text is not one YAML document of plain data.
    """
    stream = _events(text)
    try:
        root = _Composer(stream).document()
    except YAMLError as err:
        raise not_yaml(err, text) from None
    document = Document(name, text)
    builder = _Builder(document)
    document.data = builder.build(root, ())
    return document, builder.problems


def _events(text: str) -> Iterator[Any]:
    """Yield YAML events, turning what the scanner trips over into its own errors."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except (ValueError, IndexError, KeyError, AttributeError, AssertionError, TypeError) as err:
        raise YAMLError(f"this is not YAML ({type(err).__name__})") from err


class _Composer:
    def __init__(self, stream: Iterator[Any]) -> None:
        self.stream = stream
        self.anchors: dict[str, _Node] = {}
        self.count = 0

    def document(self) -> _Node:
        root: _Node | None = None
        for event in self.stream:
            if isinstance(event, events.StreamStartEvent | events.StreamEndEvent):
                continue
            if isinstance(event, events.DocumentStartEvent):
                if root is not None:
                    raise Unreadable(
                        Problem(
                            "SO012",
                            "there is a second document in the file",
                            label="starts here",
                            help="a crisis is one document: remove the line with `---`",
                        ),
                        _place(event),
                    )
                root = self.node(next(self.stream), 0)
        if root is None or (root.kind == "scalar" and root.scalar is None):
            raise Unreadable(
                Problem(
                    "SO010",
                    "the file is empty",
                    help="`standoff new NAME` writes a file to start from",
                ),
                Place(0, 0, 1),
            )
        return root

    def node(self, event: Any, depth: int) -> _Node:
        self.count += 1
        if self.count > MOST_ENTRIES:
            raise Unreadable(_too_many("the file"), _place(event))
        if depth > DEEPEST:
            raise Unreadable(
                Problem("SO007", f"the file is nested more than {DEEPEST} deep", label="here"),
                _place(event),
            )
        if isinstance(event, events.AliasEvent):
            return self.alias(event)
        place = _place(event)
        if isinstance(event, events.ScalarEvent):
            node = _Node(place, "scalar", _scalar(event, place))
            self.remember(event, node)
            return node
        _refuse_tag(event, place)
        node = _Node(place, "list", complete=False)
        self.remember(event, node)
        if isinstance(event, events.MappingStartEvent):
            node.kind = "mapping"
            while not isinstance(end := next(self.stream), events.MappingEndEvent):
                key = self.node(end, depth + 1)
                node.entries.append((key, self.node(next(self.stream), depth + 1)))
        else:
            while not isinstance(end := next(self.stream), events.SequenceEndEvent):
                node.items.append(self.node(end, depth + 1))
        node.place = _collection_place(event, end)
        node.complete = True
        return node

    def remember(self, event: Any, node: _Node) -> None:
        if event.anchor is not None:
            self.anchors[str(event.anchor)] = node

    def alias(self, event: Any) -> _Node:
        name = str(event.anchor)
        if name not in self.anchors:
            raise Unreadable(
                Problem("SO009", f"the alias `*{name}` stands for nothing", label="no such anchor"),
                _place(event),
            )
        node = self.anchors[name]
        if not node.complete:
            raise Unreadable(
                Problem("SO009", f"the alias `*{name}` contains itself", label="goes on for ever"),
                _place(event),
            )
        return _Node(_place(event), "alias", items=[node])


class _Builder:
    """Builds data and places from nodes, writing aliases out."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.count = 0
        self.expanding: Place | None = None

    def build(self, node: _Node, path: Path) -> Any:
        self.count += 1
        if self.count > MOST_ENTRIES:
            place = self.expanding or node.place
            raise Unreadable(_too_many("the file, with its aliases written out,"), place)
        if node.kind == "alias":
            return self.expand(node, path)
        self.document.values[path] = node.place
        if node.kind == "scalar":
            return node.scalar
        if node.kind == "list":
            return [self.build(item, (*path, at)) for at, item in enumerate(node.items)]
        data: dict[str, Any] = {}
        for key_node, value_node in node.entries:
            key = self.key(key_node, value_node)
            here = (*path, key)
            if key in data:
                self.twice(key, key_node.place, here)
                continue
            self.document.keys[here] = key_node.place
            data[key] = self.build(value_node, here)
        return data

    def expand(self, node: _Node, path: Path) -> Any:
        """Build what an alias stands for; problems in it are shown where it is written."""
        outermost, self.expanding = self.expanding, self.expanding or node.place
        data = self.build(node.items[0], path)
        self.expanding = outermost
        return data

    def key(self, node: _Node, value: _Node) -> str:
        if node.kind == "alias":
            node = node.items[0]
        if node.kind == "scalar" and isinstance(node.scalar, str):
            return node.scalar
        alone = value.kind == "scalar" and value.scalar is None
        shown = "nothing" if node.scalar is None else f"`{str(node.scalar).lower()}`"
        message = (
            f"a key must be a word, not {shown if node.kind == 'scalar' else 'a ' + node.kind}"
        )
        advice = "begin it with a letter" if isinstance(node.scalar, int | float) else ""
        if alone or node.kind != "scalar":
            advice = "put a statement that begins with a brace or a bracket in quotation marks"
        raise Unreadable(
            Problem("SO013", message, label="used as a key", help=advice),
            node.place,
        )

    def twice(self, key: str, place: Place, path: Path) -> None:
        first = self.document.keys[path]
        again = (*path, f"#{place.line}:{place.column}")
        self.document.values[again] = place
        self.problems.append(
            Problem(
                "SO008",
                f"the key `{key}` is there twice",
                again,
                label="again here",
                help=f"the first is at {self.document.name}:{first.line}:{first.column}; "
                "keep one of the two",
            )
        )


def _too_many(what: str) -> Problem:
    code = "SO009" if "aliases" in what else "SO004"
    return Problem(code, f"{what} has more than {MOST_ENTRIES:,} entries", label="given up here")


def _place(event: Any) -> Place:
    """Return the place of a scalar, or of where something begins."""
    start, end = event.start_mark, event.end_mark
    length = end.column - start.column if end.line == start.line else 1
    style = getattr(event, "style", None) or ""
    if isinstance(event, events.ScalarEvent):
        if end.line != start.line:
            length = max(1, len(str(event.value).split("\n")[0]))
        if not event.value and not style:
            style = "empty"
    last = end.line + 1 if end.column or end.line == start.line else end.line
    return Place(start.line + 1, start.column + 1, max(1, length), style, last)


def _collection_place(start: Any, end: Any) -> Place:
    first, last = start.start_mark, end.end_mark
    length = last.column - first.column if first.line == last.line else 1
    style = "flow" if start.flow_style else "block"
    return Place(first.line + 1, first.column + 1, max(1, length), style, last.line + 1)


def _refuse_tag(event: Any, place: Place) -> None:
    tag = str(event.tag) if event.tag is not None else ""
    shown = tag.replace("tag:yaml.org,2002:", "!!")
    if tag and tag not in _CORE_TAGS:
        raise Unreadable(
            Problem(
                "SO013", f"the tag `{shown}` means nothing here", label="tagged", help="remove it"
            ),
            place,
        )


def _scalar(event: Any, place: Place) -> Any:
    _refuse_tag(event, place)
    text = _whole(event.value, place)
    quoted = event.style is not None or (event.tag is not None and str(event.tag).endswith(":str"))
    return text if quoted else plain_value(text)


def _whole(text: str, place: Place) -> str:
    """Join characters written as two escapes; half of such a character is no text."""
    if not re.search("[\ud800-\udfff]", text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        problem = Problem("SO007", "there is half a character in a text", label="not text")
        raise Unreadable(problem, place) from None


def plain_value(text: str) -> Any:
    """Return what a word without quotation marks stands for.

    Examples
    --------
    >>> [plain_value(text) for text in ("true", "no", "~", "7", "1.5", "1..2", "2026-01-10")]
    [True, 'no', None, 7, 1.5, '1..2', '2026-01-10']
    """
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
