"""What a record says was observed: the path, levels over time, and how questions came out."""

from __future__ import annotations

import datetime
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from standoff.crisis import Crisis, CrisisError, UnknownNameError
from standoff.study.outcomes import resolution
from standoff.study.record import (
    Move,
    levels_over_time,
    observed_path,
    record_end,
    states_over_time,
    timeline,
    truth_on,
)
from strait import strait

Raw = dict[str, Any]
DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def crisis_with(*entries: Raw, **more: Any) -> Crisis:
    raw = strait() | {"never": [], "expects": {}, "record": list(entries)}
    raw["situations"] = {
        "january": {"as_of": "2026-01-10", "state": {"north.blockade": "partial"}},
        "march": {"as_of": "2026-03-10", "state": {"north.blockade": "partial"}},
    }
    return standoff.loads(json.dumps(raw | more))


def said(date: str, **sets: str) -> Raw:
    return {"date": date, "sets": {name.replace("__", "."): level for name, level in sets.items()}}


# The path -----------------------------------------------------------------------------------------


def test_an_entry_lies_in_the_day_that_ends_at_its_date() -> None:
    (first,) = observed_path(crisis_with(said("2026-01-11", south__mines="yes")))
    assert (first.situation, first.begins, first.ends) == (
        "january",
        day("2026-01-10"),
        day("2026-03-10"),
    )
    assert first.days == 59
    assert first.moves == (Move("south", {"south.mines": "yes"}, 0, 0.0, 1.0),)
    assert first.start["north.blockade"] == "partial"
    assert first.end["south.mines"] == "yes"


def test_the_last_situation_lasts_to_the_end_of_the_record() -> None:
    crisis = crisis_with(said("2026-03-20", south__mines="yes"))
    assert [segment.ends for segment in observed_path(crisis)] == [
        day("2026-03-10"),
        day("2026-03-20"),
    ]
    assert record_end(crisis) == day("2026-03-20")
    assert [each.situation for each in observed_path(crisis_with())] == ["january"]
    later = observed_path(crisis, until=day("2026-05-01"))
    assert later[-1].ends == day("2026-05-01")


def test_an_entry_of_the_day_of_a_situation_is_before_it() -> None:
    january, march = observed_path(
        crisis_with(
            said("2026-01-10", south__mines="yes"),
            said("2026-03-10", weather="storm"),
            said("2026-03-11", south__appeal="yes"),
        )
    )
    assert [(move.entry, move.latest) for move in january.moves] == [(1, 59.0)]
    assert [move.entry for move in march.moves] == [2]


def test_options_of_one_actor_are_one_move_and_others_are_others() -> None:
    entry = said("2026-01-20", north__blockade="full", south__mines="yes", weather="storm",
                 south__appeal="yes")  # fmt: skip
    (segment, *_) = observed_path(crisis_with(entry))
    assert [(move.mover, dict(move.levels)) for move in segment.moves] == [
        ("north", {"north.blockade": "full"}),
        ("south", {"south.mines": "yes", "south.appeal": "yes"}),
        ("weather", {"weather": "storm"}),
    ]


def test_what_is_so_already_is_no_move() -> None:
    entry = said("2026-01-20", north__blockade="partial", south__mines="yes")
    (segment, *_) = observed_path(crisis_with(entry, said("2026-01-22", south__mines="yes")))
    assert [move.mover for move in segment.moves] == ["south"]


def test_an_uncertain_date_is_cut_to_its_situation() -> None:
    (january, march) = observed_path(
        crisis_with(
            said("2026-01-12~", south__mines="yes"),
            said("2026-03-05/2026-03-20", south__mines="no"),
            said("2026-03-18~", south__appeal="yes"),
        )
    )
    (about,) = january.moves
    assert (about.earliest, about.latest) == (0.0, 9.0)
    (over,) = [move for move in march.moves if "south.mines" in move.levels] or [None]
    assert over is None  # march starts without mines, so that nothing changes
    (late,) = march.moves
    assert (late.earliest, late.latest) == (0.0, 15.0)


def test_entries_come_by_the_middle_of_their_dates_and_then_as_in_the_file() -> None:
    (segment, *_) = observed_path(
        crisis_with(
            said("2026-02", south__mines="yes"),
            said("2026-02-05", weather="storm"),
            said("2026-02-14", south__appeal="yes"),
            said("2026-02-14", south__mines="no"),
        )
    )
    assert [move.entry for move in segment.moves] == [1, 0, 2, 3]


