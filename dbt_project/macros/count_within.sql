{# How many of the rows in `base` fulfil `condition`: null, not 0, where the group has no
   such rows, so that nothing reads as "none" where nobody could look. #}
{% macro count_within(base, condition) -%}
    cast(
        sum(case when {{ base }} then case when {{ condition }} then 1 else 0 end end)
        as bigint
    )
{%- endmacro %}
