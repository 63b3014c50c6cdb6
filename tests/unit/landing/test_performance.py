from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.landing.trial import Trial

WINDOW = {
    "reportingDateFrom": "2020-10-21T00:00Z",
    "reportingDateTo": "2020-11-19T23:59Z",
}
US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"


def report(*metrics: dict[str, Any], statuses: dict[str, str] | None = None) -> bytes:
    known = statuses if statuses is not None else {US: "NORMAL"}
    return json.dumps(
        {
            "accountStatuses": [
                {"marketplaceId": key, "status": value} for key, value in known.items()
            ],
            "performanceMetrics": [{"marketplaceId": US, **item} for item in metrics],
        }
    ).encode()


def test_one_metric_is_one_row(trial: Trial) -> None:
    block = {
        "reportingDateRange": WINDOW,
        "orderCount": 870669,
        "lateShipmentCount": 27896,
        "status": "GOOD",
        "rate": 0.00003,
        "targetValue": 0.04,
        "targetCondition": "LESS_THAN",
    }
    entry = trial.land_one(report({"lateShipmentRate": block}))
    (landed,) = trial.rows("seller_performance")
    assert {key: landed[key] for key in landed if key[0] != "_"} == {
        "marketplace_id": US,
        "account_status": "NORMAL",
        "metric_name": "late_shipment_rate",
        "fulfillment_type": None,
        "reporting_from": "2020-10-21 00:00:00",
        "reporting_to": "2020-11-19 23:59:00",
        "metric_status": "GOOD",
        "metric_rate": "0.00003",
        "target_value": "0.04",
        "target_condition": "LESS_THAN",
        "defect_count": "27896",
        "base_count": "870669",
        "metric_json": landed["metric_json"],
    }
    assert json.loads(landed["metric_json"]) == block
    assert landed["_line_number"] == 1
    assert str(entry.data_end_date) == "2020-11-19"


def test_the_order_defect_rate_is_a_row_per_fulfilment(trial: Trial) -> None:
    block = {
        "status": "GOOD",
        "orderWithDefects": {"count": 3},
        "fulfillmentType": "mfn",
    }
    trial.land_one(report({"orderDefectRate": {"mfn": block, "afn": block}}))
    found = [
        (item["metric_name"], item["fulfillment_type"], item["defect_count"])
        for item in trial.rows("seller_performance")
    ]
    assert found == [
        ("order_defect_rate", "mfn", "3"),
        ("order_defect_rate", "afn", "3"),
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("prefulfillmentCancelRate", "pre_fulfillment_cancellation_rate"),
        ("preFulfillmentCancellationRate", "pre_fulfillment_cancellation_rate"),
        ("documentRequest", "document_requests"),
        ("documentRequests", "document_requests"),
        ("somethingAmazonAddsTomorrow", "something_amazon_adds_tomorrow"),
    ],
)
def test_both_names_of_a_metric_are_one(trial: Trial, key: str, name: str) -> None:
    trial.land_one(report({key: {"status": "BAD"}}))
    assert trial.rows("seller_performance")[0]["metric_name"] == name


@pytest.mark.parametrize("key", ["accountHealthRatingStatus", "ahrStatus"])
def test_both_names_of_the_rating_are_read(trial: Trial, key: str) -> None:
    trial.land_one(report({"accountHealthRating": {key: "GREAT"}}))
    assert trial.rows("seller_performance")[0]["metric_status"] == "GREAT"


def test_warnings_are_rows_and_a_marketplace_without_metrics_is_not_lost(
    trial: Trial,
) -> None:
    warnings = [{"warningType": "a", "status": "BAD"}, {"warningType": "b"}]
    content = report(
        {"warningStates": warnings}, statuses={US: "AT_RISK", CA: "SUSPENDED"}
    )
    entry = trial.land_one(content)
    found = [
        (item["marketplace_id"], item["metric_name"], item["metric_status"])
        for item in trial.rows("seller_performance")
    ]
    assert found == [
        (US, "warning_states", "BAD"),
        (US, "warning_states", None),
        (CA, "account_status", "SUSPENDED"),
    ]
    assert entry.rows_read == 3


def test_a_value_of_the_wrong_kind_is_set_aside(trial: Trial) -> None:
    entry = trial.land_one(
        report({"lateShipmentRate": {"rate": "low"}, "validTrackingRate": {"rate": 1}})
    )
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    assert trial.rejects()[0]["column_name"] == "metric_rate"


@pytest.mark.parametrize(
    "text",
    [
        '{"accountStatuses": [1], "performanceMetrics": []}',
        '{"accountStatuses": [], "performanceMetrics": ["x"]}',
        '{"accountStatuses": [{"marketplaceId": []}], "performanceMetrics": []}',
        '{"accountStatuses": [], "performanceMetrics": [' + "[" * 100_000,
        "{\xff}",
    ],
)
def test_json_of_another_shape_is_refused(trial: Trial, text: str) -> None:
    entry = trial.land_one(text.encode("latin-1"))
    assert entry.status == "refused"


def test_odd_characters_do_not_break_the_rows(trial: Trial) -> None:
    text = report({"a\tb\nc": {"status": "x\ty\ud800\0"}})
    trial.land_one(text)
    (landed,) = trial.rows("seller_performance")
    assert landed["metric_name"] == "a b c"
    assert landed["metric_status"] == "x y?"
