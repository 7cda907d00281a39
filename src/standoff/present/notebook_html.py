"""Results as HTML for a notebook: no script, nothing fetched, readable on light and on dark.

Most results do not carry the crisis that they are about, so names stand as they are in the file;
the report says them in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from hashlib import sha256
from importlib import resources

from standoff.crisis import Crisis
from standoff.present.charts import WIDE, Carried, Chart, as_chart, tornado_chart
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import plain
from standoff.present.report_answers import bottom_line, on_one_scale
from standoff.present.report_shared import chance, figure
from standoff.present.report_stability_start import answer as lasting
from standoff.present.report_stability_words import CONCEPTS, state_said
from standoff.present.scenario_words import bounds_in_words, when, why_so_many
from standoff.present.text_indices import share_in_words
from standoff.present.theme import FONT, PALETTE
from standoff.present.wording import likely, percent, points
from standoff.present.words import counted, listed
from standoff.study.account import Account
from standoff.study.analysis import Analysis
from standoff.study.expectations import Verdict
from standoff.study.forecast import Forecast
from standoff.study.indices import Indices
from standoff.study.scenarios import Outcome, Rule, Scenario, Scenarios
from standoff.study.stability import Stability
from standoff.study.stories import Step
from standoff.study.survey import Survey

_MOST = 8


def shown(result: object) -> str:
    """Return a result as one element of HTML, with its style."""
    style = (resources.files(__package__) / "notebook.css").read_text(encoding="utf-8")
    sheet = element("style", Markup(f"{_colours()}{style}"))
    return element("div", sheet, as_fragment(result), class_="standoff")


def _colours() -> str:
    """The palette: light unless the reader's system, or the notebook's own theme, is dark."""
    light, dark = (
        "".join(f"--{role.replace('_', '-')}:{pair[side]};" for role, pair in PALETTE.items())
        for side in (0, 1)
    )
    return (
        f".standoff{{--font:{FONT};{light}}}\n"
        f"@media (prefers-color-scheme:dark){{.standoff{{{dark}}}}}\n"
        f'[data-jp-theme-light="true"] .standoff,.vscode-light .standoff{{{light}}}\n'
        f'[data-jp-theme-light="false"] .standoff,.vscode-dark .standoff{{{dark}}}\n'
    )


@singledispatch
def as_fragment(result: object) -> Content:
    """Return what is shown of a result."""
    raise TypeError(f"there is no HTML for a {type(result).__name__}")


@as_fragment.register
def _(result: Crisis) -> Content:
    actors = [
        (each.name or name, "; ".join(f"{plain(key)}: {', '.join(option.levels)}"
                                      for key, option in each.options.items()))
        for name, each in result.actors.items()
    ]  # fmt: skip
    conditions = [(plain(name), ", ".join(each.levels)) for name, each in result.conditions.items()]
    situations = [
        (plain(name), f"{each.as_of}" + (f": {each.summary}" if each.summary else ""))
        for name, each in result.situations.items()
    ]
    questions = [(plain(name), each.asks) for name, each in result.questions.items()]
    return [
        element("h2", result.title),
        element("p", result.summary) if result.summary else None,
        element("p", "; ".join(result.lineage), class_="note") if result.lineage else None,
        _terms("Actors", actors),
        _terms("Conditions", conditions),
        _terms("Situations", situations),
        _terms("Questions", questions),
        element("p", f"{counted(len(result.expects), 'expectation')}, "
                     f"{counted(len(result.sources), 'source')}.", class_="note"),
    ]  # fmt: skip


def _terms(title: str, pairs: Sequence[tuple[str, str]]) -> Content:
    if not pairs:
        return None
    rows = [element("div", element("dt", term), element("dd", said)) for term, said in pairs]
    return [element("h4", title), element("dl", rows)]


@as_fragment.register
def _(result: Forecast) -> Content:
    chart = as_chart(result)
    chart.pop("title", None)
    return [
        *_answer(result),
        _drawn(chart, f"The probability of {result.question} over time."),
    ]


def _answer(result: Forecast) -> list[Content]:
    since = "" if result.as_of is None else f" From {result.as_of} to {result.closes}."
    settings = result.settings
    said = f"Depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}; "
    said += "central values." if result.spread is None else f"{result.spread.draws} draws."
    return [
        element("h2", result.asks),
        element("p", chance(result.probability, result.error, result.interval), since),
        element("p", said, class_="note"),
        element("p", f"Asked {'; '.join(result.lineage)}.", class_="note")
        if result.lineage
        else None,
    ]


def _drawn(chart: Chart, description: str) -> Markup:
    """A chart, whose names are those of no other chart in the notebook."""
    name = sha256(repr(chart).encode()).hexdigest()[:12]
    return figure(chart, f"standoff-{name}", description)


@as_fragment.register
def _(result: Account) -> Content:
    found = result.attribution
    told = [each for each in found.shares if each.told_from_zero][:_MOST]
    rows = [Carried(each.party, each.share, each.error, each.told_from_zero) for each in told]
    without = percent(found.without, estimated=True)
    return [
        *_answer(result.forecast),
        element("p", f"Without any of the claims it would be {without}. What each {found.by} "
                     "carries of the difference:"),
        _drawn(tornado_chart(rows, width=WIDE), "What carries the answer.") if rows else None,
        [
            element("p", element("strong", f"{points(each.share)} {each.party}"), ": ",
                    " ".join(filter(None, (result.claims[path].because
                                           for path in each.claims[:3]))) or "no reason given")
            for each in told
        ],
        _tipping(result),
    ]  # fmt: skip


def _tipping(result: Account) -> Content:
    crossed = [
        (each.path, f"{each.present:.3g}", f"{each.threshold:.0%}", f"{each.value:.3g}")
        for each in result.tipping
        if each.value is not None
    ]
    if not crossed:
        return element("p", "No weight that was looked at takes it across a line.", class_="note")
    return _table(("number", "now", "line", "crossed at"), crossed)


def _table(head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Content:
    body = [element("tr", [element("td", each) for each in row]) for row in rows]
    if not body:
        return None
    top = element("tr", [element("th", each, scope="col") for each in head])
    return element("table", element("thead", top), element("tbody", body))


@as_fragment.register
def _(result: Analysis) -> Content:
    return [
        element("h2", result.crisis.title),
        bottom_line(result),
        on_one_scale(result),
        element("p", "The whole of it: standoff.present.report.write_report(result, folder).",
                class_="note"),
    ]  # fmt: skip


@as_fragment.register
def _(result: Verdict) -> Content:
    badge = element("span", "holds" if result.holds else "does not hold",
                    class_=f"badge {'holds' if result.holds else 'fails'}")  # fmt: skip
    numbers = None
    if result.more_likely is not None and result.than is not None:
        margin = f"; the first should be more by {result.by}" if result.by else ""
        numbers = f"{likely(result.more_likely)} against {likely(result.than)}{margin}."
    elif result.chance is not None:
        bounds = [
            f"{how} {percent(bound)}"
            for how, bound in (("at least", result.at_least), ("at most", result.at_most))
            if bound is not None
        ]
        numbers = f"{likely(result.chance)}; expected {listed(bounds)}."
    return [
        element("p", badge, " ", element("strong", result.claim)),
        element("p", numbers) if numbers else None,
        [element("p", each) for each in result.against],
        element("p", result.source, class_="cite") if result.source else None,
    ]


@as_fragment.register
def _(result: Stability) -> Content:
    crisis = result.crisis
    counts = [
        (CONCEPTS[concept], str(int(result.equilibria(concept).sum())),
         "yes" if result.equilibria(concept)[result.start] else "no")
        for concept in result.concepts
    ]  # fmt: skip
    return [
        element("h2", f"{crisis.title}: what is stable"),
        element("p", f"{counted(int(result.space.feasible.sum()), 'possible state')}; conditions "
                     f"{result.conditions}.", class_="note"),
        _table(("concept", "equilibria", "the start is one"), counts),
    ]  # fmt: skip


@as_fragment.register
def _(result: Survey) -> Content:
    return [
        *([as_fragment(result.stability)]),
        lasting(result),
        _table(
            ("equilibrium", "under"),
            ((state_said(result.stability, each.state),
              listed(CONCEPTS[concept] for concept in each.concepts))
             for each in result.equilibria[:_MOST]),
        ),
    ]  # fmt: skip


@as_fragment.register
def _(result: Scenarios) -> Content:
    return [
        element("h2", counted(len(result.scenarios), "scenario")),
        element("p", f"{counted(result.draws, 'draw')} of "
                     f"{counted(result.numbers, 'uncertain number')}. {why_so_many(result)}"),
        [_scenario(each, number) for number, each in enumerate(result.scenarios, 1)],
        element("p", f"Depth {result.settings.depth}, tau {result.settings.tau:g}, seed "
                     f"{result.seed}. Density and coverage are "
                     f"{result.measured}." if result.measured else None, class_="note"),
    ]  # fmt: skip


def _scenario(scenario: Scenario, number: int) -> Content:
    answers = {each.question: each for each in scenario.outcomes}
    names = scenario.telling or tuple(answers)[:_MOST]
    return [
        element("h3", f"{number}. {scenario.name} ({percent(scenario.share)} of the draws)"),
        element("ul", [element("li", _outcome(answers[name])) for name in names]),
        [element("p", "Where ", _rule(each)) for each in scenario.rules]
        if scenario.separated
        else element("p", "No rule tells it from the others.")
        if scenario.rules
        else None,
        element("ol", [element("li", _step(each)) for each in scenario.story.steps])
        if scenario.story is not None
        else None,
    ]


def _outcome(outcome: Outcome) -> str:
    said = f"{plain(outcome.question)}: {likely(outcome.probability, interval=outcome.interval)}"
    return said if outcome.otherwise is None else f"{said}; otherwise {likely(outcome.otherwise)}"


def _rule(rule: Rule) -> str:
    limits = listed(
        f"{each.number.key.removesuffix('.holds')} {bounds_in_words(each)}" for each in rule.limits
    )
    density = "none inside" if rule.density is None else f"density {percent(rule.density)}"
    return f"{limits}: {density}, coverage {percent(rule.coverage)}"


def _step(step: Step) -> str:
    share = percent(step.share, estimated=True)
    return (
        f"{when(step.day, step.early, step.late)}: {step.variable} becomes {plain(step.level)}, "
        f"in {share}"
    )


@as_fragment.register
def _(result: Indices) -> Content:
    rows = (
        (each.party, share_in_words(each.first, each.first_interval),
         share_in_words(each.total, each.total_interval))
        for each in result.indices
    )  # fmt: skip
    return [
        element("h2", result.asks),
        element("p", chance(result.probability), ". Shares of its variance over "
                     f"{counted(len(result.numbers), 'uncertain number')}, with "
                     f"{result.confidence:.0%} intervals:"),
        _table((result.by, "by itself", "with others"), rows),
        element("p", f"{counted(result.versions, 'version')} of the crisis; seed {result.seed}.",
                class_="note"),
    ]  # fmt: skip
