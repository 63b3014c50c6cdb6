from __future__ import annotations

import json

import pytest

from tests.unit.landing.trial import Trial, document, header_cells, row


def widened(table: str, names: list[str], *rows: tuple[str, list[str]]) -> bytes:
    header = "\t".join([*header_cells(table), *names])
    lines = ["\t".join([base, *more]) for base, more in rows]
    return ("\n".join([header, *lines]) + "\n").encode()


def test_of_unknown_columns_codes_are_kept_and_texts_named_only(trial: Trial) -> None:
    base = row("fba_returns")
    content = widened(
        "fba_returns",
        ["Grade", "Note"],
        (base, ["A_1", "Call Maria Lopez tomorrow"]),
        (base, [" ", ""]),
    )
    entry = trial.land_one(content)
    first, second = trial.rows("fba_returns")
    assert json.loads(first["_unknown_columns"]) == {
        "grade": "A_1",
        "note": "(text)",
    }
    assert "Maria" not in trial.stored_text()
    assert second["_unknown_columns"] is None
    assert entry.unknown_columns == "grade, note"
    assert entry.personal_columns is None


def test_unknown_columns_that_smell_of_a_person_are_dropped_and_named(
    trial: Trial,
) -> None:
    content = widened(
        "fba_returns",
        ["buyer-name", "Shade", ""],
        (row("fba_returns"), ["Jane Doe", "red", "Janes Street"]),
    )
    entry = trial.land_one(content)
    assert entry.personal_columns == "buyer_name, column 16 (no name)"
    assert entry.unknown_columns == "shade"
    assert "Jane" not in trial.stored_text()
    assert b"Jane" not in trial.stored_bytes()


def test_personal_columns_never_reach_the_disk(trial: Trial) -> None:
    secret = {"ship_city": "Xanadu", "ship_postal_code": "98765", "cpf": "123-secret"}
    broken = row("all_orders", **secret) + "\textra"
    wrong = row("all_orders", quantity="many", **secret)
    good = row("all_orders", **secret)
    entry = trial.land_one(document("all_orders", good, wrong, broken))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 2)
    assert "ship_city" in entry.personal_columns
    text = trial.stored_text() + str(trial.stored_bytes())
    for value in secret.values():
        assert value not in text


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("all_orders", "amazon_order_id"),
        ("all_orders", "currency"),
        ("fba_returns", "license_plate_number"),
        ("mfn_returns", "tracking_id"),
        ("settlements_v2", "order_id"),
    ],
)
def test_a_name_where_an_id_belongs_is_stored_nowhere(
    trial: Trial, table: str, column: str
) -> None:
    bad = row(table, **{column: "Maria Lopez, Alcobendas 28108"})
    entry = trial.land_one(document(table, row(table), bad))
    assert (entry.rows_landed, entry.rows_quarantined) == (1, 1)
    (reject,) = trial.rejects()
    assert (reject["column_name"], reject["value"]) == (
        column,
        "Aaaaa Aaaaa, Aaaaaaaaaa 99999",
    )
    stored = trial.stored_text() + str(trial.stored_bytes())
    assert "Lopez" not in stored and "Alcobendas" not in stored


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("all_orders", "amazon_order_id", "S01-5026600-7901244"),
        ("all_orders", "merchant_order_id", "qUCNfzxjSq"),
        ("mfn_returns", "tracking_id", "RR 123 456 785 DE"),
        ("settlements_v1", "adjustment_id", "amzn1:crow:aB+9=/x"),
        ("settlements_v1", "shipment_id", "BRFQMBOKP"),
    ],
)
def test_every_form_an_id_is_seen_in_lands(
    trial: Trial, table: str, column: str, value: str
) -> None:
    trial.land_one(document(table, row(table, **{column: value})))
    assert [item[column] for item in trial.rows(table)] == [value]


def test_a_sku_is_free_but_for_an_e_mail(trial: Trial) -> None:
    skus = ["Red shirt, size 12 (new)", "for jo@example.com", "a@b"]
    rows = [row("all_orders", sku=sku) for sku in skus]
    trial.land_one(document("all_orders", *rows))
    landed = [item["sku"] for item in trial.rows("all_orders")]
    assert landed == [skus[0], "for [email]", "a@b"]


def test_free_text_is_masked(trial: Trial) -> None:
    comment = "call 555-123-4567 or mail a@b.example about 111-0000001-0000001"
    trial.land_one(
        document("fba_returns", row("fba_returns", customer_comments=comment))
    )
    landed = trial.rows("fba_returns")[0]["customer_comments"]
    assert landed == "call [phone] or mail [email] about 111-0000001-0000001"


def test_a_reason_a_person_may_type_is_masked_and_a_code_stays(trial: Trial) -> None:
    reasons = ["too small, call 555-123-4567", "AMZ-PG-APP-TOO-SMALL"]
    rows = [row("inspections", stated_reason=reason) for reason in reasons]
    trial.land_one(document("inspections", *rows))
    landed = [item["stated_reason"] for item in trial.rows("inspections")]
    assert landed == ["too small, call [phone]", "AMZ-PG-APP-TOO-SMALL"]


def test_the_rater_s_mail_is_dropped_and_comments_are_masked(trial: Trial) -> None:
    feedback = row("seller_feedback", comments="I am joe@example.com")
    entry = trial.land_one(document("seller_feedback", feedback))
    assert entry.personal_columns == "rater_email"
    assert trial.rows("seller_feedback")[0]["comments"] == "I am [email]"
    assert "someone@example.com" not in trial.stored_text()
    assert trial.rows("seller_feedback")[0]["_as_of"] == "2023-10-20"


@pytest.mark.parametrize(
    "text", ["a@example.com", "a＠example.com", "ä: a@example.com", "plain", "plän"]
)
def test_an_email_in_a_text_is_masked_whatever_the_document_is_like(
    trial: Trial, text: str
) -> None:
    """Documents that can hold no at sign are not searched; all others are."""
    trial.land_one(document("all_orders", row("all_orders", promotion_ids=text)))
    [landed] = trial.rows("all_orders")
    assert "example" not in landed["promotion_ids"]
    assert ("[email]" in landed["promotion_ids"]) is ("example" in text)
