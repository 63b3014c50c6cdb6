"""Puts the report of a month together from a published version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from orchestration.dictionary.entries import Dictionary, Text
from orchestration.report.document import (
    Definition,
    Figure,
    Identifier,
    Report,
    Section,
    Sentence,
    Source,
)
from orchestration.report.reading import Published, earlier
from orchestration.report.scope import Scope
from orchestration.report.sections import causes, learning, money, performance, refunds
from orchestration.report.sections.summary import summary
from orchestration.report.telling import Teller

# In the order in which a reader asks.
SECTIONS: tuple[Callable[[Scope], Section], ...] = (
    summary,
    performance.score,
    performance.handling,
    causes.causes,
    causes.judgements,
    refunds.refunds,
    performance.satisfaction,
    money.recovery,
    money.claims,
    money.account,
    learning.actions,
    learning.pitfalls,
    learning.trust,
)


def build(
    published: Published,
    told: Dictionary,
    seller_id: str,
    month: date,
    language: str,
) -> Report:
    """Return the report of a seller's month in a language.

    Args:
        published: the version it is made of.
        told: the definitions of its marts.
        seller_id: whose month.
        month: its first day.
        language: ``en`` or ``zh``.
    """
    scope = Scope(published, Teller(language), seller_id, month)
    sections = tuple(section(scope) for section in SECTIONS)
    title = scope.tell.plain(scope.tell.say("title", month=scope.month_figure))
    return Report(
        language=language,
        seller_id=seller_id,
        month=month,
        title=title,
        facts=_facts(scope),
        sections=sections,
        definitions=tuple(_definitions(told, sections, language)),
        words=dict(scope.tell.texts["words"]),
    )


def _facts(scope: Scope) -> tuple[Sentence, ...]:
    version = scope.published.row("publication")
    facts = [scope.tell.say("fact_seller", seller=Identifier(scope.seller_id))]
    next_month = earlier(scope.month, -1)
    ended = scope.seller["data_as_of_date"]
    partial = earlier(next_month, 1) <= ended < _last_day(next_month)
    name = "fact_partial" if partial else "fact_as_of"
    facts.append(scope.tell.say(name, as_of=scope.as_of))
    if version is not None:
        facts.append(
            scope.tell.say(
                "fact_version",
                version=Identifier(version["version"]),
                built=_instant(version, "built_at"),
                published=_instant(version, "published_at"),
            )
        )
    return tuple(facts)


def _last_day(next_month: date) -> date:
    return date.fromordinal(next_month.toordinal() - 1)


def _instant(row: Any, column: str) -> Figure:
    value: datetime = row[column]
    return Figure(value, "instant", Source(row.mart, column, row.key))


def _definitions(
    told: Dictionary, sections: tuple[Section, ...], language: str
) -> list[Definition]:
    marts = {mart.name: mart for mart in told.marts}
    used = dict.fromkeys(name for section in sections for name in section.marts)
    return [
        Definition(name, _in(mart.title, language), _in(mart.description, language))
        for name in used
        if (mart := marts.get(name)) is not None
    ]


def _in(text: Text, language: str) -> str:
    return text.in_language(language)[0]
