"""The equilibria that matter, as text: by which concepts, how robust, the way there, who holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.game.space import Truth
from standoff.present.stability_words import MEANINGS, path_words, share_words, states_text, who
from standoff.present.text import QUIET, line, rows, stacked, tallied
from standoff.present.text_stability_reasons import reasons
from standoff.present.words import counted, listed
from standoff.solve.coalitions import Coalition
from standoff.solve.sequences import State
from standoff.study.stability import Equilibrium, explain_state
from standoff.study.survey import Survey

_FEARED = frozenset({"gmr", "smr"})
_MOST_COALITIONS = 2
_LABEL = 10


def counts_text(result: Survey) -> Iterator[RenderableType]:
    """Say what the concepts are, and how many states are equilibria by each."""
    states = int(result.stability.space.feasible.sum())
    yield line(
        f"States in which every actor would stay, of {states:,}. By each concept, an actor stays "
        "where ..."
    )
    yield tallied((concept, n, MEANINGS[concept]) for concept, n in result.counts.items())
    if result.mistakes is not None:
        yield line("This is counted as if every actor saw the crisis as it is.")


def equilibria_text(result: Survey, most: int, explained: int) -> Iterator[RenderableType]:
    """Say which equilibria matter, how robust they are, and who holds them up.

    Parameters
    ----------
    result
        What is stable.
    most
        How many are shown.
    explained
        Of how many it is said who holds them up.
    """
    shown = result.equilibria[:most]
    if not shown:
        yield line("")
        yield line("No state is an equilibrium by any concept.")
        return
    groups: dict[str, list[Equilibrium]] = {}
    for each in shown:
        groups.setdefault(_group(each), []).append(each)
    for group, those in groups.items():
        yield line("")
        yield line(group)
        for block in _blocks(result, those, explained):
            explained -= block.held_up
            yield from _block(result, block)
    yield line("")
    yield line(_rest(result, len(shown)), style=QUIET)


def _group(each: Equilibrium) -> str:
    if set(each.concepts) <= _FEARED:
        return "Only out of fear of answers that would cost the others too (gmr or smr):"
    if each.path is None:
        return "No sequence of improvements was found to lead there from the start:"
    if not each.path:
        return "The start itself:"
    return "Improvements, one after the other, lead there from the start:"


def _rest(result: Survey, shown: int) -> str:
    stability = result.stability
    known = int(np.logical_or.reduce([stability.equilibria(c) for c in result.counts]).sum())
    return (
        "There are no other equilibria."
        if known <= shown
        else f"These are {shown} of {counted(known, 'equilibrium', 'equilibria')} by any concept: "
        "first those that improvements lead to, then those by most concepts and in most draws. "
        "`standoff stability --json` lists all."
    )


# Equilibria of which the same can be said -------------------------------------------------------


@dataclass(slots=True)
class _Block:
    states: list[State]
    facts: list[tuple[str, str]]
    held_up: bool


def _blocks(result: Survey, those: list[Equilibrium], explained: int) -> list[_Block]:
    blocks: list[_Block] = []
    for each in those:
        facts = list(_facts(result, each))
        held_up = explained > 0 and result.concept in each.concepts
        explained -= held_up
        if blocks and not held_up and not blocks[-1].held_up and blocks[-1].facts == facts:
            blocks[-1].states.append(each.state)
        else:
            blocks.append(_Block([each.state], facts, held_up))
    return blocks


def _block(result: Survey, block: _Block) -> Iterator[RenderableType]:
    stability = result.stability
    yield line("")
    yield states_text(stability, block.states)
    facts: list[tuple[str, RenderableType]] = list(block.facts)
    if block.held_up and block.states[0] != stability.start:
        cells = explain_state(stability, block.states[0])
        facts.append(("held up", stacked(reasons(stability, cells, result.concept))))
    yield rows(facts, indent=7, label=_LABEL)


def _facts(result: Survey, each: Equilibrium) -> Iterator[tuple[str, str]]:
    yield "stable by", _standing(result, each)
    if each.path:
        yield "way there", path_words(result.stability, each.path)
    if result.coalitions is not None and len(result.stability.graph.parties) > 1:
        leaving = {c: result.coalitions[c] for c in each.concepts}
        yield "coalitions", _coalitions(result.stability.crisis, leaving, each.state)


def _standing(result: Survey, each: Equilibrium) -> str:
    if result.shares is None or not result.shares.uncertain:
        return listed(each.concepts)
    alike: dict[float, list[str]] = {}
    for concept in each.concepts:
        alike.setdefault(each.shares[concept], []).append(concept)
    return "; ".join(
        f"{listed(those)} in {share_words(share, result.shares.draws)}"
        for share, those in alike.items()
    )


def _coalitions(
    crisis: Crisis, coalitions: Mapping[str, Mapping[Coalition, Truth]], state: State
) -> str:
    alike: dict[tuple[Coalition, ...], list[str]] = {}
    for concept, cells in coalitions.items():
        alike.setdefault(tuple(leaving_coalitions(cells, state)), []).append(concept)
    return "; ".join(
        coalitions_words(crisis, those) + (f" ({listed(concepts)})" if len(alike) > 1 else "")
        for those, concepts in alike.items()
    )


def leaving_coalitions(cells: Mapping[Coalition, Truth], state: State) -> list[Coalition]:
    """Return the coalitions of two or more that would leave a state, without larger ones."""
    return smallest([h for h, stays in cells.items() if len(h) > 1 and not stays[state]])


def smallest(coalitions: Sequence[Coalition]) -> list[Coalition]:
    """Return coalitions without those that another one is a part of."""
    return [h for h in coalitions if not any(set(other) < set(h) for other in coalitions)]


def coalitions_words(crisis: Crisis, coalitions: Sequence[Coalition]) -> str:
    """Say which coalitions would leave a state."""
    if not coalitions:
        return "none would leave it"
    shown = ", or ".join(who(crisis, coalition) for coalition in coalitions[:_MOST_COALITIONS])
    rest = len(coalitions) - _MOST_COALITIONS
    more = f", or {counted(rest, 'other coalition')}" if rest > 0 else ""
    return f"{shown} together{more} would leave it"
