{# How many of these columns are filled: Amazon restates a row by filling in blanks, so
   among deliveries of the same age the fuller one is the later one. #}
{% macro present_count(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("case when " ~ column ~ " is null then 0 else 1 end") -%}
    {%- endfor -%}
    ({{ parts | join(" + ") }})
{%- endmacro %}
