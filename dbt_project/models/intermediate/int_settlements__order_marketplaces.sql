{# An order belongs to one marketplace; where settlements name two, neither is taken. #}
with

lines as (

    select * from {{ ref('int_settlement_lines__classified') }}

)

select
    seller_id,
    amazon_order_id,
    min(marketplace_code) as marketplace_code
from lines
where
    amazon_order_id is not null
    and marketplace_code is not null
group by seller_id, amazon_order_id
having min(marketplace_code) = max(marketplace_code)
