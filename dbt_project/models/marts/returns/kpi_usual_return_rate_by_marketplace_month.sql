{# What was known at the end of a month of the rate its cohorts usually come to, and how
   much months differ beyond chance: the share of a unit's variance that lies between
   months, by the analysis of variance of counts. A young cohort leans on the usual rate
   as if on that many more units; the more months differ, the fewer. #}
with

development as (

    select * from {{ ref('kpi_return_development_by_marketplace_month') }}

),

months as (

    select distinct
        seller_id,
        marketplace_code,
        channel,
        clock_code,
        seen_month_start_date as month_start_date
    from development

),

assumed as (

    select *
    from {{ assumed_values('months', 'month_start_date', [
        'history_months', 'minimum_prior_months', 'prior_strength_low',
        'prior_strength_high'
    ]) }} as assumed_values

),

-- cohorts that were three months past by then
past as (

    select
        months.*,
        assumed.minimum_prior_months,
        assumed.prior_strength_low,
        assumed.prior_strength_high,
        development.cohort_quantity as cohort_units,
        development.returned_quantity as returned_units

    from months

    inner join assumed
        on months.month_start_date = assumed.assumed_date

    inner join development
        on
            months.seller_id = development.seller_id
            and months.marketplace_code = development.marketplace_code
            and months.channel = development.channel
            and months.clock_code = development.clock_code
            and development.seen_month_number = 3
            and development.is_rate_known
            and development.cohort_quantity > 0
            and months.month_start_date >= development.seen_month_start_date
            and development.seen_month_start_date > {{ dbt.dateadd(
                'month', '-cast(assumed.history_months as integer)',
                'months.month_start_date'
            ) }}

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        clock_code,
        month_start_date,
        max(minimum_prior_months) as minimum_months,
        max(prior_strength_low) as strength_low,
        max(prior_strength_high) as strength_high,
        count(*) as cohort_count,
        cast(sum(cohort_units) as bigint) as cohort_quantity,
        cast(sum(returned_units) as bigint) as returned_quantity,
        sum(power(cast(cohort_units as double), 2)) as squared_units,
        sum(power(cast(returned_units as double), 2) / cohort_units) as squared_returned
    from past
    group by seller_id, marketplace_code, channel, clock_code, month_start_date

),

rated as (

    select
        *,
        cast(returned_quantity as double) / cohort_quantity as rate,
        cohort_quantity - squared_units / cohort_quantity - (cohort_count - 1)
            as freedom
    from summed

),

spread as (

    select
        *,
        case
            when
                cohort_count >= minimum_months and freedom > 0 and rate > 0 and rate < 1
                then (
                    (squared_returned - returned_quantity * rate) / (rate * (1 - rate))
                    - (cohort_count - 1)
                ) / freedom
        end as between_share
    from rated

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    clock_code,
    month_start_date,

    -- measures
    cohort_count,
    cohort_quantity,
    returned_quantity,
    cast(case
        when between_share is not null then least(greatest(between_share, 0.0), 1.0)
    end as decimal(9, 6)) as between_months_share,
    cast(case
        when between_share is null then strength_low
        when between_share <= 0 then strength_high
        else least(
            greatest((1 - between_share) / between_share, strength_low), strength_high
        )
    end as decimal(18, 4)) as prior_units,
    {{ share('returned_quantity', 'cohort_quantity') }} as usual_return_rate,
    {{ wilson_bound('returned_quantity', 'cohort_quantity', 'low') }}
        as usual_return_rate_low,
    {{ wilson_bound('returned_quantity', 'cohort_quantity', 'high') }}
        as usual_return_rate_high
from spread
