"""`standoff keep`, `ledger`, `resolve`, `score`: on the screen, as JSON, and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calling import Call
from ledger_contract import assessment
from standoff.present.report_scores import ledger_scores
from standoff.study.ledger import Ledger
from standoff.study.ledger_scores import score_ledger

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
MINES = ("keep", STRAIT, "--question", "mines", "--draws", "0", "--workers", "1")
FILE = "standoff-ledger.sqlite"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("STANDOFF_LEDGER", "STANDOFF_WHO"):
        monkeypatch.delenv(name, raising=False)


def document(call: Call, *arguments: str, status: int = 0) -> Any:
    found, out, err = call(*arguments, "--json")
    assert found == status, err or out
    assert err == ""
    return json.loads(out)


def kept(**changes: Any) -> Ledger:
    """A ledger in the current folder with one forecast more, whose question is open for long."""
    ledger = Ledger(FILE)
    ledger.keep_assessments([assessment(**{"closes": date(2500, 1, 1)} | changes)], who="ann")
    return ledger


# keep -------------------------------------------------------------------------------------------


def test_a_forecast_is_kept_as_forecast_gives_it(call: Call) -> None:
    given = ("--question", "mines", "--draws", "4", "--under", "bluff", "--seed", "3")
    asked = document(call, "forecast", STRAIT, *given)["questions"]["mines"]
    (found,) = document(call, "keep", STRAIT, *given, "--who", "ann")["kept"]
    same = ("probability", "interval", "central", "draws", "words", "as_of", "closes", "lineage")
    assert {key: found["forecast"][key] for key in same} == {key: asked[key] for key in same}
    assert found["forecast"]["settings"]["seed"] == 3
    assert (found["id"], found["who"], found["outcome"]) == ("mines-1", "ann", None)


def test_the_screen_says_what_was_kept_and_where(call: Call) -> None:
    status, out, err = call(*MINES)
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "Kept as mines-1 Will the South lay mines within 30 days? Very likely (82%)." in said
    assert f"Ledger: {os.path.abspath(FILE)} (the default)" in out.splitlines()  # to copy whole
    assert max(map(len, out.splitlines()[:-1])) <= 80


def test_what_can_no_longer_be_a_forecast_and_what_nothing_decides_is_said(call: Call) -> None:
    out = " ".join(call("keep", STRAIT, "--draws", "0", "--workers", "1")[1].split())
    assert "so that it is no forecast: mines-1," in out
    assert "does not say what decides it (`resolves`): mines_90-2," in out


def test_without_questions_there_is_nothing_to_keep(call: Call, tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text(
        "crisis: Bare\nactors: {a: {decides: every day, looks_ahead: 9 days, options: {o: [x, y]},"
        " interests: {i: {seeks: o == y, weight: major}}}}\n"
    )
    status, out, err = call("keep", "bare.yaml")
    assert (status, out) == (2, "")
    assert "nothing to keep" in err
    assert not Path(FILE).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keep", "nowhere"), "nowhere"),
        ((*MINES, "--ledger", "no/such/folder.sqlite"), "there is no folder"),
        ((*MINES, "--ledger", "."), "this is a folder"),
        ((*MINES, "--ledger", ""), "--ledger: it is empty"),
        ((*MINES, "--ledger", STRAIT), "a file of another kind"),
        ((*MINES, "--ledger", "mysql://a:secret@b/c"), "no kind of ledger"),
        (("keep", STRAIT, "--question", "mine"), "mines"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_computed(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())
    assert "secret" not in err
    assert "Traceback" not in err
    assert not Path(FILE).exists()


# Where the ledger is ----------------------------------------------------------------------------


def test_the_option_comes_before_the_variable_and_that_before_the_default(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(*more: str) -> tuple[str, str]:
        out = " ".join(call(*MINES, *more)[1].split())
        path, _, who = out.rpartition("Ledger: ")[2].partition(" (")
        return Path(path).name, who.rstrip(")")

    assert place() == (FILE, "the default")
    monkeypatch.setenv("STANDOFF_LEDGER", "team.sqlite")
    assert place() == ("team.sqlite", "named by STANDOFF_LEDGER")
    assert place("--ledger", "mine.sqlite") == ("mine.sqlite", "named by --ledger")
    assert {FILE, "team.sqlite", "mine.sqlite"} == set(os.listdir())


def test_who_signs(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "login")
    monkeypatch.setenv("LOGNAME", "login")
    call(*MINES)
    monkeypatch.setenv("STANDOFF_WHO", "Desk 3")
    call(*MINES)
    call(*MINES, "--who", "Ann")
    found = document(call, "ledger")["forecasts"]
    assert [each["who"] for each in found] == ["login", "Desk 3", "Ann"]


# ledger -----------------------------------------------------------------------------------------


def test_the_ledger_is_a_table_of_its_forecasts(call: Call) -> None:
    kept()
    kept(question="a_question_with_a_very_long_name_that_goes_on", closes=date(2020, 1, 1))
    kept().resolve("mines-3", "yes", source="Reuters")
    status, out, err = call("ledger")
    assert (status, err) == (0, "")
    first, mines, *_ = out.splitlines()
    assert first.split() == ["Forecast", "Kept", "Closes", "Said", "Came", "out"]
    assert mines.startswith("mines-1 ")
    assert "likely (70%; 10-90%)" in mines
    assert mines.endswith("open")
    assert "*: kept after the question had closed" in out
    assert "3 forecasts: 1 resolved and 2 open." in out
    assert max(map(len, out.split("Ledger:")[0].splitlines())) <= 80


def test_an_empty_ledger_and_none_at_all_are_told_apart(call: Call) -> None:
    status, _, err = call("ledger")
    assert status == 2
    assert "there is no ledger; `standoff keep CRISIS` begins one" in " ".join(err.split())
    Path(FILE).touch()
    assert "The ledger is empty" in call("ledger")[1]
    assert document(call, "ledger")["forecasts"] == []


def test_one_forecast_can_be_shown_by_any_of_its_names(call: Call) -> None:
    ledger = kept()
    entry = ledger.resolve("mines-1", "yes", source="Reuters, 3 Feb", note="Seen by two.")
    out = call("ledger", "show", "mines-1")[1]
    for said in ("Reported by two agencies.", "Reuters, 3 Feb", "Seen by two.", "not true when",
                 "under bluff", "64; 70.0% at central values", "standoff 0.1.0"):  # fmt: skip
        assert said in " ".join(out.split())
    assert out == call("ledger", "show", "1")[1] == call("ledger", "show", entry.id)[1]
    assert document(call, "ledger", "show", "1")["resolutions"][0]["source"] == "Reuters, 3 Feb"


def test_a_title_that_would_steer_the_terminal_is_shown_without_its_codes(call: Call) -> None:
    kept(asks="\x1b[31mred\x1b[0m?", crisis="\u202eevil")
    out = call("ledger", "show", "1")[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_verify_says_that_everything_fits_or_where_it_does_not(call: Call) -> None:
    import sqlite3

    kept()
    head = kept().entries()[-1].hash
    status, out, _ = call("ledger", "verify")
    assert status == 0
    assert head in out
    assert document(call, "ledger", "verify", "--head", head[:10])["fits"] is True
    raw = sqlite3.connect(FILE)
    raw.execute("DROP TRIGGER standoff_ledger_no_update")
    raw.execute("UPDATE standoff_ledger SET body = replace(body, '0.7', '0.9') WHERE number = 2")
    raw.commit()
    raw.close()
    status, out, err = call("ledger", "verify")
    assert (status, err) == (1, "")
    assert "At entry 2 of 2: mines-2 does not fit its hash" in " ".join(out.split())
    found = document(call, "ledger", "verify", status=1)
    assert (found["fits"], found["at"]) == (False, 2)
    assert document(call, "ledger", "verify", "--head", "0" * 64, status=1)["fits"] is False


def test_a_sealed_forecast_is_revealed(call: Call) -> None:
    sealed = document(call, *MINES, "--seal")
    (found,) = sealed["kept"]
    assert found["forecast"] is None
    assert Path(sealed["seals"], f"{found['commitment'][:16]}.json").exists()
    assert f"sealed as {found['commitment'][:12]}" in call("ledger")[1]
    out = call(*MINES, "--seal", "--seals", "elsewhere")[1]
    assert "publish this:" in out
    assert f"Seals: {os.path.abspath('elsewhere')}" in out.splitlines()
    assert "Whoever loses the file loses the forecast" in out
    told = " ".join(call("ledger", "reveal", "1")[1].split())
    assert "Revealed, and it fits the hash that was published: revealed-3." in told
    assert "very likely (82%)" in told
    status, _, err = call("ledger", "reveal", "sealed-2")
    assert status == 2
    assert "nobody can show what was sealed" in " ".join(err.split())
    found = document(call, "ledger", "reveal", "2", "--seals", "elsewhere")
    assert found["forecast"]["question"] == "mines"
    assert document(call, "ledger", "verify")["fits"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ledger", "show"), "needs an ID"),
        (("ledger", "reveal"), "needs an ID"),
        (("ledger", "verify", "mines-1"), "takes no ID"),
        (("ledger", "shwo", "mines-1"), "did you mean `show`?"),
        (("ledger", "show", "mine-1"), "Did you mean 'mines-1'?"),
        (("ledger", "--head", "a" * 10), "verify"),
        (("ledger", "verify", "--head", "a"), "8 digits"),
        (("resolve", "mines-1", "--source", "a"), "--outcome"),
        (("resolve", "mines-1", "--outcome", "yes"), "--source"),
        (("resolve", "mines-1", "--outcome", "maybe", "--source", "a"), "not one of yes, no"),
        (("resolve", "mines-1", "--outcome", "no", "--source", "a"), "--early"),
        (("resolve", "mines-1", "--outcome", "no", "--source", " "), "needs a source"),
        (("resolve", "mine-1", "--outcome", "yes", "--source", "a"), "Did you mean 'mines-1'?"),
        (("resolve", "1", "--outcome", "yes", "--source", "a", "--correct"), "nothing to correct"),
        (("score", "--by", "claim"), "--postmortem"),
        (("score", "--postmortem", "mines-1", STRAIT), "standoff resolve mines-1"),
        (("score", "--postmortem", "mines-1"), "--postmortem"),
    ],
)
def test_what_a_ledger_cannot_do_is_refused(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    ledger = kept()
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert len(ledger.entries()) == 1
    assert said in " ".join(json.loads(call(*arguments, "--json")[1])["error"].split())


# resolve ----------------------------------------------------------------------------------------


def test_a_resolution_is_told_with_what_was_said(call: Call) -> None:
    kept(), kept()
    status, out, err = call(
        "resolve", "mines-1", "--outcome", "yes", "--source", "Reuters", "--who", "bob"
    )
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "Resolved: mines-1 came out as yes (resolved-3)." in said
    assert "It was said to be likely (70%; 10-90%)." in said
    assert "Of the same question, and still open: mines-2." in said
    status, _, err = call("resolve", "mines-1", "--outcome", "no", "--source", "ICRC")
    assert status == 2
    assert "resolved already: yes, by bob" in " ".join(err.split())
    assert "add --correct" in " ".join(err.split())
    again = ("resolve", "1", "--outcome", "no", "--source", "ICRC", "--correct", "--early")
    found = document(call, *again)
    assert found["outcome"] == "no"
    assert [each["outcome"] for each in found["resolutions"]] == ["yes", "no"]
    assert (
        "open again" in call("resolve", "1", "--outcome", "open", "--source", "x", "--correct")[1]
    )


# score ------------------------------------------------------------------------------------------


def test_scores_say_their_form_their_n_and_their_references(call: Call) -> None:
    for number, outcome in enumerate(("yes", "no", "yes"), 1):
        ledger = kept(question=f"q{number}", probability=0.3 * number)
        ledger.resolve(f"q{number}-{2 * number - 1}", outcome, source="a", early=True)
    status, out, err = call("score")
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "Brier score, (p − o)² of each binary question, 0 to 1, lower is better: 0.287" in said
    assert "p clipped to 0.1-99.9%" in said
    assert "3 forecasts; 2 came out as yes." in said
    assert "base rate 3 Brier" in said
    assert "fewer than 20 resolved questions, and there are 3" in said
    assert "samples, seed 0" in said
    found = document(call, "score")
    assert found["scores"]["n"] == 3
    assert list(found["scores"]["skill"]) == ["base rate", "persistence", "uniform"]
    assert "(p - o)^2" in found["scores"]["forms"]["brier"]
    assert found["scores"]["calibration"] is None
    assert [each["brier"] for each in found["forecasts"]] == pytest.approx([0.49, 0.36, 0.01])
    assert call("score", "--json")[1] == call("score", "--json")[1]


def test_with_twenty_questions_there_is_a_calibration(call: Call) -> None:
    ledger = Ledger(FILE)
    ledger.keep_assessments(
        [assessment(question=f"q{n}", closes=date(2500, 1, 1), probability=0.3) for n in range(20)]
    )
    for number in range(20):
        ledger.resolve(str(number + 1), "yes" if number < 6 else "no", source="a", early=True)
    said = " ".join(call("score")[1].split())
    assert "Calibration by 1 likelihood word" in said
    assert "unlikely 20 30% 30% (" in said
    assert document(call, "score")["scores"]["calibration"]["bins"][0]["share"] == 0.3
    section = str(ledger_scores(score_ledger("x", ledger.forecasts(), resamples=10)))
    assert "30% (" in section
    assert ledger_scores(None) is None


def test_before_anything_is_resolved_a_sentence_says_so(call: Call) -> None:
    kept()
    out = " ".join(call("score")[1].split())
    assert "nothing to score" in out
    assert "1 forecast not resolved yet" in out
    assert "resolved yet" in str(ledger_scores(score_ledger("x", kept().forecasts())))


def test_what_was_kept_too_late_is_scored_apart(call: Call) -> None:
    kept(closes=date(2020, 1, 1)).resolve("1", "yes", source="a")
    out = " ".join(call("score")[1].split())
    assert "KEPT AFTER THEIR QUESTION HAD CLOSED" in out
    assert "None is resolved yet" in out
    found = document(call, "score")
    assert (found["scores"], found["late"]["scores"]["n"]) == (None, 1)


def test_a_post_mortem_tells_right_from_wrong(call: Call) -> None:
    call(*MINES)
    call("resolve", "mines-1", "--outcome", "yes", "--source", "a")
    asked = ("--by", "actor", "--workers", "1")
    status, out, err = call("score", "--postmortem", "mines-1", STRAIT, *asked)
    assert (status, err) == (0, "")
    assert "Said: very likely (82%). Came out: yes." in out
    right, wrong = out.split("PUSHED IT THE RIGHT WAY")[1].split("PUSHED IT THE WRONG WAY")
    assert "The South" in right
    assert "Northland" in wrong
    found = document(call, "score", "--postmortem", "1", STRAIT, *asked)
    assert (found["by"], found["same_crisis"]) == ("actor", True)
    assert all(each["share"] > 0 for each in found["right"])
    assert all(each["share"] < 0 for each in found["wrong"])
    other = Path("other.yaml")
    other.write_text(Path(STRAIT).read_text().replace("weight: negligible}", "weight: minor}"))
    status, _, err = call("score", "--postmortem", "1", str(other))
    assert status == 2
    assert "kept from another crisis" in " ".join(err.split())
    out = call("score", "--postmortem", "1", str(other), "--anyway", *asked)[1]
    assert "This is not the crisis that was kept" in " ".join(out.split())


# Start ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["keep", "ledger", "resolve", "score", "backtest"])
def test_help_needs_no_database_and_no_arrays(name: str) -> None:
    code = (
        "import sys; from standoff.cli import main; main([sys.argv[1], '--help']); "
        "sys.exit(' '.join({'sqlalchemy', 'numpy', 'psycopg', 'pydantic'} & set(sys.modules)) or 0)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, name], capture_output=True, text=True, timeout=60
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert max(map(len, found.stdout.splitlines())) <= 80
