-- Recovery and costs take units and money from the outcomes, the balance its own way. A
-- unit that one of them dropped, or money counted twice, would show here only. Labels
-- are not compared: the balance holds those of other payers too.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_recovery_by_marketplace_month'}}}) }}

with

sides as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        unit_count as balance_count,
        0 as recovery_count,
        0 as sku_count,
        0 as cost_count,
        coalesce(removal_fee_amount, 0) - coalesce(claim_amount, 0) as balance_amount,
        0 as cost_amount
    from {{ ref('kpi_return_balance_by_marketplace_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        0 as balance_count,
        unit_count as recovery_count,
        0 as sku_count,
        0 as cost_count,
        0 as balance_amount,
        0 as cost_amount
    from {{ ref('kpi_recovery_by_marketplace_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        0 as balance_count,
        0 as recovery_count,
        unit_count as sku_count,
        0 as cost_count,
        0 as balance_amount,
        0 as cost_amount
    from {{ ref('kpi_recovery_by_sku_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        0 as balance_count,
        0 as recovery_count,
        0 as sku_count,
        unit_count as cost_count,
        0 as balance_amount,
        coalesce(removal_fee_amount, 0) - coalesce(claim_amount, 0) as cost_amount
    from {{ ref('kpi_return_costs_by_marketplace_month') }}

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        currency_code,
        sum(balance_count) as balance_count,
        sum(recovery_count) as recovery_count,
        sum(sku_count) as sku_count,
        sum(cost_count) as cost_count,
        sum(balance_amount) as balance_amount,
        sum(cost_amount) as cost_amount
    from sides
    group by seller_id, marketplace_code, channel, month_start_date, currency_code

)

select * from summed
where
    balance_count != recovery_count
    or balance_count != sku_count
    or balance_count != cost_count
    or balance_amount != cost_amount
