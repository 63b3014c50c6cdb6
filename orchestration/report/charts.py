"""Vega-Lite specs of the report's charts, and their pictures as SVG."""

from __future__ import annotations

from typing import Any

# Readable on white and on black; told apart without colour by order and labels too.
BLUE, GREY, ORANGE, GREEN = "#3d7ebd", "#8a8f98", "#c9721d", "#3a9a62"
SERIES = [BLUE, ORANGE, GREEN, "#9a67b8", "#b0453f", "#7d7d2b", "#4aa3a3", GREY]
FONTS = (
    "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Hiragino Sans GB, "
    "Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
)
_CONFIG = {
    "font": FONTS,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
        "gridColor": "#8886", "domainColor": "#888", "tickColor": "#888",
        "labelLimit": 220,
    },
    "legend": {"labelFontSize": 11, "title": None, "orient": "bottom", "columns": 4},
    "range": {"category": SERIES},
}  # fmt: skip


def svg(spec: dict[str, Any]) -> str:
    """Return the picture of a spec; calls nobody."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def trend(
    rows: list[dict[str, Any]], *, domain: list[float], axis: str,
    percent: bool = False, lines: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a line of ``value`` by ``month`` with its interval.

    Args:
        rows: month (as it is read), value, low, high; a month without data has none.
        domain: ends of the vertical axis.
        axis: title of the vertical axis.
        percent: whether values are shares.
        lines: levels to compare with: value and label.
    """
    x = {
        "field": "month", "type": "ordinal", "sort": None,
        "axis": {"title": None, "labelAngle": 0, "grid": False, "labelOverlap": True},
    }  # fmt: skip
    y_axis = {"title": axis, "tickCount": 5, **({"format": "%"} if percent else {})}
    scale = {"domain": domain, "zero": False}
    y = {"type": "quantitative", "scale": scale, "axis": y_axis}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "errorband", "color": BLUE, "opacity": 0.2},
            "encoding": {
                "x": x,
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
            },
        },
        {
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 2.5, "point": True},
            "encoding": {"x": x, "y": {**y, "field": "value"}},
        },
    ]
    if lines:
        layers += _levels(lines, y)
    return _spec(rows, 560, 150, {"layer": layers})


def _levels(lines: list[dict[str, Any]], y: dict[str, Any]) -> list[dict[str, Any]]:
    where = {"y": {**y, "field": "value"}}
    return [
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": GREY},
            "encoding": where,
        },
        {
            "data": {"values": lines},
            "mark": {
                "type": "text", "align": "left", "dx": 4, "color": GREY, "fontSize": 11,
            },
            "encoding": {
                **where, "x": {"value": "width"}, "text": {"field": "label"},
            },
        },
    ]  # fmt: skip


def bars(
    rows: list[dict[str, Any]], *, height: int = 20, domain: list[float] | None = None
) -> dict[str, Any]:
    """Return a bar a row: ``name``, ``value`` and the value as it is read, ``label``.

    ``target`` and ``before`` are marked on the bar where a row has them.
    """
    y = {
        "field": "name", "type": "nominal", "sort": None,
        "axis": {"title": None, "domain": False, "ticks": False},
    }  # fmt: skip
    x = {
        "type": "quantitative", "axis": None,
        "scale": {"domain": domain} if domain else {},
    }  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": BLUE, "height": height * 0.6},
            "encoding": {"y": y, "x": {**x, "field": "value"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
            "encoding": {
                "y": y, "x": {**x, "field": "end"}, "text": {"field": "label"},
            },
        },
    ]  # fmt: skip
    layers += _marks(rows, y, x, height)
    ended = [
        {**row, "end": max(row.get(c) or 0 for c in ("value", "before", "target"))}
        for row in rows
    ]
    return _spec(ended, 380, height * max(len(rows), 1) + 4, {"layer": layers})


def _marks(
    rows: list[dict[str, Any]], y: dict[str, Any], x: dict[str, Any], height: int
) -> list[dict[str, Any]]:
    """Return the marks on bars for the columns that some row has."""
    return [
        {
            "transform": [{"filter": f"isValid(datum.{column})"}],
            "mark": {
                "type": "tick",
                "color": colour,
                "thickness": width,
                "size": height * 0.9,
            },
            "encoding": {"y": y, "x": {**x, "field": column}},
        }
        for column, colour, width in (("before", GREY, 2), ("target", ORANGE, 3))
        if any(row.get(column) is not None for row in rows)
    ]


def stacked(rows: list[dict[str, Any]], axis: str) -> dict[str, Any]:
    """Return bars of parts: ``name`` of the bar, ``part``, ``value``, in order."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    parts = list(dict.fromkeys(row["part"] for row in rows))
    layer = {
        "transform": [
            {"calculate": f"indexof({parts!r}, datum.part)", "as": "place"}
        ],
        "mark": {"type": "bar", "height": 14},
        "encoding": {
            "y": {
                "field": "name", "type": "nominal", "sort": names,
                "axis": {"title": None, "domain": False, "ticks": False},
            },
            "x": {
                "field": "value", "type": "quantitative",
                "axis": {"title": axis, "tickCount": 6},
            },
            "color": {"field": "part", "type": "nominal", "sort": parts},
            "order": {"field": "place"},
        },
    }  # fmt: skip
    return _spec(rows, 460, 26 * max(len(names), 1) + 4, layer)


def _spec(
    rows: list[dict[str, Any]], width: int, height: int, what: dict[str, Any]
) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "width": width,
        "height": height,
        "config": _CONFIG,
        **what,
    }
