"""A code is called the same wherever people meet it: its words stand once."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from orchestration.dashboard.pages import load_labels, load_pages
from orchestration.settings import PROJECT_ROOT

# Beside the dashboard's labels, what only these readers show.
OTHERS = {
    "alerts": "orchestration/alerts/words.yml",
    "report": "orchestration/report/texts/codes.yml",
    "superset": "bi/superset/labels.yml",
}


def labels_of(reader: str) -> set[str]:
    text = (PROJECT_ROOT / OTHERS[reader]).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return set(found.get("labels", found))


@pytest.mark.parametrize("reader", OTHERS)
def test_what_the_dashboard_names_is_not_named_again(reader: str) -> None:
    assert not labels_of(reader) & set(load_labels(load_pages()))


def test_no_two_readers_name_the_same_code() -> None:
    named = [name for reader in OTHERS for name in labels_of(reader)]
    assert sorted(named) == sorted(set(named))
