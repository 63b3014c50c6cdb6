{# Kaplan-Meier: of the cases still watched and not finished before a day, the share
   that finishes on it; what stays open is the product of what each day leaves open. A case
   last seen open on a day was at risk on it. Interval: Greenwood's variance on the
   log-log scale, which stays within 0 and 1; 1.959964 is the 97.5 % point of the normal
   distribution. #}
{% set groups = 'seller_id, marketplace_code, channel, month_start_date, stage_code' %}

with

stages as (

    select * from {{ ref('fct_return_stages') }}
    where
        is_counted
        and stage_status in ('finished', 'open')
        and watched_days is not null

),

days as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stage_code,
        watched_days,
        count(*) as leaving_count,
        count(*) filter (where stage_status = 'finished') as finished_count
    from stages
    group by
        seller_id, marketplace_code, channel, month_start_date, stage_code,
        watched_days

),

at_risk as (

    select
        *,
        sum(leaving_count) over (
            partition by {{ groups }}
            order by watched_days desc nulls last
            rows between unbounded preceding and current row
        ) as at_risk_count
    from days

),

multiplied as (

    select
        *,
        -- once nobody is left the product is 0 for good; ln(0) is no number
        max(case when finished_count = at_risk_count then 1 else 0 end) over so_far
            as is_over,
        sum(
            case
                when finished_count < at_risk_count
                    then ln(1 - cast(finished_count as double) / at_risk_count)
            end
        ) over so_far as log_open,
        sum(
            case
                when finished_count < at_risk_count
                    then
                        cast(finished_count as double)
                        / (
                            cast(at_risk_count as double)
                            * (at_risk_count - finished_count)
                        )
            end
        ) over so_far as greenwood_sum
    from at_risk
    window so_far as (
        partition by {{ groups }}
        order by watched_days asc nulls last
        rows between unbounded preceding and current row
    )

),

estimated as (

    select
        *,
        case when is_over = 1 then 0.0 else exp(coalesce(log_open, 0)) end
            as still_open,
        case
            when is_over = 0 and log_open < 0
                then exp(1.959964 * sqrt(greenwood_sum) / -log_open)
        end as spread
    from multiplied

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    stage_code,
    cast(watched_days as integer) as elapsed_days,

    -- measures
    cast(at_risk_count as bigint) as at_risk_count,
    cast(finished_count as bigint) as finished_count,
    cast(leaving_count - finished_count as bigint) as censored_count,
    cast(1 - still_open as decimal(9, 6)) as finished_share,
    cast(
        case
            when is_over = 1 then null
            when log_open < 0 then 1 - power(still_open, 1 / spread)
            else 0.0
        end as decimal(9, 6)
    ) as finished_share_low,
    cast(
        case
            when is_over = 1 then 1.0
            when log_open < 0 then 1 - power(still_open, spread)
            else 0.0
        end as decimal(9, 6)
    ) as finished_share_high
from estimated
