"""For every expectation, SQL that breaks it and nothing else in its suite.

``published`` is the last publication, which holds the same tables as the warehouse.
Sellers and months are those of the demo data: two sellers, September 2025 to October
2026, which makes months from June 2026 on too young to count as settled.
"""

from __future__ import annotations

from tests.integration.gate_mutations_marts import MART_MUTATIONS
from tests.integration.gate_mutations_measures import MEASURE_MUTATIONS

LAKESIDE = "seller_id = 'lakeside-home'"
NORTHWIND = "seller_id = 'northwind-outdoor'"


def tenths(key: str, count: int) -> str:
    """Choose so many tenths of the rows, the same ones every time."""
    return f"hash({key}) % 10 < {count}"


def one(table: str, key: str, where: str = "true") -> str:
    """Choose one row."""
    return f"{key} = (select min({key}) from facts.{table} where {where})"


_HEALTH = {
    "rows_kept": f"delete from facts.fct_account_health where {LAKESIDE}",
    "dates_plausible": f"""
        update facts.fct_account_health set reporting_end_date = date '2094-01-01'
        where {one("fct_account_health", "account_health_key")}""",
    "agrees_with_amazon": f"""
        update facts.fct_account_health
        set metric_status = 'GOOD', distance_to_target = -0.5
        where {one("fct_account_health", "account_health_key")}""",
    "recent_enough": """
        update facts.fct_account_health set
            reporting_start_date = reporting_start_date - 60,
            reporting_end_date = reporting_end_date - 60""",
    "rates_have_a_base": f"""
        update facts.fct_account_health set metric_rate = 0.5, base_count = 0
        where {one("fct_account_health", "account_health_key")}""",
}

_FEEDBACK = {
    "rows_kept": """
        insert into published.marts.fct_feedback
        select feedback.* from published.marts.fct_feedback as feedback, range(30)""",
    "dates_plausible": f"""
        update facts.fct_feedback set feedback_date = date '2094-01-01'
        where {one("fct_feedback", "feedback_key")}""",
    "ratings_readable": f"""
        update facts.fct_feedback set is_counted = false
        where {one("fct_feedback", "feedback_key")}""",
    "mostly_content": """
        insert into facts.fct_feedback select feedback.* replace (
            'negative' as feedback_class, true as is_counted
        ) from facts.fct_feedback as feedback, range(60)""",
    "orders_found": """
        insert into facts.fct_feedback select feedback.* replace (
            'unknown' as marketplace_code, 'positive' as feedback_class,
            date '2026-06-01' as feedback_date
        ) from facts.fct_feedback as feedback, range(60)""",
}

_ORDERS = {
    "rows_kept": f"""
        delete from facts.fct_order_lines
        where {LAKESIDE} and {tenths("order_line_key", 6)}""",
    "few_rows_lost": f"""
        delete from facts.fct_order_lines
        where {LAKESIDE} and {tenths("order_line_key", 1)}""",
    "dates_plausible": f"""
        update facts.fct_order_lines set ordered_at = timestamp '2094-01-01'
        where {one("fct_order_lines", "order_line_key")}""",
    "last_month_not_short": """
        insert into facts.fct_order_lines select lines.*
        from facts.fct_order_lines as lines, range(20)
        where order_month_start_date between date '2026-06-01' and date '2026-08-01'""",
    "marketplace_known": f"""
        update facts.fct_order_lines set marketplace_code = 'unknown'
        where {LAKESIDE} and {tenths("order_line_key", 1)}""",
    "currency_of_marketplace": f"""
        update facts.fct_order_lines set currency_code = 'XXX'
        where marketplace_code = 'US' and {tenths("order_line_key", 1)}""",
    "quantity_plausible": f"""
        update facts.fct_order_lines set quantity = 5000
        where {one("fct_order_lines", "order_line_key", "not is_counted")}""",
    "prices_hold_together": """
        update facts.fct_order_lines set item_amount = 100 * item_amount
        where order_line_key = (
            select min(order_line_key) from facts.fct_order_lines
            where is_counted and item_amount > 0
            group by seller_id, sku, currency_code order by count(*) desc, 1 limit 1
        )""",
    "most_lines_count": f"""
        update facts.fct_order_lines set is_counted = false
        where {LAKESIDE} and {tenths("order_line_key", 6)}""",
}

