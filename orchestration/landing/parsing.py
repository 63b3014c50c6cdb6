"""From a text file to the lake's Parquet: the SQL that DuckDB runs over a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.layout import Layout
from orchestration.landing.privacy import code_or_kind, masked_but_days, shaped
from orchestration.landing.records import LONGEST_LINE
from orchestration.landing.specs import ColumnSpec
from orchestration.landing.sql import exact_path, identifier, literal, quoted
from orchestration.landing.values import (
    Dialect,
    decimal_comma_seen,
    is_checked,
    normalised_value,
    reason,
    trimmed,
)


@dataclass(frozen=True)
class Target:
    """What every row of a document has in common."""

    file_key: str
    seller_id: str
    marketplace_code: str | None


@dataclass(frozen=True)
class Source:
    """A text file that DuckDB reads.

    Attributes:
        path: The file: UTF-8, one kind of line end.
        layout: Which field is which column.
        is_numbered: Whether it is the work file of the careful reading: a line number
            in front of every line, no header, no quotation marks that mean anything.
        newline: How its lines end, as ``read_csv`` wants it told.
        numbers: Numbers that stand in front of a line of the work file.
        number: Which of them tells a row from the others of its document: ``row``
            where several rows share a line, as in XML and JSON.
    """

    path: Path
    layout: Layout
    is_numbered: bool = False
    newline: str = "\\n"
    numbers: tuple[str, ...] = ("line",)
    number: str = "line"


def rows_query(source: Source, dialect: Dialect, target: Target) -> str:
    """Return the query of the good rows, normalised, in the lake's columns."""
    columns = source.layout.spec.columns
    fields = [
        f"{_normal(source, column)} as {identifier(column.name)}" for column in columns
    ]
    number = f"cast({source.number if source.is_numbered else 'null'} as bigint)"
    fields += [
        f"{_unknown_json(source)} as _unknown_columns",
        f"{quoted(target.file_key)} as _file_key",
        f"{number} as _line_number",
        f"{quoted(target.seller_id)} as _seller_id",
        f"{literal(target.marketplace_code)} as _marketplace_code",
    ]
    good = " and ".join(_is_good(source, column) for column in _checked(source))
    return (
        f"select {', '.join(fields)} from ({_values(source, dialect)}) as document "
        f"where {good or 'true'}"
    )


def rejects_query(source: Source, dialect: Dialect, broken: Path) -> str:
    """Return the query of the rows that do not land, each with its first fault.

    Args:
        source: The work file of the careful reading.
        dialect: How the document writes dates and numbers.
        broken: The list of lines that are no rows.
    """
    name, value, why = "case ", "case ", "case "
    for column in _checked(source):
        text = _text(source, column)
        fault = f"when not ({_is_good(source, column)}) then "
        blank = quoted("must not be blank")
        name += fault + quoted(column.name) + " "
        value += fault + f"{text} "
        why += fault + (
            f"case when {text} is null then {blank} "
            f"else {quoted(_reason(column, dialect))} end "
        )
    good = " and ".join(_is_good(source, column) for column in _checked(source))
    faulty = (
        f"select {', '.join(source.numbers)}, {name} end as column_name, "
        f"{value} end as value, {why} end as reason "
        f"from ({_values(source, dialect)}) as document where not ({good})"
    )
    # A value may have slipped into the wrong column, so it is shaped and masked
    # whatever it is.
    dated = [c.name for c in _checked(source) if c.kind in {"date", "instant"}]
    names = ", ".join(quoted(name) for name in dated)
    is_date = f"column_name in ({names})" if dated else "false"
    # Rows that share a line are told apart by their number.
    shown_reason = (
        "reason" if source.number == "line" else "reason || ' (row ' || row || ')'"
    )
    shown = f"select * replace ({shaped('value', is_date)} as value) from ({faulty})"
    return (
        "select cast(line as bigint) as line_number, column_name, "
        f"left({masked_but_days('value', is_date)}, 200) as value, "
        f"{shown_reason} as reason "
        f"from ({shown}) as faulty "
        f"union all select cast(line as bigint), null, null, {shown_reason} from "
        f"{_csv(broken, dict.fromkeys((*source.numbers, 'reason'), 'VARCHAR'))} "
        "order by 1"
    )


def has_decimal_comma(
    connection: duckdb.DuckDBPyConnection, source: Source, dialect: Dialect
) -> bool:
    """Say whether any number of the document has a clear decimal comma."""
    texts = [
        _text(source, column)
        for column in source.layout.spec.columns
        if column.kind == "decimal" and column.name in source.layout.fields
    ]
    return _exists(connection, source, dialect, decimal_comma_seen(texts))


def date_formats_that_fit(
    connection: duckdb.DuckDBPyConnection, source: Source, formats: tuple[str, ...]
) -> list[str]:
    """Return which of the formats read every date of the document."""
    fitting = []
    for form in formats:
        dialect = Dialect((form,), source.layout.spec.instant_formats)
        wrong = " or ".join(
            f"not ({_is_good(source, column)})"
            for column in _checked(source)
            if column.kind == "date"
        )
        if not _exists(connection, source, dialect, wrong or "false"):
            fitting.append(form)
    return fitting


