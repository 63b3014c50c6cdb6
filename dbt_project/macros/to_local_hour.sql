{# The hour of the day, 0 to 23, an instant (UTC) falls in on the clocks of an IANA zone. #}
{% macro to_local_hour(instant, zone) -%}
    {{ return(adapter.dispatch('to_local_hour', 'returns_warehouse')(instant, zone)) }}
{%- endmacro %}

{% macro default__to_local_hour(instant, zone) -%}
    cast(extract(hour from timezone({{ zone }}, timezone('UTC', {{ instant }}))) as bigint)
{%- endmacro %}

{% macro spark__to_local_hour(instant, zone) -%}
    cast(extract(hour from from_utc_timestamp({{ instant }}, {{ zone }})) as bigint)
{%- endmacro %}
