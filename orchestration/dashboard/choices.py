"""What a reader can choose: sellers, marketplaces, channels, categories, months."""

from __future__ import annotations

from typing import Any

import duckdb

# Each mart is asked for what it is complete in: the score stands in every month and
# place with returns, the SKU table names every category.
_QUERIES = {
    "months": """
        select seller_id, month_start_date from kpi_scorecard_by_seller_month
        order by seller_id, month_start_date desc""",
    "marketplaces": """
        select distinct seller_id, marketplace_code
        from kpi_score_bands_by_marketplace_month
        where marketplace_code != 'all' order by seller_id, marketplace_code""",
    "channels": """
        select distinct seller_id, channel from kpi_score_bands_by_marketplace_month
        where channel != 'all' order by seller_id, channel""",
    "categories": """
        select distinct seller_id, category_name from kpi_returns_by_sku_month
        where category_name is not null order by seller_id, category_name""",
    "as_of": """
        select seller_id, data_as_of_date from dim_sellers order by seller_id""",
}


def choices(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return what there is to choose from, by seller, and the months that are kept."""
    told: dict[str, dict[str, list[str]]] = {}
    for word, query in _QUERIES.items():
        for seller, value in connection.execute(query).fetchall():
            told.setdefault(seller, {name: [] for name in _QUERIES})
            if value is not None:
                told[seller][word].append(str(value))
    found: dict[str, Any] = {"sellers": told, "months": []}
    keep_months(found, None)
    return found


def keep_months(chosen: dict[str, Any], kept: int | None) -> None:
    """Leave the newest ``kept`` months to choose from, in place."""
    sellers = chosen["sellers"].values()
    months = sorted({month for choice in sellers for month in choice["months"]})
    chosen["months"] = months[-kept:] if kept else months
    for choice in sellers:
        choice["months"] = [m for m in choice["months"] if m in chosen["months"]]
