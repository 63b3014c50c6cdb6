"""Finds SQL that means something else, or nothing, on the second engine.

Models run on DuckDB and on Spark from the same text. What differs goes into macros
with a version for each engine; everything else in a model must parse in both dialects
and keep clear of constructs known to give another result without an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jinja2
import sqlglot
from sqlglot import exp

DIALECTS = ("duckdb", "spark")

# Functions with no counterpart, or another meaning, on Spark.
FUNCTIONS = {
    "arg_max", "arg_min", "array_agg", "date_diff", "date_part", "dayofweek",
    "epoch", "epoch_ms", "generate_series", "hash", "isodow", "json_extract",
    "json_extract_string", "list", "list_aggregate", "list_value", "listagg",
    "make_date", "make_timestamp", "quantile", "quantile_cont", "quantile_disc",
    "range", "regexp_extract_all", "regexp_matches", "string_agg", "string_split",
    "strftime", "strptime", "struct_pack", "timezone", "to_timestamp", "try_strptime",
    "unnest",
}  # fmt: skip


class _Macro:
    """Renders any macro call as a plain function call of the same name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if self.name.startswith("dbt_type_"):
            return self.name.removeprefix("dbt_type_")
        words = ", ".join(_flat([*args, *kwargs.values()]))
        return f"{self.name}({words})"

    def __getattr__(self, name: str) -> _Macro:
        return _Macro(f"{self.name}_{name}")

    def __str__(self) -> str:
        return self.name


def _flat(values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(list(value))
        else:
            yield str(value)


class _Macros(jinja2.Undefined):
    """Names a template does not define are macros of the project or of dbt."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return _Macro(str(self._undefined_name))(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Macro(f"{self._undefined_name}_{name}")


def neutral(raw_code: str) -> str:
    """Return a model's SQL with every macro call left as a function call."""
    environment = jinja2.Environment(undefined=_Macros, extensions=["jinja2.ext.do"])
    names: dict[str, Callable[..., str]] = {
        "ref": lambda *names: names[-1],
        "source": lambda source, table: f"{source}.{table}",
        "config": lambda **_: "",
        "var": lambda _, default="1": str(default),
    }
    return environment.from_string(raw_code).render(names)


def _node_problems(tree: exp.Expression) -> Iterator[str]:
    for _ in tree.find_all(exp.Qualify):
        yield "QUALIFY is a parse error on Spark 3.5: filter a subquery"
    for _ in tree.find_all(exp.Lambda):
        yield "lambda"
    for distinct in tree.find_all(exp.Distinct):
        if distinct.args.get("on"):
            yield "DISTINCT ON"
    for star in tree.find_all(exp.Star):
        if (
            star.args.get("except_")
            or star.args.get("except")
            or star.args.get("replace")
        ):
            yield "star with EXCLUDE or REPLACE"
    for _ in tree.find_all(exp.IntDiv):
        yield "// is no operator on Spark"
    for _ in tree.find_all(exp.Struct, exp.Array, exp.Bracket):
        yield "list, struct or subscript"
    for with_ in tree.find_all(exp.With):
        if with_.recursive:
            yield "recursive CTE is a parse error on Spark 3.5"
    for subtraction in tree.find_all(exp.Sub):
        if any("date" in _name(side) for side in (subtraction.left, subtraction.right)):
            yield f"date arithmetic `{subtraction.sql()}`: use dbt.datediff"


def _name(node: exp.Expression) -> str:
    """The last word of a column's name where it promises a date."""
    if isinstance(node, exp.Column) and re.search(r"_(date|at|date_local)$", node.name):
        return "date"
    return ""


def problems(raw_code: str) -> list[str]:
    """Return what stands in the way of ``raw_code`` on the second engine."""
    sql = neutral(raw_code)
    found = []
    for dialect in DIALECTS:
        try:
            tree = sqlglot.parse_one(sql, dialect=dialect)
        except sqlglot.errors.SqlglotError as error:
            found.append(f"not {dialect} SQL: {str(error).splitlines()[0]}")
            continue
        if dialect == "duckdb":
            found += _node_problems(tree)
    called = {name.lower() for name in re.findall(r"\b([A-Za-z_]+)\s*\(", sql)}
    found += [f"function {name}" for name in sorted(called & FUNCTIONS)]
    found += [
        f"window order `{key}` without nulls first or last"
        for key in _window_keys(sql)
        if not re.search(r"nulls\s+(first|last)$", key, re.IGNORECASE)
    ]
    return sorted(set(found))


def _window_keys(sql: str) -> Iterator[str]:
    """Each sort key of each window: engines disagree on where nulls go by default."""
    for over in re.finditer(r"\bover\s*\(", sql, re.IGNORECASE):
        window, _ = _until(sql, over.end(), ")")
        order = re.search(r"\border\s+by\b", window, re.IGNORECASE)
        if order is None:
            continue
        keys = re.split(r"\b(?:rows|range)\s+between\b", window[order.end() :])[0]
        position = 0
        while position < len(keys):
            key, position = _until(keys, position, ",")
            yield " ".join(key.split())


def _until(text: str, start: int, stop: str) -> tuple[str, int]:
    """Text from ``start`` to the next ``stop`` outside parentheses, and its end."""
    depth = 0
    for index in range(start, len(text)):
        if depth == 0 and text[index] == stop:
            return text[start:index], index + 1
        depth += {"(": 1, ")": -1}.get(text[index], 0)
    return text[start:], len(text)
