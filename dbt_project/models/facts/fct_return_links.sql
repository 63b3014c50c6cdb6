{# One model an owner: the record's side is matched there, the return's told here. #}
{%- set linked_models = [
    'int_return_links__replacements',
    'int_return_links__reimbursements',
    'int_return_links__stock',
    'int_return_links__inspections',
    'int_return_links__warehouse_events',
    'int_return_links__messages',
    'int_return_links__feedback',
] %}

with

links as (

    {% for linked_model in linked_models %}
        select
            return_key,
            refund_key,
            linked_type,
            linked_key,
            match_class,
            match_reason,
            matched_quantity
        from {{ ref(linked_model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

refunds as (

    select * from {{ ref('int_refunds__located') }}

),

described as (

    select
        -- keys
        {{ surrogate_key([
            'links.linked_type', 'links.linked_key', 'links.return_key',
            'links.refund_key'
        ]) }} as link_key,
        coalesce(returns.seller_id, refunds.seller_id) as seller_id,
        coalesce(
            nullif(returns.marketplace_code, 'unknown'),
            refunds.marketplace_code,
            'unknown'
        ) as marketplace_code,
        coalesce(returns.amazon_order_id, refunds.amazon_order_id) as amazon_order_id,
        coalesce(returns.sku, refunds.sku) as sku,
        links.return_key,
        links.refund_key,
        links.linked_key,

        -- attributes
        links.linked_type,
        links.match_class,
        links.match_reason,

        -- measures
        cast(links.matched_quantity as bigint) as matched_quantity

    from links

    left join returns
        on links.return_key = returns.return_key

    left join refunds
        on links.refund_key = refunds.refund_key

)

select * from described
