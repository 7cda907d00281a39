"""The command line, as its users meet it: what is printed where, and with which exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standoff.cli import main, output
from standoff.cli.app import COMMANDS

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
BARE = ("--explain", "none", "--draws", "0")

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in this process; gives its exit status, and what it printed where."""
    report = types.ModuleType("standoff.present.report")

    def write_report(analysis: object, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<html>")
        return path

    report.write_report = write_report  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "standoff.present.report", report)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def document(call: Call, *arguments: str, status: int = 0) -> Any:
    """The JSON document that a command prints, and nothing else."""
    found, out, err = call(*arguments, "--json")
    assert found == status, err or out
    assert err == ""
    return json.loads(out)


# Every command ----------------------------------------------------------------------------------


def test_help_names_every_command(call: Call) -> None:
    status, out, err = call("--help")
    assert (status, err) == (0, "")
    assert all(f"\n  {usage}" in out for usage, _ in COMMANDS.values())


def test_no_command_at_all_prints_the_help_and_is_refused(call: Call) -> None:
    status, out, _ = call()
    assert status == 2
    assert out.startswith("usage: standoff COMMAND")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_fits_a_narrow_terminal(call: Call, name: str) -> None:
    status, out, err = call(name, "--help")
    assert (status, err) == (0, "")
    assert "--json" in out
    assert max(map(len, out.splitlines())) <= 80
    assert call("help", name)[1] == out


def test_version(call: Call) -> None:
    status, out, _ = call("--version")
    assert status == 0
    assert out.startswith("standoff 0.")


CENTRAL = ("--draws", "0")

# forecast ---------------------------------------------------------------------------------------


def test_forecast_json_has_the_keys_of_the_contract(call: Call) -> None:
    questions = document(call, "forecast", STRAIT, *CENTRAL)["questions"]
    assert list(questions) == ["mines", "mines_90", "annexed", "open", "calm"]
    mines = questions["mines"]
    assert mines["central"] == pytest.approx(0.816, abs=0.01)
    assert mines["words"] == "very likely"
    assert (mines["probability"], mines["interval"], mines["draws"]) == (None, None, 0)
    assert mines["curve"][0] == [0.0, 0.0]
    assert mines["curve"][-1] == [30.0, mines["central"]]
    assert (mines["as_of"], mines["closes"], mines["days"]) == ("2026-01-10", "2026-02-09", 30.0)
    assert mines["situation"] == "january"
    assert mines["lineage"] == ["in situation january"]
    assert mines["settings"] == {"depth": 4, "tau": 1.5, "seed": 0, "paths": 4000}
    assert mines["error"] is None
    assert questions["calm"]["error"] > 0


def test_forecast_answers_the_questions_that_are_named(call: Call) -> None:
    found = document(
        call, "forecast", STRAIT, *CENTRAL, "--question", "open", "--question", "mines"
    )
    assert list(found["questions"]) == ["open", "mines"]


def test_forecast_in_text_gives_the_word_with_the_number(call: Call) -> None:
    status, out, err = call("forecast", STRAIT, *CENTRAL, "--question", "mines")
    assert (status, err) == (0, "")
    assert "very likely (82%)" in out
    assert "that south.mines becomes true within 30 days" in out


def test_the_same_seed_gives_the_same_bytes(call: Call) -> None:
    calm = ("forecast", STRAIT, *CENTRAL, "--question", "calm", "--json", "--seed")
    assert call(*calm, "3")[1] == call(*calm, "3")[1]
    assert call(*calm, "3")[1] != call(*calm, "4")[1]


def test_depth_zero_means_that_nobody_moves(call: Call) -> None:
    found = document(call, "forecast", STRAIT, *CENTRAL, "--question", "mines", "--depth", "0")
    assert found["questions"]["mines"]["central"] == 0


def test_draws_give_a_mean_an_interval_and_the_whole_distribution(call: Call) -> None:
    asked = ("forecast", STRAIT, "--question", "mines", "--draws", "8", "--seed", "2")
    mines = document(call, *asked)["questions"]["mines"]
    spread = mines["spread"]
    assert mines["draws"] == len(spread["values"]) == 8
    assert mines["probability"] == pytest.approx(sum(spread["values"]) / 8)
    low, high = mines["interval"]
    assert min(spread["values"]) <= low <= mines["probability"] <= high <= max(spread["values"])
    assert spread["seed"] == 2
    assert spread["fan"][0] == [0.0] * 6
    assert spread["mean"][-1] == [30.0, pytest.approx(mines["probability"])]
    assert mines["central"] == pytest.approx(0.816, abs=0.01)


