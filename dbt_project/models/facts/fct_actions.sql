{# A blank scope is "all": the log says where an action applies, not where not. #}
with

actions as (

    select * from {{ ref('stg_operations__actions') }}

)

select
    -- keys
    action_key,
    seller_id,
    coalesce(stated_marketplace_code, folder_marketplace_code, 'unknown')
        as marketplace_code,
    action_id,
    sku,
    asin,
    agent_id,

    -- attributes
    action_type,
    category_name,
    return_reason_family,
    stage_code,
    action_text,

    -- measures
    action_cost_amount,
    currency_code,

    -- flags
    coalesce(stated_marketplace_code, folder_marketplace_code) is null
        as is_for_all_marketplaces,
    coalesce(sku, asin, category_name) is null as is_for_all_products,
    coalesce(ended_date < started_date, false) as has_end_before_start,

    -- times
    started_date,
    ended_date

from actions
