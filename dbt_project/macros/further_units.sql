{# Units expected back of those still out: each comes with the chance that it was ever
   to (`rate`), given that it has not by now, when the share `developed`
   of returns has. #}
{% macro further_units(open_units, rate, developed) -%}
    {{ open_units }} * {{ rate }} * (1 - {{ developed }})
    / (1 - {{ rate }} * {{ developed }})
{%- endmacro %}
