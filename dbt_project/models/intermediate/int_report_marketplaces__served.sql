{# Which marketplaces a seller's deliveries without a marketplace speak of: those their
   rows locate to through the order. A marketplace none of the rows is in may be missing
   from them altogether, so its silence says nothing. #}
with

orders as (

    select * from {{ ref('int_orders__marketplaces') }}
    where marketplace_code != 'unknown'

),

unnamed_rows as (

    select
        seller_id,
        amazon_order_id,
        'all_orders' as report_code
    from {{ ref('stg_amazon_sp__all_orders') }}
    where folder_marketplace_code is null

    union all

    select
        seller_id,
        amazon_order_id,
        'mfn_returns' as report_code
    from {{ ref('stg_amazon_sp__mfn_returns') }}
    where folder_marketplace_code is null

    union all

    select
        seller_id,
        amazon_order_id,
        'fba_returns' as report_code
    from {{ ref('stg_amazon_sp__fba_returns') }}
    where folder_marketplace_code is null

    union all

    select
        seller_id,
        amazon_order_id,
        'seller_feedback' as report_code
    from {{ ref('stg_amazon_sp__seller_feedback') }}
    where folder_marketplace_code is null

)

select
    unnamed_rows.seller_id,
    unnamed_rows.report_code,
    orders.marketplace_code
from unnamed_rows
inner join orders
    on
        unnamed_rows.seller_id = orders.seller_id
        and unnamed_rows.amazon_order_id = orders.amazon_order_id
group by
    unnamed_rows.seller_id,
    unnamed_rows.report_code,
    orders.marketplace_code
