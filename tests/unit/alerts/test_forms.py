"""Each tool gets the form it documents; where that is written stands in ``forms``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from orchestration.alerts.forms import FORMS, dingtalk_url, feishu_signature, plain
from tests.unit.alerts.receivers import message

LINK = "https://returns.example/dashboard/index.html#/refunds?lang=en"
NOW = datetime.fromtimestamp(1_700_000_000, UTC)


def test_slack_has_a_fallback_text_and_blocks() -> None:
    body = FORMS["slack"].body(message(link=LINK))
    assert body == {
        "text": "Returns: 1 critical",
        "blocks": [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": "Returns: 1 critical"},
            },
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": "*Refund overdue* (critical)\n• late &amp; &lt;b&gt;",
                },
            },
            {
                "type": "context",
                "elements": [
                    {
                        "type": "mrkdwn",
                        "text": "Data as of Oct 31, 2026, version v1-abc"
                        f" · <{LINK}|Open the dashboard>",
                    }
                ],
            },
        ],
    }


def test_slack_keeps_within_what_a_block_holds() -> None:
    body = FORMS["slack"].body(message(*["x" * 900] * 5))
    texts = [block["text"]["text"] for block in body["blocks"] if "text" in block]
    assert max(map(len, texts)) <= 3000
    assert texts[1].endswith("…")


def test_dingtalk_has_a_title_and_markdown() -> None:
    body = FORMS["dingtalk"].body(message("late", link=LINK))
    assert body == {
        "msgtype": "markdown",
        "markdown": {
            "title": "Returns: 1 critical",
            "text": "### Returns: 1 critical\n\n**Refund overdue** (critical)\n\n"
            "- late\n\n> Data as of Oct 31, 2026, version v1-abc\n\n"
            f"[Open the dashboard]({LINK})",
        },
    }


def test_wecom_has_markdown() -> None:
    body = FORMS["wecom"].body(message("late"))
    assert body == {
        "msgtype": "markdown",
        "markdown": {
            "content": "### Returns: 1 critical\n**Refund overdue** (critical)\n\n"
            "- late\n\n> Data as of Oct 31, 2026, version v1-abc"
        },
    }


def test_feishu_has_a_post_in_rows() -> None:
    body = FORMS["feishu"].body(message("late", link=LINK))
    assert body == {
        "msg_type": "post",
        "content": {
            "post": {
                "en_us": {
                    "title": "Returns: 1 critical",
                    "content": [
                        [{"tag": "text", "text": "【critical】Refund overdue"}],
                        [{"tag": "text", "text": "• late"}],
                        [
                            {
                                "tag": "text",
                                "text": "Data as of Oct 31, 2026, version v1-abc",
                            }
                        ],
                        [{"tag": "a", "text": "Open the dashboard", "href": LINK}],
                    ],
                }
            }
        },
    }


def test_a_tool_of_ones_own_gets_each_event_by_itself() -> None:
    told = message()
    body = FORMS["generic"].body(told)
    assert body["id"] == told.number
    assert body["events"] == list(told.events)
    assert body["text"] == plain(told)


def test_plain_text_reads_from_top_to_bottom() -> None:
    assert plain(message("one", "two", link=LINK)) == (
        "[critical] Refund overdue\n- one\n- two\n\n"
        f"Data as of Oct 31, 2026, version v1-abc\n{LINK}"
    )


@pytest.mark.parametrize("form", ["dingtalk", "wecom"])
def test_names_in_the_data_mention_nobody_and_link_nowhere(form: str) -> None:
    text = json.dumps(
        FORMS[form].body(message("<@all> [x](http://y) @13800000000 *b*"))
    )
    assert not {"<@", "[x]", "@1", "*b*"} & {
        part for part in ("<@", "[x]", "@1", "*b*") if part in text
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_message_keeps_within_what_a_tool_takes(form: str) -> None:
    long = message(*["退货" * 400] * 5)
    body = FORMS[form].fitted(long)
    size = len(json.dumps(body, ensure_ascii=False).encode())
    assert size <= FORMS[form].limit
    if form == "wecom":
        assert "… and 4 more" in body["markdown"]["content"]


def test_dingtalk_is_signed_as_it_documents() -> None:
    """By openssl: the millisecond and the key, signed with the key."""
    url = dingtalk_url("https://oapi.example/robot/send?access_token=t", "SECabc", NOW)
    assert parse_qs(urlsplit(url).query) == {
        "access_token": ["t"],
        "timestamp": ["1700000000000"],
        "sign": ["jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="],
    }


def test_feishu_is_signed_as_it_documents() -> None:
    """By openssl: nothing, signed with the second and the key."""
    assert feishu_signature("abc", NOW) == {
        "timestamp": "1700000000",
        "sign": "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4=",
    }


@pytest.mark.parametrize(
    ("form", "answer", "refusal"),
    [
        ("dingtalk", {"errcode": 0, "errmsg": "ok"}, None),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, 310000),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, 93000),
        ("feishu", {"code": 0, "msg": "success", "data": {}}, None),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, 19021),
        ("feishu", None, "no answer of this tool"),
        ("slack", None, None),
    ],
)
def test_a_refusal_with_status_200_is_seen(
    form: str, answer: object, refusal: object
) -> None:
    assert FORMS[form].refusal(answer) == refusal
