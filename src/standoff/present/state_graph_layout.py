"""Where the boxes of a graph go, in layers, and how its arrows run between them.

The layers and the order in each are found by `fast_sugiyama`. It gets no cycles: an arrow that
would close one, seen from the root, is turned round for it and back again afterwards. Parts of the
graph that are not connected stand below one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count

from fast_sugiyama import from_edges

Edge = tuple[int, int]
Point = tuple[float, float]

BETWEEN_LAYERS = 56.0
BETWEEN_BOXES = 14.0
BETWEEN_PARTS = 34.0

_WAY = 20.0  # how wide an arrow that passes a layer is
_PORTS = 15.0  # between arrows that end at the same side of a box


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is, in pixels, `y` downwards.

    Attributes
    ----------
    boxes
        The upper left corner of each box.
    routes
        The points that each arrow passes, from the edge of one box to that of another; it leaves,
        passes and arrives in the direction of the layers.
    sideways
        Whether layers are columns, and arrows run sideways.
    width, height
        Of the whole.
    apart
        Where the parts begin that are not connected with the root; None if there are none.
    """

    boxes: tuple[Point, ...]
    routes: Mapping[Edge, tuple[Point, ...]]
    sideways: bool
    width: float
    height: float
    apart: float | None


def lay_out(width: float, heights: Sequence[float], edges: Iterable[Edge], room: float) -> Layout:
    """Lay out a graph whose root is box 0.

    Parameters
    ----------
    width
        Of every box.
    heights
        Of each box.
    edges
        Pairs of different boxes.
    room
        How wide the drawing may be, if it can.
    """
    known = sorted(set(edges))
    parts = _parts(len(heights), known)
    first = [_Part(parts[0], known, width, heights, sideways) for sideways in (True, False)]
    sideways = first[0].width <= max(room, first[1].width)
    boxes: dict[int, Point] = {}
    routes: dict[Edge, tuple[Point, ...]] = {}
    x = y = below = whole = 0.0
    apart = None
    for number, nodes in enumerate(parts):
        part = _Part(nodes, known, width, heights, sideways)
        if number == 1 or (x and x + part.width > room):
            x, y, below = 0.0, below + (BETWEEN_PARTS if number == 1 else BETWEEN_BOXES), 0.0
            apart = y if number == 1 else apart
        boxes |= {node: (x + at[0], y + at[1]) for node, at in part.boxes.items()}
        routes |= {
            edge: tuple((x + at[0], y + at[1]) for at in points)
            for edge, points in part.routes(known).items()
        }
        whole, below = max(whole, x + part.width), max(below, y + part.height)
        x += part.width + BETWEEN_BOXES
    ordered = tuple(boxes[node] for node in range(len(heights)))
    return Layout(ordered, routes, sideways, whole, below, apart)


