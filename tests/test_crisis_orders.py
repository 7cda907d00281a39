"""Preferences without weights (priorities, rankings), and what is expected of stability."""

from __future__ import annotations

import json
import pickle
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import standoff
from standoff.crisis import (
    Among,
    Crisis,
    CrisisError,
    Pattern,
    Priority,
    UnknownNameError,
    dumps,
    is_true,
)
from standoff.crisis.patches import kind_of
from standoff.crisis.paths import known_paths
from strategies import Raw, crises, levels_of, loaded, patterns

STRAIT = """\
crisis: The strait
sources:
  brief: {title: Strait brief}
actors:
  north:
    options:
      blockade: [none, partial, full]
      annex: {irreversible: up}
    ranking:
      - {annex: yes, south.mines: no}
      - [{blockade: full, weather: calm}, confrontation]
      - not south.mines
    because: It says so.
    source: brief p4
  south:
    decides: every 3 days
    looks_ahead: 30 days
    options: {mines: [no, yes], appeal: [no, yes]}
    priorities:
      - not north.annex
      - {prefers: north.blockade == none, because: It lives by the sea., source: brief p5}
      - not mines
  patron:
    decides: every 10 days
    looks_ahead: 180 days
    options: {stance: [aside, arm, fight]}
    interests:
      treaty: {seeks: stance >= arm, weight: major}
    believes:
      south.priorities: {value: [mines, appeal], because: A prejudice.}
      south.decides: every 9 days
conditions:
  weather: [calm, storm]
definitions:
  confrontation: north.blockade == full and south.mines
situations:
  january:
    as_of: 2026-01-10
    with: {north.ranking: [{south.appeal: yes}, true], patron.believes.south.priorities: [mines]}
explanations:
  revenge: {asks: Is it about the past?, with: {south.priorities: [north.annex, not appeal]}}
expects:
  quiet:
    claim: Peace at sea would last.
    equilibria: {concept: [nash, seq], states: {north.blockade: none, south.mines: no}}
  never:
    claim: Nothing lasts.
    equilibria: {concept: smr, states: []}
  mines:
    claim: The South cannot be kept from mining a blockade.
    unstable:
      concept: seq
      states: [confrontation, {south.mines: yes}]
      for: south
      situation: january
      holding: {weather: calm}
      seen_by: [patron, south]
  alliance:
    claim: The North and its patron would stay.
    stable:
      concept: gmr
      states: not south.mines
      for: [north, patron]
      under: revenge
      conditions: running
"""
CRISIS = standoff.loads(STRAIT)


def test_an_actor_may_put_statements_or_states_in_an_order() -> None:
    north, south, patron = CRISIS.actors.values()
    assert north.ranking == (
        (Pattern.parse({"annex": "yes", "south.mines": "no"}),),
        (Pattern.parse({"blockade": "full", "weather": "calm"}), Pattern.parse("confrontation")),
        (Pattern.parse("not south.mines"),),
    )
    assert south.priorities[0] == Priority(prefers="not north.annex")
    assert (south.priorities[1].because, south.priorities[1].source) == (
        "It lives by the sea.",
        "brief p5",
    )
    assert (north.because, north.source) == ("It says so.", "brief p4")
    assert [actor.ordinal for actor in (north, south, patron)] == [True, True, False]


def test_only_an_order_does_without_a_pace() -> None:
    assert CRISIS.actors["north"].decides == ()
    assert CRISIS.actors["north"].looks_ahead is None
    assert CRISIS.actors["south"].looks_ahead is not None
    with pytest.raises(CrisisError) as caught:
        standoff.loads("crisis: x\nactors:\n  a: {options: {x: [no, yes]}}\n")
    assert [fault.message for fault in caught.value.faults] == [
        "the actor `a` needs the key `decides`",
        "the actor `a` needs the key `looks_ahead`",
    ]


def test_a_bad_order_is_not_also_a_missing_pace() -> None:
    for order in ("ranking: 7", "priorities: []", "ranking: [[]]", "ranking: [{}, {x: [no]}]"):
        with pytest.raises(CrisisError) as caught:
            standoff.loads(
                f"crisis: x\nactors:\n  a:\n    options: {{x: [no, yes]}}\n    {order}\n"
            )
        assert not any("needs the key" in fault.message for fault in caught.value.faults)
        assert len(caught.value.faults) == (2 if "{x" in order else 1)


