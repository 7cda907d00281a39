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


@pytest.mark.parametrize("line", [line for line in blocks("")[0].splitlines() if "days:" in line])
def test_a_probability_in_the_readme_is_what_the_crisis_gives(line: str) -> None:
    crisis = standoff.load("karabakh-2020")
    (screen,) = (block for block in blocks("") if "days:" in block)
    above = screen[: screen.index(line)].splitlines()
    asked = next(text.strip() for text in reversed(above) if text.strip().endswith("?"))
    from standoff.present.wording import likely

    hierarchy = standoff.Hierarchy()
    for days, said in re.findall(r"(\d+) days: (.*?\))", line):
        (name,) = (
            name
            for name, question in crisis.questions.items()
            if asked.removesuffix("?") in question.asks and question.horizon.central == float(days)
        )
        assert likely(standoff.forecast(crisis, name, hierarchy=hierarchy).central) == said


def test_every_public_name_exists_and_has_a_docstring() -> None:
    assert sorted(standoff.__all__) == standoff.__all__
    for name in standoff.__all__:
        assert getattr(standoff, name).__doc__, name
