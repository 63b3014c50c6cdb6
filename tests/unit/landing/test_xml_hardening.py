"""Documents made to do harm cost neither memory nor trust."""

from __future__ import annotations

import pytest

from orchestration.landing.errors import Refusal
from orchestration.landing.structured import xml_reader
from orchestration.landing.structured.xml_reader import XmlReader
from tests.unit.landing.test_xml_returns import report, request
from tests.unit.landing.trial import Trial

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
"""
EXTERNAL = '<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'


@pytest.mark.parametrize("declaration", [LAUGHS, EXTERNAL, PARAMETER, "<!DOCTYPE a>"])
@pytest.mark.parametrize("entity", ["&lol3;", "&secret;", "none"])
def test_whoever_declares_a_type_is_refused(
    trial: Trial, declaration: str, entity: str
) -> None:
    text = report(request({"item_name": entity}), declaration=declaration)
    entry = trial.land_one(text.encode())
    assert entry.status == "refused"
    assert "declares a document type" in str(entry.reason)


def test_a_type_declared_far_behind_the_head_is_refused() -> None:
    feeding = reader()
    for _ in range(1000):
        feeding.feed(b"<!--" + b"x" * 1000 + b"-->")
    with pytest.raises(Refusal, match="declares a document type"):
        feeding.feed(LAUGHS.partition("?>")[2].strip().encode())


def test_an_entity_nobody_declares_is_refused(trial: Trial) -> None:
    entry = trial.land_one(report(request({"item_name": "&lol;"})).encode())
    assert entry.status == "refused"
    assert "undefined entity" in str(entry.reason)


@pytest.mark.parametrize("place", ["before", "inside"])
def test_a_hundred_thousand_levels_are_refused(trial: Trial, place: str) -> None:
    bomb = "<a>" * 100_000 + "</a>" * 100_000
    text = report(request({}, more=bomb)) if place == "inside" else report(bomb)
    entry = trial.land_one(text.encode())
    assert entry.status == "refused"
    assert "nested deeper" in str(entry.reason)


def test_a_record_of_too_many_elements_is_refused(trial: Trial) -> None:
    entry = trial.land_one(report(request({}, more="<a/>" * 30_000)).encode())
    assert "a record larger than any report" in str(entry.reason)


def test_many_elements_in_many_records_are_no_harm(trial: Trial) -> None:
    entry = trial.land_one(report(*[request({}) for _ in range(2000)]).encode())
    assert (entry.rows_landed, entry.rows_quarantined) == (2000, 0)


def reader() -> XmlReader:
    return XmlReader(lambda names: names[-1] == "record")


def fed(parts: list[bytes]) -> int:
    """How many parts the reader takes before it refuses."""
    feeding = reader()
    for number, part in enumerate(parts):
        try:
            feeding.feed(part)
        except Refusal:
            return number
    return len(parts)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reader, "LONGEST_TEXT", 1000)
    monkeypatch.setattr(xml_reader, "LONGEST_RECORD", 5000)
    monkeypatch.setattr(xml_reader, "BLOCK", 100)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    "start",
    [
        b"<a><record b='",
        b"<a><record><b c='",
        b"<a><!--",
        b"<a><?pi ",
        b"<a><record><",
        b"<a><",
    ],
)
def test_a_tag_that_does_not_end_is_not_kept_for_ever(start: bytes) -> None:
    assert fed([start, *[b"x" * 100] * 1000]) < 15


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    "start", [b"<a><record>", b"<a><record><b>", b"<a><record><b/>"]
)
def test_a_text_that_does_not_end_is_not_kept_for_ever(start: bytes) -> None:
    # As much as a record may have; longer than one text may be only shows at its end.
    assert fed([start, *[b"x" * 100] * 1000]) < 60


@pytest.mark.usefixtures("small_limits")
def test_a_text_longer_than_one_may_be_is_refused() -> None:
    assert fed([b"<a><record><b>", b"x" * 900, b"</b>"]) == 3
    assert fed([b"<a><record><b>", *[b"x" * 90] * 12, b"</b>"]) == 13


@pytest.mark.usefixtures("small_limits")
def test_text_between_records_is_no_harm() -> None:
    assert fed([b"<a>", *[b"x" * 100] * 1000]) == 1001


def test_ever_new_names_are_not_kept_for_ever() -> None:
    parts = [
        b"".join(b"<n%d/>" % (1000 * n + i) for i in range(1000)) for n in range(50)
    ]
    assert fed([b"<a>", *parts]) < 25
    assert fed([b"<a>", *[b"<n/>" * 1000] * 50]) == 51
