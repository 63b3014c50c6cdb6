{# 0 at the worst share or below, the curve's target score at its target, 100 at the
   best or above, straight lines in between. Reads the curve's columns in scope. #}
{% macro curve_score(share) -%}
    cast(
        case
            when {{ share }} is null then null
            when {{ share }} <= worst_share then 0
            when {{ share }} <= target_share
                then target_score * cast({{ share }} - worst_share as double)
                    / cast(target_share - worst_share as double)
            when {{ share }} < best_share
                then target_score
                    + (100 - target_score) * cast({{ share }} - target_share as double)
                    / cast(best_share - target_share as double)
            else 100
        end as decimal(5, 2)
    )
{%- endmacro %}
