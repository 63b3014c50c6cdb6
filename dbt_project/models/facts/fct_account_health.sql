with

metrics as (

    select * from {{ ref('stg_amazon_sp__seller_performance') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

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
        end as fulfillment_channel,
        -- a metric without a rate is a number of defects
        coalesce(
            metrics.metric_rate, cast(metrics.defect_count as decimal(18, 6))
        ) as metric_value
    from metrics
    left join marketplaces
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
        metric_name,
        fulfillment_channel,
        account_status,
        metric_status,
        upper(target_condition) as target_condition,

        -- measures
        metric_rate,
        target_value,
        defect_count,
        base_count,
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
                seller_id,
                marketplace_code,
                marketplace_id,
                metric_name,
                fulfillment_channel
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
