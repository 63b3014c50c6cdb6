{# What four sources say the buyer got back for one SKU of an order, side by side. Books
   must agree to the cent where they reach the time; the returns report need not tell of
   a refund, but what it tells must agree. `greatest` and `least` pass over nulls. #}
with

bookings as (

    -- where a book tells when it was paid, the report's span does not count
    select
        *,
        book_code != 'returns_report'
        or max(book_code) over (
            partition by seller_id, amazon_order_id, sku, currency_code
        ) = min(book_code) over (
            partition by seller_id, amazon_order_id, sku, currency_code
        ) as is_dated
    from {{ ref('fct_refund_bookings') }}

),

summed as (

    select
        seller_id,
        coalesce(
            max(case when marketplace_code != 'unknown' then marketplace_code end),
            'unknown'
        ) as marketplace_code,
        amazon_order_id,
        sku,
        currency_code,
        sum(case when book_code = 'settlements' then refunded_amount end)
            as settled_amount,
        sum(case when book_code = 'finances_events' then refunded_amount end)
            as events_amount,
        sum(case when book_code = 'finances_transactions' then refunded_amount end)
            as transactions_amount,
        sum(case when book_code = 'returns_report' then refunded_amount end)
            as reported_amount,
        count(distinct book_code) as stated_source_count,
        sum(unknown_component_count) as unknown_component_count,
        min(case when is_released then 1 else 0 end) = 1 as is_released,
        min(case when is_complete then 1 else 0 end) = 1 as is_reported_fully,
        min(case when is_dated and not is_settlement_expected then 0 else 1 end) = 1
            as is_settlement_covered,
        min(case when is_dated and not is_event_expected then 0 else 1 end) = 1
            as is_events_covered,
        min(case when is_dated and not is_transaction_expected then 0 else 1 end) = 1
            as is_transactions_covered,
        min(case when is_dated then first_date end) as first_refunded_date,
        max(case when is_dated then last_date end) as last_refunded_date
    from bookings
    group by seller_id, amazon_order_id, sku, currency_code

),

compared as (

    select
        *,
        greatest(settled_amount, events_amount, transactions_amount, reported_amount)
            as highest_amount,
        least(settled_amount, events_amount, transactions_amount, reported_amount)
            as lowest_amount,
        coalesce(
            greatest(settled_amount, events_amount, transactions_amount)
            = least(settled_amount, events_amount, transactions_amount),
            false
        ) as is_agreed_by_books,
        coalesce(events_amount, transactions_amount) is not null as is_in_finances,
        -- what is deferred is neither settled yet nor told by the older API
        settled_amount is null and is_settlement_covered and is_released
            as is_settlement_missing,
        (events_amount is null and is_events_covered and is_released)
        or (transactions_amount is null and is_transactions_covered)
            as is_finances_missing,
        (settled_amount is not null and not is_settlement_covered)
        or (events_amount is not null and not is_events_covered)
        or (transactions_amount is not null and not is_transactions_covered)
            as is_partly_covered
    from summed

),

reasoned as (

    select
        *,
        case
            when highest_amount = 0 and lowest_amount = 0 then null
            when highest_amount = lowest_amount and is_settlement_missing
                then 'missing_in_settlements'
            when highest_amount = lowest_amount and is_finances_missing
                then 'missing_in_finances'
            when stated_source_count = 1 then 'no_other_source'
            when highest_amount = lowest_amount then null
            when unknown_component_count > 0 then 'unknown_component'
            when is_partly_covered then 'partly_covered'
            when not is_agreed_by_books then 'books_differ'
            when not is_reported_fully and reported_amount < highest_amount
                then 'report_incomplete'
            else 'report_differs'
        end as reconciliation_reason
    from compared

)

select
    {{ surrogate_key(['seller_id', 'amazon_order_id', 'sku', 'currency_code']) }}
        as refund_reconciliation_key,
    seller_id,
    marketplace_code,
    amazon_order_id,
    sku,
    case
        when reconciliation_reason is null then 'agrees'
        when
            reconciliation_reason in (
                'no_other_source', 'partly_covered', 'report_incomplete'
            )
            then 'not_covered'
        when highest_amount != lowest_amount then 'differs'
        when settled_amount is null and not is_in_finances then 'only_in_report'
        when not is_in_finances and reported_amount is null then 'only_in_settlements'
        when settled_amount is null and reported_amount is null then 'only_in_finances'
        else 'differs'
    end as reconciliation_class,
    reconciliation_reason,
    currency_code,
    -- measures
    cast(settled_amount as decimal(18, 2)) as settled_amount,
    cast(events_amount as decimal(18, 2)) as events_amount,
    cast(transactions_amount as decimal(18, 2)) as transactions_amount,
    cast(reported_amount as decimal(18, 2)) as reported_amount,
    cast(settled_amount - events_amount as decimal(18, 2))
        as settled_less_events_amount,
    cast(settled_amount - transactions_amount as decimal(18, 2))
        as settled_less_transactions_amount,
    cast(settled_amount - reported_amount as decimal(18, 2))
        as settled_less_reported_amount,
    cast(highest_amount - lowest_amount as decimal(18, 2)) as largest_difference_amount,
    stated_source_count,
    cast(unknown_component_count as bigint) as unknown_component_count,
    is_settlement_covered,
    is_events_covered,
    is_transactions_covered,
    is_released,
    first_refunded_date,
    last_refunded_date
from reasoned
