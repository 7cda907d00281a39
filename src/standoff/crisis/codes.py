"""What every code means: the table behind `standoff explain-error CODE`.

Codes are for ever: a kind of fault that is no longer found keeps its number, and a new kind gets
a new one.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from standoff.crisis.errors import unknown


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of fault.

    Attributes
    ----------
    code
        Such as `SO014`.
    title
        What is wrong, in a few words.
    text
        A paragraph: what the rule is, why there is one, what to do.
    """

    code: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.title}\n\n{textwrap.fill(self.text, 80)}"


def explained(code: str) -> Code:
    """Return what a code means.

    Raises
    ------
    UnknownNameError
        There is no such code.

    Examples
    --------
    >>> explained("SO051").title
    'a range is upside down'
    """
    wanted = code.strip().upper()
    if wanted not in CODES:
        raise unknown("explain-error", "code", code, CODES)
    return CODES[wanted]


def _table(*rows: tuple[str, str, str]) -> dict[str, Code]:
    return {code: Code(code, title, text) for code, title, text in rows}


CODES: dict[str, Code] = _table(
    # The file ------------------------------------------------------------------------------------
    (
        "SO001",
        "no such file",
        "A crisis is named by the path of a file, by a folder with a `crisis.yaml` in it, or by "
        "the name of a crisis that ships with the package (`standoff list`). A path is tried "
        "first. Nothing was found under the name given.",
    ),
    (
        "SO002",
        "a folder without `crisis.yaml`",
        "A folder stands for the file `crisis.yaml` in it. This one has none. Name the file "
        "itself if it is called differently.",
    ),
    (
        "SO003",
        "a file that cannot be read",
        "The file is there, but the system does not let it be read, or it is not a regular file.",
    ),
    (
        "SO004",
        "a file that is too large",
        "Crisis files are written by people and are small; a file of more than 300,000 bytes, or "
        "with more than 10,000 entries, is something else, and is not read.",
    ),
    (
        "SO005",
        "not text in UTF-8",
        "A crisis file is text in the encoding UTF-8. The place shown is the first byte that "
        "does not fit. Most editors can save a file in another encoding.",
    ),
    (
        "SO006",
        "a tab used for indentation",
        "YAML is indented with spaces; a tab has no agreed width, so the standard forbids it "
        "there. Set the editor to insert spaces.",
    ),
    (
        "SO007",
        "not YAML",
        "The file does not follow the syntax of YAML 1.2, so nothing more can be said about what "
        "is in it. The place shown is where reading stopped; the cause is often a little above. "
        "Usual causes: text with a colon or a brace that needs quotation marks, a bracket or a "
        "quotation mark that is not closed, entries of one mapping that do not line up.",
    ),
    (
        "SO008",
        "a key is there twice",
        "Each key may be used once in a mapping. If both were kept, one would silently win.",
    ),
    (
        "SO009",
        "an alias that cannot be written out",
        "Anchors (`&name`) and aliases (`*name`) may be used to repeat something, within limits: "
        "an alias must stand for something, must not contain itself, and all of them together "
        "must not make the file larger than 10,000 entries.",
    ),
    (
        "SO010",
        "an empty file",
        "There is nothing in the file but perhaps remarks. `standoff new NAME` writes a "
        "commented file to start from.",
    ),
    (
        "SO011",
        "not a crisis",
        "At the top, a crisis file is a mapping: `crisis:` with the title, `actors:`, and "
        "further sections. This file is readable, but is something else.",
    ),
    (
        "SO012",
        "several documents in one file",
        "A line with `---` begins a new document in YAML. A crisis is one document.",
    ),
    (
        "SO013",
        "not plain data",
        "Keys are words, and values carry no YAML tags. A statement that begins with a brace or a "
        "bracket is taken for a mapping or a list unless it stands in quotation marks.",
    ),
    # Names that lead nowhere ---------------------------------------------------------------------
    (
        "SO014",
        "no such actor",
        "What is named here is not among the keys of `actors`. The key is meant, not the `name` "
        "that is shown in the output.",
    ),
    (
        "SO015",
        "no such option",
        "An option is named `actor.option`, or by its bare name inside the block of its own actor.",
    ),
    (
        "SO016",
        "no such level",
        "The right side of a comparison, and every level in a state, is one of the levels listed "
        "for that option or condition. If none are listed they are `no` and `yes`.",
    ),
    (
        "SO017",
        "no such name in a statement",
        "A bare name in a statement is an option of the actor in whose block it stands, then a "
        "condition, then a definition. An option of another actor needs that actor's name before "
        "it. Definitions belong to no actor, so options in them always need it.",
    ),
    ("SO018", "no such question", "What is named here is not among the keys of `questions`."),
    ("SO019", "no such situation", "What is named here is not among the keys of `situations`."),
    (
        "SO020",
        "no such explanation",
        "What is named here is not among the keys of `explanations`.",
    ),
    (
        "SO021",
        "a path that leads nowhere",
        "A patch may set `actor.interests.NAME.weight` and `.holds`, the same for `red_lines`, "
        "`actor.decides`, `actor.looks_ahead`, `actor.precision`, `actor.priorities` or "
        "`actor.ranking` as a whole, the rate of a change as `condition.from.to`, and "
        "`actor.believes.` followed by any of these. The thing itself must be in the crisis: a "
        "patch changes what is there, and an actor states its preferences in one way only.",
    ),
    (
        "SO022",
        "no such source",
        "A citation is the key of a source, then a place in it: `brief p4`. Several are separated "
        "by semicolons. The key must be declared under `sources`.",
    ),
    (
        "SO023",
        "no such claim",
        "`without` takes the path of an interest (`actor.interests.NAME`), of a red line "
        "(`actor.red_lines.NAME`) or of a belief (`actor.believes.PATH`).",
    ),
    (
        "SO024",
        "no such option or condition",
        "A state gives levels to options, as `actor.option`, and to conditions, by name. Here the "
        "actor's name is always needed, except in a pattern of an actor's own ranking.",
    ),
    (
        "SO025",
        "no such concept of stability",
        "The concepts differ in what an actor reckons with before it leaves a state. `nash`: "
        "nothing. `gmr`: any answer by the others. `smr`: any answer, and its own next move. "
        "`seq`: answers that are better for those who give them. `sseq`: such answers, and its "
        "own next move.",
    ),
    # Shape ---------------------------------------------------------------------------------------
    (
        "SO030",
        "a key that is not known",
        "Every key of the file has a meaning, and a key without one is most likely misspelt; "
        "ignoring it would drop a claim in silence. Remarks go after a #.",
    ),
    (
        "SO031",
        "a key that is missing",
        "What is marked cannot be understood without this key. There is no default that would be "
        "right often enough.",
    ),
    (
        "SO032",
        "the wrong kind of value",
        "Something else is expected here: a mapping (`key: value` lines), a list (`- ` lines or "
        "brackets), text, a number, a statement.",
    ),
    (
        "SO033",
        "not a name",
        "Actors, options, levels and claims are named by words that statements and paths can "
        "contain: letters, digits and underscores, not beginning with a digit, and not a word "
        "that statements use (`and`, `or`, `not`, `in`, `is`, `true`, `false` ...). What people "
        "should read goes into `name`. Names that no statement uses (of sources, situations, "
        "questions, explanations and expectations) may also have hyphens.",
    ),
    (
        "SO034",
        "one name for two things",
        "Actors, conditions and definitions share one space of names, because statements mention "
        "all three; and the levels of one option are different words.",
    ),
    (
        "SO035",
        "too few levels",
        "With one level there is nothing to choose and nothing to change. Leave the option out.",
    ),
    (
        "SO036",
        "both or neither of `seeks` and `avoids`",
        "An interest is one statement that an actor either seeks or avoids. For two statements "
        "write two interests, each with its own weight and source.",
    ),
    (
        "SO037",
        "a question needs exactly one form",
        "`within: T` asks whether the event becomes true at some time up to T (time 0 included); "
        "`at: T` whether it is true then; `throughout: T` whether it is true all that time; "
        "`until: STATEMENT` with `within: T` whether the event stays true until the statement "
        "becomes true, by T; `lasting: D` with `within: T` whether by T it becomes true and then "
        "stays true for D.",
    ),
    (
        "SO038",
        "an expectation needs exactly one form",
        "An expectation either compares two probabilities (`more_likely`, `than`, and if wanted "
        "`by: 1.2x` or `by: 10 points`), or bounds one (`chance` with `at_least`, `at_most`, or "
        "both), or is about stability: `equilibria` lists all states that are stable for every "
        "actor, `stable` states that are, `unstable` states that are not (the last two for every "
        "actor, or `for` some).",
    ),
    (
        "SO039",
        "times between decisions that do not cover every state once",
        "In a list under `decides` the first entry whose `when` is true applies. So the last has "
        "no `when`, and every other has one.",
    ),
    (
        "SO040",
        "a change that says nothing new",
        "A change leads from one level to another, and there is one for each pair: it carries the "
        "rate. Use `times` for what makes it faster or slower.",
    ),
    (
        "SO041",
        "a belief about oneself",
        "A belief is one actor's version of something else. What an actor wants is not a belief "
        "but its interest: change it there. What others wrongly think of it is their belief.",
    ),
    (
        "SO042",
        "preferences stated in two ways",
        "An actor weighs claims (`interests`, `red_lines`), or puts statements in order of "
        "importance (`priorities`), or puts states in order from best to worst (`ranking`). Two of "
        "these would contradict each other sooner or later, and nothing says which should win.",
    ),
    (
        "SO043",
        "a list with nothing in it",
        "An order of nothing prefers nothing, a pattern without levels matches everything, and of "
        "no states nothing can be stable: each is more likely unfinished than meant. Leave the key "
        "out, or write `true` for every state. Only `states` of `equilibria` may be empty: it "
        "says that there are no equilibria.",
    ),
    # Quantities ----------------------------------------------------------------------------------
    (
        "SO050",
        "not a number",
        "Expected is a number such as `1.5`, or a range such as `1..2` with two dots.",
    ),
    (
        "SO051",
        "a range is upside down",
        "The smaller number of a range comes first.",
    ),
    (
        "SO052",
        "a number that must not be negative",
        "Weights and factors are never below zero, and precision is above it. That an actor "
        "dislikes something is said with `avoids`, not with a sign.",
    ),
    (
        "SO053",
        "not a probability",
        "Probabilities are between 0 and 1, or between 0% and 100% with the sign.",
    ),
    (
        "SO054",
        "a time or a rate of zero",
        "A mean time of zero, and a chance of 100% within a time, would be an infinite rate; a "
        "rate of zero is a change that never happens, which is said by leaving it out.",
    ),
    (
        "SO055",
        "not a time, or not a rate",
        "A time is a number or a range and a unit: days, weeks, months (30.44 days) or years "
        "(365.25 days). A rate is `every 30 days` (a mean time), `0.05 per day`, or `70% within 5 "
        "days`. The time of a question is a single one.",
    ),
    (
        "SO056",
        "not a weight",
        "A weight is a number, a range, or a word of the scale: negligible, minor, moderate, "
        "major, decisive, and any that the file defines under `scale`.",
    ),
    (
        "SO057",
        "not a likelihood word",
        "The words are those of ICD 203, in either of its two rows, and `certain`.",
    ),
    (
        "SO058",
        "not a date",
        "Dates are written year-month-day (`2026-01-31`). The date of a source or of an entry of "
        "the record may be incomplete (`2026-01`, `2026`) and may carry ~ if it is approximate or "
        "? if it is doubted; that of an entry may also be an interval (`2026-01-28/2026-02-03`). "
        "In a record ~ reaches a week either way from a day, a month from a month, a year from a "
        "year, and ? does not widen a date.",
    ),
    ("SO059", "not one of the values allowed", "Only the values listed have a meaning here."),
    # Statements ----------------------------------------------------------------------------------
    (
        "SO060",
        "not a statement",
        "A statement is built from names with `and`, `or`, `not`, brackets, the comparisons `==`, "
        "`!=`, `<`, `<=`, `>`, `>=`, and `in {a, b}`. It cannot be read from the place shown on.",
    ),
    (
        "SO061",
        "something that a statement cannot contain",
        "Statements borrow Python's syntax for what is true and false, and nothing else of it: no "
        "calls, no arithmetic, no numbers, no quotation marks. They are never run as a program.",
    ),
    (
        "SO062",
        "a chained comparison",
        "`a < x <= b` would be easy to misread. Write `x > a and x <= b`, or list the levels with "
        "`in {...}`.",
    ),
    (
        "SO063",
        "a name that cannot stand alone",
        "Only what has exactly the levels `no` and `yes` is true or false by itself. Anything "
        "else is compared with a level; an actor is not a statement at all.",
    ),
    (
        "SO064",
        "a comparison of the wrong things",
        "On the left stands an option or a condition, on the right one of its levels, or after "
        "`in` a choice of them in braces. A definition is true or false and is not compared.",
    ),
    (
        "SO065",
        "definitions that go round in a circle",
        "A definition may use other definitions, as long as they lead back to options and "
        "conditions and not to itself.",
    ),
    (
        "SO066",
        "a statement that is too long or too deep",
        "There are generous limits on length, on nesting, and on what definitions may grow to "
        "when written out, so that no file can make reading it slow.",
    ),
    # States --------------------------------------------------------------------------------------
    (
        "SO070",
        "a state at the start that can never be",
        "At time 0 every option and condition is at the level that `state` gives it, otherwise at "
        "its first level. That state is ruled out by one of the statements under `never`.",
    ),
    (
        "SO071",
        "no state is possible",
        "The statements under `never` together rule out every combination of levels.",
    ),
    # The record ----------------------------------------------------------------------------------
    (
        "SO080",
        "an entry that was known before it happened",
        "`reported` is the day on which an entry became known; before that day it informs nothing. "
        "It cannot lie before the first day on which the event may have happened.",
    ),
    (
        "SO081",
        "two entries that contradict each other",
        "An option or a condition has one level at the end of a day. Where it went to and fro "
        "within one, write where it ended; where the sources disagree, write one and mark it "
        "`disputed`.",
    ),
    (
        "SO082",
        "a change that no move allows",
        "In the state that the situation and the entries before it lead to, nobody could have "
        "made this change: `irreversible`, `requires` or `never` forbids it, or a condition has "
        "no change from that level or none in that state. Then no probability could be put on what "
        "happened. Entries come in the order of the middle of their dates, those of one day in "
        "the order of the file, and what one entry sets may have come in any order.",
    ),
    (
        "SO083",
        "a record file that cannot be read",
        "Instead of a list, `record` may name a table beside the crisis file: "
        "`record: {file: record.csv}`, or one that ends in .parquet. It is read with polars, which "
        "the extra `tables` installs.",
    ),
    (
        "SO084",
        "a column that is missing or not known",
        "A table of the record has one row for each entry and the columns `date`, `reported`, "
        "`disputed`, `source`, `because` and one for each option (`actor.option`) or condition "
        "that it sets; all but `date` may be missing, and an empty cell says nothing. Other "
        "columns are more likely misspelt than meant.",
    ),
    # Warnings ------------------------------------------------------------------------------------
    (
        "SW001",
        "a claim with no source",
        "Interests, red lines, priorities, rankings, beliefs, changes, what situations and "
        "explanations set, the record and expectations are claims. Nobody can check one that does "
        "not say where it comes from. "
        "What an actor prefers may lean on the source of the actor, a change on that of its "
        "condition, an entry of a patch on that of its situation or explanation.",
    ),
    (
        "SW002",
        "an actor with at most one option",
        "Such an actor may be right, but often it is a stub, or is better described as a "
        "condition. One that only puts statements or states in an order may well have one option.",
    ),
    (
        "SW003",
        "a belief equal to the truth",
        "Without a belief an actor knows the crisis as it is. A belief that says the same adds "
        "nothing, and may be a slip.",
    ),
    (
        "SW004",
        "a question already in the past",
        "The date of the question's situation and its time together lie before today.",
    ),
    (
        "SW005",
        "an actor with no preferences",
        "It is indifferent to everything: in a forecast it drifts, and since it never has a reason "
        "to leave a state, every state is stable for it under every concept.",
    ),
    (
        "SW006",
        "a statement that is the same in every state",
        "Whatever the levels of what it mentions, it is always true, or always false. If that is "
        "meant, `true` or `false` says so.",
    ),
    ("SW007", "a source that is never cited", "It is declared, and no claim refers to it."),
    ("SW008", "a definition that is never used", "It is declared, and no statement mentions it."),
    (
        "SW009",
        "states that a ranking leaves out",
        "A state takes the place of the first entry of a ranking that it matches. States that "
        "match none come last, and the actor is indifferent between them. If that is meant, "
        "`true` as the last entry says so.",
    ),
    (
        "SW010",
        "an entry of an order that changes nothing",
        "Of a ranking: every possible state that the entry matches has its place by an earlier "
        "one, or it matches none. Of priorities: possible states that agree on all earlier ones "
        "agree on this one too. It may be misspelt, or in the wrong place.",
    ),
    (
        "SW011",
        "a level that can never be",
        "The statements under `never` together rule out every state with this level. Often one "
        "forbids an option, and another forbids doing without it, in the same circumstances.",
    ),
    (
        "SW012",
        "an entry of the record outside every situation",
        "A situation says from which state the record goes on, beginning with the end of its day "
        "and until the next one begins. What comes before the first one is shown in the timeline "
        "and weighs nothing.",
    ),
    (
        "SW013",
        "an entry of the record that changes nothing",
        "What it sets is so already, by the situation or by an earlier entry. Often an entry "
        "between the two is missing.",
    ),
    (
        "SW014",
        "a situation that does not start as the record before it ends",
        "A situation starts at the state that it says itself. Where that differs from what the "
        "record leads to, a change went unrecorded, and explanations are weighed as if it had not "
        "happened.",
    ),
    (
        "SW015",
        "an entry that may lie on either side of a situation's date",
        "It is counted in the situation in which the middle of its date lies, and cut to it.",
    ),
)
