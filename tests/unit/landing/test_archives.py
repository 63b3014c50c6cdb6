from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from orchestration.landing import scan
from tests.unit.landing.trial import Trial, document, row

ORDERS = document("all_orders", *[row("all_orders", sku=f"S{n}") for n in range(50)])
RETURNS = document("fba_returns", row("fba_returns"))


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_gzip_file_is_read_whatever_it_is_called(trial: Trial) -> None:
    entry = trial.land_one(gzip.compress(ORDERS), "shop/US/document.txt")
    assert (entry.status, entry.rows_landed) == ("landed", 50)
    assert entry.bytes_read == len(ORDERS)


@pytest.mark.parametrize("name", ["document.txt.gz", "document.zst"])
def test_a_plain_file_is_read_whatever_it_is_called(trial: Trial, name: str) -> None:
    entry = trial.land_one(ORDERS, name)
    assert (entry.status, entry.rows_landed) == ("landed", 50)


def test_every_member_of_a_zip_is_a_document(trial: Trial) -> None:
    content = zipped(**{"a.txt": ORDERS, "deep/b.txt": RETURNS, "note.md": b"hello"})
    trial.put("shop/US/all.zip", content)
    found = {o.file_name: o.status for o in trial.land().outcomes}
    assert found == {
        "shop/US/all.zip!a.txt": "landed",
        "shop/US/all.zip!deep/b.txt": "landed",
        "shop/US/all.zip!note.md": "refused",
    }
    assert trial.rows("fba_returns")[0]["_marketplace_code"] == "US"


def test_the_same_bytes_are_the_same_document_however_they_are_packed(
    trial: Trial,
) -> None:
    trial.put("shop/US/1.txt", ORDERS)
    trial.put("shop/US/2.gz", gzip.compress(ORDERS))
    trial.put("shop/US/more/3.zip", zipped(**{"x": ORDERS, "y": ORDERS}))
    statuses = [outcome.status for outcome in trial.land().outcomes]
    assert statuses == ["landed", "unchanged", "unchanged", "unchanged"]
    assert len(trial.rows("all_orders")) == 50
    assert len(trial.ledger()) == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_truncated_archive_is_refused_and_leaves_nothing(
    trial: Trial, kind: str, share: float
) -> None:
    whole = gzip.compress(ORDERS) if kind == "gzip" else zipped(**{"a.txt": ORDERS})
    entry = trial.land_one(whole[: int(len(whole) * share)])
    assert entry.status == "refused"
    assert "truncated or damaged" in entry.reason
    assert trial.rows("all_orders") == []


def test_a_flipped_byte_in_an_archive_is_noticed(trial: Trial) -> None:
    content = bytearray(gzip.compress(ORDERS))
    content[len(content) // 2] ^= 0xFF
    assert trial.land_one(bytes(content)).status == "refused"


def test_names_inside_an_archive_are_labels_only(trial: Trial, tmp_path: Path) -> None:
    evil = {"../../../evil.txt": RETURNS, "/etc/evil.txt": ORDERS, "a\nb": b"x"}
    trial.put("shop/all.zip", zipped(**evil))
    names = [outcome.file_name for outcome in trial.land().outcomes]
    assert "shop/all.zip!../../../evil.txt" in names
    assert "shop/all.zip!a?b" in names
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_office_file_is_no_archive_of_reports(trial: Trial) -> None:
    content = zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    (outcome,) = trial.put("shop/a.xlsx", content) and trial.land().outcomes
    assert "spreadsheet" in str(outcome.reason)


def test_an_empty_archive_and_one_inside_another_are_refused(trial: Trial) -> None:
    trial.put("shop/a.zip", zipped())
    trial.put("shop/b.zip", zipped(**{"inner.zip": zipped(**{"a.txt": ORDERS})}))
    first, second = trial.land().outcomes
    assert "holds no file" in str(first.reason)
    assert second.status == "refused"


def test_a_locked_archive_is_refused(trial: Trial) -> None:
    content = bytearray(zipped(**{"a.txt": ORDERS}))
    content[6] |= 1  # the local header's flag of an encrypted member
    central = content.rindex(b"PK\x01\x02")
    content[central + 8] |= 1
    entry = trial.land_one(bytes(content))
    assert entry.status == "refused"
    assert "Unpack it" in entry.reason


def test_an_archive_that_unpacks_without_end_is_stopped(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "BOMB_BYTES", 1 << 20)
    entry = trial.land_one(gzip.compress(b"\0" * (64 << 20)))
    assert entry.status == "refused"
    assert "200 times" in entry.reason
    assert not any(trial.home.scratch.iterdir())


def test_an_archive_s_meta_file_holds_for_its_members(trial: Trial) -> None:
    trial.put("shop/all.zip", zipped(**{"a.txt": ORDERS}), marketplace="DE")
    assert trial.land().outcomes[0].entry.marketplace_code == "DE"


def test_a_pipe_or_a_dead_link_is_refused_not_waited_for(trial: Trial) -> None:
    os.mkfifo(trial.inbox / "pipe")
    (trial.inbox / "link").symlink_to(trial.inbox / "nowhere")
    link, pipe = trial.land().outcomes
    assert "leads nowhere" in str(link.reason)
    assert "no regular file" in str(pipe.reason)


def test_links_to_files_and_folders_are_followed_once(trial: Trial) -> None:
    trial.put("shop/US/a.txt", ORDERS)
    (trial.inbox / "shop" / "US" / "loop").symlink_to(trial.inbox / "shop")
    assert [o.file_name for o in trial.land().outcomes] == ["shop/US/a.txt"]


def test_a_file_name_that_is_no_text_is_read_all_the_same(trial: Trial) -> None:
    path = os.fsencode(trial.inbox) + b"/caf\xe9 [1]*.txt"
    Path(os.fsdecode(path)).write_bytes(ORDERS)
    trial.put("shop [old]*?'/US/b'c.txt", RETURNS)
    first, second = trial.land().outcomes
    assert (first.status, first.entry.rows_landed) == ("landed", 50)
    assert (second.status, second.entry.seller_id) == ("landed", "shop [old]*?'")
