{# The rows of a report as its newest delivery has them. `relation` holds every landed
   line with its `row_key` (what Amazon never restates). Equal keys within one file are
   different rows, told apart by `occurrence_number`; the same occurrence in several
   files is one row, restated: the newest wins, by what the files say and never by the
   order they landed in. `updated` is the row's own time of change, where it has one;
   among deliveries of the same age the one with more of `restated` filled is newer. #}
{% macro newest_rows(relation, restated, updated=none) -%}
(
    select * from (
        select
            numbered.*,
            max(_marketplace_code) over (
                partition by row_key, occurrence_number
            ) as folder_marketplace_code,
            row_number() over (
                partition by row_key, occurrence_number
                order by
                    {% if updated %}{{ updated }} desc nulls last,{% endif %}
                    _as_of desc nulls last,
                    {{ present_count(restated) }} desc nulls last,
                    _file_key desc nulls last
            ) as version_number
        from (
            select
                *,
                row_number() over (
                    partition by _file_key, row_key
                    order by _line_number nulls last
                ) as occurrence_number
            from {{ relation }}
        ) as numbered
    ) as versioned
    where version_number = 1
)
{%- endmacro %}
