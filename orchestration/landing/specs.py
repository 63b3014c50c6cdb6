"""Reports as data: one YAML file a report, checked when it is read."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from orchestration.landing.errors import SpecError

# Amazon's reports and answers; the seller's own operations, in our layout.
FOLDERS = tuple(Path(__file__).parent / name for name in ("reports", "contracts"))

Kind = Literal[
    "text", "free_text", "person", "date", "instant", "decimal", "integer", "flag"
]
KINDS: frozenset[str] = frozenset(get_args(Kind))

# What a spec states itself that shares another's table.
OWN = frozenset({"shares_table_of", "title", "report_types", "format", "quotes"})

# What an id or a code looks like. None of them lets through a name or an address with
# blanks in it, which a shifted row puts where an id belongs. As wide as what is known:
# order ids as Amazon and its multi-channel orders (S01-…) write them; a number that
# people type (a tracking id, an invoice) may have groups of digits and capitals.
_WORD = "(?:[A-Z]{1,3}|[A-Z]{0,3}[0-9][A-Z0-9]*)"
_UNBROKEN = "[A-Za-z0-9._:+/=#-]{1,64}"
FORMS = {
    "order_id": "[A-Z0-9]{3}-[0-9]{7}-[0-9]{7}",
    "token": _UNBROKEN,
    "number": f"{_UNBROKEN}|{_WORD}(?: {_WORD}){{1,12}}",
    "currency": "[A-Z]{3}",
    "country": "[A-Z]{2}",
    # Of numbers, whose kind is checked besides.
    "not_negative": "[0-9.,]+",
    "above_zero": "[0-9.,]*[1-9][0-9.,]*",
}


@dataclass(frozen=True)
class ColumnSpec:
    """One column that lands.

    Attributes:
        name: Normalised header (lower case, runs of other characters to ``_``).
        kind: How the value is checked and normalised.
        needed: ``value``: the header must have it and every row must fill it;
            ``column``: the header must have it; ``no``: NULL where it is absent.
        aliases: Other normalised headers under which the column has been seen.
        pattern: A regular expression that the whole value must match; a spec may name
            one of ``FORMS`` as its ``form`` instead.
        means: What it means, for the person who fills it.
        words: The words it is meant to hold; others are kept as delivered.
        factor: What a value is multiplied by to be in the unit that lands.
        is_whole: Whether the product must be a whole number; minutes are rounded.
    """

    name: str
    kind: Kind
    needed: Literal["value", "column", "no"]
    aliases: tuple[str, ...] = ()
    pattern: str | None = None
    means: str = ""
    words: tuple[str, ...] = ()
    factor: float | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class ReportSpec:
    """One report type, or several that share one layout.

    Attributes:
        table: Lake table the rows go to.
        title: What a person calls the report.
        report_types: Amazon's names; the first is recorded unless the delivery's
            own meta data names another of them.
        format: ``tsv``, ``csv`` (separated by commas), ``json`` or ``xml``.
        quotes: ``data`` (quotation marks belong to the value) or ``csv``.
        header: ``by_name``, or ``by_position`` where the header is localised.
        date_column: Column that says which days the document covers.
        natural_key: Columns that name a row together with its occurrence number.
        columns: The columns that land, in lake order.
        header_names: The English header of a report that is read by position.
        json_shape: Top-level keys that a JSON document is known by.
        personal_columns: Known columns that are dropped before anything is stored.
        date_formats: Accepted formats of ``date`` columns.
        instant_formats: Accepted formats of ``instant`` columns.
        date_format_by_marketplace: The one format of ``date`` columns there.
        shares_table_of: Name of the spec whose lake table its rows go to: the same
            columns, written in another format. All it does not state comes from there.
        any_of: Columns of which a header must have at least one, where the required
            ones alone are too common to tell what a document is.
        source: dbt source of the table: ``amazon_sp``, or ``operations`` for what the
            seller's own tools export.
    """

    table: str
    title: str
    report_types: tuple[str, ...]
    format: Literal["tsv", "csv", "json", "xml"]
    quotes: Literal["data", "csv"]
    header: Literal["by_name", "by_position"]
    date_column: str
    natural_key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    header_names: tuple[str, ...] = ()
    json_shape: tuple[str, ...] = ()
    personal_columns: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    instant_formats: tuple[str, ...] = ()
    date_format_by_marketplace: dict[str, str] = field(default_factory=dict)
    shares_table_of: str | None = None
    any_of: tuple[str, ...] = ()
    source: Literal["amazon_sp", "operations"] = "amazon_sp"

    @property
    def delimiters(self) -> tuple[str, ...]:
        """What may separate its fields; only the seller's own tools may choose."""
        if self.format == "csv":
            return (",", ";", "\t") if self.source == "operations" else (",",)
        return ("\t",) if self.format == "tsv" else ()

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns that a header must have for the document to be this report."""
        return tuple(c.name for c in self.columns if c.needed != "no")

    def is_known_by(self, columns: set[str]) -> bool:
        """Say whether a header with these columns is this report's."""
        enough = not self.any_of or bool(columns & set(self.any_of))
        return set(self.required) <= columns and enough

    @cached_property
    def names(self) -> dict[str, str]:
        """Every normalised header that is understood, and the column it means."""
        known = {column.name: column.name for column in self.columns}
        known |= {alias: c.name for c in self.columns for alias in c.aliases}
        return known


