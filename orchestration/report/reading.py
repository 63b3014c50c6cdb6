"""Rows of one published version, and the figures in them. Read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.reading import opened_version
from orchestration.report.document import Figure, Source

ONE_YEAR = 12
# What the publication itself writes; dbt knows nothing of it.
_WRITTEN = {
    "publication": ["version"],
    "publication_checks": ["table_name", "check_name"],
}


@dataclass(frozen=True)
class Row:
    """One row of a mart and what makes it this one."""

    mart: str
    values: Mapping[str, Any]
    key: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def figure(self, column: str, kind: str, currency: str | None = None) -> Figure:
        """Return a column's number; an amount is told in the row's currency."""
        if kind == "amount" and currency is None:
            currency = self.values.get("currency_code")
        source = Source(self.mart, column, self.key)
        return Figure(self.values[column], kind, source, currency)


class Published:
    """The tables of one published version."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, keys: Mapping[str, list[str]]
    ) -> None:
        """Read over ``connection``; ``keys`` are the primary keys, by table."""
        self._connection = connection
        self._keys = keys

    def rows(
        self, mart: str, order: str = "", limit: int = 0, **where: Any
    ) -> list[Row]:
        """Return the rows of a mart whose columns have these values.

        A list means any of its values. ``order`` is a list of columns as SQL has it.
        """
        found = _filtered(self._connection.table(mart), where)
        by = ", ".join(filter(None, [order, *self._keys[mart]]))
        found = found.order(by)
        if limit:
            found = found.limit(limit)
        return [
            Row(mart, row, {name: row[name] for name in self._keys[mart]})
            for row in _rows(found)
        ]

    def row(self, mart: str, **where: Any) -> Row | None:
        """Return the first such row, if there is one."""
        return next(iter(self.rows(mart, limit=1, **where)), None)

    def total(
        self,
        mart: str,
        column: str,
        kind: str,
        currency: str | None = None,
        /,
        **where: Any,
    ) -> Figure:
        """Return what an aggregate (``sum(x)``, ``count(*)``) is over such rows."""
        found = _filtered(self._connection.table(mart), where)
        value = found.aggregate(column).fetchone()
        source = Source(mart, column, dict(where))
        return Figure(_number(value[0] if value else None), kind, source, currency)

    def distinct(self, mart: str, column: str, **where: Any) -> list[Any]:
        """Return the values of a column in such rows, in their order."""
        found = _filtered(self._connection.table(mart), where)
        listed = found.project(column).distinct().order(column).fetchall()
        return [value for (value,) in listed if value is not None]


@contextmanager
def opened(version: Path, keys: Mapping[str, list[str]]) -> Iterator[Published]:
    """Yield the tables of a version."""
    with opened_version(version) as connection:
        yield Published(connection, keys)


def primary_keys(manifest: dict[str, Any]) -> dict[str, list[str]]:
    """Return the primary key of every table whose definition in dbt states it."""
    stated = {
        node["name"]: list(key)
        for node in manifest["nodes"].values()
        if (key := node["config"].get("meta", {}).get("primary_key"))
    }
    return {**stated, **_WRITTEN}


def earlier(month: date, months: int) -> date:
    """Return the first day of a month some months before."""
    count = month.year * ONE_YEAR + month.month - 1 - months
    return date(count // ONE_YEAR, count % ONE_YEAR + 1, 1)


def _filtered(
    table: duckdb.DuckDBPyRelation, where: Mapping[str, Any]
) -> duckdb.DuckDBPyRelation:
    for column, value in where.items():
        name = duckdb.ColumnExpression(column)
        if value is None:
            table = table.filter(name.isnull())
        elif isinstance(value, list | tuple):
            items = [duckdb.ConstantExpression(item) for item in value]
            table = table.filter(name.isin(*items))
        else:
            table = table.filter(name == duckdb.ConstantExpression(value))
    return table


def _rows(found: duckdb.DuckDBPyRelation) -> Iterator[dict[str, Any]]:
    names = found.columns
    for values in found.fetchall():
        yield {name: _number(value) for name, value in zip(names, values, strict=True)}


def _number(value: Any) -> Any:
    """Return a float that is no number as unknown."""
    return None if isinstance(value, float) and isnan(value) else value
