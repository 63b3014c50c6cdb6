{# The returned units that the notes of a group may be about, per lane. What is named
   most narrowly is taken first, and a wider name gets what is left, so that no unit
   passes one step twice. Notes about a parcel take all that is left of it. #}
{%- set levels = ['identity', 'dated', 'item', 'rma', 'order'] %}

with

returns as (

    select * from {{ ref('int_returns__identified') }}

),

lanes as (

    select
        group_key,
        group_type,
        lane_code,
        -- before the parcel came, returns are in the order they were asked for
        lane_code in ('requested', 'authorised', 'label_issued', 'in_transit')
            as is_before_receipt,
        sum(record_quantity) as lane_quantity
    from {{ ref('int_warehouse_records__identified') }}
    group by group_key, group_type, lane_code

),

{% for level in levels %}
    {%- set narrower_levels = levels[:loop.index0] %}
    {{ level }}_left as (

        select
            lanes.group_key,
            lanes.lane_code,
            lanes.lane_quantity,
            returns.return_key,
            returns.priority,
            case when not lanes.is_before_receipt then returns.received_date end
                as received_date,
            returns.requested_date,
            returns.returned_quantity
            {%- for narrower in narrower_levels %}
                - coalesce({{ narrower }}_units.taken_quantity, 0)
            {%- endfor %} as offered_quantity
        from returns
        inner join lanes
            on
                returns.{{ level }}_key = lanes.group_key
                and lanes.group_type = '{{ level }}'
        {% for narrower in narrower_levels %}
            left join {{ narrower }}_units
                on
                    returns.return_key = {{ narrower }}_units.return_key
                    and lanes.lane_code = {{ narrower }}_units.lane_code
        {% endfor %}

    ),

    {{ level }}_laid_out as (

        select
            *,
            sum(offered_quantity) over (
                partition by group_key, lane_code
                order by
                    priority asc nulls last,
                    received_date asc nulls last,
                    requested_date asc nulls last,
                    return_key asc nulls last
                rows between unbounded preceding and current row
            ) as unit_end
        from {{ level }}_left

    ),

    {{ level }}_units as (

        select
            *,
            {% if level in ['rma', 'order'] %}
                offered_quantity as taken_quantity
            {% else %}
                greatest(
                    least(unit_end, lane_quantity) - (unit_end - offered_quantity), 0
                ) as taken_quantity
            {% endif %}
        from {{ level }}_laid_out

    ){{ ',' if not loop.last }}
{% endfor %}

{% for level in levels %}
    select
        group_key,
        lane_code,
        return_key,
        offered_quantity,
        cast(unit_end as bigint) as unit_end
    from {{ level }}_units
    {{ 'union all' if not loop.last }}
{% endfor %}