def test_draws_are_said_with_the_number(call: Call) -> None:
    status, out, err = call("forecast", STRAIT, "--question", "mines", "--draws", "8")
    assert (status, err) == (0, "")
    assert re.search(r"\([\d.]+%; [\d-]+%\)", out)
    assert "81.7% at central values" in out
    assert "means over 8 draws" in " ".join(out.split())


def test_the_same_draws_whoever_computes_them(call: Call) -> None:
    asked = ("forecast", STRAIT, "--question", "mines", "--draws", "8", "--json", "--workers")
    assert call(*asked, "1")[1] == call(*asked, "2")[1]


VIEWS = {
    "holding patron.stance = fight": ("--holding", "patron.stance=fight"),
    "starting with south.appeal = yes, weather = storm": (
        *("--starting", "south.appeal=yes"),
        *("--starting", "weather = storm"),
    ),
    "without north.red_lines.mines, south.interests.survive": (
        *("--without", "north.red_lines.mines"),
        *("--without", "south.interests.survive"),
    ),
    "with north.interests.cost.weight = 0.5..1": ("--with", "north.interests.cost.weight=0.5..1"),
    "with weather.calm.storm = every 3 days": ("--with", "weather.calm.storm=every 3 days"),
    "under bluff": ("--under", "bluff"),
    "as seen by north": ("--seen-by", "north"),
}


@pytest.mark.parametrize("line", VIEWS)
def test_views_leave_their_line_in_the_lineage(call: Call, line: str) -> None:
    found = document(call, "forecast", STRAIT, *CENTRAL, "--question", "mines", *VIEWS[line])
    assert found["questions"]["mines"]["lineage"] == ["in situation january", line]


def test_views_nest_in_the_order_given(call: Call) -> None:
    views = ("--seen-by", "south", "--seen-by", "north")
    found = document(call, "forecast", STRAIT, *CENTRAL, "--question", "mines", *views)
    lineage = found["questions"]["mines"]["lineage"]
    assert lineage[1:] == ["as seen by south", "as seen by north"]


def test_another_situation_than_the_questions_own(call: Call) -> None:
    found = document(
        call, "forecast", STRAIT, *CENTRAL, "--question", "mines", "--situation", "autumn"
    )
    assert found["questions"]["mines"]["as_of"] == "2025-10-01"


# test -------------------------------------------------------------------------------------------


def test_expectations_that_fail_end_with_one(call: Call) -> None:
    found = document(call, "test", STRAIT, status=1)
    assert {name: verdict["holds"] for name, verdict in found.items()} == {
        "deterred": False,
        "mined": True,
    }
    assert found["deterred"]["by"] == "1.2x"
    assert found["deterred"]["source"] == "brief p8"
    assert found["deterred"]["more_likely"] == pytest.approx(found["deterred"]["than"])
    assert (found["mined"]["at_least"], found["mined"]["at_most"]) == (0.55, None)
    status, out, _ = call("test", STRAIT)
    assert status == 1
    assert "FAILS  deterred  brief p8" in out
    assert "1 of 2 holds; 1 does not." in out


def test_expectations_that_hold_end_with_zero(call: Call, tmp_path: Path) -> None:
    text = Path(STRAIT).read_text().split("  deterred:")[0]
    file = tmp_path / "fine.yaml"
    file.write_text(text + "  mined: {claim: So., chance: mines, at_least: 55%}\n")
    assert call("test", str(file))[0] == 0


def test_expectations_can_be_computed_of_a_changed_crisis(call: Call) -> None:
    held = document(call, "test", STRAIT, "--holding", "south.mines=no", status=1)
    assert not held["mined"]["holds"]


# run --------------------------------------------------------------------------------------------


