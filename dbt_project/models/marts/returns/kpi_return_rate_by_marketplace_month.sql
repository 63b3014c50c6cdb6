with

cohorts as (

    select * from {{ ref('kpi_order_cohorts_by_marketplace_month') }}

),

coverage as (

    select * from {{ ref('dim_cohort_months') }}

),

joined as (

    select
        -- keys
        cohorts.seller_id,
        cohorts.marketplace_code,
        cohorts.channel,
        cohorts.order_month_start_date,

        -- measures
        cohorts.order_count,
        cohorts.order_line_count,
        cohorts.ordered_quantity,
        cohorts.returned_quantity,
        cohorts.excess_returned_quantity,
        cohorts.unmatched_returned_quantity,
        cast(coalesce(coverage.orders_covered_share, 0) as decimal(9, 6))
            as orders_covered_share,
        cast(coalesce(coverage.returns_covered_share, 0) as decimal(9, 6))
            as returns_covered_share,
        coverage.cohort_age_days,
        coverage.maturity_days,
        coverage.matchable_returned_quantity,
        coverage.matched_returned_quantity,
        coverage.matched_returned_share,

        -- flags
        coalesce(coverage.is_mature, false) as is_mature,
        coalesce(coverage.has_order_coverage, false) as has_order_coverage,
        coalesce(coverage.has_return_coverage, false) as has_return_coverage,
        coalesce(coverage.has_matched_returns, false) as has_matched_returns

    from cohorts

    left join coverage
        on
            cohorts.seller_id = coverage.seller_id
            and cohorts.marketplace_code = coverage.marketplace_code
            and cohorts.channel = coverage.channel
            and cohorts.order_month_start_date = coverage.order_month_start_date

)

select
    *,
    case
        when has_order_coverage and has_return_coverage and has_matched_returns
            then {{ share('returned_quantity', 'ordered_quantity') }}
    end as return_rate,
    case
        when has_order_coverage and has_return_coverage and has_matched_returns
            then {{ wilson_bound('returned_quantity', 'ordered_quantity', 'low') }}
    end as return_rate_low,
    case
        when has_order_coverage and has_return_coverage and has_matched_returns
            then {{ wilson_bound('returned_quantity', 'ordered_quantity', 'high') }}
    end as return_rate_high
from joined