def test_what_was_not_known_by_a_day_does_not_inform_it() -> None:
    crisis = crisis_with(
        said("2026-01-15", south__mines="yes"),
        said("2026-01-20", weather="storm") | {"reported": "2026-02-20"},
        said("2026-01-22/2026-02-10", south__appeal="yes"),
    )
    by = {
        date: [
            move.entry for each in observed_path(crisis, known_by=day(date)) for move in each.moves
        ]
        for date in ("2026-01-14", "2026-01-15", "2026-02-09", "2026-02-10", "2026-02-20")
    }
    assert by == {
        "2026-01-14": [],
        "2026-01-15": [0],
        "2026-02-09": [0],
        "2026-02-10": [0, 2],
        "2026-02-20": [0, 1, 2],
    }
    (segment,) = observed_path(crisis, known_by=day("2026-02-20"))
    assert segment.ends == day("2026-02-20")
    (segment,) = observed_path(crisis, known_by=day("2026-02-20"), until=day("2026-01-16"))
    assert (segment.ends, len(segment.moves)) == (day("2026-01-16"), 1)


def test_a_crisis_in_a_situation_gives_that_one() -> None:
    crisis = crisis_with(said("2026-03-20", south__mines="yes"))
    (segment,) = observed_path(crisis.in_situation("march"))
    assert segment == observed_path(crisis)[1]


def test_without_a_situation_or_a_day_after_it_there_is_no_path() -> None:
    crisis = crisis_with(situations={}, questions={})
    assert observed_path(crisis) == ()
    assert levels_over_time(crisis) == {}
    assert observed_path(crisis_with(), until=day("2026-01-10")) == ()


@given(st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 30), st.booleans()), max_size=12))
def test_the_path_of_any_record_leads_from_state_to_state_within_its_days(
    drawn: list[tuple[int, int, bool]],
) -> None:
    entries = [
        said(
            f"{day('2026-01-10') + DAY * at}/{day('2026-01-10') + DAY * (at + long)}",
            south__mines="yes" if mined else "no",
        )
        for at, long, mined in drawn
    ]
    for segment in observed_path(crisis_with(*entries)):
        mined = segment.start["south.mines"]
        for move in segment.moves:
            assert 0 <= move.earliest < move.latest <= segment.days
            assert move.levels["south.mines"] != mined
            mined = move.levels["south.mines"]
        for one, next_one in pairwise(segment.moves):
            assert one.earliest < next_one.latest  # they can have come in this order


# Levels over time ---------------------------------------------------------------------------------


def test_levels_over_time_say_what_brought_each_of_them() -> None:
    crisis = crisis_with(
        said("2026-01-20", south__mines="yes"), said("2026-03-20", weather="storm")
    )
    levels = levels_over_time(crisis)
    assert [(each.since, each.until, each.level, each.entry, each.situation)
            for each in levels["south.mines"]] == [
        (day("2026-01-10"), day("2026-01-20"), "no", None, "january"),
        (day("2026-01-20"), day("2026-03-10"), "yes", 0, None),
        (day("2026-03-10"), day("2026-03-20"), "no", None, "march"),
    ]  # fmt: skip
    assert [each.level for each in levels["patron.stance"]] == ["aside"]
    assert list(timeline(crisis).levels) == ["south.mines", "weather"]
    assert list(levels) == list(crisis.variables)


def test_the_truth_on_a_day_is_that_of_its_end() -> None:
    crisis = crisis_with(said("2026-01-20", south__mines="yes"))
    on = {date: truth_on(crisis, "south.mines", day(date))
          for date in ("2026-01-09", "2026-01-10", "2026-01-19", "2026-01-20", "2026-03-10",
                       "2026-03-11")}  # fmt: skip
    assert list(on.values()) == [None, False, False, True, False, None]


# How questions came out ---------------------------------------------------------------------------


def asked(crisis: Crisis, seen: str | None = None, /, **form: str) -> Any:
    question = {"asks": "?", "situation": "january", **form}
    raw = crisis.data() | {"questions": {"it": question}}
    raw = json.loads(json.dumps(raw, default=str))
    return resolution(standoff.loads(json.dumps(raw)), "it", seen and day(seen))


