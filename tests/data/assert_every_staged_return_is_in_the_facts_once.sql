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

    union all

    -- what only XML or the External Fulfillment API tells of
    select
        items.item_key as return_key,
        coalesce(
            xml_returns.returned_quantity, external_returns.returned_quantity
        ) as returned_quantity
    from {{ ref('int_return_items__matched') }} as items
    left join {{ ref('stg_amazon_sp__xml_returns') }} as xml_returns
        on items.item_key = xml_returns.return_key
    left join {{ ref('stg_amazon_sp__external_returns') }} as external_returns
        on
            items.item_key = external_returns.return_key
            and external_returns.is_newest
    where items.is_return and items.source_code != 'mfn_returns'

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
