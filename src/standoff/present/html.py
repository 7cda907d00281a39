"""HTML that is escaped by construction: a text is data, and only elements are markup.

There is no other way in: whatever a crisis says, it cannot become a tag, an attribute or a script.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from standoff.present.json import dumps

_VOID = frozenset({"br", "hr", "meta", "link", "img", "wbr"})
_NOT_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Content: TypeAlias = "str | Markup | Iterable[Content] | None"
"""What an element holds: texts, which are escaped, elements, and sequences of both."""


def escaped(text: str) -> Markup:
    """Return a text as HTML, without the characters that HTML has no place for.

    Examples
    --------
    >>> escaped('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return Markup(html.escape(_NOT_TEXT.sub("\ufffd", text)))


def joined(*content: Content) -> Markup:
    """Return several pieces of content as one."""
    return Markup("".join(_pieces(content)))


def element(tag: str, /, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """Return one element.

    Parameters
    ----------
    tag
        What it is called.
    content
        What it holds; texts are escaped.
    attributes
        A trailing underscore is dropped and other underscores become hyphens. None and False
        leave the attribute out; True gives it no value.

    Examples
    --------
    >>> element("p", "a < b", class_="note", hidden=False)
    '<p class="note">a &lt; b</p>'
    """
    said = "".join(
        f" {_attribute(key)}" if value is True else f' {_attribute(key)}="{escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{joined(*content)}</{tag}>")


def data_block(data: Any, identifier: str) -> Markup:
    """Return data as JSON inside a page, where no script runs and none can be started.

    The characters that could end the block, or begin a comment or a character reference, are
    written as JSON escapes; the data is the same.
    """
    text = dumps(data)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="{escaped(identifier)}">\n{text}\n</script>')


def _pieces(content: Content) -> Iterable[str]:
    if content is None:
        return
    if isinstance(content, Markup):
        yield content
    elif isinstance(content, str):
        yield escaped(content)
    else:
        for piece in content:
            yield from _pieces(piece)


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
