"""The colours and the type of everything that is drawn, on paper and on a dark screen.

A chart names its colours by the light value, as any specification does. A report replaces each of
them by the CSS variable of its role, so that the same chart is readable on both.
"""

from __future__ import annotations

from typing import Any

PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14181f"),
    "wash": ("#f3f5f8", "#1c222b"),
    "band": ("#eceff4", "#222934"),
    "line": ("#d5dae2", "#363f4c"),
    "soft": ("#545e6e", "#a8b2c0"),
    "ink": ("#1b2230", "#e7eaef"),
    "accent": ("#1d5688", "#86b7e2"),
    "mark": ("#9c3d0c", "#f0a677"),
    "good": ("#1b6a44", "#7fcb9f"),
    "bad": ("#a12328", "#f29a94"),
    "level0": ("#e3eaf2", "#2a3441"),
    "level1": ("#c8d7e6", "#33475b"),
    "level2": ("#a5c0d8", "#3d5872"),
    "level3": ("#80a6c7", "#48698a"),
    "level4": ("#4676a1", "#7ba4c8"),
    "level5": ("#2f6191", "#95bbdc"),
    "level6": ("#1c4c77", "#b6d4ec"),
    "on_level0": ("#1b2231", "#e7eaee"),
    "on_level1": ("#1b2232", "#e7eaed"),
    "on_level2": ("#1b2233", "#e7eaec"),
    "on_level3": ("#1b2234", "#ffffff"),
    "on_level4": ("#fffffe", "#10151c"),
    "on_level5": ("#fffffd", "#10151d"),
    "on_level6": ("#fffffc", "#10151e"),
    "actor0": ("#1f5fa8", "#7fb2ee"),
    "actor1": ("#b5460f", "#f19a6c"),
    "actor2": ("#0b7a5e", "#5fcaa6"),
    "actor3": ("#9a3d84", "#e29ccc"),
    "actor4": ("#7d6200", "#d8bd5a"),
    "actor5": ("#4b5563", "#b4bcc8"),
}
"""What every role looks like on a light and on a dark ground; no two roles share a light value."""

STEPS = 7
"""How many shades there are for the levels of an option."""

ACTORS = 6
"""How many colours there are for actors; what has one is never told by it alone."""

FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", '
    "Helvetica, Arial, sans-serif"
)
"""Fonts that readers have already; nothing is fetched."""


def colour(role: str) -> str:
    """Return the colour of a role, as charts name it."""
    return PALETTE[role][0]


def shade(level: int, levels: int) -> int:
    """Return which of the shades stands for a level, counted from the lightest.

    Examples
    --------
    >>> [shade(level, 3) for level in range(3)]
    [0, 3, 6]
    """
    return round(level * (STEPS - 1) / max(1, levels - 1))


def config() -> dict[str, Any]:
    """Return what all charts have in common, as the `config` of a Vega-Lite specification."""
    text = {"labelColor": colour("soft"), "titleColor": colour("soft"), "labelFontSize": 11}
    return {
        "font": FONT,
        "background": None,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            **text,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "domainColor": colour("line"),
            "gridColor": colour("line"),
            "tickColor": colour("line"),
        },
        "text": {"color": colour("ink"), "fontSize": 11},
        "rule": {"color": colour("line")},
    }


def variables() -> str:
    """Return the palette as style sheet: one custom property for each role."""
    light, dark = (
        "".join(f"--{_property(role)}:{pair[side]};" for role, pair in PALETTE.items())
        for side in (0, 1)
    )
    return (
        f":root{{color-scheme:light dark;--font:{FONT};{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def by_variable(drawing: str) -> str:
    """Replace every colour of the palette in a drawing by the custom property of its role."""
    for role, (light, _) in PALETTE.items():
        drawing = drawing.replace(f'"{light}"', f'"var(--{_property(role)})"')
    return drawing


def _property(role: str) -> str:
    return role.replace("_", "-")
