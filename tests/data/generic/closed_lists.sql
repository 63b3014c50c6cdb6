{# Values of closed lists, by column: a value outside its list is a word no rule knows,
   and every rule that reads it is silently wrong. One test for all columns. #}
{% test closed_lists(model, lists) %}

    {% for column, values in lists.items() %}
    select
        '{{ column }}' as column_name,
        {{ column }} as column_value
    from {{ model }}
    where {{ column }} not in ('{{ values | join("', '") }}')
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

{% endtest %}
