{# A share or rate is 0 to 1, or null where there is nothing to divide by. #}
{% test accepted_share(model, columns) %}

    select {{ columns | join(", ") }}
    from {{ model }}
    where
        {%- for column in columns %}
        {% if not loop.first %}or {% endif %}{{ column }} not between 0 and 1
        {%- endfor %}

{% endtest %}
