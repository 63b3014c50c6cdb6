{# Every rule that could look at a return of the SKU has a row, also where it found
   nothing: that is a zero, a rule without a row could not look. #}
with

judgements as (

    select
        *,
        coalesce(currency_code, 'unknown') as known_currency_code
    from {{ ref('fct_return_judgements') }}

),

misjudgements as (

    select * from {{ ref('fct_misjudgements') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

summed as (

    select
        -- keys
        judgements.seller_id,
        judgements.marketplace_code,
        judgements.channel,
        judgements.month_start_date,
        judgements.sku,
        judgements.misjudgement_class,
        judgements.known_currency_code as currency_code,

        -- measures
        count(*) as checked_count,
        count(misjudgements.misjudgement_key) as misjudged_count,
        count(misjudgements.misjudged_amount) as amount_known_count,
        {% for amount in [
            'at_stake_amount', 'misjudged_amount', 'recovered_amount', 'lost_amount'
        ] -%}
            cast(coalesce(sum(misjudgements.{{ amount }}), 0) as decimal(18, 2))
                as {{ amount }},
        {% endfor -%}
        cast(coalesce(sum(case
            when misjudgements.bearing_party = 'buyer'
                then misjudgements.misjudged_amount
        end), 0) as decimal(18, 2)) as buyer_borne_amount

    from judgements

    left join misjudgements
        on judgements.judgement_key = misjudgements.misjudgement_key

    group by
        judgements.seller_id,
        judgements.marketplace_code,
        judgements.channel,
        judgements.month_start_date,
        judgements.sku,
        judgements.misjudgement_class,
        judgements.known_currency_code

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
    summed.misjudgement_class,
    summed.currency_code,

    -- measures
    summed.checked_count,
    summed.misjudged_count,
    summed.amount_known_count,
    summed.at_stake_amount,
    summed.misjudged_amount,
    summed.buyer_borne_amount,
    summed.recovered_amount,
    summed.lost_amount

from summed

left join products
    on
        summed.seller_id = products.seller_id
        and summed.sku = products.sku
