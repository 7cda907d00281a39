"""Likelihood words: the scale of Intelligence Community Directive 203.

The two rows of the standard are never mixed in one product, so a reader picks one row for output;
both are understood in a file.
"""

from __future__ import annotations

from typing import Literal

ICD_203: tuple[tuple[str, str, float, float], ...] = (
    ("almost no chance", "remote", 0.01, 0.05),
    ("very unlikely", "highly improbable", 0.05, 0.20),
    ("unlikely", "improbable", 0.20, 0.45),
    ("roughly even chance", "roughly even odds", 0.45, 0.55),
    ("likely", "probable", 0.55, 0.80),
    ("very likely", "highly probable", 0.80, 0.95),
    ("almost certain", "nearly certain", 0.95, 0.99),
)
"""Row A, row B, and the range of probability, in rising order."""

WORDS: dict[str, tuple[float, float]] = {
    **{row[0]: (row[2], row[3]) for row in ICD_203},
    **{row[1]: (row[2], row[3]) for row in ICD_203},
    "certain": (1.0, 1.0),
}
"""Every word that a file may use, with its range."""


BOUNDARIES: tuple[float, ...] = tuple(row[2] for row in ICD_203[1:])
"""Where one word ends and the next begins."""

MAIN_WORDS: tuple[str, ...] = (*(row[0] for row in ICD_203), "certain")
"""The words to offer: one row, and certainty."""


def word_for(probability: float, row: Literal["A", "B"] = "A") -> str:
    """Return the likelihood word for a probability.

    The ranges are half-open: a probability on an edge takes the higher word. Below 1% and above
    99% the end word is used.

    Parameters
    ----------
    probability
        Between 0 and 1.
    row
        Which of the standard's two rows to use; never both in one product.

    Examples
    --------
    >>> word_for(0.62)
    'likely'
    >>> word_for(0.2, row="B")
    'improbable'
    >>> word_for(0.0)
    'almost no chance'
    """
    last = len(ICD_203) - 1
    step = next((at for at, words in enumerate(ICD_203) if probability < words[3]), last)
    return ICD_203[step][0] if row == "A" else ICD_203[step][1]
