"""The report in a real browser: no request, no complaint, no sideways scrolling, on any screen.

Skipped where there is no Chromium. With the environment variable `STANDOFF_AXE` set to the path of
an `axe.min.js` (npm's axe-core), the accessibility rules are checked as well.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from report_sample import bare, drawn, ordered, sample
from standoff.present.report import write_report

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
AXE = os.environ.get("STANDOFF_AXE", "")
SECONDS = 60

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium here: the report was not opened in a browser"
)

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]

LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads commands from file descriptor 3 and answers on 4."""


class Browser:
    """One tab of a headless Chromium, spoken to over a pair of pipes."""

    def __init__(self, folder: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", LAUNCH, str(to_browser), str(from_browser)),
                *(CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"),
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        """Find the tab, and listen to what happens in it."""
        pages = self.ask("Target.getTargets")["targetInfos"]
        target = next(page["targetId"] for page in pages if page["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(SECONDS)
        os.close(self._write)
        os.close(self._read)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and wait for its answer, keeping the events that come before it."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def wait_for(self, event: str) -> None:
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._next())

    def open(self, url: str) -> None:
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        answer = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def screen(self, width: int, *, dark: bool = False, paper: bool = False) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=False)  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        media = "print" if paper else "screen"
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0, deadline - time.monotonic()))
            assert ready, "the browser does not answer"
            chunk = os.read(self._read, 1 << 20)
            assert chunk, "the browser has gone"
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    there = Browser(tmp_path_factory.mktemp("profile"))
    yield there
    there.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(sample(), tmp_path_factory.mktemp("report")).as_uri()


SCREENS = {
    "desktop": {"width": 1280},
    "dark": {"width": 1280, "dark": True},
    "phone": {"width": 360},
    "paper": {"width": 680, "paper": True},
}


def requests(browser: Browser) -> list[str]:
    return [
        each["params"]["request"]["url"]
        for each in browser.events
        if each.get("method") == "Network.requestWillBeSent"
    ]


def complaints(browser: Browser) -> list[dict[str, Any]]:
    kinds = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
    return [each for each in browser.events if each.get("method") in kinds]


@pytest.mark.parametrize("screen", SCREENS)
def test_it_opens_without_a_request_or_a_complaint(
    browser: Browser, report: str, screen: str
) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(report)
    assert browser.evaluate("document.readyState") == "complete"
    assert requests(browser) == [report]
    assert complaints(browser) == []


def test_the_browser_would_have_noticed(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text('<!DOCTYPE html><img src="gone.png"><script>console.error("x")</script>')
    browser.open(page.as_uri())
    assert len(requests(browser)) == 2
    assert complaints(browser)


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_wider_than_the_screen(browser: Browser, report: str, screen: str) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(report)
    wide = browser.evaluate("document.documentElement.scrollWidth")
    assert wide <= SCREENS[screen]["width"]


@pytest.fixture(scope="module")
def with_draws(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(drawn(), tmp_path_factory.mktemp("drawn")).as_uri()


@pytest.mark.parametrize("screen", SCREENS)
def test_with_draws_nothing_is_wider_than_the_screen_either(
    browser: Browser, with_draws: str, screen: str
) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(with_draws)
    assert requests(browser) == [with_draws]
    assert complaints(browser) == []
    wide = browser.evaluate("document.documentElement.scrollWidth")
    assert wide <= SCREENS[screen]["width"]


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_no_drawing_reaches_out_of_its_section(
    browser: Browser, with_draws: str, screen: str
) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(with_draws)
    outside = browser.evaluate(
        "[...document.querySelectorAll('main svg[role=img]')].filter(e => !e.closest('.scroll') &&"
        " e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.parentNode.outerHTML"
        ".slice(0, 80))"
    )
    assert outside == []


def test_on_paper_what_is_folded_is_open_with_draws_too(browser: Browser, with_draws: str) -> None:
    browser.screen(**SCREENS["paper"])
    browser.open(with_draws)
    hidden = browser.evaluate(
        "[...document.querySelectorAll('details td, details li')].filter(e => !e.checkVisibility("
        "{contentVisibilityAuto: true, contentVisibilityProperty: true})).length"
    )
    assert hidden == 0


def test_on_a_phone_the_graph_of_states_scrolls_inside_its_box(
    browser: Browser, report: str
) -> None:
    browser.screen(**SCREENS["phone"])
    browser.open(report)
    drawn, box, screen = browser.evaluate(
        "(() => { const box = document.querySelector('.states .scroll');"
        "return [box.scrollWidth, box.clientWidth, innerWidth] })()"
    )
    assert drawn > box
    assert box <= screen


def test_a_report_without_a_forecast_opens_too(browser: Browser, tmp_path: Path) -> None:
    uri = write_report(ordered(), tmp_path).as_uri()
    browser.screen(**SCREENS["phone"])
    browser.open(uri)
    assert requests(browser) == [uri]
    assert complaints(browser) == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= SCREENS["phone"]["width"]


def test_on_paper_everything_is_open(browser: Browser, report: str) -> None:
    browser.screen(**SCREENS["paper"])
    browser.open(report)
    browser.evaluate("document.querySelectorAll('details').forEach(e => e.open = false)")
    hidden = browser.evaluate(
        "[...document.querySelectorAll('details li')].filter(e => !e.checkVisibility("
        "{contentVisibilityAuto: true, contentVisibilityProperty: true})).length"
    )
    assert hidden == 0


@pytest.mark.parametrize("screen", ["desktop", "dark", "phone"])
def test_charts_follow_the_page(browser: Browser, report: str, screen: str) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(report)
    ink, text, drawn = browser.evaluate(
        "[getComputedStyle(document.documentElement).getPropertyValue('--ink'),"
        "getComputedStyle(document.body).color,"
        "getComputedStyle(document.querySelector('svg text[font-weight]')).fill]"
    )
    assert ink == ("#e7eaef" if screen == "dark" else "#1b2230")
    assert text == drawn


def test_a_report_of_next_to_nothing_opens_too(browser: Browser, tmp_path: Path) -> None:
    uri = write_report(bare(), tmp_path).as_uri()
    browser.screen(1280)
    browser.open(uri)
    assert requests(browser) == [uri]
    assert complaints(browser) == []


@pytest.mark.skipif(not AXE, reason="STANDOFF_AXE does not name an axe.min.js")
@pytest.mark.parametrize("draws", [False, True])
@pytest.mark.parametrize("screen", ["desktop", "dark", "phone"])
def test_there_is_no_serious_barrier(
    browser: Browser, report: str, with_draws: str, screen: str, draws: bool
) -> None:
    browser.screen(**SCREENS[screen])
    browser.open(with_draws if draws else report)
    browser.evaluate(f"{Path(AXE).read_text('utf-8')}; 0")
    found = browser.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id]))")
    assert [each for each in found if each[0] in ("serious", "critical")] == []