MINED = (said("2026-01-20", south__mines="yes"), said("2026-02-01", south__mines="no"))
OPEN = "2026-02-10"


@pytest.mark.parametrize(
    ("form", "until", "outcome", "on", "entry"),
    [
        ({"within": "10 days"}, OPEN, True, "2026-01-20", 0),
        ({"within": "9 days"}, OPEN, False, "2026-01-19", None),
        ({"within": "9 days"}, "2026-01-18", None, None, None),
        ({"within": "9 days"}, "2026-01-19", False, "2026-01-19", None),
        ({"within": "300 days"}, "2026-01-19", None, None, None),
        ({"within": "300 days"}, "2026-01-20", True, "2026-01-20", 0),
        ({"at": "10 days"}, OPEN, True, "2026-01-20", 0),
        ({"at": "21 days"}, OPEN, True, "2026-01-31", 0),
        ({"at": "22 days"}, OPEN, False, "2026-02-01", 1),
        ({"at": "9 days"}, OPEN, False, "2026-01-19", None),
        ({"at": "22 days"}, "2026-01-31", None, None, None),
        ({"throughout": "9 days", "event": "not south.mines"}, OPEN, True, "2026-01-19", None),
        ({"throughout": "10 days", "event": "not south.mines"}, OPEN, False, "2026-01-20", 0),
        ({"throughout": "9 days", "event": "not south.mines"}, "2026-01-18", None, None, None),
        ({"until": "south.mines", "within": "10 days", "event": "true"}, OPEN, True,
         "2026-01-20", 0),
        ({"until": "south.mines", "within": "9 days", "event": "true"}, OPEN, False,
         "2026-01-19", None),
        ({"until": "weather == storm", "within": "60 days", "event": "not south.mines"}, OPEN,
         False, "2026-01-20", 0),
        ({"until": "weather == storm", "within": "60 days", "event": "true"}, OPEN,
         None, None, None),
        ({"lasting": "12 days", "within": "10 days"}, OPEN, True, "2026-02-01", 0),
        ({"lasting": "13 days", "within": "10 days"}, OPEN, False, "2026-02-01", None),
        ({"lasting": "13 days", "within": "10 days"}, "2026-01-31", None, None, None),
        ({"lasting": "1 day", "within": "9 days"}, OPEN, False, "2026-01-19", None),
        ({"lasting": "9 days", "within": "5 days", "event": "not south.mines"}, OPEN, True,
         "2026-01-19", None),
    ],
)  # fmt: skip
def test_each_form_of_question_is_answered_by_the_record(
    form: Raw, until: str, outcome: bool | None, on: str | None, entry: int | None
) -> None:
    found = asked(crisis_with(*MINED), until, **{"event": "south.mines", **form})
    assert (found.outcome, found.day and str(found.day), found.entry) == (outcome, on, entry)
    assert found.seen_until == day(until)


@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=6, unique_by=lambda e: e[0]),
    st.integers(1, 30),
    st.integers(1, 45),
    st.integers(1, 12),
)
def test_outcomes_are_those_of_looking_at_every_day(
    drawn: list[tuple[int, bool]], within: int, seen: int, lasting: int
) -> None:
    start = day("2026-01-10")
    crisis = crisis_with(
        *(said(str(start + DAY * at), south__mines="yes" if on else "no") for at, on in drawn)
    )
    true = [False]
    for each in range(1, seen + 1):
        true.append(dict(drawn).get(each, true[-1]))
    until = str(start + DAY * seen)
    whole = seen >= within
    found = asked(crisis, until, event="south.mines", within=f"{within} days").outcome
    assert found == (True if any(true[: within + 1]) else False if whole else None)
    found = asked(crisis, until, event="not south.mines", throughout=f"{within} days").outcome
    assert found == (False if any(true[: within + 1]) else True if whole else None)
    found = asked(crisis, until, event="south.mines", at=f"{within} days").outcome
    assert found == (true[within] if whole else None)
    found = asked(crisis, until, event="south.mines", within=f"{within} days",
                  lasting=f"{lasting} days").outcome  # fmt: skip
    begun = [each for each in range(seen + 1)
             if each <= within and true[each] and (each == 0 or not true[each - 1])]  # fmt: skip
    # A spell that ends on day d has lasted until then.
    lasted = [all(true[each : each + lasting]) and each + lasting <= seen for each in begun]
    running = any(all(true[each:]) and seen < each + lasting for each in begun)
    assert found == (True if any(lasted) else None if running or not whole else False)


