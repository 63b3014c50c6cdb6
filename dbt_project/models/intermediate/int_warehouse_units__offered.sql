{# The returned units that the notes of a group may be about, per lane. What is named
   by RMA or plate is taken first, then what it names by order and SKU; notes about a
   whole parcel get what is left, so that no unit passes one step twice. #}
with

returns as (

    select * from {{ ref('int_returns__identified') }}

),

lanes as (

    select
        group_key,
        group_type,
        lane_code,
        sum(record_quantity) as lane_quantity
    from {{ ref('int_warehouse_records__identified') }}
    group by group_key, group_type, lane_code

),

identity_units as (

    select
        lanes.group_key,
        lanes.lane_code,
        returns.return_key,
        returns.priority,
        returns.return_date,
        returns.returned_quantity as offered_quantity,
        greatest(
            least(returns.identity_unit_end, lanes.lane_quantity)
            - (returns.identity_unit_end - returns.returned_quantity),
            0
        ) as taken_quantity
    from returns
    inner join lanes on returns.identity_key = lanes.group_key

),

item_left as (

    select
        lanes.group_key,
        lanes.lane_code,
        lanes.lane_quantity,
        returns.return_key,
        returns.priority,
        returns.return_date,
        returns.returned_quantity
        - coalesce(identity_units.taken_quantity, 0) as offered_quantity
    from returns
    inner join lanes on returns.item_key = lanes.group_key
    left join identity_units
        on
            returns.return_key = identity_units.return_key
            and lanes.lane_code = identity_units.lane_code

),

item_laid_out as (

    select
        *,
        sum(offered_quantity) over (
            partition by group_key, lane_code
            order by
                priority asc nulls last,
                return_date asc nulls last,
                return_key asc nulls last
            rows between unbounded preceding and current row
        ) as unit_end
    from item_left

),

item_units as (

    select
        *,
        greatest(
            least(unit_end, lane_quantity) - (unit_end - offered_quantity), 0
        ) as taken_quantity
    from item_laid_out

),

parcels as (

    select
        *,
        rma_key as parcel_key,
        cast(null as {{ dbt.type_string() }}) as narrower_key
    from returns

    union all

    select
        *,
        order_key as parcel_key,
        rma_key as narrower_key
    from returns

),

parcel_units as (

    select
        lanes.group_key,
        lanes.lane_code,
        parcels.return_key,
        parcels.priority,
        parcels.return_date,
        case
            when narrower.group_key is not null then 0
            else
                parcels.returned_quantity
                - coalesce(identity_units.taken_quantity, 0)
                - coalesce(item_units.taken_quantity, 0)
        end as offered_quantity
    from parcels
    inner join lanes on parcels.parcel_key = lanes.group_key
    left join lanes as narrower
        on
            parcels.narrower_key = narrower.group_key
            and lanes.lane_code = narrower.lane_code
    left join identity_units
        on
            parcels.return_key = identity_units.return_key
            and lanes.lane_code = identity_units.lane_code
    left join item_units
        on
            parcels.return_key = item_units.return_key
            and lanes.lane_code = item_units.lane_code

)

{% for units in ['identity_units', 'item_units', 'parcel_units'] %}
    select
        group_key,
        lane_code,
        return_key,
        priority,
        return_date,
        offered_quantity
    from {{ units }}
    {{ 'union all' if not loop.last }}
{% endfor %}