def test_all_that_is_wrong_with_an_actor_is_said_at_once() -> None:
    with pytest.raises(CrisisError) as caught:
        standoff.loads("crisis: x\nactors:\n  a: {looks_ahed: 3 days, precision: 0}\n")
    assert {fault.code for fault in caught.value.faults} == {"SO030", "SO031", "SO052"}
    with pytest.raises(CrisisError) as caught:
        standoff.loads("crisis: x\nactors:\n  a: {horizon: 3 days, decides: every day}\n")
    assert [fault.help for fault in caught.value.faults] == ["did you mean `looks_ahead`?"]


# Patterns ---------------------------------------------------------------------------------------


def test_a_pattern_of_levels_is_all_of_them() -> None:
    statement = CRISIS.pattern({"north.blockade": "full", "weather": "calm"})
    assert set(statement.operands) == {  # type: ignore[union-attr]
        Among("north.blockade", frozenset({2})),
        Among("weather", frozenset({0})),
    }
    assert CRISIS.pattern("confrontation") == CRISIS.statement("confrontation")


def test_inside_an_actors_block_its_own_options_come_first() -> None:
    own = CRISIS.pattern({"mines": "yes"}, "south")
    assert own == CRISIS.pattern({"south.mines": "yes"}, "south")
    assert own == CRISIS.pattern({"south.mines": "yes"})
    assert CRISIS.pattern("mines", "south") == CRISIS.statement("south.mines")
    shadowed = standoff.loads(
        "crisis: x\nactors:\n  a: {ranking: [w], options: {w: [no, yes]}}\nconditions: {w: }\n"
    )
    assert shadowed.pattern({"w": "yes"}, "a") == shadowed.pattern({"a.w": "yes"})
    assert shadowed.pattern({"w": "yes"}) != shadowed.pattern({"a.w": "yes"})


@given(crises().flatmap(lambda raw: st.tuples(st.just(raw), patterns(levels_of(raw)))))
def test_a_pattern_of_levels_says_what_the_statement_says(drawn: tuple[Raw, Any]) -> None:
    raw, levels = drawn
    crisis = loaded(raw)
    written = " and ".join(f"{name} == {level}" for name, level in levels.items())
    for state in product(*(range(len(known)) for known in crisis.variables.values())):
        at = dict(zip(crisis.variables, state, strict=True))
        assert is_true(crisis.pattern(levels), at) == is_true(crisis.statement(written), at)


@pytest.mark.parametrize(
    ("pattern", "actor", "said"),
    [
        ({"mines": "yes"}, None, "in the pattern `{mines: yes}`: no option or condition is called "
         "`mines` (known: north.blockade, north.annex, south.mines, south.appeal, patron.stance, "
         "weather). Did you mean `south.mines`?"),
        ({"mines": "yse"}, "south", "`south.mines` has no level `yse` (levels: no, yes)"),
        ({"weather": "calm", "confrontation": "yes"}, None, "`confrontation` is a definition"),
        ({"mines or appeal": "yes"}, "south", "no option or condition is called `mines or appeal`"),
        ("mine", "south", "`south` has no option `mine`"),
        ({}, None, "pattern(): a pattern names at least one level; write `true` for every state"),
        ({"weather": ["calm", "storm"]}, None, "`weather in {...}`"),
        ({"weather": True}, None, "pattern(): `true` cannot be a name"),
        (None, None, "pattern(): expected a pattern, got nothing"),
    ],
)  # fmt: skip
def test_a_pattern_that_means_nothing_is_refused(pattern: Any, actor: Any, said: str) -> None:
    with pytest.raises(CrisisError) as caught:
        CRISIS.pattern(pattern, actor)
    assert said in str(caught.value)


def test_a_pattern_is_read_in_the_block_of_an_actor_that_exists() -> None:
    with pytest.raises(UnknownNameError, match=r"pattern\(\): no actor is called 'nroth'"):
        CRISIS.pattern("true", "nroth")


def test_patterns_are_values() -> None:
    one = Pattern.parse({"a.x": "yes", "w": "no"})
    other = Pattern.parse({"w": "no", "a.x": "yes"})
    assert one == other
    assert len({one, other, Pattern.parse("a.x"), Pattern.parse("a.x")}) == 2
    assert pickle.loads(pickle.dumps(one)) == one
    assert Pattern.parse(one) is one
    assert (str(one), str(Pattern.parse("a.x"))) == ("{a.x: yes, w: no}", "a.x")


