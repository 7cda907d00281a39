"""One progress over several stages, so that the time left is that of the whole."""

from __future__ import annotations

from collections.abc import Mapping

from standoff.study.asking import Progress


class Stages:
    """Joins the progress of several stages, each of which counts from 0 to 1, into one.

    The share that is done never falls.

    Parameters
    ----------
    progress
        Called with the share of the whole.
    sizes
        How much work each stage is, in any unit, in the order in which they come.
    """

    def __init__(self, progress: Progress, sizes: Mapping[str, float]) -> None:
        self._progress = progress
        self._sizes = dict(sizes)
        self._whole = sum(self._sizes.values()) or 1.0
        self._reached = 0.0

    def of(self, stage: str, *, first: float = 1.0) -> Progress:
        """The progress of one stage.

        Parameters
        ----------
        stage
            Which.
        first
            A stage may itself count from 0 to 1 several times: the share of it that is done after
            the first time. Every further time takes half of what is left.
        """
        names = list(self._sizes)
        before = sum(self._sizes[name] for name in names[: names.index(stage)])
        size = self._sizes[stage]
        base, part, last = 0.0, first, 0.0

        def advance(what: str, share: float) -> None:
            nonlocal base, part, last
            if share < last:
                base += part
                part = (1.0 - base) / 2
            last = share
            done = (before + size * (base + part * share)) / self._whole
            self._reached = max(self._reached, min(done, 1.0))
            self._progress(what, self._reached)

        return advance
