{# Within how many days the given percent of all cases were finished: the duration at
   rank ceil(percent × cases), read off finished cases that are numbered from the
   shortest. Open cases count as longer than any finished one, so the result is null
   where that rank falls among them. Nearest rank, not interpolated: days are whole. #}
{% macro nearest_rank(days, rank, cases, percent) -%}
    cast(max(
        case
            when {{ rank }} = floor(({{ cases }} * {{ percent }} + 99) / 100.0)
                then {{ days }}
        end
    ) as integer)
{%- endmacro %}
