"""`standoff explain`: what an answer rests on, on the screen and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.cli import main

Call = Callable[..., tuple[int, str, str]]

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
MINES = ("explain", STRAIT, "--question", "mines", "--workers", "1")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_first_sentence_is_the_answer_and_then_comes_what_carries_it(call: Call) -> None:
    status, out, err = call(*MINES)
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "Will the South lay mines within 30 days? Very likely (82%)." in said
    assert said.index("WHAT CARRIES IT") < said.index("WHAT WOULD CHANGE IT")
    assert "never" in said or "crosses" in said


def test_json_holds_the_shares_and_the_tipping_points(call: Call) -> None:
    found = json.loads(call(*MINES, "--json")[1])
    shares = found["attribution"]
    assert shares["by"] in ("claim", "passage")
    total = sum(each["share"] for each in shares["shares"])
    assert total == pytest.approx(shares["central"] - shares["without"], abs=1e-9)
    assert set(found["claims"]) >= {path for each in shares["shares"] for path in each["claims"]}
    assert found["answer"]["central"] == pytest.approx(shares["central"], abs=1e-3)
    lines = {point["threshold"] for point in found["tipping_points"]}
    assert lines == {0.5, 0.8, 0.95}


@pytest.mark.parametrize("by", ["claim", "passage", "actor", "kind"])
def test_the_answer_can_be_shared_out_otherwise(call: Call, by: str) -> None:
    found = json.loads(call(*MINES, "--json", "--by", by, "--orders", "2")[1])
    assert found["attribution"]["by"] == by


def test_a_source_can_be_retracted(call: Call) -> None:
    status, out, err = call(*MINES, "--retract", "brief")
    assert (status, err) == (0, "")
    assert out.startswith("Without brief: ")
    found = json.loads(call(*MINES, "--retract", "brief", "--json")[1])["retracted"]
    assert found["brief"]["mines"]["central"] == pytest.approx(0.816, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", STRAIT), "--question is missing"),
        (("explain", STRAIT, "--question", "mine"), "mines"),
        ((*MINES, "--by", "clam"), "claim"),
        ((*MINES, "--orders", "1"), "--orders"),
        ((*MINES, "--retract", "nobody"), "no claim cites"),
        (("explain", STRAIT, "--question", "calm"), "lasting"),
        (("explain", "chicken", "--question", "x"), "standoff stability"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
