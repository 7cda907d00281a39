"""Charts as static SVG inside a page: no script, no request, colours that follow the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from standoff.present.html import Markup, element, escaped
from standoff.present.theme import by_variable

if TYPE_CHECKING:
    from standoff.present.charts import Chart

VEGA_LITE = "5.20"
"""The version that draws where it can be had, so that a newer package does not change reports."""

_TAG = re.compile(r"<[^>]*>")
_IDLE = re.compile(
    r" (?:font-family|aria-hidden|aria-roledescription|aria-label|role|pointer-events|class"
    r'|stroke-miterlimit|opacity(?==\"1\"))="[^"]*"'
)
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_UNSEEN = re.compile(r'<path class="(?:back|fore)ground"[^>]*/>')
_EMPTY = re.compile(r"<g(?: [^>]*)?(?<!/)></g>|<g(?: [^>]*)?/>")


def drawing(chart: Chart, identifier: str, description: str) -> Markup:
    """Return a chart as an image in a page.

    Parameters
    ----------
    chart
        A Vega-Lite specification.
    identifier
        Unique in the page: everything inside the drawing that has a name gets it as a prefix.
    description
        What a reader who does not see the image should know of it.
    """
    import vl_convert

    version = VEGA_LITE if VEGA_LITE in vl_convert.get_vegalite_versions() else None
    drawn: str = vl_convert.vegalite_to_svg(
        chart, vl_version=version, show_warnings=False, allowed_base_urls=[]
    )
    head, _, body = drawn.partition(">")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    assert size is not None  # every drawing of Vega has one
    body = _TAG.sub(lambda tag: _tidied(tag[0], identifier), _UNSEEN.sub("", body))
    while _EMPTY.search(body):
        body = _EMPTY.sub("", body)
    width, height = (f"{float(each):.0f}" for each in size.groups())
    return Markup(
        f'<svg role="img" aria-labelledby="{escaped(identifier)}:title" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        + element("title", description, id=f"{identifier}:title")
        + body
    )


def _tidied(tag: str, identifier: str) -> str:
    """A tag without what a page has no use for, in the page's colours, its names made its own."""
    tag = _LONG_NUMBER.sub(r"\1", _IDLE.sub("", tag))
    tag = re.sub(r'( id="|url\(#)', rf"\g<1>{identifier}:", tag)
    return by_variable(tag)
