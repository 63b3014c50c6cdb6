with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date,
        attribution_verdict in ('agrees', 'contradicts') as is_judged
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null

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
        sku,

        -- measures
        count(*) as return_count,
        cast(sum(returned_quantity) as bigint) as returned_quantity,
        count(*) filter (where attribution_verdict = 'agrees') as agrees_count,
        count(*) filter (where attribution_verdict = 'contradicts')
            as contradicts_count,
        count(*) filter (where attribution_verdict = 'neutral') as neutral_count,
        count(*) filter (where attribution_verdict = 'no_evidence')
            as no_evidence_count,
        count(*) filter (where is_judged) as judged_count,
        {% for party in ['buyer', 'seller', 'amazon', 'carrier'] -%}
            count(*) filter (
                where is_judged and evidenced_fault_party = '{{ party }}'
            ) as evidenced_{{ party }}_count,
        {% endfor -%}
        count(*) filter (
            where
            is_judged
            and stated_fault_party = 'seller'
            and evidenced_fault_party in ('buyer', 'amazon', 'carrier')
        ) as seller_blamed_wrongly_count,
        count(*) filter (
            where
            is_judged
            and stated_fault_party in ('buyer', 'amazon', 'carrier')
            and evidenced_fault_party = 'seller'
        ) as seller_fault_hidden_count
    from returns
    group by seller_id, marketplace_code, channel, month_start_date, sku

)

select
    -- keys
    summed.seller_id,
    summed.marketplace_code,
    summed.channel,
    summed.month_start_date,
    summed.sku,
    products.asin,
    coalesce(products.category_name, 'unknown') as category_name,

    -- measures
    summed.return_count,
    summed.returned_quantity,
    summed.agrees_count,
    summed.contradicts_count,
    summed.neutral_count,
    summed.no_evidence_count,
    summed.judged_count,
    summed.evidenced_buyer_count,
    summed.evidenced_seller_count,
    summed.evidenced_amazon_count,
    summed.evidenced_carrier_count,
    summed.seller_blamed_wrongly_count,
    summed.seller_fault_hidden_count,
    {{ share('summed.agrees_count', 'summed.judged_count') }} as attribution_share,
    {{ wilson_bound('summed.agrees_count', 'summed.judged_count', 'low') }}
        as attribution_share_low,
    {{ wilson_bound('summed.agrees_count', 'summed.judged_count', 'high') }}
        as attribution_share_high,
    {{ share('summed.judged_count', 'summed.return_count') }} as judged_share

from summed

left join products
    on
        summed.seller_id = products.seller_id
        and summed.sku = products.sku
