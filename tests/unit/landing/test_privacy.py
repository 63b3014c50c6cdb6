from __future__ import annotations

import pytest

from orchestration.landing.privacy import (
    code_or_kind,
    is_personal_name,
    masked,
    shaped,
)
from tests.unit.landing.trial import shared_connection


def mask(text: str) -> str:
    return run(masked("x"), text)


def run(expression: str, text: str) -> str:
    query = f"select {expression} from (select ? as x)"
    found = shared_connection().execute(query, [text]).fetchone()
    assert found is not None
    return str(found[0])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("write to john.doe+x@mail.example.com please", "john"),
        ("mail: 张三＠example.cn", "example"),
        ("mail: 张三＠example．cn", "example"),
        ("call +49 171 1234567", "171"),
        ("(555) 123-4567", "123"),
        ("555-1234", "1234"),
        ("Tel. 030/1234567", "1234567"),
        ("Handy 0171 / 123 45 67", "123 45"),
        ("+49 (0)30/123456", "123456"),
        ("我的电话13812345678谢谢", "138"),
        ("電話０３－１２３４－５６７８です", "３－"),
        ("I live at 221 Baker Street", "Baker"),
        ("12 Long Meadow Rd.", "Meadow"),
        ("send to PO Box 1234", "1234"),
        ("Musterstraße 12a", "12a"),
        ("in der Berliner Straße 5", "Berliner"),
        ("Am Alten Weg 5, Haus Lindenweg 7", "Lindenweg 7"),
        ("calle Mayor 5", "Mayor"),
        ("12 rue de la Paix", "Paix"),
        ("via Roma 12", "Roma"),
        ("北京市朝阳区建国路88号", "88"),
        ("〒150-0001 東京都渋谷区神南1丁目", "神南"),
        ("London NW1 6XE", "6XE"),
        ("Springfield, IL 62704", "62704"),
    ],
)
def test_what_points_to_a_person_is_masked(text: str, hidden: str) -> None:
    assert hidden in text
    assert hidden not in mask(text)
    assert "[" in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 113-6277818-6289068 was late",
        "bought 2023-04-15, arrived 2023-05-01",
        "bought 04/15/2023 or 2023/04/15 12:30, arrived 01/05/23",
        "size 036/100, 1/2 of 10/12",
        "2 pack was way too small",
        "waited 3 days way too long",
        "it's 100% good, 5 of 5",
        "one way street",
        "Danke, alles super! Auf Platz 1 meiner Liste",
        "大家都知道这个味道很好，10分",
        "我觉得很好，质量不错",
        "とても良い商品でした",
        'size 12" fits',
        "",
    ],
)
def test_what_says_something_of_the_return_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "name",
    ["buyer_name", "recipient_city", "ship_postal_code", "e_mail", "gift_message",
     "phone", "姓名", "customer_id", "ship_address_1", "tax_id"],
)  # fmt: skip
def test_a_column_that_smells_of_a_person_is_noticed(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize(
    "name", ["category", "vat", "order_item_id", "item_promotion_id"]
)
def test_other_columns_are_kept(name: str) -> None:
    assert not is_personal_name(name)


@pytest.mark.parametrize(
    "text",
    ["12.50", "-3", "1,234", "19%", "2025-06-05", "2025-06-05 10:11:12 UTC",
     "2025-06-05T10:11:12+00:00", "05-01-2025", "5.1.25", "31-Feb-2023", "Y", "false",
     "EUR", "CR-UNWANTED_ITEM", "A1PA6795UKMFR9", "111-0000001-0000001"],
)  # fmt: skip
def test_an_unknown_number_date_flag_or_code_is_kept(text: str) -> None:
    assert run(code_or_kind("x"), text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Call Maria Lopez tomorrow", "(text)"),
        ("Calle Mayor 5, 28108 Alcobendas", "(text)"),
        ("maria1@example.com", "(text)"),
        ("A1" * 21, "(text)"),
        ("Lopez-Garcia", "(text)"),
        ("Alcobendas", "(word)"),
        ("李小龙", "(word)"),
        ("600123456", "[phone]"),
    ],
)
def test_of_an_unknown_text_only_its_kind_is_kept(text: str, kind: str) -> None:
    assert run(code_or_kind("x"), text) == kind


@pytest.mark.parametrize(
    ("text", "plain", "as_date"),
    [
        ("1,234", "1,234", "1,234"),
        ("31-Feb-2023", "99-Aaa-9999", "31-Feb-2023"),
        ("2025-13-01T10:00:00Z", "9999-99-99A99:99:99A", "2025-13-01T10:00:00Z"),
        ("May", "Aaa", "Aaa"),
        ("Éva 12", "Aaa 99", "Aaa 99"),
        ("李 12", "a 99", "a 99"),
    ],
)
def test_a_shape_shows_signs_and_no_letters(
    text: str, plain: str, as_date: str
) -> None:
    assert run(shaped("x", "false"), text) == plain
    assert run(shaped("x", "true"), text) == as_date
