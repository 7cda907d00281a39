"""What changes to a crisis do: to the answers to questions, and to what each actor gets.

Changes that differ in numbers only are solved together (:class:`standoff.study.versions.Versions`),
each with the crisis as it is beside it, so that what is left of the search's tolerance cancels;
levels that are held make a game of their own, solved exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.uncertain import numbered
from standoff.game.game import Floats
from standoff.solve.chain import Chain
from standoff.solve.worth import worth_at_start
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.changes import Change, Changer
from standoff.study.ensemble import AnswerVersions
from standoff.study.forecast import central_chance
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import AS_IT_IS, Variation
from standoff.study.versions import versions_at_once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows if some changes are made.

    Attributes
    ----------
    changes
        Which; none for the crisis as it is.
    chances
        The probability of each question asked.
    worths
        What it is worth to each actor, if that was asked for: the payoff that it really gets on
        average, discounted at its own horizon, in weight units per day.
    """

    changes: tuple[Change, ...]
    chances: Mapping[str, float]
    worths: Mapping[str, float]


class Trials:
    """Tries changes to a crisis, any number at once.

    Parameters
    ----------
    crisis
        In the situation and with the variation that is asked about.
    questions
        Whose answers are looked at; each has an exact one.
    settings
        Depth and tau.
    hierarchy
        Solves central values.
    worths
        Whether to look at what each actor gets.
    workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.

    Attributes
    ----------
    changer
        What the changes are, in numbers and as views.
    central
        The outcome without changes.
    """

    def __init__(
        self,
        crisis: Crisis,
        questions: Sequence[str],
        settings: Settings,
        hierarchy: Hierarchy,
        *,
        worths: bool = False,
        workers: int = 1,
        progress: Progress = quiet,
    ) -> None:
        self.crisis, entries = numbered(crisis)
        self.questions = tuple(questions)
        self.settings = settings
        self.hierarchy = hierarchy
        self.worths = worths
        self.workers = workers
        self.progress = progress
        self.changer = Changer(self.crisis, entries)
        self._actors = tuple(self.crisis.actors) if worths else ()
        self._exact: dict[str, Floats] = {}
        self.central = self._outcome((), self._central(AS_IT_IS))

    def outcomes(self, sets: Sequence[Sequence[Change]]) -> list[Outcome]:
        """What follows from each of several sets of changes.

        Raises
        ------
        CrisisError
            If a level held makes the state at the start one that cannot be.
        """
        groups: dict[str, list[int]] = {}
        views: dict[str, Variation] = {}
        for number, changes in enumerate(sets):
            variation = self.changer.variation(changes, numbers=False)
            views[repr(variation)] = variation
            groups.setdefault(repr(variation), []).append(number)
        found: dict[int, Outcome] = {}
        for key, numbers in groups.items():
            lines = self._together(views[key], [self.changer.row(sets[n]) for n in numbers])
            for number, line in zip(numbers, lines, strict=True):
                found[number] = self._outcome(tuple(sets[number]), line)
            self.progress(f"{len(found)} changes", len(found) / len(sets))
        return [found[number] for number in range(len(sets))]

    def exact(self, changes: Sequence[Change]) -> Outcome:
        """What follows from one set of changes, all of them as views, solved alone."""
        return self._outcome(tuple(changes), self._central(self.changer.variation(changes)))

    def _together(self, variation: Variation, rows: Sequence[Floats]) -> list[Floats]:
        """Outcomes of versions that differ in numbers only, as flat lines."""
        base = self._central(variation)
        if all(np.array_equal(row, self.changer.central) for row in rows):
            return [base] * len(rows)
        versions = _Valued(
            self.crisis, self.questions, variation, self.settings, self.hierarchy, self._actors
        )
        values = np.vstack([self.changer.central, *rows])
        found = versions.answer(values, workers=self.workers)
        asked = len(self.questions)
        lines = np.hstack([*(line[:, -1:] for line in found[:asked]), *found[asked:]])
        return [base + (line - lines[0]) for line in lines[1:]]

    def _central(self, variation: Variation) -> Floats:
        """The outcome of a view at central values."""
        key = repr(variation)
        if key not in self._exact:
            changed = variation.of(self.crisis)
            near = None if variation == AS_IT_IS else self.crisis
            chances = [
                central_chance(changed, name, self.settings, self.hierarchy, near=near)
                for name in self.questions
            ]
            worths: Sequence[float] = ()
            if self.worths:
                chain = self.hierarchy.chain(changed, self.settings.depth, near=near)
                worths = _worths(chain, self._actors)[0]
            self._exact[key] = np.array([*chances, *worths])
        return self._exact[key]

    def _outcome(self, changes: tuple[Change, ...], line: Floats) -> Outcome:
        count = len(self.questions)
        chances = np.clip(line[:count], 0.0, 1.0)
        return Outcome(
            changes,
            dict(zip(self.questions, map(float, chances), strict=True)),
            dict(zip(self._actors, map(float, line[count:]), strict=True)),
        )


def exact_question(crisis: Crisis, question: str, where: str) -> None:
    """Make sure that a crisis has a question, and that its answer is exact.

    Raises
    ------
    UnknownNameError
        If there is no such question.
    CrisisError
        If it asks for something lasting.
    """
    if question not in crisis.questions:
        raise unknown(where, "question", question, crisis.questions)
    if crisis.questions[question].lasting is not None:
        raise CrisisError(
            f"{where}: {question} asks for something lasting, which is estimated and not exact"
        )


class _Valued(AnswerVersions):
    """Versions that also say what they are worth to some actors.

    What is read off last, if there are actors, has shape ``(versions, actors)``.
    """

    def __init__(
        self,
        crisis: Crisis,
        questions: Sequence[str],
        variation: Variation,
        settings: Settings,
        central: Hierarchy,
        actors: Sequence[str],
    ) -> None:
        super().__init__(
            crisis, [Request(name, variation) for name in questions], settings, central
        )
        self._actors = tuple(actors)
        self._valued = variation.of(crisis)

    @property
    def size(self) -> int:
        """As many as suit the machine, also if no question is asked."""
        return versions_at_once([self._valued])

    def found(self, solver: Hierarchy, first: int) -> list[Floats]:
        """Return the answers, and if there are actors what it is worth to them."""
        lines = super().found(solver, first)
        if self._actors:
            chain = solver.chain(self._valued, self.settings.depth)
            lines.append(_worths(chain, self._actors))
        return lines


def _worths(chain: Chain, actors: Sequence[str]) -> Floats:
    """Shape ``(draws, actors)``."""
    found = worth_at_start(chain)
    return np.stack([found[name] for name in actors], axis=1)


def settled(settings: Settings | None, hierarchy: Hierarchy | None) -> tuple[Settings, Hierarchy]:
    """Settings and a solver that agree on tau, made where none were given."""
    chosen = settings or Settings()
    solver = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    return replace(chosen, tau=solver.tau), solver
