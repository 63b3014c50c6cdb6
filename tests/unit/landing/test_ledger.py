from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing import storing
from orchestration.landing.lake import ensure_tables, register_views, view_queries
from orchestration.settings import Home
from tests.unit.landing.trial import Trial, document, row

ORDERS = document("all_orders", row("all_orders"))
BAD = document("all_orders", row("all_orders"), row("all_orders", quantity="x"))


def files(home: Home) -> dict[str, int]:
    """Every file of the home with the time it was last written."""
    paths = [path for path in home.root.rglob("*") if path.is_file()]
    return {str(path): path.stat().st_mtime_ns for path in paths}


def test_landing_again_touches_nothing(trial: Trial) -> None:
    trial.put("shop/US/a.txt", BAD)
    trial.put("shop/US/b.txt", b"no report")
    trial.land()
    before = files(trial.home)
    summary = trial.land()
    assert summary.counts == {"unchanged": 1, "refused": 1}
    assert (summary.rows_landed, summary.rows_quarantined) == (0, 0)
    before.pop(str(trial.home.root / "landing.lock"))
    after = files(trial.home)
    after.pop(str(trial.home.root / "landing.lock"))
    assert after == before


def test_another_name_or_folder_is_still_the_same_document(trial: Trial) -> None:
    trial.put("shop/US/a.txt", ORDERS)
    trial.put("shop/US/archive/2025/b.txt", ORDERS)
    assert trial.land().counts == {"landed": 1, "unchanged": 1}
    trial.put("shop/amazon.com/c.txt", ORDERS)
    assert trial.land().counts == {"unchanged": 3}
    assert len(trial.rows("all_orders")) == 1


@pytest.mark.parametrize(
    ("name", "meta"),
    [
        ("other/US/a.txt", {}),
        ("shop/CA/a.txt", {}),
        ("shop/US/b.txt", {"data_start_time": "2025-01-01T00:00:00Z"}),
    ],
)
def test_another_seller_marketplace_or_window_is_another_document(
    trial: Trial, name: str, meta: dict[str, str]
) -> None:
    trial.put("shop/US/a.txt", ORDERS)
    trial.put(name, ORDERS, **meta)
    assert trial.land().counts == {"landed": 2}
    assert len(trial.rows("all_orders")) == 2


def test_refused_entries_are_those_of_the_present_inbox(trial: Trial) -> None:
    path = trial.put("shop/a.txt", b"no report")
    trial.put("shop/b.txt", b"no report either")
    trial.land()
    first = trial.ledger()
    assert [(e["file_name"], e["status"]) for e in first] == [
        ("shop/a.txt", "refused"),
        ("shop/b.txt", "refused"),
    ]
    assert all(e["reason"] and e["seller_id"] == "shop" for e in first)
    path.write_bytes(ORDERS)
    trial.land()
    assert [e["status"] for e in trial.ledger()] == ["landed", "refused"]
    assert trial.ledger()[1] == first[1]
    (trial.inbox / "shop/b.txt").unlink()
    trial.land()
    assert [e["status"] for e in trial.ledger()] == ["landed"]


def test_what_has_landed_stays_when_the_inbox_is_emptied(trial: Trial) -> None:
    trial.put("shop/a.txt", BAD).unlink() if trial.land_one(BAD) else None
    (trial.inbox / "shop/US/file.txt").unlink()
    trial.land()
    assert len(trial.rows("all_orders")) == 1
    assert len(trial.rejects()) == 1


def test_the_ledger_says_everything_about_a_document(trial: Trial) -> None:
    trial.put("shop/US/a.txt", BAD)
    trial.land()
    (entry,) = trial.ledger()
    assert entry.pop("landed_at") is not None
    assert len(entry.pop("file_sha256")) == 64
    assert len(entry.pop("file_key")) == 32
    assert {key: str(value) for key, value in entry.items() if value is not None} == {
        "file_name": "shop/US/a.txt",
        "report_type": "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL",
        "lake_table": "all_orders",
        "status": "landed",
        "rows_read": "2",
        "rows_landed": "1",
        "rows_quarantined": "1",
        "encoding": "utf-8",
        "seller_id": "shop",
        "marketplace_code": "US",
        "data_start_date": "2025-06-01",
        "data_end_date": "2025-06-01",
        "as_of": "2025-06-02 10:00:00",
        "personal_columns": "ship_city, ship_state, ship_postal_code, "
        "purchase_order_number, cpf, customized_url, customized_page",
        "bytes_read": str(len(BAD)),
    }