# Expectations -----------------------------------------------------------------------------------


def test_an_expectation_may_be_about_stability() -> None:
    quiet, never, mines, alliance = CRISIS.expects.values()
    assert quiet.equilibria is not None
    assert quiet.equilibria.concept == ("nash", "seq")
    assert quiet.equilibria.for_ == ()
    assert never.equilibria is not None
    assert never.equilibria.states == ()
    assert mines.unstable is not None
    assert mines.unstable.concept == ("seq",)
    assert [str(pattern) for pattern in mines.unstable.states] == [
        "confrontation",
        "{south.mines: yes}",
    ]
    assert (mines.unstable.for_, mines.unstable.situation) == (("south",), "january")
    assert mines.unstable.seen_by == ("patron", "south")
    assert mines.unstable.holding == {"weather": "calm"}
    assert alliance.stable is not None
    assert alliance.stable.for_ == ("north", "patron")
    assert (alliance.stable.under, alliance.stable.conditions) == ("revenge", "running")


def test_one_or_many_are_written_as_they_are_read() -> None:
    data = CRISIS.data()["expects"]
    assert data["quiet"]["equilibria"]["states"] == {"north.blockade": "none", "south.mines": "no"}
    assert data["never"]["equilibria"] == {"concept": "smr", "states": []}
    assert list(data["mines"]["unstable"])[:3] == ["concept", "states", "for"]
    assert data["alliance"]["stable"]["states"] == "not south.mines"


# Reading and writing ----------------------------------------------------------------------------


def test_an_order_is_written_one_entry_to_a_line() -> None:
    text = dumps(CRISIS)
    assert standoff.loads(text) == CRISIS
    assert dumps(standoff.loads(text)) == text
    assert "    ranking:\n      - {annex: yes, south.mines: no}\n" in text
    assert "      - [{blockade: full, weather: calm}, confrontation]\n" in text
    assert "    priorities:\n      - not north.annex\n      - {prefers: " in text


def test_what_matches_every_state_survives_writing() -> None:
    crisis = CRISIS.patched({"north.ranking": [False, "not annex", True]})
    assert standoff.loads(dumps(crisis)) == crisis


@settings(max_examples=60)
@given(crises(ordinal=True))
def test_writing_and_reading_gives_the_same_crisis(raw: Raw) -> None:
    crisis = standoff.loads(json.dumps(raw))
    assert standoff.loads(json.dumps(raw) + "\n# a remark") == crisis
    text = dumps(crisis)
    again = standoff.loads(text)
    assert again == crisis
    assert again.actors == crisis.actors
    assert dumps(again) == text
    copy = pickle.loads(pickle.dumps(crisis))
    assert (copy, hash(copy)) == (crisis, hash(crisis))


def test_the_order_of_levels_in_a_pattern_makes_no_difference() -> None:
    for old, new in (
        ("{annex: yes, south.mines: no}", "{south.mines: no, annex: yes}"),
        ("{north.blockade: none, south.mines: no}}", "{south.mines: no, north.blockade: none}}"),
    ):
        assert STRAIT.count(old) == 1
        assert standoff.loads(STRAIT.replace(old, new)).digest == CRISIS.digest
    believed = {"patron.believes.north.ranking": {"value": [{"annex": "yes", "weather": "calm"}]}}
    turned = {"patron.believes.north.ranking": {"value": [{"weather": "calm", "annex": "yes"}]}}
    assert CRISIS.patched(believed) == CRISIS.patched(turned)
    explained = {path: {**entry, "because": "x"} for path, entry in believed.items()}
    again = {path: {**entry, "because": "x"} for path, entry in turned.items()}
    assert CRISIS.patched(explained) == CRISIS.patched(again) != CRISIS.patched(believed)


def test_the_order_of_entries_does_make_a_difference() -> None:
    swapped = CRISIS.patched({"south.priorities": ["mines", "appeal"]})
    assert swapped != CRISIS.patched({"south.priorities": ["appeal", "mines"]})
    tied = CRISIS.patched({"north.ranking": [["annex", "south.mines"]]})
    assert tied != CRISIS.patched({"north.ranking": ["annex", "south.mines"]})


# Patches ----------------------------------------------------------------------------------------


