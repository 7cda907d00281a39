"""What is claimed: immutable data, statements, quantities, views, reading and writing files.

Nothing here knows arrays, and nothing here draws. Read in this order: `model` (what a crisis is),
`statements` and `resolve` (what its statements mean), `views` (crisis to crisis), `read` (from a
file, with every fault at its place).
"""

from __future__ import annotations

from standoff.crisis.actors import Actor, Interest, Option, RedLine
from standoff.crisis.asked import Explanation, Question
from standoff.crisis.citations import Citation, citations
from standoff.crisis.codes import CODES, Code, explained
from standoff.crisis.edtf import EventDate
from standoff.crisis.errors import CrisisError, StandoffError, UnknownNameError
from standoff.crisis.expected import Expectation, Side, Standing
from standoff.crisis.faults import Fault, render
from standoff.crisis.files import library_names
from standoff.crisis.likelihood import word_for
from standoff.crisis.model import Crisis
from standoff.crisis.patches import Believed
from standoff.crisis.preferences import Pattern, Priority
from standoff.crisis.quantities import Likelihood, Margin, Range, Weight
from standoff.crisis.read import check_file, load, loads
from standoff.crisis.schema import schema, schema_path, schema_text
from standoff.crisis.setting import Change, Condition, Factor, Observation, Situation, Source
from standoff.crisis.statements import (
    All,
    Among,
    AnyOf,
    Fixed,
    Not,
    Statement,
    is_true,
    mentioned,
)
from standoff.crisis.template import template
from standoff.crisis.tempo import Tempo
from standoff.crisis.times import Rate, Span
from standoff.crisis.write import dumps

__all__ = [
    "CODES",
    "Actor",
    "All",
    "Among",
    "AnyOf",
    "Believed",
    "Change",
    "Citation",
    "Code",
    "Condition",
    "Crisis",
    "CrisisError",
    "EventDate",
    "Expectation",
    "Explanation",
    "Factor",
    "Fault",
    "Fixed",
    "Interest",
    "Likelihood",
    "Margin",
    "Not",
    "Observation",
    "Option",
    "Pattern",
    "Priority",
    "Question",
    "Range",
    "Rate",
    "RedLine",
    "Side",
    "Situation",
    "Source",
    "Span",
    "Standing",
    "StandoffError",
    "Statement",
    "Tempo",
    "UnknownNameError",
    "Weight",
    "check_file",
    "citations",
    "dumps",
    "explained",
    "is_true",
    "library_names",
    "load",
    "loads",
    "mentioned",
    "render",
    "schema",
    "schema_path",
    "schema_text",
    "template",
    "word_for",
]
