"""A published version as everybody here opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.publication.targets import ALIAS


@contextmanager
def opened_version(version: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a read-only connection: tables by bare name, times in UTC.

    Args:
        version: the folder of the version itself; the link to the current one may be
            switched while it is read.
    """
    with duckdb.connect(str(version / ALIAS), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("use marts")
        yield connection
