"""The graph of states for other programs: NetworkX, and files in GraphML.

Every feasible state is a node and every move of one actor an edge. A node is called by the levels
of its options and conditions in the order of the crisis, such as `no.yes.no`, so that its name
stays the same when other states become feasible. Its attributes:

======================  ==========================================================================
`us.strike`, `weather`  the level of an option or condition
`rank:us`               its place in an actor's order: 1 is liked least, ties are equal
`payoff:us`             what it is worth to an actor that weighs its interests
`stable:nash:us`        whether an actor would stay, for each concept
`equilibrium:nash`      whether every actor would stay, for each concept
`is:start`              whether it is the state at the start
======================  ==========================================================================

An edge has `actor`, and `improvement`: whether the actor likes where it leads better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from standoff.crisis.errors import StandoffError
from standoff.game.graph import Graph, Party
from standoff.present.words import clean
from standoff.study.stability import Stability

if TYPE_CHECKING:
    import networkx

MOST = 100_000
"""How many states, and how many moves, are exported unless more are asked for."""

Value: TypeAlias = str | bool | int | float
Edge: TypeAlias = tuple[str, str, str, bool]
"""From, to, whose move, and whether it is an improvement."""

_TYPES = {str: "string", bool: "boolean", int: "int", float: "double"}


class MissingExtraError(StandoffError, ImportError):
    """Something needs a package that is not installed."""


def to_networkx(stability: Stability, *, most: int | None = MOST) -> networkx.MultiDiGraph:
    """Return the graph of states as a NetworkX graph.

    Parameters
    ----------
    stability
        What `standoff.find_stable` gives.
    most
        Refuse a graph with more states or moves than this; None for no limit.

    Returns
    -------
    networkx.MultiDiGraph
        A node per feasible state and an edge per move, its key the actor, with the attributes
        that this module's documentation lists. The graph has `title`, `variables` (the order of
        the levels in the names of nodes), `start` (a node) and `lineage`.

    Raises
    ------
    MissingExtraError
        NetworkX is not installed.
    StandoffError
        There are more states or moves than `most`.
    """
    try:
        import networkx
    except ImportError:
        raise MissingExtraError(
            "to_networkx(): NetworkX is not installed: `pip install 'standoff[graph]'`"
        ) from None
    edges = _edges(stability, most)
    graph = networkx.MultiDiGraph(**_about(stability))
    graph.add_nodes_from(_nodes(stability))
    graph.add_edges_from(
        (source, target, actor, {"actor": actor, "improvement": better})
        for source, target, actor, better in edges
    )
    return graph


def to_graphml(stability: Stability, *, most: int | None = MOST) -> str:
    """Return the graph of states as the text of a GraphML file.

    Parameters
    ----------
    stability
        What `standoff.find_stable` gives.
    most
        Refuse a graph with more states or moves than this; None for no limit.

    Returns
    -------
    str
        XML in UTF-8, for Gephi, yEd, Cytoscape, igraph, NetworkX and others; the attributes are
        those that this module's documentation lists.

    Raises
    ------
    StandoffError
        There are more states or moves than `most`.

    Examples
    --------
    >>> import standoff
    >>> from standoff.study.stability import find_stable
    >>> text = to_graphml(find_stable(standoff.load("prisoners-dilemma")))
    >>> text.count("<node"), text.count("<edge")
    (4, 8)
    """
    edges = _edges(stability, most)
    return "\n".join(_graphml(_about(stability), dict(_nodes(stability)), edges)) + "\n"


def check_states(graph: Graph, most: int | None = MOST) -> int:
    """Return the number of feasible states.

    Raises
    ------
    StandoffError
        There are more than `most`.
    """
    states = int(graph.space.feasible.sum())
    if most is not None and states > most:
        raise _too_many(f"{states:,} states", most)
    return states


# What is in the graph ---------------------------------------------------------------------------


def _about(stability: Stability) -> dict[str, str]:
    graph = stability.graph
    return {
        "title": stability.crisis.title,
        "variables": " ".join(stability.crisis.variables),
        "start": _name(stability, graph.start),
        "lineage": "; ".join(graph.lineage),
    }


def _nodes(stability: Stability) -> Iterator[tuple[str, dict[str, Value]]]:
    """Yield every feasible state: its name and its attributes."""
    graph, crisis = stability.graph, stability.crisis
    equilibria = {concept: stability.equilibria(concept) for concept in stability.concepts}
    for state in graph.space:
        levels = graph.space.state(state)
        data: dict[str, Value] = {variable: levels[variable] for variable in crisis.variables}
        for party in graph.parties:
            rank = int(party.rank[state])
            data[f"rank:{party.name}"] = rank
            if not crisis.actors[party.name].ordinal:
                data[f"payoff:{party.name}"] = float(party.payoffs[rank - 1])
        for concept, stable in stability.stable.items():
            data |= {f"stable:{concept}:{actor}": bool(at[state]) for actor, at in stable.items()}
            data[f"equilibrium:{concept}"] = bool(equilibria[concept][state])
        data["is:start"] = state == graph.start
        yield _name(stability, state), data


def _name(stability: Stability, state: tuple[int, ...]) -> str:
    levels = stability.space.state(state)
    return ".".join(levels[variable] for variable in stability.crisis.variables)


def _edges(stability: Stability, most: int | None) -> list[Edge]:
    """Return every move, by the state it leaves, then by actor, then by the state it leads to."""
    graph = stability.graph
    check_states(graph, most)
    limit = graph.space.size**2 if most is None else most
    found: list[NDArray[np.intp]] = []
    for number, party in enumerate(graph.parties):
        for source, target in _moves(graph, party):
            found.append(np.stack([source, np.full_like(source, number), target]))
            if sum(block.shape[1] for block in found) > limit:
                raise _too_many(f"more than {limit:,} moves", limit)
    moves = np.concatenate([np.empty((3, 0), dtype=np.intp), *found], axis=1)
    moves = moves[:, np.lexsort(moves[::-1])]
    names = {int(at): "" for at in np.flatnonzero(graph.space.feasible)}
    for at in names:
        state = tuple(int(i) for i in np.unravel_index(at, graph.space.shape))
        names[at] = _name(stability, state)
    ranks = [party.rank.reshape(-1) for party in graph.parties]
    return [
        (names[s], names[t], graph.parties[p].name, bool(ranks[p][t] > ranks[p][s]))
        for s, p, t in moves.T.tolist()
    ]


def _moves(graph: Graph, party: Party) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield an actor's moves, one of its strategies after the other, as positions of states."""
    lines = graph.space.lines(party.axis)
    can_be = graph.space.feasible.reshape(lines)
    for strategy in range(lines[1]):
        open_ = can_be & can_be[:, strategy, None]
        open_[:, strategy] = False
        if party.allowed is not None:
            open_ &= party.allowed[:, strategy]
        before, along, after = np.nonzero(open_)
        here = np.full_like(along, strategy)
        yield (
            np.ravel_multi_index((before, here, after), lines),
            np.ravel_multi_index((before, along, after), lines),
        )


