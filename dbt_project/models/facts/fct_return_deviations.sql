{# The checks that failed, with the events that show it. An excuse is a policy that
   allows the deviation (seed `process_excuses`): it is shown and does not count against the
   seller. #}
with

checks as (

    select * from {{ ref('fct_process_checks') }}
    where is_deviation

),

events as (

    select * from {{ ref('fct_return_events') }}
    where event_number is not null

),

excuses as (

    select * from {{ ref('process_excuses') }}

),

excused as (

    select
        checks.process_check_key,
        min(excuses.excuse_code) as excuse_code
    from checks
    inner join excuses
        on
            checks.rule_code = excuses.rule_code
            and (checks.channel = excuses.channel or excuses.channel = 'any')
            and checks.month_start_date between excuses.valid_from and excuses.valid_to
            and (
                excuses.condition_code in ('any', checks.resolution_type)
                or (excuses.condition_code = 'a_to_z_claim' and checks.has_a_to_z_claim)
            )
    group by checks.process_check_key

)

select
    -- keys
    checks.process_check_key as return_deviation_key,
    checks.return_key,
    checks.seller_id,
    checks.marketplace_code,
    faults.return_event_key as fault_event_key,
    other_events.return_event_key as other_event_key,
    faults.evidence_key,
    checks.repeat_evidence_key,
    faults.agent_id,

    -- attributes
    checks.channel,
    checks.amazon_order_id,
    checks.sku,
    checks.rule_code,
    checks.stage_code,
    checks.other_stage_code,
    faults.source_code,
    faults.actor_kind,
    excused.excuse_code,
    checks.not_counted_reason,

    -- measures
    cast({{ dbt.datediff(
        'faults.event_date_local', 'other_events.event_date_local', 'day'
    ) }} as integer) as other_after_days,

    -- flags
    excused.excuse_code is not null as is_excused,
    checks.is_rework,
    checks.is_counted,

    -- times
    faults.event_at,
    faults.event_date_local,
    checks.month_start_date

from checks

inner join events as faults
    on
        checks.return_key = faults.return_key
        and checks.fault_event_number = faults.event_number

left join events as other_events
    on
        checks.return_key = other_events.return_key
        and checks.other_event_number = other_events.event_number

left join excused
    on checks.process_check_key = excused.process_check_key
