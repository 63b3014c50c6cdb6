{# Where returned and refunded units of an order and SKU overlap. #}
with

items as (

    select
        *,
        unit_end - unit_count as unit_start
    from {{ ref('int_return_refund_items__laid_out') }}

),

returns as (

    select * from items
    where side = 'return'

),

refunds as (

    select * from items
    where side = 'refund'

),

overlapping as (

    select
        returns.item_key as return_key,
        refunds.item_key as refund_key,
        returns.is_only_fit and refunds.is_only_fit as is_only_fit,
        returns.is_unambiguous,
        returns.return_count,
        returns.refund_count,
        refunds.is_quantity_assumed,
        returns.priority as return_priority,
        refunds.priority as refund_priority,
        greatest(returns.unit_start, refunds.unit_start) as unit_start,
        least(returns.unit_end, refunds.unit_end) as unit_end,
        refunds.unit_start as refund_unit_start
    from returns
    inner join refunds
        on
            returns.seller_id = refunds.seller_id
            and returns.amazon_order_id = refunds.amazon_order_id
            and returns.sku = refunds.sku
            and returns.unit_start < refunds.unit_end
            and returns.unit_end > refunds.unit_start

)

select
    return_key,
    refund_key,
    case when is_unambiguous then 'exact' else 'quantity_split' end as match_class,
    case
        when is_unambiguous then 'whole_return'
        when is_only_fit then 'same_quantity'
        when return_priority = 1 then 'no_refund_expected'
        when refund_priority = 1 then 'refund_before_request'
        when is_quantity_assumed then 'unknown_refund_quantity'
        when return_count = 1 and refund_count = 1 then 'part_of_units'
        else 'time_order'
    end as match_reason,
    unit_end - unit_start as matched_quantity,
    -- units of the refund given away before this match: where its money starts
    unit_start - refund_unit_start as refund_offset
from overlapping
