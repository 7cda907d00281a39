"""The strategic game for Gambit: a file in its `.nfg` format.

A graph model is a strategic game when every actor is free: each may take any of its strategies
whatever it has taken before and whatever the others do. Then a state is one strategy of each, and
the Nash equilibria of the game in pure strategies are the Nash-stable states for everybody.

Gambit reads ASCII only: names are put into it as far as possible, and replaced by numbers if not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from unicodedata import combining

import numpy as np

from standoff.crisis.errors import CrisisError, StandoffError
from standoff.crisis.possible import broken_rule
from standoff.game.graph import Graph, Party
from standoff.game.space import Axis
from standoff.present.words import called, clean, listed, option
from standoff.study.stability import Stability

MOST = 100_000
"""How many states are exported unless more are asked for."""


_SIGNS = str.maketrans(
    {"\\": "/", '"': "'", **dict.fromkeys("“”„‘’", "'"), **dict.fromkeys("–—", "-")}
)


def to_gambit(stability: Stability, *, most: int | None = MOST) -> str:
    """Return the strategic game of a crisis as the text of a Gambit file (`.nfg`).

    Parameters
    ----------
    stability
        What `standoff.find_stable` gives; conditions are held at their levels at the start.
    most
        Refuse a game with more states than this; None for no limit.

    Returns
    -------
    str
        The game: a player per actor, a strategy per combination of its own options' levels. The
        payoffs of an actor that only orders the states are their ranks, of which only the order
        means something: mixed strategies would read more into them.

    Raises
    ------
    CrisisError
        It is no strategic game: there is one actor, some combination of strategies cannot be, or
        an actor cannot always move as it likes.
    StandoffError
        There are more states than `most`.

    Examples
    --------
    >>> import standoff
    >>> from standoff.study.stability import find_stable
    >>> print(to_gambit(find_stable(standoff.load("prisoners-dilemma"))).splitlines()[0])
    NFG 1 R "Prisoner's dilemma"
    """
    graph = stability.graph
    _check(stability, most)
    axes = [graph.space.axes[party.axis] for party in graph.parties]
    lines = [
        f"NFG 1 R {_quoted(stability.crisis.title)}",
        f"{{ {' '.join(map(_quoted, _players(stability)))} }}",
        "",
        "{",
        *(f"  {{ {' '.join(map(_quoted, _strategies(stability, axis)))} }}" for axis in axes),
        "}",
        _quoted(_comment(stability)),
        "",
        *_payoffs(graph),
    ]
    return "\n".join(lines) + "\n"


def _check(stability: Stability, most: int | None) -> None:
    graph = stability.graph
    if len(graph.parties) < 2:
        raise CrisisError("there is only one actor: a strategic game has two or more players")
    _check_combinations(stability)
    for party in graph.parties:
        if not _is_free(graph, party):
            options = stability.crisis.actors[party.name].options
            names = [
                f"{party.name}.{key}"
                for key, each in options.items()
                if each.irreversible is not None or each.requires is not None
            ]
            raise CrisisError(
                f"{party.name} cannot always move as it likes (`irreversible` or `requires` of "
                f"{listed(names)}), and a strategic game knows no such limits"
            )
    if most is not None and graph.space.size > most:
        raise StandoffError(
            f"the game has {graph.space.size:,} states, and at most {most:,} are exported unless "
            "more are asked for; hold some options, or raise the limit (--most)"
        )


def _check_combinations(stability: Stability) -> None:
    space = stability.space
    if space.feasible.all():
        return
    index = tuple(int(i) for i in np.argwhere(~space.feasible)[0])
    levels = space.state(index)
    rule = broken_rule(stability.crisis, levels)
    raise CrisisError(
        "in a strategic game every combination of strategies can happen; here `never` rules some "
        f"out{f': {rule}' if rule else ''}"
    )


def _is_free(graph: Graph, party: Party) -> bool:
    if party.allowed is None:
        return True
    along = graph.space.lines(party.axis)[1]
    stays = np.eye(along, dtype=bool)[None, :, :, None]
    return bool((party.allowed | stays).all())


def _players(stability: Stability) -> list[str]:
    """Return what the players are called: all by name, all by key, or all by number."""
    keys = [party.name for party in stability.graph.parties]
    for texts in ([called(stability.crisis, key) for key in keys], keys):
        if labels := _labels(texts):
            return labels
    return [f"player {number}" for number in range(1, len(keys) + 1)]


def _strategies(stability: Stability, axis: Axis) -> list[str]:
    levels = stability.space.levels
    texts = [
        ", ".join(
            f"{option(variable)}={levels[variable][level]}"
            for variable, level in zip(axis.variables, point, strict=True)
        )
        for point in axis.points
    ]
    return _labels(texts) or [f"strategy {number}" for number in range(1, len(texts) + 1)]


def _labels(texts: list[str]) -> list[str]:
    """Return texts as labels of Gambit, or nothing if some could not be told from others."""
    labels = [_ascii(text) or "-" for text in texts]
    lost = any("?" in label and "?" not in text for label, text in zip(labels, texts, strict=True))
    return [] if lost or len(set(labels)) < len(labels) else labels


def _comment(stability: Stability) -> str:
    crisis = stability.crisis
    ordinal = [called(crisis, name) for name, actor in crisis.actors.items() if actor.ordinal]
    said = "Written by standoff."
    if stability.graph.lineage:
        said += f" Of the crisis {'; '.join(stability.graph.lineage)}."
    if ordinal:
        said += (
            f" The payoffs of {listed(ordinal)} are ranks (1 is worst): only their order means "
            "something, so look for equilibria in pure strategies only."
        )
    if len(ordinal) < len(crisis.actors):
        said += " Payoffs are in weight units." if not ordinal else " The others' are weight units."
    return said


def _payoffs(graph: Graph) -> Iterator[str]:
    """Yield a line per state, the strategies of the first player changing fastest."""
    worth = [
        party.payoffs[party.rank.astype(np.intp) - 1]
        .reshape([len(graph.space.axes[each.axis]) for each in graph.parties])
        .ravel(order="F")
        for party in graph.parties
    ]
    for payoffs in zip(*worth, strict=True):
        yield " ".join(_number(float(payoff)) for payoff in payoffs)


def _number(value: float) -> str:
    return format(Decimal(repr(value)).normalize() + 0, "f")


def _quoted(text: str) -> str:
    return f'"{_ascii(text)}"'


def _ascii(text: str) -> str:
    r"""Return a text as Gambit can read it.

    Examples
    --------
    >>> _ascii('  The “Côté”\n– of  Łódź')
    "The 'Cote' - of ?odz"
    """
    plain = clean(text).translate(_SIGNS)
    letters = (sign for sign in unicodedata.normalize("NFKD", plain) if not combining(sign))
    return "".join(letters).encode("ascii", "replace").decode()
