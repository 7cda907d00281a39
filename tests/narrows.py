"""A crisis of 24 states in which beliefs of every form are mistaken, and matter."""

from __future__ import annotations

import copy
import json
from typing import Any

from standoff import Crisis, loads

Raw = dict[str, Any]


def narrows(**more: Any) -> Crisis:
    """The crisis, with other sections if any are given."""
    return loads(json.dumps(narrows_raw(**more)))


def narrows_raw(**more: Any) -> Raw:
    return copy.deepcopy({**_NARROWS, **more})


_NARROWS: Raw = {
    "crisis": "The narrows",
    "sources": {"brief": {"title": "B"}, "wire": {"title": "W"}},
    "actors": {
        "north": {
            "decides": "every 5 days",
            "looks_ahead": "60 days",
            "options": {"close": ["no", "half", "yes"]},
            "interests": {
                "sea": {"seeks": "not south.mine", "weight": "2..4", "source": "brief p1"},
                "trade": {"avoids": "close == yes", "weight": 1, "source": "brief p2"},
                "void": {"seeks": "true", "weight": 5},
                "doubt": {"avoids": "close >= half", "weight": "1..2", "holds": "unlikely"},
            },
            "believes": {
                "south.interests.fear.weight": {
                    "value": 0.5,
                    "because": "It has always given in.",
                    "source": "brief p2",
                },
                "south.decides": "every 20 days",
                "patron.believes.south.interests.fear.weight": 6,
                "patron.believes.south.interests.gain.weight": 3,
                "patron.interests.peace.weight": 4,
            },
        },
        "south": {
            "decides": [{"every": "3 days", "when": "north.close >= half"}, {"every": "9 days"}],
            "looks_ahead": "90 days",
            "options": {"mine": ["no", "yes"]},
            "interests": {
                "fear": {"avoids": "mine and north.close == no", "weight": 2, "source": "brief p1"},
                "gain": {"seeks": "mine", "weight": "0.5..1", "source": "brief p1"},
            },
            "red_lines": {"closed": {"if": "north.close == yes", "then": "mine", "weight": 3}},
            "believes": {"north.interests.sea.weight": {"value": 0.5, "source": "wire 3"}},
        },
        "patron": {
            "decides": "every 8 days",
            "looks_ahead": "180 days",
            "options": {"come": ["no", "yes"]},
            "interests": {
                "peace": {"avoids": "south.mine and north.close == yes", "weight": 4},
                "blood": {"avoids": "come", "weight": "1..2"},
                "flag": {"seeks": "come and storm == no", "weight": "0.5..3"},
            },
            "believes": {
                "south.interests.fear.weight": 0.25,
                "storm.no.yes": "0.3 per day",
            },
        },
    },
    "conditions": {
        "storm": {
            "levels": ["no", "yes"],
            "changes": [
                {"from": "no", "to": "yes", "rate": "every 10 days"},
                {"from": "yes", "to": "no", "rate": "70% within 5 days"},
            ]
        }
    },
    "never": ["patron.come and north.close == half"],
    "situations": {
        "may": {"as_of": "2026-05-01"},
        "june": {
            "as_of": "2026-06-01",
            "state": {"storm": "yes"},
            "with": {"south.interests.gain.weight": 1.5},
        },
    },
    "questions": {
        "mined": {"asks": "Mines?", "situation": "june", "event": "south.mine",
                  "within": "30 days"},
        "closed": {"asks": "Closed?", "situation": "june", "event": "north.close == yes",
                   "at": "40 days"},
        "came": {"asks": "The patron?", "situation": "may", "event": "patron.come",
                 "within": "20 days"},
        "holds": {"asks": "For good?", "situation": "june", "event": "south.mine",
                  "lasting": "9 days", "within": "9 days"},
    },
}  # fmt: skip
