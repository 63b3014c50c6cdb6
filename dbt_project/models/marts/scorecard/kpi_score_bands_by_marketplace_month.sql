{# The score placed: its band, the way to the bands beside it, the distance to each
   measure the platform may take, and the month before. #}
with

parameters as (

    select * from {{ ref('dim_score_parameters') }}
    where parameter_code = 'minimum_score_coverage'

),

totals as (

    select
        scores.*,
        -- a score of too few parts is shown, but nothing is read from it
        case
            when scores.coverage_share >= parameters.parameter_value then scores.score
        end as placed_score

    from {{ ref('kpi_score_totals_by_marketplace_month') }} as scores

    inner join parameters
        on
            scores.month_start_date
            between parameters.valid_from and parameters.valid_to

),

bands as (

    select * from {{ ref('dim_score_bands') }}

),

risks as (

    select * from {{ ref('dim_score_risks') }}

),

thresholds as (

    select
        totals.seller_id,
        totals.marketplace_code,
        totals.channel,
        totals.month_start_date,
        max(risks.threshold_score) filter (where risks.risk_code = 'storage_limits')
            as storage_score,
        max(risks.threshold_score) filter (where risks.risk_code = 'advertising_limits')
            as advertising_score,
        max(risks.threshold_score) filter (where risks.risk_code = 'account_suspension')
            as suspension_score

    from totals

    inner join risks
        on totals.month_start_date between risks.valid_from and risks.valid_to

    group by
        totals.seller_id,
        totals.marketplace_code,
        totals.channel,
        totals.month_start_date

)

select
    -- keys
    totals.seller_id,
    totals.marketplace_code,
    totals.channel,
    totals.month_start_date,

    -- attributes
    bands.band_code,

    -- measures
    totals.part_count,
    totals.coverage_share,
    totals.score,
    totals.score_low,
    totals.score_high,
    totals.sensitivity_score_low,
    totals.sensitivity_score_high,
    case when bands.band_order > 1 then bands.upper_score - totals.placed_score end
        as points_to_higher_band,
    case when bands.lower_score > 0 then totals.placed_score - bands.lower_score end
        as points_above_lower_band,
    totals.placed_score - thresholds.storage_score as points_above_storage_limits,
    totals.placed_score - thresholds.advertising_score
        as points_above_advertising_limits,
    totals.placed_score - thresholds.suspension_score
        as points_above_account_suspension,
    previous.score as previous_month_score,
    totals.score - previous.score as score_change,

    -- flags
    totals.is_partial

from totals

left join bands
    on
        totals.month_start_date between bands.valid_from and bands.valid_to
        and totals.placed_score >= bands.lower_score
        and (totals.placed_score < bands.upper_score or bands.band_order = 1)

left join thresholds
    on
        totals.seller_id = thresholds.seller_id
        and totals.marketplace_code = thresholds.marketplace_code
        and totals.channel = thresholds.channel
        and totals.month_start_date = thresholds.month_start_date

left join totals as previous
    on
        totals.seller_id = previous.seller_id
        and totals.marketplace_code = previous.marketplace_code
        and totals.channel = previous.channel
        and cast({{ dbt.dateadd('month', -1, 'totals.month_start_date') }} as date)
        = previous.month_start_date
