-- A measure that the seed does not list drops out of the comparison without a word.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_goods_measures_by_marketplace_month'}}}
) }}

with

counted as (

    select measure_code from {{ ref('kpi_service_measures_by_marketplace_month') }}

    union

    select measure_code from {{ ref('kpi_goods_measures_by_marketplace_month') }}

)

select counted.measure_code
from counted
left join {{ ref('dim_measures') }} as measures
    on counted.measure_code = measures.measure_code
where measures.measure_code is null
