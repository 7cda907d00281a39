"""A request that cannot be met as it was typed."""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):  # noqa: N818 (a note to the user, not a fault of the program)
    """What the user typed cannot be done; says why and what to do instead.

    Parameters
    ----------
    message
        What is wrong, in a sentence without a full stop.
    advice
        What to do about it; empty if there is nothing to say.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


def near(given: str, known: Iterable[str]) -> str:
    """Return `did you mean ...?` if a known name is near, and nothing otherwise.

    Examples
    --------
    >>> near("chekc", ["run", "check"])
    'did you mean `check`?'
    >>> near("weather", ["run", "check"])
    ''
    """
    from difflib import get_close_matches

    close = get_close_matches(given.casefold(), list(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
