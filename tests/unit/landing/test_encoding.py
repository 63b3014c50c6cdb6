from __future__ import annotations

import pytest

from tests.unit.landing.trial import Trial, document, row


def names(trial: Trial) -> list[str]:
    return [item["product_name"] for item in trial.rows("all_orders")]


def orders(*products: str | bytes) -> bytes:
    """Order lines whose product names are spliced in as the bytes they are."""
    lines = [document("all_orders").rstrip(b"\n")]
    for product in products:
        raw = product.encode() if isinstance(product, str) else product
        lines.append(row("all_orders", product_name="@@").encode().replace(b"@@", raw))
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize(
    ("content", "expected", "encoding"),
    [
        (orders("plain"), ["plain"], "utf-8"),
        (orders("café ✓"), ["café ✓"], "utf-8"),
        (b"\xef\xbb\xbf" + orders("café"), ["café"], "utf-8-sig"),
        (orders(b"caf\xe9", "plain"), ["café", "plain"], "cp1252"),
        (orders(b"M&M\x92s \x80"), ["M&M’s €"], "cp1252"),
        (
            orders(b"caf\xe9", "caf\u00e9", "plain", "日本", b"\x96"),
            ["café", "café", "plain", "日本", "–"],
            "utf-8+cp1252",
        ),
        (orders("café", "日本").decode().encode("utf-16"), ["café", "日本"], "utf-16"),
        (
            b"\xfe\xff" + orders("café").decode().encode("utf-16-be"),
            ["café"],
            "utf-16",
        ),
    ],
)
def test_the_ladder_reads_each_line_in_its_own_encoding(
    trial: Trial, content: bytes, expected: list[str], encoding: str
) -> None:
    entry = trial.land_one(content)
    assert entry.status == "landed", entry.reason
    assert names(trial) == expected
    assert entry.encoding == encoding
    assert entry.bytes_read == len(content)


@pytest.mark.parametrize(
    ("place", "codec", "text", "meta"),
    [
        ("shop/JP/f.txt", "cp932", "①ソ能表 高島屋", {}),
        ("shop/f.txt", "cp932", "ソ連", {"marketplace": "JP"}),
        ("shop/US/f.txt", "gb18030", "存在瑕疵 㐀", {"encoding": "gb18030"}),
    ],
)
def test_japanese_and_chinese_documents_keep_their_text(
    trial: Trial, place: str, codec: str, text: str, meta: dict[str, str]
) -> None:
    entry = trial.land_one(orders(text.encode(codec), "utf-8 ☂"), place, **meta)
    assert names(trial) == [text, "utf-8 ☂"]
    assert entry.encoding == f"utf-8+{codec}"


def test_a_byte_that_no_encoding_knows_is_neither_lost_nor_guessed(
    trial: Trial,
) -> None:
    entry = trial.land_one(orders(b"caf\xe9", b"\x81\x40", "plain"))
    assert names(trial) == ["café", "plain"]
    assert (entry.rows_read, entry.rows_quarantined) == (3, 1)
    assert "neither UTF-8 nor cp1252" in trial.rejects()[0]["reason"]


def test_the_careful_reading_decodes_as_the_fast_one(trial: Trial) -> None:
    """A bad row elsewhere must not change how the good ones are read."""
    products: list[str | bytes] = [b"caf\xe9", "日本", "plain"]
    trial.put("a/US/f.txt", orders(*products))
    bad = row("all_orders", quantity="x").encode()
    trial.put("b/US/f.txt", orders(*products) + bad + b"\n")
    first, second = (outcome.entry for outcome in trial.land().outcomes)
    assert (first.rows_landed, second.rows_landed) == (3, 3)
    assert first.encoding == second.encoding == "utf-8+cp1252"
    landed = trial.rows("all_orders")
    by_seller = [
        [item["product_name"] for item in landed if item["_seller_id"] == seller]
        for seller in ("a", "b")
    ]
    assert by_seller[0] == by_seller[1] == ["café", "日本", "plain"]


def test_a_text_cut_inside_a_character_is_still_read(trial: Trial) -> None:
    content = orders("plain", "日本").rstrip(b"\n")
    cut = content.replace("日本".encode(), "日本".encode()[:-1])
    assert trial.land_one(cut).rows_read == 2


def test_wrong_utf16_is_refused(trial: Trial) -> None:
    entry = trial.land_one(b"\xff\xfe" + b"\x00\xd8" * 3)
    assert entry.status == "refused"
    assert "UTF-16" in entry.reason


def test_a_header_no_one_can_read_says_what_to_do(trial: Trial) -> None:
    header = "日付\t評価\tコメント\n".encode("cp932") + b"\x81\n"
    entry = trial.land_one(header, "shop/x.txt")
    assert entry.status == "refused"
