{# Both sides of the matching in one shape. Only what counts takes part: a withdrawn
   request must not take the refund of a real return. #}
with

returns as (

    select * from {{ ref('int_returns__classified') }}

),

refunds as (

    select * from {{ ref('int_refunds__located') }}

),

items as (

    select
        'return' as side,
        return_key as item_key,
        seller_id,
        amazon_order_id,
        sku,
        order_line_key,
        returned_quantity as quantity,
        coalesce(is_refund_expected, true) as is_refund_expected,
        requested_date,
        -- paid when the buyer asks, or hands over the parcel; else when it is back
        case
            when is_returnless or resolution_type = 'refund_at_first_scan'
                then requested_date
            else received_date
        end as item_date,
        cast(null as timestamp) as posted_at
    from returns
    where is_counted and returned_quantity > 0

    union all

    -- a refund of shipping or goodwill alone is for no unit and matches none
    select
        'refund' as side,
        refund_key as item_key,
        seller_id,
        amazon_order_id,
        sku,
        order_line_key,
        refunded_quantity as quantity,
        true as is_refund_expected,
        cast(null as date) as requested_date,
        posted_date_local as item_date,
        posted_at
    from refunds
    where is_counted and coalesce(refunded_quantity, 1) > 0

),

-- the first day the buyer asked to return any unit of the group
dated as (

    select
        *,
        min(requested_date) over (
            partition by seller_id, amazon_order_id, sku
        ) as first_requested_date
    from items

)

select
    side,
    item_key,
    seller_id,
    amazon_order_id,
    sku,
    order_line_key,
    quantity,
    -- laid out last: returns that expect no refund, refunds given before any request
    case
        when not is_refund_expected then 1
        when side = 'refund' and item_date < first_requested_date then 1
        else 0
    end as priority,
    item_date,
    requested_date,
    posted_at
from dated
