"""Takes readers from one version to the next, and clears away what they left.

Renaming two schemas is one transaction and waits for nobody: by itself it would let a
reader who has read one table of the old version find the next one in the new. So the
publisher first locks every table of the old version. Whoever has read one of them in a
transaction still open keeps the publisher from it, and whoever comes while it holds
them waits for those milliseconds and then finds the new ones by their names.

To wait for the lock is to make everybody wait who comes later. The publisher therefore
asks for a moment only, gives way, and asks again later. A moment is always shorter than
the server's ``deadlock_timeout``, after which PostgreSQL would look who waits for whom
and might end a reader's transaction instead of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import psycopg
from psycopg import errors, sql
from tenacity import (
    RetryError,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from orchestration.postgres import state
from orchestration.postgres.errors import ReadersBusyError

SHORTEST_MOMENT, LONGEST_MOMENT = 0.02, 0.5  # seconds a newly come reader may wait
_BATCH = 25  # tables dropped at once: each needs room in the server's table of locks
_BUSY = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected)

_Item = TypeVar("_Item")


def swap(connection: psycopg.Connection, role: str, patience: float) -> int:
    """Show readers the loaded version; return how many attempts that took.

    Args:
        connection: of the publisher.
        role: who may read.
        patience: for how many seconds to go on asking.

    Raises:
        ReadersBusyError: some reader has been in a transaction all the time.
    """
    moments = _moments(connection)
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(_BUSY),
            stop=stop_after_delay(patience),
            wait=wait_random_exponential(multiplier=0.05, max=2),
        ):
            with attempt, connection.transaction():
                _lock(connection, next(moments))
                _rename(connection, role)
        return int(attempt.retry_state.attempt_number)
    except RetryError:
        raise ReadersBusyError(
            f"For {patience:.0f} seconds some reader was in the middle of a"
            f" transaction{_who(connection)}. The new version is loaded; to show it is"
            " all that is left to do: run `returns postgres`."
        ) from None


def retire(connection: psycopg.Connection, schema: str) -> str | None:
    """Put a schema aside, to be cleared; return its new name, if it was there.

    What is cleared step by step must not be taken for a version after a kill.
    """
    row = connection.execute(
        "select oid from pg_namespace where nspname = %s", [schema]
    ).fetchone()
    if row is None:
        return None
    retired = f"{state.RETIRED}{row[0]}"
    rename = sql.SQL("alter schema {} rename to {}")
    connection.execute(rename.format(sql.Identifier(schema), sql.Identifier(retired)))
    return retired


def clear(connection: psycopg.Connection, schema: str) -> str | None:
    """Drop a schema that nobody is shown; return why it has to stay, if it has.

    In steps that each hold few locks. Only what is ours: a view that somebody made on
    a table keeps the table, and with it the version.
    """
    connection.execute("set lock_timeout = '2s'")
    try:
        for batch in _batches(_foreign_keys(connection, schema)):
            connection.execute(sql.SQL("; ").join(batch))
        names = sorted(state.tables_in(connection, schema))
        drops = [sql.Identifier(schema, name) for name in names]
        for some in _batches(drops):
            tables = sql.SQL(", ").join(some)
            connection.execute(sql.SQL("drop table {}").format(tables))
        connection.execute(sql.SQL("drop schema {}").format(sql.Identifier(schema)))
    except errors.DependentObjectsStillExist as error:
        detail = (error.diag.message_detail or "").splitlines()
        return f"Schema {schema} stays: {'; '.join(detail)}."
    except (*_BUSY, errors.InsufficientPrivilege) as error:
        return f"Schema {schema} stays for now: {error.diag.message_primary}."
    finally:
        connection.execute("set lock_timeout = 0")
    return None


def _moments(connection: psycopg.Connection) -> Iterator[float]:
    row = connection.execute(
        "select cast(setting as float) / 1000 from pg_settings"
        " where name = 'deadlock_timeout'"
    ).fetchone()
    longest = min(LONGEST_MOMENT, (row[0] if row else 1.0) / 2)
    moment = SHORTEST_MOMENT
    while True:
        yield min(moment, longest)
        moment *= 2


def _lock(connection: psycopg.Connection, moment: float) -> None:
    names = sorted(state.tables_in(connection, state.SHOWN))
    if not names:
        return
    tables = sql.SQL(", ").join(sql.Identifier(state.SHOWN, name) for name in names)
    # Of the whole statement, not of each lock: of those there are hundreds.
    limit = sql.SQL("set local statement_timeout = {}")
    connection.execute(limit.format(max(1, round(moment * 1000))))
    connection.execute(sql.SQL("lock table {} in access exclusive mode").format(tables))
    connection.execute(limit.format(0))


def _rename(connection: psycopg.Connection, role: str) -> None:
    shown, loading = sql.Identifier(state.SHOWN), sql.Identifier(state.LOADING)
    if retired := retire(connection, state.SHOWN):
        revoke = sql.SQL("revoke all on schema {} from {}")
        connection.execute(revoke.format(sql.Identifier(retired), sql.Identifier(role)))
    rename = sql.SQL("alter schema {} rename to {}")
    connection.execute(rename.format(loading, shown))
    grant = sql.SQL("grant usage on schema {} to {}")
    connection.execute(grant.format(shown, sql.Identifier(role)))


def _who(connection: psycopg.Connection) -> str:
    """Return who reads the shown version now, in words."""
    rows = connection.execute(
        "select distinct a.pid, a.usename, a.application_name, a.state,"
        " date_trunc('second', now() - a.xact_start)"
        " from pg_locks l join pg_class c on c.oid = l.relation"
        " join pg_stat_activity a on a.pid = l.pid"
        " where c.relnamespace = to_regnamespace(%s) and a.pid <> pg_backend_pid()"
        " order by 5 desc nulls last limit 3",
        [state.SHOWN],
    ).fetchall()
    told = [
        f"{user} ({program or 'no name'}, process {pid}, {what}, for {since})"
        for pid, user, program, what, since in rows
    ]
    return f": {'; '.join(told)}" if told else ""


def _foreign_keys(connection: psycopg.Connection, schema: str) -> list[sql.Composed]:
    rows = connection.execute(
        "select c.relname, k.conname from pg_constraint k"
        " join pg_class c on c.oid = k.conrelid"
        " where k.contype = 'f' and k.connamespace = to_regnamespace(%s)",
        [schema],
    ).fetchall()
    drop = sql.SQL("alter table {} drop constraint {}")
    return [
        drop.format(sql.Identifier(schema, table), sql.Identifier(name))
        for table, name in rows
    ]


def _batches(items: list[_Item]) -> Iterator[list[_Item]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
