"""Objects in objects as one flat row, by a table of paths to columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from orchestration.landing.structured.limits import MOST_NAMES
from orchestration.landing.structured.records import UNKNOWN, Block, Row

LONGEST_NAME = 200
ODD_NAME = "(a field with an odd name)"
OTHERS = "(others)"


def flat(block: Block, known: Mapping[str, str], apart: Collection[str] = ()) -> Row:
    """Return the columns of an object, its unknown fields beside them.

    Args:
        block: The object.
        known: Path of a field, joined with dots, to its column.
        apart: Paths that somebody else reads.
    """
    row: Row = {}
    unknown: dict[str, str] = {}
    _fill(block, "", known, apart, row, unknown)
    if unknown:
        row[UNKNOWN] = unknown
    return row


def _fill(
    block: Block,
    above: str,
    known: Mapping[str, str],
    apart: Collection[str],
    row: Row,
    unknown: dict[str, str],
) -> None:
    for key, value in block.items():
        path = above + key
        if value is None or path in apart:
            continue
        if path in known:
            row[known[path]] = value
        elif isinstance(value, dict):
            _fill(value, path + ".", known, apart, row, unknown)
        elif value != []:
            note(unknown, path, value)


def note(unknown: dict[str, str], name: str, value: object) -> None:
    """Keep an unknown field's value; of a list nobody expects only that it is one."""
    if len(unknown) < MOST_NAMES:
        unknown[snake(name)] = "(list)" if isinstance(value, list) else str(value)
    else:
        unknown[OTHERS] = ""


def listed(value: object) -> list[Block]:
    """Return the objects of a list; one alone, as XML has it, is a list of one."""
    if isinstance(value, list):
        return [item if isinstance(item, dict) else {} for item in value]
    return [value] if isinstance(value, dict) else []


def inside(block: object, *names: str) -> Any:
    """Return what an object holds at a path of names, ``None`` if it does not."""
    for name in names:
        block = block.get(name) if isinstance(block, dict) else None
    return block


def first(block: Block, *names: str) -> Any:
    """Return the first of several fields that an object has."""
    return next((block[name] for name in names if block.get(name) is not None), None)


def snake(name: str) -> str:
    """Return a name of Amazon's as one of a column: ``sellerSKU`` as ``seller_sku``."""
    return _snake(name) if len(name) <= LONGEST_NAME else ODD_NAME


@lru_cache(maxsize=4096)
def _snake(name: str) -> str:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^\w.@]+", "_", name).lower()


def plain_number(text: str) -> str:
    """Return a number's digits as they stand; 3.0E-5 without its exponent."""
    if "e" not in text and "E" not in text:
        return text
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    exponent = value.as_tuple().exponent
    # An absurd exponent would become gigabytes of zeros; left, it is set aside.
    if not isinstance(exponent, int) or abs(exponent) > 40:
        return text
    return format(value, "f")
