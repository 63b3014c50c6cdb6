from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.cleaning import Cleaned
from orchestration.landing.recognition import recognise
from orchestration.landing.scan import rescan
from orchestration.landing.specs import load_specs
from orchestration.landing.structured.families import FAMILIES, family
from orchestration.landing.structured.reading import read_structured
from orchestration.landing.structured.records import LINE, UNKNOWN
from orchestration.landing.structured.writing import Writer
from tests.unit.landing.test_json_aggregates import NODE
from tests.unit.landing.test_json_finances_events import events
from tests.unit.landing.test_performance import report as account_health
from tests.unit.landing.test_structured_properties import TEXTS
from tests.unit.landing.test_xml_returns import report, request

ORDER = (
    "<label_to_be_paid_by>Customer</label_to_be_paid_by><return_type>C</return_type>"
    "<order_amount>1</order_amount><order_quantity>1</order_quantity>"
)
LABEL = "<return_carrier>UPS</return_carrier><label_type>Prepaid</label_type>"
EVENT = {
    "AdjustmentType": "x",
    "SAFETClaimId": "1",
    "ReasonCode": "y",
    "FnSKU": "X1",
    "Amount": {"CurrencyAmount": 1},
}
WINDOW = {
    "reportingDateFrom": "2026-01-01T00:00Z",
    "reportingDateTo": "2026-01-31T00:00Z",
}
METRIC = {
    "reportingDateRange": WINDOW,
    "status": "GOOD",
    "targetValue": 1,
    "targetCondition": "LESS_THAN",
    "defectsCount": 0,
    "orderCount": 1,
}
MENTIONS = {"topic": "x", "browseNodeMetrics": {"numberOfMentions": 3}}
# What the other documents have no value for.
FULL = [
    report(request({}, more=ORDER))
    .replace("<label_cost>", f"{LABEL}<label_cost>")
    .encode(),
    json.dumps(events(AdjustmentEventList=[EVENT])).encode(),
    account_health({"lateShipmentRate": METRIC}),
    json.dumps(NODE | {"topics": [MENTIONS]}).encode(),
]


def test_every_xml_and_json_report_has_a_family_and_none_has_no_report() -> None:
    specs = {(s.table, s.format) for s in load_specs() if s.format in {"xml", "json"}}
    assert {(item.table, item.format) for item in FAMILIES} == specs
    assert len({item.name for item in FAMILIES}) == len(FAMILIES)
    assert all(family(item.name) is item for item in FAMILIES)


def test_no_two_families_of_a_format_have_a_sign_in_common() -> None:
    for form in ("xml", "json"):
        signs = [
            sign for item in FAMILIES if item.format == form for sign in item.signs
        ]
        assert len(signs) == len(set(signs))


def test_every_column_is_filled_and_every_value_has_a_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: dict[str, set[str]] = defaultdict(set)
    text_of = Writer._text

    def noted(writer: Writer, row: dict[str, Any]) -> str:
        filled[writer.spec.table] |= {k for k, v in row.items() if v is not None}
        return text_of(writer, row)

    monkeypatch.setattr(Writer, "_text", noted)
    for content in [*TEXTS, *FULL]:
        path = tmp_path / "document"
        path.write_bytes(content)
        scan = rescan(path)
        layout = recognise(scan, "cp1252", None)
        read_structured(scan, layout, "cp1252", Cleaned(tmp_path / "a", tmp_path / "b"))
    for spec in load_specs():
        if spec.format in {"xml", "json"}:
            columns = {column.name for column in spec.columns}
            found = filled[spec.table] - {LINE, UNKNOWN}
            # A misspelt column of a row would be lost without a word.
            assert found <= columns, spec.table
            # One that no document fills is perhaps never read.
            assert columns <= found, spec.table
