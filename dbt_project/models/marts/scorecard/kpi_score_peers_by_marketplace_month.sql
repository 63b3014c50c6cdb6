{# A score among its peers: the seller's own best month so far and its other
   marketplaces in the same month; no other seller's data is at hand. With it what a low
   score may bring about, and the part that costs the most points. #}
with

scores as (

    -- a score that is not placed (too few parts) is no peer
    select * from {{ ref('kpi_score_bands_by_marketplace_month') }}
    where band_code is not null

),

parts as (

    select
        *,
        cast(used_weight_share as double) * (100 - part_score) as lost_points,
        row_number() over (
            partition by seller_id, marketplace_code, channel, month_start_date
            order by
                cast(used_weight_share as double) * (100 - part_score) desc nulls last,
                part_code asc nulls last
        ) as loss_number
    from {{ ref('kpi_score_parts_by_marketplace_month') }}

),

risks as (

    select * from {{ ref('dim_score_risks') }}

),

best as (

    select
        *,
        max(score) over (
            partition by seller_id, marketplace_code, channel
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as best_month_score,
        case when marketplace_code != 'all' then rank() over (
            partition by
                seller_id, channel, month_start_date, marketplace_code = 'all'
            order by score desc nulls last
        ) end as marketplace_rank,
        cast(sum(case when marketplace_code != 'all' then 1 else 0 end) over (
            partition by seller_id, channel, month_start_date
        ) as bigint) as ranked_marketplace_count,
        max(case when marketplace_code != 'all' then score end) over (
            partition by seller_id, channel, month_start_date
        ) as best_marketplace_score,
        max(case when marketplace_code != 'all' then score_low end) over (
            partition by seller_id, channel, month_start_date
        ) as highest_score_low
    from scores

),

risky as (

    select
        best.seller_id,
        best.marketplace_code,
        best.channel,
        best.month_start_date,
        max(risks.risk_order) filter (where best.score < risks.threshold_score)
            as met_order,
        min(risks.risk_order) filter (where best.score >= risks.threshold_score)
            as next_order
    from best
    inner join risks
        on best.month_start_date between risks.valid_from and risks.valid_to
    group by
        best.seller_id, best.marketplace_code, best.channel, best.month_start_date

)

select
    -- keys
    best.seller_id,
    best.marketplace_code,
    best.channel,
    best.month_start_date,

    -- attributes
    best.band_code,
    coalesce(met.risk_code, 'none') as plausible_risk_code,
    coalesce(upcoming.risk_code, 'none') as next_risk_code,
    parts.part_code as weakest_part_code,

    -- measures
    best.score,
    best.score_low,
    best.score_high,
    best.best_month_score,
    best.score - best.best_month_score as points_to_best_month,
    cast(best.marketplace_rank as bigint) as marketplace_rank,
    best.ranked_marketplace_count,
    best.best_marketplace_score,
    best.score - best.best_marketplace_score as points_to_best_marketplace,
    best.score - upcoming.threshold_score as points_above_next_risk,
    cast(parts.lost_points as decimal(9, 4)) as weakest_part_lost_points,

    -- flags
    best.score = best.best_month_score as is_best_month,
    best.marketplace_code != 'all' and best.score_high < best.highest_score_low
        as is_clearly_behind

from best

inner join risky
    on {{ equal_columns('best', 'risky', [
        'seller_id', 'marketplace_code', 'channel', 'month_start_date'
    ]) }}
left join risks as met
    on
        risky.met_order = met.risk_order
        and best.month_start_date between met.valid_from and met.valid_to
left join risks as upcoming
    on
        risky.next_order = upcoming.risk_order
        and best.month_start_date between upcoming.valid_from and upcoming.valid_to
left join parts
    on
        {{ equal_columns('best', 'parts', [
            'seller_id', 'marketplace_code', 'channel', 'month_start_date'
        ]) }}
        and parts.loss_number = 1
