"""What a crisis of the right shape may still have wrong: names that lead nowhere, and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from standoff.crisis.actors import Actor
from standoff.crisis.asked import Question
from standoff.crisis.citations import citations
from standoff.crisis.errors import listed, nearest
from standoff.crisis.expected import STANDINGS, Expectation, Side, Standing, Viewed
from standoff.crisis.faults import Path, Problem
from standoff.crisis.lints_record import faults_in
from standoff.crisis.model import Crisis
from standoff.crisis.patches import CLAIMS, Believed, patterns_in
from standoff.crisis.paths import BadPath, Target, find, known_paths
from standoff.crisis.possible import Undecided, broken_rule, some_state
from standoff.crisis.preferences import Pattern
from standoff.crisis.quantities import SCALE, Weight
from standoff.crisis.setting import Condition
from standoff.crisis.syntax import BadStatement, StatementFault
from standoff.crisis.views import removable

_TAKEN = ("believes", *CLAIMS)


def check(crisis: Crisis) -> list[Problem]:
    """Return everything that is wrong with a crisis beyond its shape."""
    return _Check(crisis).run()


class _Check:
    def __init__(self, crisis: Crisis) -> None:
        self.crisis = crisis
        self.words = {**SCALE, **crisis.scale}
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        crisis = self.crisis
        self.clashes()
        if not crisis.actors:
            return self.problems
        for name in crisis.definitions:
            if crisis.vocabulary.definition(name) is None:
                for fault in crisis.vocabulary.broken[name]:
                    self.in_statement(("definitions", name), fault)
        for name, actor in crisis.actors.items():
            self.actor(("actors", name), name, actor)
        for name, condition in crisis.conditions.items():
            self.condition(("conditions", name), name, condition)
        for position, text in enumerate(crisis.never):
            self.statement(("never", position), text)
        self.levels(("state",), crisis.state)
        self.levels(("held",), crisis.held)
        if crisis.situation is not None:
            self.known(("situation",), "situation", crisis.situation, crisis.situations, "SO019")
        for name, situation in crisis.situations.items():
            self.levels(("situations", name, "state"), situation.state)
            self.patch(("situations", name, "with"), situation.with_)
            self.cited(("situations", name), situation.source)
        for name, question in crisis.questions.items():
            self.question(("questions", name), question)
        for name, explanation in crisis.explanations.items():
            self.patch(("explanations", name, "with"), explanation.with_)
            self.cited(("explanations", name), explanation.source)
        for position, entry in enumerate(crisis.record):
            self.levels(("record", position, "sets"), entry.sets)
            self.cited(("record", position), entry.source)
        for name, expectation in crisis.expects.items():
            self.expectation(("expects", name), expectation)
        if not self.problems:
            self.feasible()
        if not self.problems:
            self.problems += faults_in(crisis)
        return self.problems

    def add(self, code: str, message: str, path: Path, **more: Any) -> None:
        self.problems.append(Problem(code, message, path, **more))

    # The parts of a file ------------------------------------------------------------------------

    def clashes(self) -> None:
        """Find names with two meanings: statements could not tell them apart."""
        crisis = self.crisis
        if not crisis.actors:
            self.add(
                "SO031",
                "a crisis needs at least one actor",
                ("actors",),
                on_key=True,
                label="nobody to decide anything",
                help="each actor has a name, and below it `decides`, `looks_ahead` and `options`",
            )
            return
        meanings: dict[str, str] = {}
        sections: tuple[tuple[str, str, Iterable[str]], ...] = (
            ("actors", "an actor", crisis.actors),
            ("conditions", "a condition", crisis.conditions),
            ("definitions", "a definition", crisis.definitions),
        )
        for section, kind, names in sections:
            for name in names:
                if name in meanings:
                    self.add(
                        "SO034",
                        f"`{name}` is both {meanings[name]} and {kind}",
                        (section, name),
                        on_key=True,
                        label="the name is taken",
                        help="statements could not tell them apart: rename one",
                    )
                meanings.setdefault(name, kind)

    def actor(self, path: Path, name: str, actor: Actor) -> None:
        for key, option in actor.options.items():
            if option.requires is not None:
                self.statement((*path, "options", key, "requires"), option.requires, name)
        for position, tempo in enumerate(actor.decides):
            if tempo.when is not None:
                self.statement((*path, "decides", position, "when"), tempo.when, name)
        for key, interest in actor.interests.items():
            here = (*path, "interests", key)
            direction = "seeks" if interest.seeks is not None else "avoids"
            self.statement((*here, direction), interest.statement, name)
            self.weight((*here, "weight"), interest.weight)
            self.cited(here, interest.source)
        for key, line in actor.red_lines.items():
            here = (*path, "red_lines", key)
            self.statement((*here, "if"), line.if_, name)
            self.statement((*here, "then"), line.then, name)
            self.weight((*here, "weight"), line.weight)
            self.cited(here, line.source)
        for position, priority in enumerate(actor.priorities):
            here = (*path, "priorities", position)
            self.statement((*here, "prefers"), priority.prefers, name)
            self.cited(here, priority.source)
        for position, entry in enumerate(actor.ranking):
            for each, pattern in enumerate(entry):
                self.pattern((*path, "ranking", position, each), pattern, name)
        self.cited(path, actor.source)
        self.patch((*path, "believes"), actor.believes, holder=name)

    def condition(self, path: Path, name: str, condition: Condition) -> None:
        for position, level in enumerate(condition.levels):
            if level in _TAKEN:
                self.add(
                    "SO033",
                    f"a level of a condition cannot be called `{level}`",
                    (*path, "levels", position),
                    label="the word has a meaning in paths",
                )
        self.cited(path, condition.source)
        for position, change in enumerate(condition.changes):
            here = (*path, "changes", position)
            for key, level in (("from", change.from_), ("to", change.to)):
                self.level((*here, key), name, level, condition.levels)
            if change.when is not None:
                self.statement((*here, "when"), change.when)
            for each, factor in enumerate(change.times):
                self.statement((*here, "times", each, "when"), factor.when)
            self.cited(here, change.source)

    def question(self, path: Path, question: Question) -> None:
        if question.situation is not None:
            self.situation(path, question.situation)
        self.statement((*path, "event"), question.event)
        if question.until is not None:
            self.statement((*path, "until"), question.until)
        self.cited(path, question.source)

    def expectation(self, path: Path, expectation: Expectation) -> None:
        for key in ("more_likely", "than", "chance"):
            side: Side | None = getattr(expectation, key)
            if side is not None:
                known = self.crisis.questions
                self.known((*path, key, "question"), "question", side.question, known, "SO018")
                self.viewed((*path, key), side)
        for key in STANDINGS:
            standing: Standing | None = getattr(expectation, key)
            if standing is not None:
                self.standing((*path, key), standing)
        self.cited(path, expectation.source)

    def standing(self, path: Path, standing: Standing) -> None:
        for position, pattern in enumerate(standing.states):
            self.pattern((*path, "states", position), pattern)
        for position, name in enumerate(standing.for_):
            self.known((*path, "for", position), "actor", name, self.crisis.actors, "SO014")
        self.viewed(path, standing)

    def viewed(self, path: Path, viewed: Viewed) -> None:
        crisis = self.crisis
        if viewed.situation is not None:
            self.situation(path, viewed.situation)
        if viewed.under is not None:
            known = crisis.explanations
            self.known((*path, "under"), "explanation", viewed.under, known, "SO020")
        self.levels((*path, "starting"), viewed.starting)
        self.levels((*path, "holding"), viewed.holding)
        self.patch((*path, "with"), viewed.with_)
        claims = removable(crisis)
        for position, claim in enumerate(viewed.without):
            self.known((*path, "without", position), "claim", claim, claims, "SO023")
        for position, name in enumerate(viewed.seen_by):
            self.known((*path, "seen_by", position), "actor", name, crisis.actors, "SO014")

    # The kinds of value -------------------------------------------------------------------------

    def statement(self, path: Path, text: str, actor: str | None = None) -> None:
        self.pattern(path, Pattern(text=text), actor)

    def pattern(self, path: Path, pattern: Pattern, actor: str | None = None) -> None:
        try:
            self.crisis.vocabulary.pattern(pattern, actor)
        except BadStatement as err:
            for fault in err.faults:
                self.in_statement(path, fault)

    def in_statement(self, path: Path, fault: StatementFault) -> None:
        self.add(
            fault.code,
            fault.message,
            (*path, fault.at) if fault.at else path,
            on_key=fault.on_key,
            column=fault.column,
            length=fault.length,
            label=fault.label,
            help=fault.help,
            given=fault.given,
            declared=fault.declared,
        )

    def weight(self, path: Path, weight: Weight) -> None:
        if weight.word is not None and weight.word not in self.words:
            near = nearest(weight.word, self.words)
            self.add(
                "SO056",
                f"`{weight.word}` is not a weight",
                path,
                label=f"words: {listed(self.words)}",
                help=f"did you mean `{near}`?" if near else "or write a number or a range",
            )

    def patch(self, path: Path, patch: Mapping[str, Believed], holder: str | None = None) -> None:
        for key, entry in patch.items():
            here = (*path, key)
            full = key if holder is None else f"{holder}.believes.{key}"
            found = find(self.crisis, full)
            if not isinstance(found, Target):
                self.bad_path(here, key, full, found)
                continue
            self.cited(here, entry.source)
            if isinstance(entry.value, Weight):
                self.weight((*here, "value"), entry.value)
            for position, pattern in patterns_in(entry):
                self.pattern((*here, "value", *position), pattern, key.split(".")[-2])

    def bad_path(self, place: Path, key: str, full: str, found: BadPath) -> None:
        if found.code == "SO041":
            self.add(
                found.code,
                found.message,
                place,
                on_key=True,
                label="about itself",
                help="an actor knows its own interests; change them in the actor itself",
            )
            return
        prefix = full.removesuffix(key)
        known = [each.removeprefix(prefix) for each in known_paths(self.crisis, full)]
        near = None if found.reason else nearest(key, known)
        label = found.reason or "such as `actor.interests.name.weight` or `condition.from.to`"
        self.add(
            found.code,
            f"the path `{key}` leads to nothing that a patch can set",
            place,
            on_key=True,
            label="" if near else label,
            help=f"did you mean `{near}`?" if near else "",
            given=key,
        )

    def levels(self, path: Path, levels: Mapping[str, str]) -> None:
        known = self.crisis.variables
        for name, level in levels.items():
            if name in known:
                self.level((*path, name), name, level, known[name])
            else:
                self.known((*path, name), "option or condition", name, known, "SO024", on_key=True)

    def level(self, path: Path, name: str, level: str, known: tuple[str, ...]) -> None:
        if level in known:
            return
        near = nearest(level, known)
        self.add(
            "SO016",
            f"`{name}` has no level `{level}`",
            path,
            label=f"levels: {some}" if (some := listed(known)) else "",
            help=f"did you mean `{near}`?" if near else "",
            given=f"{name} {level}",
            declared=self.declared(name) if near else None,
        )

    def situation(self, path: Path, name: str) -> None:
        self.known((*path, "situation"), "situation", name, self.crisis.situations, "SO019")

    def cited(self, path: Path, text: str | None) -> None:
        """Check that the sources a claim cites are declared."""
        for citation in citations(text):
            if citation.source not in self.crisis.sources:
                self.known(
                    (*path, "source"),
                    "source",
                    citation.source,
                    self.crisis.sources,
                    "SO022",
                    column=citation.column,
                    length=len(citation.source),
                )

    def known(
        self, path: Path, kind: str, name: str, known: Iterable[str], code: str, **more: Any
    ) -> None:
        names = list(known)
        if name in names:
            return
        near = nearest(name, names)
        self.add(
            code,
            f"no {kind} is called `{name}`",
            path,
            label=f"known: {some}" if (some := listed(names)) else "",
            help=f"did you mean `{near}`?" if near else "",
            given=name,
            declared=self.declared(near, kind) if near else None,
            **more,
        )

    def declared(self, name: str, kind: str = "") -> Path | None:
        """Return the path at which a name is declared."""
        sections = {
            "situation": "situations",
            "question": "questions",
            "explanation": "explanations",
            "actor": "actors",
            "source": "sources",
        }
        if kind in sections:
            return (sections[kind], name)
        if kind == "claim":
            return ("actors", *name.split(".", 2))
        if "." in name:
            actor, option = name.split(".", 1)
            return ("actors", actor, "options", option)
        return ("conditions", name)

    # States -------------------------------------------------------------------------------------

    def feasible(self) -> None:
        """Check that some state can be, and that the states at the start can."""
        crisis = self.crisis
        if not crisis.never:
            return
        try:
            possible = some_state(crisis)
        except Undecided:
            possible = {}
        if possible is None:
            self.add(
                "SO071",
                "no state is possible: every one is ruled out by `never`",
                ("never",),
                on_key=True,
                label="together these forbid everything",
                help="remove or narrow one of these statements",
            )
            return
        for name in crisis.situations:
            if crisis.situation is None:
                situated = crisis.model_copy(update={"situation": name})
                self.start(("situations", name, "state"), situated, f"the situation `{name}`")
        asked = [question.situation for question in crisis.questions.values()]
        if crisis.situation is not None or not crisis.situations or None in asked or crisis.state:
            self.start(("state",), crisis, "the crisis")

    def start(self, path: Path, crisis: Crisis, whose: str) -> None:
        rule = broken_rule(crisis, crisis.start)
        if rule is not None:
            self.add(
                "SO070",
                f"the state at the start of {whose} can never be",
                path,
                label=f"`never` rules out: {rule}",
                help="change the state or that statement; what is not named is at its first level",
            )
