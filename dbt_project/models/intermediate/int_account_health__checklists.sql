{# The values of Amazon's older account-health report as metrics. The checklist gives
   each metric a status; a block gives rate, status and count of one metric, or values
   that are metrics of their own (hours, shares of contacts). Read once, so a view. #}
{{ config(materialized='view') }}

with

named as (

    select
        *,
        block_name != 'performance_checklist'
        and measure_name in ('rate', 'status', 'count') as is_of_block,
        regexp_replace(block_name, '^.*[.]', '') as element_name,
        replace(measure_text, '%', '') != measure_text as is_percent,
        try_cast(trim(replace(measure_text, '%', '')) as decimal(18, 6))
            as measure_number
    from {{ ref('stg_amazon_sp__performance_checklists') }}

),

valued as (

    select
        *,
        case
            when not is_of_block then measure_name
            when element_name like '%rate' then element_name
            else element_name || '_rate'
        end as metric_name,
        case
            when is_percent then measure_number / 100
            -- a rate above 1 without a percent sign is a number of unknown unit
            when measure_name like '%rate' and measure_number <= 1 then measure_number
        end as metric_rate
    from named

)

select
    {{ surrogate_key([
        "'checklist'", 'seller_id', 'folder_marketplace_code', 'block_name',
        'block_number', 'metric_name', 'time_frame_name', 'reporting_start_date',
        'reporting_end_date'
    ]) }} as account_health_key,
    seller_id,
    folder_marketplace_code,
    metric_name,
    time_frame_name,
    upper(max(case when measure_number is null then measure_text end))
        as metric_status,
    max(cast(metric_rate as decimal(9, 6))) as metric_rate,
    max(
        case
            when measure_name = 'count' then cast(floor(measure_number) as bigint)
        end
    ) as defect_count,
    max(
        case
            when metric_rate is null and measure_name != 'count' then measure_number
        end
    ) as metric_value,
    reporting_start_date,
    reporting_end_date
from valued
group by
    seller_id,
    folder_marketplace_code,
    block_name,
    block_number,
    metric_name,
    time_frame_name,
    reporting_start_date,
    reporting_end_date
