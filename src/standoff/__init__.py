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
    from standoff.crisis.edtf import EventDate
    from standoff.crisis.gmcr import read_gmcr
    from standoff.game import TooLargeError
    from standoff.present.export_gambit import to_gambit
    from standoff.present.export_graph import to_graphml, to_networkx
    from standoff.present.frames import frame
    from standoff.study.account import Account, explain
    from standoff.study.analysis import Analysis, analyse
    from standoff.study.attribution import attribute, retract
    from standoff.study.backtest import Backtest, backtest
    from standoff.study.effects import red_line_effects
    from standoff.study.ensemble import draw_answers
    from standoff.study.events import Events, find_event_effects
    from standoff.study.expectations import Verdict, check_expectations
    from standoff.study.forecast import Forecast, forecast
    from standoff.study.hierarchy import Hierarchy
    from standoff.study.indices import Indices, find_indices
    from standoff.study.ledger import Ledger
    from standoff.study.ledger_assessment import Assessment
    from standoff.study.ledger_entries import LedgerError
    from standoff.study.ledger_kept import Kept
    from standoff.study.ledger_scores import LedgerScores, score_ledger
    from standoff.study.levers import Levers, find_levers
    from standoff.study.mistakes import Corrections, find_corrections
    from standoff.study.outcomes import Answered, resolution
    from standoff.study.outlook import Outlook, find_outlooks
    from standoff.study.perceptions import Perceptions, find_perceptions
    from standoff.study.postmortem import PostMortem, post_mortem
    from standoff.study.record import (
        Move,
        Segment,
        Timeline,
        levels_over_time,
        observed_path,
        timeline,
    )
    from standoff.study.record_import import ImportedRecord, import_record
    from standoff.study.robustness import Robustness, expectation_shares
    from standoff.study.scenarios import Scenarios, find_scenarios, scenarios_of
    from standoff.study.scores import ScoreTable, score_table
    from standoff.study.smallest import SmallestChange, find_smallest_change
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
    from standoff.study.weighed import Weighing
    from standoff.study.weighing import weigh

_HOMES = {
    "Account": "standoff.study.account",
    "Analysis": "standoff.study.analysis",
    "Answered": "standoff.study.outcomes",
    "Assessment": "standoff.study.ledger_assessment",
    "Backtest": "standoff.study.backtest",
    "Corrections": "standoff.study.mistakes",
    "Crisis": "standoff.crisis",
    "CrisisError": "standoff.crisis",
    "EventDate": "standoff.crisis.edtf",
    "Events": "standoff.study.events",
    "Forecast": "standoff.study.forecast",
    "Hierarchy": "standoff.study.hierarchy",
    "ImportedRecord": "standoff.study.record_import",
    "Indices": "standoff.study.indices",
    "Kept": "standoff.study.ledger_kept",
    "Ledger": "standoff.study.ledger",
    "LedgerError": "standoff.study.ledger_entries",
    "LedgerScores": "standoff.study.ledger_scores",
    "Levers": "standoff.study.levers",
    "Move": "standoff.study.record",
    "Outlook": "standoff.study.outlook",
    "Perceptions": "standoff.study.perceptions",
    "PostMortem": "standoff.study.postmortem",
    "Robustness": "standoff.study.robustness",
    "Scenarios": "standoff.study.scenarios",
    "ScoreTable": "standoff.study.scores",
    "Segment": "standoff.study.record",
    "SmallestChange": "standoff.study.smallest",
    "Stability": "standoff.study.stability",
    "StandoffError": "standoff.crisis",
    "Survey": "standoff.study.survey",
    "Timeline": "standoff.study.record",
    "TooLargeError": "standoff.game",
    "UnknownNameError": "standoff.crisis",
    "Variation": "standoff.study.variation",
    "Verdict": "standoff.study.expectations",
    "Weighing": "standoff.study.weighed",
    "analyse": "standoff.study.analysis",
    "attribute": "standoff.study.attribution",
    "backtest": "standoff.study.backtest",
    "check_expectations": "standoff.study.expectations",
    "check_file": "standoff.crisis",
    "draw_answers": "standoff.study.ensemble",
    "dumps": "standoff.crisis",
    "expectation_shares": "standoff.study.robustness",
    "explain": "standoff.study.account",
    "explain_state": "standoff.study.stability",
    "find_coalitions": "standoff.study.stability",
    "find_corrections": "standoff.study.mistakes",
    "find_event_effects": "standoff.study.events",
    "find_indices": "standoff.study.indices",
    "find_levers": "standoff.study.levers",
    "find_outlooks": "standoff.study.outlook",
    "find_perceptions": "standoff.study.perceptions",
    "find_scenarios": "standoff.study.scenarios",
    "find_shares": "standoff.study.uncertainty",
    "find_smallest_change": "standoff.study.smallest",
    "find_stable": "standoff.study.stability",
    "find_tipping_points": "standoff.study.tipping",
    "forecast": "standoff.study.forecast",
    "frame": "standoff.present.frames",
    "import_record": "standoff.study.record_import",
    "levels_over_time": "standoff.study.record",
    "library_names": "standoff.crisis",
    "load": "standoff.crisis",
    "loads": "standoff.crisis",
    "observed_path": "standoff.study.record",
    "post_mortem": "standoff.study.postmortem",
    "rank_equilibria": "standoff.study.stability",
    "read_gmcr": "standoff.crisis.gmcr",
    "red_line_effects": "standoff.study.effects",
    "resolution": "standoff.study.outcomes",
    "retract": "standoff.study.attribution",
    "scenarios_of": "standoff.study.scenarios",
    "score_ledger": "standoff.study.ledger_scores",
    "score_table": "standoff.study.scores",
    "survey_stability": "standoff.study.survey",
    "timeline": "standoff.study.record",
    "to_gambit": "standoff.present.export_gambit",
    "to_graphml": "standoff.present.export_graph",
    "to_networkx": "standoff.present.export_graph",
    "weigh": "standoff.study.weighing",
}
"""Where each public name lives; a test keeps this in step with `__all__`."""

