{# A feedback is about an order: linked like a message. #}
{{ config(materialized='view') }}

with

feedback as (

    select
        feedback_key as linked_key,
        'feedback' as linked_type,
        seller_id,
        amazon_order_id
    from {{ ref('stg_amazon_sp__seller_feedback') }}

),

returned_orders as (

    select * from {{ ref('int_orders__returned') }}

)

select
    returned_orders.return_key,
    returned_orders.refund_key,
    feedback.linked_type,
    feedback.linked_key,
    'order_only' as match_class,
    returned_orders.match_reason,
    cast(null as bigint) as matched_quantity
from feedback
inner join returned_orders
    on
        feedback.seller_id = returned_orders.seller_id
        and feedback.amazon_order_id = returned_orders.amazon_order_id
