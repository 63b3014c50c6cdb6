"""XML and JSON documents: what stands around the elements that the simulation gives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Envelope:
    """How a document begins and ends, and the lists of elements in it.

    Attributes:
        before: Text before the first list.
        lists: Names of the lists, in the order documents have them.
        after: Text after the last list.
        is_json: Whether each list is a named JSON array; else elements just follow.
    """

    before: str
    lists: tuple[str, ...]
    after: str
    is_json: bool = True


ENVELOPES = {
    "xml_returns": Envelope(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">\n'
        "<Header><DocumentVersion>1.0</DocumentVersion></Header>\n"
        "<MessageType>Returns-Report</MessageType>\n<Message>\n",
        ("return_details",),
        "</Message>\n</AmazonEnvelope>\n",
        is_json=False,
    ),
    "finances_v0": Envelope(
        '{"payload":{"FinancialEvents":{\n',
        (
            "RefundEventList",
            "GuaranteeClaimEventList",
            "ChargebackEventList",
            "SAFETReimbursementEventList",
        ),
        "}}}\n",
    ),
    "finances_2024": Envelope('{"payload":{\n', ("transactions",), "}}\n"),
    "external_returns": Envelope("{\n", ("returns",), "}\n"),
}
"""Every layout whose documents are no tables."""


def body_path(scratch: Path, number: int, list_name: str) -> Path:
    """Return where the elements of a list wait until the document is complete."""
    return scratch / f"{number}.{list_name}.body"


def compose(target: Path, scratch: Path, number: int, envelope: Envelope) -> None:
    """Write a document from its lists; each JSON element ends with a comma."""
    with target.open("wb") as file:
        file.write(envelope.before.encode())
        for place, name in enumerate(envelope.lists):
            if envelope.is_json:
                file.write(f'{"," if place else ""}"{name}":['.encode())
            body = body_path(scratch, number, name)
            if body.exists():
                _trim(body, is_json=envelope.is_json)
                with body.open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
                body.unlink()
            if envelope.is_json:
                file.write(b"]\n")
        file.write(envelope.after.encode())


def _trim(body: Path, *, is_json: bool) -> None:
    """Cut the comma after the last element, and the line's end."""
    if is_json:
        with body.open("r+b") as file:
            file.truncate(body.stat().st_size - len(b",\n"))
