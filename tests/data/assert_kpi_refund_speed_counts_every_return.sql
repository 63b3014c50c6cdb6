-- A return in no refund class, or in two, makes the on-time share one of nobody knows
-- what: the classes must add up in every row, and the rows to the facts.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_refund_speed_by_marketplace_month'}}}
) }}

with

mart as (

    select * from {{ ref('kpi_refund_speed_by_marketplace_month') }}

),

totals as (

    select sum(return_count) as returns_in_mart
    from mart

),

facts as (

    select count(*) as returns_in_facts
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null

)

select
    seller_id || ' ' || marketplace_code || ' ' || channel as place,
    month_start_date
from mart
where
    return_count
    != no_refund_due_count + unknown_count + refunded_count + open_count
    or due_count
    != coalesce(on_time_count, 0) + coalesce(late_count, 0) + coalesce(missing_count, 0)

union all

select
    'all' as place,
    null as month_start_date
from totals
cross join facts
where coalesce(totals.returns_in_mart, 0) != facts.returns_in_facts
