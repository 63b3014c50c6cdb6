"""Answers of APIs as JSON, and what to compare their rows by."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.landing.trial import Trial

Block = dict[str, Any]


def land(trial: Trial, content: Any) -> Any:
    return trial.land_one(json.dumps(content).encode())


def filled(row: Block) -> Block:
    """What of a row is delivered and not blank."""
    return {k: v for k, v in row.items() if v is not None and k[0] != "_"}


def in_order(rows: list[Block]) -> list[Block]:
    return sorted(rows, key=lambda row: int(row["_line_number"]))