_FOLDERS = ("crisis", "game", "solve", "study", "present")

__all__ = [
    "Account",
    "Analysis",
    "Answered",
    "Assessment",
    "Backtest",
    "Corrections",
    "Crisis",
    "CrisisError",
    "EventDate",
    "Events",
    "Forecast",
    "Hierarchy",
    "ImportedRecord",
    "Indices",
    "Kept",
    "Ledger",
    "LedgerError",
    "LedgerScores",
    "Levers",
    "Move",
    "Outlook",
    "Perceptions",
    "PostMortem",
    "Robustness",
    "Scenarios",
    "ScoreTable",
    "Segment",
    "SmallestChange",
    "Stability",
    "StandoffError",
    "Survey",
    "Timeline",
    "TooLargeError",
    "UnknownNameError",
    "Variation",
    "Verdict",
    "Weighing",
    "analyse",
    "attribute",
    "backtest",
    "check_expectations",
    "check_file",
    "draw_answers",
    "dumps",
    "expectation_shares",
    "explain",
    "explain_state",
    "find_coalitions",
    "find_corrections",
    "find_event_effects",
    "find_indices",
    "find_levers",
    "find_outlooks",
    "find_perceptions",
    "find_scenarios",
    "find_shares",
    "find_smallest_change",
    "find_stable",
    "find_tipping_points",
    "forecast",
    "frame",
    "import_record",
    "levels_over_time",
    "library_names",
    "load",
    "loads",
    "observed_path",
    "post_mortem",
    "rank_equilibria",
    "read_gmcr",
    "red_line_effects",
    "resolution",
    "retract",
    "scenarios_of",
    "score_ledger",
    "score_table",
    "survey_stability",
    "timeline",
    "to_gambit",
    "to_graphml",
    "to_networkx",
    "weigh",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        found = getattr(importlib.import_module(_HOMES[name]), name)
        importlib.import_module("standoff.present.notebook").attach()
        return found
    if name in _FOLDERS:
        return importlib.import_module(f"standoff.{name}")
    raise AttributeError(f"module 'standoff' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, *_FOLDERS])
