"""The dictionary's pages: both languages, every link to something that is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestration.dictionary.entries import dictionary
from orchestration.dictionary.pages import PAGES, render, write_dictionary
from tests.unit.dictionary.manifests import MART, small_manifest


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(small_manifest()))
    assert write_dictionary(manifest, tmp_path / "dictionary").name == "index.html"
    return {
        language: (tmp_path / "dictionary" / page).read_text(encoding="utf-8")
        for language, page in PAGES.items()
    }


def test_each_language_says_its_own_texts(pages: dict[str, str]) -> None:
    assert '<html lang="en">' in pages["en"]
    assert '<html lang="zh-CN">' in pages["zh"]
    assert "One row is a month of a seller." in pages["en"]
    assert "One row is a month of a seller." not in pages["zh"]
    assert "一行是一个卖家的一个月。" in pages["zh"]
    assert "财务" in pages["zh"] and "Finance" in pages["en"]


def test_every_link_leads_somewhere_in_both_languages(pages: dict[str, str]) -> None:
    ids = {name: set(re.findall(r'id="([^"]+)"', p)) for name, p in pages.items()}
    assert ids["en"] == ids["zh"]
    for page in pages.values():
        links = re.findall(r'href="([^"]+)"', page)
        assert {f"#metric-{name}" for name in ("on_time", "due")} <= set(links)
        for link in links:
            file, _, anchor = link.partition("#")
            assert file in {"", *PAGES.values()}
            assert anchor in {"", *ids["en"]}


def test_nothing_is_asked_of_a_network_and_nothing_runs(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "<script" not in page
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
        assert "@import" not in page and "url(" not in page


def test_names_are_links_where_they_are_known(pages: dict[str, str]) -> None:
    link = '<a href="#metric-on_time_share"><code>on_time_share</code></a>'
    assert f"See {link} and <code>nothing_known</code>." in pages["en"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("种子表 claim_rules）", "<code>claim_rules</code>"),
        ("按on_time细分", '<a href="#metric-on_time"><code>on_time</code></a>'),
    ],
)
def test_names_without_backticks_are_known_by_their_underscores(
    text: str, code: str
) -> None:
    manifest = small_manifest()
    manifest["metrics"]["metric.returns_warehouse.due"]["config"]["meta"]["zh"] = {
        "label": "x",
        "description": text,
    }
    assert code in render(dictionary(manifest), "zh")


def test_what_a_definition_says_is_text_and_no_markup(pages: dict[str, str]) -> None:
    assert "The seller &lt;b&gt;." in pages["en"]


def test_a_missing_translation_is_english_and_marked_so() -> None:
    manifest = small_manifest()
    del manifest["nodes"][f"model.returns_warehouse.{MART}"]["config"]["meta"]["zh"]
    page = render(dictionary(manifest), "zh")
    assert '<span lang="en">One row is a month of a seller.</span>' in page


def test_a_folder_without_a_title_is_shown_last_under_its_own_name() -> None:
    manifest = small_manifest()
    other = json.loads(json.dumps(manifest["nodes"][f"model.returns_warehouse.{MART}"]))
    other |= {"name": "kpi_other_by_seller_month"}
    other["fqn"][-2] = "brand_new"
    manifest["nodes"]["model.returns_warehouse.other"] = other
    page = render(dictionary(manifest), "en")
    assert page.index('id="refunds"') < page.index('id="brand_new"')
