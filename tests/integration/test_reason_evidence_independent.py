"""What each source of evidence says of a reason, against the seed's rules in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.judgement_reference import Row, began, grouped, place_of
from tests.integration.kpi_reference import close, seed, share, wilson
from tests.integration.test_judgements_independent import PLACE, read

# Where a return itself states what each of these sources found.
STATED = {
    "safe_t": "safe_t_action_code",
    "disposition": "disposition_code",
    "payer": "label_payer",
}
LOOKED = {"inspection", "third_party", "image"}


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo_run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def findings(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    return read(warehouse, "facts.fct_reason_findings")


@pytest.fixture(scope="module")
def returns(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    rows = read(warehouse, "facts.fct_returns")
    return {r["return_key"]: r for r in rows if r["is_counted"] and began(r)}


def ruled(row: Row, source: str, code: str) -> tuple[str, str]:
    """Return verdict and party by the most specific rule of the seed."""
    fitting = [
        rule
        for rule in seed("reason_evidence")
        if rule["evidence_source"] == source
        and rule["evidence_code"].upper() == code.upper()
        and rule["return_reason_family"] in (row["return_reason_family"], "any")
        and rule["expected_label_payer"] in (row["expected_label_payer"], "any")
    ]
    if not fitting:
        return "neutral", "unassigned"
    rule = min(
        fitting,
        key=lambda r: (
            r["return_reason_family"] == "any",
            r["expected_label_payer"] == "any",
        ),
    )
    party = rule["evidenced_fault_party"]
    stated = row["stated_fault_party"]
    return rule["attribution_verdict"], stated if party == "as_stated" else party


def test_what_a_return_states_is_judged_by_the_seed(
    findings: list[Row], returns: dict[str, Row]
) -> None:
    """Claim, disposition and payer of every return, and no finding besides."""
    expected: dict[Any, tuple[str, str]] = {}
    for key, row in returns.items():
        for source, column in STATED.items():
            if row[column] and row[column] != "unknown":
                expected[(key, source)] = ruled(row, source, row[column])
    found = {
        (row["return_key"], row["evidence_source"]): (
            row["attribution_verdict"],
            row["evidenced_fault_party"],
        )
        for row in findings
        if row["evidence_source"] in STATED
    }
    assert found == expected
    assert {source for _, source in found} == set(STATED)


def test_the_deciding_finding_is_the_one_of_the_return(
    findings: list[Row], returns: dict[str, Row]
) -> None:
    """Every judged return has one finding that decides, with its verdict and party."""
    deciding = [row for row in findings if row["is_deciding"]]
    judged = {
        key
        for key, row in returns.items()
        if row["attribution_verdict"] in ("agrees", "contradicts")
    }
    assert len(deciding) == len(judged)
    assert {row["return_key"] for row in deciding} == judged
    for row in deciding:
        owner = returns[row["return_key"]]
        for column in ("evidence_source", "attribution_verdict"):
            assert row[column] == owner[column]
        assert row["evidenced_fault_party"] == owner["evidenced_fault_party"]
    assert LOOKED & {row["evidence_source"] for row in findings}


def test_an_a_to_z_claim_never_decides(
    warehouse: duckdb.DuckDBPyConnection,
    findings: list[Row],
    returns: dict[str, Row],
) -> None:
    granted = {
        match["return_key"]
        for match in read(warehouse, "facts.fct_return_refund_matches")
        if match["refund_key"]
        in {
            refund["refund_key"]
            for refund in read(warehouse, "facts.fct_refunds")
            if refund["refund_type"] == "a_to_z"
        }
    }
    claimed = {key for key, row in returns.items() if row["has_a_to_z_claim"]}
    found = [row for row in findings if row["evidence_source"] == "a_to_z"]
    assert {row["return_key"] for row in found} == claimed | (granted & set(returns))
    assert not any(row["is_judged"] for row in found)


def test_evidence_by_source(
    warehouse: duckdb.DuckDBPyConnection,
    findings: list[Row],
    returns: dict[str, Row],
) -> None:
    totals = Counter(place_of(row) for row in returns.values())
    expected = grouped(
        findings,
        lambda f: (*place_of(returns[f["return_key"]]), f["evidence_source"]),
    )
    mart = read(warehouse, "marts.kpi_reason_evidence_by_marketplace_month")
    names = (*PLACE, "evidence_source")
    assert {tuple(row[n] for n in names) for row in mart} == set(expected)
    for row in mart:
        key = tuple(row[n] for n in names)
        verdicts = Counter(f["attribution_verdict"] for f in expected[key])
        judged = verdicts["agrees"] + verdicts["contradicts"]
        others = [
            returns[f["return_key"]]["attribution_verdict"] == f["attribution_verdict"]
            for f in expected[key]
            if f["attribution_verdict"] != "neutral"
            and returns[f["return_key"]]["evidence_source"] != f["evidence_source"]
        ]
        assert row["finding_count"] == len(expected[key])
        assert row["judged_count"] == judged
        assert row["compared_count"] == len(others)
        assert row["confirmed_count"] == sum(others)
        assert row["return_count"] == totals[key[:4]]
        assert close(row["found_share"], share(len(expected[key]), totals[key[:4]]))
        assert close(row["agrees_share"], share(verdicts["agrees"], judged))
        low, high = wilson(sum(others), len(others))
        assert close(row["confirmed_share"], share(sum(others), len(others)))
        assert close(row["confirmed_share_low"], low)
        assert close(row["confirmed_share_high"], high)
    assert any(row["compared_count"] for row in mart)
