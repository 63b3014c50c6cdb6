"""Takes readers from one version to the next, and clears away what they left.

Renaming two schemas is one transaction and waits for nobody: by itself it would let a
transaction that has read one table of the old version find its next one in the new. So
the publisher first locks every table of the old version. Whoever has read one of them
in a transaction still open keeps it from that; whoever comes while it holds them waits
for those milliseconds and then finds the new ones by their names.

What is locked makes everybody wait who comes to it. The publisher therefore takes what
is free, looks a moment for the rest, gives way, and tries again. A moment is always
shorter than the server's ``deadlock_timeout``, after which PostgreSQL would look who
waits for whom and might end a reader's transaction instead of ours.

Where readers leave no such moment (a session forgotten in a transaction is enough) they
keep the old version, and the publisher fails and says who they are. Forced, it switches
all the same: no statement mixes, but a transaction that was open may.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql
from tenacity import (
    RetryError,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random,
)

from orchestration.postgres import state
from orchestration.postgres.errors import ReadersBusyError

SHORTEST_MOMENT, LONGEST_MOMENT = 0.02, 0.5  # seconds that a reader may have to wait
CLEARING_ATTEMPTS = 10
_BATCH = 25  # tables dropped at once: each needs room in the server's table of locks
_BUSY = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected)

# What is free first and at once; then what becomes free, until time is up or somebody
# who reads one of the rest comes to wait for what is locked: he would wait for us, and
# we for him.
_LOCK_ALL = sql.SQL("""
do $$
declare
    until constant timestamptz := clock_timestamp() + {moment} * interval '1 second';
    here constant oid := (
        select oid from pg_database where datname = current_database()
    );
    wanted constant oid[] := array(
        select oid from pg_class
        where relnamespace = to_regnamespace({schema}) and relkind in ('r', 'p')
    );
    busy oid[] := wanted;
    still oid[];
    one regclass;
begin
    loop
        still := '{{}}';
        foreach one in array busy loop
            begin
                execute format('lock table %s in access exclusive mode nowait', one);
            exception when lock_not_available then
                still := still || cast(one as oid);
            end;
        end loop;
        busy := still;
        exit when busy = '{{}}';
        if clock_timestamp() > until or exists (
            select from pg_locks as waiting
            join pg_locks as held on held.pid = waiting.pid
            where
                not waiting.granted and waiting.relation = any(wanted)
                and held.granted and held.relation = any(busy)
                and waiting.database = here and held.database = here
        ) then
            raise lock_not_available using message = 'some transaction is reading';
        end if;
        perform pg_sleep(0.002);
    end loop;
end $$
""")


@dataclass(frozen=True)
class Swapped:
    """How readers were taken over, and what is to be said of it."""

    attempts: int
    note: str | None = None


def swap(
    connection: psycopg.Connection, role: str, patience: float, *, force: bool = False
) -> Swapped:
    """Show readers the loaded version.

    Args:
        connection: of the publisher.
        role: who may read.
        patience: seconds to look for a moment in which no transaction reads.
        force: switch all the same when there was none.

    Raises:
        ReadersBusyError: readers left no moment, and force is not used.
    """
    longest = _longest_moment(connection)
    number = 0
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(_BUSY),
            stop=stop_after_delay(patience),
            wait=wait_random(0.01, 0.2),
        ):
            number = attempt.retry_state.attempt_number
            # Sometimes long, sometimes short: what suits the readers is not known.
            moment = SHORTEST_MOMENT * (longest / SHORTEST_MOMENT) ** random.random()  # noqa: S311
            with attempt, connection.transaction():
                connection.execute(
                    _LOCK_ALL.format(moment=moment, schema=sql.Literal(state.SHOWN))
                )
                _rename(connection, role)
    except RetryError:
        note = _kept_waiting(connection, patience, force=force)
        with connection.transaction():
            _rename(connection, role)
        return Swapped(number, note)
    return Swapped(number)


def _kept_waiting(
    connection: psycopg.Connection, patience: float, *, force: bool
) -> str:
    """Return what is to be said of a forced switch; without force, raise."""
    who = _who(connection)
    if not force:
        raise ReadersBusyError(
            f"For {patience:.0f} seconds some transaction was reading{who}. The new"
            " version is loaded; when they have ended, `returns postgres` shows it."
        ) from None
    return (
        f"Switched while transactions were reading{who}: what they read after that is"
        " of the new version."
    )


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
    """Drop a schema that nobody is led to; return why it has to stay, if it has.

    In steps that each hold few locks. Only what is ours: a view that somebody made on
    a table keeps the table, and with it the version.
    """
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(_BUSY),
            stop=stop_after_attempt(CLEARING_ATTEMPTS),
            wait=wait_random(0.1, 0.5),
            reraise=True,
        ):
            with attempt:
                _drop(connection, schema)
    except errors.DependentObjectsStillExist as error:
        detail = (error.diag.message_detail or "").splitlines()
        return f"Schema {schema} stays: {'; '.join(detail)}."
    except (*_BUSY, errors.InsufficientPrivilege) as error:
        return f"Schema {schema} stays for now: {error.diag.message_primary}."
    return None


def _drop(connection: psycopg.Connection, schema: str) -> None:
    """Drop what can be dropped at once: statements prepared long ago still ask.

    They lock the tables they knew before they find that these have other names. To
    wait here with one table locked could be the other half of their deadlock.
    """
    with connection.transaction():
        related, drops = _foreign_keys(connection, schema)
        if related:
            _lock_now(connection, related)
            connection.execute(sql.SQL("; ").join(drops))
    names = sorted(state.tables_in(connection, schema))
    for start in range(0, len(names), _BATCH):
        tables = [sql.Identifier(schema, name) for name in names[start:][:_BATCH]]
        with connection.transaction():
            _lock_now(connection, tables)
            listed = sql.SQL(", ").join(tables)
            connection.execute(sql.SQL("drop table {}").format(listed))
    connection.execute(sql.SQL("drop schema {}").format(sql.Identifier(schema)))


def _longest_moment(connection: psycopg.Connection) -> float:
    row = connection.execute(
        "select cast(setting as float) / 1000 from pg_settings"
        " where name = 'deadlock_timeout'"
    ).fetchone()
    return min(LONGEST_MOMENT, (row[0] if row else 1.0) / 2)


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


def _foreign_keys(
    connection: psycopg.Connection, schema: str
) -> tuple[list[sql.Identifier], list[sql.Composed]]:
    """Return the tables that foreign keys join, and what drops the keys."""
    rows = connection.execute(
        "select c.relname, r.relname, k.conname from pg_constraint k"
        " join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid"
        " where k.contype = 'f' and k.connamespace = to_regnamespace(%s)",
        [schema],
    ).fetchall()
    drop = sql.SQL("alter table {} drop constraint {}")
    names = sorted({name for row in rows for name in row[:2]})
    return [sql.Identifier(schema, name) for name in names], [
        drop.format(sql.Identifier(schema, table), sql.Identifier(constraint))
        for table, _, constraint in rows
    ]


def _lock_now(connection: psycopg.Connection, tables: list[sql.Identifier]) -> None:
    lock = sql.SQL("lock table {} in access exclusive mode nowait")
    connection.execute(lock.format(sql.SQL(", ").join(tables)))
