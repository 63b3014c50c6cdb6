{# Only returns matched to their order line: a SKU that returns spell differently is in
   the marketplace's rate but in no SKU's. #}
with

order_lines as (

    select * from {{ ref('fct_order_lines') }}
    where is_counted and order_month_start_date is not null

),

returned as (

    select
        order_line_key,
        sum(returned_quantity) as returned_units
    from {{ ref('fct_returns') }}
    where is_counted and order_line_key is not null
    group by order_line_key

),

coverage as (

    select * from {{ ref('dim_cohort_months') }}

),

summed as (

    select
        -- keys
        order_lines.seller_id,
        order_lines.marketplace_code,
        order_lines.channel,
        order_lines.order_month_start_date,
        order_lines.sku,

        -- measures
        count(*) as order_line_count,
        cast(sum(order_lines.quantity) as bigint) as ordered_quantity,
        cast(sum(least(
            coalesce(returned.returned_units, 0), order_lines.quantity
        )) as bigint) as returned_quantity,
        cast(sum(greatest(
            coalesce(returned.returned_units, 0) - order_lines.quantity, 0
        )) as bigint) as excess_returned_quantity

    from order_lines

    left join returned
        on order_lines.order_line_key = returned.order_line_key

    group by
        order_lines.seller_id,
        order_lines.marketplace_code,
        order_lines.channel,
        order_lines.order_month_start_date,
        order_lines.sku

),

joined as (

    select
        summed.*,
        coverage.cohort_age_days,
        coalesce(coverage.is_mature, false) as is_mature,
        coalesce(
            coverage.has_order_coverage
            and coverage.has_return_coverage
            and coverage.has_matched_returns,
            false
        ) as is_rate_known

    from summed

    left join coverage
        on
            summed.seller_id = coverage.seller_id
            and summed.marketplace_code = coverage.marketplace_code
            and summed.channel = coverage.channel
            and summed.order_month_start_date = coverage.order_month_start_date

)

select
    *,
    case
        when is_rate_known then {{ share('returned_quantity', 'ordered_quantity') }}
    end as return_rate,
    case
        when is_rate_known
            then {{ wilson_bound('returned_quantity', 'ordered_quantity', 'low') }}
    end as return_rate_low,
    case
        when is_rate_known
            then {{ wilson_bound('returned_quantity', 'ordered_quantity', 'high') }}
    end as return_rate_high
from joined
