{# Goods that came back and wait for an end, as of the last day of each month: what they
   tie up, how old they are, and how much faster stock would turn without them. #}
with

units as (

    select
        *,
        coalesce(sku, 'unknown') as sku_word,
        -- an end without a day, or before the receipt, is taken for the day of receipt
        case
            when outcome_date > received_date then outcome_date
            when not is_open then received_date
        end as end_date
    from {{ ref('fct_return_recoveries') }}
    where is_counted and received_date is not null

),

months as (

    select
        dates.month_start_date,
        sellers.seller_id,
        least(max(dates.date), sellers.data_as_of_date) as snapshot_date
    from {{ ref('dim_sellers') }} as sellers
    inner join {{ ref('dim_dates') }} as dates
        on sellers.data_as_of_date >= dates.month_start_date
    group by dates.month_start_date, sellers.seller_id, sellers.data_as_of_date

),

placed as (

    select
        units.*,
        months.month_start_date as stock_month,
        units.end_date is null or units.end_date > months.snapshot_date as is_waiting,
        {{ dbt.datediff('units.received_date', 'months.snapshot_date', 'day') }}
            as waiting_days,
        extract(day from months.snapshot_date) as month_days
    from units
    inner join months
        on
            units.seller_id = months.seller_id
            and units.received_date <= months.snapshot_date
            and coalesce(units.end_date, months.month_start_date)
            >= months.month_start_date

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        stock_month as month_start_date,
        sku_word as sku,
        currency_code,
        cast(max(month_days) as integer) as month_days,
        count(case when received_date >= stock_month then 1 end) as received_quantity,
        count(case when not is_waiting then 1 end) as processed_quantity,
        count(case when is_waiting then 1 end) as unprocessed_quantity,
        count(case when is_waiting and waiting_days <= 7 then 1 end)
            as waiting_to_7_days_quantity,
        count(case when is_waiting and waiting_days between 8 and 30 then 1 end)
            as waiting_to_30_days_quantity,
        count(case when is_waiting and waiting_days > 30 then 1 end)
            as waiting_longer_quantity,
        cast(max(case when is_waiting then waiting_days end) as integer)
            as oldest_days,
        count(case when is_waiting then cost_of_goods_amount end)
            as cost_known_quantity,
        cast(sum(case when is_waiting then cost_of_goods_amount end) as decimal(18, 2))
            as tied_up_amount
    from placed
    group by
        seller_id, marketplace_code, channel, stock_month, sku_word, currency_code

),

sold as (

    select
        *,
        order_month_start_date as month_start_date
    from {{ ref('kpi_return_rate_by_sku_month') }}

),

counted as (

    select * from {{ ref('fct_stock_counts') }}

),

products as (

    select * from {{ ref('dim_products') }}

)

select
    summed.*,
    products.asin,
    coalesce(products.category_name, 'unknown') as category_name,
    cast(coalesce(sold.ordered_quantity, 0) as bigint) as ordered_quantity,
    -- how many days of the month's sales wait
    cast(
        cast(summed.unprocessed_quantity as double) * summed.month_days
        / nullif(sold.ordered_quantity, 0) as decimal(18, 6)
    ) as waiting_sales_days,
    counted.on_hand_quantity,
    counted.unprocessed_quantity as counted_unprocessed_quantity,
    {{ share('coalesce(sold.ordered_quantity, 0)', 'counted.on_hand_quantity') }}
        as stock_turn_rate,
    {{ share(
        'coalesce(sold.ordered_quantity, 0)',
        'counted.on_hand_quantity - counted.unprocessed_quantity'
    ) }} as processed_stock_turn_rate

from summed

left join sold
    on
        summed.seller_id = sold.seller_id
        and summed.marketplace_code = sold.marketplace_code
        and summed.channel = sold.channel
        and summed.month_start_date = sold.month_start_date
        and summed.sku = sold.sku

left join counted
    on
        summed.seller_id = counted.seller_id
        and summed.marketplace_code = counted.marketplace_code
        and summed.month_start_date = counted.month_start_date
        and summed.sku = counted.sku
        and summed.channel = 'mfn'

left join products
    on
        summed.seller_id = products.seller_id
        and summed.sku = products.sku
