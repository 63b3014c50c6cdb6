"""SQL functions of the simulation: draws, clocks, money."""

from __future__ import annotations

from itertools import groupby

import duckdb

from orchestration.demo.calendars import clock_shifts

MACROS = (
    # DuckDB's hash of a 64-bit number mixes all its bits, so two purposes, two keys or
    # two seeds give draws that have nothing to do with each other.
    "draw(k, purpose) as hash(xor(cast(k as ubigint), hash(purpose || '#{seed}')))",
    "u(k, purpose) as (draw(k, purpose) >> 11) * 1.1102230246251565e-16",
    "digits(k, purpose, n) as lpad(cast("
    "draw(k, purpose) % cast(pow(10, n) as ubigint) as varchar), n, '0')",
    "letters(k, purpose, n) as lpad(to_base("
    "cast(draw(k, purpose) % cast(pow(36, n) as ubigint) as bigint), 36), n, '0')",
    "later(t, days) as t + to_seconds(cast((days) * 86400 as bigint))",
    "offset_at(t, zone) as case zone {offsets} end",
    "local_time(t, zone) as t + to_seconds(offset_at(t, zone))",
    # Near enough: only working hours are turned back into UTC.
    "utc_time(t, zone) as t - to_seconds(offset_at(t - interval 3 hour, zone))",
    "iso(t) as strftime(t, '%Y-%m-%dT%H:%M:%S+00:00')",
    "zulu(t) as strftime(t, '%Y-%m-%dT%H:%M:%SZ')",
    "element(name, value) as coalesce('<' || name || '>' || replace(replace("
    "cast(value as varchar), '&', '&amp;'), '<', '&lt;') || '</' || name || '>', '')",
    "coins(x, decimals) as case when decimals = 0 then cast(x as varchar) "
    "else concat(case when x < 0 then '-' else '' end, "
    "cast(abs(x) // 100 as varchar), '.', "
    "lpad(cast(abs(x) % 100 as varchar), 2, '0')) end",
    "tsv_decimal(x, decimals, has_comma) as case when has_comma "
    "then replace(coins(x, decimals), '.', ',') else coins(x, decimals) end",
    "quoted(fields) as concat('\"', array_to_string("
    "[replace(field, '\"', '\"\"') for field in fields], '\"' || chr(9) || '\"'), "
    "'\"')",
    "csv(fields) as array_to_string([case when regexp_matches(field, '[\",\n]') "
    "then concat('\"', replace(field, '\"', '\"\"'), '\"') "
    "else coalesce(field, '') end for field in fields], ',')",
    # What the seller's own warehouse gets for a unit, most of the time noted.
    "sold_unit_amount(k, fate, price) as case when u(k, 'price noted') < 0.2 then null "
    "when fate = 'resold' and u(k, 'sold off') < 0.15 "
    "then cast(price * (0.1 + u(k, 'sale') * 0.15) as bigint) "
    "when fate = 'resold' then cast(price * (0.4 + u(k, 'sale') * 0.45) as bigint) "
    "when fate = 'liquidated' "
    "then cast(price * (0.04 + u(k, 'sale') * 0.12) as bigint) end",
    "money_of(x, decimals, currency) as {CurrencyCode: currency, "
    "CurrencyAmount: cast(coins(x, decimals) as decimal(18, 2))}",
    "money_as(x, decimals, currency) as {currencyCode: currency, "
    "currencyAmount: cast(coins(x, decimals) as decimal(18, 2))}",
    "one_of(words, k, purpose) as "
    "words[1 + cast(draw(k, purpose) % len(words) as integer)]",
    "agent_name(k, purpose, seller_no, lang) as case "
    "when seller_no = 0 and lang in ('es', 'fr') then 'lucia' "
    "when seller_no = 0 then one_of(['mia', 'noah', 'olive'], k, purpose) "
    "when lang in ('de', 'tr') then one_of(['clara', 'dieter'], k, purpose) "
    "when lang = 'ja' then 'emi' else one_of(['amir', 'beth'], k, purpose) end",
    # A removal order's number is its marketplace's thousand and the month from the
    # start: all else follows from it.
    "removal_id(no) as letters(no, 'removal order', 10)",
    "removal_requested_at(no) as timestamp '2025-09-15 09:00:00' "
    "+ to_months(cast(no % 1000 as integer)) + to_minutes(cast(no // 1000 as bigint))",
    "removal_done_at(no, part) as later(removal_requested_at(no), "
    "6 + u(no, 'removal done') * 8 + part * (6 + u(no, 'second part') * 6))",
    "removal_type(no, scope) as case when u(no, 'removal type') < 0.5 then 'Return' "
    "when u(no, 'removal type') < 0.65 and scope in (1, 3) then 'Liquidations' "
    "when no is not null then 'Disposal' end",
)


def create_macros(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Create the functions; every draw of this connection depends on ``seed``."""
    for macro in MACROS:
        definition = macro.replace("{seed}", str(seed)).replace("{offsets}", _offsets())
        connection.execute(f"create macro {definition}")


def _offsets() -> str:
    """Return the ``when`` branches that give a zone's seconds ahead of UTC."""
    branches = []
    for zone, rows in groupby(clock_shifts(), key=lambda row: row[0]):
        first, *later = [(since, offset) for _, since, offset in rows]
        cases = " ".join(
            f"when t >= timestamp '{since}' then {offset}"
            for since, offset in reversed(later)
        )
        inner = f"case {cases} else {first[1]} end" if cases else str(first[1])
        branches.append(f"when {zone} then {inner}")
    return " ".join(branches)
