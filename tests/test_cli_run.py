"""`standoff run` with draws, and with an answer explained."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import standoff
from standoff.cli.app import main

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; gives its exit status, and what it printed where."""
    status = main([*arguments, "--workers", "1"])
    said = capsys.readouterr()
    return status, said.out, said.err


def found(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> Any:
    status, out, err = call(capsys, "run", STRAIT, "--out", str(folder), "--json", *arguments)
    assert status == 0, err or out
    return json.loads(out)


def test_the_first_exact_question_is_explained_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, err = call(capsys, "run", STRAIT, "--out", str(tmp_path))
    assert (status, err) == (0, "")
    assert "WHAT CARRIES THE ANSWER\nWill the South lay mines within 30 days? Very likely" in out
    assert out.index("WHAT CARRIES THE ANSWER") < out.index("WHAT WOULD CHANGE IT")
    assert 'id="why"' in (tmp_path / "test_cli_strait.html").read_text("utf-8")


def test_no_answer_is_explained_if_none_is_to_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = call(capsys, "run", STRAIT, "--out", str(tmp_path), "--explain", "none")
    assert status == 0
    assert "WHAT CARRIES" not in out
    assert 'id="why"' not in (tmp_path / "test_cli_strait.html").read_text("utf-8")


def test_an_answer_that_is_named_is_explained_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ("--explain", "annexed", "--explain", "annexed", "--levers", "north")
    data = found(capsys, tmp_path, *asked)
    assert list(data["accounts"]) == ["annexed"]
    assert [each["actor"] for each in data["what_if"]["annexed"]["levers"]] == ["north"]
    page = (tmp_path / "test_cli_strait.html").read_text("utf-8")
    assert "Levers of" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--explain", "mins"), "Did you mean 'mines'?"),
        (("--explain", "calm"), "something lasting"),
        (("--levers", "norht"), "Did you mean 'north'?"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    status, out, err = call(capsys, "run", STRAIT, "--out", str(tmp_path), *arguments)
    assert (status, out) == (2, "")
    assert message in " ".join(err.split())
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_draws_stand_on_the_screen_in_the_report_and_in_the_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ("--draws", "8", "--explain", "none", "--without", "north.red_lines.patron")
    data = found(capsys, tmp_path, *arguments)
    assert data["draws"] == 8
    for each in data["questions"].values():
        assert len(each["spread"]["values"]) == 8
        low, high = each["interval"]
        assert low <= each["probability"] <= high or each["spread"]["error"] == 0
    assert data["scenarios"]["draws"] == 8
    status, out, _ = call(capsys, "run", STRAIT, "--out", str(tmp_path), *arguments)
    assert status == 0
    assert "means over 8 draws" in " ".join(out.split())
    assert re.search(r"30 days: [a-z ]+ \(\d+%; [^)]*%\)", out)
    assert "\nSCENARIOS\n" in out
    page = (tmp_path / "test_cli_strait.html").read_text("utf-8")
    assert page.count("5-95% of draws:") == 5


def test_there_are_64_draws_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import standoff.study.analysis

    asked: list[int] = []
    real = standoff.study.analysis.analyse

    def analyse(crisis: standoff.Crisis, **given: Any) -> standoff.Analysis:
        asked.append(given["draws"])
        return real(crisis, **given | {"draws": 0})

    monkeypatch.setattr(standoff.study.analysis, "analyse", analyse)
    assert call(capsys, "run", STRAIT, "--out", str(tmp_path), "--explain", "none")[0] == 0
    assert asked == [64]


def test_scenarios_are_left_out_where_their_library_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import standoff.study.analysis

    assert "standoff.study.analysis" in sys.modules
    monkeypatch.setattr(standoff.study.analysis, "find_spec", lambda _name: None)
    status, out, _ = call(
        capsys, "run", STRAIT, "--out", str(tmp_path), "--draws", "4", "--explain", "none"
    )
    assert status == 0
    assert "\nSCENARIOS\n" not in out
    assert "pip install 'standoff[explore]'" in " ".join(out.split())
