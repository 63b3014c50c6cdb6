"""Every source that can land has a limit of age: none goes stale unseen."""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.landing.specs import load_specs

SEED = Path(__file__).parents[2] / "seeds" / "source_freshness.csv"


def test_every_lake_table_has_a_limit_of_age() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        limited = [row["report_code"] for row in csv.DictReader(file)]
    assert sorted(limited) == sorted({spec.table for spec in load_specs()})
