"""DuckDB for Great Expectations, through the extension points GX documents.

GX 1.24 knows no DuckDB. Its own ``sqlite_datasource.py`` shows how a back end is
added: a subclass of the SQL data source with its assets and execution engine. Suites
use query assets, which never reflect: all questions run as SQL inside DuckDB.

Importing this module imports GX, which takes seconds: import it inside functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from great_expectations.compatibility import pydantic
from great_expectations.datasource.fluent.config_str import ConfigStr
from great_expectations.datasource.fluent.sql_datasource import (
    QueryAsset,
    SQLDatasource,
    TableAsset,
)
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

AssetType = type[Any]
EngineType = type[SqlAlchemyExecutionEngine]
CONFIG = {"autoinstall_known_extensions": False}  # no network, ever


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """One connection that stays open, with database files attached read-only.

    SQLAlchemy rolls back when a connection is handed back, and DuckDB drops unread
    results on a rollback: GX's habit of one connection a statement fails there.
    """

    def __init__(self, *args: Any, attached: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: sa.Connection | None = None
        self._attached = attached
        sa.event.listen(self.engine, "connect", self._attach)

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """Yield the one connection, a new one after a statement failed.

        A failed statement aborts the transaction it was in; the questions that come
        after it must not fail for that.
        """
        if self._kept is None or self._kept.closed:
            self._kept = self.engine.connect()
        try:
            yield self._kept
        except Exception:
            self._kept.invalidate()
            self.close()
            raise

    def close(self) -> None:
        """Let go of the files: an open reader locks the next dbt build out."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        super().close()

    def _attach(self, connection: Any, _: Any) -> None:
        for name, path in self._attached.items():
            quoted = path.replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        connection.execute(f"use {next(iter(self._attached))}")


class DuckDBTableAsset(TableAsset):  # type: ignore[misc]
    """A table. Unused by our suites; GX wants the pair."""

    type: Literal["table"] = "table"


class DuckDBQueryAsset(QueryAsset):  # type: ignore[misc]
    """The rows a query returns."""

    type: Literal["query"] = "query"


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    """Registers ``context.data_sources.add_duckdb``.

    ``attached`` maps names to database files; the first is where unqualified names
    are looked up.
    """

    asset_types: ClassVar[list[AssetType]] = [DuckDBTableAsset, DuckDBQueryAsset]
    type: Literal["duckdb"] = "duckdb"
    connection_string: ConfigStr | str
    attached: dict[str, str]
    _TableAsset: AssetType = pydantic.PrivateAttr(DuckDBTableAsset)
    _QueryAsset: AssetType = pydantic.PrivateAttr(DuckDBQueryAsset)

    @property
    def execution_engine_type(self) -> EngineType:
        """The engine GX builds for this data source."""
        return DuckDBExecutionEngine


@contextmanager
def opened(
    context: Any, attached: dict[str, Path], scratch: Path
) -> Iterator[DuckDBDatasource]:
    """Yield a data source over the files, and let go of them in the end."""
    datasource = context.data_sources.add_duckdb(
        "warehouse",
        connection_string="duckdb:///:memory:",
        attached={name: str(path) for name, path in attached.items()},
        kwargs={"connect_args": {"config": {**CONFIG, "temp_directory": str(scratch)}}},
    )
    engine = datasource.get_execution_engine()
    try:
        yield datasource
    finally:
        engine.close()
        engine.engine.dispose()
        datasource.get_engine().dispose()