def _parts(nodes: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Which boxes are connected: the root's first, then the larger parts before the smaller."""
    part = list(range(nodes))
    for source, target in edges:
        old, new = part[target], part[source]
        part = [new if each == old else each for each in part]
    together: dict[int, list[int]] = defaultdict(list)
    for node, name in enumerate(part):
        together[name].append(node)
    return sorted(together.values(), key=lambda those: (0 not in those, -len(those)))


@dataclass(frozen=True, slots=True)
class _Layers:
    """A connected part of a graph: the layer of everything in it, and its place across."""

    places: Mapping[int, tuple[int, float]]
    ways: Mapping[Edge, tuple[tuple[int, float], ...]]


def _layered(nodes: Sequence[int], edges: Sequence[Edge], way: float) -> _Layers:
    """The layers of a connected part; a box counts 1 across, an arrow that passes a layer less."""
    if len(nodes) == 1:
        return _Layers({nodes[0]: (0, 0.0)}, {})
    number = {node: place for place, node in enumerate(nodes)}
    own = [(number[a], number[b]) for a, b in edges if a in number]
    forward = _without_cycles(len(nodes), own)
    ((positions, _, _, drawn),) = from_edges(
        forward, vertex_spacing=1.0, dummy_vertices=True, dummy_size=way
    )
    layer = {int(node): round(-at[1]) for node, at in positions}
    across = {int(node): float(at[0]) for node, at in positions}
    if across[0] > max(across.values()) / 2:  # what a reader begins with is on the near side
        across = {node: max(across.values()) - at for node, at in across.items()}
    top = min(layer.values())
    after: dict[int, list[int]] = defaultdict(list)
    for source, target in drawn or ():
        after[int(source)].append(int(target))
    ways: dict[Edge, tuple[tuple[int, float], ...]] = {}
    for source in range(len(nodes)):
        for target in after[source]:
            passed = []
            while target >= len(nodes):
                passed.append((layer[target] - top, across[target]))
                (target,) = after[target]
            ways[nodes[source], nodes[target]] = tuple(passed)
            ways[nodes[target], nodes[source]] = tuple(reversed(passed))
    places = {node: (layer[each] - top, across[each]) for node, each in number.items()}
    return _Layers(places, ways)


def _without_cycles(nodes: int, edges: Sequence[Edge]) -> list[Edge]:
    """The same edges, those turned round that lead back to where a search is coming from."""
    after: dict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        after[source].append(target)
    finished: dict[int, int] = {}
    clock = count()
    for root in range(nodes):
        if root in finished:
            continue
        seen = {root} | finished.keys()
        path = [(root, iter(after[root]))]
        while path:
            node, rest = path[-1]
            new = next((each for each in rest if each not in seen), None)
            if new is None:
                finished[node] = next(clock)
                path.pop()
            else:
                seen.add(new)
                path.append((new, iter(after[new])))
    return sorted({(a, b) if finished[a] > finished[b] else (b, a) for a, b in edges})


class _Part:
    """A connected part in pixels, its corner at the origin."""

    def __init__(
        self,
        nodes: Sequence[int],
        edges: Sequence[Edge],
        width: float,
        heights: Sequence[float],
        sideways: bool,
    ) -> None:
        self._sideways = sideways
        self._size = {node: (width, heights[node]) for node in nodes}
        along, across = (0, 1) if sideways else (1, 0)
        self._unit = max(size[across] for size in self._size.values()) + BETWEEN_BOXES
        self._layers = layers = _layered(nodes, edges, _WAY / self._unit)
        last = max(layer for layer, _ in layers.places.values())
        self._depth = [0.0] * (last + 1)
        for node, (layer, _) in layers.places.items():
            self._depth[layer] = max(self._depth[layer], self._size[node][along])
        ends = [depth + BETWEEN_LAYERS for depth in self._depth]
        self._begins = [0.0, *accumulate(ends)]
        self._least = min(
            self._across(place) - self._size[node][across] / 2
            for node, (_, place) in layers.places.items()
        )
        ways = [self._across(at) for passed in layers.ways.values() for _, at in passed]
        self._least = min([self._least, *ways])
        self.boxes: dict[int, Point] = {}
        for node, (layer, place) in layers.places.items():
            size = self._size[node]
            first = self._begins[layer] + (self._depth[layer] - size[along]) / 2
            second = self._across(place) - self._least - size[across] / 2
            self.boxes[node] = self._point(first, second)
        most = max(self._across_of(node) + self._size[node][across] for node in self.boxes)
        most = max([most, *(way - self._least for way in ways)])
        self.width, self.height = self._point(self._begins[-1] - BETWEEN_LAYERS, most)

    def routes(self, edges: Iterable[Edge]) -> dict[Edge, tuple[Point, ...]]:
        """How the arrows run: those that meet at a side of a box do not meet in one point."""
        own = [edge for edge in edges if edge[0] in self.boxes]
        passed = {edge: self._passed(edge) for edge in own}
        ends: dict[tuple[int, bool], list[tuple[float, Edge]]] = defaultdict(list)
        for edge in own:
            source, target = edge
            later = self._layers.places[target][0] > self._layers.places[source][0]
            near = [*passed[edge], self._middle(target)]
            far = [self._middle(source), *passed[edge]]
            ends[source, later].append((near[0][self._second], edge))
            ends[target, not later].append((far[-1][self._second], edge))
        ports = {
            (node, edge): self._port(node, late, place, len(those))
            for (node, late), those in ends.items()
            for place, (_, edge) in enumerate(sorted(those))
        }
        return {edge: (ports[edge[0], edge], *passed[edge], ports[edge[1], edge]) for edge in own}

    @property
    def _second(self) -> int:
        return 1 if self._sideways else 0

    def _across(self, place: float) -> float:
        return place * self._unit

    def _across_of(self, node: int) -> float:
        return self.boxes[node][self._second]

    def _point(self, along: float, across: float) -> Point:
        return (along, across) if self._sideways else (across, along)

    def _middle(self, node: int) -> Point:
        (x, y), (width, height) = self.boxes[node], self._size[node]
        return x + width / 2, y + height / 2

    def _passed(self, edge: Edge) -> list[Point]:
        """The layers that an arrow passes: each at its beginning and at its end."""
        backward = self._layers.places[edge[1]][0] < self._layers.places[edge[0]][0]
        points = []
        for layer, place in self._layers.ways[edge]:
            begin = self._begins[layer]
            both = [begin, begin + self._depth[layer]]
            across = self._across(place) - self._least
            points += [self._point(at, across) for at in (reversed(both) if backward else both)]
        return points

    def _port(self, node: int, late: bool, place: int, number: int) -> Point:
        (x, y), (width, height) = self.boxes[node], self._size[node]
        side = height if self._sideways else width
        step = min(_PORTS, (side - 16) / max(1, number - 1))
        shift = (place - (number - 1) / 2) * step
        if self._sideways:
            return x + (width if late else 0.0), y + height / 2 + shift
        return x + width / 2 + shift, y + (height if late else 0.0)
