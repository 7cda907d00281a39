"""What the package offers, and what it costs to import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import standoff
import standoff.crisis
from standoff.crisis import CODES, UnknownNameError, explained

SOURCE = Path(standoff.__file__).parent


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, standoff; dir(standoff);"
        "heavy = {'numpy', 'scipy', 'pydantic', 'ruamel', 'rich', 'typer'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_crisis_layer_needs_no_arrays() -> None:
    code = "import sys, standoff.crisis; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("module", [standoff, standoff.crisis])
def test_public_names_are_sorted_and_exist(module: object) -> None:
    names: list[str] = module.__all__  # type: ignore[attr-defined]
    classes = [name for name in names if name[0].isupper()]
    others = [name for name in names if not name[0].isupper()]
    assert len(set(names)) == len(names)
    assert names == [
        *(n for n in classes if n.isupper()),
        *sorted(n for n in classes if not n.isupper()),
        *sorted(others),
    ]
    for name in names:
        assert getattr(module, name) is not None
        assert name in dir(module)


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forcast'"):
        standoff.forcast  # noqa: B018 (the look-up is the test)


def test_every_error_is_a_standoff_error_and_a_builtin_one() -> None:
    assert issubclass(standoff.CrisisError, standoff.StandoffError)
    assert issubclass(standoff.CrisisError, ValueError)
    assert issubclass(standoff.UnknownNameError, standoff.StandoffError)
    assert issubclass(standoff.UnknownNameError, LookupError)


def test_the_table_of_codes_is_complete_and_has_no_idle_code() -> None:
    text = "".join(
        path.read_text("utf-8") for path in (SOURCE / "crisis").glob("*.py") if path.stem != "codes"
    )
    assert set(re.findall(r'"(S[OW]\d{3})"', text)) == set(CODES)
    assert list(CODES) == sorted(CODES)


def test_a_code_is_explained_in_whole_sentences() -> None:
    for code in CODES.values():
        assert code.text.endswith((".", ")"))
        assert not code.title.endswith(".")
    assert str(explained("so041")).startswith("SO041: a belief about oneself\n\n")
    with pytest.raises(UnknownNameError, match="Did you mean 'SO"):
        explained("SO04")
