{# The keys of a case of a pitfall: whose it is, and which row of which table proves it. #}
{% macro pitfall_case(table, key, pitfall) -%}
    '{{ pitfall }}' as pitfall_code,
        '{{ {
            "waits": "fct_contact_waits", "units": "fct_return_recoveries",
            "returns": "fct_returns", "events": "fct_return_events"
        }[table] }}' as evidence_table_name,
        {{ table }}.{{ key }} as evidence_key,
        {{ table }}.seller_id,
        {{ table }}.marketplace_code,
        {{ table }}.channel,
        {{ table }}.month_start_date,
        {{ table }}.amazon_order_id
{%- endmacro %}
