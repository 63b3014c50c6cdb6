"""A dashboard's rows, headings and filters in the form Superset keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orchestration.superset.assets import Assets, Dashboard

Identity = Callable[[str, str], str]


def dashboard(told: Dashboard, assets: Assets, identity: Identity) -> dict[str, Any]:
    """Return one dashboard, without what identifies it."""
    # Any numbers do: the import gives charts their own and changes these with them.
    shown = [name for _, charts in told.rows for name, _ in charts]
    numbers = {name: number for number, name in enumerate(shown, start=1)}
    return {
        "dashboard_title": told.title,
        "description": told.intro,
        "slug": told.name.replace("_", "-"),
        "css": "",
        "published": True,
        "position": _position(told, assets, identity, numbers),
        "metadata": {
            "cross_filters_enabled": True,
            "color_scheme": "supersetColors",
            "refresh_frequency": 0,
            "native_filter_configuration": [
                _filter(one, assets, identity, numbers) for one in told.filters
            ],
        },
    }


def _position(
    told: Dashboard, assets: Assets, identity: Identity, numbers: dict[str, int]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {
            "type": "HEADER",
            "id": "HEADER_ID",
            "meta": {"text": told.title},
        },
    }
    rows = []
    for place, (height, charts) in enumerate(told.rows):
        if place in told.headings:
            rows.append(_add_heading(found, f"HEADER-{place}", told.headings[place]))
        key = f"ROW-{place}"
        children = []
        for name, width in charts:
            child = f"CHART-{name}"
            found[child] = {
                "type": "CHART",
                "id": child,
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", key],
                "meta": {
                    "chartId": numbers[name],
                    "uuid": identity("chart", name),
                    "sliceName": assets.charts[name].title,
                    "width": width,
                    "height": height,
                },
            }
            children.append(child)
        found[key] = {
            "type": "ROW",
            "id": key,
            "children": children,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        rows.append(key)
    found["GRID_ID"] = {
        "type": "GRID",
        "id": "GRID_ID",
        "children": rows,
        "parents": ["ROOT_ID"],
    }
    return found


def _add_heading(found: dict[str, Any], key: str, text: str) -> str:
    found[key] = {
        "type": "HEADER",
        "id": key,
        "children": [],
        "parents": ["ROOT_ID", "GRID_ID"],
        "meta": {
            "text": text,
            "headerSize": "MEDIUM_HEADER",
            "background": "BACKGROUND_TRANSPARENT",
        },
    }
    return key


def _filter(
    told: dict[str, Any], assets: Assets, identity: Identity, numbers: dict[str, int]
) -> dict[str, Any]:
    """Return a filter; ``periods`` names which charts it cuts, all without it."""
    periods = told.get("periods")
    excluded = [
        number
        for name, number in numbers.items()
        if (periods is not None and assets.charts[name].period not in periods)
        or name in told.get("not", [])
    ]
    is_range = told["kind"] == "time"
    first = bool(told.get("newest_first"))
    target = {
        "datasetUuid": identity("dataset", told["dataset"]),
        "column": {"name": told["column"]},
    }
    return {
        "id": f"NATIVE_FILTER-{told['filter']}",
        "name": told["name"],
        "description": told.get("help", ""),
        "type": "NATIVE_FILTER",
        "filterType": "filter_time" if is_range else "filter_select",
        "targets": [{}] if is_range else [target],
        "controlValues": {
            "enableEmptyFilter": first,
            "defaultToFirstItem": first,
            "multiSelect": not first,
            "searchAllOptions": False,
            "inverseSelection": False,
            **({"sortAscending": False} if first else {}),
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        # Else the newest member only stands in the filter until somebody applies it.
        **({"requiredFirst": True} if first else {}),
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded},
    }
