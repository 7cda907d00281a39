"""Names that statements can use, made from the words that a person wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from standoff.crisis.errors import BadValue
from standoff.crisis.fields import name_of

LONGEST = 32
"""Longer names are cut between words where that is possible."""


def identifier(text: str, taken: Collection[str], otherwise: str) -> str:
    """Return a name for what a person calls `text`.

    Parameters
    ----------
    text
        Any text.
    taken
        Names that are in use already.
    otherwise
        The name if nothing in the text can be used; itself a name.

    Returns
    -------
    str
        A name that is not taken: the same for the same text and the same names taken.

    Examples
    --------
    >>> identifier("Air Strike", (), "option"), identifier("2nd, côté Québec", (), "option")
    ('air_strike', 'option_2nd_cote_quebec')
    >>> identifier("In", (), "option"), identifier("Accept", ["accept"], "option")
    ('in_', 'accept_2')
    """
    letters = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text)).lower()
    words = "".join(sign if f"a{sign}".isidentifier() else " " for sign in letters).split()
    name = _cut(re.sub("_+", "_", "_".join(words)).strip("_"))
    if not name.isidentifier():
        name = f"{otherwise}_{name}".rstrip("_")
    name = unicodedata.normalize("NFKC", name)
    if not _is_name(name):
        name = f"{name}_" if _is_name(f"{name}_") else otherwise
    return _free(name, taken)


def _plain(sign: str) -> str:
    """Return a Latin letter without its accent, and any other sign as it is."""
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() else sign


def _cut(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    between = name.rfind("_", LONGEST // 2, LONGEST + 1)
    return name[: between if between > 0 else LONGEST]


def _is_name(name: str) -> bool:
    try:
        name_of(name)
    except BadValue:
        return False
    return True


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}".replace("__", "_")
    return found
