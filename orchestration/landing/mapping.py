"""Mappings as data: how a tool's export fills one of our contracts, one YAML file each.

Those that are shipped lie in ``mappings``; a seller's own lie in a folder of the home,
need no code, and take the place of a shipped one of the same name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from orchestration.landing.errors import MappingError
from orchestration.landing.layout import normalised
from orchestration.landing.mapping_checks import contracts, listed, problems
from orchestration.landing.specs import ReportSpec
from orchestration.settings import Home, mappings_from_environment

SHIPPED = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class MappedColumn:
    """What fills one column of the contract.

    Attributes:
        sources: Columns of the export, normalised; the first that is not blank counts.
        constant: A value that every row has, instead of sources.
        words: The tool's words in small letters, and ours.
        otherwise: What a word that is not listed becomes, blank for nothing; without
            it such words stay as they are.
        when: Columns of the export and the words, in small letters, one of which each
            must have; else the value is blank.
        factor: What numbers are multiplied by to be in the contract's unit.
    """

    sources: tuple[str, ...] = ()
    constant: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    factor: float | None = None


@dataclass(frozen=True)
class Mapping:
    """How one export of one tool fills one contract.

    Attributes:
        name: Name of its file, which the ledger keeps.
        tool: The tool, as its makers write it.
        export: Which of the tool's exports.
        contract: The contract that it fills.
        known_by: Columns of the export, normalised, that it is recognised by.
        columns: What fills which column of the contract.
        delimiter: What separates the fields where it is not a comma, semicolon or tab.
        zone: Where the clock hangs that zoneless times are read from, if it has any.
        date_formats: Formats of its days.
        instant_formats: Formats of its times.
        personal: Columns that are dropped and named in the ledger.
        ignored: Columns that say nothing about returns, dropped without a word.
        extends: Name of the mapping that it changes.
        sha256: Hash of what it says, so that a changed mapping reads its files again.
        is_own: Whether it is the seller's own.
    """

    name: str
    tool: str
    export: str
    contract: ReportSpec
    known_by: frozenset[str]
    columns: dict[str, MappedColumn]
    delimiter: str | None
    zone: str | None
    date_formats: tuple[str, ...]
    instant_formats: tuple[str, ...]
    personal: frozenset[str]
    ignored: frozenset[str]
    extends: str | None
    sha256: str
    is_own: bool


def load_mappings(own: Path | None = None) -> tuple[Mapping, ...]:
    """Return every mapping, in a fixed order.

    Args:
        own: Folder of the seller's own mappings; it need not exist.

    Raises:
        MappingError: One of them is wrong; the message names file, key and fix.
    """
    if own is None or not own.is_dir():
        return _shipped()
    files = {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}
    added = sorted(path for path in own.iterdir() if path.suffix in {".yml", ".yaml"})
    if not added:
        return _shipped()
    if len({path.stem for path in added}) < len(added):
        raise MappingError(f"Two mappings in {own} have one name; rename one of them.")
    files |= {path.stem: path for path in added}
    found = [_read(path, files, is_own=path in added) for path in files.values()]
    return _without_replaced(found)


def read_mapping(path: Path, own: Path | None = None) -> Mapping:
    """Read one mapping, wherever it lies; it may extend a shipped one.

    Raises:
        MappingError: It is wrong; the message names file, key and fix.
    """
    folders = (SHIPPED, own) if own else (SHIPPED,)
    files = {item.stem: item for folder in folders for item in folder.glob("*.yml")}
    return _read(path, {**files, path.stem: path}, is_own=path.parent != SHIPPED)


def own_mappings(home: Home) -> Path:
    """Return the folder of the seller's own mappings.

    Raises:
        MappingError: The environment names one that is not there.
    """
    folder = mappings_from_environment(home)
    if folder != home.mappings.resolve() and not folder.is_dir():
        raise MappingError(
            f"RETURNS_MAPPINGS names {folder}, which is no folder. Create it, or unset "
            f"the variable to use {home.mappings}."
        )
    return folder


def with_mapping(mappings: tuple[Mapping, ...], added: Mapping) -> tuple[Mapping, ...]:
    """Return mappings and one more, which takes the place of those it replaces."""
    others = [item for item in mappings if item.name != added.name]
    return _without_replaced([*others, added])


def _without_replaced(found: list[Mapping]) -> tuple[Mapping, ...]:
    # One that only says more of the same export stands in for the one it extends.
    replaced = {
        (item.extends, item.known_by) for item in found if item.extends != item.name
    }
    return tuple(i for i in found if (i.name, i.known_by) not in replaced)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Mapping, ...]:
    files = {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}
    return tuple(_read(path, files, is_own=False) for path in files.values())


def _read(path: Path, files: dict[str, Path], *, is_own: bool) -> Mapping:
    content = _extended(path, files, ())
    if found := problems(content):
        raise MappingError(f"The mapping {path}: {' '.join(found)}")
    contract = contracts()[content["contract"]]
    said = json.dumps(content, sort_keys=True)
    return Mapping(
        name=path.stem,
        tool=content["tool"],
        export=content["export"],
        contract=contract,
        known_by=_names(content["known_by"]),
        columns={k: _column(v) for k, v in content["columns"].items()},
        delimiter=content.get("delimiter"),
        zone=content.get("zone"),
        date_formats=tuple(content.get("date_formats", contract.date_formats)),
        instant_formats=tuple(content.get("instant_formats", contract.instant_formats)),
        personal=_names(content.get("personal", ())),
        ignored=_names(content.get("ignored", ())),
        extends=content.get("extends"),
        sha256=sha256(said.encode()).hexdigest(),
        is_own=is_own,
    )


def _extended(
    path: Path, files: dict[str, Path], below: tuple[Path, ...]
) -> dict[str, Any]:
    """Return what a file says, over what the mapping that it extends says."""
    content = _content(path)
    if "extends" not in content:
        return content
    name = str(content["extends"])
    if name in contracts():
        return _merged(_as_it_is(contracts()[name]), content)
    base = SHIPPED / f"{name}.yml" if name == path.stem else files.get(name)
    if base is None or not base.is_file() or base in (path, *below):
        known = ", ".join(sorted({*files, *contracts()} - {path.stem}))
        raise MappingError(
            f"The mapping {path}: `extends` names {name}, which is no other mapping. "
            f"Name one of: {known}."
        )
    return _merged(_extended(base, files, (path, *below)), content)


def _as_it_is(contract: ReportSpec) -> dict[str, Any]:
    """Return the mapping of a file that has the contract's own columns."""
    return {
        "tool": "our own layout",
        "export": contract.title,
        "contract": contract.table,
        "known_by": list(contract.required),
        "columns": {c.name: [c.name, *c.aliases] for c in contract.columns},
    }


