{# One threshold of the relation `parameters`, as a column under its own name. #}
{% macro threshold(code, type) -%}
    max(case
        when parameters.parameter_code = '{{ code }}'
            then cast(parameters.parameter_value as {{ type }})
    end) as {{ code }}
{%- endmacro %}
