{# A word of a tool in the spelling words are compared in: lower case, `_` for blanks and
   hyphens. #}
{% macro word_spelling(column) -%}
    lower(replace(replace(trim({{ column }}), ' ', '_'), '-', '_'))
{%- endmacro %}
