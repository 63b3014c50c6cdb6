{# The ways returns took, the most frequent first. Days are those of settled returns:
   others are still on their way and their variant may grow. #}
with

variants as (

    select * from {{ ref('fct_return_variants') }}
    where is_counted and month_start_date is not null

),

ranked as (

    select
        *,
        case
            when is_settled
                then row_number() over (
                    partition by
                        seller_id, marketplace_code, channel, month_start_date,
                        variant_key, is_settled
                    order by elapsed_days asc nulls last, return_key asc nulls last
                )
        end as settled_rank,
        sum(case when is_settled then 1 else 0 end) over (
            partition by
                seller_id, marketplace_code, channel, month_start_date, variant_key
        ) as settled_cases
    from variants

),

counted as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        variant_key,

        -- attributes
        variant_text,

        -- measures
        max(step_count) as step_count,
        count(*) as return_count,
        count(*) filter (where is_settled) as settled_count,
        count(*) filter (where check_count > 0) as judged_count,
        count(*) filter (where check_count > 0 and deviation_count = 0)
            as conforming_count,
        cast(sum(case when is_settled then elapsed_days end) as bigint)
            as settled_total_days,
        {{ nearest_rank('elapsed_days', 'settled_rank', 'settled_cases', 50) }}
            as p50_elapsed_days
    from ranked
    group by
        seller_id, marketplace_code, channel, month_start_date, variant_key,
        variant_text

),

totals as (

    select
        *,
        cast(sum(return_count) over (
            partition by seller_id, marketplace_code, channel, month_start_date
        ) as bigint) as month_return_count,
        row_number() over (
            partition by seller_id, marketplace_code, channel, month_start_date
            order by return_count desc nulls last, variant_text asc nulls last
        ) as variant_rank
    from counted

)

select
    *,
    {{ share('return_count', 'month_return_count') }} as return_share,
    {{ share('conforming_count', 'judged_count') }} as conforming_share
from totals
