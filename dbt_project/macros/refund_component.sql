{# What one component of a refund adds up to, with Amazon's sign turned: positive is money
   the seller is out of. For use in a group of settlement lines. #}
{% macro refund_component(component) -%}
    cast(
        -coalesce(sum(case when component = '{{ component }}' then amount end), 0)
        as decimal(18, 2)
    )
{%- endmacro %}
