"""Every number of the report is asked of the marts again, in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.report import pdf
from orchestration.report.telling import labels
from orchestration.report.writing import Written, write_reports
from orchestration.running.run import RunOutcome
from orchestration.settings import Home
from tests.integration.dashboard_browser import SIZES, launched
from tests.integration.report_pages import Page, Told, number, precision, read

# The newest month of each seller, and one that deadlines have passed since.
REPORTS = ((date(2026, 10, 1), None), (date(2026, 5, 1), "lakeside-home"))


@pytest.fixture(scope="module")
def home(demo_run: RunOutcome, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that shows the good run's publication and holds nothing else."""
    made = Home(tmp_path_factory.mktemp("reports") / "var")
    made.root.mkdir()
    made.published.symlink_to(demo_run.home.published)
    made.dbt_target.mkdir()
    shutil.copy(demo_run.home.dbt_target / "manifest.json", made.dbt_target)
    return made


@pytest.fixture(scope="module")
def written(home: Home) -> list[Written]:
    manifest = home.dbt_target / "manifest.json"
    return [
        report
        for month, seller in REPORTS
        for report in write_reports(home, manifest, month, seller)
    ]


@pytest.fixture(scope="module")
def pages(written: list[Written]) -> dict[tuple[str, date, str], Page]:
    return {
        (report.seller_id, report.month, report.language): read(
            report.page.read_text(encoding="utf-8")
        )
        for report in written
    }


