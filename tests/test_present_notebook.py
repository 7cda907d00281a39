"""What notebooks show: HTML that stands by itself, escaped, with its own colours."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import standoff
from standoff import Crisis

STRAIT = Path(__file__).with_name("test_cli_strait.yaml").read_text()
VOID = {"br", "hr", "meta", "link", "img", "wbr"}


class Page(HTMLParser):
    """Checks that every tag is closed, and collects texts and tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return standoff.loads(STRAIT)


@pytest.fixture(scope="module")
def results(crisis: Crisis) -> dict[str, object]:
    """One result of each kind that is drawn."""
    solver = standoff.Hierarchy()
    analysis = standoff.analyse(crisis, hierarchy=solver)
    return {
        "crisis": crisis,
        "forecast": standoff.forecast(crisis, "mines", hierarchy=solver),
        "drawn forecast": standoff.forecast(crisis, "mines", draws=4, hierarchy=solver),
        "account": standoff.explain(crisis, "mines", by="passage", orders=2, hierarchy=solver),
        "analysis": analysis,
        "survey": analysis.survey,
        "stability": standoff.find_stable(crisis, "january"),
        "verdict": analysis.verdicts["deterred"],
        "bound": analysis.verdicts["mined"],
        "scenarios": standoff.find_scenarios(crisis, draws=8, hierarchy=solver),
        "indices": standoff.find_indices(crisis, "mines", points=2, by="actor", hierarchy=solver),
    }


SAID = {
    "crisis": ("The strait", "Northland", "blockade: none, partial, full", "2026-01-10"),
    "forecast": ("Will the South lay mines within 30 days?", "very likely (82%)", "2026-02-09"),
    "drawn forecast": ("very likely (82%; ", "4 draws"),
    "account": ("Without any of the claims it would be", "brief p", "crossed at"),
    "analysis": ("The strait", "Bottom line", "Will the South lay mines"),
    "survey": ("what is stable", "equilibrium", "The start does not last"),
    "stability": ("concept", "equilibria", "possible states"),
    "verdict": (
        "A patron that stands aside leaves the strait to the North.",
        "against",
        "brief p8",
    ),
    "bound": ("expected at least 55%",),
    "scenarios": ("1 scenario", "1. all draws (100% of the draws)", "becomes"),
    "indices": ("Shares of its variance", "by itself", "north"),
}


@pytest.mark.parametrize("name", SAID)
def test_a_result_shows_itself(results: dict[str, object], name: str) -> None:
    html = results[name]._repr_html_()  # type: ignore[attr-defined]
    page = Page(html)
    assert page.tags[0] == ("div", {"class": "standoff"})
    text = " ".join(page.text.split())
    for words in SAID[name]:
        assert words in text, text[:2000]
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    outside = [value for _, attrs in page.tags for key, value in attrs.items()
               if key in ("href", "src") and not str(value).startswith("#")]  # fmt: skip
    assert outside == []
    assert not re.search(r"@import|url\((?!#)", html.replace('url("#', "url(#"))
    assert html == results[name]._repr_html_()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SAID)
def test_it_has_colours_of_its_own_for_light_and_for_dark(
    results: dict[str, object], name: str
) -> None:
    html = results[name]._repr_html_()  # type: ignore[attr-defined]
    for theme in (
        "@media (prefers-color-scheme:dark)",
        '[data-jp-theme-light="false"] .standoff',
        ".vscode-dark .standoff",
    ):
        assert theme in html
    drawn = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{3,6})"', drawn)) == set()
    used = set(re.findall(r"var\((--[\w-]+)\)", html))
    assert used <= set(re.findall(r"(--[\w-]+):", html))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    for rule in re.findall(r"^([^@{][^{]*)\{", style[1], re.MULTILINE):
        assert all(".standoff" in each or ".vscode" in each for each in rule.split(",")), rule


def test_what_a_crisis_says_cannot_become_markup() -> None:
    bad = "<script>alert(1)</script><b onclick=x>"
    text = STRAIT.replace("Two thirds of its trade passes.", bad)
    text = text.replace("crisis: The strait", f"crisis: The {bad}")
    text = text.replace("Will the South lay mines within 30 days?", f"Will {bad}?")
    crisis = standoff.loads(text)
    shown = [
        crisis,
        standoff.forecast(crisis, "mines"),
        standoff.explain(crisis, "mines", by="kind"),
        standoff.find_stable(crisis, "january"),
        standoff.find_indices(crisis, "mines", points=2, by="kind"),
    ]
    for result in shown:
        page = Page(result._repr_html_())
        assert "<script>alert(1)</script>" in page.text
        assert not {tag for tag, _ in page.tags} & {"script", "b"}


def test_importing_the_package_and_loading_a_crisis_draws_nothing() -> None:
    code = (
        "import sys, standoff; standoff.load;"
        "assert 'standoff.present.notebook_html' not in sys.modules;"
        "assert 'numpy' not in sys.modules;"
        "assert hasattr(standoff.Crisis, '_repr_html_')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_result_whose_class_nobody_named_shows_itself_too() -> None:
    code = (
        "import standoff; standoff.forecast;"
        "from standoff.study.forecast import Forecast;"
        "assert hasattr(Forecast, '_repr_html_');"
        "standoff.explain;"
        "from standoff.study.account import Account;"
        "assert hasattr(Account, '_repr_html_')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
