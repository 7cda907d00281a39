"""Statements: what they mean, by their definition written out a second time."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from crisis_examples import STRAIT
from standoff.crisis import All, Among, AnyOf, CrisisError, is_true, mentioned
from standoff.crisis.possible import Undecided, find_state
from standoff.crisis.statements import known_truth

CRISIS = standoff.loads(STRAIT)
LEVELS = {name: list(levels) for name, levels in CRISIS.variables.items()}
STATES = [dict(zip(LEVELS, each, strict=True)) for each in itertools.product(*LEVELS.values())]
COMPARED = ("==", "!=", "<", "<=", ">", ">=")


@st.composite
def atoms(draw: st.DrawFn) -> tuple[str, str]:
    """A comparison as the file has it, and as Python has it with levels as numbers."""
    name = draw(st.sampled_from(sorted(LEVELS)))
    levels = LEVELS[name]
    if levels == ["no", "yes"] and draw(st.booleans()):
        return name, f"(state[{name!r}] == 1)"
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(levels), min_size=1, unique=True))
        word = draw(st.sampled_from(["in", "not in"]))
        numbers = [levels.index(level) for level in chosen]
        return f"{name} {word} {{{', '.join(chosen)}}}", f"(state[{name!r}] {word} {numbers})"
    sign = draw(st.sampled_from(COMPARED))
    level = draw(st.sampled_from(levels))
    return f"{name} {sign} {level}", f"(state[{name!r}] {sign} {levels.index(level)})"


def _joined(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    pairs = st.tuples(inner, st.sampled_from(["and", "or"]), inner)
    return st.one_of(
        pairs.map(
            lambda it: (f"({it[0][0]} {it[1]} {it[2][0]})", f"({it[0][1]} {it[1]} {it[2][1]})")
        ),
        inner.map(lambda it: (f"not ({it[0]})", f"(not {it[1]})")),
    )


statements = st.recursive(
    st.one_of(atoms(), st.sampled_from([("true", "True"), ("false", "False")])),
    _joined,
    max_leaves=8,
)


@given(statements)
def test_a_statement_is_true_where_python_says_so(pair: tuple[str, str]) -> None:
    text, python = pair
    statement = CRISIS.statement(text)
    for state in STATES[::7]:
        numbers = {name: LEVELS[name].index(level) for name, level in state.items()}
        assert is_true(statement, numbers) == eval(python, {"state": numbers})


@given(statements)
def test_a_search_finds_a_state_exactly_if_there_is_one(pair: tuple[str, str]) -> None:
    statement = CRISIS.statement(pair[0])
    numbers = [
        {name: LEVELS[name].index(level) for name, level in state.items()} for state in STATES
    ]
    found = find_state(statement, CRISIS.variables)
    assert (found is not None) == any(is_true(statement, state) for state in numbers)
    if found is not None:
        assert known_truth(statement, found) is True


def test_a_search_that_would_take_too_long_is_given_up() -> None:
    variables = {f"v{at}": ("no", "yes") for at in range(60)}
    choices = [
        AnyOf((Among(f"v{at}", frozenset({1})), Among(f"v{(at * 7 + 3) % 60}", frozenset({0}))))
        for at in range(60)
    ]
    impossible = All((Among("v59", frozenset({0})), Among("v59", frozenset({1}))))
    with pytest.raises(Undecided):
        find_state(All((*choices, impossible)), variables)


def test_a_bare_name_is_the_actors_own_option_first() -> None:
    crisis = standoff.loads(
        """
crisis: Names
actors:
  north: {decides: every day, looks_ahead: 30 days, options: {storm: [no, yes], plan: [no, yes]}}
  south: {decides: every day, looks_ahead: 30 days, options: {mines: [no, yes]}}
conditions:
  storm: [no, yes]
definitions:
  plan: south.mines
"""
    )
    own, condition = Among("north.storm", frozenset({1})), Among("storm", frozenset({1}))
    assert crisis.statement("storm", "north") == own
    assert crisis.statement("storm", "south") == condition
    assert crisis.statement("storm") == condition
    assert crisis.statement("plan", "north") == Among("north.plan", frozenset({1}))
    assert crisis.statement("plan", "south") == Among("south.mines", frozenset({1}))
    assert crisis.statement("north.storm", "south") == own


def test_definitions_are_put_in_place_of_their_names() -> None:
    written_out = CRISIS.statement("not (north.blockade == full and south.mines)")
    assert CRISIS.statement("not confrontation") == written_out
    assert mentioned(CRISIS.statement("confrontation")) == ("north.blockade", "south.mines")


def test_a_level_may_be_called_like_a_definition() -> None:
    crisis = standoff.loads(STRAIT.replace("confrontation:", "full:"))
    assert crisis.statement("full") == CRISIS.statement("confrontation")


def test_statements_are_resolved_once_and_shared_by_views() -> None:
    statement = CRISIS.statement("confrontation or south.appeal")
    view = CRISIS.holding("patron.stance", "aside").in_situation("january")
    assert view.statement("confrontation or south.appeal") is statement


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("souht.mines", "no actor is called `souht`"),
        ("north.blockade", "must be compared with a level"),
        ("blockade == full", "no condition or definition is called `blockade`"),
        ("__import__('os')", "cannot contain a quotation mark"),
        ("(lambda: weather)()", "cannot contain a call"),
        ("weather.__class__", "`weather` is a condition and has no options"),
        ("weather == calm == storm", "cannot be chained"),
        ("weather == (calm)) or (weather == calm", "a bracket is closed and not opened"),
        ("", "a statement is missing"),
        ("weather in {}", "cannot contain a mapping in braces"),
        ("weather in {*calm}", "cannot contain a star"),
        ("f'{weather}'", "quotation mark"),
        ("[x for x in weather]", "cannot contain this"),
        ("weather is calm", "cannot contain `is`"),
        ("weather := calm", "cannot contain a single `=`"),
        ("-weather", "cannot contain a minus sign"),
        ("weather == 1", "cannot contain a number"),
        ("{calm, storm}", "a choice of levels stands alone"),
        ("weather == calm # and then", "cannot contain `#`"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(CrisisError) as caught:
        CRISIS.statement(text)
    assert said in str(caught.value)


@given(st.text(alphabet="()nota dr=!<>{},.é\n\t_weathrcms0\u00a0'\"#\\", max_size=60))
def test_any_text_is_a_statement_or_a_fault(text: str) -> None:
    try:
        CRISIS.statement(text, "north")
    except CrisisError as err:
        assert str(err).startswith("in the statement")  # noqa: PT017 (either outcome is right)


@pytest.mark.parametrize(
    "text", ["(" * 5000, "not " * 5000 + "weather", "a." * 3000 + "b", "((" * 90 + "weather"]
)
def test_deep_or_long_texts_are_faults_and_not_crashes(text: str) -> None:
    with pytest.raises(CrisisError):
        CRISIS.statement(text)


def test_asking_for_an_unknown_actor_says_who_is_known() -> None:
    with pytest.raises(standoff.UnknownNameError, match="known: north, south, patron"):
        CRISIS.statement("south.mines", "nroth")
