"""Texts: once per language, complete in both, and without a single number."""

from __future__ import annotations

import re
from typing import Any

import pytest

from orchestration.report.telling import LANGUAGES, read

ENGLISH, CHINESE = (read(f"{language}.yml") for language in LANGUAGES)
VARIABLE = re.compile(r"\{\{\s*(\w+)|\{% (?:if|elif) (\w+)|\bin (\w+) %\}")


@pytest.mark.parametrize("group", ["sections", "sentences", "words", "units", "heads"])
def test_both_languages_have_the_same_texts(group: str) -> None:
    assert list(ENGLISH[group]) == list(CHINESE[group])


@pytest.mark.parametrize("name", ENGLISH["sentences"])
def test_sentences_say_the_same_things(name: str) -> None:
    def said(texts: dict[str, Any]) -> set[str]:
        found = VARIABLE.findall(texts["sentences"][name])
        return {word for words in found for word in words if word} - {"not"}

    assert said(ENGLISH) == said(CHINESE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_typed(language: str) -> None:
    texts = read(f"{language}.yml")
    for group in ("sections", "words", "units", "heads"):
        assert not re.search(r"\d", str(texts[group])), group
    for name, text in texts["sentences"].items():
        assert not re.search(r"\d", re.sub(r"\[\d\]|\[:\d\]", "", text)), name


def test_codes_are_there_in_both_languages() -> None:
    for code, texts in read("codes.yml").items():
        assert set(texts) == set(LANGUAGES), code
