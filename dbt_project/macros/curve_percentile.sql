{# Four columns of one percentile of a survival curve: the first day on which the share of
   finished cases reaches it, the 95 % interval of that day (the curve's upper bound
   reaches it first, the lower one last), and how many cases were at risk there. #}
{% macro curve_percentile(percent) -%}
    {%- set name = 'p' ~ percent -%}
    {%- set share = percent / 100 -%}
    min(elapsed_days) filter (where finished_share >= {{ share }})
        as {{ name }}_days,
    min(elapsed_days) filter (where finished_share_high >= {{ share }})
        as {{ name }}_days_low,
    min(elapsed_days) filter (where finished_share_low >= {{ share }})
        as {{ name }}_days_high,
    max(at_risk_count) filter (where finished_share >= {{ share }})
        as {{ name }}_at_risk_count
{%- endmacro %}
