{# What was refunded, line by line, as four sources book or report it, and which of the
   three books reach the time it was paid. Retrocharges are no money for goods. #}
with

returns as (

    -- a blank is unknown: what the report tells of the SKU is then not all
    select
        *,
        sum(case when is_counted and refunded_amount is null then 1 else 0 end) over (
            partition by seller_id, amazon_order_id, sku
        ) as blank_count
    from {{ ref('fct_returns') }}

),

versions as (

    -- the report tells no day of a refund: it was paid by the first delivery with it
    select
        return_key,
        cast(min(valid_from_at) as date) as known_date
    from {{ ref('fct_return_versions') }}
    where refunded_amount is not null
    group by return_key

),

booked as (

    select
        refund_key as source_key,
        'settlements' as book_code,
        refund_type,
        seller_id,
        marketplace_code,
        amazon_order_id,
        sku,
        currency_code,
        refunded_amount,
        unknown_component_count,
        true as is_complete,
        true as is_released,
        -- UTC, as the books' spans are
        cast(posted_at as date) as first_date,
        cast(posted_at as date) as last_date
    from {{ ref('fct_refunds') }}
    where refund_type in ('refund', 'a_to_z', 'chargeback')

    union all

    select
        finances_refund_key as source_key,
        case api_version
            when 'v0' then 'finances_events'
            else 'finances_transactions'
        end as book_code,
        refund_type,
        seller_id,
        marketplace_code,
        amazon_order_id,
        sku,
        currency_code,
        refunded_amount,
        unknown_component_count,
        true as is_complete,
        is_released,
        posted_date as first_date,
        posted_date as last_date
    from {{ ref('int_finances__refunds') }}

    union all

    select
        returns.return_key as source_key,
        'returns_report' as book_code,
        'refund' as refund_type,
        returns.seller_id,
        returns.marketplace_code,
        returns.amazon_order_id,
        returns.sku,
        returns.currency_code,
        returns.refunded_amount,
        0 as unknown_component_count,
        returns.blank_count = 0 as is_complete,
        true as is_released,
        coalesce(returns.requested_date, returns.ordered_date) as first_date,
        coalesce(versions.known_date, returns.requested_date) as last_date
    from returns
    left join versions
        on returns.return_key = versions.return_key
    where returns.refunded_amount is not null

),

reached as (

    select
        booked.source_key,
        max(case when reaches.book_code = 'settlements' then 1 else 0 end)
            as settlement_reach,
        max(case when reaches.book_code = 'finances_events' then 1 else 0 end)
            as events_reach,
        max(case when reaches.book_code = 'finances_transactions' then 1 else 0 end)
            as transactions_reach
    from booked
    inner join {{ ref('int_refund_books__reached') }} as reaches
        on
            booked.seller_id = reaches.seller_id
            and reaches.marketplace_code in (booked.marketplace_code, 'all')
            and booked.first_date >= reaches.start_date
            and booked.last_date <= reaches.end_date
    group by booked.source_key

)

select
    -- keys
    {{ surrogate_key(['booked.book_code', 'booked.source_key']) }}
        as refund_booking_key,
    booked.source_key,
    booked.seller_id,
    booked.marketplace_code,
    booked.amazon_order_id,
    booked.sku,

    -- attributes
    booked.book_code,
    booked.refund_type,

    -- measures
    booked.refunded_amount,
    booked.currency_code,
    cast(booked.unknown_component_count as bigint) as unknown_component_count,

    -- flags
    booked.is_complete,
    booked.is_released,
    coalesce(reached.settlement_reach, 0) = 1 as is_settlement_expected,
    coalesce(reached.events_reach, 0) = 1 as is_event_expected,
    coalesce(reached.transactions_reach, 0) = 1 as is_transaction_expected,

    -- times
    booked.first_date,
    booked.last_date

from booked

left join reached
    on booked.source_key = reached.source_key
