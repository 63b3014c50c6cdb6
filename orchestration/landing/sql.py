"""The few ways in which text becomes part of a SQL statement."""

from __future__ import annotations

from pathlib import Path


def quoted(text: str | Path) -> str:
    """Return ``text`` as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def literal(text: str | None) -> str:
    """Return ``text`` as a varchar literal, ``None`` as a NULL of that type."""
    return "cast(null as varchar)" if text is None else quoted(text)


def identifier(name: str) -> str:
    """Return ``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def exact_path(path: Path) -> str:
    """Return ``path`` as a literal in which no character acts as a wildcard."""
    return quoted("".join(f"[{c}]" if c in "[*?" else c for c in str(path)))
