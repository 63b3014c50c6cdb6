from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from tests.unit.landing.trial import Trial

ITEM = {
    "item_name": "A shirt, blue &amp; wide",
    "asin": "B000000001",
    "return_reason_code": "CR-DEFECTIVE",
    "merchant_sku": "SKU-1",
    "in_policy": "Y",
    "return_quantity": "1",
    "resolution": "StandardRefund",
    "category": "Apparel",
    "refund_amount": "59.9",
}
REQUEST = {
    "order_id": "111-0000001-0000001",
    "order_date": "2025-11-03T17:08:47Z",
    "amazon_rma_id": "DaRRMA",
    "return_request_date": "2025-11-12T12:44:17Z",
    "return_request_status": "Approved",
    "a_to_z_claim": "false",
    "is_prime": "N",
}
LABEL = {"tracking_id": "1Z 999", "currency_code": "EUR", "label_cost": "3.50"}


def elements(values: dict[str, str]) -> str:
    return "\n".join(f"<{key}>{value}</{key}>" for key, value in values.items())


def request(*items: dict[str, str], more: str = "", **values: str) -> str:
    parts = "".join(
        f"<item_details>\n{elements(ITEM | item)}\n</item_details>\n" for item in items
    )
    return (
        f"<return_details>\n{parts}{elements(REQUEST | values)}\n"
        f"<label_details>{elements(LABEL)}</label_details>{more}\n</return_details>\n"
    )


def report(*requests: str, declaration: str = "", root: str = "AmazonEnvelope") -> str:
    return (
        f"{declaration}<{root}><Header><DocumentVersion>1.00</DocumentVersion></Header>"
        "<MessageType>Returns-Report</MessageType>\n<Message>\n"
        f"{''.join(requests)}</Message></{root}>\n"
    )


def test_one_item_is_one_row_with_what_its_request_says(trial: Trial) -> None:
    entry = trial.land_one(report(request({})).encode())
    (landed,) = trial.rows("xml_returns")
    assert (entry.report_type, entry.encoding) == (
        "GET_XML_RETURNS_DATA_BY_RETURN_DATE",
        "utf-8",
    )
    assert {k: v for k, v in landed.items() if v is not None and k[0] != "_"} == {
        "order_id": "111-0000001-0000001",
        "order_date": "2025-11-03 17:08:47",
        "amazon_rma_id": "DaRRMA",
        "return_request_date": "2025-11-12 12:44:17",
        "return_request_status": "Approved",
        "a_to_z_claim": "false",
        "is_prime": "N",
        "tracking_id": "1Z 999",
        "currency_code": "EUR",
        "label_cost": "3.50",
        "item_number": "1",
        "item_name": "A shirt, blue & wide",
        "asin": "B000000001",
        "return_reason_code": "CR-DEFECTIVE",
        "merchant_sku": "SKU-1",
        "in_policy": "Y",
        "return_quantity": "1",
        "resolution": "StandardRefund",
        "category": "Apparel",
        "refund_amount": "59.9",
    }
    assert str(entry.data_end_date) == "2025-11-12"


def test_an_item_that_stands_there_twice_is_two_rows(trial: Trial) -> None:
    trial.land_one(report(request({}, {}), request({})).encode())
    found = [row["item_number"] for row in trial.rows("xml_returns")]
    assert sorted(found) == ["1", "1", "2"]


def test_a_row_has_the_line_on_which_its_item_begins(trial: Trial) -> None:
    text = report(request({"merchant_sku": "a"}), request({"merchant_sku": "b"}))
    trial.land_one(text.encode())
    lines = text.split("\n")
    for row in trial.rows("xml_returns"):
        line = row["_line_number"]
        assert (
            lines[line - 1] == "<item_details>" or "<item_details>" in lines[line - 1]
        )
        assert f">{row['merchant_sku']}<" in "".join(lines[line : line + 6])


def test_rows_that_share_a_line_are_numbered(trial: Trial) -> None:
    text = report(request({}, {"return_quantity": "x"}, {})).replace("\n", "")
    trial.land_one(text.encode())
    assert [row["_line_number"] for row in trial.rows("xml_returns")] == [1, 3]
    (reject,) = trial.rejects()
    assert (reject["line_number"], reject["column_name"], reject["reason"]) == (
        1,
        "return_quantity",
        "is not a whole number, or is below 0 (row 2)",
    )


def test_bad_values_are_set_aside_with_line_column_and_reason(trial: Trial) -> None:
    text = report(
        request({"refund_amount": "1,5"}),
        request({}, order_id="Max Mustermann"),
        request({}, return_request_date="2025-11-12"),
        request(),
        request({}),
    )
    entry = trial.land_one(text.encode())
    assert (entry.rows_read, entry.rows_landed, entry.rows_quarantined) == (5, 1, 4)
    found = {r["column_name"]: (r["value"], r["reason"]) for r in trial.rejects()}
    assert found["refund_amount"][0] == "1,5"
    assert found["order_id"][0] == "Aaa Aaaaaaaaaa"
    assert "no valid date" in found["return_request_date"][1]
    assert found["merchant_sku"] == (None, "must not be blank")
    lines = text.split("\n")
    for reject in trial.rejects():
        assert lines[reject["line_number"] - 1].endswith("_details>")


def test_a_field_that_stands_there_twice_is_set_aside(trial: Trial) -> None:
    text = report(request({}, more="<order_id>111-0000002-0000002</order_id>"))
    trial.land_one(text.encode())
    (reject,) = trial.rejects()
    assert reject["reason"] == "order_id has several values where one belongs"


