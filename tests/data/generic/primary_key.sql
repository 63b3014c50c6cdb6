{# A row that cannot be told from another, or has no name, is counted twice or never.
   One test for both faults, for keys of one or several columns. #}
{% test primary_key(model, columns) %}

    select {{ columns | join(", ") }}
    from {{ model }}
    group by {{ columns | join(", ") }}
    having
        count(*) > 1
        {%- for column in columns %} or {{ column }} is null{% endfor %}

{% endtest %}
