{# Zero rows in a covered month mean zero; in an uncovered one nobody knows. Months run
   over the seller's whole span, so a missing month is a row and not a gap. #}
with

days as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'covered_date') }} as date) as month_start_date
    from {{ ref('dim_report_days') }}

),

reports as (

    select listed.report_code
    from (
        values
        ('mfn_returns'), ('fba_returns'), ('all_orders'), ('settlements'),
        ('seller_feedback')
    ) as listed (report_code)

),

parameters as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'minimum_coverage'

),

spans as (

    select
        seller_id,
        min(month_start_date) as first_date,
        max(covered_date) as last_date
    from days
    group by seller_id

),

months as (

    select
        members.seller_id,
        members.marketplace_code,
        cast({{ dbt.date_trunc('month', 'dates.date') }} as date) as month_start_date,
        count(*) as month_days

    from {{ ref('dim_seller_marketplaces') }} as members

    inner join spans
        on members.seller_id = spans.seller_id

    inner join {{ ref('dim_dates') }} as dates
        on dates.date between spans.first_date and spans.last_date

    group by
        members.seller_id,
        members.marketplace_code,
        cast({{ dbt.date_trunc('month', 'dates.date') }} as date)

),

covered as (

    select
        seller_id,
        marketplace_code,
        report_code,
        month_start_date,
        count(*) as covered_days
    from days
    group by seller_id, marketplace_code, report_code, month_start_date

)

select
    -- keys
    months.seller_id,
    months.marketplace_code,
    months.month_start_date,
    reports.report_code,

    -- measures
    cast(coalesce(covered.covered_days, 0) as integer) as covered_days,
    cast(months.month_days as integer) as month_days,
    {{ share('coalesce(covered.covered_days, 0)', 'months.month_days') }}
        as covered_share,

    -- flags
    coalesce(covered.covered_days, 0)
    >= parameters.parameter_value * months.month_days as is_covered

from months

cross join reports

inner join parameters
    on months.month_start_date between parameters.valid_from and parameters.valid_to

left join covered
    on
        months.seller_id = covered.seller_id
        and months.marketplace_code = covered.marketplace_code
        and months.month_start_date = covered.month_start_date
        and reports.report_code = covered.report_code
