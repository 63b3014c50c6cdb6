with

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

compared as (

    select * from {{ ref('int_inspections__compared') }}

),

judged as (

    select * from {{ ref('int_inspections__judged') }}

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

joined as (

    select
        -- keys
        inspections.inspection_key,
        inspections.seller_id,
        coalesce(
            inspections.folder_marketplace_code,
            returns.marketplace_code,
            orders.marketplace_code,
            'unknown'
        ) as marketplace_code,
        coalesce(returns.channel, orders.channel, 'unknown') as channel,
        coalesce(inspections.amazon_order_id, returns.amazon_order_id)
            as amazon_order_id,
        compared.return_key,
        inspections.inspection_id,
        inspections.rma_id,
        inspections.sku,
        inspections.license_plate_number,
        inspections.warehouse_id,
        inspections.agent_id,

        -- attributes
        inspections.inspection_outcome_code,
        inspections.inspection_disposition_code,
        inspections.grade_code,
        inspections.found_fault_party,
        judged.found_reason_code,
        judged.found_reason_family,
        inspections.stated_condition_name,
        inspections.image_label_name,
        inspections.image_provider_name,
        inspections.third_party_verdict_name,
        inspections.comment_text,
        compared.match_class,
        compared.match_reason,

        -- measures
        inspections.expected_quantity,
        inspections.received_quantity,
        inspections.restocked_quantity,
        inspections.inspected_quantity,
        cast(compared.linked_quantity as bigint) as linked_quantity,
        cast(compared.linked_return_count as bigint) as linked_return_count,
        inspections.image_confidence_share,

        -- flags
        inspections.is_quantity_assumed,
        inspections.has_unknown_words,
        judged.is_image_sure,
        compared.is_superseded,
        compared.is_conflicting,
        case
            when compared.is_superseded then 'superseded'
            when
                inspections.inspected_date is null
                and coalesce(
                    inspections.inspection_outcome_code,
                    inspections.grade_code,
                    nullif(inspections.inspection_disposition_code, 'pending')
                ) is null
                then 'awaiting_inspection'
        end as not_counted_reason,

        -- times
        inspections.received_at,
        inspections.received_precision,
        inspections.received_date,
        inspections.inspected_at,
        inspections.inspected_precision,
        inspections.inspected_date,
        inspections.updated_at

    from inspections

    inner join compared
        on inspections.inspection_key = compared.inspection_key

    inner join judged
        on inspections.inspection_key = judged.inspection_key

    left join returns
        on compared.return_key = returns.return_key

    left join orders
        on
            inspections.seller_id = orders.seller_id
            and inspections.amazon_order_id = orders.amazon_order_id

)

select
    *,
    not_counted_reason is null as is_counted
from joined
