"""A small crisis with a record and rival explanations, for tests to change."""

from __future__ import annotations

import copy
import json
from typing import Any

import standoff
from standoff.crisis import Crisis

Raw = dict[str, Any]


def dam(**changes: Any) -> Raw:
    """A fresh copy, with some sections replaced."""
    return {**copy.deepcopy(_DAM), **changes}


def read(raw: Raw) -> Crisis:
    return standoff.loads(json.dumps(raw))


_DAM: Raw = {
    "crisis": "The dam",
    "sources": {"log": {"title": "Log of the river guard"}},
    "actors": {
        "upper": {
            "name": "Upperland",
            "decides": "every 6 days",
            "looks_ahead": "40 days",
            "options": {"gate": ["open", "shut"]},
            "interests": {
                "water": {"seeks": "gate == shut", "weight": "0.2..2"},
                "peace": {"avoids": "lower.protest", "weight": 1},
            },
        },
        "lower": {
            "decides": "every 4 days",
            "looks_ahead": "60 days",
            "options": {"protest": ["no", "yes"]},
            "interests": {
                "fields": {"avoids": "upper.gate == shut", "weight": "0.5..2"},
                "voice": {"seeks": "protest and upper.gate == shut", "weight": 1},
            },
        },
    },
    "conditions": {
        "rain": {
            "levels": ["no", "yes"],
            "changes": [
                {"from": "no", "to": "yes", "rate": "every 20 days"},
                {"from": "yes", "to": "no", "rate": "every 6 days"},
            ],
        }
    },
    "situations": {
        "spring": {"as_of": "2025-03-01"},
        "summer": {"as_of": "2025-05-01", "state": {"upper.gate": "shut"}},
    },
    "explanations": {
        "greed": {
            "asks": "Does Upperland want all the water?",
            "with": {"upper.interests.water.weight": "2..6"},
            "because": "It has said so.",
        },
        "fear": {
            "asks": "Does it fear protest above all?",
            "with": {"upper.interests.peace.weight": "3..6"},
        },
    },
    "record": [
        {
            "date": "2025-03-20",
            "sets": {"upper.gate": "shut"},
            "because": "The gate is shut at dawn.",
            "source": "log 3",
        },
        {"date": "2025-03-29", "sets": {"lower.protest": "yes", "rain": "yes"}},
        {"date": "2025-04-02", "sets": {"rain": "no"}, "reported": "2025-06-05"},
        {"date": "2025-05-20", "sets": {"lower.protest": "yes"}},
        {"date": "2025-06-04", "sets": {"upper.gate": "open"}},
    ],
}
