"""The dashboard of a good run, opened from disk in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.dashboard.pages import load_pages
from orchestration.publication.versions import current
from orchestration.running.run import RunOutcome
from tests.integration.dashboard_browser import launched, looked_at

PAGES = load_pages()
NAMES = [page.name for page in PAGES]
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def file(demo_run: RunOutcome) -> Path:
    return demo_run.home.dashboard / "index.html"


def test_a_run_leaves_it_and_the_command_writes_the_same(
    demo_run: RunOutcome, file: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(
        main, ["dashboard", "--home", str(demo_run.home.root), "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "index.html") in done.output
    assert shell(tmp_path / "index.html") == shell(file)
    assert "#/overview?lang=zh" in (file.parent / "zh.html").read_text("utf-8")
    assert file.stat().st_size < MOST_BYTES / 2


@pytest.mark.parametrize("size", ["laptop", "phone"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_shows_every_card(
    browser: Any, file: Path, size: str, language: str
) -> None:
    with looked_at(browser, file, size) as opened:
        for page in PAGES:
            shown = opened(page.name, f"lang={language}")
            assert shown.locator("h1").inner_text() == page.title[language]
            assert shown.evaluate("document.documentElement.lang").startswith(language)
            widest = shown.evaluate("document.documentElement.scrollWidth")
            assert widest <= shown.viewport_size["width"], page.name
            text = shown.inner_text("body")
            assert not re.search(r"\b(NaN|undefined|null|Infinity)\b", text), page.name
            for card in page.cards:
                box = shown.locator(f"[data-card={card.name}]")
                assert box.locator("h3").inner_text() == card.title[language]
                drawn = box.locator(
                    ".chart svg path, .body table td, .tile, .list li, .empty p"
                )
                assert drawn.count() > 0, (page.name, card.name)
                assert box.locator("details h4").first.text_content()


def test_every_page_says_which_data_it_shows(
    demo_run: RunOutcome, browser: Any, file: Path
) -> None:
    version = current(demo_run.home)
    assert version is not None
    with looked_at(browser, file) as opened:
        for name in NAMES:
            page = opened(name)
            assert version.version in page.inner_text("#provenance")
            warnings = page.locator("#provenance li")
            assert warnings.count() == len(version.warnings)


def test_the_score_is_that_of_the_mart(
    demo_run: RunOutcome, browser: Any, file: Path
) -> None:
    """For every seller, place and channel of the newest month."""
    rows = asked(
        demo_run,
        """select seller_id, marketplace_code, channel,
            strftime(month_start_date, '%Y-%m'), score
        from kpi_score_totals_by_marketplace_month
        where marketplace_code != 'unknown' and channel not in ('unknown')
        qualify dense_rank() over (
            partition by seller_id order by month_start_date desc) <= 1""",
    )
    assert len(rows) > 10
    with looked_at(browser, file) as opened:
        for seller, marketplace, channel, month, score in rows:
            query = (
                f"lang=en&seller={seller}&marketplace={marketplace}"
                f"&channel={channel}&month={month}"
            )
            page = opened("overview", query)
            tile = page.locator(".value[data-field=score]")
            found = tile.get_attribute("data-value") if tile.count() else ""
            assert found == ("" if score is None else f"{float(score):g}"), query


def test_its_links_lead_to_pages_that_are_there(browser: Any, file: Path) -> None:
    with looked_at(browser, file) as opened:
        for language in ("en", "zh"):
            page = opened("overview", f"lang={language}")
            links = page.locator(".further a, details a").evaluate_all(
                "all => all.map(one => one.getAttribute('href').split('#')[0])"
            )
            assert "../reports/index.html" in links
            assert [one for one in set(links) if not (file.parent / one).exists()] == []


def test_filters_change_the_numbers_and_cards_say_what_does_not(
    browser: Any, file: Path
) -> None:
    with looked_at(browser, file) as opened:
        page = opened("overview")
        before = page.locator(".value[data-field=score]").get_attribute("data-value")
        page.select_option("#filter-channel", "mfn")
        page.wait_for_function(
            """before => {
                const one = document.querySelector('.value[data-field=score]');
                return document.body.dataset.ready === 'overview'
                    && one && one.dataset.value !== before; }""",
            arg=before,
        )
        assert "channel=mfn" in page.url
        told = page.locator("[data-card=tasks] .not-cut").inner_text()
        assert "Channel" in told
        assert page.locator("[data-card=score] .not-cut").count() == 0


def test_the_language_button_keeps_page_and_filters(browser: Any, file: Path) -> None:
    with looked_at(browser, file) as opened:
        page = opened("handling", "lang=en&channel=mfn")
        page.click("#language")
        page.wait_for_selector("h1:has-text('处理时长')")
        assert "channel=mfn" in page.url
        assert page.locator("#filter-channel").input_value() == "mfn"
        page.click("#language")
        page.wait_for_selector("h1:has-text('Handling time')")


def test_a_download_holds_what_the_table_shows(
    browser: Any, file: Path, tmp_path: Path
) -> None:
    with looked_at(browser, file) as opened:
        for page in PAGES:
            shown = opened(page.name)
            for card in page.cards:
                box = shown.locator(f"[data-card={card.name}]")
                if not box.locator(".csv").count():
                    continue
                with shown.expect_download() as downloaded:
                    box.locator(".csv").click()
                if box.locator(".as-table").count():
                    box.locator(".as-table").click()
                    box.locator("td").first.wait_for()
                saved = tmp_path / f"{page.name}-{card.name}.csv"
                downloaded.value.save_as(saved)
                compare(saved, box)


def shell(file: Path) -> str:
    """Return what a file says before its rows: version, cards, labels, choices.

    Not which pages lie beside it: those differ by the folder.
    """
    text = file.read_text("utf-8")
    told = text[text.index('id="shell">') : text.index('id="data-')]
    return re.sub(r'"further":\[[^]]*\]', "", told)


def compare(saved: Path, box: Any) -> None:
    """Numbers and dates as they are; codes may be told in words."""
    with saved.open(encoding="utf-8-sig", newline="") as handle:
        head, *lines = list(csv.reader(handle))
    assert head == box.locator("th").all_inner_texts()
    shown = box.locator("tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(
            cell => [cell.dataset.value, cell.innerText]))"""
    )
    assert len(shown) == len(lines)
    for line, cells in zip(lines, shown, strict=True):
        for value, (raw, text) in zip(line, cells, strict=True):
            assert value.removeprefix("'") in (raw, text), (saved.name, value, raw)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_and_controls_have_names(
    browser: Any, file: Path, scheme: str
) -> None:
    with looked_at(browser, file, "laptop", scheme) as opened:
        page = opened(NAMES[0])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "skip"
        for name in NAMES:
            page = opened(name)
            assert page.evaluate(FAINT) == [], name
            assert page.evaluate(NAMELESS) == [], name
            assert page.evaluate(FIRST) == "skip", name


