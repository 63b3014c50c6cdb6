from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.cleaning import _lines
from orchestration.landing.scan import Scan

SOUP = st.lists(
    st.sampled_from(
        [b"a", b"\t", b"\n", b"\r\n", b"\r", b" ", b"@", b"\xe9", "é".encode()]
    ),
    max_size=40,
)


def scanned(parts: list[bytes]) -> Scan:
    """Scan blocks that cut the text anywhere, line ends and characters included."""
    scan = Scan(Path())
    for part in parts:
        for byte in part:
            scan.take(bytes([byte]))
    scan.finish()
    return scan


@given(SOUP)
def test_counts_do_not_depend_on_where_blocks_are_cut(parts: list[bytes]) -> None:
    whole, cut = Scan(Path()), scanned(parts)
    whole.take(b"".join(parts))
    whole.finish()
    names = ("size", "newlines", "returns", "pairs", "has_nul", "is_utf8", "tail")
    for name in (*names, "is_ascii", "has_at"):
        assert getattr(cut, name) == getattr(whole, name)


@given(SOUP)
def test_lines_are_those_of_a_plain_split(parts: list[bytes]) -> None:
    text, scan = b"".join(parts), scanned(parts)
    lines = text.split(scan.separator)
    if lines[-1] == b"":
        lines.pop()
    assert scan.lines == len(lines)
    while lines and not lines[-1].strip(b"\r "):
        lines.pop()
    kept = len(lines) or min(scan.lines, 1)
    assert scan.lines - scan.trailing_blank_lines == kept or not text.strip()


@given(parts=SOUP)
def test_the_line_reader_yields_the_same_lines(
    tmp_path_factory: object, parts: list[bytes]
) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "lines"  # type: ignore[attr-defined]
    text, scan = b"".join(parts), scanned(parts)
    path.write_bytes(text)
    scan.source = path
    lines = text.split(scan.separator)
    if lines[-1] == b"":
        lines.pop()
    assert list(_lines(scan)) == lines
