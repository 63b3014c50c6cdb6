{# What of a refund no return was matched to, and why. That a return is missing is only
   said where return reports of the channel cover the day of the refund. #}
with

refunds as (

    select * from {{ ref('int_refunds__located') }}
    where is_counted

),

matches as (

    select * from {{ ref('int_return_refund_matches__paired') }}

),

covered as (

    select * from {{ ref('int_return_periods__covered') }}

),

matched as (

    select
        refund_key,
        sum(matched_quantity) as matched_quantity,
        -- a refund of unknown quantity is matched as a whole or not at all
        true as is_matched
    from matches
    group by refund_key

),

-- orders and SKUs in which some return has found a refund
refunded_items as (

    select
        refunds.seller_id,
        refunds.amazon_order_id,
        refunds.sku
    from matched
    inner join refunds
        on matched.refund_key = refunds.refund_key
    group by refunds.seller_id, refunds.amazon_order_id, refunds.sku

),

remaining as (

    select
        refunds.*,
        coalesce(matched.matched_quantity, 0) as matched_quantity,
        coalesce(matched.is_matched, false) as is_matched,
        refunded_items.seller_id is not null as is_item_refunded,
        covered.seller_id is not null as is_covered
    from refunds
    left join matched
        on refunds.refund_key = matched.refund_key
    left join refunded_items
        on
            refunds.seller_id = refunded_items.seller_id
            and refunds.amazon_order_id = refunded_items.amazon_order_id
            and refunds.sku = refunded_items.sku
    left join covered
        on
            refunds.seller_id = covered.seller_id
            and refunds.channel = covered.channel
            and refunds.posted_date_local
            between covered.covered_from_date and covered.covered_to_date

)

select
    refund_key,
    matched_quantity as refund_offset,
    refunded_quantity - matched_quantity as unmatched_quantity,
    case
        when refunded_quantity = 0 and other_amount != 0 then 'goodwill'
        when refunded_quantity = 0 then 'shipping_only'
        when is_matched then 'more_units_than_returned'
        when is_item_refunded and refunded_quantity is not null then 'double'
        when not is_covered then 'no_return_data'
        when refund_type != 'refund' then refund_type
        when refunded_quantity is null then 'unknown_quantity'
        else 'no_return'
    end as match_reason
from remaining
where not is_matched or refunded_quantity > matched_quantity
