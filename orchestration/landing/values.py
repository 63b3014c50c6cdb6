"""Checking and normalising values: one SQL expression a kind, none guesses.

Every expression takes a trimmed text, NULL where blank, and gives the normal form, or
NULL where the text is not of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from orchestration.landing.privacy import masked, without_emails
from orchestration.landing.pseudonyms import pseudonym
from orchestration.landing.specs import FORMS, ColumnSpec, ReportSpec
from orchestration.landing.sql import quoted
from orchestration.landing.zones import UNKNOWN, in_utc, with_zone, without_zone

# Outside these days a date is a misread number, not a business day.
EARLIEST, LATEST = "timestamp '1990-01-01'", "timestamp '2100-01-01'"
ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_TIME = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
MOMENT = datetime(2025, 1, 31, 10)
# Of a day beside any zone, such as PDT, the day lands: it names no instant.
EXAMPLES = {
    "iso_instant": "2025-01-31T10:00:00+01:00",
    "iso_local": "2025-01-31 10:00:00",
    "naive_instant": "2025-01-31 10:00:00",
    "iso_day": "2025-01-31",
    "zoned_day": "2025-01-31 PST",
}
BOUNDS = {
    FORMS["not_negative"]: ", or is below 0",
    FORMS["above_zero"]: ", or is not above 0",
}
DAYS = {"iso_day": "( UTC)?", "zoned_day": " [A-Z]{2,5}"}


@dataclass(frozen=True)
class Dialect:
    """How one document writes dates and numbers.

    Attributes:
        date_formats: Formats of its ``date`` columns.
        instant_formats: Formats of its ``instant`` columns.
        has_decimal_comma: Whether its numbers have been seen with a decimal comma.
        may_hold_emails: Whether an at sign of any width can stand in it.
    """

    date_formats: tuple[str, ...]
    instant_formats: tuple[str, ...]
    has_decimal_comma: bool = False
    may_hold_emails: bool = True


def trimmed(field: str) -> str:
    """Return SQL for a field without outer blanks, NULL if nothing is left.

    ``N/A`` is nothing too; the parser has seen to it where no blanks are around it.
    Most fields need no trimming; asking first costs a tenth of trimming them all.
    """
    return (
        f"case when prefix({field}, ' ') or suffix({field}, ' ') "
        f"then nullif(nullif(trim({field}), ''), 'N/A') else {field} end"
    )


def normalised_value(column: ColumnSpec, text: str, dialect: Dialect) -> str:
    """Return SQL for the normal form of ``text``, NULL if it is not of its kind."""
    makers: dict[str, Callable[[str, Dialect], str]] = {
        # What matches a pattern holds no e-mail; its check sees what it is.
        "text": lambda text, dialect: (
            without_emails(text)
            if dialect.may_hold_emails and not column.pattern
            else text
        ),
        "free_text": lambda text, _: masked(text),
        "person": lambda text, _: pseudonym(text),
        "flag": lambda text, _: _if(
            f"lower({text}) in ('y', 'n', 'yes', 'no', 'true', 'false')", text
        ),
        "integer": lambda text, _: _if(_matches(text, "-?[0-9]{1,18}"), text),
        "decimal": _decimal,
        "date": lambda text, dialect: _first(text, dialect.date_formats),
        "instant": lambda text, dialect: _first(text, dialect.instant_formats),
    }
    value = makers[column.kind](text, dialect)
    return value if column.factor is None else _scaled(value, column)


def is_checked(column: ColumnSpec) -> bool:
    """Say whether a value of this column can be wrong in itself."""
    return column.kind not in {"text", "free_text"} or column.pattern is not None


def reason(column: ColumnSpec, dialect: Dialect) -> str:
    """Return what a value that failed should have been."""
    bound = BOUNDS.get(column.pattern or "", "")
    if column.pattern and not bound and column.kind in {"text", "integer"}:
        return f"does not have the form {column.pattern}"
    formats = {"date": dialect.date_formats, "instant": dialect.instant_formats}
    if column.kind in formats:
        shown = dict.fromkeys(_shown(form) for form in formats[column.kind])
        return f"is no valid date of the form {' or '.join(shown)}"
    why = {
        "person": "names nobody",
        "flag": "is not Y, N, yes, no, true or false",
        "integer": "is not a whole number",
        "decimal": "is not a number, or could be read as two different numbers",
    }[column.kind]
    whole = ", or makes no whole number" if column.is_whole else ""
    return why + bound + whole


def _shown(form: str) -> str:
    """Return a format as a person reads it: an example."""
    plain, zone = without_zone(form)
    example = EXAMPLES.get(plain) or MOMENT.strftime(plain)
    if zone is None or zone == UNKNOWN:
        return example
    return f"{example} as a clock in {zone} shows it"


def first_dialect(spec: ReportSpec, date_formats: tuple[str, ...]) -> Dialect:
    """Return how to read a document before anything odd is known about it."""
    return Dialect(date_formats, spec.instant_formats)


def decimal_comma_seen(texts: list[str]) -> str:
    """Return SQL that says whether any of the texts has a clear decimal comma."""
    return " or ".join(_comma_decimal(text) for text in texts) or "false"


def _decimal(text: str, dialect: Dialect) -> str:
    # With more digits it is no amount, and no warehouse could hold it.
    point = "-?[0-9]{1,15}([.][0-9]{1,40})?"
    if not dialect.has_decimal_comma:
        return _if(_matches(text, point), text)
    # Beside decimal commas, 1.234 may be a thousand and more: no one can tell.
    grouped = "-?[1-9][0-9]{0,2}[.][0-9]{3}"
    return (
        f"case when {_comma_decimal(text)} then replace({text}, ',', '.') "
        f"when {_matches(text, point)} and not {_matches(text, grouped)} "
        f"then {text} end"
    )


def _comma_decimal(text: str) -> str:
    # 1,234 may be a grouped thousand; 0,123 and 1234,567 cannot.
    grouped = "-?[1-9][0-9]{0,2},[0-9]{3}"
    comma = "-?[0-9]{1,15},[0-9]{1,40}"
    return f"({_matches(text, comma)} and not {_matches(text, grouped)})"


def _scaled(number: str, column: ColumnSpec) -> str:
    product = f"try_cast({number} as double) * {column.factor!r}"
    if column.is_whole:
        whole = f"cast(try_cast(round({product}) as bigint) as varchar)"
        # Of a minute a part may be rounded away; of a unit there are no parts.
        if column.name.endswith("_minutes"):
            return whole
        return _if(f"abs({product} - round({product})) < 1e-6", whole)
    plain = f"cast(try_cast({product} as decimal(28, 6)) as varchar)"
    return f"regexp_replace({plain}, '[.]?0+$', '')"


def _first(text: str, formats: tuple[str, ...]) -> str:
    return f"coalesce({', '.join(_dated(text, item) for item in formats)})"


def _dated(text: str, form: str) -> str:
    if form == "iso_instant":
        return _iso_instant(text)
    if form in DAYS:
        is_day = _matches(text, ISO_DAY + DAYS[form])
        return _if(is_day, _as_text(f"try_cast(left({text}, 10) as timestamp)", 10))
    if form == "naive_instant":
        form = with_zone("iso_local", UNKNOWN)
    form, zone = without_zone(form)
    instant = f"try_strptime({text}, {quoted(form)})"
    if form == "iso_local":
        is_local = _matches(text, f"{ISO_DAY}[T ]{ISO_TIME}")
        instant = f"try_cast({_if(is_local, text)} as timestamp)"
    has_time = form == "iso_local" or "%H" in form or "%I" in form
    if zone is None or zone == UNKNOWN:
        return _as_text(instant, 19 if has_time and zone is None else 10)
    return _as_text(in_utc(instant, zone), 19)


def _iso_instant(text: str) -> str:
    """Return SQL for an instant that states its zone; without one it is no instant."""
    utc = " or ".join(f"suffix({text}, '{end}')" for end in ("+00:00", "Z", " UTC"))
    # A cast to timestamp drops the offset, so other offsets take the longer way.
    offset = f"regexp_matches({text}, '^.{{10}}[T ].*[+-][0-9]{{2}}(:?[0-9]{{2}})?$')"
    shifted = f"cast(try_cast({text} as timestamptz) as timestamp)"
    # Account health states minutes without seconds, which no cast takes.
    whole_minute = f"try_cast(left({text}, 16) || ':00' as timestamp)"
    return (
        f"case when length({text}) <= 11 then null "
        f"when length({text}) = 17 and suffix({text}, 'Z') "
        f"then {_as_text(whole_minute, 19)} "
        f"when {utc} then {_as_text(f'try_cast({text} as timestamp)', 19)} "
        f"when {offset} then {_as_text(shifted, 19)} end"
    )


def _as_text(instant: str, width: int) -> str:
    in_range = f"{instant} between {EARLIEST} and {LATEST}"
    return _if(in_range, f"left(cast({instant} as varchar), {width})")


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quoted(pattern)})"


def _if(condition: str, value: str) -> str:
    return f"case when {condition} then {value} end"
