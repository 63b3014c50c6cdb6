{# Feedback lags the return: an order of the last weeks is silent because its buyer has
   not written yet, or because the report of the next month is missing. Neither is
   satisfaction, so an order has a verdict only when its whole window was read. #}
with

parameters as (

    select
        valid_from,
        valid_to,
        cast(round(parameter_value) as integer) as window_days
    from {{ ref('score_parameters') }}
    where parameter_code = 'feedback_window_days'

),

days as (

    select
        seller_id,
        marketplace_code,
        covered_date,
        row_number() over (
            partition by seller_id, marketplace_code
            order by covered_date asc nulls last
        ) as day_rank
    from {{ ref('dim_report_days') }}
    where report_code = 'seller_feedback'

),

-- days without a gap stay the same distance from their rank
placed as (

    select
        seller_id,
        marketplace_code,
        covered_date,
        cast({{ dbt.dateadd('day', '-day_rank', 'covered_date') }} as date)
            as spell_origin_date
    from days

),

spells as (

    select
        seller_id,
        marketplace_code,
        min(covered_date) as covered_from_date,
        max(covered_date) as covered_to_date
    from placed
    group by seller_id, marketplace_code, spell_origin_date

),

windows as (

    select
        orders.seller_id,
        orders.amazon_order_id,
        orders.marketplace_code,
        orders.first_returned_date,
        sellers.data_as_of_date,
        cast({{ dbt.dateadd(
            'day', 'parameters.window_days', 'orders.first_returned_date'
        ) }} as date) as window_end_date

    from {{ ref('fct_returned_orders') }} as orders

    inner join {{ ref('dim_sellers') }} as sellers
        on orders.seller_id = sellers.seller_id

    -- a return without a day has no window
    inner join parameters
        on
            orders.first_returned_date
            between parameters.valid_from and parameters.valid_to

)

select
    -- keys
    windows.seller_id,
    windows.amazon_order_id,

    -- attributes
    case
        when windows.window_end_date > windows.data_as_of_date then 'not_yet_due'
        when spells.covered_to_date >= windows.window_end_date then 'covered'
        else 'uncovered'
    end as window_status,

    -- times
    windows.first_returned_date as window_start_date,
    windows.window_end_date

from windows

left join spells
    on
        windows.seller_id = spells.seller_id
        and windows.marketplace_code = spells.marketplace_code
        and windows.first_returned_date
        between spells.covered_from_date and spells.covered_to_date
