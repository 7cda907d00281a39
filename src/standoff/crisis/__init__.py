"""What is claimed: immutable data, statements, quantities, views, reading and writing files.

Nothing here knows arrays, and nothing here draws.
"""

from __future__ import annotations

from standoff.crisis.actors import Actor, Interest, Option, RedLine
from standoff.crisis.asked import Expectation, Explanation, Question, Side
from standoff.crisis.errors import CrisisError, StandoffError, UnknownNameError
from standoff.crisis.likelihood import word_for
from standoff.crisis.model import Crisis
from standoff.crisis.patches import Believed
from standoff.crisis.quantities import Likelihood, Margin, Range, Rate, Span, Weight
from standoff.crisis.read import check_file, load, loads
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
from standoff.crisis.tempo import Tempo
