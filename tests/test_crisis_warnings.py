"""Warnings: what is legal and probably not meant."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path

import pytest

import standoff
from crisis_examples import STRAIT
from standoff.crisis import CODES, template
from standoff.crisis.lints_states import problems_of_states

GOOD = template("The strait", "x")
EVERYTHING = datetime.date(2100, 1, 1)


def codes(text: str, today: datetime.date | None = None) -> list[str]:
    return [fault.code for fault in standoff.loads(text).warnings(today)]


def test_the_template_gives_no_warning() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("SW001", ", holds: likely, source: brief p5}", "}"),
        ("SW001", "        source: brief p7\n", ""),
        ("SW001", "    source: brief p10\n    changes:\n", "    changes:\n"),
        ("SW001", "    source: brief p1\n    state", "    state"),
        ("SW001", ", source: brief p2}", "}"),
        ("SW001", "    source: brief p13\n", ""),
        ("SW002", "      appeal: [no, yes]\n", ""),
        ("SW003", "        value: minor\n", "        value: 6..12\n"),
        ("SW006", "seeks: not south.mines", "seeks: weather == calm or weather == storm"),
        ("SW006", "seeks: not south.mines", "seeks: weather > storm"),
        ("SW007", "sources:\n", "sources:\n  memo: {title: A memo}\n"),
        ("SW008", "definitions:\n", "definitions:\n  calm_sea: weather == calm\n"),
    ],
)
def test_each_slip_gives_its_warning(code: str, old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    if code == "SW002":
        text = text.replace("      standing: {avoids: appeal,", "      standing: {avoids: mines,")
        text = text.replace(", times: [{factor: 3, when: south.appeal}]", "")
    if code == "SW006":
        assert set(codes(text)) == {code}
    elif code == "SW001" and "p10" in old:
        assert codes(text) == [code, code]  # two changes leaned on that source
    else:
        assert codes(text) == [code]
    assert code in CODES


def test_an_actor_without_interests_will_drift() -> None:
    start, end = GOOD.index("    interests:\n      survive"), GOOD.index("# What nobody controls")
    text = GOOD[:start] + GOOD[end:]
    for name in ("survive", "trade"):
        text = "\n".join(
            line for line in text.splitlines() if f"south.interests.{name}" not in line
        )
    because = "        value: minor\n        because: It thinks"
    text = text.replace(because, "      south.precision:\n" + because.replace("minor", "1"))
    assert codes(text) == ["SW005"]


def test_a_belief_that_a_situation_makes_false_is_no_slip() -> None:
    text = GOOD.replace("        value: minor\n", "        value: decisive\n").replace(
        "with: {south.interests.trade.weight: minor}",
        "with: {south.interests.survive.weight: minor}",
    )
    assert codes(text) == []


def test_what_is_meant_to_be_constant_says_so() -> None:
    assert codes(GOOD.replace("seeks: not south.mines", "seeks: true")) == []


def test_only_a_given_day_makes_a_question_one_of_the_past() -> None:
    assert codes(GOOD, datetime.date(2026, 2, 9)) == []
    assert codes(GOOD, datetime.date(2026, 2, 10)) == ["SW004"]
    assert codes(GOOD, EVERYTHING) == ["SW004", "SW004"]


def test_warnings_of_a_file_have_places_and_are_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "strait.yaml").write_text(STRAIT, "utf-8")
    faults = standoff.check_file(tmp_path / "strait.yaml", EVERYTHING)
    assert {fault.severity for fault in faults} == {"warning"}
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert all(fault.line for fault in faults)
    first = faults[0]
    assert first.source_line[first.column - 1 :].startswith("cost:")
    assert str(first).startswith("warning[SW001]: a claim has no source\n  --> ")
    assert len(faults) == len(standoff.loads(STRAIT).warnings(EVERYTHING))


def test_warnings_without_a_file_say_where_by_path() -> None:
    assert standoff.loads(STRAIT).warnings()[1].where == "actors.north.interests.cost"


# Orders -----------------------------------------------------------------------------------------

ORDERED = """\
crisis: The strait
sources: {brief: {title: Strait brief}}
actors:
  north:
    options: {blockade: [none, partial, full], annex: [no, yes]}
    source: brief p1
    ranking:
      - {annex: yes}
      - [{blockade: full, south.mines: no}, confrontation]
      - blockade == partial
      - {annex: no}
  south:
    options: {mines: [no, yes], appeal: [no, yes]}
    source: brief p2
    priorities:
      - not north.annex
      - {prefers: north.blockade == none, source: brief p5}
      - not mines
