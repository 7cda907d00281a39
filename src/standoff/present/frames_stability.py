"""Frames of stability: a row for each state that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standoff.present.frames import Kind, as_frame, table
from standoff.study.stability import Stability
from standoff.study.survey import Survey

if TYPE_CHECKING:
    from pandas import DataFrame


@as_frame.register(Stability)
def _(result: Stability) -> DataFrame:
    """The level of every option and condition, and under which concepts it is an equilibrium.

    With a column `concept: actor` for each concept and actor, which says whether the actor would
    stay; conditions come before options.
    """
    space = result.space
    tests = {f"equilibrium: {concept}": result.equilibria(concept) for concept in result.concepts}
    for concept, actors in result.stable.items():
        tests |= {f"{concept}: {actor}": truth for actor, truth in actors.items()}
    whole = [np.broadcast_to(truth, space.shape) for truth in tests.values()]
    columns: dict[str, Kind] = {name: "text" for axis in space.axes for name in axis.variables}
    columns |= dict.fromkeys(["at start", *tests], "truth")
    rows = (
        (
            *space.state(index).values(),
            index == result.start,
            *(bool(truth[index]) for truth in whole),
        )
        for index in space
    )
    return table(rows, **columns)


@as_frame.register(Survey)
def _(result: Survey) -> DataFrame:
    """Its states."""
    return as_frame(result.stability)
