{# Two reports of Amazon: the current one (rates with targets) and the older XML one,
   the only source of return dissatisfaction and contact response time. #}
with

metrics as (

    select
        account_health_key,
        'seller_performance' as report_code,
        seller_id,
        marketplace_id,
        folder_marketplace_code,
        metric_name,
        fulfillment_type,
        cast(null as {{ dbt.type_string() }}) as time_frame_name,
        account_status,
        metric_status,
        target_condition,
        metric_rate,
        target_value,
        defect_count,
        base_count,
        -- a metric without a rate is a number of defects
        coalesce(metric_rate, cast(defect_count as decimal(18, 6))) as metric_value,
        reporting_start_date,
        reporting_end_date,
        cast(null as integer) as frame_days
    from {{ ref('stg_amazon_sp__seller_performance') }}

    union all

    select
        account_health_key,
        'performance_checklists' as report_code,
        seller_id,
        null as marketplace_id,
        folder_marketplace_code,
        metric_name,
        null as fulfillment_type,
        time_frame_name,
        null as account_status,
        metric_status,
        null as target_condition,
        metric_rate,
        null as target_value,
        defect_count,
        null as base_count,
        coalesce(metric_rate, metric_value, cast(defect_count as decimal(18, 6)))
            as metric_value,
        reporting_start_date,
        reporting_end_date,
        -- the same metric over 7, 30 and 90 days is three
        {{ dbt.datediff('reporting_start_date', 'reporting_end_date', 'day') }}
            as frame_days
    from {{ ref('int_account_health__checklists') }}

),

valued as (

    select
        metrics.*,
        coalesce(
            marketplaces.marketplace_code, metrics.folder_marketplace_code, 'unknown'
        ) as marketplace_code,
        case lower(metrics.fulfillment_type)
            when 'mfn' then 'mfn'
            when 'afn' then 'fba'
            else 'all'
        end as fulfillment_channel
    from metrics
    left join {{ ref('marketplaces') }} as marketplaces
        on metrics.marketplace_id = marketplaces.marketplace_id

),

measured as (

    select
        -- keys
        account_health_key,
        seller_id,
        marketplace_code,
        marketplace_id,

        -- attributes
        report_code,
        metric_name,
        fulfillment_channel,
        time_frame_name,
        account_status,
        metric_status,
        upper(target_condition) as target_condition,

        -- measures
        metric_rate,
        cast(metric_value as decimal(18, 6)) as metric_value,
        cast(target_value as decimal(18, 6)) as target_value,
        defect_count,
        cast(base_count as bigint) as base_count,
        cast(
            case upper(target_condition)
                when 'LESS_THAN' then target_value - metric_value
                when 'GREATER_THAN' then metric_value - target_value
                when 'EQUALS' then -abs(metric_value - target_value)
            end as decimal(18, 6)
        ) as distance_to_target,

        -- flags
        row_number() over (
            partition by
                report_code,
                seller_id,
                marketplace_code,
                marketplace_id,
                metric_name,
                fulfillment_channel,
                time_frame_name,
                frame_days
            order by
                reporting_end_date desc nulls last,
                reporting_start_date desc nulls last,
                account_health_key asc nulls last
        ) = 1 as is_latest,

        -- times
        reporting_start_date,
        reporting_end_date

    from valued

)

select * from measured