@pytest.fixture(scope="module")
def marts(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    file = home.published / "current" / "returns.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("use marts")
        yield connection


def _asked(marts: duckdb.DuckDBPyConnection, told: Told) -> list[object]:
    where, values = ["true"], []
    for column, value in told.key.items():
        if value is None:
            where.append(f"{column} is null")
        else:
            where.append(f"cast({column} as varchar) = ?")
            values.append({True: "true", False: "false"}.get(value, str(value)))
    query = f"select {told.column} from {told.mart} where {' and '.join(where)}"
    return [row[0] for row in marts.execute(query, values).fetchall()]


def _instant(value: object, text: str) -> bool:
    """Return whether a date's digits are the ones that stand there."""
    assert isinstance(value, date)
    digits = {int(found) for found in re.findall(r"\d+", text)}
    parts = {value.year}
    if isinstance(value, datetime):
        parts |= {value.hour, value.minute}
    return parts <= digits and (
        value.day in digits or (value.day == 1 and value.month <= 12)
    )


def test_every_number_stands_in_the_marts(
    pages: dict[tuple[str, date, str], Page], marts: duckdb.DuckDBPyConnection
) -> None:
    wrong = []
    for (_, _, language), page in pages.items():
        assert len(page.told) > 100
        for told in page.told:
            found = _asked(marts, told)
            if len(found) != 1:
                wrong.append((told, found))
                continue
            (value,) = found
            if value is None or value != value:
                right = told.text == {"en": "no data", "zh": "暂无数据"}[language]
            elif isinstance(value, date):
                right = told.value == str(value) and _instant(value, told.text)
            else:
                said = number(told.text)
                right = (
                    said is not None
                    and float(told.value) == pytest.approx(float(value), abs=1e-9)
                    and abs(said - float(value)) <= precision(told.text)
                )
            if not right:
                wrong.append((told, found))
    assert not wrong[:5]


def test_no_number_stands_outside_the_marts(
    pages: dict[tuple[str, date, str], Page],
) -> None:
    for (_, _, language), page in pages.items():
        named = sorted(
            (t[language] for t in labels().values() if re.search(r"\d", t[language])),
            key=len,
            reverse=True,
        )
        for text in page.loose:
            for label in named:
                text = text.replace(label, "")
            assert not re.search(r"\d", text), text


def test_both_languages_carry_the_same_numbers(
    pages: dict[tuple[str, date, str], Page],
) -> None:
    def numbers(page: Page) -> Counter[tuple[str, str, str, str]]:
        return Counter(
            (told.mart, told.column, str(sorted(told.key.items())), told.value)
            for told in page.told
        )

    for (seller, month, language), page in pages.items():
        if language == "en":
            assert numbers(page) == numbers(pages[seller, month, "zh"])


def test_nothing_strange_is_said(pages: dict[tuple[str, date, str], Page]) -> None:
    for page in pages.values():
        # Definitions may well speak of null; what the report itself says may not.
        said = [*page.loose, *(told.text for told in page.told)]
        assert not re.search(r"\b(nan|undefined|null)\b|\{\{|\x02", "\n".join(said))
        assert "None" not in {text.strip() for text in said}


def test_page_calls_nobody_and_runs_nothing(written: list[Written]) -> None:
    for report in written:
        html = report.page.read_text(encoding="utf-8")
        assert "<script" not in html
        assert not re.search(r"(?:src|href)=[\"']?https?:", html)
        assert "default-src 'none'" in html


def test_pdf_carries_the_numbers(
    written: list[Written], pages: dict[tuple[str, date, str], Page]
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    for report in written:
        text = subprocess.run(
            ["pdftotext", "-raw", str(report.pdf), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        packed = re.sub(r"\s", "", text)
        page = pages[report.seller_id, report.month, report.language]
        shown = [told for told in page.told if "details" not in told.place]
        lost = [told for told in shown if re.sub(r"\s", "", told.text) not in packed]
        assert not lost[:5]


def test_pdf_is_one(written: list[Written]) -> None:
    for report in written:
        content = report.pdf.read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(content) < 2_000_000


def test_list_names_every_report(home: Home, written: list[Written]) -> None:
    index = (home.reports / "index.html").read_text(encoding="utf-8")
    for report in written:
        for path in (report.page, report.pdf):
            assert f'href="{path.relative_to(home.reports).as_posix()}"' in index


def test_same_version_gives_the_same_page(home: Home, written: list[Written]) -> None:
    first = written[0]
    before = first.page.read_bytes()
    manifest = home.dbt_target / "manifest.json"
    chosen = (first.month, first.seller_id, (first.language,))
    list(write_reports(home, manifest, *chosen))
    assert first.page.read_bytes() == before


def test_without_a_chinese_font_the_page_is_there(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "installed", lambda: frozenset({"Libertinus Serif"}))
    seller = "lakeside-home"
    page = home.reports / seller / "2026-04.zh.html"
    asked = ["report", "--month", "2026-04", "--seller", seller, "--home"]
    result = CliRunner().invoke(main, [*asked, str(home.root), "--lang", "zh"])
    assert result.exit_code == 1
    assert "fonts-noto-cjk" in result.stderr
    assert page.exists() and not page.with_suffix(".pdf").exists()
    page.unlink()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (["--month", "2026-13"], "is not a month"),
        (["--month", "2019-01"], "There is no data of 2019-01"),
        (["--seller", "nobody"], "There is no seller account 'nobody'"),
        (["--seller", "lakeside-home", "--all"], "--all"),
    ],
)
def test_bad_questions_are_answered(home: Home, asked: list[str], answer: str) -> None:
    result = CliRunner().invoke(main, ["report", "--home", str(home.root), *asked])
    assert result.exit_code != 0
    assert answer in result.stderr


def test_nothing_published(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["report", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "returns run" in result.stderr


def test_pages_open_from_disk_in_the_type_they_ask_for(written: list[Written]) -> None:
    """On a laptop and a phone: nothing asked for, nothing said, nothing cut off."""
    with launched() as browser:
        for width, height in SIZES.values():
            context = browser.new_context(
                viewport={"width": width, "height": height}, offline=True
            )
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            for report in written:
                page.goto(report.page.as_uri())
                assert page.locator("h1").inner_text().strip()
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                # A rule that the browser cannot read leaves its own serif type.
                type_face = page.evaluate("getComputedStyle(document.body).fontFamily")
                assert type_face.endswith("sans-serif")
                drawn = page.locator("svg").evaluate_all(
                    "all => all.map(one => one.getBoundingClientRect().width)"
                )
                assert len(drawn) > 2
                assert min(drawn) > 100
            assert said == []
            context.close()
