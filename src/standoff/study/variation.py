"""Asking a question of a changed crisis: the changes in the order that makes them independent.

The situation comes first (what is different then), then what the analyst changes, then what is
so or held, and last through whose eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from standoff.crisis import Crisis


@dataclass(frozen=True, slots=True)
class Variation:
    """What is asked of a crisis other than as it is.

    Attributes
    ----------
    situation
        Overrides the question's own.
    under
        An explanation.
    with_, without
        A patch, and paths of claims to leave out.
    starting, holding
        Levels at time zero, and levels frozen throughout.
    seen_by
        Through whose eyes, outermost first.
    """

    situation: str | None = None
    under: str | None = None
    with_: Mapping[str, object] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    starting: Mapping[str, str] = field(default_factory=dict)
    holding: Mapping[str, str] = field(default_factory=dict)
    seen_by: tuple[str, ...] = ()

    def of(self, crisis: Crisis, situation: str | None = None) -> Crisis:
        """The crisis so changed.

        Parameters
        ----------
        crisis
            As it is; if it has been put in a situation already, it stays there.
        situation
            Where to put it unless the variation says otherwise.
        """
        where = self.situation or situation
        if where is not None and crisis.situation is None:
            crisis = crisis.in_situation(where)
        if self.under is not None:
            crisis = crisis.under(self.under)
        if self.with_:
            crisis = crisis.patched(self.with_)
        if self.without:
            crisis = crisis.without(*self.without)
        if self.starting:  # together with what is held: either alone may be a state that cannot be
            crisis = crisis.starting({**self.starting, **self.holding})
        if self.holding:
            crisis = crisis.holding(self.holding)
        for actor in self.seen_by:
            crisis = crisis.as_seen_by(actor)
        return crisis


AS_IT_IS = Variation()
