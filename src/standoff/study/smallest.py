"""The smallest set of changes that takes an answer across a threshold.

Candidates are single changes: a claim left out, a weight at an end of its range, a mistaken belief
corrected, a level held. All of them are tried alone; if none is enough, pairs of them, and then
threes. Where there are too many sets to try them all, only those of the changes that alone come
furthest are tried; the result says so. What is found is solved once more, as views and exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.possible import broken_rule
from standoff.crisis.uncertain import numbered
from standoff.game.space import space_of
from standoff.study.asking import Progress, Settings, quiet, situated
from standoff.study.changes import Change, Changer, Kind
from standoff.study.events import Impossible, levels_of, variables_of
from standoff.study.hierarchy import Hierarchy
from standoff.study.levers import shifts_of
from standoff.study.mistakes import beliefs_of
from standoff.study.removal import Claim, claims_of
from standoff.study.trials import Outcome, Trials, exact_question, settled
from standoff.study.variation import AS_IT_IS, Variation

KINDS: tuple[Kind, ...] = ("left out", "weight", "corrected", "held")
"""What the candidates are, unless fewer kinds are asked for."""

MOST_CHANGES = 3
"""Larger sets are not looked for."""

SHOWN = 5
"""How many sets of the smallest size are given; those that go furthest."""

QUICK = 2**17
"""States times candidates up to which it is looked for without being asked for."""

FEW_SETS = 200
"""Sets of two or three, of each size, that are tried without being asked for."""

_SETS = 2**17  # states times sets, of one size
_FEWEST_SETS, _MOST_SETS = 100, 1000
_MARGIN = 1e-3  # sets that stay this close to the threshold are solved exactly as well


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A set of changes that takes the answer across.

    Attributes
    ----------
    changes
        At most three.
    chance
        The probability with all of them, solved exactly.
    """

    changes: tuple[Change, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class Stage:
    """How many sets of one size were tried.

    Attributes
    ----------
    size
        How many changes each set has.
    tried, possible
        How many sets were tried, and how many there are.
    among
        How many candidates the sets were made of: fewer than all where not every set was tried.
    """

    size: int
    tried: int
    possible: int
    among: int


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """The smallest sets of changes that take the answer to one question across a threshold.

    Attributes
    ----------
    question, situation
        Which, and where it starts.
    central
        The probability as it is.
    threshold
        What is to be crossed.
    sets
        Sets of the smallest size that do, those that go furthest first, at most :data:`SHOWN`; none
        if no set that was tried does.
    crossing
        How many sets of that size seem to.
    kinds, candidates
        What kinds of changes were candidates, and how many candidates there were.
    stages
        How many sets were tried of each size.
    claims
        The claims and beliefs that the sets change, to cite.
    asked_about
        Options and conditions that the question itself is about; their levels were not candidates.
    impossible
        Levels that could not be candidates.
    """

    question: str
    situation: str | None
    central: float
    threshold: float
    sets: tuple[ChangeSet, ...]
    crossing: int
    kinds: tuple[Kind, ...]
    candidates: int
    stages: tuple[Stage, ...]
    claims: tuple[Claim, ...]
    asked_about: tuple[str, ...]
    impossible: tuple[Impossible, ...]

    @property
    def size(self) -> int | None:
        """How many changes it takes; None if no set was found."""
        return len(self.sets[0].changes) if self.sets else None

    @property
    def exhaustive(self) -> bool:
        """Whether every set was tried, up to the size that was found."""
        return all(stage.tried == stage.possible for stage in self.stages)


def find_smallest_change(
    crisis: Crisis,
    question: str,
    *,
    threshold: float = 0.5,
    kinds: Iterable[Kind] = KINDS,
    most_changes: int = MOST_CHANGES,
    most_sets: int | None = None,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> SmallestChange:
    """Find the smallest set of changes that takes the answer to a question across a threshold.

    Parameters
    ----------
    crisis, question
        The question, which has an exact answer.
    threshold
        A probability; the answer is taken below it if it is at least that now, and to at least that
        otherwise.
    kinds
        What changes are candidates.
    most_changes
        How many changes a set may have, up to :data:`MOST_CHANGES`.
    most_sets
        How many sets of two or three are tried at the most, of each size; by default fewer the
        larger the crisis is.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.

    Raises
    ------
    CrisisError
        If the question asks for something lasting, or the threshold is no probability.
    UnknownNameError
        If the crisis has no such question, or there is no such kind of change.
    """
    where = "find_smallest_change()"
    exact_question(crisis, question, where)
    wanted = tuple(kinds)
    for kind in wanted:
        if kind not in KINDS:
            raise unknown(where, "kind of change", kind, KINDS)
    if not 0 < threshold < 1:
        raise CrisisError(f"{where}: the threshold is between 0 and 1, not {threshold:g}")
    if not 1 <= most_changes <= MOST_CHANGES:
        raise CrisisError(f"{where}: a set has 1 to {MOST_CHANGES} changes, not {most_changes}")
    chosen, solver = settled(settings, hierarchy)
    here = situated(crisis, question, variation)
    trials = Trials(here, [question], chosen, solver, workers=workers, progress=progress)
    candidates, impossible = candidates_of(trials.changer, question, wanted)
    search = _Search(trials, question, threshold, candidates)
    most = most_sets or _most_sets(trials.crisis)
    while not search.found and len(search.stages) < min(most_changes, len(candidates)):
        search.look(len(search.stages) + 1, most)
    used = {change.path for each in search.found for change in each.changes}
    return SmallestChange(
        question=question,
        situation=here.situation,
        central=search.central,
        threshold=threshold,
        sets=tuple(search.found),
        crossing=search.crossing,
        kinds=wanted,
        candidates=len(candidates),
        stages=tuple(search.stages),
        claims=tuple(claim for claim in claims_of(here) if claim.path in used),
        asked_about=tuple(sorted(variables_of(here, question))) if "held" in wanted else (),
        impossible=impossible if "held" in wanted else (),
    )


def is_quick(crisis: Crisis, question: str, variation: Variation = AS_IT_IS) -> bool:
    """Whether a crisis is so small that its smallest change may be looked for unasked."""
    here, entries = numbered(situated(crisis, question, variation))
    candidates, _ = candidates_of(Changer(here, entries), question, KINDS)
    return space_of(here).size * len(candidates) <= QUICK


def candidates_of(
    changer: Changer, question: str, kinds: Sequence[Kind]
) -> tuple[list[Change], tuple[Impossible, ...]]:
    """Every single change that may be part of a set, and levels that cannot be held.

    Levels of what the question itself is about are left out: to hold them is to answer it.
    """
    crisis = changer.crisis
    found: list[Change] = []
    for claim in claims_of(crisis):
        if claim.kind == "belief":
            continue
        actor, section, name = claim.path.split(".")
        entry = getattr(crisis.actors[actor], section)[name]
        counts = entry.holds.central >= 0.5 and crisis.range_of(entry.weight).central > 0
        if "left out" in kinds and counts:
            found.append(Change("left out", claim.path))
        if "weight" in kinds:
            ends = shifts_of(crisis, claim.path, halved=False)
            # At a weight of nothing it is left out, which is a candidate already.
            found += [each for each in ends if each.to or "left out" not in kinds]
    if "corrected" in kinds:
        wrong = (belief for belief in beliefs_of(changer) if belief.mistaken)
        found += [Change("corrected", belief.path) for belief in wrong]
    levels, impossible = levels_of(crisis, present=True)
    about = variables_of(crisis, question)
    if "held" in kinds:
        found += [Change("held", name, level) for name, level in levels if name not in about]
    return found, tuple(each for each in impossible if each.variable not in about)


class _Search:
    """Looks at sets of one size after the other."""

    def __init__(
        self, trials: Trials, question: str, threshold: float, candidates: Sequence[Change]
    ) -> None:
        self.trials = trials
        self.question = question
        self.threshold = threshold
        self.candidates = list(candidates)
        self.central = trials.central.chances[question]
        self.rises = self.central < threshold
        self.stages: list[Stage] = []
        self.found: list[ChangeSet] = []
        self.crossing = 0

    def look(self, size: int, most: int) -> None:
        """Try sets of a size, as many as may be."""
        among = self.candidates
        if size > 1 and comb(len(among), size) > most:
            fewer = size
            while comb(fewer + 1, size) <= most:
                fewer += 1
            among = among[:fewer]
        sets = [each for each in combinations(among, size) if _compatible(each)]
        sets = [each for each in sets if self._can_start(each)]
        outcomes = self.trials.outcomes(sets)
        possible = sum(
            _compatible(each) and self._can_start(each)
            for each in combinations(self.candidates, size)
        ) if len(among) < len(self.candidates) else len(sets)  # fmt: skip
        self.stages.append(Stage(size, len(sets), possible, len(among)))
        outcomes.sort(key=self._progress, reverse=True)
        if size == 1:
            self.candidates = [outcome.changes[0] for outcome in outcomes]
        gap = (self.threshold - self.central) * (1 if self.rises else -1)
        near = [each for each in outcomes if self._progress(each) >= gap - _MARGIN]
        self.crossing = sum(self._crosses(each) for each in near)
        for outcome in near:
            exact = self.trials.exact(outcome.changes)
            if self._crosses(exact):
                self.found.append(ChangeSet(exact.changes, exact.chances[self.question]))
            if len(self.found) == SHOWN:
                break
        self.found.sort(key=lambda each: each.chance, reverse=self.rises)
        self.crossing = max(self.crossing, len(self.found))

    def _progress(self, outcome: Outcome) -> float:
        """How far an outcome goes the way that is wanted."""
        change = outcome.chances[self.question] - self.central
        return change if self.rises else -change

    def _crosses(self, outcome: Outcome) -> bool:
        return (outcome.chances[self.question] >= self.threshold) == self.rises

    def _can_start(self, changes: Sequence[Change]) -> bool:
        """Whether the levels held make a state that can be; one alone always does."""
        held = {each.path: str(each.to) for each in changes if each.kind == "held"}
        if len(held) < 2:
            return True
        crisis = self.trials.crisis
        return broken_rule(crisis, {**crisis.start, **held}) is None


def _compatible(changes: Sequence[Change]) -> bool:
    """Whether no two changes are about the same."""
    return len({change.subject for change in changes}) == len(changes)


def _most_sets(crisis: Crisis) -> int:
    return max(_FEWEST_SETS, min(_MOST_SETS, _SETS // space_of(crisis).size))
