{# Each cohort as it stood at the end of its own month and of the next three: what a
   projection could know then, beside what it came to. #}
with

-- a returns report fetched a week ago knows nothing of that week
known as (

    select
        seller_id,
        marketplace_code,
        case when report_code = 'mfn_returns' then 'mfn' else 'fba' end as channel,
        max(covered_date) as known_until_date
    from {{ ref('dim_report_days') }}
    where report_code in ('mfn_returns', 'fba_returns')
    group by seller_id, marketplace_code, report_code

),

steps as (

    select
        cohorts.*,
        listed.month_number,
        {{ dbt.dateadd('month', 'listed.month_number', 'order_month_start_date') }}
            as seen_month_start_date,
        known.known_until_date

    from {{ ref('dim_cohort_months') }} as cohorts

    inner join known
        on
            cohorts.seller_id = known.seller_id
            and cohorts.marketplace_code = known.marketplace_code
            and cohorts.channel = known.channel

    cross join (values (0), (1), (2), (3)) as listed (month_number)

),

seen as (

    select
        units.*,
        steps.month_number,
        steps.maturity_days,
        steps.has_order_coverage
        and steps.has_return_coverage
        and steps.has_matched_returns as is_rate_known,
        steps.is_mature,
        cast(steps.seen_month_start_date as date) as seen_month_start_date,
        least(
            cast({{ dbt.last_day('steps.seen_month_start_date', 'month') }} as date),
            steps.known_until_date
        ) as seen_date

    from {{ ref('fct_cohort_units') }} as units

    inner join steps
        on
            units.seller_id = steps.seller_id
            and units.marketplace_code = steps.marketplace_code
            and units.channel = steps.channel
            and units.cohort_month_start_date = steps.order_month_start_date
            and steps.seen_month_start_date <= steps.known_until_date

),

aged as (

    select
        *,
        month_number = max(month_number) over (
            partition by
                seller_id, marketplace_code, channel, clock_code,
                cohort_month_start_date
        ) as is_current,
        case
            when cohort_date <= seen_date
                then least(
                    {{ dbt.datediff('cohort_date', 'seen_date', 'day') }}, maturity_days
                )
        end as age_days
    from seen

)

select
    -- keys
    aged.seller_id,
    aged.marketplace_code,
    aged.channel,
    aged.clock_code,
    aged.cohort_month_start_date,
    cast(aged.month_number as integer) as seen_month_number,

    -- measures
    cast(coalesce(sum(
        case when aged.age_days >= 0 then aged.quantity end
    ), 0) as bigint) as cohort_quantity,
    cast(coalesce(sum(
        case when aged.age_days >= 0 then aged.assumed_day_quantity end
    ), 0) as bigint) as assumed_day_quantity,
    cast(coalesce(sum(
        case when aged.returned_date <= aged.seen_date then aged.quantity end
    ), 0) as bigint) as returned_quantity,
    cast(sum(aged.quantity * delays.returned_within_share) as decimal(18, 4))
        as developed_units,
    max(delays.returned_quantity) as delay_quantity,
    cast(sum(aged.quantity) as bigint) as final_cohort_quantity,
    cast(coalesce(sum(case when aged.is_returned then aged.quantity end), 0) as bigint)
        as final_returned_quantity,

    -- flags
    aged.is_rate_known,
    aged.is_mature,
    aged.is_current,

    -- times
    aged.seen_month_start_date,
    aged.seen_date

from aged

left join {{ ref('kpi_return_delays_by_seller_month') }} as delays
    on
        aged.seller_id = delays.seller_id
        and aged.channel = delays.channel
        and aged.clock_code = delays.clock_code
        and aged.seen_month_start_date = delays.month_start_date
        and aged.age_days = delays.age_days

group by
    aged.seller_id,
    aged.marketplace_code,
    aged.channel,
    aged.clock_code,
    aged.cohort_month_start_date,
    aged.month_number,
    aged.is_rate_known,
    aged.is_mature,
    aged.is_current,
    aged.seen_month_start_date,
    aged.seen_date
