"""Results as text: what a reader sees, in any width, with or without a terminal.

After a change that is meant, `python tests/test_present_text.py` writes the snapshot anew; read
what changed before you keep it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

import standoff
from standoff.crisis import Crisis
from standoff.present.text import as_text, render
from standoff.present.words import clean, span
from standoff.study.analysis import Analysis, analyse
from standoff.study.variation import Variation

STRAIT = Path(__file__).with_name("test_cli_strait.yaml")
SNAPSHOT = Path(__file__).with_name("test_present_text_run.txt")


@pytest.fixture(scope="module")
def strait() -> Crisis:
    return standoff.load(STRAIT)


@pytest.fixture(scope="module")
def analysis(strait: Crisis) -> Analysis:
    return analyse(strait)


def small(**more: object) -> Crisis:
    """Two actors who differ in what they like, and whatever else a test needs."""
    import json

    actor = {"decides": "every 6 days", "looks_ahead": "60 days", "options": {"act": ["no", "yes"]}}
    raw = {"crisis": "Small", "actors": {"a": actor, "b": actor}, **more}
    return standoff.loads(json.dumps(raw))


# The screen of `standoff run` -------------------------------------------------------------------


def test_the_screen_is_as_it_was(analysis: Analysis) -> None:
    assert render(as_text(analysis)) == SNAPSHOT.read_text("utf-8")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100])
def test_no_line_is_wider_than_it_may_be(analysis: Analysis, strait: Crisis, width: int) -> None:
    for result in (as_text(analysis), as_text(strait, states=144, possible=108)):
        lines = render(result, width=width).splitlines()
        assert max(map(cell_len, lines)) <= width
        assert not any(line != line.rstrip() for line in lines)


def test_colour_adds_codes_and_changes_nothing_else(analysis: Analysis) -> None:
    plain = render(as_text(analysis))
    coloured = render(as_text(analysis), colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1m" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_every_probability_has_its_word_beside_it(analysis: Analysis) -> None:
    text = " ".join(render(as_text(analysis)).split())
    words = "no chance|unlikely|even chance|likely|certain"
    assert re.search(rf"({words}) \((below 1%|above 99%|[0-9.]+%)\)", text)
    for number in re.finditer(r"(\w+) \((?:below 1%|above 99%|[0-9.]+%)", text):
        assert number[1] in {"chance", "unlikely", "likely", "certain"}


def test_nothing_is_called_certain_that_is_not(analysis: Analysis) -> None:
    text = render(as_text(analysis))
    assert not re.search(r"\b(0|100)%", text)
    assert "above 99%" in text


def test_horizons_of_one_event_stand_side_by_side(analysis: Analysis) -> None:
    text = render(as_text(analysis))
    assert re.search(
        r"\n  Will the South lay mines\?\n    30 days: very likely \(82%\) +90 days: very", text
    )


def test_questions_that_are_not_the_same_are_kept_apart() -> None:
    asked = {"event": "a.act", "within": "9 days"}
    crisis = small(questions={"x": {"asks": "This?", **asked}, "y": {"asks": "That?", **asked}})
    text = render(as_text(analyse(crisis)))
    assert text.index("  This?\n    9 days: ") < text.index("  That?\n    9 days: ")


def test_a_crisis_with_nothing_in_it_still_reads() -> None:
    text = render(as_text(analyse(small())))
    assert "The crisis asks no question." in text
    assert "The crisis has no red lines." in text
    assert "The crisis states no expectations" in text


def test_at_depth_zero_nobody_moves() -> None:
    text = render(as_text(analyse(small(), depth=0)))
    assert "nobody moves at depth 0" in text


def test_views_are_named_and_their_levels_are_where_it_starts(strait: Crisis) -> None:
    view = Variation(holding={"patron.stance": "arm"})
    result = analyse(strait, variation=view)
    text = render(as_text(result))
    assert "Views: holding patron.stance = arm.\n" in text
    assert "stance arm" in text


def test_a_red_line_names_the_question_that_it_moves(analysis: Analysis, strait: Crisis) -> None:
    texts = {effect.path: render(as_text(effect, crisis=strait)) for effect in analysis.effects}
    assert "Lowers by 0.1 points: Will the South lay mines" in texts["north.red_lines.mines"]
    assert "(brief p6)" in texts["north.red_lines.mines"]
    assert "nothing can make up for it" in texts["north.red_lines.patron"]
    assert "No effect on any question." in texts["north.red_lines.patron"]


def test_an_expectation_that_fails_shows_both_numbers_and_its_source(
    analysis: Analysis, strait: Crisis
) -> None:
    fails = render(as_text(analysis.verdicts["deterred"], crisis=strait))
    assert fails.startswith("FAILS  deterred  brief p8\n")
    assert fails.count("very unlikely (19%) for annexed, holding patron.stance = a") == 2
    holds = render(as_text(analysis.verdicts["mined"], crisis=strait))
    assert holds.startswith("holds  mined  brief p8\n")
    assert "very likely (82%); expected at least 55%" in holds


# What the file says, shown as it is -------------------------------------------------------------


def test_text_of_the_file_is_neither_markup_nor_code() -> None:
    crisis = small(
        crisis="[bold]Bold[/bold] :smile: \x1b[31mred\x07",
        summary="two\nlines\u202e",
        questions={"q": {"asks": "[red]?", "event": "a.act", "within": "9 days"}},
    )
    for text in (render(as_text(analyse(crisis))), render(as_text(crisis))):
        assert text.startswith("[bold]Bold[/bold] :smile: ?[31mred?\ntwo lines?\n")
        assert "[red]?" in text


def test_wide_signs_and_long_names_fit() -> None:
    crisis = small(
        crisis="危機" * 60,
        questions={"q" * 70: {"asks": "x" * 200, "event": "a.act", "within": "9 days"}},
    )
    for text in (render(as_text(analyse(crisis))), render(as_text(crisis))):
        assert max(map(cell_len, text.splitlines())) <= 80


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="no text for a dict"):
        as_text({})


def test_words() -> None:
    assert [span(days) for days in (0.5, 1, 6.5, 730.5)] == [
        "12 hours",
        "1 day",
        "6.5 days",
        "2 years",
    ]
    assert clean(" a\t b\r\n") == "a b"


if __name__ == "__main__":
    SNAPSHOT.write_text(render(as_text(analyse(standoff.load(STRAIT)))), "utf-8")
