{# Percentiles are read over all timed cases, open ones counted as longer than any
   finished one: null where the percentile falls among them. Leaving open cases out would
   make the slowest months look fast. (A survival estimate is a later step.) #}
with

stages as (

    select * from {{ ref('fct_return_stages') }}

),

ranked as (

    select
        *,
        case
            when stage_status = 'finished'
                then row_number() over (
                    partition by
                        seller_id, marketplace_code, channel, month_start_date,
                        stage_code, stage_status
                    order by stage_days asc nulls last, return_key asc nulls last
                )
        end as finished_rank,
        sum(case when stage_status in ('finished', 'open') then 1 else 0 end) over (
            partition by
                seller_id, marketplace_code, channel, month_start_date, stage_code
        ) as timed_cases
    from stages
    where is_counted

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stage_code,

        -- measures
        count(*) filter (where stage_status in ('finished', 'open')) as case_count,
        count(*) filter (where stage_status = 'finished') as closed_count,
        count(*) filter (where stage_status = 'open') as open_count,
        count(*) filter (where stage_status = 'ended_before_start')
            as ended_before_start_count,
        count(*) filter (where stage_status = 'unknown') as unknown_count,
        count(*) filter (where stage_status = 'not_applicable') as not_applicable_count,
        {{ nearest_rank('stage_days', 'finished_rank', 'timed_cases', 50) }}
            as p50_days,
        {{ nearest_rank('stage_days', 'finished_rank', 'timed_cases', 75) }}
            as p75_days,
        {{ nearest_rank('stage_days', 'finished_rank', 'timed_cases', 90) }}
            as p90_days,
        {{ nearest_rank('stage_days', 'finished_rank', 'timed_cases', 95) }}
            as p95_days,
        count(*) filter (where is_due) as due_count,
        {{ count_within('is_due', 'is_within_target') }} as within_target_count,

        -- flags
        bool_or(is_scored) as is_scored
    from ranked
    group by seller_id, marketplace_code, channel, month_start_date, stage_code

)

select
    *,
    {{ share('within_target_count', 'due_count') }} as within_target_share,
    {{ wilson_bound('within_target_count', 'due_count', 'low') }}
        as within_target_share_low,
    {{ wilson_bound('within_target_count', 'due_count', 'high') }}
        as within_target_share_high,
    {{ share('case_count + ended_before_start_count',
        'case_count + ended_before_start_count + unknown_count') }}
        as known_share
from summed
