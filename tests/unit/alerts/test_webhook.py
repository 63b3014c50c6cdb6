"""Posting to a real server on loopback: forms, tries, and no word of the secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from tenacity import wait_none

from orchestration.alerts.channels import ATTEMPTS, WebhookChannel
from orchestration.alerts.configuration import Webhook
from orchestration.alerts.errors import DeliveryError
from orchestration.alerts.forms import FORMS
from tests.unit.alerts.receivers import message, web_server

TAKEN = {
    "generic": "",
    "slack": "ok",
    "dingtalk": '{"errcode": 0, "errmsg": "ok"}',
    "wecom": '{"errcode": 0, "errmsg": "ok"}',
    "feishu": '{"code": 0, "msg": "success", "data": {}}',
}


def channel(
    url: str, form: str = "generic", secret: str | None = None
) -> WebhookChannel:
    return WebhookChannel(Webhook(url, form, secret), wait_none())


@pytest.mark.parametrize("form", FORMS)
def test_each_form_arrives_as_utf_8_json(form: str) -> None:
    told = message("退款逾期")
    with web_server((200, TAKEN[form])) as server:
        channel(server.url, form).send(told)
    assert server.bodies == [FORMS[form].body(told)]
    assert server.types == ["application/json; charset=utf-8"]
    assert server.paths == ["/hook/5ecret?access_token=t0k"]


def test_dingtalk_finds_the_signature_in_the_address() -> None:
    with web_server((200, TAKEN["dingtalk"])) as server:
        channel(server.url, "dingtalk", "SECkey").send(message())
    query = parse_qs(urlsplit(server.paths[0]).query)
    text = f"{query['timestamp'][0]}\nSECkey".encode()
    expected = base64.b64encode(hmac.new(b"SECkey", text, hashlib.sha256).digest())
    assert query["sign"] == [expected.decode()]
    assert query["access_token"] == ["t0k"]


def test_feishu_finds_the_signature_in_the_body() -> None:
    with web_server((200, TAKEN["feishu"])) as server:
        channel(server.url, "feishu", "key").send(message())
    (body,) = server.bodies
    signed = hmac.new(f"{body['timestamp']}\nkey".encode(), b"", hashlib.sha256)
    assert body["sign"] == base64.b64encode(signed.digest()).decode()
    assert body["msg_type"] == "post"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with web_server((status, ""), (status, ""), (200, "ok")) as server:
        channel(server.url).send(message())
    assert len(server.bodies) == 3


def test_it_gives_up_after_some_tries() -> None:
    with web_server((500, "")) as server, pytest.raises(DeliveryError, match="500"):
        channel(server.url).send(message())
    assert len(server.bodies) == ATTEMPTS


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("generic", (404, "no_service")),
        ("slack", (400, "invalid_payload")),
        ("generic", (302, "")),
        ("dingtalk", (200, '{"errcode": 310000, "errmsg": "sign not match"}')),
        ("wecom", (200, "<html>")),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    form: str, answer: tuple[int, str]
) -> None:
    with web_server(answer) as server, pytest.raises(DeliveryError):
        channel(server.url, form).send(message())
    assert len(server.bodies) == 1


def test_the_address_is_in_no_log_and_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with web_server((500, "t0k")) as server:
        target = channel(server.url, "dingtalk", "SECkey")
        with pytest.raises(DeliveryError) as refused:
            target.send(message())
    with pytest.raises(DeliveryError) as unreachable:
        target.send(message())
    told = [caplog.text, repr(target._webhook)]
    for raised in (refused, unreachable):
        chain: BaseException | None = raised.value
        while chain is not None:
            told.append(repr(chain))
            chain = chain.__context__
    for secret in ("t0k", "5ecret", "SECkey", "sign="):
        assert not [text for text in told if secret in text]
