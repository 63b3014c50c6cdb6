{# What came into and left a seller's unsellable stock of returned units, in one shape.
   A time that is only a day is read so that "before" is certain: a unit is there when
   its day is over, a removal may have been asked for when its day began.

   Units that Amazon paid for, destroyed or gave away itself are not the seller's to
   remove, and repackaged ones are sold as new. #}
with

units as (

    select * from {{ ref('int_return_links__units') }}
    where unit_side = 'return' and channel = 'fba'

),

reimbursed as (

    select
        return_key,
        sum(matched_quantity) as reimbursed_quantity
    from {{ ref('int_return_links__reimbursements') }}
    where return_key is not null
    group by return_key

),

removals as (

    select * from {{ ref('int_removals__shipped') }}
    where disposition_code = 'unsellable'

),

order_lines as (

    select * from {{ ref('int_order_lines__located') }}
    where sku like 'amzn.gr.%' and is_counted

),

graded_skus as (

    select * from {{ ref('int_graded_skus__traced') }}
    where sku is not null

),

moves as (

    select
        'arrival' as move_type,
        units.unit_key as move_key,
        units.seller_id,
        units.sku,
        units.fnsku,
        units.unit_count - coalesce(reimbursed.reimbursed_quantity, 0) as unit_count,
        coalesce(
            units.received_at,
            cast({{ dbt.dateadd('day', 1, 'units.received_date') }} as timestamp)
        ) as moved_at
    from units
    left join reimbursed
        on units.return_key = reimbursed.return_key
    where
        not units.is_sellable
        and coalesce(units.return_status, 'unknown') not in (
            'reimbursed', 'disposed', 'immediate_disposal', 'immediate_donation',
            'repackaged_successfully'
        )

    union all

    select
        'removal' as move_type,
        removal_key as move_key,
        seller_id,
        sku,
        fnsku,
        removed_quantity as unit_count,
        coalesce(requested_at, cast(requested_date as timestamp)) as moved_at
    from removals

    union all

    select
        'resale' as move_type,
        order_lines.order_line_key as move_key,
        order_lines.seller_id,
        graded_skus.sku,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        order_lines.quantity as unit_count,
        order_lines.ordered_at as moved_at
    from order_lines
    inner join graded_skus
        on
            order_lines.seller_id = graded_skus.seller_id
            and order_lines.sku = graded_skus.graded_sku

)

select
    move_type,
    move_key,
    seller_id,
    -- one code for a unit whether a report gives its FNSKU or only the SKU
    coalesce(
        fnsku, max(fnsku) over (partition by seller_id, sku), sku
    ) as stock_code,
    cast(unit_count as bigint) as unit_count,
    moved_at
from moves
where unit_count > 0 and moved_at is not null
