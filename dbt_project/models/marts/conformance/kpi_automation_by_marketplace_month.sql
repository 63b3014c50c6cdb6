{# What the seller's own tools did by rule and what people did, stage by stage. Bookings
   and scans of Amazon and carriers are no handling of the seller's. #}
{% set groups = 'seller_id, marketplace_code, channel, month_start_date, stage_code' %}

with

returns as (

    select * from {{ ref('fct_return_progress') }}
    where is_counted and month_start_date is not null

),

events as (

    select
        *,
        lag(event_date_local) over (
            partition by return_key order by event_number asc nulls last
        ) as previous_event_date
    from {{ ref('fct_return_events') }}
    where event_number is not null

),

faults as (

    select fault_event_key from {{ ref('fct_return_deviations') }}
    where not is_excused
    group by fault_event_key

),

handled as (

    select
        events.*,
        returns.month_start_date,
        faults.fault_event_key is not null as is_error,
        cast({{ dbt.datediff(
            'events.previous_event_date', 'events.event_date_local', 'day'
        ) }} as integer) as waited_days
    from events
    inner join returns
        on events.return_key = returns.return_key
    left join faults
        on events.return_event_key = faults.fault_event_key
    where events.source_code in ('warehouse_events', 'inspections')

),

ranked as (

    select
        *,
        case
            when waited_days is not null
                then row_number() over (
                    partition by {{ groups }}, actor_kind
                    order by
                        waited_days asc nulls last,
                        return_event_key asc nulls last
                )
        end as wait_rank,
        count(waited_days) over (partition by {{ groups }}, actor_kind) as wait_count
    from handled

),

summed as (

    select
        {{ groups }},
        count(*) as event_count,
        count(*) filter (where actor_kind = 'unknown') as unknown_count,
        count(*) filter (where actor_kind != 'unknown') as known_count,
        {{ handled_counts('automatic', 'system') }},
        {{ handled_counts('manual', 'person') }}
    from ranked
    group by {{ groups }}

),

shared as (

    select
        *,
        {{ share('automatic_count', 'known_count') }} as automatic_share,
        {{ wilson_bound('automatic_count', 'known_count', 'low') }}
            as automatic_share_low,
        {{ wilson_bound('automatic_count', 'known_count', 'high') }}
            as automatic_share_high,
        {{ share('automatic_error_count', 'automatic_count') }}
            as automatic_error_share,
        {{ wilson_bound('automatic_error_count', 'automatic_count', 'low') }}
            as automatic_error_share_low,
        {{ wilson_bound('automatic_error_count', 'automatic_count', 'high') }}
            as automatic_error_share_high,
        {{ share('manual_error_count', 'manual_count') }} as manual_error_share,
        {{ wilson_bound('manual_error_count', 'manual_count', 'low') }}
            as manual_error_share_low,
        {{ wilson_bound('manual_error_count', 'manual_count', 'high') }}
            as manual_error_share_high
    from summed

)

select
    *,
    cast(automatic_p50_days - manual_p50_days as decimal(18, 2))
        as p50_days_difference,
    {{ difference_bound(
        'automatic_p50_days', 'manual_p50_days', 'low', 'decimal(18, 2)'
    ) }} as p50_days_difference_low,
    {{ difference_bound(
        'automatic_p50_days', 'manual_p50_days', 'high', 'decimal(18, 2)'
    ) }} as p50_days_difference_high,
    cast(automatic_error_share - manual_error_share as decimal(9, 6))
        as error_share_difference,
    {{ difference_bound(
        'automatic_error_share', 'manual_error_share', 'low', 'decimal(9, 6)'
    ) }} as error_share_difference_low,
    {{ difference_bound(
        'automatic_error_share', 'manual_error_share', 'high', 'decimal(9, 6)'
    ) }} as error_share_difference_high
from shared
