r"""How likely a chain makes exactly what was observed.

What is observed are moves of actors and changes of conditions, each known to have happened in some
interval of time, and that nothing else happened. A *node* says which of them have happened so far:
entries come in order, the moves of one entry in any. With :math:`q` the rate of a move between
two nodes' states and :math:`o` the rate at which a state is left for any other (a decision to stay
put is not observed), the probability :math:`p` of having come to each node solves

.. math:: \dot p_v = \sum_u p_u\, q_{uv}(t) - o_v\, p_v,

where :math:`q_{uv}(t)` is that rate while the move's interval lasts and zero outside; when an
interval ends, the nodes at which its move has not happened are dropped. Between the ends of
intervals this is a tiny triangular linear system, solved exactly (:mod:`._exponential`). So a date
known to the day is integrated over the day, whatever else may have happened on it.

A move whose interval has no length is known exactly; it then counts with its rate, a density.

References
----------
.. [1] Billingsley, P. (1961), *Statistical Inference for Markov Processes*, University of Chicago
   Press: the likelihood of a path observed in continuous time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from standoff.solve._blocks import Floats
from standoff.solve._web import Step, Web
from standoff.solve.chain import Chain
from standoff.solve.rates import State

MOST_AT_ONCE = 10
"""Moves that one entry may have: their number of orders grows without bound."""


@dataclass(frozen=True, slots=True, eq=False)
class PathLikelihood:
    """Log-likelihoods of an observed path, for every draw of a chain (one if it has none).

    Attributes
    ----------
    prefixes
        Shape ``(draws, entries)``: that the first entries, up to and with each, come about in
        their intervals, in order, and that nothing else happens before the last of them does.
    total
        Shape ``(draws,)``: that all of them do, and nothing else happens up to the end.
    """

    prefixes: Floats
    total: Floats

    @property
    def contributions(self) -> Floats:
        """Log-probability of each entry given those before, and last that nothing follows.

        Shape ``(draws, entries + 1)``; minus infinity from the first impossible entry on.
        """
        whole = np.column_stack([self.prefixes, self.total])
        before = np.column_stack([np.zeros(len(whole)), whole[:, :-1]])
        gone = np.isneginf(before)
        return np.where(gone, -inf, whole - np.where(gone, 0.0, before))

    @property
    def impossible(self) -> int | None:
        """The first entry that comes about in no draw, if there is one."""
        gone = np.flatnonzero(np.isneginf(self.prefixes).all(axis=0))
        return int(gone[0]) if gone.size else None


def path_likelihood(
    chain: Chain, start: State, entries: Sequence[Sequence[Step]], days: float
) -> PathLikelihood:
    """Log-likelihood of what was observed, and of each of its beginnings.

    Parameters
    ----------
    chain
        The chain, with draws or without.
    start
        The state at time zero.
    entries
        In their order; the steps of one, by different actors and conditions, in any order.
    days
        How long was observed; what may have happened later is not.

    Raises
    ------
    ValueError
        If an entry has more than :data:`MOST_AT_ONCE` steps, or an interval ends before it begins
        or outside what was observed.

    Notes
    -----
    Nodes that cannot be told apart by time are solved together, so time grows with the moves whose
    intervals overlap, as the third power of two to that number, and linearly with all others.
    """
    _check(entries, days)
    web = Web(chain, start, entries)
    times = {0.0, days}.union(*({step.earliest, step.latest} for each in entries for step in each))
    for begin, end in pairwise(sorted(times)):
        web.jump(begin)
        web.drop(begin)
        web.flow(begin, end)
    web.jump(days)
    web.drop(days)
    return PathLikelihood(*web.found())


def _check(entries: Sequence[Sequence[Step]], days: float) -> None:
    for each in entries:
        if len(each) > MOST_AT_ONCE:
            raise ValueError(f"an entry of {len(each)} moves; {MOST_AT_ONCE} are the most")
        for step in each:
            if not 0 <= step.earliest <= step.latest <= days:
                raise ValueError(f"{step} is not an interval between 0 and {days:g} days")


__all__ = ["MOST_AT_ONCE", "PathLikelihood", "Step", "path_likelihood"]
