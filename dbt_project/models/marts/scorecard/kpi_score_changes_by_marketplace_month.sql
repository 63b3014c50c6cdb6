{# What each part did to the score since the month before, in points that add up to the
   change: its own points rose or fell at the mean of its two weights, and weight moved
   to or from it because another part has data or has lost it. A part missing in one
   month is taken to have had the same points there, so that all it does is weight;
   weight counts against the mean score, because what one part gains another gives. #}
with

parts as (

    select
        *,
        cast(coalesce(used_weight_share, 0) as double) as used_weight
    from {{ ref('kpi_score_parts_by_marketplace_month') }}

),

scores as (

    select * from {{ ref('kpi_score_bands_by_marketplace_month') }}
    where score_change is not null

),

paired as (

    select
        scores.seller_id,
        scores.marketplace_code,
        scores.channel,
        scores.month_start_date,
        parts.part_code,
        parts.part_score,
        previous.part_score as previous_part_score,
        parts.used_weight_share,
        previous.used_weight_share as previous_used_weight_share,
        scores.score,
        scores.previous_month_score,
        scores.score_change,
        parts.used_weight - previous.used_weight as weight_change,
        (parts.used_weight + previous.used_weight) / 2 as mean_weight,
        cast(coalesce(parts.part_score, previous.part_score, 0) as double)
            as points_now,
        cast(coalesce(previous.part_score, parts.part_score, 0) as double)
            as points_before,
        cast(scores.score + scores.previous_month_score as double) / 2 as mean_score

    from scores

    inner join parts
        on {{ equal_columns('scores', 'parts', [
            'seller_id', 'marketplace_code', 'channel', 'month_start_date'
        ]) }}

    inner join parts as previous
        on
            {{ equal_columns('scores', 'previous', [
                'seller_id', 'marketplace_code', 'channel'
            ]) }}
            and parts.part_code = previous.part_code
            and cast(
                {{ dbt.dateadd('month', -1, 'scores.month_start_date') }} as date
            ) = previous.month_start_date

),

parted as (

    select
        *,
        mean_weight * (points_now - points_before) as from_points,
        weight_change * ((points_now + points_before) / 2 - mean_score) as from_weight
    from paired

),

ranked as (

    select
        *,
        row_number() over (
            partition by seller_id, marketplace_code, channel, month_start_date
            order by
                abs(from_points + from_weight) desc nulls last,
                part_code asc nulls last
        ) as effect_number
    from parted

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    part_code,

    -- measures
    part_score,
    previous_part_score,
    used_weight_share,
    previous_used_weight_share,
    cast(from_points as decimal(9, 4)) as points_from_part,
    cast(from_weight as decimal(9, 4)) as points_from_weight,
    cast(from_points + from_weight as decimal(9, 4)) as points_changed,
    score,
    previous_month_score,
    score_change,

    -- flags
    effect_number = 1 as is_largest
from ranked
