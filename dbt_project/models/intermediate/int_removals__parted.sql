{# Removals of unsellable units, less those that no buyer sent back: the ledger tells
   the state they were in, and some states only the warehouse or a supplier makes. The ledger names the removal
   order; destroyed units have no reference and belong to the last disposal of the SKU
   asked for in the 60 days before. #}
with

events as (

    select * from {{ ref('int_ledger_events__classified') }}
    where
        movement_type in ('removed', 'disposed')
        and moved_quantity < 0
        and disposition_code in ('WAREHOUSE_DAMAGED', 'DISTRIBUTOR_DAMAGED')

),

removals as (

    select * from {{ ref('int_removals__shipped') }}
    where disposition_code = 'unsellable'

),

candidates as (

    select
        events.ledger_event_key,
        events.moved_quantity,
        removals.removal_key,
        row_number() over (
            partition by events.ledger_event_key
            order by
                removals.requested_date desc nulls last,
                removals.removal_key asc nulls last
        ) as preference_number
    from events
    inner join removals
        on
            events.seller_id = removals.seller_id
            and events.sku = removals.sku
            and (
                events.reference_id = removals.removal_order_id
                or (
                    events.reference_id is null
                    and removals.removal_type = 'disposal'
                    and events.country_currency_code = removals.currency_code
                    and events.event_date >= removals.requested_date
                    and {{ dbt.datediff(
                        'removals.requested_date', 'events.event_date', 'day'
                    ) }} <= 60
                )
            )

),

other_stock as (

    select
        removal_key,
        -sum(moved_quantity) as other_stock_quantity
    from candidates
    where preference_number = 1
    group by removal_key

)

select
    removals.removal_key,
    removals.seller_id,
    removals.marketplace_code,
    removals.currency_code,
    removals.sku,
    removals.fnsku,
    cast(
        least(coalesce(other_stock.other_stock_quantity, 0), removals.removed_quantity)
        as bigint
    ) as other_stock_quantity,
    cast(
        greatest(
            removals.removed_quantity - coalesce(other_stock.other_stock_quantity, 0), 0
        ) as bigint
    ) as returned_stock_quantity,
    removals.requested_at,
    removals.requested_date
from removals
left join other_stock
    on removals.removal_key = other_stock.removal_key
