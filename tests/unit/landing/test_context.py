from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.landing.trial import Trial, document, row

ORDERS = document("all_orders", row("all_orders"))


def place(trial: Trial, name: str, **meta: object) -> tuple[Any, Any]:
    entry = trial.land_one(ORDERS, name, **meta)
    assert entry.status == "landed", entry.reason
    return entry.seller_id, entry.marketplace_code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("file.txt", ("default", None)),
        ("shop/file.txt", ("shop", None)),
        ("shop/US/file.txt", ("shop", "US")),
        ("shop/amazon.de/file.txt", ("shop", "DE")),
        ("shop/GB/file.txt", ("shop", "UK")),
        ("shop/2024/us/january/file.txt", ("shop", "US")),
        ("US/file.txt", ("default", "US")),
        ("shop/returns/file.txt", ("shop", None)),
        # Everyday words are no marketplaces: only their capitals are.
        ("shop/in/file.txt", ("shop", None)),
        ("shop/it/file.txt", ("shop", None)),
        ("shop/IN/file.txt", ("shop", "IN")),
    ],
)
def test_folders_say_seller_and_marketplace(
    trial: Trial, name: str, expected: tuple[str, str | None]
) -> None:
    assert place(trial, name) == expected


def test_two_marketplaces_on_one_path_are_refused(trial: Trial) -> None:
    entry = trial.land_one(ORDERS, "shop/US/CA/file.txt")
    assert entry.status == "refused"
    assert "CA, US" in entry.reason
    assert entry.seller_id == "shop"


@pytest.mark.parametrize(
    "meta",
    [
        {"marketplace": "DE"},
        {"marketplace": "amazon.de"},
        {"marketplace_id": "A1PA6795UKMFR9"},
        {"marketplaceIds": ["A1PA6795UKMFR9"]},
    ],
)
def test_the_meta_file_overrules_the_folder(trial: Trial, meta: dict[str, Any]) -> None:
    meta["seller_id"] = "other"
    assert place(trial, "shop/US/file.txt", **meta) == ("other", "DE")


def test_a_request_over_several_marketplaces_names_none(trial: Trial) -> None:
    several = ["A1PA6795UKMFR9", "ATVPDKIKX0DER"]
    assert place(trial, "shop/file.txt", marketplaceIds=several) == ("shop", None)


def test_the_answer_of_amazon_can_be_saved_as_it_is(trial: Trial) -> None:
    entry = trial.land_one(
        ORDERS,
        "shop/US/file.txt",
        reportId="1",
        reportType="GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
        dataStartTime="2025-06-01T00:00:00-07:00",
        dataEndTime="2025-06-30T23:59:59-07:00",
        createdTime="2025-07-01T02:00:00+02:00",
        processingStatus="DONE",
        processingStartTime="2025-07-01T00:00:01Z",
        processingEndTime="2025-07-01T00:00:02Z",
        reportDocumentId="2",
        reportScheduleId=None,
    )
    assert entry.report_type == "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
    assert entry.window_start_date == date(2025, 6, 1)
    # The day that was asked for: in UTC the last second is already July.
    assert entry.window_end_date == date(2025, 6, 30)
    assert entry.as_of == "2025-07-01 00:00:00"
    assert trial.rows("all_orders")[0]["_as_of"] == "2025-07-01 00:00:00"


@pytest.mark.parametrize(
    ("meta", "complaint"),
    [
        ({"marketplce": "DE"}, "unknown keys: marketplce"),
        ({"marketplace": "Atlantis"}, "unknown marketplace"),
        ({"sellerId": "one", "seller_id": "two"}, "seller_id twice"),
        ({"marketplace": "DE", "marketplace_id": "ATVPDKIKX0DER"}, "two marketplaces"),
        ({"created_time": "yesterday"}, "must be a time"),
        ({"created_time": "0001-01-01T00:00:00+10:00"}, "must be a time"),
        (
            {"data_start_time": "2025-06-30", "data_end_time": "2025-06-01"},
            "before data_start_time",
        ),
        ({"seller_id": 5}, "must be text"),
        ({"seller_id": "A\0B"}, "must be text"),
        ({"encoding": "klingon"}, "unknown encoding"),
    ],
)
def test_a_meta_file_that_cannot_be_understood_refuses_its_document(
    trial: Trial, meta: dict[str, Any], complaint: str
) -> None:
    entry = trial.land_one(ORDERS, **meta)
    assert entry.status == "refused"
    assert complaint in entry.reason


@pytest.mark.parametrize(
    "text", ["{", "[]", "\xff", "[" * 100_000, '{"seller_id": "a", "seller_id": "b"}']
)
def test_a_broken_meta_file_refuses_its_document(trial: Trial, text: str) -> None:
    trial.put("shop/file.txt", ORDERS)
    trial.put("shop/file.txt.meta.json", text.encode("latin-1"))
    (outcome,) = trial.land().outcomes
    assert outcome.status == "refused"
    assert ".meta.json" in str(outcome.reason)


def test_a_cancelled_request_without_document_is_an_explicit_no_data(
    trial: Trial,
) -> None:
    meta = {
        "processingStatus": "CANCELLED",
        "reportType": "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
        "dataStartTime": "2025-06-01T00:00:00Z",
        "dataEndTime": "2025-06-30T23:59:59Z",
    }
    trial.meta("shop/US/june.txt", **meta)
    (outcome,) = trial.land().outcomes
    entry = outcome.entry
    assert (outcome.status, outcome.file_name) == ("no_data", "shop/US/june.txt")
    assert (entry.lake_table, entry.seller_id) == ("mfn_returns", "shop")
    assert (entry.rows_read, entry.window_end_date) == (0, date(2025, 6, 30))
    assert "no data" in entry.reason
    (again,) = trial.land().outcomes
    assert again.status == "unchanged"


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"processing_status": "FATAL"}, "FATAL"),
        ({"processing_status": "DONE"}, "not the document"),
        ({"processing_status": "CANCELLED"}, "no report type"),
    ],
)
def test_a_meta_file_alone_is_refused_unless_it_says_no_data(
    trial: Trial, meta: dict[str, str], words: str
) -> None:
    trial.meta("shop/file.txt", **meta)
    (outcome,) = trial.land().outcomes
    assert outcome.status == "refused"
    assert words in str(outcome.reason)


def test_rows_beside_a_cancelled_request_are_not_trusted(trial: Trial) -> None:
    entry = trial.land_one(ORDERS, processing_status="CANCELLED")
    assert entry.status == "refused"
    assert "another request" in entry.reason


def test_a_document_of_another_report_than_requested_is_refused(trial: Trial) -> None:
    asked = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
    entry = trial.land_one(ORDERS, report_type=asked)
    assert entry.status == "refused"
    assert asked in entry.reason and "all orders report" in entry.reason


def test_litter_and_hidden_files_are_no_documents(trial: Trial) -> None:
    for name in (".DS_Store", "shop/Thumbs.db", "shop/.x.txt", ".git/file.txt"):
        trial.put(name, b"x")
    assert trial.land().outcomes == ()