@lru_cache(maxsize=1)
def load_specs() -> tuple[ReportSpec, ...]:
    """Return every report that can land, in a fixed order."""
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*.yml"))]
    specs = tuple(read_spec(path) for path in paths)
    tables = [spec.table for spec in specs if spec.shares_table_of is None]
    if len(set(tables)) != len(tables):
        raise SpecError(f"Two report specs name the same lake table: {tables}.")
    return specs


def lake_specs() -> dict[str, tuple[ReportSpec, ...]]:
    """Return the specs of each lake table; the one that describes it comes first."""
    found: dict[str, tuple[ReportSpec, ...]] = {}
    for spec in sorted(load_specs(), key=lambda spec: spec.shares_table_of is not None):
        found[spec.table] = (*found.get(spec.table, ()), spec)
    return dict(sorted(found.items()))


def read_spec(path: Path) -> ReportSpec:
    """Read one report's spec and say what is wrong with it, if anything."""
    content = _shared(path, load_yaml(path))
    columns = tuple(_column(path, item) for item in content.pop("columns"))
    known = {item.name for item in fields(ReportSpec)} - {"columns"}
    if unknown := set(content) - known:
        raise SpecError(f"{path.name}: unknown setting {sorted(unknown)}.")
    values: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in content.items()
    }
    try:
        spec = ReportSpec(columns=columns, **values)
    except TypeError as error:
        raise SpecError(f"{path.name}: {error}.") from error
    _check(path, spec)
    return spec


def _shared(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    """Complete a spec by the one whose table it shares, and check that it may."""
    name = content.get("shares_table_of")
    if name is None:
        return content
    if set(content) != OWN:
        raise SpecError(
            f"{path.name}: it shares the table of {name}, so it has to state "
            f"{', '.join(sorted(OWN))} and nothing else."
        )
    owner = path.with_name(f"{name}.yml")
    if not owner.exists():
        raise SpecError(f"{path.name}: there is no {owner.name} to share a table with.")
    shared: dict[str, Any] = load_yaml(owner)
    if "shares_table_of" in shared:
        raise SpecError(f"{path.name}: {owner.name} itself shares a table.")
    if set(content["report_types"]) & set(shared["report_types"]):
        raise SpecError(f"{path.name}: {owner.name} has the same report type.")
    if content["format"] == shared["format"]:
        raise SpecError(f"{path.name}: {owner.name} has the same format.")
    return shared | content


def load_yaml(path: Path) -> Any:
    """Return the content of one of our own YAML files."""
    # The C parser, where PyYAML was built with it, is ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506


def _column(path: Path, item: dict[str, Any]) -> ColumnSpec:
    needed = {"value": "value", "column": "column", False: "no"}.get(item["needed"])
    if needed is None or item["kind"] not in KINDS:
        raise SpecError(f"{path.name}: column {item} has an unknown kind or need.")
    lists = {name: tuple(item.get(name, ())) for name in ("aliases", "words")}
    values = {**item, "needed": needed, **lists}
    if form := values.pop("form", None):
        if form not in FORMS or "pattern" in values:
            raise SpecError(
                f"{path.name}: column {item} has an unknown or second form."
            )
        values["pattern"] = FORMS[form]
    return ColumnSpec(**values)


def _check(path: Path, spec: ReportSpec) -> None:
    columns = {column.name: column for column in spec.columns}
    problems = [
        f"{name} is no column"
        for name in (*spec.natural_key, spec.date_column, *spec.any_of)
        if name not in columns
    ]
    if len(columns) != len(spec.columns):
        problems.append("a column is named twice")
    if overlap := set(spec.names) & set(spec.personal_columns):
        problems.append(f"{sorted(overlap)} both land and are personal")
    if spec.format in {"tsv", "csv"} and not spec.required:
        problems.append("no column is required, so nothing tells the report apart")
    for column in spec.columns:
        if column.kind == "date" and not spec.date_formats:
            problems.append(f"{column.name} has no date format")
        if column.kind == "instant" and not spec.instant_formats:
            problems.append(f"{column.name} has no instant format")
    if problems:
        raise SpecError(f"{path.name}: {'; '.join(problems)}.")
