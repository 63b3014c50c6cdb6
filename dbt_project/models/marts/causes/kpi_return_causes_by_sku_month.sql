{# What came back and why, with the clock of `kpi_return_reasons_by_marketplace_month`,
   so that SKUs add up to their marketplace. A rate of what was sold is in the signals.
   #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        coalesce(sku, 'unknown') as sku,
        coalesce(return_reason_family, 'unknown') as return_reason_family,

        -- measures
        count(*) as return_count,
        cast(sum(returned_quantity) as bigint) as returned_quantity,
        count(case when is_controllable then 1 end) as controllable_return_count,
        count(case when attribution_verdict = 'agrees' then 1 end)
            as agrees_count,
        count(case when attribution_verdict = 'contradicts' then 1 end)
            as contradicts_count

    from returns
    where is_counted and month_start_date is not null
    group by
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        coalesce(sku, 'unknown'),
        coalesce(return_reason_family, 'unknown')

),

ranked as (

    select
        *,
        cast(sum(return_count) over (
            partition by seller_id, marketplace_code, channel, month_start_date, sku
        ) as bigint) as month_return_count,
        row_number() over (
            partition by seller_id, marketplace_code, channel, month_start_date, sku
            order by return_count desc nulls last, return_reason_family asc nulls last
        ) as cause_rank
    from summed

)

select
    -- keys
    ranked.seller_id,
    ranked.marketplace_code,
    ranked.channel,
    ranked.month_start_date,
    ranked.sku,
    ranked.return_reason_family,

    -- attributes
    products.asin,
    coalesce(products.category_name, 'unknown') as category_name,

    -- measures
    ranked.return_count,
    ranked.returned_quantity,
    ranked.controllable_return_count,
    ranked.agrees_count,
    ranked.contradicts_count,
    ranked.month_return_count,
    cast(ranked.cause_rank as bigint) as cause_rank,
    {{ share('ranked.controllable_return_count', 'ranked.return_count') }}
        as controllable_share,
    {{ share('ranked.return_count', 'ranked.month_return_count') }} as return_share,
    {{ wilson_bound('ranked.return_count', 'ranked.month_return_count', 'low') }}
        as return_share_low,
    {{ wilson_bound('ranked.return_count', 'ranked.month_return_count', 'high') }}
        as return_share_high

from ranked

left join products
    on
        ranked.seller_id = products.seller_id
        and ranked.sku = products.sku
