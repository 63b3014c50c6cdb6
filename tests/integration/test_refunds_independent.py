"""Settlements and refunds against plain arithmetic on the files as Amazon wrote them.

The reference knows nothing of the lake, the seeds or the models: it reads the text,
takes the amounts as decimals and adds them up by the columns' own names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import PROJECT_ROOT, Home

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real"
WIDE = REAL / "ca_settlement_v1"
NO_TOTAL = REAL / "es_fixtures" / "settlement.txt"
LONG = REAL / "settlement_v2" / "settlement-sample.txt"

pytestmark = pytest.mark.skipif(
    not WIDE.is_dir(), reason="no real settlement files in ../shared/data/real"
)
Line = dict[str, str]
BUYER = ("price-amount", "promotion-amount")


def lines_of(path: Path) -> list[Line]:
    header, *rows = (
        line.rstrip("\r").split("\t") for line in path.read_text("utf-8").split("\n")
    )
    return [dict(zip(header, row, strict=False)) for row in rows if len(row) > 1]


def amounts(line: Line) -> dict[str, Decimal]:
    return {
        name: Decimal(text.strip())
        for name, text in line.items()
        if name.endswith("amount") and name != "total-amount" and text.strip()
    }


def reference_settlements(paths: list[Path]) -> dict[str, tuple[Any, Decimal, int]]:
    """Return stated total, sum of all amounts and number of lines by settlement."""
    found = {}
    for path in paths:
        lines = lines_of(path)
        stated = [text for line in lines if (text := line["total-amount"].strip())]
        added = sum((sum(amounts(line).values()) for line in lines), Decimal())
        total = Decimal(stated[0]) if stated else None
        found[lines[0]["settlement-id"]] = (total, added, len(lines))
    return found


def reference_refunds(paths: list[Path]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return each refund's money by settlement, order, adjustment and SKU."""
    found: dict[tuple[str, ...], dict[str, Any]] = defaultdict(
        lambda: {"principal": Decimal(), "buyer": Decimal(), "all": Decimal()}
    )
    for line in (line for path in paths for line in lines_of(path)):
        if line["transaction-type"] != "Refund":
            continue
        key = ("settlement-id", "order-id", "adjustment-id", "sku")
        refund = found[tuple(line[name] for name in key)]
        money = amounts(line)
        refund["all"] -= sum(money.values())
        if "amount-type" in line:
            money = {"price-amount": money["amount"]} if is_price(line) else {}
        refund["buyer"] -= sum(money.get(name, Decimal()) for name in BUYER)
        if "Principal" in (line.get("price-type"), line.get("amount-description")):
            refund["principal"] -= money.get("price-amount", Decimal())
        posted = line.get("posted-date-time", "").strip() or line["posted-date"]
        refund["posted"] = datetime.fromisoformat(posted.replace(" UTC", "+00:00"))
    return dict(found)


def is_price(line: Line) -> bool:
    return line["amount-type"] in ("ItemPrice", "Promotion")


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    work = tmp_path_factory.mktemp("refunds")
    inbox = work / "inbox"
    shutil.copytree(WIDE, inbox / "canada")
    shutil.copytree(WIDE, inbox / "canada" / "again")
    cut_off = max(WIDE.glob("*.txt"), key=lambda path: path.stat().st_size)
    text = cut_off.read_text("utf-8").split("\n")
    (inbox / "canada" / "cut_off.txt").write_text("\n".join(text[:99]) + "\n", "utf-8")
    for name, path in (("spain", NO_TOTAL), ("sample", LONG)):
        (inbox / name).mkdir()
        shutil.copy(path, inbox / name)
    home = Home(work / "home")
    land_inbox(inbox, home)
    register_views(home)
    build(home)
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield connection


def build(home: Home) -> None:
    """Build settlements and refunds, with every data test on them."""
    places = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    places += ["--target-path", str(home.dbt_target), "--log-path", str(home.root)]
    chosen = ["--select", "+fct_settlements", "+fct_refunds"]
    chosen += ["--exclude-resource-type", "unit_test"]
    chosen += ["--indirect-selection", "buildable"]
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", "build", *chosen, *places],
        env=os.environ | {"RETURNS_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def files() -> list[Path]:
    return [*sorted(WIDE.glob("*.txt")), NO_TOTAL, LONG]


def test_every_settlement_adds_up_to_the_cent(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Copies and a cut-off download of a settlement change nothing."""
    rows = warehouse.execute(
        "select settlement_id, stated_total_amount, lines_total_amount, line_count"
        " from facts.fct_settlements"
    ).fetchall()
    assert {row[0]: row[1:] for row in rows} == reference_settlements(files())
    assert len(rows) == len(files())


def test_settlements_reconcile_with_their_own_total(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select has_stated_total, is_reconciled, count(*) from facts.fct_settlements"
        " group by all"
    ).fetchall()
    assert sorted(rows) == [(False, False, 1), (True, True, len(files()) - 1)]


def test_every_refund_has_the_money_of_its_lines(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select settlement_id, amazon_order_id, coalesce(adjustment_id, ''), sku,"
        " principal_amount, refunded_amount, net_cost_amount, posted_at, is_counted"
        " from facts.fct_refunds"
    ).fetchall()
    expected = {
        (*key, r["principal"], r["buyer"], r["all"], r["posted"].replace(tzinfo=None))
        for key, r in reference_refunds(files()).items()
    }
    assert {row[:-1] for row in rows} == expected
    assert len(rows) == len(expected) > 0
    assert all(row[-1] for row in rows)


def test_refunds_stand_on_the_marketplaces_day(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select marketplace_code, currency_code, posted_at, posted_date_local"
        " from facts.fct_refunds where seller_id = 'canada'"
    ).fetchall()
    pacific = ZoneInfo("America/Los_Angeles")
    assert rows
    for code, currency, posted_at, day in rows:
        assert (code, currency) == ("CA", "CAD")
        local = posted_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(pacific)
        assert day == local.date()