conditions: {weather: [calm, storm]}
definitions: {confrontation: north.blockade == full and south.mines}
never: [north.annex and south.appeal]
"""


def found(old: str, new: str) -> list[tuple[str, str, str]]:
    """Return code, message and place of the warnings after one change."""
    assert ORDERED.count(old) == 1
    warnings = standoff.loads(ORDERED.replace(old, new)).warnings()
    return [(fault.code, fault.message, fault.where) for fault in warnings]


def test_orders_that_say_all_they_should_give_no_warning() -> None:
    assert codes(ORDERED) == []


def test_states_that_a_ranking_leaves_out_are_shown_by_one_of_them() -> None:
    for entry, state in (
        ("", "{north.blockade: none, north.annex: no}"),
        ("      - weather == calm\n", "{north.blockade: none, north.annex: no, weather: storm}"),
    ):
        message = f"the ranking of `north` leaves out states such as `{state}`"
        assert found("      - {annex: no}\n", entry) == [("SW009", message, "actors.north.ranking")]
    assert found("- {annex: no}\n", "- true\n") == []


def test_states_that_cannot_be_are_not_left_out() -> None:
    assert found("- {annex: yes}\n", "- {annex: yes, south.appeal: no}\n") == []


def test_a_ranking_of_nothing_leaves_out_every_state() -> None:
    text = "crisis: x\nactors: {a: {options: {x: [no, yes]}, ranking: ['false']}}\n"
    messages = [fault.message for fault in standoff.loads(text).warnings()]
    assert "the ranking of `a` leaves out every state" in messages


@pytest.mark.parametrize(
    ("old", "new", "position"),
    [
        ("- {annex: no}\n", "- {annex: yes, south.mines: no}\n      - true\n", "[3][0]"),
        ("- {annex: no}\n", "- {annex: no}\n      - true\n      - {weather: calm}\n", "[5][0]"),
        (", confrontation]", ", {blockade: full, south.mines: no}, confrontation]", "[1][1]"),
    ],
)
def test_an_entry_whose_states_have_their_places_changes_nothing(
    old: str, new: str, position: str
) -> None:
    warnings = found(old, new)
    assert (
        "SW010",
        "this entry in the ranking of `north` changes nothing",
        f"actors.north.ranking{position}",
    ) in warnings
    assert {code for code, _, _ in warnings} == {"SW010"}


def test_an_actor_that_only_orders_states_may_have_one_option() -> None:
    text = "crisis: x\nactors: {a: {options: OPTIONS, source: s, ranking: [w == calm, true]}}\n"
    text += "sources: {s: {title: x}}\nconditions: {w: [calm, storm]}\n"
    assert codes(text.replace("OPTIONS", "{x: [no, yes]}")) == []
    assert codes(text.replace("OPTIONS", "{}")) == ["SW002"]


def test_a_last_entry_for_all_the_rest_may_be_idle() -> None:
    assert found("- {annex: no}\n", "- {annex: no}\n      - true\n") == []


def test_an_entry_may_match_only_what_cannot_be() -> None:
    assert found("- {annex: no}\n", "- {annex: no}\n      - {annex: yes, south.appeal: yes}\n") == [
        (
            "SW010",
            "this entry in the ranking of `north` matches no state that can be",
            "actors.north.ranking[4][0]",
        )
    ]
    assert [code for code, _, _ in found("- {annex: no}\n", "- annex and not annex\n      - true\n")
            ] == ["SW006"]  # fmt: skip


@pytest.mark.parametrize(
    ("priority", "code"),
    [
        ("north.annex", "SW010"),
        ("mines and not north.annex", "SW010"),
        ("north.annex and appeal", "SW010"),
        ("appeal or not appeal", "SW006"),
        ("appeal", None),
        ("true", None),
        ("north.blockade == full", None),
    ],
)
def test_a_priority_on_which_all_states_agree_changes_nothing(
    priority: str, code: str | None
) -> None:
    warnings = found("      - not mines\n", f"      - not mines\n      - {priority}\n")
    assert [each[0] for each in warnings] == ([code] if code else [])
    if code == "SW010":
        assert warnings[0][1:] == (
            "this priority of `south` changes nothing",
            "actors.south.priorities[3].prefers",
        )


def test_a_level_that_no_state_can_have_is_found() -> None:
    rules = "north.annex and south.appeal"
    warnings = found(rules, "north.annex and south.appeal, north.annex and not south.appeal")
    assert [each for each in warnings if each[0] == "SW011"] == [
        ("SW011", "`north.annex` can never be at `yes`", "actors.north.options.annex.levels[1]")
    ]
    assert found(rules, "weather == storm") == [
        ("SW011", "`weather` can never be at `storm`", "conditions.weather.levels[1]")
    ]
    rules_of_storms = "south.mines and weather == storm, south.appeal and weather == storm"
    assert found(rules, rules_of_storms) == []


def test_whoever_prefers_nothing_finds_everything_stable() -> None:
    start, end = ORDERED.index("    priorities:"), ORDERED.index("conditions:")
    pace = "    decides: every 3 days\n    looks_ahead: 30 days\n"
    warnings = standoff.loads(ORDERED[:start] + pace + ORDERED[end:]).warnings()
    assert [fault.code for fault in warnings] == ["SW005"]
    assert warnings[0].message == "`south` has no preferences"
    assert "finds every state stable" in warnings[0].label


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("    source: brief p1\n", "", ["actors.north.ranking"]),
        ("    source: brief p2\n", "",
         ["actors.south.priorities[0]", "actors.south.priorities[2]"]),
    ],
)  # fmt: skip
def test_an_order_needs_a_source_of_its_own_or_of_each_part(
    old: str, new: str, places: list[str]
) -> None:
    assert [(code, where) for code, _, where in found(old, new)] == [
        ("SW001", place) for place in places
    ]


def test_weighted_claims_may_lean_on_the_source_of_their_actor() -> None:
    line = ", holds: likely, source: brief p5}"
    text = GOOD.replace(line, "}").replace("    name: Northland\n", "    source: brief p5\n")
    assert codes(text) == []


def test_what_orders_and_expectations_use_is_used() -> None:
    text = ORDERED.replace(", confrontation]", ", {blockade: full, south.mines: yes}]")
    assert codes(text) == ["SW008"]
    for place in (
        "expects: {x: {claim: x, source: brief, stable: {concept: nash, states: confrontation}}}\n",
        "explanations: {x: {asks: x, source: brief, with: {south.priorities: [confrontation]}}}\n",
    ):
        assert codes(text + place) == []
    cited = (
        "explanations: {x: {asks: x, with: {south.priorities: {value: [appeal], source: memo}}}}"
    )
    text = ORDERED.replace("sources: {", "sources: {memo: {title: Memo}, ")
    assert codes(text) == ["SW007"]
    assert codes(f"{text}{cited}\n") == []
    view = (
        "{concept: nash, states: true, with: {south.priorities: {value: [appeal], source: memo}}}"
    )
    expectation = f"expects: {{x: {{claim: x, source: brief, stable: {view}}}}}\n"
    assert codes(text + expectation) == []


def test_a_believed_order_that_is_true_is_no_belief() -> None:
    text = ORDERED.replace(
        "    ranking:",
        "    believes: {south.priorities: {value: [not north.annex, north.blockade == none, "
        "not mines], source: brief}}\n    ranking:",
    )
    assert codes(text) == ["SW003"]
    assert codes(text.replace("none, not mines], source", "none, mines], source")) == []


def test_large_orders_are_checked_in_no_time() -> None:
    options = {f"o{at}": ["no", "yes"] for at in range(11)}
    raw = {
        "crisis": "x",
        "actors": {
            "a": {
                "options": options,
                "ranking": [
                    " and ".join(f"{'not ' * (number >> at & 1)}o{at}" for at in range(11))
                    for number in range(1, 2048)
                ],
            },
            "b": {
                "options": options,
                "priorities": [f"o{at % 11} or a.o{at % 7}" for at in range(2000)],
            },
        },
        "never": [f"a.o{at % 11} and b.o{at % 11} and a.o{at % 5}" for at in range(500)],
    }
    crisis = standoff.loads(json.dumps(raw))
    started = time.perf_counter()
    list(problems_of_states(crisis))
    assert time.perf_counter() - started < 2
