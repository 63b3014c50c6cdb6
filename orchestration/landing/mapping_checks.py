"""What can be wrong with a mapping, each in words that name the key and the fix."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import Any

from orchestration.landing.layout import normalised
from orchestration.landing.specs import ColumnSpec, ReportSpec, load_specs
from orchestration.landing.zones import UNKNOWN, is_zone

TEXTS = ("extends", "tool", "export", "contract", "delimiter", "zone")
LISTS = ("known_by", "date_formats", "instant_formats", "absent", "personal", "ignored")
NEEDED = ("tool", "export", "contract", "known_by", "columns")
COLUMN = ("from", "constant", "words", "otherwise", "when", "times", "divided_by")
NAMED_FORMATS = ("iso_instant", "iso_day", "iso_local")
_NONE = ('"', "\n", "\r", "'")
KIND_FORMS = {
    "flag": "(?i:y|n|yes|no|true|false)",
    "integer": "-?[0-9]+",
    "decimal": "-?[0-9]+([.][0-9]+)?",
}
DIRECTIVES = "%-?[YymdjbBHIMSpf]"


def contracts() -> dict[str, ReportSpec]:
    """Return the layouts of the seller's own operations by the name of their table."""
    return {spec.table: spec for spec in load_specs() if spec.source == "operations"}


def problems(content: dict[str, Any]) -> list[str]:
    """Return everything that is wrong with a mapping, in whole sentences."""
    # What has the wrong shape cannot be looked at further.
    if found := _shape(content):
        return found
    contract = contracts().get(content["contract"])
    if contract is None:
        known = _one_of(content["contract"], contracts())
        return [f"`contract` names {content['contract']}, which is none; {known}"]
    found = []
    columns = {column.name: column for column in contract.columns}
    for target, value in content["columns"].items():
        found += _column(contract, columns, target, value)
    return found + _coverage(content, contract) + _sources(content) + _formats(content)


def _shape(content: dict[str, Any]) -> list[str]:
    known = (*TEXTS, *LISTS, "columns")
    found = [
        f"`{k}` is no setting; {_one_of(k, known)}" for k in content.keys() - known
    ]
    found += [f"`{key}` is missing." for key in NEEDED if not content.get(key)]
    found += [f"`{key}` must be a text." for key in TEXTS if not _is(content, key, str)]
    found += [
        f"`{key}` must be a list of texts, such as [a, b]."
        for key in LISTS
        if not _is(content, key, list)
        or not all(isinstance(item, str) and item for item in content.get(key, []))
    ]
    found += [
        f"`{key}` names a column of no letter or digit."
        for key in ("known_by", "personal", "ignored")
        if _is(content, key, list)
        and not all(normalised(str(item)) for item in content.get(key, []))
    ]
    if len(content.get("delimiter", ",")) != 1 or content.get("delimiter") in _NONE:
        found.append("`delimiter` must be one character, such as '|'.")
    if not _is(content, "columns", dict):
        found.append(
            "`columns` must say for each column of the contract what fills it."
        )
    return sorted(found)


def _is(content: dict[str, Any], key: str, kind: type) -> bool:
    return key not in content or isinstance(content[key], kind)


def _column(
    contract: ReportSpec, columns: dict[str, ColumnSpec], target: str, value: Any
) -> list[str]:
    key = f"`columns.{target}`"
    if target not in columns:
        return [
            f"{key}: {contract.table} has no such column; {_one_of(target, columns)}"
        ]
    said = value if isinstance(value, dict) else {"from": value}
    if unknown := said.keys() - COLUMN:
        name = min(unknown)
        return [f"{key}: `{name}` is no setting; {_one_of(name, COLUMN)}"]
    if ("from" in said) == ("constant" in said):
        return [f"{key} needs either `from`, a column of the export, or `constant`."]
    if not _are_texts(said.get("from", "constant")):
        return [f"{key}: `from` must be a column of the export, or a list of some."]
    when = said.get("when", {})
    if not isinstance(when, dict) or not all(map(_are_texts, when.values())):
        return [
            f"{key}: `when` must be pairs of a column of the export and the words, one "
            "of which it must have."
        ]
    return _numbers(key, columns[target], said) + _words(key, columns[target], said)


def _are_texts(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(i, str) and normalised(i) for i in items)


def listed(value: str | list[str]) -> list[str]:
    """Return one text, or several, as several."""
    return [value] if isinstance(value, str) else value


def _numbers(key: str, column: ColumnSpec, said: dict[str, Any]) -> list[str]:
    found = []
    for name in {"times", "divided_by"} & said.keys():
        if not re.fullmatch(
            r"[0-9]{1,9}([.][0-9]{1,9})?", str(said[name])
        ) or not float(said[name]):
            found.append(
                f"{key}: `{name}` must be a number above 0, such as 60 or 0.5."
            )
        if column.kind not in {"decimal", "integer"}:
            found.append(f"{key}: `{name}` is for numbers, and {column.name} is none.")
    return sorted(found)


