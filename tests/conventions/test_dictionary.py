"""Every mart and metric can be read about, in English and in Simplified Chinese."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.conventions.conftest import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = ROOT / "orchestration" / "dictionary" / "words.yml"
COLUMNS = WORDS.with_name("columns.yml")
# A question, a product and a metric are told in the same way.
TOLD = ("metrics", "saved_queries", "exposures")


@pytest.fixture
def marts(models: dict[str, Any]) -> dict[str, Any]:
    return {name: node for name, node in models.items() if name.startswith("kpi_")}


def is_chinese(text: Any) -> bool:
    return isinstance(text, str) and CHINESE.search(text) is not None


def test_every_mart_has_a_title_and_a_definition_in_both_languages(
    marts: dict[str, Any],
) -> None:
    wrong = []
    for name, node in marts.items():
        meta = node["config"]["meta"]
        title = meta.get("title") or {}
        wrong += [f"{name}: title.en"] if not title.get("en") else []
        # An unquoted comma ends the title and begins a key of its own.
        wrong += [f"{name}: {key}" for key in title if key not in ("en", "zh")]
        wrong += [f"{name}: title.zh"] if not is_chinese(title.get("zh")) else []
        wrong += [f"{name}: zh"] if not is_chinese(meta.get("zh")) else []
    assert not wrong


def test_no_two_marts_or_metrics_are_called_alike(
    manifest: dict[str, Any], marts: dict[str, Any]
) -> None:
    """Two entries of one title could not be told apart by who reads only titles."""
    titles = [node["config"]["meta"].get("title") or {} for node in marts.values()]
    labels = list(manifest["metrics"].values())
    for called in (
        [title.get("en") for title in titles],
        [title.get("zh") for title in titles],
        [metric["label"] for metric in labels],
        [metric["config"]["meta"]["zh"]["label"] for metric in labels],
    ):
        assert not {name for name in called if name and called.count(name) > 1}


@pytest.mark.parametrize("kind", TOLD)
def test_what_is_told_is_told_in_both_languages(
    manifest: dict[str, Any], kind: str
) -> None:
    wrong = []
    for node in manifest[kind].values():
        zh = node["config"]["meta"].get("zh") or {}
        wrong += [
            f"{node['name']}: {part}"
            for part in ("label", "description")
            if not node[part] or not is_chinese(zh.get(part))
        ]
    assert manifest[kind]
    assert not wrong


def test_every_metric_has_an_owner_who_is_named_in_both_languages(
    manifest: dict[str, Any],
) -> None:
    groups = {group["name"]: group for group in manifest["groups"].values()}
    wrong = [
        metric["name"]
        for metric in manifest["metrics"].values()
        if not metric["group"]
        or not is_chinese(groups[metric["group"]]["config"]["meta"].get("zh"))
    ]
    assert not wrong


def test_every_metric_names_where_a_mart_holds_its_number(
    manifest: dict[str, Any], marts: dict[str, Any]
) -> None:
    wrong = []
    for metric in manifest["metrics"].values():
        places = metric["config"]["meta"].get("marts", [])
        measure = metric["config"]["meta"].get("measure")
        wrong += [] if places or measure else [metric["name"]]
        wrong += [
            f"{metric['name']}: {place['mart']}.{column}"
            for place in places
            for column in re.findall(r"[a-z]\w+", place["column"])
            if column not in marts.get(place["mart"], {"columns": {}})["columns"]
        ]
    assert not wrong


def test_every_folder_of_marts_has_a_chapter(marts: dict[str, Any]) -> None:
    chapters = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["subjects"]
    assert {node["fqn"][-2] for node in marts.values()} <= set(chapters)


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    for name, (english, chinese) in {**words["subjects"], **words["words"]}.items():
        # What leads to the other language is written in that language.
        assert is_chinese(english if name == "other" else chinese), name


def test_every_column_told_in_chinese_is_a_marts_column(
    marts: dict[str, Any],
) -> None:
    columns = {name for node in marts.values() for name in node["columns"]}
    told = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
    assert not {name: text for name, text in told.items() if not is_chinese(text)}
    assert set(told) <= columns
