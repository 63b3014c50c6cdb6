{# The returns of an order, else its refunds: what a message or feedback about the order
   can be about. #}
{{ config(materialized='view') }}

with

returns as (

    select
        *,
        count(*) over (partition by seller_id, amazon_order_id) as return_count
    from {{ ref('int_returns__classified') }}
    where is_counted

),

refunds as (

    select
        *,
        count(*) over (partition by seller_id, amazon_order_id) as refund_count
    from {{ ref('int_refunds__located') }}
    where is_counted

),

returned_orders as (

    select
        seller_id,
        amazon_order_id
    from returns
    group by seller_id, amazon_order_id

)

select
    return_key as item_key,
    return_key,
    cast(null as {{ dbt.type_string() }}) as refund_key,
    seller_id,
    amazon_order_id,
    case when return_count = 1 then 'only_return' else 'one_of_several_returns' end
        as match_reason
from returns

union all

select
    refunds.refund_key as item_key,
    cast(null as {{ dbt.type_string() }}) as return_key,
    refunds.refund_key,
    refunds.seller_id,
    refunds.amazon_order_id,
    case
        when refunds.refund_count = 1 then 'only_refund'
        else 'one_of_several_refunds'
    end as match_reason
from refunds
left join returned_orders
    on
        refunds.seller_id = returned_orders.seller_id
        and refunds.amazon_order_id = returned_orders.amazon_order_id
where returned_orders.amazon_order_id is null
