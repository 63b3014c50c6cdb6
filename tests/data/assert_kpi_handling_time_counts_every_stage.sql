-- A started stage must be finished, open, ended before it began, unknown or not
-- applicable: one that is none of them would silently leave the percentiles.
{{ config(
    meta={'dagster': {'ref': {'name': 'kpi_handling_time_by_marketplace_month'}}}
) }}

with

mart as (

    select
        seller_id,
        stage_code,
        sum(
            case_count
            + ended_before_start_count
            + unknown_count
            + not_applicable_count
        ) as stage_count
    from {{ ref('kpi_handling_time_by_marketplace_month') }}
    group by seller_id, stage_code

),

facts as (

    select
        seller_id,
        stage_code,
        count(*) as stage_count
    from {{ ref('fct_return_stages') }}
    where is_counted
    group by seller_id, stage_code

)

select
    facts.seller_id,
    facts.stage_code
from facts
left join mart
    on
        facts.seller_id = mart.seller_id
        and facts.stage_code = mart.stage_code
where facts.stage_count != coalesce(mart.stage_count, 0)
