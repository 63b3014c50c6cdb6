"""No document knows the future, and nothing in it could be a real person."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.unit.demo.conftest import Demo

LAST = datetime(2026, 10, 31, 23, 59, 59)
DATES = (
    (r"\b20\d\d-\d\d-\d\d\b", "%Y-%m-%d"),
    (r"\b\d\d-[A-Z][a-z]{2}-20\d\d\b", "%d-%b-%Y"),
    (r"\b\d\d\.\d\d\.20\d\d\b", "%d.%m.%Y"),
)
FEEDBACK = {"US": "%m/%d/%y", "CA": "%d/%m/%y", "UK": "%d/%m/%y", "DE": "%d.%m.%y"}
MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
LONG_NUMBER = re.compile(r"\+?\d[\d ]{8,}\d")


def texts(demo: Demo) -> list[tuple[str, str]]:
    others = [
        (path.name, path.read_text("utf-8"))
        for path in demo.inbox.rglob("*")
        if path.suffix in {".json", ".csv", ".xml"}
    ]
    return [*demo.documents(), *others]


def test_nothing_is_dated_after_the_period(demo: Demo) -> None:
    found = 0
    for label, content in texts(demo):
        for pattern, form in DATES:
            for text in set(re.findall(pattern, content)) - {"31-Foo-2026"}:
                assert datetime.strptime(text, form) <= LAST, (label, text)
                found += 1
    assert found > 3_000


def test_instants_end_with_the_last_pull(demo: Demo) -> None:
    last = "2026-10-31T12:00:00"
    for label, content in texts(demo):
        instants = re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", content)
        windows = re.findall(r'"dataEndTime": "([^+"]+)', content)
        assert max(set(instants) - set(windows), default=last) <= last, label


def test_ratings_are_dated_in_the_marketplaces_way(demo: Demo) -> None:
    days = []
    for label, content in demo.documents():
        if "/feedback/" not in label:
            continue
        form = FEEDBACK.get(label.split("/")[1], "%y/%m/%d")
        for line in content.split("\n")[1:-1]:
            days.append(datetime.strptime(line.split("\t")[0], form))
    assert datetime(2025, 9, 1) <= min(days) < max(days) <= LAST


@pytest.mark.parametrize("seller", ["northwind-outdoor", "lakeside-home"])
def test_mail_addresses_can_belong_to_nobody(demo: Demo, seller: str) -> None:
    found = {
        mail
        for label, content in demo.documents()
        if label.startswith(seller)
        for mail in MAIL.findall(content)
    }
    assert found
    assert {mail.split("@")[1] for mail in found} == {"example.com"}


def test_places_and_numbers_are_invented(demo: Demo) -> None:
    rows = [row for _, _, row in demo.rows("ship-city")]
    cities = {"Sampleton", "Testford", "Mockville", "Exampleton"}
    assert {row["ship-city"] for row in rows} == cities
    assert {row["ship-postal-code"] for row in rows} == {"00000"}
    numbers = {
        number
        for _, _, row in demo.rows("customer-comments")
        for number in LONG_NUMBER.findall(row["customer-comments"])
    }
    # 555 0100 to 555 0199 are kept free for fiction.
    assert numbers <= {"+1 206 555 0199"}
