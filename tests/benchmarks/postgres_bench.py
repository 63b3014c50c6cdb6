"""How long 10 million rows take to PostgreSQL, and where the time goes.

``python -m tests.benchmarks.postgres_bench HOME [ROWS]``: the published tables of HOME,
a run on demo data say, many times over under keys of their own, with all their types,
keys, indexes and comments. The server writes to disk as one in use does.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.postgres.publish import publish_to_postgres, told
from orchestration.postgres.target import target_from
from orchestration.publication.versions import current
from orchestration.settings import Home
from tests.integration.postgres_server import running_server

ROWS = 10_000_000
IN_USE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def main() -> int:
    """Measure twice: into an empty database, and in place of a version."""
    source = Home(Path(sys.argv[1]).resolve())
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    with tempfile.TemporaryDirectory() as folder, running_server(**IN_USE) as server:
        home = Home(Path(folder) / "home")
        rows = multiplied(source, home, wanted)
        print(f"{rows:,} rows")
        target = target_from(server.new_database(), "returns_reader")
        for again in (False, True):
            began = time.monotonic()
            outcome = publish_to_postgres(home, target, again=again)
            print(f"{time.monotonic() - began:.1f} s: {told(outcome)}")
    return 0


def multiplied(source: Home, home: Home, wanted: int) -> int:
    """Write a version with about so many rows into a new home."""
    shown = current(source)
    if shown is None:
        raise SystemExit(f"nothing is published in {source.root}")
    folder = home.published / shown.version
    folder.mkdir(parents=True)
    (home.published / "current").symlink_to(shown.version)
    home.dbt_target.mkdir()
    shutil.copy(source.dbt_target / "manifest.json", home.dbt_target)
    file = folder / "marts.duckdb"
    shutil.copy(shown.path / "marts.duckdb", file)
    file.chmod(0o644)
    with duckdb.connect(file) as connection:
        counts = _multiply(connection, wanted)
    tables = {
        name: {**shown.manifest["tables"][name], "rows": counts[name]}
        for name in counts
    }
    manifest = {**shown.manifest, "tables": tables}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return sum(counts.values())


def _multiply(connection: duckdb.DuckDBPyConnection, wanted: int) -> dict[str, int]:
    """Repeat the tables that have keys of their own; keys that agree still do."""
    rows = connection.execute(
        "select table_name, first(column_name order by column_index),"
        " list(column_name) filter (column_name like '%\\_key' escape '\\')"
        " from duckdb_columns() where schema_name = 'marts' group by 1"
    ).fetchall()
    keys = {name: keys for name, first, keys in rows if first.endswith("_key")}
    counts = _counts(connection)
    size = sum(counts[name] for name in keys)
    times = max(1, (wanted - sum(counts.values())) // size + 1)
    for name, columns in keys.items():
        replaced = ", ".join(f'"{key}" || \'-\' || n as "{key}"' for key in columns)
        connection.execute(
            f'insert into marts.marts."{name}" select t.* replace ({replaced})'
            f' from marts.marts."{name}" as t, range(1, {times}) as r (n)'
        )
    connection.execute("checkpoint")
    return _counts(connection)


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    counts = {}
    for (name,) in names:
        row = connection.execute(
            f'select count(*) from marts.marts."{name}"'
        ).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


if __name__ == "__main__":
    sys.exit(main())
