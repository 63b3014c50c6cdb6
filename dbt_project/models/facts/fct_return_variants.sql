{# The way each return took: its timed events in their order, one step for several of
   the same stage in a row. Who acted is known of some events only; a hand-off is counted
   between an event and the newest one before it whose actor is known. #}
{% set most_steps = 16 %}

with

returns as (

    select * from {{ ref('fct_return_progress') }}

),

checks as (

    select * from {{ ref('fct_process_checks') }}

),

deviations as (

    select * from {{ ref('fct_return_deviations') }}

),

events as (

    select
        *,
        actor_kind = 'person' and agent_id is not null as is_named_person,
        lag(stage_code) over (
            partition by return_key order by event_number asc nulls last
        ) as previous_stage_code,
        lag(agent_id) over (
            partition by return_key, actor_kind = 'person' and agent_id is not null
            order by event_number asc nulls last
        ) as previous_agent_id,
        lag(actor_kind) over (
            partition by return_key, actor_kind = 'unknown'
            order by event_number asc nulls last
        ) as previous_actor_kind
    from {{ ref('fct_return_events') }}
    where event_number is not null

),

steps as (

    select
        *,
        sum(case when stage_code = previous_stage_code then 0 else 1 end) over (
            partition by return_key
            order by event_number asc nulls last
            rows between unbounded preceding and current row
        ) as step_number
    from events

),

lined_up as (

    select
        return_key,
        count(*) as event_count,
        max(step_number) as step_count,
        count(distinct stage_code) as stage_count,
        count(*) filter (where actor_kind != 'unknown') as known_actor_count,
        count(*) filter (where is_named_person and agent_id != previous_agent_id)
            as person_handoff_count,
        count(*) filter (
            where actor_kind != 'unknown' and actor_kind != previous_actor_kind
        ) as system_handoff_count,
        concat(
            max(case when step_number = 1 then stage_code end),
            {% for number in range(2, most_steps + 1) %}
                max(case
                    when step_number = {{ number }} then ' > ' || stage_code else ''
                end),
            {% endfor %}
            case when max(step_number) > {{ most_steps }} then ' > ...' else '' end
        ) as variant_text,
        min(event_date_local) as first_event_date,
        max(event_date_local) as last_event_date
    from steps
    group by return_key

),

checked as (

    select
        checks.return_key,
        count(*) as check_count,
        count(*) filter (where not deviations.is_excused) as deviation_count,
        count(*) filter (where not deviations.is_excused and deviations.is_rework)
            as rework_count
    from checks
    left join deviations
        on checks.process_check_key = deviations.return_deviation_key
    group by checks.return_key

)

select
    -- keys
    returns.return_key,
    returns.seller_id,
    returns.marketplace_code,
    {{ surrogate_key(['lined_up.variant_text']) }} as variant_key,

    -- attributes
    returns.channel,
    returns.amazon_order_id,
    returns.sku,
    lined_up.variant_text,
    returns.not_counted_reason,

    -- measures
    lined_up.event_count,
    cast(lined_up.step_count as bigint) as step_count,
    cast(lined_up.step_count - lined_up.stage_count as bigint) as revisit_count,
    lined_up.known_actor_count,
    lined_up.person_handoff_count,
    lined_up.system_handoff_count,
    coalesce(checked.check_count, 0) as check_count,
    coalesce(checked.deviation_count, 0) as deviation_count,
    coalesce(checked.rework_count, 0) as rework_count,
    cast({{ dbt.datediff(
        'lined_up.first_event_date', 'lined_up.last_event_date', 'day'
    ) }} as integer) as elapsed_days,

    -- flags
    returns.refund_status in ('done', 'not_applicable') as is_settled,
    returns.is_counted,

    -- times
    lined_up.first_event_date,
    lined_up.last_event_date,
    returns.month_start_date

from returns

inner join lined_up
    on returns.return_key = lined_up.return_key

left join checked
    on returns.return_key = checked.return_key
