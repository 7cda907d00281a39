"""How likely accounts make a record at central values: one version of each, nothing averaged over.

That is quick, and no evidence: an account that fits at the middle of its ranges may fit nowhere
else, or the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from standoff.crisis import Crisis
from standoff.game.game import Floats
from standoff.study.asking import Progress, quiet
from standoff.study.hierarchy import Hierarchy
from standoff.study.likelihood import TOLERANCE, RecordVersions
from standoff.study.record import Segment
from standoff.study.weighed import AS_WRITTEN


def central_likelihoods(
    accounts: Mapping[str, Crisis],
    segments: Sequence[Segment],
    hierarchy: Hierarchy,
    progress: Progress = quiet,
) -> dict[str, Floats]:
    """Log-probability of each part of a record given those before, at central values.

    Parameters
    ----------
    accounts
        By name; the crisis as written among them: there the search for others' policies starts.
    segments
        What was observed.
    hierarchy
        Solves the crisis as written, and may have done so already; the others are solved to
        :data:`standoff.study.likelihood.TOLERANCE`.
    progress
        Called for each account with the share that is done.

    Returns
    -------
    dict
        By account, shape ``(parts,)``: as :class:`standoff.study.likelihood.RecordVersions` has
        them, all segments joined. The same whatever the hierarchy was used for before.
    """
    written = [_in(accounts[AS_WRITTEN], segment) for segment in segments]
    for here in written:
        hierarchy.chain(here)
    solver = hierarchy.coarser(TOLERANCE)
    found = {}
    for place, (name, account) in enumerate(accounts.items()):
        progress(f"{name}: central values", place / len(accounts))
        for segment, near in zip(segments, written, strict=True):
            solver.chain(_in(account, segment), near=None if name == AS_WRITTEN else near)
        versions = RecordVersions(account, segments, solver)
        found[name] = np.hstack(versions.found(solver, 0))[0]
    return found


def _in(account: Crisis, segment: Segment) -> Crisis:
    return account if account.situation is not None else account.in_situation(segment.situation)
