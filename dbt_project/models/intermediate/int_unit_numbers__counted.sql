{# The numbers from 1 to the most units of one return or refund, without functions that
   only one engine has. #}
{{ config(materialized='view') }}
with

matches as (

    select * from {{ ref('int_return_refund_matches__unioned') }}

),

digits as (

    {% for digit in range(10) %}
        select {{ digit }} as digit
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

most as (

    select greatest(coalesce(max(matched_quantity), 1), 1) as unit_count
    from matches

),

numbers as (

    select
        ones.digit + 10 * tens.digit + 100 * hundreds.digit
        + 1000 * thousands.digit + 10000 * ten_thousands.digit + 1 as unit_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

)

select cast(numbers.unit_number as bigint) as unit_number
from numbers
inner join most
    on numbers.unit_number <= most.unit_count
