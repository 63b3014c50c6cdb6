-- A returned unit that two inspections are of, or that is restocked twice, would be two
-- units in the ledger; a note of more units than it states would invent some.
{{ config(meta={'dagster': {'ref': {'name': 'int_warehouse_records__matched'}}}) }}

with

matches as (

    select * from {{ ref('int_warehouse_records__matched') }}

),

returns as (

    select * from {{ ref('int_returns__identified') }}

),

records as (

    select * from {{ ref('int_warehouse_records__identified') }}

),

used_units as (

    select
        matches.return_key as item_key,
        max(returns.returned_quantity) as own_quantity,
        sum(matches.matched_quantity) as matched_quantity
    from matches
    inner join returns
        on matches.return_key = returns.return_key
    group by matches.return_key, matches.lane_code

),

used_records as (

    select
        matches.record_key as item_key,
        max(records.record_quantity) as own_quantity,
        sum(matches.matched_quantity) as matched_quantity
    from matches
    inner join records
        on matches.record_key = records.record_key
    where records.group_type not in ('rma', 'order')
    group by matches.record_key

)

select * from used_units
where matched_quantity > own_quantity

union all

select * from used_records
where matched_quantity > own_quantity
