{# A word without what its spellings differ by: `Lost_Warehouse`, `Lost: Warehouse` and
   `LostWarehouse` are one. #}
{% macro bare_word(column) -%}
    {%- set bare = namespace(word="upper(" ~ column ~ ")") -%}
    {%- for mark in ['_', ' ', '-', ':', '/', '.'] -%}
        {%- set bare.word = "replace(" ~ bare.word ~ ", '" ~ mark ~ "', '')" -%}
    {%- endfor -%}
    {{ bare.word }}
{%- endmacro %}
