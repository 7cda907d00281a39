"""How results show themselves in a notebook.

A notebook asks what it shows for `_repr_html_`. Results know nothing of drawing, so the method is
given to them here, from outside, by the one place that everybody takes them through:
`standoff.__getattr__`. It costs a look into the modules that are loaded; what draws is imported
when a notebook asks. A result that is taken from its own module alone shows as text.
"""

from __future__ import annotations

import sys

_SHOWN = {
    "standoff.crisis.model": "Crisis",
    "standoff.study.account": "Account",
    "standoff.study.analysis": "Analysis",
    "standoff.study.expectations": "Verdict",
    "standoff.study.forecast": "Forecast",
    "standoff.study.indices": "Indices",
    "standoff.study.scenarios": "Scenarios",
    "standoff.study.stability": "Stability",
    "standoff.study.survey": "Survey",
}
"""The classes that are drawn, by module."""


def attach() -> None:
    """Give every class that is drawn, and loaded, its `_repr_html_`."""
    for module, name in _SHOWN.items():
        if module in sys.modules:
            shown = getattr(sys.modules[module], name, None)  # None while it is being imported
            if shown is not None and "_repr_html_" not in vars(shown):
                shown._repr_html_ = _repr_html_


def _repr_html_(self: object) -> str:
    """Return the result as HTML that stands by itself, for a notebook."""
    from standoff.present.notebook_html import shown

    return shown(self)
