"""How a decision maker of a `.gmcr` file orders the states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from standoff.crisis.plain_json import Part
from standoff.crisis.yes_no import AnyPairs, Pairs, holds

_FORMS = 'a list of pairs such as [0, "Y"], or {"compound": true, "members": [...]} with such lists'


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of the states: by statements, or place by place.

    Attributes
    ----------
    priorities
        Statements; each outweighs all later ones together.
    ranking
        States that tie, the best first; None if statements order them.
    """

    priorities: tuple[AnyPairs, ...] = ()
    ranking: tuple[tuple[int, ...], ...] | None = None

    def keys(self, states: Sequence[int]) -> list[Any]:
        """Return for each state something that is larger where it is liked better."""
        if self.ranking is None:
            return [tuple(holds(each, state) for each in self.priorities) for state in states]
        places = {state: -i for i, tied in enumerate(self.ranking) for state in tied}
        return [places.get(state, -len(self.ranking)) for state in states]


def by_ranking(part: Part, states: Sequence[int], notes: list[str]) -> Ordered:
    """Return the order that lists numbers of states, best first, with lists for ties.

    Parameters
    ----------
    part
        The list.
    states
        The feasible states; the first has number 1.
    notes
        Where to note numbers that are missing or repeated.
    """
    seen: dict[int, str] = {}
    ranking: list[tuple[int, ...]] = []
    for entry in part.items():
        tied: list[int] = []
        for each in entry.items() if isinstance(entry.value, list) else (entry,):
            number = each.index("the feasible states", 1, len(states))
            if number in seen:
                notes.append(f"{each.place}: state {number} is at {seen[number]} already")
                continue
            seen[number] = each.place
            tied.append(states[number - 1])
        if tied:
            ranking.append(tuple(tied))
    if missing := [str(number) for number in range(1, len(states) + 1) if number not in seen]:
        some = ", ".join(missing[:10]) + (" ..." if len(missing) > 10 else "")
        plural = "state" if len(missing) == 1 else "states"
        notes.append(f"{part.place} leaves out {plural} {some}: tied in the last place")
    return Ordered(ranking=tuple(ranking))


def by_payoffs(states: Sequence[int], payoffs: Sequence[Any]) -> Ordered | None:
    """Return the order that payoffs, one for each state, stand for; None if they are none."""
    if not _are_payoffs(states, payoffs):
        return None
    best_first = sorted(set(payoffs), reverse=True)
    ranking = {payoff: list[int]() for payoff in best_first}
    for state, payoff in zip(states, payoffs, strict=True):
        ranking[payoff].append(state)
    return Ordered(ranking=tuple(map(tuple, ranking.values())))


def ordered_alike(prefers: Ordered | None, states: Sequence[int], payoffs: Sequence[Any]) -> bool:
    """Return whether payoffs, one for each state, order the states as the preferences do."""
    if not _are_payoffs(states, payoffs):
        return False
    keys = [0] * len(states) if prefers is None else prefers.keys(states)
    return _places(keys) == _places(payoffs)


def _are_payoffs(states: Sequence[int], payoffs: Sequence[Any]) -> bool:
    return len(states) == len(payoffs) and all(isinstance(each, int | float) for each in payoffs)


def _places(values: Sequence[Any]) -> list[int]:
    place = {value: number for number, value in enumerate(sorted(set(values)))}
    return [place[value] for value in values]


def statement_of(part: Part, options: int, notes: list[str]) -> AnyPairs:
    """Read a statement: a list of pairs (all of them), or a compound (any of its members)."""
    if isinstance(part.value, list):
        return (_pairs(part, options, notes),)
    if not isinstance(part.value, dict):
        raise part.wrong(f"expected {_FORMS}; got {part.shown}")
    members = part.get("members")
    if members is None:
        raise part.wrong(f"expected {_FORMS}; got {part.shown}")
    notes += part.unknown_keys(("compound", "members"))
    compound = part.get("compound")
    if compound is None or not compound.truth():
        notes.append(f"{part.place} has `members`: taken as any of them")
    found = tuple(_pairs(each, options, notes) for each in members.items())
    if not found:
        notes.append(f"{members.place} is empty: taken as never true")
    return found


def _pairs(part: Part, options: int, notes: list[str]) -> Pairs:
    pairs: list[tuple[int, bool]] = []
    for each in part.items():
        if not isinstance(each.value, list) or len(each.value) != 2:
            raise each.wrong(f'expected a pair such as [0, "Y"], got {each.shown}')
        option, letter = each.items()
        k = option.index("options", 0, options - 1)
        if letter.value not in ("Y", "N"):
            raise letter.wrong(f'expected "Y" or "N", got {letter.shown}')
        taken = letter.value == "Y"
        if (k, not taken) in pairs:
            notes.append(f"{part.place} wants option {k} both taken and not: it is never true")
        if (k, taken) not in pairs:
            pairs.append((k, taken))
    if not pairs:
        notes.append(f"{part.place} is empty: taken as always true")
    return tuple(pairs)
