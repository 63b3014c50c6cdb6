"""The seller performance report in XML: one row a value of a block of metrics.

Blocks repeat, one a time frame, and which there are is Amazon's choice: so a block is
known by the names of its elements, and every leaf is a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestration.landing.structured.flattening import snake
from orchestration.landing.structured.records import LINE, Element, Family, Record, Row

# What a block stands in below the root; the path of a block begins below it.
WRAPPERS = frozenset({"Message", "sellerPerformanceReport"})
# What says nothing of the seller.
ASIDE = frozenset({"Header", "MessageType", "MessageID"})
CHECKLIST = "performance_checklist"
FRAMES = ("timeFrame", "timeframe", "reportingPeriod")
STARTS, ENDS = ("start", "startDate", "from"), ("end", "endDate", "to")
FRAME_NAMES = ("name", "description", "days")
# The block of what the report says outside every block.
REPORT = "report"


@dataclass
class _Blocks:
    """Makes rows of blocks and counts how often each has come."""

    seen: Counter[str] = field(default_factory=Counter)

    def below(self, block: Element) -> Iterator[Row]:
        """Yield the rows of all that stands in the root or in a wrapper."""
        for key, value in block.items():
            if key in ASIDE or "@" in key:
                continue
            for inner in _each(value):
                if key in WRAPPERS and isinstance(inner, Element):
                    yield from self.below(inner)
                elif isinstance(inner, Element):
                    yield from self.rows((snake(key),), inner, {})
                else:
                    yield self._row(REPORT, block, key, inner, {})

    def rows(self, path: tuple[str, ...], block: Element, frame: Row) -> Iterator[Row]:
        """Yield the rows of a block and of the blocks in it."""
        name = ".".join(path)
        frame = frame | _frame(block)
        self.seen[name] += 1
        for key, value in block.items():
            for inner in _each(value):
                if key in FRAMES:
                    continue
                if not isinstance(inner, Element):
                    yield self._row(name, block, key, inner, frame)
                elif name == CHECKLIST and set(inner) == {"status"}:
                    # The state of a metric is the value of the list itself.
                    yield self._row(name, block, key, inner["status"], frame)
                else:
                    yield from self.rows((*path, snake(key)), inner, frame)

    def _row(self, name: str, block: Element, key: str, text: Any, frame: Row) -> Row:
        return frame | {
            "block_name": name,
            "block_number": self.seen[name] or 1,
            "measure_name": snake(key).replace("#", "").replace("@", "."),
            "measure_value": text,
            LINE: block.line,
        }


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _frame(block: Element) -> Row:
    """Return the columns of a block's own time frame, if it has one."""
    frame = next((block[key] for key in FRAMES if key in block), None)
    if isinstance(frame, str):
        return {"time_frame_name": frame}
    if not isinstance(frame, Element):
        return {}
    columns = {
        "reporting_from": STARTS,
        "reporting_to": ENDS,
        "time_frame_name": FRAME_NAMES,
    }
    return {
        column: next((frame[name] for name in names if name in frame), None)
        for column, names in columns.items()
    }


def rows(record: Record) -> Iterator[Row]:
    """Yield one row a value."""
    yield from _Blocks().below(record.value)


def _is_record(names: list[str]) -> bool:
    # The whole report: it is small, and blocks are counted over all of it.
    return len(names) == 1


FAMILY = Family(
    name="performance_checklists",
    table="performance_checklists",
    format="xml",
    rows=rows,
    signs=frozenset(
        {"sellerPerformanceReports", "sellerPerformanceReport", "performanceChecklist"}
    ),
    is_record=_is_record,
)
