"""`standoff test --draws`: the share of draws in which each expectation holds."""

import json
from pathlib import Path

import pytest

from calling import Call
from standoff import expectation_shares, load

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))


def test_each_line_says_in_what_share_of_draws_it_holds(call: Call) -> None:
    status, out, err = call("test", STRAIT, "--draws", "8")
    assert (status, err) == (1, "")
    found = expectation_shares(load(STRAIT), draws=8)
    said = " ".join(out.split())
    assert said.count("In 8 draws:") == 2
    for each in found.values():
        assert each.share is not None
        assert f"{each.share:.0%} of them (±" in said


def test_json_holds_the_share_its_error_and_the_draws(call: Call) -> None:
    data = json.loads(call("test", STRAIT, "--draws", "8", "--json")[1])
    for name, each in expectation_shares(load(STRAIT), draws=8).items():
        assert data[name]["share"] == each.share
        assert data[name]["share_error"] == pytest.approx(each.error)
        assert (data[name]["draws"], data[name]["seed"]) == (8, 0)
        assert data[name]["no_share_because"] is None


def test_without_draws_nothing_is_said_of_them(call: Call) -> None:
    for more in ((), ("--draws", "0")):
        assert "draw" not in call("test", STRAIT, *more)[1].replace("withdraw", "")
        data = json.loads(call("test", STRAIT, "--json", *more)[1])
        assert all("share" not in each for each in data.values())


def test_conditions_that_run_are_said_to_have_no_share(call: Call, tmp_path: Path) -> None:
    text = Path(STRAIT).read_text().replace(
        "expects:",
        "expects:\n  lasts:\n    claim: It lasts.\n    stable: {concept: nash, for: patron, "
        "states: patron.stance == aside, conditions: running}",
    )  # fmt: skip
    file = tmp_path / "crisis.yaml"
    file.write_text(text)
    said = " ".join(call("test", str(file), "--draws", "2")[1].split())
    assert "No share of draws: draws are taken with conditions held" in said


def test_a_crisis_that_only_orders_states_is_never_uncertain(call: Call) -> None:
    out = call("test", "chicken", "--draws", "2")[1]
    assert "In 2 draws: always so, as nothing is uncertain." in out
