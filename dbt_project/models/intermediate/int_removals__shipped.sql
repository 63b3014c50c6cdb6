{# A SKU and disposition of a removal order with the parcels it left in. Parcels name no
   line: where an order has two equal ones, they fill one after the other, and the last
   takes what is beyond. Parcels of an order whose report is missing are a row of their
   own, so that nothing that left is lost. #}
with

lines as (

    select * from {{ ref('int_removals__worded') }}

),

shipped as (

    select
        seller_id,
        removal_order_id,
        sku,
        coalesce(fnsku, '') as unit_code,
        disposition_code,
        max(folder_marketplace_code) as folder_marketplace_code,
        max(fnsku) as fnsku,
        max(removal_type) as removal_type,
        max(stated_type_name) as stated_type_name,
        max(stated_disposition_name) as stated_disposition_name,
        min(requested_date) as requested_date,
        min(requested_at) as requested_at,
        sum(shipped_quantity) as shipped_quantity,
        count(*) as shipment_count,
        min(shipped_date) as first_shipped_date,
        max(shipped_date) as last_shipped_date,
        min(shipped_at) as first_shipped_at,
        max(shipped_at) as last_shipped_at
    from lines
    where not is_order_line
    group by seller_id, removal_order_id, sku, coalesce(fnsku, ''), disposition_code

),

ordered as (

    select
        *,
        coalesce(fnsku, '') as unit_code,
        coalesce(sum(shipped_quantity) over (
            partition by
                seller_id, removal_order_id, sku, coalesce(fnsku, ''), disposition_code
            order by occurrence_number asc nulls last, removal_key asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as shipped_start,
        row_number() over (
            partition by
                seller_id, removal_order_id, sku, coalesce(fnsku, ''), disposition_code
            order by occurrence_number desc nulls last, removal_key desc nulls last
        ) as number_from_end
    from lines
    where is_order_line

),

joined as (

    select
        coalesce(
            ordered.removal_key,
            {{ surrogate_key([
                "'removal_parcels'", 'shipped.seller_id', 'shipped.removal_order_id',
                'shipped.sku', 'shipped.unit_code', 'shipped.disposition_code'
            ]) }}
        ) as removal_key,
        coalesce(ordered.seller_id, shipped.seller_id) as seller_id,
        coalesce(
            ordered.folder_marketplace_code, shipped.folder_marketplace_code, 'unknown'
        ) as marketplace_code,
        coalesce(
            ordered.removal_order_id, shipped.removal_order_id
        ) as removal_order_id,
        coalesce(ordered.sku, shipped.sku) as sku,
        coalesce(ordered.fnsku, shipped.fnsku) as fnsku,
        coalesce(
            ordered.disposition_code, shipped.disposition_code
        ) as disposition_code,
        coalesce(
            nullif(ordered.removal_type, 'unknown'), shipped.removal_type, 'unknown'
        ) as removal_type,
        coalesce(ordered.removal_source, 'unknown') as removal_source,
        coalesce(ordered.removal_status, 'unknown') as removal_status,
        coalesce(
            ordered.stated_type_name, shipped.stated_type_name
        ) as stated_type_name,
        ordered.stated_source_name,
        ordered.stated_status_name,
        ordered.currency_code,
        coalesce(
            ordered.stated_disposition_name, shipped.stated_disposition_name
        ) as stated_disposition_name,
        ordered.removal_key is not null as has_order_report,
        ordered.shipped_quantity,
        ordered.disposed_quantity,
        case
            when ordered.removal_key is null or ordered.number_from_end = 1
                then greatest(
                    shipped.shipped_quantity - coalesce(ordered.shipped_start, 0), 0
                )
            else greatest(
                least(
                    shipped.shipped_quantity - ordered.shipped_start,
                    ordered.shipped_quantity
                ), 0
            )
        end as shipped_quantity_by_shipments,
        shipped.shipment_count,
        coalesce(ordered.requested_date, shipped.requested_date) as requested_date,
        coalesce(ordered.requested_at, shipped.requested_at) as requested_at,
        shipped.first_shipped_date,
        shipped.last_shipped_date,
        shipped.first_shipped_at,
        shipped.last_shipped_at
    from ordered
    full outer join shipped
        on
            ordered.seller_id = shipped.seller_id
            and ordered.removal_order_id = shipped.removal_order_id
            and ordered.sku = shipped.sku
            and ordered.unit_code = shipped.unit_code
            and ordered.disposition_code = shipped.disposition_code

)

select
    *,
    -- the parcels may know of more than the order's last report
    greatest(
        coalesce(shipped_quantity, 0), coalesce(shipped_quantity_by_shipments, 0)
    ) + coalesce(disposed_quantity, 0) as removed_quantity
from joined
