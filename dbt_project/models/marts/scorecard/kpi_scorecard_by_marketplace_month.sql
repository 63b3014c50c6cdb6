{# The score of each marketplace: the month's parts side by side, then the total. #}
with

parts as (

    select * from {{ ref('kpi_score_parts_by_marketplace_month') }}
    where marketplace_code != 'all' and channel = 'all'

),

scores as (

    select * from {{ ref('kpi_score_bands_by_marketplace_month') }}
    where marketplace_code != 'all' and channel = 'all'

),

pivoted as (

    select
        seller_id,
        marketplace_code,
        month_start_date,
        {{ score_part_columns('handling_time') }},
        {{ score_part_columns('reason_attribution') }},
        {{ score_part_columns('refund_speed') }},
        {{ score_part_columns('buyer_satisfaction') }}
    from parts
    group by seller_id, marketplace_code, month_start_date

)

select
    -- keys, parts
    pivoted.*,

    -- attributes
    scores.band_code,

    -- measures
    scores.part_count,
    scores.coverage_share,
    scores.score,
    scores.score_low,
    scores.score_high,
    scores.sensitivity_score_low,
    scores.sensitivity_score_high,
    scores.points_to_higher_band,
    scores.points_above_lower_band,
    scores.points_above_storage_limits,
    scores.points_above_advertising_limits,
    scores.points_above_account_suspension,
    scores.previous_month_score,
    scores.score_change,

    -- flags
    scores.is_partial

from pivoted

inner join scores
    on
        pivoted.seller_id = scores.seller_id
        and pivoted.marketplace_code = scores.marketplace_code
        and pivoted.month_start_date = scores.month_start_date
