"""What returns are linked to, against what really happened in the simulated business.

The truth knows the fate of each unit; the files do not. Units that look the same in the
files cannot be told apart, so they are compared by their looks and equals may swap.
Removals and resales name no order: of them the files tell how many units of a SKU they
took, not which, so quantities are compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.running.run import RunOutcome
from tests.integration.test_matches_against_truth import RETURN_LOOKS, number, rows

PERIOD_END = "timestamp '2026-11-01'"
LOOKS = RETURN_LOOKS.format("r")
UNITS = "true_outcomes as o join true_returns as r using (return_id)"
# linked type: the fact, its key, and what the truth calls it by
LINKS = {
    "replacement": (
        "fct_replacements", "replacement_key", "replacement_amazon_order_id",
    ),
    "reimbursement": (
        "fct_reimbursements", "reimbursement_key", "reimbursement_id",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(demo_run: RunOutcome) -> Iterator[duckdb.DuckDBPyConnection]:
    home = demo_run.home
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        for name, shown in (
            ("returns", "is_in_files"),
            ("outcomes", "is_return_in_files"),
        ):
            path = home.demo / "truth" / f"{name}.parquet"
            connection.execute(
                f"create temp view true_{name} as select * from '{path}' where {shown}"
            )
        yield connection


@pytest.mark.parametrize("linked_type", LINKS)
def test_links_that_name_their_order_are_the_true_ones(
    warehouse: duckdb.DuckDBPyConnection, linked_type: str
) -> None:
    fact, key, name = LINKS[linked_type]
    truth = (
        f"select distinct {LOOKS} as looks, o.{name} as other from {UNITS}"
        # not every account has the reports, and they run days behind
        f" where o.{name} in (select {name} from facts.{fact})"
    )
    found = (
        f"select {LOOKS} as looks, x.{name} as other, l.match_class"
        " from facts.fct_return_links as l"
        " join facts.fct_returns as r using (return_key)"
        f" join facts.{fact} as x on l.linked_key = x.{key}"
        f" where l.linked_type = '{linked_type}'"
    )
    true_count = number(warehouse, f"from ({truth})")
    right = number(
        warehouse, f"from ({truth}) semi join ({found}) using (looks, other)"
    )
    wrong_exact = number(
        warehouse,
        f"from (select * from ({found}) where match_class = 'exact')"
        f" anti join ({truth}) using (looks, other)",
    )
    assert true_count > 0
    assert right >= 0.99 * true_count
    assert wrong_exact == 0


@pytest.mark.parametrize(
    ("linked_type", "fact", "key", "name", "true_name", "when"),
    [
        ("removal", "fct_removals", "removal_key", "removal_order_id",
         "removal_order_id", "removed_at"),
        ("resale", "fct_order_lines", "order_line_key", "amazon_order_id",
         "resale_amazon_order_id", "outcome_at"),
    ],
)  # fmt: skip
def test_every_removal_and_resale_took_as_many_returned_units_as_in_truth(
    warehouse: duckdb.DuckDBPyConnection,
    linked_type: str,
    fact: str,
    key: str,
    name: str,
    true_name: str,
    when: str,
) -> None:
    """Removals also take units that never were a return: the ledger tells those."""
    truth = (
        f"select {true_name} as other, sku, count(*) as units from true_outcomes"
        f" where {true_name} is not null and {when} < {PERIOD_END} group by all"
    )
    found = (
        f"select x.{name} as other, r.sku, sum(l.matched_quantity) as units"
        " from facts.fct_return_links as l"
        " join facts.fct_returns as r using (return_key)"
        f" join facts.{fact} as x on l.linked_key = x.{key}"
        f" where l.linked_type = '{linked_type}' group by all"
    )
    [(true_count, found_count, right)] = rows(
        warehouse,
        "select sum(t.units), sum(f.units), sum(least(t.units, f.units))"
        f" from ({truth}) as t full join ({found}) as f using (other, sku)",
    )
    assert true_count > 0
    assert right >= 0.99 * true_count
    assert found_count <= 1.01 * true_count
