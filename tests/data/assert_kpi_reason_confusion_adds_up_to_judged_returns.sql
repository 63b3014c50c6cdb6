-- The matrix and the share speak of the same returns: a cell that is lost or counted
-- twice shows another accuracy than the one beside it.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_reason_confusion_by_marketplace_month'}}}
) }}

with

matrix as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        sum(return_count) as judged_count
    from {{ ref('kpi_reason_confusion_by_marketplace_month') }}
    group by seller_id, marketplace_code, channel, month_start_date

)

select
    attribution.seller_id,
    attribution.marketplace_code,
    attribution.channel,
    attribution.month_start_date
from {{ ref('kpi_reason_attribution_by_marketplace_month') }} as attribution
left join matrix
    on
        attribution.seller_id = matrix.seller_id
        and attribution.marketplace_code = matrix.marketplace_code
        and attribution.channel = matrix.channel
        and attribution.month_start_date = matrix.month_start_date
where attribution.judged_count != coalesce(matrix.judged_count, 0)
