-- A unit or a cent that came in and is in no end was dropped on the way, one that is in
-- two was counted twice: the balance would lie and nobody would see it.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_return_balance_by_marketplace_month'}}}
) }}

select
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    currency_code,
    difference_count,
    difference_amount
from {{ ref('kpi_return_balance_by_marketplace_month') }}
where difference_count != 0 or difference_amount != 0
