"""JSON that others wrote, with the place of every part for messages and notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.crisis.errors import CrisisError, listed, nearest

MOST_BYTES = 5_000_000
"""The largest file that is read."""

_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a JSON document.

    Attributes
    ----------
    file
        What messages call the document.
    place
        Where the part is, such as `options[2].name`; empty for the whole.
    value
        What is there.
    """

    file: str
    place: str
    value: Any

    def wrong(self, said: str) -> CrisisError:
        """Return the error that says what is wrong with this part."""
        at = f" {self.place}:" if self.place else ""
        return CrisisError(f"{self.file}:{at} {said}")

    def get(self, key: str) -> Part | None:
        """Return an entry of an object, or None if it is not there or null."""
        value = self._as(dict, "an object").get(key)
        return None if value is None else Part(self.file, self._below(key), value)

    def need(self, key: str) -> Part:
        """Return an entry that has to be there."""
        found = self.get(key)
        if found is None:
            near = nearest(key, self.value)
            has = f"; its keys: {some}" if (some := listed(self.value)) else ""
            meant = f". Is `{near}` meant?" if near else ""
            raise self.wrong(f"there is no `{key}`{has}{meant}")
        return found

    def items(self) -> Iterator[Part]:
        """Yield the items of a list."""
        values = self._as(list, "a list")
        return (Part(self.file, f"{self.place}[{i}]", value) for i, value in enumerate(values))

    def text(self) -> str:
        """Return a text, on one line."""
        found: str = self._as(str, "text")
        return " ".join(found.split())

    def truth(self) -> bool:
        """Return true or false."""
        found: bool = self._as(bool, "true or false")
        return found

    def index(self, what: str, first: int, last: int) -> int:
        """Return a whole number that counts something, between a first and a last one."""
        value = self.value
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip()[:18])
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        known = (
            f"{what} are numbered {first} to {last}" if last >= first else f"there are no {what}"
        )
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"expected a whole number, got {self.shown}; {known}")
        if not first <= value <= last:
            raise self.wrong(f"there is no {self.shown}: {known}")
        return value

    def unknown_keys(self, known: tuple[str, ...]) -> Iterator[str]:
        """Yield a note for each key of an object that is not among those known."""
        for key, value in self._as(dict, "an object").items():
            if key not in known:
                part = Part(self.file, self._below(key), value)
                near = nearest(key, [name for name in known if name not in self.value])
                meant = f" (is `{near}` meant?)" if near else ""
                yield f"{part.place} is not understood and left out: {part.shown}{meant}"

    @property
    def shown(self) -> str:
        """The part in a few words."""
        if isinstance(self.value, dict | list):
            number = len(self.value)
            kind = "an object" if isinstance(self.value, dict) else "a list"
            return f"{kind} with {number:,} {'entry' if number == 1 else 'entries'}"
        text = json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= 60 else f"{text[:56]} ..."

    def _as(self, kind: type, called: str) -> Any:
        if not isinstance(self.value, kind):
            raise self.wrong(f"expected {called}, got {self.shown}")
        return self.value

    def _below(self, key: str) -> str:
        shown = key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
        return f"{self.place}.{shown}" if self.place else shown


def read_json(path: Path) -> Part:
    """Return the JSON document in a file.

    Raises
    ------
    CrisisError
        There is no such file, or it is not JSON: the message says where and why.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise CrisisError(f"{name}: this is a folder, not a file")
        if (size := path.stat().st_size) > MOST_BYTES:
            raise CrisisError(
                f"{name}: the file is too large ({size:,} bytes, at most {MOST_BYTES:,})"
            )
        content = path.read_bytes()
    except FileNotFoundError:
        near = nearest(path.stem, _beside(path))
        meant = f". Is `{path.with_name(near + path.suffix)}` meant?" if near else ""
        raise CrisisError(f"{name}: there is no such file{meant}") from None
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise CrisisError(f"{name}: the file cannot be read: {reason}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        raise CrisisError(
            f"{name}:{line}: the file is not text in UTF-8 (byte {content[err.start]:#04x})"
        ) from None
    return parse_json(text, name)


def parse_json(text: str, name: str) -> Part:
    """Return the JSON document that a text is; `name` is what messages call it.

    Raises
    ------
    CrisisError
        The text is not JSON.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise CrisisError(f"{name}: an object has the key {json.dumps(twice)} twice")
        return data

    def refuse(constant: str) -> Any:
        raise CrisisError(f"{name}: {constant} is not a number in JSON")

    if not text.strip():
        raise CrisisError(f"{name}: the file is empty")
    try:
        data = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except json.JSONDecodeError as err:
        raise CrisisError(
            f"{name}:{err.lineno}:{err.colno}: this is not JSON: {err.msg.lower()}"
        ) from None
    except RecursionError:
        raise CrisisError(f"{name}: lists and objects are nested too deeply") from None
    except CrisisError:
        raise
    except ValueError:  # a number with thousands of digits
        raise CrisisError(f"{name}: there is a number with too many digits") from None
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise CrisisError(
            f"{name}: there is half a character (such as \\ud800) in a text"
        ) from None
    except RecursionError:
        raise CrisisError(f"{name}: lists and objects are nested too deeply") from None
    return Part(name, "", data)


def _beside(path: Path) -> list[str]:
    """Return the names, without ending, of the files of the same kind in the same folder."""
    try:
        return [each.stem for each in path.parent.iterdir() if each.suffix == path.suffix]
    except OSError:
        return []
