{# Whether the parcel of a return is known to have been handed over: only then is its
   label charged. A claim is filed on goods that came back. `returns` is the alias. #}
{% macro label_is_used(returns=none) -%}
    {%- set prefix = returns ~ '.' if returns else '' -%}
    ({{ prefix }}received_date is not null or {{ prefix }}safe_t_claim_id is not null)
{%- endmacro %}
