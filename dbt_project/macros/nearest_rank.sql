{# Within how many days the given percent of all cases were finished: the duration at
   rank ceil(percent × cases). `rank` numbers the finished cases from the shortest and is
   null for open ones; they count as longer than any finished one, so the result is null
   where that rank falls among them. Nearest rank, not interpolated: days are whole. #}
{% macro nearest_rank(days, rank, cases, percent) -%}
    cast(
        max({{ days }}) filter (
            where {{ rank }} = floor(({{ cases }} * {{ percent }} + 99) / 100.0)
        ) as integer
    )
{%- endmacro %}