def test_an_order_is_patched_as_a_whole() -> None:
    assert kind_of("north.ranking") == "ranking"
    assert kind_of("patron.believes.south.priorities") == "priorities"
    crisis = CRISIS.patched({"north.ranking": [{"annex": "no"}, ["south.mines", "true"]]})
    assert [[str(each) for each in entry] for entry in crisis.actors["north"].ranking] == [
        ["{annex: no}"],
        ["south.mines", "true"],
    ]
    explained = {"value": [{"prefers": "mines", "source": "brief p1"}], "because": "News."}
    crisis = CRISIS.patched({"south.priorities": explained})
    assert crisis.actors["south"].priorities == (Priority(prefers="mines", source="brief p1"),)


def test_views_carry_orders_along() -> None:
    def first(crisis: Crisis) -> str:
        return crisis.actors["south"].priorities[0].prefers

    assert first(CRISIS.as_seen_by("patron")) == "mines"
    assert first(CRISIS.as_seen_by("north")) == "not north.annex"
    assert first(CRISIS.under("revenge")) == "north.annex"
    january = CRISIS.in_situation("january")
    assert str(january.actors["north"].ranking[0][0]) == "{south.appeal: yes}"
    assert [each.prefers for each in january.as_seen_by("patron").actors["south"].priorities] == [
        "mines"
    ]
    kept = CRISIS.patched({"north.ranking": ["annex"]}).in_situation("january")
    assert str(kept.actors["north"].ranking[0][0]) == "annex"
    plain = CRISIS.without("patron.believes.south.priorities").as_seen_by("patron")
    assert first(plain) == "not north.annex"


def test_the_lineage_of_an_order_is_short() -> None:
    long = [f"weather == calm and {'not ' * 9}south.mines"] * 5
    line = CRISIS.patched({"south.priorities": long}).lineage[0]
    assert line == (
        "with south.priorities = weather == calm and … not not south.mines, then "
        "weather == calm and … not not south.mines, then 3 more"
    )
    crisis = CRISIS.patched({"north.ranking": [[{"annex": "yes"}, "south.mines"], "true"]})
    assert crisis.lineage == ("with north.ranking = {annex: yes} or south.mines, then true",)


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"patron.ranking": ["stance == arm"]}, "patched(): no path is called 'patron.ranking': "
         "`patron` states its preferences by `interests`"),
        ({"north.priorities": ["annex"]}, "`north` states its preferences by `ranking`"),
        ({"patron.believes.north.priorities": ["annex"]}, "its preferences by `ranking`"),
        ({"north.decides": "every day"}, "`north` has no `decides` and `looks_ahead` of its own"),
        ({"north.precision": 3}, "`north` has no `decides` and `looks_ahead` of its own"),
        ({"north.rankng": ["annex"]}, "Did you mean 'north.ranking'?"),
        ({"north.ranking": ["anex"]}, "`north` has no option `anex`"),
        ({"north.ranking": [{"annex": "yse"}]}, "`north.annex` has no level `yse`"),
        ({"north.ranking": []}, "`ranking` is empty"),
        ({"north.ranking": "annex"}, "expected a list, got `annex`; list patterns of states"),
        ({"south.priorities": [{"prefers": "mines", "becuase": "x"}]}, "there is no key `becuase`"),
        ({"north.believes.north.ranking": ["annex"]}, "cannot hold a belief about itself"),
    ],
)  # fmt: skip
def test_a_patch_of_an_order_is_checked_like_a_file(patch: dict[str, Any], said: str) -> None:
    with pytest.raises(standoff.StandoffError) as caught:
        CRISIS.patched(patch)
    assert said in str(caught.value)


def test_the_pace_of_an_order_can_be_patched_where_there_is_one() -> None:
    assert known_paths(CRISIS)[:5] == [
        "north.ranking",
        "south.decides",
        "south.looks_ahead",
        "south.precision",
        "south.priorities",
    ]
    crisis = CRISIS.patched({"south.decides": "every 2 days"})
    assert crisis.actors["south"].decides[0].rate == 0.5


@settings(max_examples=60)
@given(crises(ordinal=True), st.data())
def test_the_view_of_a_situation_is_the_situation_of_the_view(raw: Raw, data: Any) -> None:
    crisis = loaded(raw)
    actor = data.draw(st.sampled_from(list(crisis.actors)))
    situated = crisis.in_situation("later")
    assert crisis.as_seen_by(actor).in_situation("later") == situated.as_seen_by(actor)
    for path in raw["situations"]["later"]["with"]:
        entry = raw["situations"]["later"]["with"][path]
        assert crisis.patched({path: entry}).in_situation("later") == situated
