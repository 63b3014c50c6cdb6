{# Counts only: they add up to products, categories, channels; percentiles do not. #}
with

stages as (

    select * from {{ ref('fct_return_stages') }}
    where is_counted

),

products as (

    select * from {{ ref('dim_products') }}

)

select
    -- keys
    stages.seller_id,
    stages.marketplace_code,
    stages.channel,
    stages.month_start_date,
    coalesce(stages.sku, 'unknown') as sku,
    stages.stage_code,

    -- attributes
    coalesce(max(products.asin), 'unknown') as asin,
    coalesce(max(products.category_name), 'unknown') as category_name,

    -- measures
    count(*) filter (where stages.stage_status in ('finished', 'open')) as case_count,
    count(*) filter (where stages.stage_status = 'finished') as closed_count,
    count(*) filter (where stages.stage_status = 'open') as open_count,
    count(*) filter (where stages.stage_status = 'ended_before_start')
        as ended_before_start_count,
    count(*) filter (where stages.stage_status = 'unknown') as unknown_count,
    count(*) filter (where stages.stage_status = 'not_applicable')
        as not_applicable_count,
    cast(
        sum(case when stages.stage_status = 'finished' then stages.stage_days end)
        as bigint
    ) as closed_total_days,
    count(*) filter (where stages.is_due) as due_count,
    {{ count_within('stages.is_due', 'stages.is_within_target') }}
        as within_target_count,
    {{ share(
        count_within('stages.is_due', 'stages.is_within_target'),
        'count(*) filter (where stages.is_due)'
    ) }} as within_target_share

from stages

left join products
    on
        stages.seller_id = products.seller_id
        and stages.sku = products.sku

group by
    stages.seller_id,
    stages.marketplace_code,
    stages.channel,
    stages.month_start_date,
    coalesce(stages.sku, 'unknown'),
    stages.stage_code