def _exists(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    condition: str,
) -> bool:
    found = connection.execute(
        f"select 1 from ({_values(source, dialect)}) as document "
        f"where {condition} limit 1"
    ).fetchone()
    return found is not None


def _values(source: Source, dialect: Dialect) -> str:
    """Return the query of trimmed fields (``t…``) and their normal forms (``n…``)."""
    layout = source.layout
    number = source.numbers if source.is_numbered else ()
    trims = [
        f"{trimmed(_field(source, index))} as t{index}" for index in layout.positions
    ]
    fields = f"select {', '.join([*number, *trims])} from {_read(source)}"
    if layout.made:
        made = ", ".join(f"{sql} as t{index}" for index, sql in layout.made.items())
        fields = f"select *, {made} from ({fields}) as delivered"
    normals = [
        f"{normalised_value(column, _text(source, column), dialect)} "
        f"as n{layout.fields[column.name]}"
        for column in layout.spec.columns
        if column.name in layout.fields
    ]
    return f"select *, {', '.join(normals)} from ({fields}) as fields"


def _field(source: Source, index: int) -> str:
    """Return SQL for a field; a tab between quotation marks is a blank."""
    name = f"c{index}"
    if source.is_numbered or source.layout.spec.quotes == "data":
        return name
    return f"replace({name}, chr(9), ' ')"


def _checked(source: Source) -> list[ColumnSpec]:
    return [
        column
        for column in source.layout.spec.columns
        if column.name in source.layout.fields
        and (is_checked(column) or column.needed == "value")
    ]


def _is_good(source: Source, column: ColumnSpec) -> str:
    """Return SQL, never NULL, that says whether a column's value can land."""
    text = _text(source, column)
    conditions = []
    if column.needed == "value":
        conditions.append(f"{text} is not null")
    if column.kind not in {"text", "free_text"}:
        conditions.append(f"({text} is null or {_normal(source, column)} is not null)")
    if column.pattern is not None:
        matches = f"regexp_full_match({text}, {quoted(column.pattern)})"
        conditions.append(f"({text} is null or {matches})")
    return " and ".join(conditions)


def _reason(column: ColumnSpec, dialect: Dialect) -> str:
    return "must not be blank" if not is_checked(column) else reason(column, dialect)


def _text(source: Source, column: ColumnSpec) -> str:
    return f"t{source.layout.fields[column.name]}"


def _normal(source: Source, column: ColumnSpec) -> str:
    if column.name not in source.layout.fields:
        return "cast(null as varchar)"
    return f"n{source.layout.fields[column.name]}"


def _unknown_json(source: Source) -> str:
    unknown = source.layout.unknown
    if (index := source.layout.unknown_field) is not None:
        pairs = f"map_entries(cast(cast(t{index} as json) as map(varchar, varchar)))"
        entry = f"lambda e: {{'k': e.key, 'v': {code_or_kind('e.value')}}}"
        named = f"map_from_entries(list_transform({pairs}, {entry}))"
        return f"case when t{index} is not null then cast({named} as json) end"
    if not unknown:
        return "cast(null as varchar)"
    pairs = ", ".join(
        f"{quoted(name)}, {code_or_kind(f't{index}')}"
        for name, index in unknown.items()
    )
    blank = " and ".join(f"t{index} is null" for index in unknown.values())
    return f"case when not ({blank}) then cast(json_object({pairs}) as varchar) end"


def _read(source: Source) -> str:
    columns = {f"c{index}": "VARCHAR" for index in range(source.layout.width)}
    if source.is_numbered:
        return _csv(source.path, dict.fromkeys(source.numbers, "VARCHAR") | columns)
    return _csv(
        source.path,
        columns,
        skip=1,
        newline=source.newline,
        quote='"' if source.layout.spec.quotes == "csv" else "",
        delimiter=source.layout.delimiter,
    )


def _csv(
    path: Path,
    columns: dict[str, str],
    *,
    skip: int = 0,
    newline: str = "\\n",
    quote: str = "",
    delimiter: str = "\t",
) -> str:
    """Return a read of separated text as text; lines that do not fit are left out.

    What is left out shows in the count, which is compared with the lines counted
    over the bytes: then the careful reading says which lines and why.
    """
    kinds = ", ".join(
        f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items()
    )
    return (
        f"read_csv({exact_path(path)}, columns = {{{kinds}}}, auto_detect = false, "
        f"header = false, skip = {skip}, delim = {quoted(delimiter)}, "
        f"quote = {quoted(quote)}, "
        f"escape = {quoted(quote)}, comment = '', nullstr = ['', 'N/A'], "
        # A browser may unpack a document and leave .gz in its name.
        "compression = 'none', "
        f"ignore_errors = true, new_line = '{newline}', "
        f"max_line_size = {2 * LONGEST_LINE})"
    )
