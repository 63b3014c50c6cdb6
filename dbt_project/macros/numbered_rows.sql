{# Every landed line with its number among equal keys of its file: with `row_key` it
   names one row in all deliveries, as `newest_rows` does. #}
{% macro numbered_rows(relation) -%}
(
    select
        *,
        row_number() over (
            partition by _file_key, row_key
            order by _line_number nulls last
        ) as occurrence_number
    from {{ relation }}
)
{%- endmacro %}
