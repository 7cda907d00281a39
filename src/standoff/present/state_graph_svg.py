"""A graph of states as static SVG, in the colours of the page it stands in.

Nothing is told by colour alone: actors also differ in the dashes of their arrows, and how strong
an equilibrium is shows in the outline of its box and in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from textwrap import wrap

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import levels as in_words
from standoff.present.in_words import plain, variable
from standoff.present.state_graph import Arrow, Node, StateGraph, Strength
from standoff.present.state_graph_layout import Layout, Point, lay_out
from standoff.present.theme import ACTORS
from standoff.present.words import called, counted, listed, option

ROOM = 1000.0
"""How wide a drawing may be before it scrolls, if it can."""

NAMES: Mapping[Strength, str] = {"nash": "Nash", "seq": "SEQ", "gmr": "GMR", "": ""}
"""What is written into the box of an equilibrium."""

_DASHES = ("", "7 4", "2 3", "11 3 2 3", "15 4", "5 2 1 2")
_WIDTH = 156.0
_LETTERS = 22
_LINES = 5
_LINES_AT_START = 9
_LINE = 15.0
_PAD = 8.0
_MARGIN = 6.0
_HEADING = 22.0
_BESIDE = 5.0


def graph_drawing(crisis: Crisis, graph: StateGraph, identifier: str, description: str) -> Markup:
    """Return a graph of states as an image in a page.

    Parameters
    ----------
    crisis
        Says how things are called.
    graph
        What is drawn.
    identifier
        Unique in the page: everything inside the drawing that has a name gets it as a prefix.
    description
        What a reader who does not see the image should know of it.
    """
    texts = [_lines(crisis, graph, node) for node in graph.nodes]
    heights = [2 * _PAD + _LINE * len(lines) - 3 for lines in texts]
    edges = [(arrow.source, arrow.target) for arrow in graph.arrows]
    placed = lay_out(_WIDTH, heights, edges, ROOM)
    lower = _HEADING if placed.apart is not None else 0.0
    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN + lower

    def at(point: Point) -> Point:
        below = placed.apart is not None and point[1] >= placed.apart
        return point[0] + _MARGIN, point[1] + _MARGIN + (lower if below else 0.0)

    names = list(crisis.actors)
    return element(
        "svg",
        element("title", "The graph of states", id=f"{identifier}:title"),
        element("desc", description, id=f"{identifier}:desc"),
        element("defs", _heads(graph.arrows, names, identifier)),
        _start_mark(at(placed.boxes[0]), heights[0]),
        [
            _arrow(crisis, graph, arrow, names, identifier, [at(point) for point in route], placed)
            for arrow, route in zip(graph.arrows, _routes(graph.arrows, placed), strict=True)
        ],
        _apart(graph, placed, width),
        [
            _box(crisis, graph, node, at(corner), tall, lines)
            for node, corner, tall, lines in zip(
                graph.nodes, placed.boxes, heights, texts, strict=True
            )
        ],
        role="img",
        aria_labelledby=f"{identifier}:title {identifier}:desc",
        width=_number(width),
        height=_number(height),
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        font_size="12",
    )


def legend(crisis: Crisis, graph: StateGraph) -> Markup:
    """Return what the arrows and boxes of a drawing mean."""
    names = list(crisis.actors)
    movers = {arrow.actor for arrow in graph.arrows}
    entries: list[Content] = [
        [_sample(_line(names.index(name), False, (1, 9), (39, 9))), called(crisis, name)]
        for name in names
        if name in movers
    ]
    if any(arrow.deterred for arrow in graph.arrows):
        entries.append(
            [_sample(_hollow()), "hollow tip: an improvement that the others would answer"]
        )
    if any(not arrow.always for arrow in graph.arrows):
        entries.append([_sample(_faint()), "thin: from some of the states in the box only"])
    meaning: Mapping[Strength, str] = {
        "nash": "Nash: nobody can improve",
        "seq": "SEQ: whoever could is deterred by answers that pay",
        "gmr": "GMR: deterred only by answers that may cost those who give them",
        "": "no equilibrium: somebody would leave",
    }
    drawn = {node.strength for node in graph.nodes}
    for strength, said in meaning.items():
        if strength in drawn:
            entries.append([_sample(_outline(strength, (1, 1), 36, 16)), said])
    return element("ul", [element("li", entry) for entry in entries], class_="legend")


# Boxes --------------------------------------------------------------------------------------------


def short_names(variables: Iterable[str]) -> dict[str, str]:
    """Return short names for options: without their actor, where it is plain whose it is.

    Examples
    --------
    >>> short_names(["us.strike", "us.mediate", "west.mediate", "front_line"])
    {'us.strike': 'strike', 'us.mediate': 'us mediate', 'west.mediate': 'west mediate', \
'front_line': 'front line'}
    """
    known = list(variables)
    often = Counter(option(name) for name in known)
    return {
        name: plain(option(name) if often[option(name)] == 1 else name.replace(".", " "))
        for name in known
    }


def _lines(crisis: Crisis, graph: StateGraph, node: Node) -> list[Content]:
    """What is written into a box."""
    names = short_names(crisis.variables)
    if node.start:
        vary = {name for each in graph.nodes for name in each.levels}
        levels = {name: level for name, level in crisis.start.items() if name in vary}
    else:
        levels = dict(node.levels)
    items = [f"{names[name]}: {plain(level)}" for name, level in levels.items()]
    if not items and not node.start:
        items = ["as at the start,", "so far as is drawn"]
    most = _LINES_AT_START if node.start else _LINES
    lines: list[Content] = []
    for place, item in enumerate(items):
        pieces = wrap(item, _LETTERS)
        last = place == len(items) - 1
        if len(lines) + len(pieces) > most - (not last):
            lines.append(f"and {len(items) - place} more")
            break
        lines += pieces
    heading = _heading(node)
    return [heading, *lines] if heading else lines


def _heading(node: Node) -> list[Content]:
    """Such as `2 Nash` or `Start, SEQ` or `3, 4 Nash, 2 of 6 states`."""
    said = ["Start"] if node.start else []
    many = len(node.states)
    if node.strength:
        said.append(NAMES[node.strength])
    if many > 1:
        part = f"{node.strong} of " if node.strength and node.strong < many else ""
        said.append(f"{part}{many} states")
    numbers = ", ".join(map(str, node.places[:3])) + (", …" if len(node.places) > 3 else "")
    number = element("tspan", numbers, font_weight="700") if node.places else None
    text = ", ".join(said)
    if not number and not text:
        return []
    return [number, f"\u2002{text}" if number else text]


def _box(
    crisis: Crisis,
    graph: StateGraph,
    node: Node,
    corner: Point,
    height: float,
    lines: Sequence[Content],
) -> Markup:
    x, y = corner
    headed = bool(_heading(node))
    return element(
        "g",
        element("title", _described(crisis, graph, node)),
        _outline(node.strength, corner, _WIDTH, height),
        [
            element(
                "text",
                line,
                x=_number(x + _PAD + 2),
                y=_number(y + _PAD + 10 + place * _LINE),
                fill="var(--soft)" if headed and place == 0 else "var(--ink)",
                font_size="10.5" if headed and place == 0 else None,
                font_weight="600" if node.start and place == 0 else None,
            )
            for place, line in enumerate(lines)
        ],
    )


def _outline(strength: Strength, corner: Point, width: float, height: float) -> list[Markup]:
    """The shape of a box: square, or round if it is an equilibrium; double if it is Nash."""
    x, y = corner
    fills = {"nash": "var(--level1)", "seq": "var(--level0)", "gmr": "var(--paper)"}

    def shape(inset: float, **look: str) -> Markup:
        return element(
            "rect",
            x=_number(x + inset),
            y=_number(y + inset),
            width=_number(width - 2 * inset),
            height=_number(height - 2 * inset),
            rx=_number(max(0.0, min(13.0, height / 2) - inset)) if strength else None,
            **look,
        )

    dashed = {"stroke_dasharray": "4 3"} if strength == "gmr" else {}
    shapes = [
        shape(
            0,
            fill=fills.get(strength, "var(--wash)"),
            stroke="var(--ink)" if strength in ("nash", "seq") else "var(--soft)",
            stroke_width="1.6" if strength in ("nash", "seq") else "1",
            **dashed,
        )
    ]
    if strength == "nash":
        shapes.append(shape(3, fill="none", stroke="var(--ink)", stroke_width="0.8"))
    return shapes


def _start_mark(corner: Point, height: float) -> Markup:
    """A bar beside the start, which is the first box."""
    x, y = corner
    place = _number(x - 2.5)
    ends = {"y1": _number(y + 8), "y2": _number(y + height - 8)}
    return element("line", x1=place, x2=place, **ends, stroke="var(--mark)", stroke_width="5")


def _described(crisis: Crisis, graph: StateGraph, node: Node) -> str:
    """The whole state, for whoever points at its box."""
    state = {**crisis.start, **node.levels}
    said = {name: level for name, level in state.items() if name not in graph.given_up}
    text = "Start. " if node.start else ""
    text += f"{in_words(crisis, said)}."
    if len(node.states) > 1:
        differ = listed(variable(crisis, name) for name in graph.given_up)
        text += f" {counted(len(node.states), 'state')} that differ only in {differ}."
    return text[0].upper() + text[1:]


def _apart(graph: StateGraph, placed: Layout, width: float) -> Content:
    if placed.apart is None:
        return None
    return element(
        "text",
        "Apart from the start: no improvements lead from the states above to these, or back",
        x=_number(_MARGIN),
        y=_number(placed.apart + _MARGIN + 8),
        fill="var(--soft)",
        font_size="11",
    )


# Arrows -------------------------------------------------------------------------------------------


def _arrow(
    crisis: Crisis,
    graph: StateGraph,
    arrow: Arrow,
    names: Sequence[str],
    identifier: str,
    route: Sequence[Point],
    placed: Layout,
) -> Markup:
    number = names.index(arrow.actor)
    steps = [f"M{_pair(route[0])}"]
    for (x, y), (to_x, to_y) in pairwise(route):
        if placed.sideways:
            bend = [((x + to_x) / 2, y), ((x + to_x) / 2, to_y)]
        else:
            bend = [(x, (y + to_y) / 2), (to_x, (y + to_y) / 2)]
        steps.append(f"C{' '.join(map(_pair, [*bend, (to_x, to_y)]))}")
    head = "hollow" if arrow.deterred else "full"
    return element(
        "path",
        element("title", _said(crisis, graph, arrow)),
        d="".join(steps),
        fill="none",
        stroke=_colour(number),
        stroke_width="1.7" if arrow.always else "0.9",
        stroke_dasharray=_dash(number),
        marker_end=f"url(#{identifier}:{head}-{number})",
    )


def _routes(arrows: Sequence[Arrow], placed: Layout) -> Iterator[list[Point]]:
    """How each arrow runs; those that run between the same boxes side by side."""
    often = Counter((arrow.source, arrow.target) for arrow in arrows)
    seen: Counter[tuple[int, int]] = Counter()
    for arrow in arrows:
        pair = arrow.source, arrow.target
        shift = _BESIDE * (seen[pair] - (often[pair] - 1) / 2)
        seen[pair] += 1
        down, right = (shift, 0.0) if placed.sideways else (0.0, shift)
        yield [(x + right, y + down) for x, y in placed.routes[pair]]


def _said(crisis: Crisis, graph: StateGraph, arrow: Arrow) -> str:
    """Such as `Northland: blockade is full`."""
    source, target = (
        {**crisis.start, **graph.nodes[place].levels} for place in (arrow.source, arrow.target)
    )
    changed = {name: level for name, level in target.items() if level != source[name]}
    who = called(crisis, arrow.actor)
    said = listed(f"{plain(option(name))} is {plain(level)}" for name, level in changed.items())
    return f"{who}: {said}" if said else who


def _heads(arrows: Sequence[Arrow], names: Sequence[str], identifier: str) -> list[Markup]:
    kinds = sorted({(names.index(arrow.actor), arrow.deterred) for arrow in arrows})
    return [
        element(
            "marker",
            _tip(number, hollow),
            id=f"{identifier}:{'hollow' if hollow else 'full'}-{number}",
            viewBox="0 0 12 10",
            refX="11",
            refY="5",
            markerWidth="12",
            markerHeight="10",
            markerUnits="userSpaceOnUse",
            orient="auto",
        )
        for number, hollow in kinds
    ]


def _tip(number: int, hollow: bool) -> Markup:
    fill = "var(--paper)" if hollow else _colour(number)
    return element(
        "path", d="M1 1L11 5L1 9Z", fill=fill, stroke=_colour(number), stroke_width="1.2"
    )


def _colour(number: int) -> str:
    return f"var(--actor{number % ACTORS})"


def _dash(number: int) -> str | None:
    """Actors who share a colour do not share their dashes."""
    return _DASHES[(number + number // ACTORS) % len(_DASHES)] or None


# Samples for the legend ---------------------------------------------------------------------------


def _sample(*shapes: Content) -> Markup:
    return element("svg", shapes, aria_hidden="true", width="40", height="18", viewBox="0 0 40 18")


def _line(number: int, thin: bool, start: Point, end: Point) -> Markup:
    return element(
        "path",
        d=f"M{_pair(start)}L{_pair(end)}",
        stroke=_colour(number),
        stroke_width="0.9" if thin else "2",
        stroke_dasharray=_dash(number),
    )


def _hollow() -> list[Markup]:
    line = element("path", d="M1 9L28 9", stroke="var(--soft)", stroke_width="1.7")
    tip = element("path", d="M28 4.5L39 9L28 13.5Z", fill="var(--paper)", stroke="var(--soft)")
    return [line, tip]


def _faint() -> Markup:
    return element("path", d="M1 9L39 9", stroke="var(--soft)", stroke_width="0.9")


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
