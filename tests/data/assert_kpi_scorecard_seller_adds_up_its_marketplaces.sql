-- The seller's score is built from cases added over marketplaces. If they differ, it is
-- an average of averages, or a marketplace is missing from it.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_scorecard_by_seller_month'}}}) }}

with

marketplaces as (

    select
        seller_id,
        month_start_date,
        sum(handling_time_case_count) as handling_cases,
        sum(handling_time_good_count) as handling_good,
        sum(reason_attribution_case_count) as attribution_cases,
        sum(reason_attribution_good_count) as attribution_good,
        sum(refund_speed_case_count) as refund_cases,
        sum(refund_speed_good_count) as refund_good,
        sum(buyer_satisfaction_case_count) as satisfaction_cases,
        sum(buyer_satisfaction_good_count) as satisfaction_good
    from {{ ref('kpi_scorecard_by_marketplace_month') }}
    group by seller_id, month_start_date

)

select
    coalesce(sellers.seller_id, marketplaces.seller_id) as seller_id,
    coalesce(sellers.month_start_date, marketplaces.month_start_date)
        as month_start_date
from {{ ref('kpi_scorecard_by_seller_month') }} as sellers
full outer join marketplaces
    on
        sellers.seller_id = marketplaces.seller_id
        and sellers.month_start_date = marketplaces.month_start_date
where
    sellers.seller_id is null
    or marketplaces.seller_id is null
    or sellers.handling_time_case_count != marketplaces.handling_cases
    or sellers.handling_time_good_count != marketplaces.handling_good
    or sellers.reason_attribution_case_count != marketplaces.attribution_cases
    or sellers.reason_attribution_good_count != marketplaces.attribution_good
    or sellers.refund_speed_case_count != marketplaces.refund_cases
    or sellers.refund_speed_good_count != marketplaces.refund_good
    or sellers.buyer_satisfaction_case_count != marketplaces.satisfaction_cases
    or sellers.buyer_satisfaction_good_count != marketplaces.satisfaction_good
