{# Marketplaces a settlement pays for. One without orders names none: it is taken for
   the only one that the seller's other settlements in its currency name. #}
with

documents as (

    select * from {{ ref('int_settlements__documents') }}

),

lines as (

    select * from {{ ref('int_settlement_lines__classified') }}

),

stated as (

    select
        settlement_key,
        marketplace_code
    from lines
    where marketplace_code is not null
    group by settlement_key, marketplace_code

),

by_currency as (

    select
        documents.seller_id,
        documents.currency_code,
        min(stated.marketplace_code) as marketplace_code
    from documents
    inner join stated
        on documents.settlement_key = stated.settlement_key
    group by documents.seller_id, documents.currency_code
    having min(stated.marketplace_code) = max(stated.marketplace_code)

)

select
    documents.settlement_key,
    documents.seller_id,
    coalesce(
        stated.marketplace_code, by_currency.marketplace_code, 'unknown'
    ) as marketplace_code,
    documents.period_start_at,
    documents.period_end_at
from documents
left join stated
    on documents.settlement_key = stated.settlement_key
left join by_currency
    on
        documents.seller_id = by_currency.seller_id
        and documents.currency_code = by_currency.currency_code