def _words(key: str, column: ColumnSpec, said: dict[str, Any]) -> list[str]:
    words = said.get("words", {})
    if not isinstance(words, dict) or not all(
        isinstance(w, str) for w in words.values()
    ):
        return [f"{key}: `words` must be pairs of the tool's word and ours."]
    lowered = Counter(word.strip().lower() for word in words)
    found = [
        f"{key}: `words` has {word} twice; capitals make no difference."
        for word, number in lowered.items()
        if number > 1
    ]
    if "otherwise" in said and not words:
        found.append(f"{key}: `otherwise` is for words that `words` has not; add some.")
    ours = [*words.values(), *([said["constant"]] if "constant" in said else [])]
    ours += [said["otherwise"]] if said.get("otherwise") else []
    return found + [f"{key}: {why}" for word in ours if (why := _unfit(column, word))]


def _unfit(column: ColumnSpec, word: object) -> str | None:
    """Return why a word of ours cannot stand in a column, if it cannot."""
    if not isinstance(word, str) or not word.strip():
        return "a value of ours is blank; leave such a column out."
    if column.words and word not in column.words:
        return f"{word} is no word of it; {_one_of(word, column.words)}"
    pattern = column.pattern or KIND_FORMS.get(column.kind)
    if pattern and not re.fullmatch(pattern, word):
        return f"{word} does not have the form {pattern}."
    return None


def _coverage(content: dict[str, Any], contract: ReportSpec) -> list[str]:
    absent, found = content.get("absent", []), []
    columns = {column.name: column for column in contract.columns}
    for name in absent:
        if name not in columns:
            found.append(f"`absent` names {name}; {_one_of(name, columns)}")
        elif name in content["columns"]:
            found.append(f"`absent` names {name}, which `columns` fills; drop one.")
    for column in contract.columns:
        if column.name in content["columns"]:
            continue
        if column.needed == "value":
            found.append(
                f"`columns.{column.name}` is missing: every row of {contract.table} "
                "needs it. Name the column of the export, or a constant."
            )
        elif column.needed == "column" and column.name not in absent:
            found.append(
                f"`columns.{column.name}` is missing. Name the column of the export, "
                "or list it under `absent` if the export has none."
            )
    return found


def _sources(content: dict[str, Any]) -> list[str]:
    """Return columns of the export that are said to be two things at once."""
    uses: dict[str, set[str]] = {}
    for key in ("personal", "ignored"):
        for name in content.get(key, []):
            uses.setdefault(normalised(name), set()).add(key)
    for value in content["columns"].values():
        sources = value.get("from", []) if isinstance(value, dict) else value
        if _are_texts(sources):
            for name in listed(sources):
                uses.setdefault(normalised(name), set()).add("columns")
    return [
        f"{name} of the export is under `{'` and `'.join(sorted(keys))}`; keep one."
        for name, keys in sorted(uses.items())
        if len(keys) > 1
    ]


def _formats(content: dict[str, Any]) -> list[str]:
    found, zone = [], content.get("zone")
    if zone is not None and zone != UNKNOWN and not is_zone(zone):
        found.append(
            f"`zone` {zone} is no IANA time zone such as Europe/Berlin; write "
            f"{UNKNOWN} where nobody knows: of times without a zone the day is kept."
        )
    for key in ("date_formats", "instant_formats"):
        forms = content.get(key, [])
        found += [
            f"`{key}`: {form} {why}" for form in forms if (why := _wrong(key, form))
        ]
        orders = Counter(re.sub("%-?[dm]", "%D", form) for form in forms)
        if any(number > 1 for number in orders.values()):
            found.append(
                f"`{key}` has day before month and month before day, so nobody can "
                "tell 03/04 from 04/03. Keep the one that the export writes."
            )
    formats = content.get("instant_formats", [])
    if zone is not None and not any(map(has_time, formats)):
        found.append(
            "`zone` says nothing: `instant_formats` has no form without a zone. Add "
            "iso_local, or the one that the export writes, such as %d.%m.%Y %H:%M."
        )
    timed = [form for form in formats if has_time(form)]
    if timed and zone is None:
        found.append(
            f"`zone` is missing: {timed[0]} has no zone of its own. Write the IANA "
            f"name of the place whose clock it is, such as Europe/Berlin, or {UNKNOWN}."
        )
    return found


def has_time(form: str) -> bool:
    """Say whether a format states a time of day without its zone."""
    return form == "iso_local" or "%H" in form or "%I" in form


def _wrong(key: str, form: str) -> str | None:
    if form in NAMED_FORMATS:
        return None if key == "instant_formats" else "is for times; write %Y-%m-%d."
    if not re.fullmatch(f"(?:{DIRECTIVES}|[^%'])+", form):
        return "has a sign that is not known; such are %d/%m/%Y and %Y-%m-%d %H:%M:%S."
    parts = set(re.findall("%-?([A-Za-z])", form))
    if not (
        parts & set("Yy") and (("d" in parts and parts & set("mbB")) or "j" in parts)
    ):
        return "must state year, month and day."
    if key == "date_formats" and parts & set("HIMSp"):
        return "states a time of day, which a day has not."
    if "I" in parts and "p" not in parts:
        return "has hours from 1 to 12 without AM or PM (%p)."
    return None


def _one_of(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), 1)
    guess = f"perhaps {close[0]} is meant. Known are" if close else "known are"
    return f"{guess} {', '.join(known)}."
