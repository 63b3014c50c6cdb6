{# Refunds of a return's units as the Finances APIs book them, often before a settlement
   does. A booking goes with the settled refund of the same item and amount; one that no
   settlement has is of a return only where one alone is left to be meant. #}
{{ config(materialized='view') }}

with

matches as (

    select * from {{ ref('int_return_refund_matches__unioned') }}
    where return_key is not null

),

refunds as (

    select * from {{ ref('int_refunds__located') }}
    where is_counted

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

-- both interfaces tell the same booking: equal ones of an item are told apart by number
bookings as (

    select
        *,
        row_number() over (
            partition by
                api_version, seller_id, amazon_order_id, sku, currency_code,
                refunded_amount
            order by posted_at nulls last, finances_refund_key nulls last
        ) as booking_number
    from {{ ref('int_finances__refunds') }}

),

told_bookings as (

    select
        *,
        row_number() over (
            partition by
                seller_id, amazon_order_id, sku, currency_code, refunded_amount,
                booking_number
            order by api_version nulls last
        ) as choice_number
    from bookings

),

numbered as (

    select
        *,
        row_number() over (
            partition by
                seller_id, amazon_order_id, sku, currency_code, refunded_amount
            order by posted_at nulls last, refund_key nulls last
        ) as booking_number
    from refunds

),

-- a booking no settlement has: only where one return of the item is left to be meant
lone_returns as (

    select
        returns.seller_id,
        returns.amazon_order_id,
        returns.sku,
        min(returns.return_key) as return_key
    from matches
    inner join returns
        on matches.return_key = returns.return_key
    where returns.is_counted and matches.refund_key is null
    group by returns.seller_id, returns.amazon_order_id, returns.sku
    having count(*) = 1

),

paired as (

    select
        told_bookings.*,
        numbered.refund_key,
        lone_returns.return_key as lone_return_key

    from told_bookings

    left join numbered
        on
            told_bookings.seller_id = numbered.seller_id
            and told_bookings.amazon_order_id = numbered.amazon_order_id
            and told_bookings.sku = numbered.sku
            and told_bookings.currency_code = numbered.currency_code
            and told_bookings.refunded_amount = numbered.refunded_amount
            and told_bookings.booking_number = numbered.booking_number

    left join lone_returns
        on
            told_bookings.seller_id = lone_returns.seller_id
            and told_bookings.amazon_order_id = lone_returns.amazon_order_id
            and told_bookings.sku = lone_returns.sku
            and numbered.refund_key is null

    where told_bookings.choice_number = 1

)

select
    -- keys
    coalesce(matches.return_key, paired.lone_return_key) as return_key,
    paired.finances_refund_key as evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,

    -- attributes
    'refunded' as stage_code,
    'finances' as source_code,
    paired.refund_type as stated_event_name,
    'system' as actor_kind,

    -- measures
    coalesce(matches.matched_quantity, paired.stated_quantity) as event_quantity,

    -- times
    paired.posted_at as event_at,
    paired.posted_date as event_date

from paired

left join matches
    on paired.refund_key = matches.refund_key

where coalesce(matches.return_key, paired.lone_return_key) is not null
