-- A return lost or doubled between staging and facts is a unit counted wrongly in every
-- rate. Joins to orders, reasons and rules are all many-to-one; this says so.
{{ config(meta={'dagster': {'ref': {'name': 'fct_returns'}}}) }}

with

staged as (

    select
        return_key,
        returned_quantity
    from {{ ref('stg_amazon_sp__mfn_returns') }}

    union all

    select
        return_key,
        returned_quantity
    from {{ ref('stg_amazon_sp__fba_returns') }}

),

staged_totals as (

    select
        count(*) as return_count,
        coalesce(sum(returned_quantity), 0) as returned_quantity
    from staged

),

fact_totals as (

    select
        count(*) as return_count,
        coalesce(sum(returned_quantity), 0) as returned_quantity
    from {{ ref('fct_returns') }}

)

select
    staged_totals.return_count as staged_return_count,
    fact_totals.return_count as fact_return_count
from staged_totals
cross join fact_totals
where
    staged_totals.return_count != fact_totals.return_count
    or staged_totals.returned_quantity != fact_totals.returned_quantity