def test_unknown_fields_are_named_and_only_codes_of_them_kept(trial: Trial) -> None:
    more = (
        "<grade>A-1</grade><remark>Mr Smith called</remark><extra><x>7</x></extra>"
        "<buyer_name>Jane Roe</buyer_name><ship><city>Ulm</city></ship>"
    )
    entry = trial.land_one(report(request({"shade": "B2"}, more=more)).encode())
    assert entry.unknown_columns == "grade, remark, extra.x, shade"
    assert entry.personal_columns == "buyer_name, ship.city"
    (landed,) = trial.rows("xml_returns")
    assert landed["_unknown_columns"] == (
        '{"grade":"A-1","remark":"(text)","extra.x":"7","shade":"B2"}'
    )


def test_attributes_are_fields_like_others(trial: Trial) -> None:
    text = report(request({})).replace(
        "<refund_amount>", '<refund_amount currency="EUR">'
    )
    entry = trial.land_one(text.encode())
    assert entry.unknown_columns == "refund_amount@currency"
    assert trial.rows("xml_returns")[0]["refund_amount"] == "59.9"


def test_namespaces_comments_and_sections_do_not_matter(trial: Trial) -> None:
    text = report(request({"item_name": "<![CDATA[A < B]]><!-- no -->"}))
    text = text.replace("return_details", "r:return_details").replace(
        "<AmazonEnvelope>", '<AmazonEnvelope xmlns="urn:x" xmlns:r="urn:y" r:z="1">'
    )
    entry = trial.land_one(text.encode())
    assert (entry.status, entry.unknown_columns) == ("landed", None)
    assert trial.rows("xml_returns")[0]["item_name"] == "A < B"


def test_a_packed_report_lands(trial: Trial) -> None:
    entry = trial.land_one(gzip.compress(report(request({})).encode()), "s/US/x.gz")
    assert (entry.status, entry.rows_landed) == ("landed", 1)


def test_a_report_without_returns_is_no_data(trial: Trial) -> None:
    entry = trial.land_one(report().encode())
    assert (entry.status, entry.lake_table) == ("no_data", "xml_returns")


NAME = {"item_name": "Kleid für Zoë €"}


@pytest.mark.parametrize(
    ("declared", "codec", "recorded"),
    [
        ("UTF-8", "utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig", "utf-8-sig"),
        ("UTF-16", "utf-16", "utf-16"),
        ("windows-1252", "cp1252", "cp1252"),
        ("ISO-8859-1", "cp1252", "cp1252"),
        ("UTF-8", "cp1252", "cp1252"),
        ("ISO-8859-1", "utf-8", "utf-8"),
    ],
)
def test_every_encoding_of_the_ladder_is_read(
    trial: Trial, declared: str, codec: str, recorded: str
) -> None:
    declaration = f'\n<?xml version="1.0" encoding="{declared}"?>\n'
    entry = trial.land_one(report(request(NAME), declaration=declaration).encode(codec))
    assert (entry.status, entry.encoding) == ("landed", recorded), entry.reason
    assert trial.rows("xml_returns")[0]["item_name"] == NAME["item_name"]


def test_a_japanese_encoding_is_read_where_it_is_declared(trial: Trial) -> None:
    declaration = '<?xml version="1.0" encoding="Shift_JIS"?>'
    text = report(request({"item_name": "ソファ"}), declaration=declaration)
    trial.land_one(text.encode("cp932"))
    assert trial.rows("xml_returns")[0]["item_name"] == "ソファ"


def test_bytes_of_no_encoding_are_refused(trial: Trial) -> None:
    content = report(request({"item_name": "x?x"})).encode().replace(b"?", b"\x81")
    entry = trial.land_one(content)
    assert entry.status == "refused"
    assert "text that it has to be" in str(entry.reason)


def test_a_restated_request_lands_again_and_the_same_document_does_not(
    trial: Trial,
) -> None:
    first = report(request({})).encode()
    assert trial.land_one(first, "shop/US/1.xml").status == "landed"
    newer = report(request({}, return_request_status="Closed")).encode()
    assert trial.land_one(newer, "shop/US/2.xml").status == "landed"
    trial.land_one(first, "shop/US/3.xml")
    states = [row["return_request_status"] for row in trial.rows("xml_returns")]
    assert sorted(states) == ["Approved", "Closed"]


@pytest.mark.parametrize("part", range(1, 20))
def test_a_document_that_ends_early_is_refused_whole(trial: Trial, part: int) -> None:
    content = report(*[request({}, order_id=f"111-0000001-000000{n}") for n in "123"])
    cut = content.encode()[: len(content) * part // 20]
    entry = trial.land_one(cut)
    assert (entry.status, entry.rows_landed) == ("refused", None)
    assert "ends early" in str(entry.reason)
    assert not trial.rows("xml_returns")


def test_a_marked_utf_8_document_keeps_its_lines(trial: Trial) -> None:
    text = "\n" + report(request({}))
    trial.land_one(codecs.BOM_UTF8 + text.encode())
    line = trial.rows("xml_returns")[0]["_line_number"]
    assert "<item_details>" in text.split("\n")[line - 1]


REAL = Path(__file__).parents[4] / "shared" / "data" / "real" / "xml_returns"


@pytest.mark.skipif(not REAL.exists(), reason=f"no genuine documents in {REAL}")
def test_the_genuine_document_lands_with_its_doubled_item(trial: Trial) -> None:
    (path,) = REAL.iterdir()
    entry = trial.land_one(path.read_bytes(), "shop/ES/report.xml")
    assert (entry.status, entry.rows_read, entry.rows_quarantined) == ("landed", 2, 0)
    first, second = trial.rows("xml_returns")
    differing = {key for key in first if first[key] != second[key]}
    assert differing == {"item_number", "_line_number"}
    assert (entry.unknown_columns, entry.personal_columns) == (None, None)
