r"""Which explanation the record speaks for, and which of its entries decide that.

The crisis as written is one account of what happened, and each of its `explanations` a rival. Of
each account the evidence is how likely it makes the record, averaged over all that it leaves open
(:mod:`.evidence`): an account that could explain anything is thereby worth less than one that says
what was then seen. The ratio of two is the Bayes factor [1]_.

References
----------
.. [1] Kass, R. E. & Raftery, A. E. (1995), "Bayes factors", Journal of the American Statistical
   Association 90(430).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.compile import why_no_forecast
from standoff.game.game import Floats
from standoff.game.space import space_of
from standoff.study.asking import Progress, Settings, quiet
from standoff.study.central import central_likelihoods
from standoff.study.evidence import Evidence, Likelihoods, gather
from standoff.study.hierarchy import Hierarchy
from standoff.study.latent import Latent
from standoff.study.likelihood import RecordVersions, observed
from standoff.study.moved import moved_numbers
from standoff.study.posterior import bayes_factor, posteriors
from standoff.study.record import Segment, observed_path
from standoff.study.weighed import AS_WRITTEN, Clue, Weighed, Weighing, is_short

if TYPE_CHECKING:
    from standoff.study.store import Store

MOST_DRAWS, LEAST_DRAWS = 1024, 64
_A_FIT = 20  # likelihoods for each number, roughly
_STATES = 2**24  # in all draws of all segments together, where no number is asked for


def weigh(
    crisis: Crisis,
    explanations: Iterable[str] | None = None,
    *,
    draws: int | None = None,
    seed: int = 0,
    until: datetime.date | None = None,
    known_by: datetime.date | None = None,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    store: str | Path | None = None,
    progress: Progress = quiet,
) -> Weighing:
    """Set a crisis and its rival explanations against its record.

    Parameters
    ----------
    crisis
        With a record, situations and explanations. In a situation, that one alone is looked at.
    explanations
        Which of them; by default all.
    draws
        How many of each account; by default as many as suit its size, from 64 to 1,024. With 0
        there are central values alone, which is quick: likelihoods in the middle of every range,
        and no probabilities.
    seed
        The same seed gives the same bytes, for any number of workers.
    until
        The last day to look at.
    known_by
        Leaves out what was not known by the end of that day.
    settings
        Depth and tau.
    hierarchy
        Solves central values.
    workers
        How many processes may share the work.
    store
        A folder to keep likelihoods in (:mod:`standoff.study.store`): the same call goes on where
        it was interrupted.
    progress
        Called after each batch with the share that is done.

    Raises
    ------
    CrisisError
        If there is nothing to weigh or nothing to weigh it by, priors leave nothing for the
        crisis as written, no account can have made the record, or polars is needed and not
        installed.
    UnknownNameError
        If there is no such explanation.
    StoreError
        If a file in the store is damaged or holds something else, or nothing can be written.

    Notes
    -----
    Time is that of solving the crisis anew in every situation for every draw and account.

    The prior of an explanation is what its `prior` says (the middle, if that is a range); what
    this leaves is shared equally among the others, the crisis as written one of them.
    """
    chosen = settings or Settings()
    names = _chosen(crisis, explanations)
    priors = _priors(crisis, names)
    segments = _segments(crisis, until, known_by)
    count = _draws(crisis, segments) if draws is None else draws
    if count < 0 or count == 1:
        raise CrisisError(
            f"weigh(): it takes at least 2 draws, or 0 for central values alone, not {count}"
        )
    # What was solved of the crisis as it is given serves again only where it stays unnumbered.
    base, entries = numbered(crisis) if count else (crisis, ())
    views = {AS_WRITTEN: base} | {name: base.under(name) for name in names}
    solver = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    first = progress if not count else quiet  # with draws it is next to nothing
    central = central_likelihoods(views, segments, solver, first)
    parts = list(_parts(crisis, segments))
    averaged: dict[str, Evidence] = {}
    if count:
        versions = {name: RecordVersions(view, segments, solver) for name, view in views.items()}
        stores: dict[str, Store] = {}
        if store is not None:
            stores = _stores(
                store, crisis, entries, segments, count, replace(chosen, seed=seed), solver, views
            )
        averaged = _averaged(versions, entries, count, seed, workers, stores, progress)
    _check(crisis, central, averaged, parts)
    return Weighing(
        title=crisis.title,
        digest=crisis.digest,
        accounts=_accounts(crisis, priors, central, averaged),
        clues=_clues(parts, central, averaged),
        segments=segments,
        until=until,
        known_by=known_by,
        draws=count,
        seed=seed,
        settings=replace(chosen, depth=solver.depth, tau=solver.tau),
    )


def _averaged(
    accounts: Mapping[str, RecordVersions],
    entries: tuple[Entry, ...],
    draws: int,
    seed: int,
    workers: int,
    stores: Mapping[str, Store],
    progress: Progress,
) -> dict[str, Evidence]:
    """The evidence of each account."""
    found: dict[str, Evidence] = {}
    for place, (name, versions) in enumerate(accounts.items()):

        def begun(what: str, share: float, name: str = name, place: int = place) -> None:
            progress(f"{name}: {what}", (place + share) / len(accounts))

        latent = Latent.of(entries, versions.crises)
        expected = draws + _A_FIT * len(latent.ranges)
        asked = _Asked(versions, expected, workers, stores.get(name), begun)
        found[name] = gather(asked, latent, draws, seed, asked.around, found.get(AS_WRITTEN))
    return found


def _stores(
    folder: str | Path,
    crisis: Crisis,
    entries: tuple[Entry, ...],
    segments: Sequence[Segment],
    draws: int,
    settings: Settings,
    central: Hierarchy,
    names: Iterable[str],
) -> dict[str, Store]:
    """Where the likelihoods of each account are kept, numbered as they are asked for.

    What a fit asks for follows from what it was answered, and how it begins from how many draws
    there are to be; so with another number of draws nothing of it serves again.
    """
    from standoff.study.store import open_store

    about = {
        "record": repr(segments),
        "draws": draws,
        "tolerance": RecordVersions.tolerance,
    }
    asked = [each.situation for each in segments]
    return {
        name: open_store(
            folder, crisis, entries, settings, central, {"account": name, **about}, asked
        )
        for name in names
    }


class _Asked:
    """Likelihoods of one account, with a progress over all that are likely to be asked for."""

    def __init__(
        self,
        versions: RecordVersions,
        expected: int,
        workers: int,
        store: Store | None,
        progress: Progress,
    ) -> None:
        self.versions = versions
        self.expected = expected
        self.workers = workers
        self.store = store
        self.progress = progress
        self.done = 0

    def __call__(self, values: Floats) -> Floats:
        return self._of(self.versions, values)

    def around(self, at: Floats) -> Likelihoods:
        """The same, with every search starting at some numbers."""
        return partial(self._of, self.versions.around(at))

    def _of(self, versions: RecordVersions, values: Floats) -> Floats:
        def advance(_what: str, share: float) -> None:
            done = self.done + share * len(values)
            # A fit may take more than was expected; then there is always a little left.
            self.progress(f"{done:.0f} likelihoods", done / max(self.expected, 1.05 * done, 1.0))

        found = versions.answer(
            values, first=self.done, workers=self.workers, store=self.store, progress=advance
        )
        self.done += len(values)
        return np.hstack(found)


def _chosen(crisis: Crisis, explanations: Iterable[str] | None) -> tuple[str, ...]:
    if reason := why_no_forecast(crisis):
        raise CrisisError(f"weigh(): {reason}")
    if not crisis.explanations:
        raise CrisisError(
            "weigh(): the crisis has no `explanations`, so there is nothing to weigh against it"
        )
    if explanations is None:
        return tuple(crisis.explanations)
    names = tuple(dict.fromkeys(explanations))
    if not names:
        known = ", ".join(crisis.explanations)
        raise CrisisError(f"weigh(): choose at least one of the explanations ({known})")
    for name in names:
        if name not in crisis.explanations:
            raise unknown("weigh()", "explanation", name, crisis.explanations)
    return names


def _priors(crisis: Crisis, names: Sequence[str]) -> dict[str, float]:
    """What is said, and of what that leaves an equal share for all others."""
    said = {}
    for name in names:
        prior = crisis.explanations[name].prior
        if prior is not None:
            said[name] = prior.central
    left = 1.0 - sum(said.values())
    if left <= 1e-9:
        raise CrisisError(
            f"weigh(): the priors of {', '.join(said)} add up to {1 - left:.0%}, which leaves "
            "nothing for the crisis as written"
        )
    others = [name for name in (AS_WRITTEN, *names) if name not in said]
    return {name: said.get(name, left / len(others)) for name in (AS_WRITTEN, *names)}


def _segments(
    crisis: Crisis, until: datetime.date | None, known_by: datetime.date | None
) -> tuple[Segment, ...]:
    if not crisis.record:
        raise CrisisError("weigh(): the crisis has no `record` to weigh its explanations by")
    if not crisis.situations:
        raise CrisisError(
            "weigh(): the crisis has no `situations`, so nothing says from which state its record "
            "begins"
        )
    found = observed_path(crisis, until=until, known_by=known_by)
    if not found:
        raise CrisisError("weigh(): no day of the record lies after the beginning of a situation")
    return found


def _draws(crisis: Crisis, segments: Sequence[Segment]) -> int:
    """As many as suit the size of the crisis: the same on every machine."""
    size = space_of(crisis).size * len(segments)
    return int(min(MOST_DRAWS, max(LEAST_DRAWS, 2 ** int(np.log2(max(1.0, _STATES / size))))))


@dataclass(frozen=True, slots=True)
class _Part:
    entry: int | None
    situation: str
    since: datetime.date
    until: datetime.date


def _parts(crisis: Crisis, segments: Sequence[Segment]) -> Iterator[_Part]:
    """The parts of the record, in the order in which likelihoods are given."""
    for segment in segments:
        since = segment.begins
        seen = observed(
            crisis if crisis.situation is not None else crisis.in_situation(segment.situation),
            segment,
        )
        for entry in seen.entries:
            until = max(since, min(segment.ends, crisis.record[entry].date.last))
            yield _Part(entry, segment.situation, since, until)
            since = until
        if seen.quiet_end:
            yield _Part(None, segment.situation, since, segment.ends)


def _check(
    crisis: Crisis,
    central: Mapping[str, Floats],
    averaged: Mapping[str, Evidence],
    parts: Sequence[_Part],
) -> None:
    """Refuse a record that no account can have made."""
    totals = [each.total for each in averaged.values()] or [each.sum() for each in central.values()]
    if max(totals) > -inf:
        return
    steps = averaged[AS_WRITTEN].by_part()[0] if averaged else central[AS_WRITTEN]
    part = parts[int(np.flatnonzero(np.isneginf(steps))[0])]
    what = "that nothing more happens"
    if part.entry is not None:
        entry = crisis.record[part.entry]
        sets = ", ".join(f"{name}: {level}" for name, level in entry.sets.items())
        what = f"the entry of {entry.date} ({sets})"
    raise CrisisError(
        f"weigh(): in the situation {part.situation} no account can have made {what}: from the "
        "state before it there is no such move. `standoff check` tells more of the record"
    )


def _clues(
    parts: Sequence[_Part], central: Mapping[str, Floats], averaged: Mapping[str, Evidence]
) -> tuple[Clue, ...]:
    steps = {name: each.by_part() for name, each in averaged.items()}
    return tuple(
        Clue(
            part.entry,
            part.situation,
            part.since,
            part.until,
            {name: float(logs[place]) for name, logs in central.items()},
            {
                name: (float(logs[place]), float(errors[place]))
                for name, (logs, errors) in steps.items()
            },
            {name: float(each.parts[:, place].max()) for name, each in averaged.items()},
        )
        for place, part in enumerate(parts)
    )


def _accounts(
    crisis: Crisis,
    priors: Mapping[str, float],
    central: Mapping[str, Floats],
    averaged: Mapping[str, Evidence],
) -> dict[str, Weighed]:
    totals = {name: each.total for name, each in averaged.items()}
    errors = {name: each.error for name, each in averaged.items()}
    short = {name: is_short(each.effective, totals[name]) for name, each in averaged.items()}
    known = bool(averaged) and not any(short.values())
    after = posteriors(priors, totals, errors) if known else {}
    return {
        name: Weighed(
            name=name,
            asks=crisis.title if name == AS_WRITTEN else crisis.explanations[name].asks,
            prior=priors[name],
            central=float(central[name].sum()),
            evidence=totals.get(name),
            error=errors.get(name),
            effective=averaged[name].effective if averaged else None,
            best=float(averaged[name].parts.sum(axis=1).max()) if averaged else None,
            likelihoods=averaged[name].likelihoods if averaged else 0,
            factor=bayes_factor(name, totals, errors) if averaged else None,
            posterior=after.get(name),
            numbers=()
            if short.get(name, True) or totals[name] == -inf
            else moved_numbers(averaged[name]),
        )
        for name in priors
    }


__all__ = ["AS_WRITTEN", "Clue", "Weighed", "Weighing", "weigh"]
