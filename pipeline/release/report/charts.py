"""The charts of the report: Vega-Lite, drawn to SVG that takes its colours from the page, so that it is right in light and dark.

What belongs here: how figures are drawn. What is drawn is in `figures`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pipeline.schemas.vocabulary import SPONSOR_TIER, SPONSOR_TIER_WORDS

_TEXT: Final = "currentColor"
_CONFIG: Final = {
    "background": "transparent",
    "padding": {"left": 30, "right": 10, "top": 5, "bottom": 5},
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _TEXT, "titleColor": _TEXT, "domainColor": _TEXT, "tickColor": _TEXT, "gridColor": _TEXT, "gridOpacity": 0.15,
        "labelLimit": 260, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
    },
    "legend": {"labelColor": _TEXT, "titleColor": _TEXT, "orient": "top", "columns": 4, "labelFontSize": 11, "title": None},
    "text": {"color": _TEXT, "fontSize": 11},
}  # fmt: skip
# Widest that stays readable where the page is scaled to a phone.
_WIDTH: Final = 520
_MOST_FIRST: Final = {"op": "sum", "field": "programs", "order": "descending"}
# So pale that letters on the darkest can be read in light and dark.
_SHADES: Final = {"domain": [0, 0.6], "range": [0.06, 0.6], "clamp": True}


def has_drawn() -> bool:
    """Tell whether this process has drawn a chart: if so, no copy of it can draw one."""
    return "vl_convert" in sys.modules


def tiers_by_specialty(rows: pd.DataFrame) -> str:
    """Draw programs by specialty, each bar parted by tier."""
    return _svg(
        rows[["specialty", "programs", "order"]].assign(sponsor_tier=rows["sponsor_tier"].map(SPONSOR_TIER_WORDS)),
        {
            "width": _WIDTH,
            "height": {"step": 17},
            "mark": {"type": "bar"},
            "encoding": {
                "y": {"field": "specialty", "type": "nominal", "title": None, "sort": _MOST_FIRST},
                "x": {"field": "programs", "type": "quantitative", "aggregate": "sum", "title": "programs"},
                "order": {"field": "order", "type": "quantitative"},
                "color": _coloured("sponsor_tier", SPONSOR_TIER, "tier", SPONSOR_TIER_WORDS),
            },
        },
        "Programs by specialty and sponsor tier",
    )


def states(rows: pd.DataFrame) -> str:
    """Draw the states as equal squares, darker where more of their programs state an H-1B or filed for trainees."""
    place = {
        "x": {"field": "column", "type": "ordinal", "axis": None},
        "y": {"field": "row", "type": "ordinal", "axis": None},
    }
    shown = rows.assign(percent=["none" if pd.isna(share) else f"{share:.0%}" for share in rows["share"]])
    square = {
        "mark": {"type": "rect", "stroke": "var(--page)", "strokeWidth": 2},
        "encoding": {
            **place,
            "color": {"value": "var(--accent)"},
            "fillOpacity": {"field": "share", "type": "quantitative", "scale": _SHADES, "legend": None},
        },
    }  # fmt: skip
    name = {"mark": {"type": "text", "dy": -7, "fontWeight": "bold"}, "encoding": {**place, "text": {"field": "state"}}}
    share = {"mark": {"type": "text", "dy": 8, "fontSize": 10}, "encoding": {**place, "text": {"field": "percent"}}}
    return _svg(
        shown,
        {"width": _WIDTH + 40, "height": 380, "layer": [square, name, share]},
        "States by share of programs that state an H-1B or are likely to sponsor",
    )


def petitions_by_year(rows: pd.DataFrame) -> str:
    """Draw approvals by fiscal year; years of which only a part is at hand are pale."""
    return _svg(
        rows[["year", "part", "approvals", "partial"]],
        {
            "width": _WIDTH,
            "height": 220,
            "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": -40}},
                "y": {"field": "approvals", "type": "quantitative", "title": "approved petitions"},
                "color": _coloured("part", ("initial", "continuing"), "part"),
                "opacity": {"field": "partial", "type": "nominal", "scale": {"domain": [False, True], "range": [1, 0.4]}, "legend": None},
            },
        },
        "Approved petitions of linked petitioners by fiscal year",
    )  # fmt: skip


def filings_by_regime(rows: pd.DataFrame) -> str:
    """Draw applications for trainees by regime and kind of employment."""
    return _svg(
        rows,
        {
            "width": _WIDTH,
            "height": {"step": 24},
            "mark": {"type": "bar"},
            "encoding": {
                "y": {"field": "regime", "type": "nominal", "title": None},
                "x": {"field": "applications", "type": "quantitative"},
                "color": _coloured("employment", ("new", "continuing", "both", "not said"), "employment"),
            },
        },
        "Applications for trainees by the law on the day of receipt",
    )


def _coloured(field: str, values: tuple[str, ...], kind: str, words: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a colour encoding whose colours are variables of the page: `--<kind>-<value>`. words: that stand in the rows for values."""
    colours = [f"var(--{kind}-{re.sub('[^a-z0-9]', '-', value)})" for value in values]
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": [words[value] if words else value for value in values], "range": colours},
    }


def _svg(rows: pd.DataFrame, chart: dict[str, Any], title: str) -> str:
    """Return the SVG of a chart over `rows`, which scales with the page and has a title for those who can't see it."""
    import vl_convert  # here: it is slow to load, and only publishing needs it

    values = rows.astype("object").where(rows.notna(), None).to_dict("records")
    svg = vl_convert.vegalite_to_svg({"data": {"values": values}, "config": _CONFIG, "description": title, **chart})
    width, height = (float(found) for found in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
    head = f'<svg role="img" aria-label="{title}" viewBox="0 0 {width:g} {height:g}" style="max-width:{width:g}px"'
    return re.sub(r'^<svg\b[^>]*?class="marks"[^>]*(?=>)', head + ' class="marks"', svg, count=1)
