{# Amounts and quantities carry their direction in the name, never in the sign. #}
{% test not_negative(model, columns) %}

    select {{ columns | join(", ") }}
    from {{ model }}
    where
        {%- for column in columns %}
        {% if not loop.first %}or {% endif %}{{ column }} < 0
        {%- endfor %}

{% endtest %}
