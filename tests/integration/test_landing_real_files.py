"""Landing the genuine files, checked against plain Python over the same bytes."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.layout import normalised
from orchestration.landing.specs import ReportSpec
from orchestration.settings import Home
from tests.unit.landing.trial import Trial, spec_of

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "real"
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the genuine files are not beside the repository"
)


def land(folder: str, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    trial = Trial(REAL / folder, Home(tmp_path_factory.mktemp("home")))
    trial.land()
    return trial


@pytest.fixture(scope="module")
def apparel(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return land("us_mfn_apparel", tmp_path_factory)


@pytest.fixture(scope="module")
def canada(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return land("ca_settlement_v1", tmp_path_factory)


@pytest.fixture(scope="module")
def spain(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return land("es_fixtures", tmp_path_factory)


def verdicts(trial: Trial) -> dict[str, tuple[Any, ...]]:
    names = ("status", "lake_table", "rows_read", "rows_landed", "rows_quarantined")
    return {e["file_name"]: tuple(e[name] for name in names) for e in trial.ledger()}


def decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252")


def value_by_hand(spec: ReportSpec, name: str, text: str) -> str | None:
    """Normalise a value the slow way, sharing nothing with landing's SQL."""
    text = text.strip(" ")
    kind = next(column.kind for column in spec.columns if column.name == name)
    if not text:
        return None
    if re.fullmatch(r"\d\d-[A-Z][a-z]{2}-\d{4}", text):
        return datetime.strptime(text, "%d-%b-%Y").date().isoformat()
    if kind in {"date", "instant"}:
        # A zone beside a day, or a time without one, leaves the day alone known.
        day = re.fullmatch(r"(\d{4}-\d\d-\d\d)( [A-Z]{3}| \d\d:\d\d:\d\d)?", text)
        if day:
            return day[1]
        moment = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text


def rows_by_hand(trial: Trial, table: str) -> Counter[tuple[Any, ...]]:
    """Every row of the files that landed in a table, in the lake's columns."""
    spec, found = spec_of(table), Counter[tuple[Any, ...]]()
    for entry in trial.ledger():
        if entry["status"] != "landed" or entry["lake_table"] != table:
            continue
        lines = (trial.inbox / entry["file_name"]).read_bytes().split(b"\n")
        header = [normalised(cell) for cell in decoded(lines[0]).split("\t")]
        for number, line in enumerate(lines[1:], start=2):
            if line.strip():
                cells = dict(zip(header, decoded(line).split("\t"), strict=True))
                found[
                    entry["file_key"],
                    number,
                    *(
                        value_by_hand(spec, c.name, cells.get(c.name, ""))
                        for c in spec.columns
                    ),
                ] += 1
    return found


def rows_landed(trial: Trial, table: str) -> Counter[tuple[Any, ...]]:
    names = ["_file_key", "_line_number", *(c.name for c in spec_of(table).columns)]
    return Counter(tuple(r[name] for name in names) for r in trial.rows(table))


@pytest.mark.parametrize("table", ["mfn_returns", "all_orders"])
def test_every_value_of_the_apparel_seller_is_what_the_files_say(
    apparel: Trial, table: str
) -> None:
    expected = rows_by_hand(apparel, table)
    assert expected.total() == {"mfn_returns": 3121, "all_orders": 22841}[table]
    assert rows_landed(apparel, table) == expected


def test_the_seller_s_own_tables_are_refused_and_the_rest_lands(apparel: Trial) -> None:
    found = verdicts(apparel)
    history = {name: v[0] for name, v in found.items() if name.startswith("history/")}
    assert len(history) == 13
    assert set(history.values()) == {"refused"}
    landed = [v for v in found.values() if v[0] == "landed"]
    assert len(landed) == 6
    assert sum(v[4] for v in landed) == 0
    assert apparel.rejects() == []


def test_windows_bytes_in_the_returns_are_read_as_such(apparel: Trial) -> None:
    encodings = {e["file_name"]: e["encoding"] for e in apparel.ledger()}
    returns = {v for name, v in encodings.items() if name.startswith("returns/")}
    assert returns == {"cp1252"}
    assert {encodings["orders/2023-01.txt"], encodings["orders/2023-02.txt"]} == {
        "utf-8"
    }
    names = {item["item_name"] for item in apparel.rows("mfn_returns")}
    assert any("’" in name for name in names) and any("®" in name for name in names)
    assert not any("\ufffd" in name or "\x92" in name for name in names)


def test_nothing_personal_of_the_orders_is_stored(apparel: Trial) -> None:
    entry = next(e for e in apparel.ledger() if e["file_name"] == "orders/2023-01.txt")
    dropped = set(entry["personal_columns"].split(", "))
    assert {"ship_city", "ship_state", "ship_postal_code", "customized_url"} <= dropped
    assert not dropped & set(apparel.rows("all_orders")[0])


@pytest.mark.parametrize(
    ("name", "rows"), [("50011020300", 4), ("50018020314", 16), ("50034020328", 190)]
)
def test_each_canadian_settlement_lands_whole(
    canada: Trial, name: str, rows: int
) -> None:
    assert verdicts(canada)[f"{name}.txt"] == (
        "landed",
        "settlements_v1",
        rows,
        rows,
        0,
    )


def test_every_value_of_the_canadian_settlements_is_what_the_files_say(
    canada: Trial,
) -> None:
    expected = rows_by_hand(canada, "settlements_v1")
    assert expected.total() == 210
    assert rows_landed(canada, "settlements_v1") == expected


