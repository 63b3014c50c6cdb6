"""Whatever becomes of an XML or JSON document, its rows are landed or set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.landing.test_json_aggregates import NODE, sales, share
from tests.unit.landing.test_json_external_returns import RETURN
from tests.unit.landing.test_json_finances_events import REFUND, events
from tests.unit.landing.test_json_transactions import TRANSACTION
from tests.unit.landing.test_performance import report as account_health
from tests.unit.landing.test_properties import throwaway
from tests.unit.landing.test_xml_checklists import CHECKLIST, METRICS
from tests.unit.landing.test_xml_checklists import report as checklist
from tests.unit.landing.test_xml_returns import report, request

DOCUMENTS: list[Any] = [
    {"payload": events(RefundEventList=[REFUND, REFUND])},
    {"transactions": [TRANSACTION]},
    {"returns": [RETURN]},
    RETURN,
    sales(),
    NODE | {"topics": [share(1, topic="x", subtopics=[share(2, subtopic="y")])]},
    NODE | {"returnTrends": [{"topic": "x", "trendMetrics": [share(1)]}]},
    json.loads(account_health({"orderDefectRate": {"mfn": {"rate": 0.1}}})),
]
TEXTS = [
    report(request({}, {}), request({})).encode(),
    checklist(CHECKLIST + METRICS),
    *[json.dumps(document).encode() for document in DOCUMENTS],
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "\t\n", "2026-01-01T00:00:00Z", "CurrencyAmount"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["CurrencyAmount", "items", "a", "@", "marketplaceId", ""]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
BYTES = st.sampled_from(
    [b"", b'"', b"{", b"}", b"[", b"]", b",", b"<", b">", b"&", b"</a>", b"\xff",
     b"\0", b"\\", b"\n", b"\t", b"<a>", b"<![CDATA[", b"<!--", b"1e9", b"null"]
)  # fmt: skip


def check(empty_home: Path, content: bytes) -> None:
    with throwaway(empty_home) as trial:
        entry = trial.land_one(content)
        assert entry.status in {"landed", "no_data", "refused"}
        if entry.status == "refused":
            assert str(entry.reason).endswith(".")
            return
        assert entry.rows_read == entry.rows_landed + entry.rows_quarantined
        rows, rejects = trial.rows(str(entry.lake_table)), trial.rejects()
    assert (len(rows), len(rejects)) == (entry.rows_landed, entry.rows_quarantined)
    numbers = [row["_line_number"] for row in rows]
    assert len(set(numbers)) == len(numbers)
    assert all(reject["reason"] for reject in rejects)


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if here:
        yield here
    keys: Any = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield from places(value[key], (*here, key))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_value_may_stand_anywhere_in_json(
    empty_home: Path, data: st.DataObject
) -> None:
    document = deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(list(places(document))))
        block = document
        for key in path:
            block = block[key]
        block[last] = data.draw(VALUES)
        if not document:
            break
    check(empty_home, json.dumps(document).encode())


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_bytes_may_be_put_in_or_left_out(
    empty_home: Path, data: st.DataObject
) -> None:
    content = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 20))
        content = content[:place] + data.draw(BYTES) + content[place + gone :]
    check(empty_home, content)