def _merged(earlier: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    merged = {**earlier, **content}
    columns = [said.get("columns", {}) for said in (earlier, content)]
    absent = [said.get("absent", []) for said in (earlier, content)]
    if all(isinstance(c, dict) for c in columns) and all(map(_is_list, absent)):
        kept = {k: v for k, v in columns[0].items() if k not in absent[1]}
        filled = merged["columns"] = {**kept, **columns[1]}
        merged["absent"] = [k for k in (*absent[0], *absent[1]) if k not in filled]
    return merged


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _content(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - texts, lists, keys only
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping {path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        why = " ".join(str(error).split())
        raise MappingError(f"The mapping {path} is no valid YAML: {why}.") from error
    if not isinstance(content, dict):
        raise MappingError(
            f"The mapping {path} must be keys and values: tool, export, contract, "
            "known_by, columns."
        )
    return content


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads every value as the text that stands there: ``yes`` and ``1`` are words."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """Return a mapping, and say so where a key stands there twice."""
        seen = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.YAMLError(f"line {line} has a key that is no text")
            if key.value in seen:
                raise yaml.YAMLError(f"line {line} names {key.value} a second time")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _names(headers: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalised(header) for header in headers)


def _column(value: str | list[str] | dict[str, Any]) -> MappedColumn:
    said = value if isinstance(value, dict) else {"from": value}
    factor = None
    if "times" in said or "divided_by" in said:
        factor = float(said.get("times", 1)) / float(said.get("divided_by", 1))
    return MappedColumn(
        tuple(normalised(source) for source in listed(said.get("from", []))),
        said.get("constant"),
        tuple((k.strip().lower(), v) for k, v in said.get("words", {}).items()),
        said.get("otherwise"),
        tuple(
            (normalised(source), tuple(word.strip().lower() for word in listed(words)))
            for source, words in said.get("when", {}).items()
        ),
        factor,
    )
