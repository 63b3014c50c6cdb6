"""The truth against a plain recount of the raw files."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.unit.demo.conftest import Demo, Row

MFN_KEY = ("Order ID", "Amazon RMA ID", "Merchant SKU", "ASIN", "Return request date")
FBA_KEY = ("order-id", "sku", "fnsku", "license-plate-number")


def most_in_one_document(demo: Demo, column: str, key: Any) -> Counter[Any]:
    """Count each key as often as it occurs at most in one document."""
    documents: dict[str, Counter[Any]] = {}
    for label, _, row in demo.rows(column):
        documents.setdefault(label, Counter())[key(label, row)] += 1
    total: Counter[Any] = Counter()
    for counts in documents.values():
        total |= counts
    return total


def test_order_lines_in_files(demo: Demo) -> None:
    lines = most_in_one_document(
        demo, "purchase-date", lambda _, row: (row["amazon-order-id"], row["sku"])
    )
    truth = demo.truth(
        "select amazon_order_id, sku, count(*) from order_lines"
        " where is_in_files group by all"
    )
    assert lines == Counter({(order, sku): count for order, sku, count in truth})
    assert lines.total() == demo.expectations["counts"]["order_lines_in_files"]


def test_merchant_returns_in_files(demo: Demo) -> None:
    rows = most_in_one_document(
        demo, "Amazon RMA ID", lambda _, row: tuple(row[name] for name in MFN_KEY)
    )
    assert rows.total() == demo.expectations["counts"]["mfn_returns_in_files"]


def test_fba_units_in_files(demo: Demo) -> None:
    def key(label: str, row: Row) -> tuple[str, ...]:
        plate = row.get("license-plate-number")
        rest = () if plate else (row["return-date"], row["reason"])
        return (*(row.get(name, "") for name in FBA_KEY), *rest)

    units = most_in_one_document(demo, "return-date", key)
    assert units.total() == demo.expectations["counts"]["fba_returns_in_files"]


def test_ratings_in_files(demo: Demo) -> None:
    orders = {
        fields[4]
        for label, content in demo.documents()
        if "/feedback/" in label
        for fields in (line.split("\t") for line in content.split("\n")[1:] if line)
        if fields[1] in set("12345")
    }
    assert len(orders) == demo.expectations["counts"]["feedback_in_files"]


def test_report_rows_point_at_the_line_that_shows_the_return(demo: Demo) -> None:
    lines = {
        (label, number): row
        for column in ("Amazon RMA ID", "return-date")
        for label, number, row in demo.rows(column)
    }
    truth = demo.truth(
        "select file_name, line_number, amazon_order_id, sku, returned_quantity"
        " from report_rows inner join returns using (return_id)"
    )
    assert len(truth) == len(lines)
    for label, number, order, sku, quantity in truth:
        row = lines[label, number]
        shown = row.get("Order ID") or row["order-id"]
        stock = row.get("Merchant SKU") or row["sku"]
        count = row.get("Return quantity") or row["quantity"]
        assert (shown, stock, int(count)) == (order, sku, quantity)


def test_reported_values_are_those_of_the_newest_document(demo: Demo) -> None:
    newest: dict[int, tuple[str, Row]] = {}
    lines = {(label, n): row for label, n, row in demo.rows("Amazon RMA ID")}
    for return_id, label, number in demo.truth("from report_rows"):
        if (label, number) in lines:
            found = (label[-14:], lines[label, number])
            newest[return_id] = max(newest.get(return_id, found), found, key=first)
    truth = demo.truth(
        "select return_id, reported_received_date, reported_refunded_amount,"
        " reported_claim_amount from returns where channel = 'mfn' and is_in_files"
    )
    assert len(truth) == len(newest)
    for return_id, received, refunded, claimed in truth:
        _, row = newest[return_id]
        assert day(row["Return delivery date"]) == received
        assert amount(row["Refunded Amount"]) == refunded
        assert amount(row["SafeT claim reimbursement amount"]) == claimed


def first(pair: tuple[str, Row]) -> str:
    return pair[0]


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d-%b-%Y").date() if text.strip() else None


def amount(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() else None


def test_labels_and_claims_count_once_in_the_truth(demo: Demo) -> None:
    label_costs, claims = {}, {}
    for _, _, row in demo.rows("Amazon RMA ID"):
        if row["Tracking ID"].strip():
            label_costs[row["Tracking ID"]] = Decimal(row["Label cost"])
        if paid := amount(row["SafeT claim reimbursement amount"]):
            claims[row["SafeT claim id"]] = paid
    [(costs, claimed)] = demo.truth(
        "select sum(label_cost_amount),"
        " sum(claim_amount) filter (where safe_t_claim_id is not null and parcel_id in"
        " (select parcel_id from returns where reported_claim_amount is not null))"
        " from returns where channel = 'mfn' and parcel_id in"
        " (select parcel_id from returns where is_in_files)"
    )
    assert (costs, claimed) == (sum(label_costs.values()), sum(claims.values()))


def test_documents_and_rows_are_as_the_expectations_say(demo: Demo) -> None:
    expected = demo.expectations
    rows: Counter[str] = Counter()
    documents = dict(demo.documents())
    for name, kind, status, count in demo.truth(
        "select file_name, report_type, status, rows_read from documents"
        " where duplicate_of is null"
    ):
        if name in documents:
            assert documents[name].count("\n") - 1 == count, name
            assert status == ("landed" if count else "no_data")
            rows[kind] += count
    for kind, count in rows.items():
        assert expected["reports"][kind]["rows_read"] == count
        assert demo.summary.rows[kind] == count
    statuses = Counter(
        status
        for (status,) in demo.truth(
            "select status from documents where duplicate_of is null"
        )
    )
    assert statuses == Counter(
        {k: v for k, v in expected["documents"].items() if k != "copies"}
    )


def test_bad_lines_stand_where_the_truth_says(demo: Demo) -> None:
    rejects = demo.truth("from rejects")
    assert len(rejects) == demo.expectations["rows_quarantined"] == 9
    for name, number, _, value in rejects:
        lines = demo.lines(name)
        assert value in lines[number - 1]
        # Each is the last row: what is good does not move.
        assert lines[number:] in ([""], ["</Message>", "</AmazonEnvelope>", ""])
