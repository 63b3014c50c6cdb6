with

removals as (

    select * from {{ ref('int_removals__shipped') }}

),

orders as (

    select * from {{ ref('stg_amazon_sp__removal_orders') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

joined as (

    select
        -- keys
        removals.removal_key,
        removals.seller_id,
        removals.marketplace_code,
        removals.removal_order_id,
        removals.sku,
        removals.fnsku,

        -- attributes
        removals.removal_type,
        removals.removal_source,
        removals.removal_status,
        removals.disposition_code,
        removals.stated_type_name,
        removals.stated_source_name,
        removals.stated_status_name,
        removals.stated_disposition_name,
        coalesce(orders.currency_code, marketplaces.currency_code) as currency_code,

        -- measures
        orders.requested_quantity,
        orders.cancelled_quantity,
        removals.disposed_quantity,
        removals.shipped_quantity,
        orders.in_process_quantity,
        cast(
            removals.shipped_quantity_by_shipments as bigint
        ) as shipped_quantity_by_shipments,
        cast(removals.removed_quantity as bigint) as removed_quantity,
        removals.shipment_count,
        orders.fee_amount,

        -- flags
        removals.has_order_report,
        removals.removal_status != 'cancelled'
        or removals.removed_quantity > 0 as is_counted,
        case
            when
                removals.removal_status = 'cancelled'
                and removals.removed_quantity = 0
                then 'cancelled'
        end as not_counted_reason,

        -- times
        removals.requested_at,
        removals.requested_date,
        orders.last_updated_at,
        orders.last_updated_date,
        removals.first_shipped_at,
        removals.last_shipped_at,
        removals.first_shipped_date,
        removals.last_shipped_date

    from removals

    left join orders
        on removals.removal_key = orders.removal_key

    left join marketplaces
        on removals.marketplace_code = marketplaces.marketplace_code

)

select * from joined
