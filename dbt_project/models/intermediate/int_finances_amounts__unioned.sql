{# The amounts of both Finances APIs in one list, each with the words it stands under,
   from the outermost to its own. Read once, so a view. #}
{{ config(materialized='view') }}

select
    finances_event_key as amount_key,
    'v0' as api_version,
    seller_id,
    amazon_order_id,
    sku,
    currency_code,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    adjustment_item_id,
    lower(marketplace_name) as stated_marketplace_name,
    folder_marketplace_code,
    lower(event_list_name) as event_word,
    lower(
        coalesce('/' || component_list_name, '')
        || coalesce('/' || component_name, '')
        || '/'
    ) as words,
    stated_quantity,
    amount,
    true as is_released,
    posted_at,
    posted_date
from {{ ref('stg_amazon_sp__finances_events') }}

union all

select
    finances_transaction_key as amount_key,
    '2024-06-19' as api_version,
    seller_id,
    amazon_order_id,
    sku,
    currency_code,
    transaction_id,
    order_adjustment_item_id as adjustment_item_id,
    lower(marketplace_id) as stated_marketplace_name,
    folder_marketplace_code,
    lower(transaction_type) as event_word,
    lower(coalesce('/' || breakdown_path, '') || '/') as words,
    stated_quantity,
    amount,
    is_released,
    posted_at,
    posted_date
from {{ ref('stg_amazon_sp__finances_transactions') }}