def test_numbers_stand_within_a_second(browser: Any, file: Path) -> None:
    with looked_at(browser, file) as opened:
        page = opened("overview")
        paint = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        assert paint < 1000


def asked(demo_run: RunOutcome, query: str) -> list[Any]:
    published = demo_run.home.published / "current" / "returns.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("use marts")
        return connection.execute(query).fetchall()


# Contrast as WCAG works it out, of every text and what is painted behind it.
FAINT = """() => {
  const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    const said = [...node.childNodes].some(
      (child) => child.nodeType === 3 && child.textContent.trim());
    if (!said || !node.getClientRects().length) continue;
    const isDrawn = node instanceof SVGElement;
    const style = getComputedStyle(node);
    const ink = parts(isDrawn ? style.fill : style.color);
    const [one, two] = [light(ink), light(behind(node))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < 4.5) found.push([node.textContent.slice(0, 40), contrast]);
  }
  return found;
}"""

# What the keyboard comes to first on a page that was just opened.
FIRST = "document.querySelector('a, button, select, input, summary, [tabindex]').id"

NAMELESS = """() => [...document.querySelectorAll('button, a, select, [role=img]')]
  .filter((one) => !(one.innerText.trim() || one.getAttribute('aria-label')
    || (one.labels && one.labels.length && one.labels[0].innerText.trim())
    || one.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 80))"""
