"""A report after the outcome: which claims pushed the probability the right way, which not."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.study.asking import Progress, quiet
from standoff.study.attribution import ORDERS, Attribution, Grouping, Share, attribute
from standoff.study.hierarchy import Hierarchy
from standoff.study.ledger_entries import LedgerError
from standoff.study.ledger_kept import Kept


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What spoke for the outcome of a kept forecast, and what against.

    Attributes
    ----------
    kept
        The forecast, resolved.
    same
        Whether the crisis is the one that it was kept from.
    attribution
        What carries the answer at central values.
    """

    kept: Kept
    same: bool
    attribution: Attribution

    @property
    def sign(self) -> int:
        """1 if the answer came out as yes, -1 if as no."""
        return 1 if self.kept.outcome else -1

    @property
    def right(self) -> tuple[Share, ...]:
        """What pushed the probability towards what happened, the strongest first."""
        return self._pushing(1)

    @property
    def wrong(self) -> tuple[Share, ...]:
        """What pushed it away from what happened, the strongest first."""
        return self._pushing(-1)

    @property
    def silent(self) -> tuple[Share, ...]:
        """What cannot be told from pushing neither way."""
        return tuple(each for each in self.attribution.shares if not each.told_from_zero)

    def _pushing(self, way: int) -> tuple[Share, ...]:
        return tuple(
            each
            for each in self.attribution.shares
            if each.told_from_zero and each.share * self.sign * way > 0
        )


def post_mortem(
    crisis: Crisis,
    kept: Kept,
    *,
    by: Grouping = "claim",
    orders: int = ORDERS,
    anyway: bool = False,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> PostMortem:
    """Say which claims pushed a kept forecast the right way, and which the wrong way.

    Parameters
    ----------
    crisis
        The crisis that it was kept from, as it is in the file.
    kept
        A resolved forecast of a ledger.
    by, orders, workers, progress
        As for :func:`standoff.study.attribution.attribute`.
    anyway
        Whether to go on with a crisis that says something else than the one kept.
    hierarchy
        Solves the crisis; its own tau holds. By default one with the settings that were kept.

    Raises
    ------
    LedgerError
        If the forecast is sealed or not resolved, or the crisis is another.
    CrisisError
        If the crisis no longer has the question, or it asks for something lasting.
    """
    known = kept.known
    if kept.outcome is None:
        raise LedgerError(
            f"{kept.id} is not resolved, so there is no telling right from wrong; first "
            f"`standoff resolve {kept.id} --outcome yes|no --source ...`"
        )
    same = crisis.digest == known.digest
    if not same and not anyway:
        raise LedgerError(
            f"{kept.id} was kept from another crisis than this one ({known.crisis}, "
            f"{known.digest[:12]}; this one is {crisis.title}, {crisis.digest[:12]}): give the "
            "file as it was then, or add --anyway"
        )
    if known.question not in crisis.questions:
        raise CrisisError(f"{crisis.title} has no question called {known.question}")
    found = attribute(
        crisis,
        known.question,
        by=by,
        variation=known.variation,
        settings=known.settings,
        orders=orders,
        hierarchy=hierarchy or Hierarchy(depth=known.settings.depth, tau=known.settings.tau),
        workers=workers,
        progress=progress,
    )
    return PostMortem(kept, same, found)
