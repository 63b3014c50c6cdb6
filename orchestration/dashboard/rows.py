"""The rows of each card, asked of the published file and packed for the page.

Columns, not rows; texts once each; then gzip and base64: a browser unpacks that with
what it has built in.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.dashboard.form import Card, DashboardError, Page


def ask(
    connection: duckdb.DuckDBPyConnection, page: Page, card: Card
) -> duckdb.DuckDBPyConnection:
    """Return the answered query of a card.

    Raises:
        DashboardError: the query fails, or lacks a column that the card names.
    """
    where = f"page {page.name}, card {card.name}"
    try:
        answer = connection.execute(card.sql)
    except duckdb.Error as error:
        raise DashboardError(f"{where}: {error}") from error
    given = {column[0] for column in answer.description or []}
    wanted = card.fields() - card.worked_out() | {"seller_id"}
    if card.period != "current":
        wanted.add(card.month)
    missing = sorted(wanted - given)
    if missing:
        raise DashboardError(f"{where}: the query does not give {missing}.")
    return answer


def table_labels(
    connection: duckdb.DuckDBPyConnection, page: Page
) -> dict[str, dict[str, str]]:
    """Return the labels that published tables hold in both languages."""
    labels = {}
    for table in page.label_tables:
        told = connection.execute(
            f"select distinct {table['code']}, {table['en']}, {table['zh']}"  # noqa: S608
            f" from {table['table']} order by all"
        ).fetchall()
        for code, english, chinese in told:
            labels[f"{table['column']}={code}"] = {"en": english, "zh": chinese}
    return labels


def columnar(answer: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return an answer as columns: numbers as they are, texts as places in a list."""
    names = [column[0] for column in answer.description or []]
    rows = answer.fetchall()
    values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return {
        "rows": len(rows),
        "columns": {
            name: _column(column) for name, column in zip(names, values, strict=True)
        },
    }


def newest_months(table: dict[str, Any], month: str, months: set[str]) -> None:
    """Keep the rows of ``months`` only, in place."""
    told = table["columns"][month]
    kept = [
        number
        # A column without any value holds no places: no row has a month to keep.
        for number, place in enumerate(told.get("at", ()))
        if place >= 0 and told["texts"][place] in months
    ]
    if len(kept) == table["rows"]:
        return
    table["rows"] = len(kept)
    for column in table["columns"].values():
        values = "at" if "at" in column else "values"
        column[values] = [column[values][number] for number in kept]


def packed(content: Any) -> str:
    """Return ``content`` as JSON, gzipped, in base64; the same content, same text."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _column(values: tuple[Any, ...]) -> dict[str, Any]:
    known = next((value for value in values if value is not None), None)
    if known is None:
        return {"values": [None] * len(values)}
    if isinstance(known, bool | int | float | Decimal):
        return {"values": [_number(value) for value in values]}
    texts: dict[str, int] = {}
    places = [
        -1 if value is None else texts.setdefault(_plain(value), len(texts))
        for value in values
    ]
    return {"texts": list(texts), "at": places}


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
