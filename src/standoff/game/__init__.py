"""A crisis as arrays: one axis per condition and actor, and everything else broadcast over them.

Names stop here: :mod:`standoff.game.space` turns them into axes, and what is above this folder
sees arrays only.
"""

from standoff.game.compile import compile_game
from standoff.game.game import Drift, Game, Mover
from standoff.game.size import DEFAULT_MEMORY, TooLargeError, check_size
from standoff.game.space import Axis, Space, space_of

__all__ = [
    "DEFAULT_MEMORY",
    "Axis",
    "Drift",
    "Game",
    "Mover",
    "Space",
    "TooLargeError",
    "check_size",
    "compile_game",
    "space_of",
]
