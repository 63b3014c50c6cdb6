"""A small inbox and home to land in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.lake import view_queries
from orchestration.landing.landing import LandingSummary, land_inbox
from orchestration.settings import Home
from tests.unit.landing.samples import document, header_cells, row, spec_of

__all__ = ["Trial", "document", "header_cells", "row", "shared_connection", "spec_of"]


@dataclass
class Trial:
    """An inbox and a home, with short ways to fill, land and look."""

    inbox: Path
    home: Home

    def put(self, name: str, content: bytes, **meta: object) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if meta:
            self.meta(name, **meta)
        return path

    def meta(self, name: str, **meta: object) -> None:
        path = self.inbox / f"{name}.meta.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(meta))

    def land(self) -> LandingSummary:
        return land_inbox(self.inbox, self.home)

    def land_one(
        self, content: bytes, name: str = "shop/US/file.txt", **meta: object
    ) -> Any:
        """Land one document and return its ledger entry."""
        self.put(name, content, **meta)
        return self.land().outcomes[0].entry

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows dbt would see, in the order of files and lines."""
        found = self._query(view_queries(self.home)[table])
        keys = ("_file_key", "_line_number", "file_key", "line_number")
        return sorted(
            found, key=lambda row: [str(row.get(key, "")).rjust(9) for key in keys]
        )

    def ledger(self) -> list[dict[str, Any]]:
        return sorted(self.rows("landing_files"), key=lambda row: row["file_name"])

    def rejects(self) -> list[dict[str, Any]]:
        return self.rows("landing_rejects")

    def stored_bytes(self) -> bytes:
        """Everything the home holds on disk, to search for what must not be there."""
        paths = sorted(path for path in self.home.root.rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in paths)

    def stored_text(self) -> str:
        """Every value of every Parquet file of the home, decompressed."""
        texts = []
        for path in sorted(self.home.root.rglob("*.parquet")):
            texts.append(str(self._query(f"select * from read_parquet('{path}')")))
        return "\n".join(texts)

    def _query(self, query: str) -> list[dict[str, Any]]:
        cursor = shared_connection().execute(query)
        names = [item[0] for item in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@lru_cache(maxsize=1)
def shared_connection() -> duckdb.DuckDBPyConnection:
    """One connection for all looking: opening one takes longer than most tests."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection
