"""States, moves and shares of draws as the report says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from standoff.crisis import Crisis
from standoff.game.space import Truth
from standoff.present.in_words import plain
from standoff.present.stability_words import share_words
from standoff.present.words import called, listed, option
from standoff.solve.coalitions import Coalition
from standoff.solve.sequences import Move, State
from standoff.study.stability import Stability, differing

CONCEPTS = {"nash": "Nash", "gmr": "GMR", "smr": "SMR", "seq": "SEQ", "sseq": "SSEQ"}
"""How the concepts are called in the report, from its first mention on."""

MEANINGS = {
    "nash": "An actor stays if it has nothing better to go to.",
    "seq": "It also stays if the others, each to its own advantage, would then bring it back to "
    "no more than it had (sequential stability).",
    "sseq": "The same, and it could not get out of that by another move of its own.",
    "gmr": "It also stays if the others could bring it back at whatever cost to themselves "
    "(general metarationality).",
    "smr": "The same, and it could not get out of that by another move of its own.",
}
"""When an actor stays in a state, in the order in which the table of concepts has them."""


def capital(text: str) -> str:
    """Return a text as a sentence begins."""
    return text[:1].upper() + text[1:]


def names_of(concepts: Iterable[str]) -> str:
    """Return concepts as a sentence lists them.

    Examples
    --------
    >>> names_of(["nash", "seq"])
    'Nash and SEQ'
    """
    return listed(CONCEPTS[each] for each in concepts)


def short(crisis: Crisis, actor: str) -> str:
    """Return how an actor is called, without what stands in brackets if it is still told apart.

    Examples
    --------
    `Azerbaijan` for `Azerbaijan (Baku)`
    """
    names = [called(crisis, each).partition(" (")[0] for each in crisis.actors]
    name = called(crisis, actor).partition(" (")[0]
    return name if names.count(name) == 1 else called(crisis, actor)


def who(crisis: Crisis, actors: Iterable[str], last: str = "and") -> str:
    """Return actors as a sentence lists them; a name that is a list itself is set apart."""
    names = [short(crisis, actor) for actor in actors]
    if len(names) > 1 and any(" and " in name for name in names):
        return f"{', '.join(names[:-1])}, {last} {names[-1]}"
    return listed(names, last)


def levels_said(crisis: Crisis, levels: Mapping[str, str]) -> str:
    """Return levels actor by actor: `Northland: blockade full, annex no; weather storm`."""
    owners: dict[str, list[str]] = {}
    for name, level in levels.items():
        owner = name.rpartition(".")[0]
        owners.setdefault(owner, []).append(f"{plain(option(name))} {plain(level)}")
    return "; ".join(
        f"{short(crisis, owner)}: {', '.join(those)}" if owner else ", ".join(those)
        for owner, those in owners.items()
    )


def state_said(stability: Stability, state: State) -> str:
    """Return a state by where it differs from the start."""
    levels = differing(stability.space, state, stability.start)
    return levels_said(stability.crisis, levels) or "as at the start"


def change_said(stability: Stability, move: Move) -> str:
    """Return what a move changes: `blockade none → full, annex no → yes`."""
    before = stability.space.state(move.source)
    return ", ".join(
        f"{plain(option(name))} {plain(before[name])} → {plain(level)}"
        for name, level in differing(stability.space, move.target, move.source).items()
    )


def move_said(stability: Stability, move: Move) -> str:
    """Return who moves, and what that changes: `Northland: blockade none → full`."""
    return f"{short(stability.crisis, move.actor)}: {change_said(stability, move)}"


def way_said(stability: Stability, moves: Iterable[Move]) -> str:
    """Return moves one after the other."""
    return ", then ".join(move_said(stability, move) for move in moves)


def shares_said(shares: Mapping[str, float], draws: int, concepts: Sequence[str]) -> list[str]:
    """Return in how many draws something is so, under which concepts if they do not agree.

    Of a state that is also an equilibrium under others, gmr and smr say nothing.

    Examples
    --------
    >>> shares_said({"nash": 0.5, "seq": 0.75, "gmr": 1.0}, 64, ["nash", "seq", "gmr"])
    ['Nash: about half of 64 draws (50%)', 'SEQ: most of 64 draws (75%)']
    """
    strong = [concept for concept in concepts if concept not in ("gmr", "smr")]
    together: dict[float, list[str]] = {}
    for concept in strong or concepts:
        together.setdefault(shares[concept], []).append(concept)
    if len(together) == 1:
        return [share_words(share, draws) for share in together]
    return [f"{names_of(those)}: {share_words(share, draws)}" for share, those in together.items()]


def leaving_together(
    coalitions: Mapping[str, Mapping[Coalition, Truth]] | None, concept: str, state: State
) -> list[Coalition]:
    """Return the coalitions that would leave a state, but of which no part would by itself."""
    if coalitions is None:
        return []
    leaving = [c for c, stays in coalitions[concept].items() if not stays[state]]
    return [c for c in leaving if not any(set(other) < set(c) for other in leaving)]
