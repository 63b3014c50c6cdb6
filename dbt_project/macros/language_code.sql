{# A language without its region, in lower case: `en` for `en-US` and `EN_gb`. A region
   says where, not in which language, and helpdesks disagree on it. #}
{% macro language_code(column) -%}
    lower(split_part(replace({{ column }}, '_', '-'), '-', 1))
{%- endmacro %}
