"""The strait: the crisis of the project's design, as the dictionary that its file holds."""

from __future__ import annotations

import copy
from typing import Any

Raw = dict[str, Any]


def strait() -> Raw:
    """A fresh copy, for a test to change."""
    return copy.deepcopy(_STRAIT)


_NORTH: Raw = {
    "decides": [{"every": "2 days", "when": "south.mines"}, {"every": "8 days"}],
    "looks_ahead": "60 days",
    "precision": 1.5,
    "options": {
        "blockade": ["none", "partial", "full"],
        "annex": {"levels": ["no", "yes"], "irreversible": "up", "requires": "blockade == full"},
    },
    "interests": {
        "open_sea": {"seeks": "not south.mines", "weight": "major"},
        "cost": {"avoids": "blockade == full", "weight": "1..2", "holds": "likely"},
    },
    "red_lines": {
        "mines": {"if": "south.mines", "then": "blockade >= partial", "weight": "decisive"}
    },
    "believes": {"patron.interests.treaty.weight": "negligible"},
}

_SOUTH: Raw = {
    "decides": "every 6 days",
    "looks_ahead": "90 days",
    "options": {"mines": ["no", "yes"], "appeal": ["no", "yes"]},
    "interests": {
        "survive": {"avoids": "north.annex", "weight": "decisive"},
        "deter": {"seeks": "mines", "weight": 0.6},
    },
}

_PATRON: Raw = {
    "decides": "every 10 days",
    "looks_ahead": "180 days",
    "options": {"stance": ["aside", "arm", "fight"]},
    "interests": {
        "treaty": {"seeks": "south.appeal and stance >= arm", "weight": "major"},
        "blood": {"avoids": "stance == fight", "weight": "decisive"},
    },
    "red_lines": {
        "annexation": {"if": "north.annex", "then": "stance >= arm", "weight": "moderate"}
    },
}

_STRAIT: Raw = {
    "crisis": "The strait",
    "actors": {"north": _NORTH, "south": _SOUTH, "patron": _PATRON},
    "conditions": {
        "weather": {
            "levels": ["calm", "storm"],
            "changes": [
                {"from": "calm", "to": "storm", "rate": "every 30 days"},
                {
                    "from": "storm",
                    "to": "calm",
                    "rate": "70% within 5 days",
                    "times": [{"factor": 2, "when": "patron.stance == aside"}],
                },
            ],
        }
    },
    "definitions": {"confrontation": "north.blockade == full and south.mines"},
    "never": ["north.annex and south.mines"],
    "situations": {
        "autumn": {"as_of": "2025-10-01"},
        "january": {
            "as_of": "2026-01-10",
            "state": {"north.blockade": "partial"},
            "with": {"south.interests.survive.weight": "major"},
        },
    },
    "questions": {
        "mines": {
            "asks": "Will the South lay mines within 30 days?",
            "situation": "january",
            "event": "south.mines",
            "within": "30 days",
        },
        "mines_later": {
            "asks": "Will the South lay mines within 90 days?",
            "situation": "january",
            "event": "south.mines",
            "within": "90 days",
        },
        "annexed": {
            "asks": "Will the strait be annexed in half a year?",
            "situation": "january",
            "event": "north.annex",
            "at": "0.5 years",
        },
        "open": {
            "asks": "Will there be no confrontation before the patron comes?",
            "event": "not confrontation",
            "until": "patron.stance >= arm",
            "within": "60 days",
        },
        "calm": {
            "asks": "Will the sea stay calm?",
            "event": "weather == calm",
            "throughout": "2 weeks",
        },
        "truce": {
            "asks": "Will ten days of calm without mines begin within 30 days?",
            "situation": "january",
            "event": "weather == calm and not south.mines",
            "lasting": "10 days",
            "within": "30 days",
        },
    },
    "explanations": {
        "bluff": {"asks": "Is it a bluff?", "with": {"north.interests.cost.weight": "decisive"}}
    },
}
