{# Counts and sums only: add them up to an ASIN, a category or a marketplace and divide
   there. #}
{%- set outcomes = [
    'restocked', 'resold', 'removed', 'liquidated', 'donated', 'disposed', 'reimbursed',
    'kept_by_buyer', 'returned_to_buyer', 'lost', 'open',
] %}

with

units as (

    select
        *,
        coalesce(sku, 'unknown') as sku_word
    from {{ ref('fct_return_recoveries') }}
    where is_counted

),

products as (

    select * from {{ ref('dim_products') }}

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        sku_word as sku,
        currency_code,
        count(*) as unit_count,
        {% for outcome in outcomes -%}
            count(case when outcome_code = '{{ outcome }}' then 1 end)
                as {{ outcome }}_count,
        {% endfor -%}
        {{ recovery_columns() }},
        cast(sum(return_cost_amount) as decimal(18, 2)) as return_cost_amount,
        count(net_loss_amount) as net_loss_known_count,
        cast(sum(net_loss_amount) as decimal(18, 2)) as net_loss_amount,
        count(receipt_to_sellable_days) as sellable_count,
        count(case when sellable_status = 'waiting' then 1 end) as waiting_count,
        cast(sum(receipt_to_sellable_days) as bigint) as sellable_days
    from units
    group by
        seller_id, marketplace_code, channel, month_start_date, sku_word, currency_code

)

select
    -- keys
    summed.seller_id,
    summed.marketplace_code,
    summed.channel,
    summed.month_start_date,
    summed.sku,
    summed.currency_code,

    -- attributes
    products.asin,
    coalesce(products.category_name, 'unknown') as category_name,

    -- measures
    summed.unit_count,
    {% for outcome in outcomes -%}
        summed.{{ outcome }}_count,
    {% endfor -%}
    summed.recovery_known_count,
    summed.recovered_cost_amount,
    summed.recovered_amount,
    summed.write_off_amount,
    summed.forgone_count,
    summed.forgone_amount,
    summed.price_known_count,
    summed.low_price_count,
    summed.return_cost_amount,
    summed.net_loss_known_count,
    summed.net_loss_amount,
    summed.sellable_count,
    summed.waiting_count,
    summed.sellable_days

from summed

left join products
    on
        summed.seller_id = products.seller_id
        and summed.sku = products.sku
