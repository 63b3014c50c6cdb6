{# A month's orders have seen their returns once the month is `maturity_days` past. #}
with

months as (

    select
        *,
        {{ dbt.last_day('month_start_date', 'month') }} as month_end_date
    from {{ ref('dim_report_months') }}
    where report_code = 'all_orders'

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

ages as (

    select * from {{ ref('dim_maturity_days') }}

),

aged as (

    select
        months.seller_id,
        months.marketplace_code,
        months.month_start_date,
        months.covered_share,
        months.is_covered,
        ages.maturity_days,
        {{ dbt.datediff('months.month_end_date', 'sellers.data_as_of_date', 'day') }}
            as cohort_age_days,
        {{ dbt.dateadd('day', 'ages.maturity_days', 'months.month_end_date') }}
            as mature_date,
        sellers.data_as_of_date

    from months

    inner join sellers
        on months.seller_id = sellers.seller_id

    inner join ages
        on
            months.marketplace_code = ages.marketplace_code
            and months.month_start_date between ages.valid_from and ages.valid_to

)

select
    -- keys
    seller_id,
    marketplace_code,
    month_start_date as order_month_start_date,

    -- measures
    covered_share as orders_covered_share,
    cast(cohort_age_days as integer) as cohort_age_days,
    maturity_days,

    -- flags
    is_covered as has_order_coverage,
    cohort_age_days >= maturity_days as is_mature,

    -- times
    cast(mature_date as date) as mature_date,
    least(cast(mature_date as date), data_as_of_date) as return_window_end_date
from aged
