"""The questions of the gate, read from reviewed YAML: ``suites/<table>.yml``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from orchestration.errors import ReturnsError

SUITES = Path(__file__).parent / "suites"

Severity = Literal["critical", "warning"]
# The same safe loader in C, ten times as fast, wherever PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SUITE_KEYS = {"table", "title", "keys", "expectations"}
_REQUIRED = {"name", "description", "severity", "type", "kwargs"}
_OPTIONAL = {"notes", "compares"}


class SuiteError(ReturnsError):
    """A suite file that says something the gate cannot ask."""


@dataclass(frozen=True)
class Expectation:
    """One question: what is expected, how much it matters, why the number is so.

    ``compares`` names the columns that the question reads from the same table of the
    last publication; without such a table it has nothing to compare and is skipped.
    """

    name: str
    description: str
    severity: Severity
    type: str
    kwargs: dict[str, Any]
    notes: str | None = None
    compares: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Suite:
    """All questions about one published table."""

    name: str
    table: str
    title: str
    keys: tuple[str, ...]
    expectations: tuple[Expectation, ...]


def load_suites(folder: Path = SUITES) -> tuple[Suite, ...]:
    """Return every suite of ``folder``, by name; raise on anything not understood."""
    suites = tuple(_suite(path) for path in _files(folder))
    if not suites:
        raise SuiteError(f"There is no suite in {folder}: the gate would ask nothing.")
    return suites


def suites_sha256(folder: Path = SUITES) -> str:
    """Return what tells one state of the suites from another."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _suite(path: Path) -> Suite:
    text = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - is safe
    if not isinstance(text, dict) or set(text) != _SUITE_KEYS:
        raise SuiteError(f"{path.name} must hold exactly {sorted(_SUITE_KEYS)}.")
    expectations = tuple(_expectation(path, entry) for entry in text["expectations"])
    names = [expectation.name for expectation in expectations]
    if not names or len(set(names)) != len(names):
        raise SuiteError(f"{path.name} needs expectations, each with its own name.")
    return Suite(
        name=path.stem,
        table=text["table"],
        title=text["title"],
        keys=tuple(text["keys"]),
        expectations=expectations,
    )


def _expectation(path: Path, entry: dict[str, Any]) -> Expectation:
    where = f"{path.name}, {entry.get('name', 'an expectation without a name')}"
    missing = _REQUIRED - set(entry)
    unknown = set(entry) - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise SuiteError(
            f"{where}: missing {sorted(missing)}, not understood {sorted(unknown)}."
        )
    if entry["severity"] not in get_args(Severity):
        raise SuiteError(f"{where}: severity is {entry['severity']!r}.")
    compares = entry.get("compares")
    return Expectation(
        name=entry["name"],
        description=entry["description"].strip(),
        severity=entry["severity"],
        type=entry["type"],
        kwargs=entry["kwargs"],
        notes=entry["notes"].strip() if "notes" in entry else None,
        compares=None if compares is None else tuple(compares),
    )
