{# A message names an order, no unit: it is linked to every return of the order that
   counts, else to its refunds without return, and takes no units. #}
{{ config(materialized='view') }}

with

messages as (

    select
        message_key as linked_key,
        'message' as linked_type,
        seller_id,
        amazon_order_id
    from {{ ref('int_messages__located') }}

),

returned_orders as (

    select * from {{ ref('int_orders__returned') }}

)

select
    returned_orders.return_key,
    returned_orders.refund_key,
    messages.linked_type,
    messages.linked_key,
    'order_only' as match_class,
    returned_orders.match_reason,
    cast(null as bigint) as matched_quantity
from messages
inner join returned_orders
    on
        messages.seller_id = returned_orders.seller_id
        and messages.amazon_order_id = returned_orders.amazon_order_id
