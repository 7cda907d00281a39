"""Stability in words: concepts, states, moves, payoffs, and shares of draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from standoff.crisis import Crisis
from standoff.present.text import rows
from standoff.present.words import called, clean, listed
from standoff.solve.sequences import Move, State
from standoff.study.stability import Stability, differing

MEANINGS = {
    "nash": "it has nothing better to go to (Nash)",
    "gmr": "or the others could undo every gain, at whatever cost to themselves (general "
    "metarationality)",
    "smr": "the same, and it could not get out of that by another move (symmetric metarationality)",
    "seq": "or every gain would be undone by answers that pay for those who give them (sequential "
    "stability)",
    "sseq": "the same, and it could not get out of that by another move (symmetric sequential "
    "stability)",
}
"""When an actor stays in a state, by each concept; to undo a gain is to leave it no more than it
had."""

UNANSWERED = {
    "nash": "",
    "gmr": "; nothing that the others can do undoes that",
    "smr": "; nothing that the others can do undoes that for good",
    "seq": "; no answer that pays for the others undoes that",
    "sseq": "; no answer that pays for the others undoes that for good",
}
"""What is said of a move that nothing stops, by each concept."""

START = "as at the start"

_SHARES = (
    (1.0, "all"),
    (0.9, "nearly all"),
    (0.6, "most"),
    (0.4, "about half"),
    (0.1, "some"),
    (0.0, "few"),
)


def share_words(share: float, draws: int) -> str:
    """Say in how many draws something is so, as a word and the number.

    Examples
    --------
    >>> share_words(1.0, 128), share_words(0.5234375, 128), share_words(0.0, 128)
    ('all of 128 draws', 'about half of 128 draws (52%)', 'none of 128 draws')
    >>> share_words(0.999, 1000), share_words(0.001, 1000)
    ('nearly all of 1,000 draws (99.9%)', 'few of 1,000 draws (0.1%)')
    """
    if share == 0:
        return f"none of {draws:,} draws"
    word = next(word for least, word in _SHARES if share >= least)
    if word == "all":
        return f"all of {draws:,} draws"
    number = f"{share:.0%}"
    if number in ("0%", "100%"):
        number = next(n for d in range(1, 9) if float((n := f"{share:.{d}%}")[:-1]) not in (0, 100))
    return f"{word} of {draws:,} draws ({number})"


def levels_words(crisis: Crisis, levels: Mapping[str, str]) -> str:
    """Return levels in words, those of one actor together.

    Examples
    --------
    `Northland: blockade full, annex no; South: mines yes; weather storm`
    """
    owners: dict[str, list[str]] = {}
    for name, level in levels.items():
        owner, _, own = name.rpartition(".")
        owners.setdefault(owner, []).append(f"{own} {level}")
    return "; ".join(
        f"{called(crisis, owner)}: {', '.join(those)}" if owner else ", ".join(those)
        for owner, those in owners.items()
    )


def state_words(stability: Stability, state: State, other: State | None = None) -> str:
    """Return a state by the levels that differ from those at the start, or in another state."""
    base = stability.start if other is None else other
    levels = differing(stability.space, state, base)
    return levels_words(stability.crisis, levels) or START


def states_text(stability: Stability, states: Iterable[State], indent: int = 2) -> RenderableType:
    """Return states one below the other, each in words."""
    return rows(
        (("-", Text(clean(state_words(stability, state)), style="bold")) for state in states),
        indent=indent,
    )


def changes_words(stability: Stability, move: Move) -> str:
    """Return what a move changes: `war peace -> limited, court yes -> no`."""
    before = stability.space.state(move.source)
    return ", ".join(
        f"{name.rpartition('.')[2]} {before[name]} -> {level}"
        for name, level in differing(stability.space, move.target, move.source).items()
    )


def move_words(stability: Stability, move: Move) -> str:
    """Return who moves and what that changes."""
    return f"{called(stability.crisis, move.actor)}: {changes_words(stability, move)}"


def path_words(stability: Stability, moves: Iterable[Move]) -> str:
    """Return moves one after the other."""
    return "; then ".join(move_words(stability, move) for move in moves)


def worth(stability: Stability, actor: str, payoffs: Sequence[float]) -> list[str]:
    """Return payoffs with as many decimals as it takes to tell them apart.

    For an actor that only orders the states, their places in its order, the best first.
    """
    if stability.crisis.actors[actor].ordinal:
        count = len(stability.graph.party(actor).payoffs)
        return [f"{_ordinal(count - round(value) + 1)} of {count}" for value in payoffs]
    different = len({round(value, 8) for value in payoffs})
    for decimals in range(1, 9):
        shown = [f"{value:.{decimals}f}" for value in payoffs]
        if len(set(shown)) >= different:
            break
    return [_short(text) for text in shown]


def _short(number: str) -> str:
    text = number.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def who(crisis: Crisis, actors: Iterable[str], last: str = "and") -> str:
    """Return actors as a sentence lists them."""
    return listed((called(crisis, actor) for actor in actors), last)
