"""standoff: write an assessment of a crisis down as claims, compute what follows from them.

A question is a function from a crisis to a crisis; an answer is a function from a game to a
result. `load` gives a `Crisis`; its methods are the views; the functions below give the answers.

Nothing heavy is imported until it is used, so that ``import standoff`` costs next to nothing.

Examples
--------
>>> import standoff
>>> "load" in dir(standoff)
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.crisis import (
        Crisis,
        CrisisError,
        StandoffError,
        UnknownNameError,
        check_file,
        dumps,
        library_names,
        load,
        loads,
    )
    from standoff.crisis.gmcr import read_gmcr
    from standoff.game import TooLargeError
    from standoff.present.export_gambit import to_gambit
    from standoff.present.export_graph import to_graphml, to_networkx
    from standoff.study.account import Account, explain
    from standoff.study.analysis import Analysis, analyse
    from standoff.study.attribution import attribute, retract
    from standoff.study.effects import red_line_effects
    from standoff.study.ensemble import draw_answers
    from standoff.study.expectations import Verdict, check_expectations
    from standoff.study.forecast import Forecast, forecast
    from standoff.study.hierarchy import Hierarchy
    from standoff.study.outlook import Outlook, find_outlooks
    from standoff.study.perceptions import Perceptions, find_perceptions
    from standoff.study.stability import (
        Stability,
        explain_state,
        find_coalitions,
        find_stable,
        rank_equilibria,
    )
    from standoff.study.survey import Survey, survey_stability
    from standoff.study.tipping import find_tipping_points
    from standoff.study.uncertainty import find_shares
    from standoff.study.variation import Variation

_HOMES = {
    "Account": "standoff.study.account",
    "Analysis": "standoff.study.analysis",
    "Crisis": "standoff.crisis",
    "CrisisError": "standoff.crisis",
    "Forecast": "standoff.study.forecast",
    "Hierarchy": "standoff.study.hierarchy",
    "Outlook": "standoff.study.outlook",
    "Perceptions": "standoff.study.perceptions",
    "Stability": "standoff.study.stability",
    "StandoffError": "standoff.crisis",
    "Survey": "standoff.study.survey",
    "TooLargeError": "standoff.game",
    "UnknownNameError": "standoff.crisis",
    "Variation": "standoff.study.variation",
    "Verdict": "standoff.study.expectations",
    "analyse": "standoff.study.analysis",
    "attribute": "standoff.study.attribution",
    "check_expectations": "standoff.study.expectations",
    "check_file": "standoff.crisis",
    "draw_answers": "standoff.study.ensemble",
    "dumps": "standoff.crisis",
    "explain": "standoff.study.account",
    "explain_state": "standoff.study.stability",
    "find_coalitions": "standoff.study.stability",
    "find_outlooks": "standoff.study.outlook",
    "find_perceptions": "standoff.study.perceptions",
    "find_shares": "standoff.study.uncertainty",
    "find_stable": "standoff.study.stability",
    "find_tipping_points": "standoff.study.tipping",
    "forecast": "standoff.study.forecast",
    "library_names": "standoff.crisis",
    "load": "standoff.crisis",
    "loads": "standoff.crisis",
    "rank_equilibria": "standoff.study.stability",
    "read_gmcr": "standoff.crisis.gmcr",
    "red_line_effects": "standoff.study.effects",
    "retract": "standoff.study.attribution",
    "survey_stability": "standoff.study.survey",
    "to_gambit": "standoff.present.export_gambit",
    "to_graphml": "standoff.present.export_graph",
    "to_networkx": "standoff.present.export_graph",
}
"""Where each public name lives; a test keeps this in step with `__all__`."""

_FOLDERS = ("crisis", "game", "solve", "study", "present")

__all__ = [
    "Account",
    "Analysis",
    "Crisis",
    "CrisisError",
    "Forecast",
    "Hierarchy",
    "Outlook",
    "Perceptions",
    "Stability",
    "StandoffError",
    "Survey",
    "TooLargeError",
    "UnknownNameError",
    "Variation",
    "Verdict",
    "analyse",
    "attribute",
    "check_expectations",
    "check_file",
    "draw_answers",
    "dumps",
    "explain",
    "explain_state",
    "find_coalitions",
    "find_outlooks",
    "find_perceptions",
    "find_shares",
    "find_stable",
    "find_tipping_points",
    "forecast",
    "library_names",
    "load",
    "loads",
    "rank_equilibria",
    "read_gmcr",
    "red_line_effects",
    "retract",
    "survey_stability",
    "to_gambit",
    "to_graphml",
    "to_networkx",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _FOLDERS:
        return importlib.import_module(f"standoff.{name}")
    raise AttributeError(f"module 'standoff' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, *_FOLDERS])
