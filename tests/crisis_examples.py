"""The crises that the tests of the crisis layer use."""

# ruff: noqa: E501 (the example of the design is quoted as it stands there)

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

STRAIT = """\
crisis: The strait
summary: Two neighbours, one waterway, and a patron who may or may not come.

sources:
  brief: {title: Strait brief, author: A. Analyst, published: 2026-01-10, reliability: B, credibility: 2}

actors:
  north:
    name: Northland
    decides:                         # mean time between its decisions; the first that applies
      - {every: 2 days, when: south.mines}
      - {every: 8 days}
    looks_ahead: 60 days             # its discounting horizon
    precision: 1.5                   # optional, default 2; how sharply it picks the better option
    options:
      blockade: [none, partial, full]
      annex: {levels: [no, yes], irreversible: up, requires: blockade == full}
    interests:
      open_sea:  {seeks: not south.mines, weight: major, because: Two thirds of its trade passes., source: brief p4}
      cost:      {avoids: blockade == full, weight: 1..2, holds: likely}
    red_lines:
      mines: {if: south.mines, then: blockade >= partial, weight: decisive, source: brief p6}
    believes:                        # its version of the others: a patch (below)
      patron.interests.treaty.weight: {value: negligible, because: The patron blinked last year., source: brief p7}
  south:
    decides: every 6 days
    looks_ahead: 90 days
    options: {mines: [no, yes], appeal: [no, yes]}
    interests:
      survive: {avoids: north.annex, weight: decisive}
  patron:
    decides: every 10 days
    looks_ahead: 180 days
    options: {stance: [aside, arm, fight]}
    interests:
      treaty: {seeks: south.appeal and stance >= arm, weight: major}
      blood:  {avoids: stance == fight, weight: decisive}

conditions:
  weather:
    levels: [calm, storm]
    changes:
      - {from: calm,  to: storm, rate: every 30 days}
      - {from: storm, to: calm,  rate: 70% within 5 days, times: [{factor: 2, when: patron.stance == aside}]}

definitions:
  confrontation: north.blockade == full and south.mines

never:                               # states that cannot be
  - north.annex and south.mines

situations:
  january:
    as_of: 2026-01-10
    state: {north.blockade: partial}
    with: {south.interests.survive.weight: major}     # a patch: what is different then

questions:
  mines:
    asks: Will the South lay mines within 30 days?
    situation: january
    event: south.mines               # the chance that it becomes true at some time ...
    within: 30 days                  # ... within this time
    resolves: Announced by the South, or reported by two independent agencies.

explanations:
  bluff: {asks: Is the North bluffing?, with: {north.interests.cost.weight: decisive}}

record:
  - {date: 2026-01-04, sets: {north.blockade: partial}, source: brief p2}

expects:                             # the assessment's own conclusions: tests of the model
  patron_matters:
    claim: The South mines sooner if it thinks it stands alone.
    source: brief p8
    more_likely: {question: mines, holding: {patron.stance: aside}}
    than: {question: mines, holding: {patron.stance: arm}}
    by: 1.2x
"""
"""The example of the design, word for word."""

ACTORS = ("north", "south", "patron")
_PATHS = {
    "north.interests.cost.weight": ["minor", 0.25, "2..3", 7],
    "north.interests.cost.holds": ["likely", 0.2, "40..60%", "certain"],
    "north.red_lines.line.weight": ["decisive", 1],
    "south.interests.survive.weight": ["major", 0],
    "south.decides": ["every 3 days", [{"every": "1..2 days", "when": "mines"}, "every 9 days"]],
    "patron.looks_ahead": ["6 months", "1 year"],
    "patron.precision": [1.5, "1..3"],
    "weather.calm.storm": ["every 4 days", "0.05 per week", "10..20% within 3 days"],
}
PATHS = tuple(_PATHS)
PROSE = st.text(max_size=120).filter(
    lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)
)


def _entry(path: str) -> st.SearchStrategy[Any]:
    value = st.sampled_from(_PATHS[path])
    explained = st.fixed_dictionaries({"value": value}, optional={"because": PROSE})
    return st.one_of(value, explained)


@st.composite
def patches(draw: st.DrawFn, holder: str | None = None) -> dict[str, Any]:
    """A patch; with a holder, one that it may believe. Situations may change beliefs as well."""
    found: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(PATHS), unique=True, max_size=4)):
        chain = draw(st.lists(st.sampled_from(ACTORS), max_size=2))
        subject = path.split(".")[0]
        steps = [*([holder] if holder else []), *chain, subject]
        if any(one == next_one for one, next_one in pairwise(steps)):
            chain = []
        if not chain and holder == subject:
            continue
        found["".join(f"{name}.believes." for name in chain) + path] = draw(_entry(path))
    return found


@st.composite
def crises(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a crisis with three actors, beliefs about beliefs, and two situations."""
    interests = {
        "north": {
            "cost": {"avoids": "blockade == full", "weight": draw(st.sampled_from([1, "major"]))}
        },
        "south": {"survive": {"avoids": "north.blockade >= partial", "weight": "decisive"}},
        "patron": {
            "treaty": {"seeks": "stance != aside", "weight": "1..2", "because": draw(PROSE)}
        },
    }
    options = {
        "north": {"blockade": ["none", "partial", "full"]},
        "south": {
            "mines": ["no", "yes"],
            "annexed": {"irreversible": draw(st.sampled_from(["up", "down", True]))},
        },
        "patron": {
            "stance": {
                "levels": ["aside", "arm"],
                "requires": draw(st.sampled_from(["true", "south.mines"])),
            }
        },
    }
    return {
        "crisis": draw(PROSE),
        "actors": {
            name: {
                "decides": draw(st.sampled_from(_PATHS["south.decides"]))
                if name == "south"
                else "every 5 days",
                "looks_ahead": draw(st.sampled_from(["60 days", "2..3 months", "1 year"])),
                "options": options[name],
                "interests": interests[name],
                "red_lines": {"line": {"if": "south.mines", "weight": 2, "holds": "likely"}}
                if name == "north"
                else {},
                "believes": draw(patches(name)),
            }
            for name in ACTORS
        },
        "conditions": {
            "weather": {
                "levels": ["calm", "storm"],
                "changes": [
                    {"from": "calm", "to": "storm", "rate": "every 30 days"},
                    {
                        "from": "storm",
                        "to": "calm",
                        "rate": "70% within 5 days",
                        "times": [{"factor": 2, "when": "south.mines"}],
                    },
                ],
            }
        },
        "definitions": {"tension": "south.mines or north.blockade == full"},
        "situations": {
            "january": {"as_of": "2026-01-10", "state": draw(states()), "with": draw(patches())},
            "june": {
                "as_of": "2026-06-10",
                "state": draw(states()),
                "with": draw(patches()),
                "summary": draw(PROSE),
            },
        },
        "questions": {
            "mines": {
                "asks": draw(PROSE),
                "situation": "january",
                "event": "south.mines",
                "within": "30 days",
            }
        },
        "explanations": {"bluff": {"asks": "?", "with": draw(patches())}},
        "record": [{"date": "2026-01-04", "sets": draw(states())}],
    }


@st.composite
def states(draw: st.DrawFn) -> dict[str, str]:
    """Levels of some variables."""
    levels = {
        "north.blockade": ["none", "partial", "full"],
        "south.mines": ["no", "yes"],
        "patron.stance": ["aside", "arm"],
        "weather": ["calm", "storm"],
    }
    chosen = draw(st.lists(st.sampled_from(sorted(levels)), unique=True))
    return {name: draw(st.sampled_from(levels[name])) for name in chosen}
