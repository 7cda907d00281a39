"""After the outcome: what pushed a kept forecast the right way, and what the wrong way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import standoff
from standoff.crisis.errors import CrisisError
from standoff.study.attribution import attribute
from standoff.study.ledger import Ledger, LedgerError
from standoff.study.ledger_kept import Kept
from standoff.study.postmortem import post_mortem
from standoff.study.variation import Variation

STRAIT = Path(__file__).with_name("test_cli_strait.yaml")
CRISIS = standoff.load(STRAIT)


def kept(folder: Path, outcome: str | None, variation: Variation, question: str = "mines") -> Kept:
    ledger = Ledger(folder / "ledger.sqlite")
    result = standoff.forecast(CRISIS, question, variation=variation, depth=2, tau=1.2)
    (entry,) = ledger.keep(CRISIS, [result], variation=variation)
    if outcome == "yes":
        ledger.resolve(entry.id, "yes", source="a")
    elif outcome == "no":
        ledger.resolve(entry.id, "no", source="a", early=True)
    return ledger.find(entry.id)


@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_what_pushes_towards_the_outcome_is_right_and_the_rest_wrong(
    tmp_path: Path, outcome: str
) -> None:
    found = post_mortem(CRISIS, kept(tmp_path, outcome, Variation()), by="actor")
    towards = 1 if outcome == "yes" else -1
    assert found.right
    assert found.wrong
    assert all(each.share * towards > 0 for each in found.right)
    assert all(each.share * towards < 0 for each in found.wrong)
    parties = {each.party for part in (found.right, found.wrong, found.silent) for each in part}
    assert parties == {each.party for each in found.attribution.shares}
    assert [abs(each.share) for each in found.right] == sorted(
        (abs(each.share) for each in found.right), reverse=True
    )
    assert found.same


def test_it_is_of_the_forecast_that_was_kept_views_and_settings_and_all(tmp_path: Path) -> None:
    variation = Variation(under="bluff", starting={"south.appeal": "yes"})
    about = kept(tmp_path, "yes", variation)
    found = post_mortem(CRISIS, about, by="kind")
    assert found.attribution.central == pytest.approx(about.known.central, abs=1e-6)
    plain = attribute(CRISIS, "mines", by="kind")
    assert plain.central != pytest.approx(about.known.central, abs=1e-3)
    assert {each.party for each in found.attribution.shares} == {"interest", "red line", "belief"}


def test_another_crisis_is_refused_unless_it_is_insisted_on(tmp_path: Path) -> None:
    about = kept(tmp_path, "yes", Variation())
    other = standoff.loads(STRAIT.read_text().replace("weight: negligible", "weight: minor"))
    with pytest.raises(LedgerError, match=rf"{CRISIS.digest[:12]}.*{other.digest[:12]}.*--anyway"):
        post_mortem(other, about)
    assert not post_mortem(other, about, by="kind", anyway=True).same
    gone = standoff.load("cuban-missile-crisis-1962")
    with pytest.raises(CrisisError, match="no question called mines"):
        post_mortem(gone, about, anyway=True)


def test_what_is_open_or_sealed_has_no_post_mortem(tmp_path: Path) -> None:
    about = kept(tmp_path, None, Variation())
    with pytest.raises(LedgerError, match="standoff resolve mines-1"):
        post_mortem(CRISIS, about)
    with pytest.raises(LedgerError, match="sealed"):
        post_mortem(CRISIS, replace(about, assessment=None))


def test_something_lasting_is_refused(tmp_path: Path) -> None:
    about = kept(tmp_path, "yes", Variation(), "calm")
    with pytest.raises(CrisisError, match="lasting"):
        post_mortem(CRISIS, about)