def _too_many(what: str, limit: int) -> StandoffError:
    return StandoffError(
        f"the graph has {what}, and at most {limit:,} are exported unless more are asked for; "
        "hold some options or conditions, or raise the limit (--most)"
    )


# GraphML ----------------------------------------------------------------------------------------


def _graphml(
    about: Mapping[str, Value], nodes: Mapping[str, Mapping[str, Value]], edges: Iterable[Edge]
) -> Iterator[str]:
    first = next(iter(nodes.values()))
    keys: dict[tuple[str, str], str] = {}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for kind, values in (
        ("graph", about),
        ("node", first),
        ("edge", {"actor": "", "improvement": True}),
    ):
        for name, value in values.items():
            keys[kind, name] = key = f"k{len(keys)}"
            typed = f'attr.name={_attribute(name)} attr.type="{_TYPES[type(value)]}"'
            yield f'  <key id="{key}" for="{kind}" {typed}/>'
    yield '  <graph edgedefault="directed">'
    yield from _data("graph", about, keys, "    ")
    for name, values in nodes.items():
        yield f"    <node id={_attribute(name)}>"
        yield from _data("node", values, keys, "      ")
        yield "    </node>"
    for number, (source, target, actor, better) in enumerate(edges):
        ends = f"source={_attribute(source)} target={_attribute(target)}"
        yield f'    <edge id="e{number}" {ends}>'
        yield from _data("edge", {"actor": actor, "improvement": better}, keys, "      ")
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _data(
    kind: str, values: Mapping[str, Value], keys: Mapping[tuple[str, str], str], indent: str
) -> Iterator[str]:
    for name, value in values.items():
        text = str(value).lower() if isinstance(value, bool) else escape(_plain(str(value)))
        yield f'{indent}<data key="{keys[kind, name]}">{text}</data>'


def _attribute(text: str) -> str:
    return quoteattr(_plain(text))


def _plain(text: str) -> str:
    """Return a text without what XML cannot say."""
    return re.sub("[\ufffe\uffff]", "?", clean(text))
