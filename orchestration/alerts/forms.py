"""A message in the form that each tool documents, its signature, and its answer.

- Slack: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (and Block
  Kit: at most 50 blocks, 3,000 characters a section, 150 a header).
- DingTalk: open.dingtalk.com/document/robots/custom-robot-access (markdown; 20 messages
  a minute, else ten minutes of silence, so everything goes into one).
- WeCom: developer.work.weixin.qq.com/document/path/91770 (markdown; 4,096 bytes).
- Feishu, Lark: open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN (post; 20 KB).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from orchestration.alerts.message import LINES, Message, Section
from orchestration.alerts.texts import said

# Marks that a tool would read as its own: bold, links, mentions of people.
_MARKS = str.maketrans(
    {
        "<": "‹",
        ">": "›",
        "[": "［",
        "]": "］",
        "*": "＊",
        "`": "‘",
        "#": "＃",
        "@": "＠",
    }
)
_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FEISHU_LANGUAGES = {"en": "en_us", "zh": "zh_cn"}


@dataclass(frozen=True)
class Form:
    """How a tool wants a message.

    ``body`` makes the JSON, ``limit`` is what it may measure in bytes, ``code`` is
    the field of the answer that is 0 if all is well, and ``passing`` are values after
    which another try may help.
    """

    body: Callable[[Message], dict[str, Any]]
    limit: int
    code: str | None = None
    passing: frozenset[int] = frozenset()

    def fitted(self, message: Message) -> dict[str, Any]:
        """Return the body, with fewer lines a section where it would be too long."""
        for lines in range(LINES, -1, -1):
            body = self.body(message.shortened(lines))
            if len(json.dumps(body, ensure_ascii=False).encode()) <= self.limit:
                return body
        return self.body(message.shortened(0))

    def refusal(self, answer: Any) -> int | str | None:
        """Return the code of a refusal that comes with status 200, as most do."""
        if self.code is None:
            return None
        if not isinstance(answer, dict) or self.code not in answer:
            return "no answer of this tool"
        code: int | str = answer[self.code]
        return code or None


def dingtalk_url(url: str, secret: str, now: datetime) -> str:
    """Return the address with the signature DingTalk asks for."""
    stamp = str(round(now.timestamp() * 1000))
    sign = _sign(secret.encode(), f"{stamp}\n{secret}".encode())
    scheme, host, path, query, _ = urlsplit(url)
    words = [*parse_qsl(query), ("timestamp", stamp), ("sign", sign)]
    return urlunsplit((scheme, host, path, urlencode(words), ""))


def feishu_signature(secret: str, now: datetime) -> dict[str, str]:
    """Return what Feishu asks for in the body: second and key sign nothing."""
    stamp = str(round(now.timestamp()))
    return {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}".encode(), b"")}


def _sign(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def plain(message: Message) -> str:
    """Return the message as plain text."""
    parts = []
    for section in message.sections:
        lines = [f"[{said(section.kind, message.language)}] {section.heading}"]
        lines += [f"- {line}" for line in _lines(message, section)]
        parts.append("\n".join(lines))
    return "\n\n".join(
        [*parts, "\n".join(filter(None, [message.footer, message.link]))]
    )


def _generic(message: Message) -> dict[str, Any]:
    return {
        "id": message.number,
        "language": message.language,
        "title": message.subject,
        "text": plain(message),
        "link": message.link,
        "events": list(message.events),
    }


def _slack(message: Message) -> dict[str, Any]:
    blocks = [_slack_section(message, section) for section in message.sections]
    footer = _slack_escaped(message.footer)
    if message.link:
        footer += f" · <{message.link}|{said('open', message.language)}>"
    return {
        "text": _slack_escaped(message.subject),
        "blocks": [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": message.subject[:150]},
            },
            *blocks[:47],
            {"type": "context", "elements": [{"type": "mrkdwn", "text": footer}]},
        ],
    }


def _slack_section(message: Message, section: Section) -> dict[str, Any]:
    kind = said(section.kind, message.language)
    lines = [f"*{_slack_escaped(section.heading)}* ({kind})"]
    lines += [f"• {_slack_escaped(line)}" for line in _lines(message, section)]
    text = "\n".join(lines)
    if len(text) > 3000:
        text = text[: text.rindex("\n", 0, 2999)] + "\n…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _slack_escaped(text: str) -> str:
    return "".join(_SLACK.get(sign, sign) for sign in text)


def _dingtalk(message: Message) -> dict[str, Any]:
    text = f"### {message.subject.translate(_MARKS)}\n\n{_markdown(message)}"
    return {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}


def _wecom(message: Message) -> dict[str, Any]:
    text = f"### {message.subject.translate(_MARKS)}\n{_markdown(message)}"
    return {"msgtype": "markdown", "markdown": {"content": text}}


def _markdown(message: Message) -> str:
    parts = []
    for section in message.sections:
        kind = said(section.kind, message.language)
        parts.append(f"**{section.heading.translate(_MARKS)}** ({kind})\n")
        parts += [f"- {line.translate(_MARKS)}" for line in _lines(message, section)]
        parts.append("")
    parts.append(f"> {message.footer.translate(_MARKS)}")
    if message.link:
        parts.append(f"\n[{said('open', message.language)}]({message.link})")
    return "\n".join(parts)


def _feishu(message: Message) -> dict[str, Any]:
    rows: list[list[dict[str, Any]]] = []
    for section in message.sections:
        kind = said(section.kind, message.language)
        rows.append([{"tag": "text", "text": f"【{kind}】{section.heading}"}])
        rows += [
            [{"tag": "text", "text": f"• {line}"}] for line in _lines(message, section)
        ]
    rows.append([{"tag": "text", "text": message.footer}])
    if message.link:
        words = said("open", message.language)
        rows.append([{"tag": "a", "text": words, "href": message.link}])
    post = {"title": message.subject, "content": rows}
    language = _FEISHU_LANGUAGES[message.language]
    return {"msg_type": "post", "content": {"post": {language: post}}}


def _lines(message: Message, section: Section) -> list[str]:
    return [*section.lines, *filter(None, [message.more(section)])]


# Slack and tools of one's own answer by the HTTP status alone.
FORMS = {
    "generic": Form(_generic, limit=1_000_000),
    "slack": Form(_slack, limit=100_000),
    "dingtalk": Form(_dingtalk, limit=18_000, code="errcode", passing=frozenset({-1})),
    "wecom": Form(_wecom, limit=4_096, code="errcode", passing=frozenset({-1})),
    "feishu": Form(_feishu, limit=19_000, code="code", passing=frozenset({11232})),
}
