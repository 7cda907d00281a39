"""What an analysis asks of a crisis, and how much work each part of it is."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.game.compile import why_no_forecast
from standoff.game.space import space_of
from standoff.study import effects, expectations
from standoff.study.account import work_of as work_of_account
from standoff.study.asking import Request, situated
from standoff.study.events import levels_of
from standoff.study.outlook import latest_situation
from standoff.study.record import observed_path
from standoff.study.removal import claims_of
from standoff.study.smallest import is_quick
from standoff.study.variation import AS_IT_IS, Variation

QUICK = 2**20
"""States times draws times variations up to which more is drawn than the questions of the latest
situation: those of earlier ones, and expectations.
"""

QUICK_WEIGHING = 2**19
"""States times accounts times situations up to which explanations are weighed unasked."""

_WARM = 0.6  # of the work on one version, where the search starts at one that differs little
ORDERS = 4
"""Orders in which an answer is shared out among many passages; `standoff explain` takes more."""

LOOKED_AT = 3
"""Claims for which tipping points are looked for; `standoff explain` takes more."""


_SECONDS_A_STATE = 7e-5  # that one version of a crisis takes, roughly


def worth_explaining(crisis: Crisis, variation: Variation = AS_IT_IS) -> str | None:
    """The first question that starts where an analysis does and has an exact answer, if any."""
    if why_no_forecast(crisis):
        return None
    situation = variation.situation or latest_situation(crisis)
    return next(iter(exact_from(crisis, situation, variation)), None)


def exact_from(crisis: Crisis, situation: str | None, variation: Variation) -> tuple[str, ...]:
    """The questions that start in a situation and have an exact answer."""
    return tuple(
        name
        for name, question in crisis.questions.items()
        if question.lasting is None and situation in (variation.situation, question.situation)
    )


def check_explained(crisis: Crisis, explained: Sequence[str], levers: Sequence[str]) -> None:
    """Refuse what cannot be explained before any long work is done."""
    for name in explained:
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"analyse(): nothing can be explained: {reason}")
        if name not in crisis.questions:
            raise unknown("analyse()", "question", name, crisis.questions)
        if crisis.questions[name].lasting is not None:
            raise CrisisError(
                f"analyse(): {name} asks for something lasting, which is estimated and not exact, "
                "and cannot be explained"
            )
    for name in levers:
        if name not in crisis.actors:
            raise unknown("analyse()", "actor", name, crisis.actors)


def work_of_weighing(crisis: Crisis, variation: Variation) -> int:
    """States times accounts times situations; 0 where there is nothing to weigh, or nothing to
    weigh it by, or the crisis is looked at other than as it is.
    """
    if variation != AS_IT_IS or crisis.situation is not None or why_no_forecast(crisis):
        return 0
    if not (crisis.explanations and crisis.record):
        return 0
    accounts = 1 + len(crisis.explanations)
    return space_of(crisis).size * accounts * len(observed_path(crisis))


class Plan:
    """What is asked of a crisis.

    Attributes
    ----------
    questions, here
        Those that have a forecast, and of these the exact ones from where the analysis starts.
    asked, without, expected
        Requests: the questions as they are, those without each red line, those of expectations.
    expects
        The expectations that can be judged.
    """

    def __init__(self, crisis: Crisis, variation: Variation, situation: str | None) -> None:
        weighed = not why_no_forecast(crisis)
        self.crisis, self.variation, self.situation = crisis, variation, situation
        self._states = space_of(variation.of(crisis, situation)).size
        self.questions = tuple(crisis.questions) if weighed else ()
        self.here = exact_from(crisis, situation, variation) if weighed else ()
        self.asked = [Request(name, variation) for name in self.questions]
        self.without = effects.requests_of(crisis, self.here, variation)
        wanted = {name: expectations.requests_of(each) for name, each in crisis.expects.items()}
        self.expects = tuple(name for name, asks in wanted.items() if weighed or not asks)
        self.expected = [request for name in self.expects for request in wanted[name]]

    def starts_here(self, request: Request) -> bool:
        """Whether a request is asked from where the analysis starts."""
        return self.situation in (self.variation.situation, self._situation(request))

    def robust(self, draws: int) -> bool:
        """Whether expectations are tried on draws too: if that does not take long."""
        return bool(draws and self.expects and self._weight(draws, self.expected) <= QUICK)

    def drawn(self, draws: int) -> list[Request]:
        """What is asked of draws: all questions, if that does not take long; otherwise those that
        start where the analysis does.
        """
        if not draws or self._weight(draws, self.asked) <= QUICK:
            return self.asked if draws else []
        return [request for request in self.asked if self.starts_here(request)]

    def _weight(self, draws: int, requests: Sequence[Request]) -> int:
        """States times draws times variations of the crisis."""
        return self._states * draws * max(1, len(self._versions(requests)))

    def sizes(
        self, draws: int, explained: Sequence[str], levers: Sequence[str], workers: int
    ) -> dict[str, float]:
        """How much work each stage is: 1 is one version of the crisis, in one process."""
        shared = max(1, workers)
        everything = self._versions([*self.asked, *self.without, *self.expected])
        sizes = {
            "stability": 0.5,
            "situations": 1.5 * len(self.crisis.situations),
            "outlooks": 2.0 if self.questions else 0.0,
            "draws": draws * len(self._versions(self.drawn(draws))) / shared,
            "answers": len(everything) / shared,
            "scenarios": 10.0 + self._seconds(5) if draws and self.questions else 0.0,
        }
        if self.robust(draws):
            sizes["robustness"] = draws * len(self._versions(self.expected)) / shared
        work = work_of_weighing(self.crisis, self.variation)
        sizes["weighing"] = _WARM * work / self._states if work <= QUICK_WEIGHING else 0.0
        if explained:
            beliefs = [each for each in claims_of(self.crisis) if each.kind == "belief"]
            sizes["beliefs"] = 1.5 * len(beliefs) / shared
        for name in explained:
            here = situated(self.crisis, name, self.variation)
            account = work_of_account(
                self.crisis, name, self.variation, orders=ORDERS, looked_at=LOOKED_AT
            )
            sizes[f"account {name}"] = 0.7 * account / shared
            sizes[f"events {name}"] = 2 * len(levels_of(here)[0]) / shared
            quick = is_quick(self.crisis, name, self.variation)
            sizes[f"smallest {name}"] = 100.0 / shared if quick else 0.0
            sizes |= {f"levers {name} {actor}": 40.0 / shared for actor in levers}
        return sizes

    def _seconds(self, seconds: float) -> float:
        """Work that takes some seconds however large the crisis is, in versions of it."""
        return seconds / (_SECONDS_A_STATE * self._states)

    def _versions(self, requests: Sequence[Request]) -> set[object]:
        return {(self._situation(each), repr(each.variation), each.depth) for each in requests}

    def _situation(self, request: Request) -> str | None:
        own = self.crisis.questions[request.question].situation
        return request.variation.situation or own
