{# The month a return began, in the marketplace's days: of the buyer's request, or of the
   arrival where the report knows no request (fba). Marts count a return in this month. #}
{% macro return_month() -%}
    cast({{ dbt.date_trunc('month', 'coalesce(requested_date, received_date)') }} as date)
{%- endmacro %}
