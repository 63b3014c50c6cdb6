{# The parts weighed into one score, with three readings of how far to trust it: its
   interval, the weight that has data behind it, and the lowest and highest score when
   one weight is raised or lowered. Handling time and refund speed end with the same
   refund: their distances are added as they are, those of the others as independent. #}
with

parts as (

    select * from {{ ref('kpi_score_parts_by_marketplace_month') }}

),

parameters as (

    select * from {{ ref('dim_score_parameters') }}
    where parameter_code = 'weight_sensitivity'

),

weighed as (

    select
        parts.*,
        parts.part_code in ('handling_time', 'refund_speed') as is_refund_clock,
        cast(parts.weight_share as double) as weight,
        cast(parts.part_score as double) as points,
        cast(parameters.parameter_value as double) as tilt,
        case when parts.part_score is not null then 1.0 else 0.0 end as has_points

    from parts

    inner join parameters
        on
            parts.month_start_date
            between parameters.valid_from and parameters.valid_to

),

summed as (

    select
        *,
        sum(weight * points) over (
            partition by seller_id, marketplace_code, channel, month_start_date
        ) as all_points,
        sum(weight * has_points) over (
            partition by seller_id, marketplace_code, channel, month_start_date
        ) as all_weight
    from weighed

),

tilted as (

    select
        *,
        (all_points + tilt * weight * points)
        / nullif(all_weight + tilt * weight, 0) as raised_score,
        (all_points - tilt * weight * points)
        / nullif(all_weight - tilt * weight, 0) as lowered_score
    from summed

),

totals as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        count(part_score) as part_count,
        sum(weight * has_points) / sum(weight) as coverage,
        sum(weight * points) / nullif(sum(weight * has_points), 0) as score,
        {{ joint_distance('weight * (points - part_score_low)', 'is_refund_clock') }}
        / nullif(sum(weight * has_points), 0) as below,
        {{ joint_distance('weight * (part_score_high - points)', 'is_refund_clock') }}
        / nullif(sum(weight * has_points), 0) as above,
        min(least(raised_score, lowered_score)) as lowest_score,
        max(greatest(raised_score, lowered_score)) as highest_score
    from tilted
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,

    -- measures: sums of doubles come in any order, so their last digits are cut off
    part_count,
    cast(round(coverage, 9) as decimal(9, 6)) as coverage_share,
    cast(round(score, 9) as decimal(5, 2)) as score,
    cast(round(score - below, 9) as decimal(5, 2)) as score_low,
    cast(round(score + above, 9) as decimal(5, 2)) as score_high,
    cast(round(lowest_score, 9) as decimal(5, 2)) as sensitivity_score_low,
    cast(round(highest_score, 9) as decimal(5, 2)) as sensitivity_score_high,

    -- flags
    coverage < 1 as is_partial
from totals
