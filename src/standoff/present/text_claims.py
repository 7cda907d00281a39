"""What single claims do, and whether the assessment's own conclusions hold, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from standoff.crisis import Crisis, Expectation, Side, Standing
from standoff.crisis.expected import Viewed
from standoff.crisis.patches import in_short
from standoff.present.text import QUIET, as_text, line, rows, stacked
from standoff.present.wording import likely, percent, points
from standoff.present.words import called, clean, counted, listed
from standoff.study.effects import Effect
from standoff.study.expectations import Verdict
from standoff.study.robustness import Robustness
from standoff.study.standings import MOST_AGAINST

_NOTHING = 1e-9
_HARDLY = 0.0005
_A_POINT = 0.01


@as_text.register
def _(result: Effect, *, crisis: Crisis) -> RenderableType:
    """What leaving a red line out does to the question that it moves most."""
    actor, _, name = result.path.split(".", 2)
    claim = crisis.actors[actor].red_lines[name]
    rule = f"If {claim.if_}"
    rule += f", then {claim.then}." if claim.then != "false" else "; nothing can make up for it."
    said = [
        part for part in (result.because, f"({result.source})" if result.source else "") if part
    ]
    return stacked(
        [
            line(f"{called(crisis, actor)}: {name}", style="bold"),
            line(rule, 2),
            *([line(" ".join(said), 2, style=QUIET)] if said else []),
            line(_effect(result, crisis), 2),
        ]
    )


def _effect(result: Effect, crisis: Crisis) -> str:
    question, change = result.largest
    if abs(change) < _NOTHING:
        return "No effect on any question."
    if abs(change) < _HARDLY:
        return "Hardly any effect: under 0.1 points on every question."
    others = sum(
        abs(result.with_it[name] - result.without_it[name]) >= _A_POINT
        for name in result.with_it
        if name != question
    )
    also = f" It moves {counted(others, 'other question')} by a point or more." if others else ""
    with_it, without_it = result.with_it[question], result.without_it[question]
    verb = "Raises" if change > 0 else "Lowers"
    return (
        f"{verb} by {points(change)[1:]}: {crisis.questions[question].asks} "
        f"With it {likely(with_it)}, without it {likely(without_it)}.{also}"
    )


@as_text.register
def _(result: Verdict, *, crisis: Crisis) -> RenderableType:
    """Whether an expectation holds; if it does not, everything that it compared."""
    source = f"  {clean(result.source)}" if result.source else ""
    head = Text.assemble(
        ("holds  ", "green") if result.holds else ("FAILS  ", "red"),
        (result.name, "bold"),
        (source, QUIET),
    )
    return stacked([head, line(result.claim, 7), *_numbers(result, crisis.expects[result.name])])


@as_text.register
def _robustness(result: Robustness) -> RenderableType:
    """In what share of draws an expectation holds, to stand below what was found."""
    if result.share is None:
        return line(f"No share of draws: {result.why_not}.", 7, style=QUIET)
    exact = result.error == 0
    error = "" if exact or result.error is None else f" (±{100 * result.error:.0f} points)"
    drawn = (
        "always so, as nothing is uncertain" if exact else f"{percent(result.share)} of them{error}"
    )
    return line(f"In {counted(result.draws, 'draw')}: {drawn}.", 7, style=QUIET)


def _numbers(result: Verdict, expected: Expectation) -> Iterator[RenderableType]:
    if result.chance is not None:
        bounds = _bounds(result)
        if result.holds:
            yield line(f"{likely(result.chance)}; expected {bounds}", 7, style=QUIET)
            return
        assert expected.chance is not None  # it was computed
        yield rows(
            [
                ("found", f"{likely(result.chance)} for {side(expected.chance)}"),
                ("expected", bounds),
            ],
            indent=7,
        )
        return
    if result.form is not None:
        yield from _standing(result, expected)
    if result.more_likely is None or result.than is None:
        return
    by = f" by {result.by}" if result.by else ""
    if result.holds:
        numbers = f"{likely(result.more_likely)} against {likely(result.than)}"
        yield line(numbers + (f"; expected{by}" if by else ""), 7, style=QUIET)
        return
    assert expected.more_likely is not None  # both were computed
    assert expected.than is not None
    yield rows(
        [
            ("found", f"{likely(result.more_likely)} for {side(expected.more_likely)}"),
            ("against", f"{likely(result.than)} for {side(expected.than)}"),
            ("expected", f"the first to be more likely{by}; {_gap(result)}"),
        ],
        indent=7,
    )


def _standing(result: Verdict, expected: Expectation) -> Iterator[RenderableType]:
    """What was expected of stability, and what speaks against it."""
    assert result.form is not None
    standing: Standing = getattr(expected, result.form)
    said = ", ".join([_states(result), *_views(standing)])
    if result.holds:
        yield line(said, 7, style=QUIET)
        return
    found = [("" if i else "found", text) for i, text in enumerate(result.against)]
    if len(found) == MOST_AGAINST:
        found.append(("", "and perhaps more"))
    yield rows([*found, ("expected", said)], indent=7)


def _states(result: Verdict) -> str:
    """Such as: `exactly these 2 states are equilibria (nash and seq)`."""
    concepts = f"({listed(result.concepts)})"
    number = result.states
    if result.form == "equilibria":
        if not number:
            return f"no state is an equilibrium {concepts}"
        these = f"these {number:,} states are equilibria"
        return f"exactly {'this 1 state is an equilibrium' if number == 1 else these} {concepts}"
    whom = listed(result.whom) if result.whom else "every actor"
    together = " together" if len(result.whom) > 1 else ""
    these = "this 1 state is" if number == 1 else f"these {number:,} states are"
    if result.form == "unstable":
        these = "this 1 state is not" if number == 1 else f"none of these {number:,} states is"
    return f"{these} stable for {whom}{together} {concepts}"


def _bounds(result: Verdict) -> str:
    low = None if result.at_least is None else f"at least {100 * result.at_least:.4g}%"
    high = None if result.at_most is None else f"at most {100 * result.at_most:.4g}%"
    return listed(bound for bound in (low, high) if bound)


def _gap(result: Verdict) -> str:
    """Say how far two probabilities are apart, in the unit that was asked for."""
    first, second = result.more_likely or 0.0, result.than or 0.0
    if abs(first - second) < 1e-7:
        return "they are the same"
    if result.by and result.by.endswith("x") and second > 0:
        return f"it is {first / second:.3g}x"
    return f"the difference is {points(first - second)}"


def side(asked: Side) -> str:
    """Return what one side of an expectation asks, in one line."""
    depth = [f"at depth {asked.depth}"] if asked.depth is not None else []
    return ", ".join([asked.question, *_views(asked), *depth])


def _views(asked: Viewed) -> list[str]:
    running = isinstance(asked, Standing) and asked.conditions == "running"
    return [
        *([f"in situation {asked.situation}"] if asked.situation else []),
        *([f"under {asked.under}"] if asked.under else []),
        *(f"with {path} = {in_short(entry.value)}" for path, entry in asked.with_.items()),
        *(f"without {path}" for path in asked.without),
        *(f"starting with {name} = {level}" for name, level in asked.starting.items()),
        *(f"holding {name} = {level}" for name, level in asked.holding.items()),
        *(f"as seen by {actor}" for actor in asked.seen_by),
        *(["with conditions running"] if running else []),
    ]
