-- An order whose lines stand in two marketplaces is counted in two denominators.
{{ config(meta={'dagster': {'ref': {'name': 'fct_order_lines'}}}) }}

select
    seller_id,
    amazon_order_id
from {{ ref('fct_order_lines') }}
group by seller_id, amazon_order_id
having count(distinct marketplace_code) > 1
