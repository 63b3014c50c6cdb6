"""What ``returns sources`` answers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.landing.mapping import SHIPPED, load_mappings
from orchestration.landing.specs import load_specs
from orchestration.settings import PROJECT_ROOT

EXAMPLES = PROJECT_ROOT / "tests" / "fixtures" / "operations"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def asked(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["sources", *words, "--home", str(home)])


def test_everything_that_can_land_is_listed(home: Path) -> None:
    text = asked(home).stdout
    for spec in load_specs():
        assert spec.title in text
        amazon = spec.source == "amazon_sp"
        assert all((name in text) == amazon for name in spec.report_types)
    for mapping in load_mappings():
        assert f"{mapping.tool}: {mapping.export} (mapping {mapping.name})" in text
    assert not home.exists()


def test_own_mappings_are_listed_as_such(home: Path) -> None:
    (home / "mappings").mkdir(parents=True)
    (home / "mappings" / "hall.yml").write_text("extends: loop_grading\nzone: UTC\n")
    text = asked(home).stdout
    assert "Loop: grading and disposition (your mapping hall)" in text
    assert "(mapping loop_grading)" not in text


def test_one_source_shows_its_columns(home: Path) -> None:
    text = asked(home, "inspections").stdout
    assert "sku, text, needed in every row" in text
    assert "Words: restock, resell," in text
    assert "known by condition_category, disposition_outcome" in text
    assert "A person lands as a pseudonym" in text
    by_type = asked(home, "GET_CSV_MFN_PRIME_RETURNS_REPORT").stdout
    assert by_type.startswith("mfn_returns: ")
    assert "pseudonym" not in by_type


def test_the_answer_as_json_has_every_column(home: Path) -> None:
    (found,) = json.loads(asked(home, "stock", "--json").stdout)
    assert [column["name"] for column in found["columns"]] == [
        "stock_date", "sku", "warehouse_id", "condition", "quantity_on_hand",
        "quantity_unprocessed"]  # fmt: skip
    assert found["columns"][0] == {
        "name": "stock_date", "kind": "date", "needed": "value", "words": [],
        "aliases": [], "means": "Day whose end is meant."}  # fmt: skip


def test_a_source_that_is_none_is_told_with_those_there_are(home: Path) -> None:
    done = asked(home, "inspection")
    assert done.exit_code == 1
    assert "There is no source inspection; there are actions," in done.stderr


def test_a_good_mapping_says_what_it_fills(home: Path) -> None:
    done = asked(home, "--check", str(SHIPPED / "loop_grading.yml"))
    assert done.exit_code == 0
    assert "is a good mapping of Loop's grading and disposition" in done.stdout
    assert "Left empty: license_plate_number," in done.stdout
    assert "only the day is kept" in done.stdout


def test_a_wrong_mapping_says_what_to_change(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("extends: loop_grading\nzone: Berlin\n")
    done = asked(home, "--check", str(path))
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: The mapping {path}: `zone` Berlin is no")
    assert asked(home, "--check", str(tmp_path / "none.yml")).exit_code == 1


def test_a_mapping_that_fits_another_s_files_says_so(
    home: Path, tmp_path: Path
) -> None:
    text = (SHIPPED / "loop_grading.yml").read_text()
    (tmp_path / "copied.yml").write_text(text)
    done = asked(home, "--check", str(tmp_path / "copied.yml"))
    assert "But loop_grading is known by the same columns" in done.stdout
    (tmp_path / "loop_grading.yml").write_text(text)
    done = asked(home, "--check", str(tmp_path / "loop_grading.yml"))
    assert "same columns" not in done.stdout


def test_a_file_is_tried_without_keeping_anything(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "london.yml"
    path.write_text("extends: peoplevox_returns\nzone: Europe/London\n")
    file = EXAMPLES / "mappings" / "peoplevox_returns.csv"
    done = asked(home, "--check", str(path), "--try", str(file))
    assert "would land in inspections by the mapping london: 2 rows" in done.stdout
    assert "inspected_at: 2018-06-14 15:55:07" in done.stdout
    assert "Dropped as personal: sales_order_contact_name" in done.stdout
    assert "Jane" not in done.stdout
    plain = json.loads(asked(home, "--try", str(file), "--json").stdout)
    assert plain["rows"][0]["inspected_at"] == "2018-06-14"
    assert not home.exists()


def test_a_tried_file_shows_what_would_be_set_aside(home: Path, tmp_path: Path) -> None:
    file = tmp_path / ".stock.csv"
    file.write_text("stock_date,sku,quantity_on_hand,zeta\n2025-06-31,S,1,2\n")
    text = asked(home, "--try", str(file)).stdout
    assert "0 rows, 1 set aside" in text
    assert "line 2, stock_date '2025-06-31': is no valid date" in text
    assert "Unknown, kept without texts: zeta" in text


@pytest.mark.parametrize("content", ["a,b\n1,2\n", ""])
def test_a_file_that_would_be_refused_is_no_success(
    home: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)
    done = asked(home, "--try", str(file))
    assert done.exit_code == 1
    assert "a.csv would be refused: " in done.stdout
    assert asked(home, "--try", str(tmp_path / "none.csv")).exit_code == 1


def test_an_archive_of_several_files_is_not_tried_by_its_first(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "both.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(
                name, f"stock_date,sku,quantity_on_hand\n2025-06-30,{name},1\n"
            )
    done = asked(home, "--try", str(file))
    assert done.exit_code == 1
    assert "is an archive of 2 files" in done.output
