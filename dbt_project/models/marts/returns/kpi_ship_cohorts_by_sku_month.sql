{# Units of a SKU shipped in a month against those that came back until the end of the
   second month after: the cohort and the window of Amazon's returns processing fee. #}
with

known as (

    select
        seller_id,
        marketplace_code,
        channel,
        max(seen_date) as known_until_date,
        max(seen_month_start_date) as known_month_start_date
    from {{ ref('kpi_return_development_by_marketplace_month') }}
    group by seller_id, marketplace_code, channel

),

lines as (

    select
        order_lines.*,
        cohorts.order_month_start_date as month_start_date,
        cohorts.maturity_days,
        cohorts.has_order_coverage
        and cohorts.has_return_coverage
        and cohorts.has_matched_returns as is_rate_known,
        known.known_until_date,
        known.known_month_start_date,
        cast({{ dbt.last_day(
            dbt.dateadd('month', 2, 'order_lines.shipped_date_local'), 'month'
        ) }} as date) as window_end_date

    from {{ ref('fct_order_lines') }} as order_lines

    inner join {{ ref('dim_cohort_months') }} as cohorts
        on
            order_lines.seller_id = cohorts.seller_id
            and order_lines.marketplace_code = cohorts.marketplace_code
            and order_lines.channel = cohorts.channel
            and cast({{ dbt.date_trunc(
                'month', 'order_lines.shipped_date_local'
            ) }} as date) = cohorts.order_month_start_date

    left join known
        on
            order_lines.seller_id = known.seller_id
            and order_lines.marketplace_code = known.marketplace_code
            and order_lines.channel = known.channel

    where order_lines.is_counted

),

returned as (

    select
        lines.order_line_key,
        sum(case
            when
                coalesce(arrivals.requested_date, arrivals.received_date)
                <= lines.window_end_date
                then arrivals.returned_quantity
            else 0
        end) as window_units,
        sum(arrivals.returned_quantity) as all_units

    from lines

    inner join {{ ref('fct_returns') }} as arrivals
        on lines.order_line_key = arrivals.order_line_key and arrivals.is_counted

    group by lines.order_line_key

),

aged as (

    select
        lines.*,
        least(lines.quantity, coalesce(returned.window_units, 0)) as window_units,
        least(lines.quantity, coalesce(returned.all_units, 0)) as all_units,
        coalesce(lines.window_end_date <= lines.known_until_date, false) as is_over,
        case
            when lines.known_until_date >= lines.window_end_date then 1.0
            when lines.known_until_date < lines.shipped_date_local then 0.0
            else delays.returned_within_share
        end as developed,
        delays.returned_quantity as delay_units

    from lines

    left join returned
        on lines.order_line_key = returned.order_line_key

    left join {{ ref('kpi_return_delays_by_seller_month') }} as delays
        on
            lines.seller_id = delays.seller_id
            and lines.channel = delays.channel
            and delays.clock_code = 'ship'
            and lines.known_month_start_date = delays.month_start_date
            and least({{ dbt.datediff(
                'lines.shipped_date_local', 'lines.known_until_date', 'day'
            ) }}, lines.maturity_days) = delays.age_days

)

select
    -- keys
    aged.seller_id,
    aged.marketplace_code,
    aged.channel,
    aged.month_start_date,
    aged.sku,

    -- attributes
    max(products.asin) as asin,
    lower(coalesce(max(products.category_name), 'unknown')) as category_name,

    -- measures
    cast(sum(aged.quantity) as bigint) as shipped_quantity,
    cast(sum(case
        when aged.shipped_date_source = 'ordered_date' then aged.quantity else 0
    end) as bigint) as assumed_day_quantity,
    cast(sum(aged.window_units) as bigint) as returned_quantity,
    cast(sum(aged.all_units - aged.window_units) as bigint) as late_returned_quantity,
    cast(sum(aged.quantity * aged.developed) as decimal(18, 4)) as developed_units,
    max(aged.delay_units) as delay_quantity,
    {{ share('sum(aged.window_units)', 'sum(aged.quantity)') }} as returned_share,

    -- flags
    aged.is_rate_known,
    aged.is_over as is_window_over,

    -- times
    aged.window_end_date

from aged

left join {{ ref('dim_products') }} as products
    on aged.seller_id = products.seller_id and aged.sku = products.sku

group by
    aged.seller_id,
    aged.marketplace_code,
    aged.channel,
    aged.month_start_date,
    aged.sku,
    aged.is_rate_known,
    aged.is_over,
    aged.window_end_date
