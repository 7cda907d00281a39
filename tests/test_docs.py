"""What the documents say is true: examples run, excerpts are what they are excerpts of."""

import doctest
import re
from pathlib import Path

import standoff
from standoff.present.wording import likely

ROOT = Path(__file__).parents[1]
CRISIS = ROOT / "src/standoff/library/karabakh-2020/crisis.yaml"


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in a language; without one, plain text."""
    parts = re.split(r"^```(\w*)$", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    fenced = zip(parts[1::4], parts[2::4], strict=True)
    return [text.lstrip("\n") for name, text in fenced if name == language]


SCREEN = next(block for block in blocks("") if "days:" in block)


def test_the_python_in_the_readme_runs() -> None:
    (example,) = blocks("python")
    test = doctest.DocTestParser().get_doctest(example, {}, "README.md", None, None)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_excerpt_in_the_readme_is_in_the_shipped_crisis() -> None:
    (excerpt,) = blocks("yaml")
    written = iter(CRISIS.read_text().splitlines())
    for line in excerpt.splitlines():
        assert any(line.rstrip() == theirs.rstrip() for theirs in written), line


def test_the_probabilities_in_the_readme_are_what_the_crisis_gives() -> None:
    crisis, hierarchy = standoff.load("karabakh-2020"), standoff.Hierarchy()
    shown = re.findall(r"^  (\S.*)\?\n(    \d+ days: .*)$", SCREEN, flags=re.MULTILINE)
    assert len(shown) >= 6
    for asked, line in shown:
        for days, said in re.findall(r"(\d+) days: (.*?\))", line):
            (name,) = (
                name
                for name, question in crisis.questions.items()
                if question.asks.startswith(asked)
                and question.situation == "november-2020"
                and question.horizon.central == float(days)
            )
            assert likely(standoff.forecast(crisis, name, hierarchy=hierarchy).central) == said


def test_every_public_name_exists_and_has_a_docstring() -> None:
    assert sorted(standoff.__all__) == standoff.__all__
    for name in standoff.__all__:
        assert getattr(standoff, name).__doc__, name