def test_run_prints_the_screen_and_says_where_the_report_is(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    status, out, err = call("run", STRAIT, *BARE, "--out", str(folder))
    assert (status, err) == (0, "")
    assert "very likely (82%)" in out
    report = folder / "test_cli_strait.html"
    assert report.exists()
    assert out.endswith(f"\nReport: {report}\n")
    assert "warnings; to see: standoff check" in out


def test_run_writes_to_a_folder_of_its_own_unless_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Report: standoff-report/" in call("run", STRAIT, *BARE)[1]
    assert [path.name for path in tmp_path.iterdir()] == ["standoff-report"]


def test_run_json_has_everything_that_the_screen_has(call: Call, tmp_path: Path) -> None:
    found = document(
        call, "run", STRAIT, *BARE, "--out", str(tmp_path), "--holding", "patron.stance=aside"
    )
    assert set(found["questions"]) == {"mines", "mines_90", "annexed", "open", "calm"}
    assert {view["seen_by"] for view in found["outlooks"]["actors"]} == {
        None,
        "north",
        "south",
        "patron",
    }
    assert [line["path"] for line in found["red_lines"]] == [
        "north.red_lines.mines",
        "north.red_lines.patron",
        "patron.red_lines.treaty",
    ]
    assert found["lineage"] == ["in situation january", "holding patron.stance = aside"]
    assert found["warnings"][0]["code"].startswith("SW")
    assert Path(found["report"]).exists()
    assert set(found["expectations"]) == {"deterred", "mined"}
    assert found["stability"]["lineage"] == found["lineage"]


def test_run_shows_the_level_from_which_a_view_starts(call: Call, tmp_path: Path) -> None:
    _, out, _ = call("run", STRAIT, *BARE, "--out", str(tmp_path), "--starting", "weather=storm")
    assert "weather, now storm" in out
    assert "Views: starting with weather = storm." in out


def test_a_report_that_cannot_be_written_costs_nobody_the_answers(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(analysis: object, path: Path) -> Path:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(sys.modules["standoff.present.report"], "write_report", full)
    status, out, err = call("run", STRAIT, *BARE, "--out", str(tmp_path))
    assert status == 2
    assert "very likely (82%)" in out
    assert "No space left on device" in err
    assert (
        "No space"
        in document(call, "run", STRAIT, *BARE, "--out", str(tmp_path), status=2)["error"]
    )


def test_the_report_is_called_like_the_crisis(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "v1.2"
    folder.mkdir()
    (folder / "crisis.yaml").write_text(Path(STRAIT).read_text())
    monkeypatch.chdir(folder)
    for given in (".", "crisis.yaml", str(folder)):
        assert document(call, "run", given, *BARE)["report"] == "standoff-report/v1.2.html"


def test_run_writes_the_real_report(tmp_path: Path) -> None:
    done = shell("run", STRAIT, *BARE, "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "test_cli_strait.html").stat().st_size > 1000


# show, list, check, explain-error, new ----------------------------------------------------------


def test_show_counts_states(call: Call) -> None:
    found = document(call, "show", STRAIT)
    assert (found["states"], found["possible"]) == (144, 108)
    assert found["actors"]["north"]["options"]["blockade"] == ["none", "partial", "full"]
    assert found["sources"]["brief"]["published"] == "2026-01-10"
    assert "144 combinations of levels, of which 108" in call("show", STRAIT)[1]


def test_list_names_the_shipped_crises(call: Call) -> None:
    assert "karabakh-2020" in document(call, "list")
    status, out, _ = call("list")
    assert status == 0
    assert "karabakh-2020\n" in out


def test_check_says_what_is_wrong_and_where(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "strait.yaml"
    file.write_text(Path(STRAIT).read_text().replace("event: south.mines", "event: suoth.mines"))
    status, out, err = call("check", str(file))
    assert (status, err) == (2, "")
    assert f"  --> {file}:64:12" in out
    assert "did you mean `south" in out
    assert out.endswith("2 errors\n")
    faults = document(call, "check", str(file), status=2)
    assert [fault["line"] for fault in faults] == [64, 70]
    assert set(faults[0]) == {"code", "severity", "message", "file", "line", "column", "help"}
    assert json.loads(call("check", str(file), "--format", "json")[1]) == faults
    short = call("check", str(file), "--format", "short")[1].splitlines()
    assert len(short) == 2
    assert short[0].startswith(f"{file}:64:12: error[")


def test_warnings_are_no_reason_to_fail(call: Call) -> None:
    faults = document(call, "check", STRAIT)
    assert {fault["severity"] for fault in faults} == {"warning"}


def test_a_shipped_crisis_is_not_told_that_it_is_history(call: Call) -> None:
    assert "SW004" not in call("check", "karabakh-2020")[1]


def test_faults_of_any_other_command_go_to_standard_error(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "strait.yaml"
    file.write_text("crisis: Nothing\n")
    for name in ("run", "forecast", "test", "show"):
        status, out, err = call(name, str(file))
        assert (status, out) == (2, "")
        assert f"--> {file}" in err
        found = document(call, name, str(file), status=2)
        assert str(file) in found["error"]
        assert found["faults"][0]["severity"] == "error"


def test_explain_error(call: Call) -> None:
    assert call("explain-error", "SO014")[1].startswith("SO014: ")
    assert document(call, "explain-error", "so014")["code"] == "SO014"


def test_new_writes_a_file_that_loads_and_never_overwrites(call: Call, tmp_path: Path) -> None:
    status, out, _ = call("new", "The Strait", "--out", str(tmp_path))
    file = tmp_path / "the-strait.yaml"
    assert status == 0
    assert str(file) in out
    assert file.read_text().startswith("# yaml-language-server: $schema=")
    assert call("show", str(file))[0] == 0
    file.write_text("mine")
    status, _, err = call("new", "The Strait", "--out", str(tmp_path))
    assert status == 2
    assert "exists already" in err
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "x" * 300, "\x1b[31m", "ñandú 2"])
def test_new_stays_in_its_folder_whatever_the_name(call: Call, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    status, _, err = call("new", name, "--out", str(folder))
    assert status in (0, 2)
    assert "Traceback" not in err
    assert {path.name for path in tmp_path.iterdir()} <= {"in"}
    assert len(list(folder.glob("*.yaml"))) == (status == 0)


# Nonsense ---------------------------------------------------------------------------------------

FORECAST = ("forecast", STRAIT, *CENTRAL)
REFUSED = {
    "command": (("chekc", STRAIT), "did you mean `check`?"),
    "global option": (("--verison",), "did you mean `--version`?"),
    "option": ((*FORECAST, "--qestion", "mines"), "did you mean `--question`?"),
    "option with value": ((*FORECAST, "--sed=3"), "did you mean `--seed`?"),
    "file": (("show", STRAIT.replace("strait", "stait")), "did you mean"),
    "shipped crisis": (("show", "karabak-2020"), "did you mean `karabakh-2020`?"),
    "no crisis": (("run",), "CRISIS is missing"),
    "empty crisis": (("run", ""), "CRISIS: it is empty"),
    "two crises": ((*FORECAST, STRAIT), "does not know what to do with"),
    "question": ((*FORECAST, "--question", "mine"), "Did you mean 'mines'?"),
    "situation": ((*FORECAST, "--situation", "janury"), "Did you mean 'january'?"),
    "two situations": ((*FORECAST, "--situation", "a", "--situation", "b"), "once only"),
    "option of an actor": (
        (*FORECAST, "--holding", "south.mine=yes"),
        "Did you mean 'south.mines'?",
    ),
    "level": ((*FORECAST, "--starting", "patron.stance=figth"), "Did you mean 'fight'?"),
    "no level": ((*FORECAST, "--holding", "patron.stance"), "--holding takes NAME=LEVEL"),
    "two levels": (
        (*FORECAST, "--holding", "weather=calm", "--holding", "weather=storm"),
        "--holding gives `weather` two values",
    ),
    "claim": ((*FORECAST, "--without", "north.red_lines.mine"), "north.red_lines.mines"),
    "path": ((*FORECAST, "--with", "north.interests.cots.weight=1"), "cost.weight"),
    "weight": ((*FORECAST, "--with", "north.interests.cost.weight=mayor"), "--with: "),
    "explanation": ((*FORECAST, "--under", "bluf"), "Did you mean 'bluff'?"),
    "actor": (("run", STRAIT, "--seen-by", "nroth"), "--seen-by: "),
    "impossible start": (
        (*FORECAST, "--starting", "north.annex=yes", "--starting", "south.mines=yes"),
        "can never be",
    ),
    "depth": ((*FORECAST, "--depth", "-1"), "--depth: "),
    "tau": ((*FORECAST, "--tau", "nan"), "--tau: "),
    "seed": ((*FORECAST, "--seed", "1.5"), "--seed: "),
    "memory": ((*FORECAST, "--memory", "lots"), "--memory: "),
    "no value": ((*FORECAST, "--depth"), "--depth needs a value"),
    "too large": ((*FORECAST, "--memory", "1kB"), "more than the limit"),
    "code": (("explain-error", "SO14"), "Did you mean 'SO014'?"),
    "format": (("check", STRAIT, "--format", "shrot"), "did you mean `short`?"),
    "out is a file": (("run", STRAIT, "--out", STRAIT), "is a file, not a folder"),
    "name without a letter": (("new", "///"), "no file can be named"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_refused_in_a_sentence(call: Call, what: str) -> None:
    arguments, said = REFUSED[what]
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("error")
    assert said in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_a_document_where_documents_are_asked_for(call: Call, what: str) -> None:
    arguments, said = REFUSED[what]
    found = document(call, *arguments, status=2)
    assert said in found["error"] or said in json.dumps(found["faults"])


def test_a_fault_of_our_own_is_told_without_a_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(options: object) -> int:
        raise ZeroDivisionError("sorry")

    monkeypatch.setattr("standoff.cli.commands.show.run", fail)
    status, _, err = call("show", STRAIT)
    assert status == 70
    assert err.startswith("error: standoff failed in a way that it should not")
    assert "sorry" in document(call, "show", STRAIT, status=70)["error"]


def test_being_stopped_is_one_line(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("standoff.cli.commands.show.run", stop)
    assert call("show", STRAIT) == (130, "", "stopped\n")


def test_names_of_files_cannot_steer_the_terminal(call: Call) -> None:
    _, out, err = call("check", "a\x1b[31mb")
    assert "\x1b" not in out + err


# Where it is printed ----------------------------------------------------------------------------


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "standoff.cli", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def test_a_reader_who_stops_reading_is_no_error() -> None:
    command = [sys.executable, "-m", "standoff.cli", "show", STRAIT]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), err) == (0, b"")


def test_an_encoding_without_our_signs_is_no_error() -> None:
    done = shell("show", "karabakh-2020", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let standard output pass for a terminal with colours."""
    monkeypatch.setattr("standoff.cli.output.on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return monkeypatch


def test_colour_is_for_terminals_that_want_it(call: Call, terminal: pytest.MonkeyPatch) -> None:
    assert "\x1b[1m" in call("show", STRAIT)[1]
    terminal.setenv("NO_COLOR", "1")
    assert "\x1b" not in call("show", STRAIT)[1]
    terminal.delenv("NO_COLOR")
    terminal.setenv("TERM", "dumb")
    assert "\x1b" not in call("show", STRAIT)[1]


def test_text_is_as_wide_as_the_terminal_and_never_too_wide_to_read(
    call: Call, terminal: pytest.MonkeyPatch
) -> None:
    terminal.setenv("NO_COLOR", "1")
    for columns, widest in (("50", 50), ("90", 90), ("300", 100)):
        terminal.setenv("COLUMNS", columns)
        lines = call("show", "karabakh-2020")[1].splitlines()
        assert widest - 8 < max(map(len, lines)) <= widest


def test_what_is_piped_is_80_columns_wide(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert max(map(len, call("show", "karabakh-2020")[1].splitlines())) <= 80


LAZY = {
    ("--help",): ("numpy", "scipy", "pydantic", "rich", "argparse", "ruamel", "vl_convert"),
    ("run", "--help"): ("numpy", "scipy", "pydantic", "rich", "ruamel", "vl_convert"),
    ("check", STRAIT): ("numpy", "scipy", "rich", "standoff.study", "vl_convert"),
    ("explain-error", "SO014"): ("numpy", "scipy", "rich", "standoff.study", "vl_convert"),
    ("list",): ("numpy", "scipy", "standoff.study", "vl_convert"),
    ("show", STRAIT): ("scipy", "standoff.study", "vl_convert"),
    ("show", STRAIT, "--json"): ("scipy", "rich", "standoff.study", "vl_convert"),
    ("forecast", STRAIT, *CENTRAL, "--json"): ("rich", "vl_convert"),
    ("test", STRAIT): ("vl_convert",),
}


@pytest.mark.parametrize("arguments", LAZY, ids=" ".join)
def test_no_command_imports_what_it_does_not_use(arguments: tuple[str, ...]) -> None:
    code = (
        "import json, sys\n"
        "from standoff.cli import main\n"
        "main(sys.argv[1:])\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stderr.splitlines()[-1])
    assert not set(LAZY[arguments]) & set(loaded)


# Draws that are kept, and that others compute ----------------------------------------------------

FEW = ("--question", "mines", "--depth", "1", "--draws", "16", "--workers", "1")


def test_draws_that_are_kept_are_used_again(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = str(tmp_path / "kept")
    first = document(call, "forecast", STRAIT, *FEW, "--store", store)
    assert first == document(call, "forecast", STRAIT, *FEW)
    assert [file.suffix for file in Path(store).rglob("*.*")] == [".parquet"]
    monkeypatch.setattr("standoff.study.versions.Versions.solve", None)
    assert document(call, "forecast", STRAIT, *FEW, "--store", store) == first


def test_run_keeps_its_draws_too(call: Call, tmp_path: Path) -> None:
    store = tmp_path / "kept"
    how = ("--draws", "2", "--depth", "1", "--out", str(tmp_path), "--store", str(store))
    assert call("run", STRAIT, *BARE, *how)[0] == 0
    assert len(list(store.rglob("*.parquet"))) == 1


@pytest.mark.parametrize("option", ["--store", "--dask"])
def test_what_is_about_draws_is_refused_where_there_are_none(call: Call, option: str) -> None:
    status, out, err = call("forecast", STRAIT, *CENTRAL, option, "here")
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {option} is about draws, and there are to be none\n")


def test_a_damaged_file_of_draws_is_one_sentence(call: Call, tmp_path: Path) -> None:
    assert call("forecast", STRAIT, *FEW, "--store", str(tmp_path))[0] == 0
    (file,) = tmp_path.rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:100])
    status, out, err = call("forecast", STRAIT, *FEW, "--store", str(tmp_path))
    assert (status, out) == (2, "")
    assert f"{file} is cut short" in err.replace("\n", " ")
    assert file.stat().st_size == 100


def test_a_scheduler_that_is_not_there_is_one_sentence(call: Call) -> None:
    status, out, err = call("forecast", STRAIT, *FEW, "--dask", "nowhere")
    assert (status, out) == (2, "")
    assert err.startswith("error: no Dask scheduler answers at `nowhere`; `dask scheduler` starts")


def test_a_store_that_cannot_be_is_refused_before_the_crisis_is_read(
    call: Call, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    status, _, err = call("forecast", "no-such", "--store", str(tmp_path / "file"))
    assert status == 2
    assert "it is a file, not a folder" in err.replace("\n", " ")


def test_a_stored_run_that_is_stopped_says_how_to_go_on_and_does(
    call: Call, tmp_path: Path
) -> None:
    store = tmp_path / "kept"
    how = ("forecast", STRAIT, "--question", "mines", "--draws", "4096", "--workers", "2")
    command = [sys.executable, "-m", "standoff.cli", *how, "--store", str(store)]
    with subprocess.Popen(
        command, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as process:
        while process.poll() is None and not list(store.rglob("*.parquet")):
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all its processes are told
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    said = f"the draws so far are kept in {store}; the same command goes on from them\nstopped\n"
    assert err == said
    there = sorted(store.rglob("*.parquet"))
    before = [file.stat().st_mtime_ns for file in there]
    few = ("--draws", str(sum(map(int, there[-1].stem.split("-")))))
    again = document(call, *how, *few, "--store", str(store))
    assert again == document(call, *how, *few)
    assert [file.stat().st_mtime_ns for file in there] == before


def test_the_time_left_is_that_of_the_work_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Central values took a minute; the draws after them go at a pace of their own."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    told: list[tuple[float, float]] = []
    monkeypatch.setattr(output, "time_left", lambda *given: told.append(given) or "")
    clock = [100.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: clock[0])
    with output.progress() as advance:
        for clock[0], share in (
            (160.0, 1.0),
            (161.0, 0.0),
            (163.0, 0.5),
            (165.0, 0.25),
            (167.0, 0.5),
        ):
            advance("work", share)
    assert told == [(60, 1), (0, 0), (2, 0.5), (0, 0), (2, pytest.approx(1 / 3))]
