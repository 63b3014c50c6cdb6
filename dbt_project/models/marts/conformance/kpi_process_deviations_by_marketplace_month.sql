{# Of the returns a rule could be judged on, those that broke it without an excuse. #}
with

checks as (

    select * from {{ ref('fct_process_checks') }}
    where is_counted

),

deviations as (

    select * from {{ ref('fct_return_deviations') }}

),

counted as (

    select
        -- keys
        checks.seller_id,
        checks.marketplace_code,
        checks.channel,
        checks.month_start_date,
        checks.rule_code,

        -- attributes
        max(checks.stage_code) as stage_code,
        max(checks.other_stage_code) as other_stage_code,

        -- measures
        count(*) as judged_count,
        count(*) filter (where not deviations.is_excused) as deviation_count,
        count(*) filter (where deviations.is_excused) as excused_count,
        count(*) filter (
            where not deviations.is_excused and deviations.actor_kind = 'person'
        ) as person_deviation_count,
        count(*) filter (
            where not deviations.is_excused and deviations.actor_kind = 'system'
        ) as system_deviation_count,

        -- flags
        bool_or(checks.is_rework) as is_rework
    from checks
    left join deviations
        on checks.process_check_key = deviations.return_deviation_key
    group by
        checks.seller_id,
        checks.marketplace_code,
        checks.channel,
        checks.month_start_date,
        checks.rule_code

)

select
    *,
    {{ share('deviation_count', 'judged_count') }} as deviation_rate,
    {{ wilson_bound('deviation_count', 'judged_count', 'low') }} as deviation_rate_low,
    {{ wilson_bound('deviation_count', 'judged_count', 'high') }} as deviation_rate_high
from counted