_REFUNDS = {
    "rows_kept": f"""
        delete from facts.fct_refunds
        where {NORTHWIND} and {tenths("refund_key", 6)}""",
    "few_rows_lost": f"""
        delete from facts.fct_refunds
        where {NORTHWIND} and {tenths("refund_key", 1)}""",
    "dates_plausible": f"""
        update facts.fct_refunds set posted_at = timestamp '2094-01-01'
        where {one("fct_refunds", "refund_key")}""",
    "money_goes_to_the_buyer": f"""
        update facts.fct_refunds set refunded_amount = -1
        where {tenths("refund_key", 1)}""",
    "words_known": f"""
        update facts.fct_refunds set unknown_component_count = 1
        where {tenths("refund_key", 1)}""",
    "within_the_price": f"""
        update facts.fct_refunds set refunded_amount = 3 * refunded_amount
        where {NORTHWIND} and {tenths("refund_key", 4)}""",
    "orders_found": f"""
        update facts.fct_refunds set order_line_key = null
        where {NORTHWIND} and {tenths("refund_key", 7)}""",
    "quantity_known": f"""
        update facts.fct_refunds set refunded_quantity = null
        where {tenths("refund_key", 4)}""",
    "quantity_uncontested": f"""
        update facts.fct_refunds set has_quantity_conflict = true
        where {tenths("refund_key", 1)}""",
    "marketplace_known": f"""
        update facts.fct_refunds set marketplace_code = 'unknown'
        where {tenths("refund_key", 2)}""",
}

_FILES = {
    "documents_kept": f"""
        delete from facts.fct_report_files
        where {one("fct_report_files", "report_file_key", "file_status = 'landed'")}""",
    "format_understood": f"""
        update facts.fct_report_files set quarantined_row_count = read_row_count
        where {LAKESIDE} and lake_table_name = 'all_orders'""",
    "few_lines_quarantined": f"""
        update facts.fct_report_files set quarantined_row_count = read_row_count // 5
        where {LAKESIDE} and lake_table_name = 'all_orders'""",
    "few_documents_refused": f"""
        update facts.fct_report_files set file_status = 'refused'
        where {LAKESIDE} and {tenths("report_file_key", 3)}""",
    "columns_known": f"""
        update facts.fct_report_files set has_unknown_columns = true
        where {one("fct_report_files", "report_file_key")}""",
}

_EVENTS = {
    "dates_plausible": f"""
        update facts.fct_return_events set event_date_local = date '2094-01-01'
        where {one("fct_return_events", "return_event_key")}""",
    "words_known": """
        update facts.fct_return_events set stage_code = 'other'
        where source_code = 'settlements'""",
    "sources_mostly_agree_on_days": """
        update facts.fct_return_events set source_count = 2, has_other_day = true
        where stage_code = 'refunded'""",
}

_MATCHES = {
    "something_matches": f"""
        insert into facts.fct_return_refund_matches
        select * replace (null as refund_key) from facts.fct_return_refund_matches
        where {NORTHWIND} and return_key is not null and refund_key is not null;
        update facts.fct_return_refund_matches set return_key = null
        where {NORTHWIND} and return_key is not null and refund_key is not null""",
    "most_refunds_have_a_return": f"""
        update facts.fct_return_refund_matches set return_key = null
        where {NORTHWIND} and refund_key is not null and {tenths("match_key", 8)}""",
    "few_matched_by_order_only": f"""
        update facts.fct_return_refund_matches set match_class = 'order_only'
        where refund_key is not null and {tenths("match_key", 4)}""",
    "refunds_mostly_after_receipt": """
        update facts.fct_return_refund_matches set is_refund_before_receipt = true
        where refund_key is not null""",
    "few_long_pending": f"""
        insert into facts.fct_return_refund_matches
        select matches.* replace ('pending' as match_reason, null as refund_key)
        from facts.fct_return_refund_matches as matches, range(5)
        where {NORTHWIND} and return_key is not null""",
}

