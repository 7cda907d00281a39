"""How a probability, and a difference of two, is said: word and number in one phrase.

A number that is rounded is never rounded into a certainty, and never into another likelihood
word's range. Everything that shows a probability to a reader says it through these functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.crisis.likelihood import word_for

if TYPE_CHECKING:
    from standoff.study.forecast import Forecast

EXACT = 1e-12
"""A probability within this of 0 or 1 is that, up to the rounding of floating-point numbers."""

LEAST = 0.01
"""Below this, and this far from certainty, a probability is given as a bound."""


def percent(probability: float, *, estimated: bool = False) -> str:
    """Say a probability as a whole number of per cent.

    Parameters
    ----------
    probability
        Between 0 and 1.
    estimated
        Whether it comes from a sample, so that 0 and 1 are not exact either.

    Examples
    --------
    >>> percent(0.0712), percent(0.004), percent(0.9999)
    ('7%', 'below 1%', 'above 99%')
    >>> percent(0.0), percent(0.0, estimated=True)
    ('0%', 'below 1%')
    """
    if probability < LEAST and (estimated or probability > EXACT):
        return f"below {LEAST:.0%}"
    if probability > 1 - LEAST and (estimated or probability < 1 - EXACT):
        return f"above {1 - LEAST:.0%}"
    return f"{min(max(probability, 0.0), 1.0):.0%}"


def likely(
    probability: float,
    *,
    error: float | None = None,
    interval: tuple[float, float] | None = None,
) -> str:
    """Say a probability as an ICD 203 likelihood word with the number beside it.

    Parameters
    ----------
    probability
        Between 0 and 1.
    error
        Its standard error, if it was estimated from trajectories.
    interval
        Its 5th and 95th percentile over draws, if there were any; then the error is not said.

    Notes
    -----
    Close to an edge between two words the number gets as many decimals as it takes to be on the
    word's side of it.

    Examples
    --------
    >>> likely(0.07)
    'very unlikely (7%)'
    >>> likely(0.0496)
    'almost no chance (4.96%)'
    >>> likely(0.62, error=0.008)
    'likely (62%; standard error 0.8 points)'
    >>> likely(0.62, interval=(0.548, 0.803))
    'likely (62%; 55-80%)'
    """
    word, number = word_and_number(probability, estimated=error is not None)
    if interval is not None:
        return f"{word} ({number}; {between(*interval)})"
    if error is None:
        return f"{word} ({number})"
    spread = f"standard error {100 * error:.1f} points" if error >= 0.0005 else "estimated"
    return f"{word} ({number}; {spread})"


def said(result: Forecast) -> str:
    """Return the probability in words and numbers, with what the draws leave open."""
    return likely(result.probability, error=result.error, interval=result.interval)


def between(low: float, high: float) -> str:
    """Say an interval of probabilities.

    Examples
    --------
    >>> between(0.031, 0.129), between(0.002, 0.12), between(0.5, 0.504)
    ('3-13%', 'below 1%-12%', '50%')
    """
    first, last = percent(low, estimated=True), percent(high, estimated=True)
    if first == last:
        return first
    return f"{first.removesuffix('%') if first[0].isdigit() else first}-{last}"


def word_and_number(probability: float, *, estimated: bool = False) -> tuple[str, str]:
    """Return the word and the number of :func:`likely` apart, to stand beside each other.

    Examples
    --------
    >>> word_and_number(0.07)
    ('very unlikely', '7%')
    """
    word = word_for(probability)
    number = percent(probability, estimated=estimated)
    return word, _on_its_side(probability, word) if number[0].isdigit() else number


def points(difference: float) -> str:
    """Say a difference of two probabilities in percentage points, with its sign.

    Examples
    --------
    >>> points(0.124), points(-0.01), points(0.003)
    ('+12 points', '−1 point', '+0.3 points')
    >>> points(-0.00001), points(0.0)
    ('under 0.1 points', 'no change')
    """
    size = 100 * abs(difference)
    if size < 100 * EXACT:
        return "no change"
    if size < 0.05:
        return "under 0.1 points"
    number = f"{size:.0f}" if size >= 0.95 else f"{size:.1f}"
    return f"{'+' if difference > 0 else '−'}{number} point{'' if number == '1' else 's'}"


def _on_its_side(probability: float, word: str) -> str:
    """The number with the fewest decimals that does not round into another word's range."""
    for decimals in range(9):
        number = f"{probability:.{decimals}%}"
        if word_for(float(number[:-1]) / 100) == word:
            return number
    return number
