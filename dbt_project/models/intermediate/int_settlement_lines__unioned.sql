{# Both layouts as one long list of amounts. A view: the classified lines are the copy
   that is kept. #}
{{ config(materialized='view') }}

with

settlements_v1 as (

    select * from {{ ref('int_settlement_lines__lengthened') }}

),

settlements_v2 as (

    select * from {{ ref('stg_amazon_sp__settlements_v2') }}

)

select
    seller_id,
    settlement_id,
    'v1' as settlement_version,
    file_key,
    line_number,
    transaction_type,
    amazon_order_id,
    adjustment_id,
    order_item_code,
    merchant_adjustment_item_id,
    sku,
    marketplace_name,
    folder_marketplace_code,
    fulfillment_id,
    amount_kind,
    amount_description,
    amount,
    currency_code,
    stated_quantity,
    posted_at,
    posted_precision
from settlements_v1

union all

select
    seller_id,
    settlement_id,
    'v2' as settlement_version,
    file_key,
    line_number,
    transaction_type,
    amazon_order_id,
    adjustment_id,
    order_item_code,
    merchant_adjustment_item_id,
    sku,
    marketplace_name,
    folder_marketplace_code,
    fulfillment_id,
    coalesce(amount_type, 'unstated') as amount_kind,
    amount_description,
    amount,
    currency_code,
    stated_quantity,
    posted_at,
    posted_precision
from settlements_v2
where amount is not null or stated_quantity is not null
