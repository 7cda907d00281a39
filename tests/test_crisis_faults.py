"""The catalogue of broken files: each with the message it must give, word for word.

`python tests/test_crisis_faults.py` writes the snapshots anew; read every one that changed.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable
from contextlib import chdir, suppress
from pathlib import Path

import polars  # noqa: F401 (so that the first file with a table does not pay for it)
import pytest

import standoff
from standoff.crisis import CODES, CrisisError, Fault, check_file, render
from standoff.crisis.compose import compose

FOLDER = Path(__file__).parent / "faults"
STRAIT = (FOLDER / "statement-call.yaml").read_text("utf-8").replace("any(south.mines)", "EVENT")
CHAIN = "".join(f"  d{at}: not d{at + 1}\n" for at in range(500))
DEFINITIONS = f"definitions:\n{CHAIN}  d500: south.mines\n"


def _write(content: str | bytes, name: str = "") -> Callable[[Path, str], None]:
    """Return what puts a file into a folder, under the name of its case if no other is given."""
    data = content.encode() if isinstance(content, str) else content
    return lambda folder, case: (folder / (name or f"{case}.yaml")).write_bytes(data) and None


def _noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


# What cannot lie in the repository as a file: what is no text, too large, or no file at all.
MADE: dict[str, Callable[[Path, str], None]] = {
    "no-such-file": _write("crisis: Other", "other.yaml"),
    "no-such-name": _write("crisis: Other", "other.yaml"),
    "misspelt-file": _write("crisis: Other", "misspelt-flie.yaml"),
    "folder-without-a-crisis": _write("a: 1", "notes.yaml"),
    "not-utf-8": _write("crisis: Der Süden".encode("latin-1")),
    "utf-16": _write("crisis: The South".encode("utf-16")),
    "noise": _write(_noise(2_000)),
    "noise-that-is-text": _write(
        "".join(random.Random(2).choices("abc: {}[]#&*!|>'\"%@`\n -", k=290_000))
    ),
    "ten-megabytes-of-noise": _write(_noise(10_000_000)),
    "very-many-entries": _write("crisis: [" + "a, " * 90_000 + "a]"),
    "nested-too-deep": _write("crisis: " + "[" * 5_000 + "]" * 5_000),
    "statement-too-long": _write(STRAIT.replace("EVENT", " or ".join(["south.mines"] * 900))),
    "statement-with-many-nots": _write(STRAIT.replace("EVENT", "not " * 900 + "south.mines")),
    "long-chain-of-definitions": _write(
        STRAIT.replace("EVENT", "south.mines").replace("definitions:\n", DEFINITIONS)
    ),
}
GIVEN = {
    "no-such-file": "no-such-file.yaml",
    "no-such-name": "karabakh-1994",
    "misspelt-file": "misspelt-file.yaml",
    "folder-without-a-crisis": ".",
}
SEVERAL = {"several-faults": 6, "twenty-three-faults": 23}
"""The files with more than one fault; every other has exactly one."""

WRITTEN = sorted(path.stem for path in FOLDER.glob("*.yaml"))
CASES = [*WRITTEN, *sorted(MADE)]


def _faults_of(case: str, folder: Path) -> tuple[Fault, ...]:
    """Load a case from its folder, as a user would, and return its faults."""
    if case in MADE:
        MADE[case](folder, case)
    with chdir(folder if case in MADE else FOLDER), pytest.raises(CrisisError) as caught:
        standoff.load(GIVEN.get(case, f"{case}.yaml"))
    assert str(caught.value) == render(caught.value.faults)
    return caught.value.faults


def _snapshot(case: str) -> Path:
    return FOLDER / f"{case}.txt"


@pytest.mark.parametrize("case", CASES)
def test_a_broken_file_gives_the_message_that_was_read_and_approved(
    case: str, tmp_path: Path
) -> None:
    started = time.perf_counter()
    faults = _faults_of(case, tmp_path)
    assert time.perf_counter() - started < 2
    assert render(faults) + "\n" == _snapshot(case).read_text("utf-8")
    assert len(faults) == SEVERAL.get(case, 1)


@pytest.mark.parametrize("case", CASES)
def test_every_fault_has_a_known_code_and_a_place_in_the_file(case: str, tmp_path: Path) -> None:
    for fault in _faults_of(case, tmp_path):
        assert fault.code in CODES
        assert fault.severity == "error"
        assert "Traceback" not in str(fault)
        assert "pydantic" not in str(fault).casefold()
        if fault.line:
            path = tmp_path / fault.file if case in MADE else FOLDER / fault.file
            lines = path.read_text("utf-8", errors="replace").splitlines()
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert json.loads(json.dumps(fault.as_json())).keys() == {
            "code", "severity", "message", "file", "line", "column", "help",
        }  # fmt: skip
        assert "\n" not in fault.short


def test_the_catalogue_covers_every_code_of_an_error() -> None:
    shown = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.txt"))
    wanted = {code for code in CODES if code.startswith("SO")}
    # That a file may not be readable depends on the system; it has a test of its own.
    assert wanted - set(re.findall(r"SO\d{3}", shown)) == {"SO003"}


def test_there_is_no_snapshot_without_a_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "pipe.yaml").touch()
    os.remove(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(CrisisError, match=r"error\[SO003\]: this is not a regular file"):
        standoff.load(tmp_path / "pipe.yaml")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("levels: [calm, storm]", "levels: 7", "SO032"),
        ("levels: [calm, storm]", "levels: [calm, is]", "SO033"),
        ("blockade: [none, partial, full]", "blockade: {kind: none}", "SO030"),
        ("options:\n      mines", "controls:\n      mines", "SO030"),
        ("  north:\n    decides", "  north: a country\n  east:\n    decides", "SO032"),
        ("- {from: calm, to: storm,", "- {", "SO031"),
        ("as_of: 2026-01-10", "when: early in the year", "SO030"),
    ],
)
def test_what_only_follows_from_a_fault_is_not_a_fault(old: str, new: str, code: str) -> None:
    text = STRAIT.replace("EVENT", "south.mines")
    assert text.count(old) == 1
    with pytest.raises(CrisisError) as caught:
        standoff.loads(text.replace(old, new))
    assert {fault.code for fault in caught.value.faults} == {code}
    assert len(caught.value.faults) == (2 if code == "SO031" else 1)


@pytest.mark.parametrize("section", ["actors", "conditions", "definitions", "sources", "questions"])
def test_a_section_that_cannot_be_read_is_one_fault(section: str) -> None:
    data = compose(STRAIT.replace("EVENT", "confrontation and weather == storm"), "x")[0].data
    with pytest.raises(CrisisError) as caught:
        standoff.loads(json.dumps({**data, section: "to be written"}))
    assert [fault.message for fault in caught.value.faults] == ["expected a mapping, got text"]


def test_twenty_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    text = str(_snapshot("twenty-three-faults").read_text("utf-8"))
    assert text.count("error[") == 20
    assert text.endswith("\n\nand 3 more\n")


def test_checking_a_file_gives_the_same_faults_as_loading_it() -> None:
    case = FOLDER / "several-faults.yaml"
    with pytest.raises(CrisisError) as caught:
        standoff.load(case)
    assert tuple(check_file(case)) == caught.value.faults


def test_faults_of_a_text_carry_the_name_it_is_given() -> None:
    with pytest.raises(CrisisError, match="--> my notes:1:1"):
        standoff.loads("a: 1", name="my notes")


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    with pytest.raises(CrisisError) as caught:
        standoff.loads('crisis: The strait\nactors: "\x1b[31mred"\n')
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("seed", range(3))
def test_random_damage_never_shows_more_than_faults(seed: int) -> None:
    good = (FOLDER / "unknown-actor.yaml").read_text("utf-8").replace("souht", "south")
    rng = random.Random(seed)
    for _ in range(40):
        text = good
        for _ in range(rng.choice([1, 2, 4])):
            at = rng.randrange(len(text))
            cut = rng.choice([0, 0, 1, 4, 30])
            put = rng.choice(
                ["", "{", "]", "\n", "\t", ": ", "- ", "&a ", "*a ", "'", '"', "==", "é", "~", "0"]
            )
            text = text[:at] + put + text[at + cut :]
        with suppress(CrisisError):
            standoff.loads(text)


if __name__ == "__main__":
    import tempfile

    for each in CASES:
        with tempfile.TemporaryDirectory() as folder:
            _snapshot(each).write_text(render(_faults_of(each, Path(folder))) + "\n", "utf-8")
