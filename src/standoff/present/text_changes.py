"""What other levels, corrected beliefs and small sets of changes would do to an answer, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.in_words import path as in_words
from standoff.present.in_words import plain, variable
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.wording import likely, percent, points
from standoff.present.words import called, clean, counted, listed
from standoff.study.changes import Change
from standoff.study.events import Event, Events, Impossible
from standoff.study.mistakes import Belief, Correction, Corrections
from standoff.study.smallest import SmallestChange

SHOWN = 8
HARDLY = 0.0005
"""Changes of a probability by less are not worth a line."""

_LEAST_COST = 0.005  # in weight units per day


@as_text.register
def _(result: Events, *, crisis: Crisis) -> RenderableType:
    """What each option and condition at another level would do."""
    return stacked(_events(result, crisis))


def _events(result: Events, crisis: Crisis) -> Iterator[RenderableType]:
    yield heading("Events")
    yield line(
        "What it becomes if an option or a condition has another level: at the start, from where "
        "things go on, or throughout, so that nobody can change it."
    )
    yield line("")
    ways: dict[tuple[str, str], dict[str, Event]] = {}
    for event in result.events:
        if not event.asked_about:
            ways.setdefault((event.variable, event.level), {})[event.how] = event
    telling = {
        key: both
        for key, both in ways.items()
        if max(abs(each.effect) for each in both.values()) >= HARDLY
    }
    for (name, level), both in list(telling.items())[:SHOWN]:
        start, held = both["starting"], both["holding"]
        yield line(
            f"{variable(crisis, name)} is {plain(level)}: "
            f"{percent(start.chance)} ({points(start.effect)}) if so at the start, "
            f"{percent(held.chance)} ({points(held.effect)}) throughout",
            INDENT,
        )
    if not telling:
        yield line("None of them changes it by 0.1 points or more.", INDENT)
    notes = []
    if len(telling) > SHOWN:
        notes.append(f"{counted(len(telling) - SHOWN, 'other')} with less")
    if telling and len(ways) > len(telling):
        notes.append(f"{counted(len(ways) - len(telling), 'level')} with hardly any effect")
    if notes:
        yield line(f"Not shown: {listed(notes)}.", INDENT, style=QUIET)
    about = dict.fromkeys(each.variable for each in result.events if each.asked_about)
    if about:
        names = listed(variable(crisis, name) for name in about)
        yield line(f"The question itself is about {names}.", INDENT, style=QUIET)
    yield from _impossible(result.impossible, crisis)


def _impossible(impossible: Iterable[Impossible], crisis: Crisis) -> Iterator[RenderableType]:
    said = [
        f"{variable(crisis, each.variable)} is {plain(each.level)} (never: {each.rule})"
        for each in impossible
    ]
    if said:
        more = [f"{len(said) - 4} more"] if len(said) > 4 else []
        yield line(f"Could not be tried: {listed([*said[:4], *more])}.", INDENT, style=QUIET)


@as_text.register
def _corrections(result: Corrections, *, crisis: Crisis) -> RenderableType:
    """What each mistake costs."""
    return stacked(_beliefs(result, crisis))


def _beliefs(result: Corrections, crisis: Crisis) -> Iterator[RenderableType]:
    yield heading("Beliefs")
    beliefs = {belief.path: belief for belief in result.beliefs}
    if result.together is None:
        held = f"all of {counted(len(beliefs), 'belief')} are right" if beliefs else "none is held"
        yield line(f"Nobody is mistaken: {held}.")
        return
    yield line(
        "What it becomes if a mistaken belief is corrected, and what the mistake costs each actor: "
        "by how much its payoff would rise, on average and discounted at its own horizon, in "
        "weight units a day. Below zero, it gains by the mistake."
    )
    for correction in result.one_by_one[:SHOWN]:
        yield line("")
        yield from _belief(beliefs[correction.beliefs[0]], crisis)
        yield from _follows(correction, result, crisis, "Corrected")
    rest = len(result.one_by_one) - SHOWN
    if rest > 0:
        yield line(f"and {counted(rest, 'other mistaken belief')} with less.", INDENT)
    for correction in result.by_holder:
        if correction.holder is not None and len(correction.beliefs) > 1:
            whose = called(crisis, correction.holder)
            yield line("")
            yield line(f"All {len(correction.beliefs)} beliefs of {whose}", INDENT)
            yield from _follows(correction, result, crisis, "Corrected")
    if len(beliefs) > 1 and len(result.by_holder) > 1:
        yield line("")
        yield line("All beliefs of everybody", INDENT)
        yield from _follows(result.together, result, crisis, "Corrected")


def _belief(belief: Belief, crisis: Crisis) -> Iterator[RenderableType]:
    yield line(
        f"{in_words(crisis, belief.path)}: {belief.thinks}; in fact {belief.in_fact}", INDENT
    )
    yield from reasons(belief.because, belief.source)


def reasons(because: str | None, source: str | None) -> Iterator[RenderableType]:
    """Yield a claim in the analyst's words and its passage, if there are any."""
    said = [clean(because)] if because else []
    said += [f"({clean(source)})"] if source else []
    if said:
        yield line(" ".join(said), 3 * INDENT, style=QUIET)


