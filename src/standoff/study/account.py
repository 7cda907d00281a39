"""What an answer rests on, and what would change it: what `standoff explain` computes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from standoff.crisis import Crisis
from standoff.crisis.uncertain import numbered
from standoff.study.asking import Progress, Settings, quiet, situated
from standoff.study.attribution import (
    MOST_EXACT,
    ORDERS,
    Attribution,
    Grouping,
    attribute,
    parties_of,
)
from standoff.study.forecast import Forecast, forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.removal import Claim, claims_of
from standoff.study.stages import Stages
from standoff.study.tipping import THRESHOLDS, TippingPoint, find_tipping_points
from standoff.study.variation import AS_IT_IS, Variation

LOOKED_AT = 6
"""For how many claims tipping points are looked for, unless a number is given."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the answer to one question rests on.

    Attributes
    ----------
    forecast
        The answer.
    attribution
        What carries it.
    claims
        Every claim by its path, to cite.
    tipping
        Where it would cross a line, for the claims with the largest effect: even chances, and
        the two boundaries of the likelihood word that it has now.
    """

    forecast: Forecast
    attribution: Attribution
    claims: dict[str, Claim]
    tipping: tuple[TippingPoint, ...]


def explain(
    crisis: Crisis,
    question: str,
    *,
    by: Grouping | None = None,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    orders: int = ORDERS,
    looked_at: int = LOOKED_AT,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Account:
    """Say what carries the answer to a question, and what would change it.

    Parameters
    ----------
    crisis, question, variation, settings, orders, hierarchy, workers, progress
        As for :func:`standoff.study.attribution.attribute`.
    looked_at
        For how many claims, those with the largest effect alone, tipping points are looked for.
    by
        What the answer is shared out among; by default claims where they are few, and passages
        where they are many.

    Raises
    ------
    CrisisError
        If the question asks for something lasting.
    UnknownNameError
        If the crisis has no such question.
    """
    chosen = settings or Settings()
    here = numbered(situated(crisis, question, variation))[0]
    solver = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    claims = {claim.path: claim for claim in claims_of(here)}
    if by is None:
        by = _grouping(claims.values())
    stages = Stages(progress, _sizes(claims.values(), by, orders, looked_at))
    found = attribute(
        here,
        question,
        by=by,
        settings=chosen,
        orders=orders,
        hierarchy=solver,
        workers=workers,
        progress=stages.of("attribution", first=0.9),
    )
    answer = forecast(here, question, depth=chosen.depth, seed=chosen.seed, hierarchy=solver)
    strongest = sorted(found.shares, key=lambda share: -abs(share.alone))
    paths = [path for share in strongest for path in share.claims]
    weights = [path for path in paths if claims[path].kind != "belief"]
    tipping = find_tipping_points(
        here,
        question,
        [f"{path}.weight" for path in weights[:looked_at]],
        thresholds=lines_near(answer.central),
        settings=chosen,
        hierarchy=solver,
        workers=workers,
        progress=stages.of("tipping", first=0.6),
    )
    return Account(replace(answer, lineage=here.lineage), found, claims, tipping)


def work_of(
    crisis: Crisis,
    question: str,
    variation: Variation = AS_IT_IS,
    *,
    orders: int = ORDERS,
    looked_at: int = LOOKED_AT,
) -> float:
    """How many versions of a crisis :func:`explain` solves, roughly."""
    claims = claims_of(situated(crisis, question, variation))
    return sum(_sizes(claims, _grouping(claims), orders, looked_at).values())


def _grouping(claims: Collection[Claim]) -> Grouping:
    return "claim" if len(claims) <= MOST_EXACT else "passage"


def _sizes(
    claims: Collection[Claim], by: Grouping, orders: int, looked_at: int
) -> dict[str, float]:
    """How many versions are solved, roughly, in each of the two parts."""
    parties = len(parties_of(claims, by))
    sets = 2**parties if parties <= MOST_EXACT else orders * parties
    return {"attribution": sets, "tipping": 20 * looked_at}


def lines_near(probability: float) -> tuple[float, ...]:
    """Even chances, and the boundaries of the likelihood word that a probability has."""
    below = [line for line in THRESHOLDS if line <= probability]
    above = [line for line in THRESHOLDS if line > probability]
    near = {0.5, *([max(below)] if below else []), *([min(above)] if above else [])}
    return tuple(sorted(near))
