"""A ledger as text: its forecasts in a table, one of them, whether it fits together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from standoff.present.text import HEADING, INDENT, as_text, line, rows, stacked
from standoff.present.wording import likely
from standoff.present.words import clean, counted, listed
from standoff.study.ledger_assessment import Assessment
from standoff.study.ledger_entries import Entry
from standoff.study.ledger_kept import Kept, Resolution
from standoff.study.ledger_seals import file_of
from standoff.study.ledger_verify import Verification


def said_by(kept: Assessment) -> str:
    """Return the kept probability in words and numbers."""
    return likely(kept.probability, error=kept.error, interval=kept.interval)


def ledger_table(known: Sequence[Kept], entries: Sequence[Entry]) -> RenderableType:
    """Return every forecast of a ledger, one in a row.

    Parameters
    ----------
    known
        Its forecasts.
    entries
        Everything in it.
    """
    if not known:
        return line("The ledger is empty; `standoff keep CRISIS` keeps the first forecast.")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", max_width=30)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    titles = ("Forecast", "Kept", "Closes", "Said", "Came out")
    table.add_row(*(Text(title, style=HEADING) for title in titles))
    for each in known:
        table.add_row(*(Text(clean(cell)) for cell in _cells(each)))
    parts = [table, line(""), line(_tally(known, entries))]
    if any(each.late for each in known):
        parts.append(line("*: kept after the question had closed, so it is no forecast."))
    return stacked(parts)


def _cells(kept: Kept) -> tuple[str, ...]:
    about = kept.assessment
    day = f"{kept.entry.written.date()}{'*' if kept.late else ''}"
    resolution = kept.resolution
    came = "open" if resolution is None else resolution.outcome
    if about is None:
        return kept.id, day, "", f"sealed as {(kept.commitment or '')[:12]}", came
    closes = "" if about.closes is None else str(about.closes)
    return kept.id, day, closes, said_by(about), came


def _tally(known: Sequence[Kept], entries: Sequence[Entry]) -> str:
    sealed = sum(each.assessment is None for each in known)
    resolved = sum(each.outcome is not None for each in known)
    counts = [f"{resolved} resolved", f"{len(known) - resolved} open"]
    if sealed:
        counts.append(f"{sealed} of them sealed")
    return (
        f"{counted(len(known), 'forecast')}: {listed(counts)}. The last of "
        f"{counted(len(entries), 'entry', 'entries')} has the hash {entries[-1].hash}; noted or "
        "published elsewhere, it shows later that nothing before it was changed."
    )


def just_kept(known: Sequence[Kept], seals: Path | None) -> RenderableType:
    """Return what was kept just now, by name; where seals are, if it was sealed."""
    if seals is not None:
        return stacked(_just_sealed(known, seals))
    parts: list[RenderableType] = []
    for each in known:
        text = f"{each.known.asks} {_upper(said_by(each.known))}."
        parts += [line(f"Kept as {each.id}", style="bold"), line(text, INDENT)]
    late = [each.id for each in known if each.late]
    vague = [each.id for each in known if each.known.resolves is None]
    for names, told in (
        (late, "Closed before it was kept, so that it is no forecast"),
        (vague, "The crisis does not say what decides it (`resolves`)"),
    ):
        if names:
            parts += [line(""), line(f"{told}: {listed(names)}.")]
    return stacked(parts)


def _just_sealed(known: Sequence[Kept], seals: Path) -> Iterator[RenderableType]:
    for each in known:
        published = each.commitment or ""
        yield line(f"Sealed as {each.id}", style="bold")
        yield line(f"publish this: {published}", INDENT)
        yield line(f"keep this: {file_of(seals, published).name}", INDENT)
    yield line("")
    yield line(
        "Whoever loses the file loses the forecast: without the nonce in it nobody can show what "
        "was sealed. Keep a copy, and show it to nobody before `standoff ledger reveal ID`."
    )


def just_resolved(kept: Kept, others: Sequence[Kept]) -> RenderableType:
    """Return what was resolved just now, and what of the same question is still open."""
    last = kept.resolutions[-1]
    what = "is open again" if last.outcome == "open" else f"came out as {last.outcome}"
    how = "Corrected" if last.corrects else "Resolved"
    parts = [line(f"{how}: {kept.id} {what} ({last.entry})."), line(kept.known.asks, INDENT)]
    parts.append(line(f"It was said to be {said_by(kept.known)}.", INDENT))
    if others:
        names = listed(each.id for each in others)
        parts.append(line(f"Of the same question, and still open: {names}."))
    return stacked(parts)


@as_text.register
def _(result: Kept) -> RenderableType:
    """One forecast of a ledger, with all that was kept of it."""
    about = result.assessment
    if about is None:
        facts = [
            ("sealed", _signed(result.entry.written, result.entry.who)),
            ("published", result.commitment or ""),
            ("to open", f"standoff ledger reveal {result.id}"),
        ]
        title = line(f"{result.id}: sealed", style="bold")
        return stacked([title, rows([*facts, *_bound(result.entry)])])
    parts = [line(f"{result.id}: {about.asks}", style="bold"), line(said_by(about), INDENT)]
    return stacked([*parts, rows(_facts(result, about))])


def _facts(kept: Kept, about: Assessment) -> Iterator[tuple[str, str]]:
    verb = "sealed" if kept.commitment else "kept"
    late = ", after it had closed" if kept.late else ""
    yield verb, _signed(kept.entry.written, kept.entry.who) + late
    if kept.revealed:
        yield "revealed", kept.revealed
    if about.as_of is not None:
        yield "asked", f"as of {about.as_of} ({about.situation}); closes {about.closes}"
    yield "decided by", about.resolves or "not said"
    yield "event", f"{about.event}: {'true' if about.now else 'not true'} when it was asked"
    if about.draws:
        yield "draws", f"{about.draws}; {about.central:.1%} at central values"
    yield "crisis", f"{about.crisis}, {about.digest[:12]}"
    if about.lineage:
        yield "views", "; ".join(about.lineage)
    settings = about.settings
    told = f"depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}"
    yield "computed", f"{told}, standoff {about.version}"
    for each in kept.resolutions:
        yield "corrected" if each.corrects else "came out", _came_out(each)
    if not kept.resolutions:
        yield "came out", "open"
    yield from _bound(kept.entry)


def _came_out(given: Resolution) -> str:
    early = ", before it closed" if given.early else ""
    note = f" {given.note}" if given.note else ""
    signed = _signed(given.when, given.who)
    return f"{given.outcome}{early} ({given.source}); {signed}, {given.entry}.{note}"


def _bound(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "hash", entry.hash
    yield "follows", entry.previous


def _signed(when: datetime, who: str) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC by {who}"


@as_text.register
def _(result: Verification) -> RenderableType:
    """Whether a ledger fits together, or the first place where it does not."""
    entries = counted(result.entries, "entry", "entries")
    if result.fault is None:
        return stacked([
            line(f"Every hash and every link fits: {entries}, the last with the hash"),
            line(result.head, INDENT),
            line(
                "That shows that nothing before the end was changed; that the end is not missing "
                "shows a hash noted elsewhere: standoff ledger verify --head HASH."
            ),
        ])  # fmt: skip
    where = "" if result.at is None else f"At entry {result.at} of {result.entries}: "
    after = "" if result.at is None else " Every entry before it fits."
    return stacked([
        line("The ledger does not fit together.", style="bold"),
        line(f"{where}{result.fault}.{after}"),
        line("Keep it as it is, and compare it with a copy or with hashes noted elsewhere."),
    ])  # fmt: skip


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
