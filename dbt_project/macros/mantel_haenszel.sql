{# The difference of two rates over strata, weighed together as Mantel and Haenszel do.
   Rows are strata: `x1` of `n1` exposed cases and `x0` of `n0` others; each row's weight
   is n1 × n0 / (n1 + n0), so a stratum with one side only weighs nothing. Null without
   any that has both. #}
{% macro mantel_haenszel_difference() -%}
    (sum(x1 * n0 / (n1 + n0)) - sum(x0 * n1 / (n1 + n0)))
    / nullif(sum(n1 * n0 / (n1 + n0)), 0)
{%- endmacro %}

{# Half of its 95 % interval with the variance of Sato (1989), which holds for many thin
   strata as well as for few thick ones. Null where no compared case is bad: that would
   be an interval of no width, the surest of all. #}
{% macro mantel_haenszel_margin() -%}
    case
        when sum(case when n1 * n0 > 0 then x1 + x0 end) > 0
            then 1.959964 * sqrt(greatest(
                {{ mantel_haenszel_difference() }}
                * sum(
                    (n1 * n1 * x0 - n0 * n0 * x1 + n1 * n0 * (n0 - n1) / 2)
                    / ((n1 + n0) * (n1 + n0))
                )
                + sum((x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * (n1 + n0))),
                0
            )) / sum(n1 * n0 / (n1 + n0))
    end
{%- endmacro %}
