"""The strait with something of everything that a report has to show."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import standoff
from standoff.crisis import Crisis
from standoff.study.analysis import Analysis, analyse
from strait import strait

SOURCES = {
    "brief": {
        "title": "Strait brief",
        "author": "A. Analyst",
        "published": "2026-01-10",
        "reliability": "B",
        "credibility": 2,
        "url": "https://example.org/brief",
    },
    "rumour": {"title": "Harbour talk", "reliability": "F", "credibility": 6, "mark": "disputed"},
}

QUESTIONS = {
    "mines": {
        "asks": "Will the South lay mines within 30 days?",
        "situation": "january",
        "event": "south.mines",
        "within": "30 days",
        "resolves": "Announced by the South.",
    },
    "mines_later": {
        "asks": "Will the South lay mines within 90 days?",
        "situation": "january",
        "event": "south.mines",
        "within": "90 days",
        "resolves": "As for 30 days, or photographed.",
    },
    "full": {
        "asks": "Will the blockade be full in 20 days?",
        "situation": "january",
        "event": "north.blockade == full",
        "at": "20 days",
    },
    "quiet": {
        "asks": "Will the weather stay calm for 10 days?",
        "situation": "january",
        "event": "weather == calm",
        "throughout": "10 days",
        "source": "brief p9",
    },
    "appeal": {
        "asks": "Will the South appeal before the North closes the strait?",
        "situation": "january",
        "event": "not south.mines",
        "until": "south.appeal",
        "within": "40 days",
    },
    "truce": {
        "asks": "Will a calm of 10 days begin within 30 days?",
        "situation": "january",
        "event": "weather == calm",
        "lasting": "10 days",
        "within": "30 days",
    },
    "war": {
        "asks": "Will it come to a confrontation?",
        "event": "confrontation",
        "within": "1 year",
    },
    "never": {
        "asks": "Will the impossible happen?",
        "event": "north.annex and south.mines",
        "within": "5 days",
    },
}


def raw() -> dict[str, Any]:
    """The crisis as a dictionary, for a test to change."""
    data = strait()
    data["summary"] = "Two neighbours, one waterway, and a patron who may come."
    data["sources"] = json.loads(json.dumps(SOURCES))
    data["actors"]["north"]["name"] = "Northland"
    data["actors"]["north"]["interests"]["open_sea"] |= {
        "because": "Two thirds of its trade passes.",
        "source": "brief p4; rumour",
    }
    data["actors"]["north"]["red_lines"]["mines"]["source"] = "brief p6"
    data["actors"]["north"]["believes"] = {
        "patron.interests.treaty.weight": {
            "value": "negligible",
            "because": "The patron blinked last year.",
            "source": "brief p7",
        }
    }
    data["questions"] = json.loads(json.dumps(QUESTIONS))
    data["definitions"] = {"confrontation": "north.blockade == full and south.mines"}
    data["situations"] = {
        "january": {
            "as_of": "2026-01-10",
            "summary": "The ships are out.",
            "state": {"north.blockade": "partial"},
            "with": {"south.interests.survive.weight": {"value": "major", "source": "brief p2"}},
        }
    }
    data["explanations"] = {
        "bluff": {"asks": "Is it bluffing?", "with": {"north.interests.cost.weight": "decisive"}}
    }
    data["record"] = [
        {"date": "2026-01-04", "sets": {"north.blockade": "partial"}, "source": "brief p2"},
        {
            "date": "2026-01-20~",
            "sets": {"south.appeal": "yes"},
            "because": "It asks for help.",
            "source": "brief p3",
        },
        {"date": "2026-02-20", "sets": {"north.blockade": "full"}, "disputed": True},
    ]
    data["expects"] = {
        "sooner": {
            "claim": "Mines are likelier than a full blockade.",
            "source": "brief p8",
            "more_likely": "mines",
            "than": {"question": "full", "holding": {"patron.stance": "arm"}},
            "by": "1.5x",
        },
        "wrong": {
            "claim": "The South never lays mines.",
            "source": "brief p1",
            "chance": {"question": "mines", "without": "north.red_lines.mines"},
            "at_most": "1%",
        },
        "lasts": {
            "claim": "A full blockade without mines would not last.",
            "unstable": {
                "concept": ["nash", "seq"],
                "states": {"north.blockade": "full", "south.mines": "no", "patron.stance": "aside"},
            },
        },
    }
    return data


def ordered_raw() -> dict[str, Any]:
    """A crisis whose actors only order the states, and in which one of them is wrong."""
    data = raw()
    for actor in data["actors"].values():
        for key in ("interests", "red_lines", "decides", "looks_ahead", "precision"):
            actor.pop(key, None)
    data["actors"]["north"] |= {
        "priorities": [
            "not south.mines",
            {"prefers": "blockade == full", "because": "It says so.", "source": "brief p4"},
        ],
        "because": "Its speeches.",
        "believes": {
            "south.ranking": {
                "value": ["not mines"],
                "because": "It takes the South for weak.",
                "source": "brief p7",
            }
        },
    }
    data["actors"]["south"]["ranking"] = [
        {"north.blockade": "none", "mines": "no"},
        ["mines and north.blockade == full", {"north.annex": "no"}],
    ]
    data["actors"]["patron"]["priorities"] = ["stance == aside"]
    data["situations"]["january"].pop("with")
    data["expects"]["wrong"]["chance"] = "mines"
    data["explanations"] = {}
    return data


def crisis_of(data: dict[str, Any]) -> Crisis:
    """Read a dictionary as a crisis."""
    return standoff.loads(json.dumps(data))


@cache
def sample() -> Analysis:
    """The analysis of the whole sample, computed once."""
    return analyse(crisis_of(raw()))


@cache
def drawn() -> Analysis:
    """The same with draws, an answer explained, and what an actor could do about it."""
    return analyse(crisis_of(raw()), draws=32, explained=["full"], levers=["patron"])


@cache
def ordered() -> Analysis:
    """The analysis of a crisis of which there is no forecast."""
    return analyse(crisis_of(ordered_raw()))


@cache
def bare() -> Analysis:
    """The analysis of a crisis with nothing but one actor."""
    actor = {"decides": "every 6 days", "looks_ahead": "60 days", "options": {"act": ["no", "yes"]}}
    return analyse(crisis_of({"crisis": "Bare", "actors": {"solo": actor}}))
