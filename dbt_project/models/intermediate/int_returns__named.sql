{# What a warehouse may call a return, and the group of returns that is meant. Two of an
   item that came on different days are told apart by the day; a name of one single
   return (`lone_key`) may be trusted though the note has another SKU. #}
{{ config(materialized='view') }}

with

returns as (

    select
        *,
        count(*) over (
            partition by seller_id, amazon_order_id, sku
        ) as item_return_count
    from {{ ref('int_returns__identified') }}

),

names as (

    {% for rma_id in ['amazon_rma_id', 'merchant_rma_id'] %}
        select
            {{ surrogate_key(["'rma_and_sku'", 'seller_id', rma_id, 'sku']) }}
                as name_key,
            'identity' as group_type,
            identity_key as group_key,
            identity_key as lone_key,
            return_key
        from returns
        where {{ rma_id }} is not null

        union all

        select
            {{ surrogate_key(["'rma'", 'seller_id', rma_id]) }} as name_key,
            'rma' as group_type,
            rma_key as group_key,
            identity_key as lone_key,
            return_key
        from returns
        where {{ rma_id }} is not null

        union all
    {% endfor %}

    select
        {{ surrogate_key(["'license_plate'", 'seller_id', 'license_plate_number']) }}
            as name_key,
        'identity' as group_type,
        identity_key as group_key,
        identity_key as lone_key,
        return_key
    from returns
    where license_plate_number is not null

    union all

    select
        {{ surrogate_key([
            "'received_day'", 'seller_id', 'amazon_order_id', 'sku', 'received_date'
        ]) }} as name_key,
        'dated' as group_type,
        dated_key as group_key,
        dated_key as lone_key,
        return_key
    from returns
    where received_date is not null and item_return_count > 1

    union all

    select
        {{ surrogate_key(["'order_and_sku'", 'seller_id', 'amazon_order_id', 'sku']) }}
            as name_key,
        'item' as group_type,
        item_key as group_key,
        item_key as lone_key,
        return_key
    from returns

    union all

    select
        {{ surrogate_key(["'order'", 'seller_id', 'amazon_order_id']) }} as name_key,
        'order' as group_type,
        order_key as group_key,
        item_key as lone_key,
        return_key
    from returns

)

select
    name_key,
    group_type,
    min(group_key) as group_key,
    min(lone_key) as lone_key,
    count(distinct return_key) as return_count
from names
group by name_key, group_type
