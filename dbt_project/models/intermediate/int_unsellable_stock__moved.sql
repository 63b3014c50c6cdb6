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

    select * from {{ ref('int_removals__parted') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

graded_sales as (

    select * from {{ ref('int_graded_sales__traced') }}
    where sku is not null

),

moves as (

    select
        'arrival' as move_type,
        units.unit_key as move_key,
        units.seller_id,
        units.marketplace_code,
        cast(null as {{ dbt.type_string() }}) as currency_code,
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
        marketplace_code,
        currency_code,
        sku,
        fnsku,
        returned_stock_quantity as unit_count,
        coalesce(requested_at, cast(requested_date as timestamp)) as moved_at
    from removals

    union all

    select
        'resale' as move_type,
        order_line_key as move_key,
        seller_id,
        marketplace_code,
        currency_code,
        sku,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        quantity as unit_count,
        ordered_at as moved_at
    from graded_sales

),

placed as (

    -- stock is not carried over a border to be removed, but within the European Union;
    -- a removal, of whatever folder, tells its place by the currency of its fee
    select
        moves.*,
        replace(
            replace(
                coalesce(moves.currency_code, marketplaces.currency_code), 'PLN', 'EUR'
            ), 'SEK', 'EUR'
        ) as area_code
    from moves
    left join marketplaces
        on moves.marketplace_code = marketplaces.marketplace_code
    where moves.unit_count > 0 and moves.moved_at is not null

),

coded as (

    -- one code for a unit whether a report gives its FNSKU or only the SKU
    select
        *,
        coalesce(
            fnsku, max(fnsku) over (partition by seller_id, sku), sku
        ) as unit_code,
        case
            when
                min(area_code) over (partition by seller_id)
                = max(area_code) over (partition by seller_id)
                then max(area_code) over (partition by seller_id)
        end as only_area_code
    from placed

)

select
    move_type,
    move_key,
    seller_id,
    unit_code || '|' || coalesce(area_code, only_area_code, 'unknown') as stock_code,
    cast(unit_count as bigint) as unit_count,
    moved_at
from coded