def test_a_question_runs_on_over_later_situations() -> None:
    crisis = crisis_with(said("2026-03-20", south__mines="yes"))
    found = asked(crisis, event="south.mines", within="90 days")
    assert (found.outcome, found.entry) == (True, 0)


def test_a_disputed_entry_and_a_doubtful_date_are_said_with_the_outcome() -> None:
    entry = said("2026-01-20", south__mines="yes") | {"disputed": True}
    assert asked(crisis_with(entry), event="south.mines", within="20 days").disputed
    about = said("2026-01-20~", south__mines="yes")
    within = {each: asked(crisis_with(about), event="south.mines", within=f"{each} days")
              for each in (2, 9, 10, 16, 17)}  # fmt: skip
    assert [found.outcome for found in within.values()] == [False, False, True, True, True]
    assert [found.doubtful for found in within.values()] == [False, True, True, True, False]


@pytest.mark.parametrize(("date", "within"), [("2026-01-12~", 5), ("2026-03-08~", 60)])
def test_a_date_that_reaches_over_its_situation_is_doubtful_within_it_only(
    date: str, within: int
) -> None:
    about = crisis_with(said(date, south__mines="yes"))
    found = asked(about, "2026-03-20", event="south.mines", within=f"{within} days")
    assert found.outcome
    assert found.doubtful == (within == 5)
    found = asked(about, "2026-03-20", event="south.mines", within=f"{within + 5} days")
    assert not found.doubtful


def test_what_is_asked_of_nothing_is_refused() -> None:
    crisis = crisis_with()
    with pytest.raises(UnknownNameError, match="Did you mean 'mines'"):
        resolution(crisis, "mine")
    lone = crisis_with(questions={"it": {"asks": "?", "event": "south.mines", "within": "9 days"}})
    with pytest.raises(CrisisError, match="belongs to no situation"):
        resolution(lone, "it")
    assert resolution(lone.in_situation("january"), "it").situation == "january"


# The shipped crisis -------------------------------------------------------------------------------


def test_the_record_of_karabakh_ends_on_1_november_2020_and_leads_to_each_situation() -> None:
    crisis = standoff.load("karabakh-2020")
    path = observed_path(crisis)
    assert record_end(crisis) == day("2020-11-01")
    assert [segment.situation for segment in path] == list(crisis.situations)[:-1]
    starts = [segment.start for segment in path[1:]]
    starts.append(crisis.in_situation("november-2020").start)
    assert [segment.end for segment in path] == [dict(start) for start in starts]
    assert all(entry.source and entry.because for entry in crisis.record)
    assert max(entry.date.last for entry in crisis.record) <= day("2020-11-01")


def test_the_questions_of_karabakh_are_of_the_latest_situation_first_and_then_in_order() -> None:
    crisis = standoff.load("karabakh-2020")
    asked = list(dict.fromkeys(question.situation for question in crisis.questions.values()))
    *earlier, latest = crisis.situations
    assert asked == [latest, *earlier]


def test_the_questions_of_karabakh_that_are_settled_by_then_are_answered() -> None:
    crisis = standoff.load("karabakh-2020")
    found = {name: resolution(crisis, name) for name in crisis.questions}
    settled = {name: each.outcome for name, each in found.items() if each.outcome is not None}
    assert settled == {
        "war_from_april_2016": False,
        "war_after_april_2016": False,
        "courting_after_april_2016": True,
        "war_from_summer_2018": False,
        "war_from_summer_2019": False,
        "war_from_july_2020": True,
        "war_from_september_2020": True,
        "clash_from_april_2016": True,
        "pressing_from_april_2016": False,
        "pressing_from_summer_2018": False,
        "courting_from_summer_2018": True,
    }
    assert not any(each.disputed or each.doubtful for each in found.values())


def test_no_step_of_a_path_is_left_out() -> None:
    crisis = standoff.load("karabakh-2020")
    steps = states_over_time(crisis)
    assert [step.situation for step in steps if step.situation] == list(crisis.situations)
    assert sum(step.entry is not None for step in steps) == 10
