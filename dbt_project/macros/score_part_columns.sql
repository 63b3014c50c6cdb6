{# One part of the score as columns, out of its row among the month's parts. #}
{% macro score_part_columns(part) -%}
    {%- for column, name in [
        ('good_count', 'good_count'), ('case_count', 'case_count'),
        ('part_share', 'share'), ('history_share', 'history_share'),
        ('shrunk_share', 'shrunk_share'),
        ('shrunk_share_low', 'shrunk_share_low'),
        ('shrunk_share_high', 'shrunk_share_high'),
        ('part_score', 'score'), ('part_score_low', 'score_low'),
        ('part_score_high', 'score_high'), ('used_weight_share', 'used_weight_share')
    ] %}
        max({{ column }}) filter (where part_code = '{{ part }}')
            as {{ part }}_{{ name }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