def test_rows_without_a_ledger_entry_do_not_count_and_are_cleared(trial: Trial) -> None:
    entry = trial.land_one(BAD)
    (trial.home.lake / "landing_files" / "landed.parquet").unlink()
    (trial.inbox / "shop/US/file.txt").unlink()
    assert trial.rows("all_orders") == [] and trial.rejects() == []
    left = trial.home.lake / "all_orders" / f"{entry.file_key}.parquet"
    assert left.exists()
    trial.land()
    assert not left.exists()
    assert not list(trial.home.quarantine.glob(f"{entry.file_key}*"))


def test_the_newest_delivery_of_the_same_bytes_sets_the_age_in_any_order(
    new_trial: Callable[[str], Trial],
) -> None:
    ages = ["2025-07-01T00:00:00Z", None, "2025-08-01T00:00:00Z"]
    found = []
    for number, order in enumerate(([0, 1, 2], [2, 0, 1], [1, 2, 0])):
        trial = new_trial(str(number))
        for index in order:
            meta = {"created_time": ages[index]} if ages[index] else {}
            trial.put(f"shop/US/{index}.txt", ORDERS, **meta)
            trial.land()
        found.append(trial.rows("all_orders"))
    assert found[0] == found[1] == found[2]
    assert found[0][0]["_as_of"] == "2025-08-01 00:00:00"


def test_a_file_that_changes_while_it_is_read_is_refused_for_this_run(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trial.put("shop/US/a.txt", ORDERS)
    recognise = storing.recognise

    def grow(*arguments: Any) -> Any:
        with path.open("ab") as file:
            file.write(row("all_orders").encode())
        return recognise(*arguments)

    monkeypatch.setattr(storing, "recognise", grow)
    (outcome,) = trial.land().outcomes
    assert outcome.status == "refused"
    assert "changed while it was read" in str(outcome.reason)
    assert trial.rows("all_orders") == []
    monkeypatch.undo()
    assert trial.land().counts == {"landed": 1}
    assert len(trial.rows("all_orders")) == 2


def test_progress_hears_of_every_document_in_order(trial: Trial) -> None:
    from orchestration.landing.landing import land_inbox

    for name in ("b/2.txt", "a/1.txt"):
        trial.put(name, ORDERS)
    heard: list[str] = []
    land_inbox(trial.inbox, trial.home, lambda outcome: heard.append(outcome.file_name))
    assert heard == ["a/1.txt", "b/2.txt"]


def test_the_views_are_what_dbt_reads(trial: Trial) -> None:
    trial.land_one(BAD)
    register_views(trial.home)
    register_views(trial.home)
    with duckdb.connect(str(trial.home.warehouse), read_only=True) as connection:
        for name in view_queries(trial.home):
            connection.execute(f"select * from raw.{name}").fetchall()
        rows = connection.execute(
            "select order_item_id, _line_number, typeof(_as_of) from raw.all_orders"
        ).fetchall()
        days = connection.execute(
            "select holiday_name from raw.holidays where holiday_date = '2026-04-06' "
            "and marketplace_code in ('UK', 'US', 'DE')"
        ).fetchall()
    assert rows == [(None, 2, "VARCHAR")]
    assert days == [("Easter Monday",), ("Easter Monday",)]


def test_tables_are_made_once_and_grow_with_their_spec(trial: Trial) -> None:
    before = files(trial.home)
    ensure_tables(trial.home)
    assert files(trial.home) == before
    table = trial.home.lake / "fba_returns"
    with duckdb.connect() as connection:
        # As an older version of the project would have left it: a column fewer.
        for name in ("k" * 32, "empty"):
            connection.execute(
                f"copy (select * exclude (customer_comments) from "
                f"read_parquet('{table}/empty.parquet')) "
                f"to '{table}/{name}.parquet'"
            )
    ensure_tables(trial.home)
    assert trial.rows("fba_returns") == []
    assert files(trial.home) != before


def test_a_home_with_wildcards_in_its_name_works(tmp_path: Path) -> None:
    trial = Trial(tmp_path / "inbox", Home(tmp_path / "ho[m]e *'x"))
    trial.put("shop/a.txt", ORDERS)
    assert trial.land().counts == {"landed": 1}
    assert len(trial.rows("all_orders")) == 1
