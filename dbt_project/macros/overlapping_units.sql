{# A subquery: units of two sides laid on a line of unit numbers within the same `keys`,
   in order of priority and time; where the two lines overlap, units match. Both sides
   have the `keys`, `unit_key`, `unit_count`, `priority` and `unit_date`. #}
{% macro overlapping_units(items, records, keys) -%}
(
    {% set sides = {'items': items, 'records': records} %}
    with
    {%- for side, relation in sides.items() %}

    {{ side }} as (

        select
            *,
            sum(unit_count) over (
                partition by {{ keys | join(', ') }}
                order by
                    priority nulls last,
                    unit_date nulls last,
                    unit_key nulls last
                rows between unbounded preceding and current row
            ) as unit_end,
            sum(unit_count) over (
                partition by {{ keys | join(', ') }}
            ) as group_unit_count,
            count(*) over (partition by {{ keys | join(', ') }}) as group_row_count
        from {{ relation }}
        where
            unit_count > 0
            {%- for key in keys %}
            and {{ key }} is not null
            {%- endfor %}

    ){{ ',' if not loop.last }}
    {%- endfor %}

    select
        items.unit_key as item_key,
        records.unit_key as record_key,
        cast(
            least(items.unit_end, records.unit_end)
            - greatest(
                items.unit_end - items.unit_count,
                records.unit_end - records.unit_count
            ) as bigint
        ) as matched_quantity,
        items.group_row_count as item_count,
        records.group_row_count as record_count,
        items.group_unit_count = records.group_unit_count as is_whole_group
    from items
    inner join records
        on
            items.unit_end - items.unit_count < records.unit_end
            and items.unit_end > records.unit_end - records.unit_count
            {%- for key in keys %}
            and items.{{ key }} = records.{{ key }}
            {%- endfor %}
)
{%- endmacro %}
