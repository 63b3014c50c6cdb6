{# The day an instant (UTC) falls on in an IANA zone; null where either is unknown. #}
{% macro to_local_date(instant, zone) -%}
    {{ return(adapter.dispatch('to_local_date', 'returns_warehouse')(instant, zone)) }}
{%- endmacro %}

{% macro default__to_local_date(instant, zone) -%}
    cast(timezone({{ zone }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{% macro spark__to_local_date(instant, zone) -%}
    cast(from_utc_timestamp({{ instant }}, {{ zone }}) as date)
{%- endmacro %}
