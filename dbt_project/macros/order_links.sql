{# A subquery: which units of `items` (returns, refunds without return) belong to which
   of `records`, by order and SKU, and what that leaves over by order alone. Both have
   `unit_key`, `seller_id`, `amazon_order_id`, `sku`, `fnsku`, `is_order_line` (the
   order lists the SKU), `unit_count`, `priority` and `unit_date`. `exact` needs a group
   in which nothing else fits: one item or one record, as many units on either side. #}
{% macro order_links(items, records) -%}
(
    with

    by_sku as (

        select *
        from {{ overlapping_units(
            items, records, ['seller_id', 'amazon_order_id', 'sku']
        ) }} as pairs

    ),

    used as (

        select
            item_key as unit_key,
            sum(matched_quantity) as used_count
        from by_sku
        group by item_key

        union all

        select
            record_key as unit_key,
            sum(matched_quantity) as used_count
        from by_sku
        group by record_key

    ),

    both_sides as (

        {%- for relation in [items, records] %}
        select
            '{{ 'item' if loop.first else 'record' }}' as side,
            unit_key,
            seller_id,
            amazon_order_id,
            sku,
            fnsku,
            is_order_line,
            unit_count as whole_count,
            priority,
            unit_date
        from {{ relation }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}

    ),

    left_over as (

        -- a SKU both sides know is settled: it was matched as far as it goes
        select
            both_sides.*,
            both_sides.whole_count - coalesce(used.used_count, 0) as unit_count,
            count(case when both_sides.side = 'item' then 1 end) over (
                partition by
                    both_sides.seller_id, both_sides.amazon_order_id, both_sides.sku
            ) as same_item_count
        from both_sides
        left join used
            on both_sides.unit_key = used.unit_key

    ),

    candidates as (

        select * from left_over
        where
            unit_count > 0
            and (side = 'item' or sku is null or same_item_count = 0)

    ),

    left_items as (

        select * from candidates
        where side = 'item'

    ),

    left_records as (

        select * from candidates
        where side = 'record'

    ),

    by_order as (

        select
            pairs.*,
            case
                when left_records.sku is null then 'record_without_sku'
                when left_items.sku is null then 'item_without_sku'
                when left_items.fnsku = left_records.fnsku then 'same_fnsku'
                when
                    pairs.item_count = 1 and pairs.record_count = 1
                    and not (left_items.is_order_line and left_records.is_order_line)
                    then 'sku_differs'
            end as match_reason
        from {{ overlapping_units(
            'left_items', 'left_records', ['seller_id', 'amazon_order_id']
        ) }} as pairs
        inner join left_items
            on pairs.item_key = left_items.unit_key
        inner join left_records
            on pairs.record_key = left_records.unit_key

    )

    select
        item_key,
        record_key,
        matched_quantity,
        case
            when is_whole_group and (item_count = 1 or record_count = 1) then 'exact'
            else 'quantity_split'
        end as match_class,
        case
            when is_whole_group and item_count = 1 and record_count = 1 then 'whole'
            when is_whole_group and (item_count = 1 or record_count = 1)
                then 'all_units'
            when item_count = 1 and record_count = 1 then 'part_of_units'
            else 'time_order'
        end as match_reason
    from by_sku

    union all

    select
        item_key,
        record_key,
        matched_quantity,
        'order_only' as match_class,
        match_reason
    from by_order
    where match_reason is not null
)
{%- endmacro %}