_RETURNS = {
    "rows_kept": f"""
        delete from facts.fct_returns
        where {NORTHWIND} and {tenths("return_key", 6)}""",
    "few_rows_lost": f"""
        delete from facts.fct_returns
        where {NORTHWIND} and {tenths("return_key", 1)}""",
    "dates_plausible": f"""
        update facts.fct_returns set received_date = date '2094-01-01'
        where {one("fct_returns", "return_key", "received_date is not null")}""",
    "after_the_order": f"""
        update facts.fct_returns
        set ordered_date = coalesce(requested_date, received_date) + 1
        where {tenths("return_key", 2)}""",
    "orders_found": f"""
        insert into facts.fct_returns
        select returns.* replace ('none' as order_match_class)
        from facts.fct_returns as returns, range(20)
        where {NORTHWIND} and channel = 'mfn'
            and ordered_date between date '2026-05-01' and date '2026-05-31'""",
    "marketplace_known": f"""
        update facts.fct_returns set marketplace_code = 'unknown'
        where {NORTHWIND} and {tenths("return_key", 3)}""",
    "reasons_known": f"""
        update facts.fct_returns set return_reason_family = 'unclassified'
        where {NORTHWIND} and {tenths("return_key", 3)}""",
    "quantity_plausible": f"""
        update facts.fct_returns set returned_quantity = 500
        where {one("fct_returns", "return_key")}""",
    "within_ordered_units": f"""
        update facts.fct_returns set is_beyond_ordered_units = true
        where {tenths("return_key", 2)}""",
    "refund_within_order": f"""
        update facts.fct_returns set refunded_amount = 2 * order_amount
        where {NORTHWIND} and channel = 'mfn' and {tenths("return_key", 5)}""",
    "costs_within_order": f"""
        update facts.fct_returns set label_cost_amount = 2 * order_amount
        where {NORTHWIND} and channel = 'mfn' and {tenths("return_key", 6)}""",
}

_FIRST_SETTLEMENT = """settlement_key = (
    select settlement_key from facts.fct_settlements
    order by period_start_at, settlement_key limit 1
)"""
_LAST_SETTLEMENT = """settlement_key = (
    select settlement_key from facts.fct_settlements
    order by period_start_at desc, settlement_key limit 1
)"""

_SETTLEMENTS = {
    "settlements_kept": f"delete from facts.fct_settlements where {_FIRST_SETTLEMENT}",
    "most_add_up": f"""
        update facts.fct_settlements set is_reconciled = false
        where {LAKESIDE} and {tenths("settlement_key", 8)}""",
    "each_adds_up": f"""
        update facts.fct_settlements set is_reconciled = false
        where {_FIRST_SETTLEMENT}""",
    "none_missing": f"""
        update facts.fct_settlements
        set period_start_at = period_start_at + interval 5 day
        where {_LAST_SETTLEMENT}""",
    "dates_plausible": f"""
        update facts.fct_settlements set currency_code = 'XXX',
            period_start_at = timestamp '2094-01-01',
            period_end_at = timestamp '2094-01-15'
        where {_LAST_SETTLEMENT}""",
    "period_plausible": f"""
        update facts.fct_settlements
        set period_end_at = period_start_at + interval 200 day
        where {_LAST_SETTLEMENT}""",
    "words_known": f"""
        update facts.fct_settlements set unknown_transaction_type_count = 1
        where {_FIRST_SETTLEMENT}""",
}

MUTATIONS = {
    (suite, name): sql
    for suite, mutations in {
        "fct_account_health": _HEALTH,
        "fct_feedback": _FEEDBACK,
        "fct_inspections": {"rows_kept": "delete from facts.fct_inspections"},
        "fct_messages": {"rows_kept": "delete from facts.fct_messages"},
        "fct_order_lines": _ORDERS,
        "fct_refunds": _REFUNDS,
        "fct_report_files": _FILES,
        "fct_return_events": _EVENTS,
        "fct_return_refund_matches": _MATCHES,
        "fct_returns": _RETURNS,
        "fct_settlements": _SETTLEMENTS,
        **MART_MUTATIONS,
        **MEASURE_MUTATIONS,
    }.items()
    for name, sql in mutations.items()
}
