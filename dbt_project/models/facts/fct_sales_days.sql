with

sales as (

    select * from {{ ref('stg_amazon_sp__sales_and_traffic') }}
    where row_type = 'date' and upper(granularity_code) = 'DAY'

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

)

select
    -- keys
    sales.sales_period_key as sales_day_key,
    sales.seller_id,
    coalesce(
        marketplaces.marketplace_code, sales.folder_marketplace_code, 'unknown'
    ) as marketplace_code,

    -- measures
    sales.ordered_amount,
    coalesce(sales.currency_code, marketplaces.currency_code) as currency_code,
    sales.ordered_quantity,
    sales.order_item_count,
    sales.refunded_quantity,
    {{ share('sales.refunded_quantity', 'sales.ordered_quantity') }}
        as refunded_unit_rate,
    sales.granted_claim_count,
    sales.claimed_amount,
    sales.shipped_quantity,
    sales.shipped_order_count,
    sales.feedback_count,
    sales.negative_feedback_count,
    sales.session_count,
    sales.page_view_count,

    -- times: the marketplace's day
    sales.start_date as sales_date

from sales

left join marketplaces
    on sales.marketplace_id = marketplaces.marketplace_id
