with

matches as (

    select * from {{ ref('int_return_refund_matches__unioned') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

refunds as (

    select * from {{ ref('fct_refunds') }}

),

described as (

    select
        -- keys
        matches.match_key,
        coalesce(returns.seller_id, refunds.seller_id) as seller_id,
        coalesce(
            nullif(returns.marketplace_code, 'unknown'),
            refunds.marketplace_code,
            'unknown'
        ) as marketplace_code,
        coalesce(
            nullif(returns.channel, 'unknown'), refunds.channel, 'unknown'
        ) as channel,
        coalesce(returns.amazon_order_id, refunds.amazon_order_id) as amazon_order_id,
        coalesce(returns.sku, refunds.sku) as sku,
        matches.return_key,
        matches.refund_key,

        -- attributes
        matches.match_class,
        matches.match_reason,

        -- measures: what the refund's units up to this match are worth, less those
        -- before it, so that the cents of all its matches add up
        matches.matched_quantity,
        cast(
            case
                when coalesce(refunds.refunded_quantity, 0) = 0
                    then refunds.refunded_amount
                else
                    cast(round(
                        cast(refunds.refunded_amount as double)
                        * (matches.refund_offset + matches.matched_quantity)
                        / nullif(refunds.refunded_quantity, 0), 2
                    ) as decimal(18, 2))
                    - cast(round(
                        cast(refunds.refunded_amount as double)
                        * matches.refund_offset
                        / nullif(refunds.refunded_quantity, 0), 2
                    ) as decimal(18, 2))
            end as decimal(18, 2)
        ) as matched_amount,
        refunds.currency_code,

        -- flags
        coalesce(
            refunds.posted_date_local < returns.received_date, false
        ) as is_refund_before_receipt,

        -- times
        returns.requested_date,
        returns.received_date,
        refunds.posted_at as refund_posted_at,
        refunds.posted_date_local as refund_posted_date_local,
        matches.settlement_covered_to_date

    from matches

    left join returns
        on matches.return_key = returns.return_key

    left join refunds
        on matches.refund_key = refunds.refund_key

)

select * from described
