"""What is wrong with a mapping is said with the key and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.errors import MappingError
from orchestration.landing.mapping import load_mappings, read_mapping
from tests.unit.landing.test_mapping import GOOD


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("tool: ShelfWorks\n", "", "`tool` is missing"),
        ("tool:", "tools:", "`tools` is no setting; perhaps tool is meant"),
        ("tool: ShelfWorks", "tool: [a]", "`tool` must be a text"),
        ("[Check No, Found]", "Found", "`known_by` must be a list"),
        ("[Check No, Found]", "[]", "`known_by` is missing"),
        ("contract: inspections", "contract: inspection", "perhaps inspections"),
        ("  rma_id: RMA\n", "", "`columns.rma_id` is missing. Name the column"),
        ("  sku: Article\n", "", "`columns.sku` is missing: every row"),
        ("sku: Article", "sku: {form: Article}", "`form` is no setting; perhaps from"),
        ("sku: Article", "sku: {times: 2}", "needs either `from`"),
        ("sku: Article", "sku: {from: A, times: 2}", "sku is none"),
        ("sku: Article", "sku: []", "`from` must be a column"),
        ("times: 12", "times: 0", "a number above 0"),
        ("times: 12", "times: twelve", "a number above 0"),
        ("times: 12", f"times: {'9' * 400}", "a number above 0"),
        ("constant: HAM", "constant: Hall M 1", "does not have the form"),
        ("constant: HAM", "constant: ''", "is blank"),
        ("ok: restock", "ok: restok", "restok is no word of it; perhaps restock"),
        ("{constant: HAM}", "W\n  is_x: 1", "inspections has no such column"),
        ("quantity_received: {from: Dozens, times: 12}",
         "quantity_received: {constant: some}", "some does not have the form"),
        ("ok: restock", "OK: restock, ok: donate", "`words` has ok twice"),
        ("words: {ok", "otherwise: pending, word: {ok", "`word` is no setting"),
        ("Found, words: {ok: restock, Kaputt: dispose}", "Found, otherwise: pending",
         "`otherwise` is for words"),
        ("from: Found", "when: {Found: []}, from: Found", "`when` must be pairs"),
        ("zone: Europe/Berlin\n", "", "`zone` is missing: %d.%m.%Y %H:%M has no zone"),
        ('["%d.%m.%Y %H:%M"]', "[iso_instant]", "`zone` says nothing"),
        ("Europe/Berlin", "Berlin", "Berlin is no IANA time zone"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m.%Y %Q"]', "has a sign that is not known"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m."]', "must state year, month and day"),
        ('["%d.%m.%Y %H:%M"]', '["%d.%m.%Y %I:%M"]', "without AM or PM"),
        ('["%d.%m.%Y %H:%M"]', '["%d/%m/%Y", "%m/%d/%Y"]', "nobody can tell 03/04"),
        ("ignored: [Shelf]", "ignored: [Article]", "article of the export is under"),
        ("ignored: [Shelf]", "absent: [sku]", "`absent` names sku, which"),
        ("ignored: [Shelf]", "absent: [sky]", "`absent` names sky; perhaps sku"),
        ("ignored: [Shelf]", "ignored: [a]\nignored: [b]", "ignored a second time"),
        ("tool: ShelfWorks", "extends: loop", "`extends` names loop"),
        ("tool: ShelfWorks", "extends: [a]", "which is no other mapping"),
        ("tool:", "delimiter: ';;'\ntool:", "`delimiter` must be one character"),
        ("[Check No, Found]", "['--', a]", "a column of no letter or digit"),
        ("tool: ShelfWorks", "? [a]\n: b", "has a key that is no text"),
        ("tool: ShelfWorks", "tool: [", "is no valid YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said_with_the_fix(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = tmp_path / "shelfworks.yml"
    path.write_text(GOOD)
    assert read_mapping(path).tool == "ShelfWorks"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(MappingError) as error:
        read_mapping(path)
    assert complaint in str(error.value)
    assert str(path) in str(error.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD.replace("sku:", "skew:").replace("Europe/Berlin", "Berlin"))
    with pytest.raises(MappingError, match=r"columns\.skew.*columns\.sku.*zone"):
        read_mapping(path)


def test_mappings_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("extends: b\n")
    (tmp_path / "b.yml").write_text("extends: a\n")
    with pytest.raises(MappingError, match="is no other mapping"):
        load_mappings(tmp_path)


JUNK = st.sampled_from(["", "x", [], ["x"], [[]], {}, {"x": "y"}, [{"a": []}]])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_mapping_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = yaml.load(GOOD, Loader=yaml.BaseLoader)
    content |= data.draw(st.sampled_from([{}, {"extends": "loop_grading"}]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = content
        if isinstance(content.get("columns"), dict) and data.draw(st.booleans()):
            place = content["columns"]
        keys = [*place, "words", "when", "absent", "delimiter", "sku"]
        place[data.draw(st.sampled_from(keys))] = data.draw(JUNK)
    path = tmp_path_factory.mktemp("junk") / "junk.yml"
    path.write_text(yaml.safe_dump(content))
    try:
        read_mapping(path)
    except MappingError as error:
        assert str(path) in str(error)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for ending in ("yml", "yaml"):
        (tmp_path / f"a.{ending}").write_text("extends: loop_grading\n")
    with pytest.raises(MappingError, match="have one name"):
        load_mappings(tmp_path)
