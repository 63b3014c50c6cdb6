{# Where unsellable returned units in Amazon's warehouses went. Neither removals nor
   sales of graded units name the return, so units leave in the order they came in, and only
   if they were there before the removal was asked for or the graded unit ordered.

   A removal may take more than came back (stock damaged on the shelf): what exceeds
   the units there is lost, not kept for later ones. With A units in and S taken out up
   to removal k, the units really taken up to k are S less the most that S ever exceeded
   A by, so every removal has its stretch of the line of units, without a loop. #}
with

moves as (

    -- of one instant what leaves is first: what arrives was not there yet
    select
        *,
        case when move_type = 'arrival' then 1 else 0 end as move_order,
        case when move_type = 'arrival' then unit_count else 0 end as arrived_count,
        case when move_type = 'arrival' then 0 else unit_count end as asked_count
    from {{ ref('int_unsellable_stock__moved') }}

),

counted as (

    select
        *,
        sum(arrived_count) over (
            partition by seller_id, stock_code
            order by
                moved_at nulls last,
                move_order nulls last,
                move_key nulls last
            rows between unbounded preceding and current row
        ) as arrived_until,
        sum(asked_count) over (
            partition by seller_id, stock_code
            order by
                moved_at nulls last,
                move_order nulls last,
                move_key nulls last
            rows between unbounded preceding and current row
        ) as asked_until
    from moves

),

served as (

    select
        *,
        asked_until - greatest(
            max(asked_until - arrived_until) over (
                partition by seller_id, stock_code
                order by
                    moved_at nulls last,
                    move_order nulls last,
                    move_key nulls last
                rows between unbounded preceding and current row
            ), 0
        ) as taken_until
    from counted
    where move_order = 0

),

stretches as (

    select
        *,
        coalesce(lag(taken_until) over (
            partition by seller_id, stock_code
            order by
                moved_at nulls last,
                move_order nulls last,
                move_key nulls last
        ), 0) as taken_from
    from served

),

arrived as (

    select
        *,
        arrived_until - arrived_count as arrived_from
    from counted
    where move_order = 1

)

select
    arrived.move_key as return_key,
    cast(null as {{ dbt.type_string() }}) as refund_key,
    stretches.move_type as linked_type,
    stretches.move_key as linked_key,
    'sku_fifo' as match_class,
    'first_in_first_out' as match_reason,
    cast(
        least(arrived.arrived_until, stretches.taken_until)
        - greatest(arrived.arrived_from, stretches.taken_from) as bigint
    ) as matched_quantity
from arrived
inner join stretches
    on
        arrived.seller_id = stretches.seller_id
        and arrived.stock_code = stretches.stock_code
        and arrived.arrived_from < stretches.taken_until
        and arrived.arrived_until > stretches.taken_from
