{# How long returns take, learned from units old enough for all of theirs to be in:
   younger ones would tell of fast returns only. What came after maturity stands at
   maturity. #}
with

cohorts as (

    select * from {{ ref('dim_cohort_months') }}
    where has_order_coverage and has_return_coverage and has_matched_returns

),

parameters as (

    select
        valid_from,
        valid_to,
        cast(assumed_value as integer) as history_months
    from {{ ref('dim_return_assumptions') }}
    where assumption_code = 'history_months'

),

months as (

    select
        sellers.seller_id,
        dates.date as month_start_date,
        least(
            cast({{ dbt.last_day('dates.date', 'month') }} as date),
            sellers.data_as_of_date
        ) as seen_date,
        cast({{ dbt.dateadd(
            'month', '-parameters.history_months', 'dates.date'
        ) }} as date) as history_start_date

    from {{ ref('dim_sellers') }} as sellers

    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date = dates.month_start_date
            and dates.date
            between sellers.first_covered_date and sellers.data_as_of_date

    inner join parameters
        on dates.date between parameters.valid_from and parameters.valid_to

),

sampled as (

    select
        units.seller_id,
        units.channel,
        units.clock_code,
        months.month_start_date,
        least(units.return_days, cohorts.maturity_days) as return_days,
        max(cohorts.maturity_days) as maturity_days,
        sum(units.quantity) as returned_units

    from months

    inner join {{ ref('fct_cohort_units') }} as units
        on
            months.seller_id = units.seller_id
            and units.is_returned
            and months.seen_date >= units.returned_date
            and months.history_start_date <= units.cohort_date

    inner join cohorts
        on
            units.seller_id = cohorts.seller_id
            and units.marketplace_code = cohorts.marketplace_code
            and units.channel = cohorts.channel
            and units.cohort_month_start_date = cohorts.order_month_start_date
            and {{ dbt.dateadd('day', 'cohorts.maturity_days', 'units.cohort_date') }}
            <= months.seen_date

    group by
        units.seller_id,
        units.channel,
        units.clock_code,
        months.month_start_date,
        least(units.return_days, cohorts.maturity_days)

),

totals as (

    select
        seller_id,
        channel,
        clock_code,
        month_start_date,
        max(maturity_days) as maturity_days,
        sum(returned_units) as returned_units
    from sampled
    group by seller_id, channel, clock_code, month_start_date

),

ages as (

    select row_number() over (order by date asc nulls last) - 1 as age_days
    from {{ ref('dim_dates') }}

),

cumulated as (

    select
        totals.seller_id,
        totals.channel,
        totals.clock_code,
        totals.month_start_date,
        cast(ages.age_days as integer) as age_days,
        cast(coalesce(sum(sampled.returned_units) over (
            partition by
                totals.seller_id, totals.channel, totals.clock_code,
                totals.month_start_date
            order by ages.age_days asc nulls last
        ), 0) as bigint) as returned_within_quantity,
        cast(totals.returned_units as bigint) as returned_quantity

    from totals

    inner join ages
        on totals.maturity_days >= ages.age_days

    left join sampled
        on
            totals.seller_id = sampled.seller_id
            and totals.channel = sampled.channel
            and totals.clock_code = sampled.clock_code
            and totals.month_start_date = sampled.month_start_date
            and ages.age_days = sampled.return_days

)

select
    *,
    {{ share('returned_within_quantity', 'returned_quantity') }}
        as returned_within_share,
    {{ wilson_bound('returned_within_quantity', 'returned_quantity', 'low') }}
        as returned_within_share_low,
    {{ wilson_bound('returned_within_quantity', 'returned_quantity', 'high') }}
        as returned_within_share_high
from cumulated
