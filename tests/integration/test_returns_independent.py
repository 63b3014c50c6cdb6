"""Facts of a real seller against figures computed from the raw files, without SQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from orchestration.landing.lake import register_views
from orchestration.landing.landing import land_inbox
from orchestration.settings import PROJECT_ROOT, Home

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real" / "us_mfn_apparel"
PACIFIC = ZoneInfo("America/Los_Angeles")
BUILT = ["+fct_returns", "+fct_order_lines", "+dim_*", "safe_t_actions"]
BUILT += ["+kpi_return_balance_by_marketplace_month"]
Row = dict[str, str]

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"real files are not here ({REAL})"
)


def rows_of(folder: str) -> list[Row]:
    """Every line of every file, read the plainest way."""
    rows = []
    for path in sorted((REAL / folder).iterdir()):
        lines = path.read_bytes().split(b"\n")
        header = [name.strip() for name in text(lines[0]).split("\t")]
        for line in filter(None, lines[1:]):
            values = [value.strip() for value in text(line).split("\t")]
            rows.append(dict(zip(header, values, strict=False)))
    return rows


def text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def day(value: str) -> date:
    return datetime.strptime(value, "%d-%b-%Y").date()


def once(rows: list[Row], amount: str, key: list[str]) -> Decimal:
    """Add ``amount`` up once for each group of lines that share one sum of money."""
    groups: dict[tuple[object, ...], Decimal] = {}
    for number, row in enumerate(rows):
        if row[amount]:
            parts = [row[name] for name in key if row[name]]
            group = (row["Order ID"], *(parts[:1] or [number]))
            groups[group] = Decimal(row[amount])
    return sum(groups.values(), Decimal(0))


@pytest.fixture(scope="module")
def returns() -> list[Row]:
    return rows_of("returns")


@pytest.fixture(scope="module")
def orders() -> list[Row]:
    return rows_of("orders")


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The real files landed as one seller and built, with every data test on them."""
    work = tmp_path_factory.mktemp("real")
    for folder in ("orders", "returns"):
        shutil.copytree(REAL / folder, work / "inbox" / "apparel" / folder)
    home = Home(work / "home")
    summary = land_inbox(work / "inbox", home)
    assert not summary.refused
    register_views(home)
    places = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    places += ["--target-path", str(home.dbt_target), "--log-path", str(work / "log")]
    build = ["build", "--exclude-resource-type", "unit_test"]
    build += ["--indirect-selection", "cautious", "--select", *BUILT]
    result = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", *build, *places],
        env=os.environ | {"RETURNS_HOME": str(home.root)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        yield connection


def one(warehouse: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = warehouse.execute(query).fetchone()
    assert row is not None
    return row


def test_every_return_is_there_once(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    units = sum(int(row["Return quantity"]) for row in returns)
    found = one(
        warehouse, "select count(*), sum(returned_quantity) from facts.fct_returns"
    )
    assert found == (len(returns), units)


def test_requests_keep_all_their_lines(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    stated = Counter((row["Order ID"], row["Amazon RMA ID"]) for row in returns)
    found = warehouse.execute(
        "select amazon_order_id, coalesce(amazon_rma_id, ''), count(*)"
        " from facts.fct_returns group by all"
    ).fetchall()
    assert {(order, rma): n for order, rma, n in found} == stated


def test_labels_are_paid_once(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    paid = once(returns, "Label cost", ["Tracking ID", "Amazon RMA ID"])
    naive = sum(Decimal(row["Label cost"] or 0) for row in returns)
    (found,) = one(warehouse, "select sum(label_cost_amount) from facts.fct_returns")
    assert found == paid < naive


def test_claims_are_paid_once(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    amount = "SafeT claim reimbursement amount"
    paid = once(returns, amount, ["SafeT claim id"])
    naive = sum(Decimal(row[amount] or 0) for row in returns)
    (found,) = one(warehouse, "select sum(claim_amount) from facts.fct_returns")
    assert found == paid < naive


def test_a_blank_refund_is_unknown(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    stated = [Decimal(r["Refunded Amount"]) for r in returns if r["Refunded Amount"]]
    found = one(
        warehouse,
        "select count(refunded_amount), sum(refunded_amount) from facts.fct_returns",
    )
    assert found == (len(stated), sum(stated))


def test_reasons_keep_their_numbers(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    stated = Counter(row["Return Reason"] for row in returns)
    found = warehouse.execute(
        "select stated_reason_code, count(*) from facts.fct_returns group by all"
    ).fetchall()
    assert dict(found) == stated
    unknown = one(
        warehouse,
        "select count(*) from facts.fct_returns"
        " where return_reason_family = 'unclassified'",
    )
    assert unknown == (0,)


def test_amazons_own_verdict_contradicts_the_buyer(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    wrong = "BUYER_USED_WRONG_RETURN_REASON_CODE"
    expected = sum(row["SafeT Action reason"] == wrong for row in returns)
    found = one(
        warehouse,
        "select count(*) from facts.fct_returns where attribution_verdict ="
        f" 'contradicts' and safe_t_action_code = '{wrong}'",
    )
    assert found == (expected,)


def test_returns_find_their_order_lines(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row], orders: list[Row]
) -> None:
    lines = {(row["amazon-order-id"], row["sku"]) for row in orders}
    expected = sum((r["Order ID"], r["Merchant SKU"]) in lines for r in returns)
    found = one(
        warehouse,
        "select count(order_line_key), count(*) filter ("
        " where marketplace_code = 'unknown') from facts.fct_returns",
    )
    assert found == (expected, len(returns) - expected)


def test_order_days_agree_only_in_local_time(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row], orders: list[Row]
) -> None:
    bought = {
        row["amazon-order-id"]: datetime.fromisoformat(row["purchase-date"])
        for row in orders
        if row["sales-channel"] == "Amazon.com"
    }
    known = [row for row in returns if row["Order ID"] in bought]
    local = sum(
        bought[row["Order ID"]].astimezone(PACIFIC).date() == day(row["Order date"])
        for row in known
    )
    utc = sum(bought[r["Order ID"]].date() == day(r["Order date"]) for r in known)
    assert utc < local == len(known)
    found = one(
        warehouse,
        "select count(*) filter (where lines.ordered_date_local = items.ordered_date),"
        " count(*) filter (where lines.ordered_at::date = items.ordered_date)"
        " from facts.fct_returns as items join facts.fct_order_lines as lines"
        " using (order_line_key)",
    )
    assert found == (local, utc)


def test_order_lines_count_by_marketplace(
    warehouse: duckdb.DuckDBPyConnection, orders: list[Row]
) -> None:
    codes = {"Amazon.com": "US", "Amazon.ca": "CA", "Amazon.com.mx": "MX"}
    expected: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in orders:
        code = codes.get(row["sales-channel"], "unknown")
        cancelled = "Cancelled" in (row["order-status"], row["item-status"])
        units = int(row["quantity"])
        counts = not cancelled and code != "unknown" and units > 0
        totals = expected[code]
        expected[code] = [
            totals[0] + 1,
            totals[1] + (units if counts else 0),
            totals[2] + Decimal((row["item-price"] if counts else "") or 0),
        ]
    found = warehouse.execute(
        "select marketplace_code, count(*),"
        " coalesce(sum(quantity) filter (where is_counted), 0),"
        " coalesce(sum(item_amount) filter (where is_counted), 0)"
        " from facts.fct_order_lines group by all"
    ).fetchall()
    assert {code: list(totals) for code, *totals in found} == expected


def test_every_unit_has_one_end_and_all_money(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    """No delivery is stated, so a unit is only known to be kept, or is open."""
    expected: Counter[str] = Counter()
    for row in returns:
        is_kept = row["Resolution"].startswith("Returnless") or (
            row["Return request status"] == "Closed" and not row["Refunded Amount"]
        )
        units = int(row["Return quantity"])
        expected["kept_by_buyer" if is_kept else "open"] += units
    found = warehouse.execute(
        "select outcome_code, count(*) from facts.fct_return_outcomes"
        " where is_counted group by all"
    ).fetchall()
    assert dict(found) == expected
    money = one(
        warehouse,
        "select sum(label_cost_amount), sum(claim_amount)"
        " from facts.fct_return_outcomes",
    )
    claim = "SafeT claim reimbursement amount"
    labels = once(returns, "Label cost", ["Tracking ID", "Amazon RMA ID"])
    assert money == (labels, once(returns, claim, ["SafeT claim id"]))


def test_no_stage_has_a_time_the_report_does_not_state(
    warehouse: duckdb.DuckDBPyConnection, returns: list[Row]
) -> None:
    expected = Counter(
        ("requested", day(row["Return request date"])) for row in returns
    ) + Counter(
        ("authorised", None)
        for row in returns
        if row["Return request status"] == "Approved"
    )
    found = warehouse.execute(
        "select stage_code, event_date_local, count(*) from facts.fct_return_events"
        " where stage_code in ('requested', 'authorised', 'received') group by all"
    ).fetchall()
    assert {(stage, when): n for stage, when, n in found} == expected
    timed = one(warehouse, "select count(event_at) from facts.fct_return_events")
    assert timed == (0,)