def test_the_spanish_files_land_or_say_what_they_are(spain: Trial) -> None:
    assert verdicts(spain) == {
        "all-orders.txt": ("landed", "all_orders", 380, 380, 0),
        "returns.txt": ("landed", "fba_returns", 38, 38, 0),
        "settlement.txt": ("landed", "settlements_v1", 12, 12, 0),
        "desconocido.csv": ("refused", None, None, None, None),
        "ledger-detail.txt": ("landed", "inventory_ledger", 16, 16, 0),
        "reimbursements.txt": ("landed", "fba_reimbursements", 4, 4, 0),
    }
    encodings = {e["file_name"]: e["encoding"] for e in spain.ledger()}
    assert encodings["ledger-detail.txt"] == "cp1252"
    assert any("á" in item["title"] for item in spain.rows("inventory_ledger"))


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("all_orders", 380),
        ("fba_returns", 38),
        ("settlements_v1", 12),
        ("fba_reimbursements", 4),
        ("inventory_ledger", 16),
    ],
)
def test_every_value_of_the_spanish_files_is_what_they_say(
    spain: Trial, table: str, rows: int
) -> None:
    expected = rows_by_hand(spain, table)
    assert expected.total() == rows
    assert rows_landed(spain, table) == expected


def test_of_days_with_a_zone_and_times_without_one_the_day_alone_is_kept(
    spain: Trial,
) -> None:
    days = [item["approval_date"] for item in spain.rows("fba_reimbursements")]
    days += [item["date_and_time"] for item in spain.rows("inventory_ledger")]
    assert len(days) == 20
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)


@pytest.mark.parametrize("folder", ["not_amazon_headers", "in_sale_report", "text"])
def test_what_is_no_report_is_refused_with_a_reason(
    folder: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trial = land(folder, tmp_path_factory)
    files = [path for path in trial.inbox.rglob("*") if path.is_file()]
    found = trial.ledger()
    assert len(found) == len(files)
    assert {entry["status"] for entry in found} == {"refused"}
    assert all(entry["reason"].endswith(".") for entry in found)


def test_the_xml_returns_report_lands_with_its_doubled_items(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    trial = land("xml_returns", tmp_path_factory)
    (path,) = trial.inbox.iterdir()
    assert verdicts(trial) == {path.name: ("landed", "xml_returns", 2, 2, 0)}
    text = path.read_text(encoding="utf-8")
    assert text.count("<item_details>") == 2
    for name in ("order_id", "merchant_sku", "refund_amount"):
        (value,) = set(re.findall(f"<{name}>(.*?)</{name}>", text))
        assert [row[name] for row in trial.rows("xml_returns")] == [value, value]


def test_stubs_with_the_right_header_go_to_quarantine(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    trial = land("report_stubs", tmp_path_factory)
    found = {name.split(".")[0]: v for name, v in verdicts(trial).items()}
    stubs = {
        "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": "fba_returns",
        "GET_FBA_FULFILLMENT_CUSTOMER_SHIPMENT_REPLACEMENT_DATA": "fba_replacements",
        "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": "removal_orders",
        "GET_FBA_REIMBURSEMENTS_DATA": "fba_reimbursements",
        "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE": "mfn_returns",
        "GET_LEDGER_DETAIL_VIEW_DATA": "inventory_ledger",
        "GET_SELLER_FEEDBACK_DATA": "seller_feedback",
    }
    for name, table in stubs.items():
        assert found[name] == ("landed", table, 2, 0, 2), name
    faults = Counter((r["report_type"], r["reason"]) for r in trial.rejects())
    assert faults.total() == 2 * len(stubs)
    repeated = {name for name, why in faults if why == "the line repeats the header"}
    # The others have dates or numbers between the names of the columns.
    assert set(stubs) - repeated == {
        "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA",
        "GET_LEDGER_DETAIL_VIEW_DATA",
        "GET_SELLER_FEEDBACK_DATA",
    }
    # Two have made-up values in every column that is checked.
    assert found["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE"] == (
        "landed",
        "settlements_v1",
        2,
        2,
        0,
    )
    assert found["GET_V2_SELLER_PERFORMANCE_REPORT"][0] == "landed"


def test_the_second_settlement_layout_lands(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    trial = land("settlement_v2", tmp_path_factory)
    found = verdicts(trial)
    assert found["settlement-sample.txt"] == ("landed", "settlements_v2", 24, 24, 0)
    assert found["fee-codes.json"][0] == "refused"
    assert rows_landed(trial, "settlements_v2") == rows_by_hand(trial, "settlements_v2")


def test_the_official_example_of_account_health_lands(tmp_path: Path) -> None:
    (schema,) = (REAL / "account_health").glob("*.json")
    example = json.loads(schema.read_text())["examples"][0]
    trial = Trial(tmp_path / "inbox", Home(tmp_path / "home"))
    entry = trial.land_one(json.dumps(example).encode())
    (metrics,) = example["performanceMetrics"]
    # Order defects are two rows; two marketplaces have a status and no metric.
    expected = len(metrics) - 1 + 1 + 2
    assert (entry.status, entry.rows_read, entry.rows_quarantined) == (
        "landed",
        expected,
        0,
    )
    late = next(
        item
        for item in trial.rows("seller_performance")
        if item["metric_name"] == "late_shipment_rate"
    )
    assert late["metric_rate"] == str(metrics["lateShipmentRate"]["rate"])
    assert late["reporting_to"] == "2020-11-19 23:59:00"
    # The document that describes the report is not the report.
    trial.put("shop/schema.json", schema.read_bytes())
    assert trial.land().counts == {"unchanged": 1, "refused": 1}