def _follows(
    correction: Correction, result: Corrections, crisis: Crisis, how: str
) -> Iterator[RenderableType]:
    effects = {
        name: effect
        for name, effect in correction.effects.items()
        if abs(effect) >= HARDLY or len(correction.effects) == 1
    }
    for name, effect in effects.items():
        asked = "" if len(correction.effects) == 1 else f"{name}: "
        yield line(
            f"{how}: {asked}{likely(correction.chances[name])}, {points(effect)}", 3 * INDENT
        )
    if not effects and result.chances:
        yield line(f"{how}: no question changes by 0.1 points.", 3 * INDENT)
    yield line(f"Costs {_costs(correction.costs, crisis)}.", 3 * INDENT)


def _costs(costs: Mapping[str, float], crisis: Crisis) -> str:
    told = sorted(costs.items(), key=lambda each: -each[1])
    said = [f"{called(crisis, name)} {cost:+.2f}".replace("-", "−") for name, cost in told
            if abs(cost) >= _LEAST_COST]  # fmt: skip
    return listed(said) or "nobody anything"


@as_text.register
def _smallest(result: SmallestChange, *, crisis: Crisis) -> RenderableType:
    """The smallest sets of changes that take the answer across a threshold."""
    return stacked(_sets(result, crisis))


def _sets(result: SmallestChange, crisis: Crisis) -> Iterator[RenderableType]:
    yield heading("The smallest change")
    goal = f"{'below' if result.central >= result.threshold else 'to'} {result.threshold:.4g}"
    goal = goal.replace(f"{result.threshold:.4g}", f"{100 * result.threshold:.4g}%")
    if not result.sets:
        most = result.stages[-1].size if result.stages else 0
        yield line(f"No set of up to {counted(most, 'change')} that was tried takes it {goal}.")
    else:
        size = len(result.sets[0].changes)
        takes = "One change takes" if size == 1 else f"It takes {size} changes together to bring"
        ways = counted(result.crossing, "way")
        yield line(f"{takes} it {goal}; {ways} to do it{_shown(result)}.")
        claims = {claim.path: claim for claim in result.claims}
        for found in result.sets:
            yield line("")
            said = listed(change_in_words(crisis, change) for change in found.changes)
            yield line(f"{percent(found.chance)}: {said}", INDENT)
            for change in found.changes:
                if change.path in claims:
                    claim = claims[change.path]
                    yield from reasons(claim.because, claim.source)
    yield line("")
    yield line(_tried(result, crisis), style=QUIET)


def _shown(result: SmallestChange) -> str:
    more = len(result.sets) < result.crossing
    return f", of which those that go furthest are {counted(len(result.sets), 'this', 'these')}" \
        if more else ""  # fmt: skip


def _tried(result: SmallestChange, crisis: Crisis) -> str:
    tried = [
        f"{stage.tried:,} of {counted(stage.possible, 'set')} of {stage.size}"
        for stage in result.stages
    ]
    said = f"Tried: {listed(tried)}, out of {counted(result.candidates, 'candidate')}. "
    said += (
        "That is every set up to that size."
        if result.exhaustive
        else "Where not all were tried, those of the changes that alone come furthest were."
    )
    if result.asked_about:
        names = listed(variable(crisis, name) for name in result.asked_about)
        said += f" Levels of {names}, which the question itself is about, are no candidates."
    return said


def change_in_words(crisis: Crisis, change: Change) -> str:
    """Return a change as a phrase: `Northland: interest cost at weight 2`."""
    if change.kind == "held":
        return f"{variable(crisis, change.path)} held at {plain(str(change.to))}"
    named = in_words(crisis, change.path)
    if change.kind == "weight":
        return f"{named} at weight {change.to:g}"
    return f"{named} {'corrected' if change.kind == 'corrected' else 'left out'}"
