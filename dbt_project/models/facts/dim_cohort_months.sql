{# An order month can be judged once its orders landed, the returns report of its
   channel covers the time in which those orders come back (from the month's first day
   until it counts as mature, or until today if that is earlier), and returns find
   their orders: where they do not, no match means nothing. #}
with

months as (

    select * from {{ ref('dim_order_months') }}

),

days as (

    select * from {{ ref('dim_report_days') }}

),

matching as (

    select * from {{ ref('dim_return_matching') }}

),

coverage_parameters as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'minimum_coverage'

),

matching_parameters as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'minimum_matched_share'

),

channels as (

    select
        listed.channel,
        listed.report_code
    from (
        values ('mfn', 'mfn_returns'), ('fba', 'fba_returns')
    ) as listed (channel, report_code)

),

covered as (

    select
        months.seller_id,
        months.marketplace_code,
        months.order_month_start_date,
        channels.channel,
        count(days.covered_date) as returns_covered_days

    from months

    cross join channels

    left join days
        on
            months.seller_id = days.seller_id
            and months.marketplace_code = days.marketplace_code
            and channels.report_code = days.report_code
            and days.covered_date
            between months.order_month_start_date and months.return_window_end_date

    group by
        months.seller_id,
        months.marketplace_code,
        months.order_month_start_date,
        channels.channel

),

shared as (

    select
        months.*,
        covered.channel,
        {{ share(
            'covered.returns_covered_days',
            '1 + ' ~ dbt.datediff(
                'months.order_month_start_date', 'months.return_window_end_date', 'day'
            )
        ) }} as returns_covered_share

    from months

    inner join covered
        on
            months.seller_id = covered.seller_id
            and months.marketplace_code = covered.marketplace_code
            and months.order_month_start_date = covered.order_month_start_date

)

select
    -- keys
    shared.seller_id,
    shared.marketplace_code,
    shared.channel,
    shared.order_month_start_date,

    -- measures
    shared.orders_covered_share,
    shared.returns_covered_share,
    shared.cohort_age_days,
    shared.maturity_days,
    coalesce(matching.matchable_returned_quantity, 0) as matchable_returned_quantity,
    coalesce(matching.matched_returned_quantity, 0) as matched_returned_quantity,
    matching.matched_returned_share,

    -- flags
    shared.has_order_coverage,
    shared.returns_covered_share >= coverage_parameters.parameter_value
        as has_return_coverage,
    -- without any return there is nothing to match
    coalesce(
        matching.matched_returned_share >= matching_parameters.parameter_value, true
    ) as has_matched_returns,
    shared.is_mature

from shared

inner join coverage_parameters
    on
        shared.order_month_start_date
        between coverage_parameters.valid_from and coverage_parameters.valid_to

inner join matching_parameters
    on
        shared.order_month_start_date
        between matching_parameters.valid_from and matching_parameters.valid_to

left join matching
    on
        shared.seller_id = matching.seller_id
        and shared.channel = matching.channel
