{# The member `all` is the seller as a whole. #}
with

order_lines as (

    select
        seller_id,
        marketplace_code,
        0 as states_receipt
    from {{ ref('fct_order_lines') }}
    group by seller_id, marketplace_code

),

returns as (

    select
        seller_id,
        marketplace_code,
        max(case when channel = 'mfn' and received_date is not null then 1 else 0 end)
            as states_receipt
    from {{ ref('fct_returns') }}
    group by seller_id, marketplace_code

),

feedback as (

    select
        seller_id,
        marketplace_code,
        0 as states_receipt
    from {{ ref('fct_feedback') }}
    group by seller_id, marketplace_code

),

members as (

    select * from order_lines

    union all

    select * from returns

    union all

    select * from feedback

    union all

    select
        seller_id,
        'all' as marketplace_code,
        0 as states_receipt
    from {{ ref('dim_sellers') }}

)

select
    seller_id,
    marketplace_code,
    max(states_receipt) = 1 as has_stated_receipts
from members
group by seller_id, marketplace_code
