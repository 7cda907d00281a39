"""Seals: what a sealed entry says, in a file of its own until it is revealed.

The file is written, and on the disk, before the entry is. It is named after what the entry
publishes, and only its owner may read it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.study.ledger_entries import LedgerError, canonical, commitment

FOLDER = "seals"


@dataclass(frozen=True, slots=True)
class Seal:
    """What opens a sealed entry.

    Attributes
    ----------
    commitment
        What the entry publishes.
    nonce
        64 hexadecimal digits.
    body
        The content.
    """

    commitment: str
    nonce: str
    body: Mapping[str, Any]

    @property
    def fits(self) -> bool:
        """Whether nonce and content are what was published."""
        return commitment(self.nonce, canonical(self.body)) == self.commitment


def seal(body: Mapping[str, Any]) -> Seal:
    """Return a new seal for a content."""
    nonce = secrets.token_hex(32)
    return Seal(commitment(nonce, canonical(body)), nonce, body)


def file_of(folder: Path, published: str) -> Path:
    """Return where the seal of an entry is."""
    return folder / f"{published[:16]}.json"


def store_seal(folder: Path, made: Seal) -> Path:
    """Write a seal to its file, for its owner alone to read; the file must not be there yet.

    Raises
    ------
    LedgerError
        If it cannot be written.
    """
    file = file_of(folder, made.commitment)
    content = {"commitment": made.commitment, "nonce": made.nonce, "body": made.body}
    text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False)
    written = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="ascii") as paper:
            paper.write(f"{text}\n")
            paper.flush()
            os.fsync(paper.fileno())
            written = True
        _settle(folder)
    except OSError as err:
        if not written:
            with contextlib.suppress(OSError):
                file.unlink()
        raise LedgerError(
            f"{file}: the seal could not be written ({err.strerror or err}), and nothing was "
            "sealed; name another folder with --seals"
        ) from None
    return file


def read_seal(folder: Path, name: str, published: str) -> Seal:
    """Read the seal of an entry.

    Parameters
    ----------
    folder
        Where seals are.
    name, published
        The entry, and what it publishes.

    Raises
    ------
    LedgerError
        If it is lost, or not that of the entry.
    """
    file = file_of(folder, published)
    try:
        data = json.loads(file.read_text(encoding="ascii"))
        found = Seal(published, str(data["nonce"]), dict(data["body"]))
        if found.fits:
            return found
    except FileNotFoundError:
        raise LedgerError(
            f"{file}: the seal of {name} is not there, and without the nonce in it nobody can "
            "show what was sealed: the entry stays and stands for nothing. Look for the file in "
            "your backups, or name its folder with --seals"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        pass
    raise LedgerError(
        f"{file}: this is not what {name} sealed: nonce and content do not fit the hash that was "
        "published. Nothing was revealed; look for the file as it was in your backups"
    )


def _settle(folder: Path) -> None:
    """Put the name of a new file on the disk as well, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
