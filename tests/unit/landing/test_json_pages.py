"""JSON documents of several pages, in their wrappers, of odd shapes and sizes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestration.landing.structured import json_pages, json_reader
from tests.unit.landing.test_json_finances_events import REFUND, events
from tests.unit.landing.trial import Trial

Block = dict[str, Any]
PAGE = events(RefundEventList=[REFUND], ShipmentEventList=[])
RETURN: Block = {
    "id": "R-1",
    "merchantSku": "SKU-1",
    "numberOfUnits": 1,
    "status": "CREATED",
    "lastUpdatedDateTime": "2026-03-01T00:00:00Z",
    "returnMetadata": {"returnReason": "x"},
    "returnShippingInfo": {},
}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (json.dumps(PAGE), 6),
        (json.dumps({"payload": PAGE | {"NextToken": "abc=="}}), 6),
        (json.dumps({"payload": PAGE}, indent=2), 6),
        (json.dumps([PAGE, PAGE]), 12),
        (json.dumps([{"payload": PAGE}, {"payload": PAGE}]), 12),
        (json.dumps({"payload": [PAGE, PAGE, PAGE]}), 18),
        (f"{json.dumps(PAGE)}\n\n{json.dumps({'payload': PAGE})}\r\n", 12),
        (json.dumps(PAGE) + json.dumps(PAGE), 12),
        (f"\n \n{json.dumps(PAGE)}", 6),
    ],
)
def test_pages_are_read_however_they_were_saved(
    trial: Trial, text: str, rows: int
) -> None:
    entry = trial.land_one(text.encode())
    assert (entry.status, entry.rows_landed) == ("landed", rows), entry.reason


def test_events_are_numbered_over_all_pages(trial: Trial) -> None:
    trial.land_one(f"{json.dumps(PAGE)}\n{json.dumps(PAGE)}".encode())
    found = {row["event_number"] for row in trial.rows("finances_events")}
    assert found == {"1", "2"}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_of_json_is_read(trial: Trial, codec: str) -> None:
    content = json.dumps({"returns": [RETURN | {"merchantSku": "ÄÖ 靴"}]})
    text = content.encode().decode("unicode_escape")
    entry = trial.land_one(text.encode(codec))
    assert (entry.status, entry.encoding) == ("landed", codec)
    assert trial.rows("external_returns")[0]["merchant_sku"] == "ÄÖ 靴"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"payload": {"FinancialEvents": [1]}}', "not lists of objects"),
        ('{"FinancialEvents": {"RefundEventList": [1, {}]}}', "not lists of objects"),
        ('{"FinancialEvents": {"RefundEventList": {"a": 1}}}', "not lists of objects"),
        ('{"returns": [{}]} {"errors": [{"code": "x"}]}', "call that failed"),
        ('{"returns": []} {"other": 1}', "a page of it is not of"),
        ('{"returns": []} 42 ', "cannot be read (line 1)"),
        ('{"returns": []} 42', "ends early"),
        ('{"returns": [{},]}', "cannot be read (line 1)"),
        ('{"returns": [{} {}]}', "cannot be read (line 1)"),
        ('{"returns": [{}]]}', "cannot be read (line 1)"),
        ('{"returns": [{\n"id": x}]}\n', "cannot be read (line 2"),
        ('{"returns": [{"id": "a\nb"}]}', "cannot be read (line 1"),
        ('{"returns": [], "returns": [{}]}', "the key returns stands there twice"),
        ('{"returns": [], nonsense}', "cannot be read"),
        ('{"errors": [{"code": "QuotaExceeded"}]}', "call that failed"),
        ('{"browseNodeId": "1", "topics": {"positiveTopics": []}}', "not lists of"),
        ('{"browseNodeId": "1", "reviewTrends": []}', "a page of it is not of"),
        ('[1, 2, "returns"]', "no report or answer that can land"),
    ],
)
def test_what_is_of_no_known_shape_is_refused(
    trial: Trial, text: str, words: str
) -> None:
    entry = trial.land_one(text.encode())
    assert entry.status == "refused"
    assert words in str(entry.reason)


@pytest.mark.parametrize(
    "text",
    ['{"returns": []}', '{"FinancialEvents": null}', '{"payload":{"transactions":[]}}'],
)
def test_an_answer_without_records_is_no_data(trial: Trial, text: str) -> None:
    assert trial.land_one(text.encode()).status == "no_data"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("part", range(1, 20))
def test_a_document_that_ends_early_is_refused_whole(
    trial: Trial, part: int, indent: int | None
) -> None:
    whole = json.dumps({"returns": [RETURN, RETURN, RETURN]}, indent=indent)
    entry = trial.land_one(whole[: 30 + (len(whole) - 31) * part // 20].encode())
    assert entry.status == "refused"
    assert "ends early" in str(entry.reason)


def test_a_record_has_the_line_on_which_it_begins(trial: Trial) -> None:
    returns = [RETURN | {"id": f"R-{number}"} for number in range(3)]
    text = json.dumps({"payload": {"returns": returns}}, indent=1)
    trial.land_one(text.encode())
    lines = text.split("\n")
    for row in trial.rows("external_returns"):
        assert row["return_id"] in lines[row["_line_number"]]


def test_a_key_with_two_values_sets_its_record_aside(trial: Trial) -> None:
    one = json.dumps(RETURN)
    twice = one.replace('"id": "R-1"', '"id": "R-1", "id": "R-2"')
    same = one.replace('"id": "R-1"', '"id": "R-1", "id": "R-1"')
    text = f'{{"returns": [\n{one},\n{twice},\n{same}]}}'
    entry = trial.land_one(text.encode())
    assert (entry.rows_read, entry.rows_landed, entry.rows_quarantined) == (3, 2, 1)
    (reject,) = trial.rejects()
    assert (reject["line_number"], reject["reason"]) == (
        3,
        "the key id has two values",
    )


def test_an_object_where_a_value_belongs_is_set_aside(trial: Trial) -> None:
    odd = RETURN | {"merchantSku": {"buyerName": "Jane Roe"}}
    trial.land_one(json.dumps({"returns": [odd]}).encode())
    (reject,) = trial.rejects()
    assert reject["reason"] == "merchant_sku has several values where one belongs"
    assert reject["value"] is None


@pytest.mark.parametrize("start", ["", '{"returns": [', '{"returns": [{"id": '])
@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_a_hundred_thousand_levels_are_refused(
    trial: Trial, start: str, bracket: str
) -> None:
    entry = trial.land_one((start + bracket * 100_000).encode())
    assert entry.status == "refused"


def test_a_record_of_two_hundred_levels_is_no_harm(trial: Trial) -> None:
    deep = "[" * 200 + "]" * 200
    text = json.dumps({"returns": [RETURN]}).replace('"R-1"', f'"R-1", "x": {deep}')
    assert trial.land_one(text.encode()).rows_landed == 1


@pytest.mark.parametrize(
    "start",
    [
        '{"returns": [{"id": "',
        '{"returns": [{"id": "' + "\\\\",
        '{"returns": ["',
        '{"returns": [], "a',
        '{"returns": [], "a": 1',
        '{"returns": [{"a": [1, ',
    ],
)
@pytest.mark.parametrize("filler", ["x", '\\"', "1, "])
def test_what_does_not_end_is_not_kept_for_ever(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, start: str, filler: str
) -> None:
    monkeypatch.setattr(json_reader, "LONGEST_RECORD", 50_000)
    monkeypatch.setattr(json_reader, "LONGEST_FRAME", 50_000)
    monkeypatch.setattr(json_reader, "BLOCK", 1000)
    most = 0
    read = json_reader.JsonReader._more

    def watched(reader: json_reader.JsonReader) -> bool:
        nonlocal most
        most = max(most, len(reader._text))
        return read(reader)

    monkeypatch.setattr(json_reader.JsonReader, "_more", watched)
    entry = trial.land_one((start + filler * (1_000_000 // len(filler))).encode())
    assert entry.status == "refused"
    assert most < 250_000


def test_a_whole_page_has_its_limit(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_pages, "LONGEST_RECORD", 1000)
    page = {"accountStatuses": [], "performanceMetrics": [], "x": "y" * 1000}
    entry = trial.land_one(json.dumps(page).encode())
    assert "a page larger than any report" in str(entry.reason)


def test_a_row_longer_than_any_is_set_aside(trial: Trial) -> None:
    long = RETURN | {"merchantSku": "x" * (1 << 20)}
    wide = RETURN | {"merchantSku": "é" * (1 << 19)}
    entry = trial.land_one(json.dumps({"returns": [long, RETURN, wide]}).encode())
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 2)
    assert {r["reason"][:31] for r in trial.rejects()} == {
        "the row is longer than 1 MiB (r"
    }


def test_a_record_of_many_odd_fields_costs_no_more_than_its_rows(trial: Trial) -> None:
    odd = {f"x{number}": "y" * 1000 for number in range(2000)} | {"z" * 100_000: 1}
    event = odd | REFUND | {"FeeList": [{"FeeAmount": {"CurrencyAmount": 1}}] * 2000}
    entry = trial.land_one(json.dumps(events(RefundEventList=[event])).encode())
    assert entry.rows_landed == 2006
    kept = {row["_unknown_columns"] for row in trial.rows("finances_events")}
    assert max(map(len, map(str, kept))) < 10_000
    assert "(others)" in str(entry.personal_columns)
